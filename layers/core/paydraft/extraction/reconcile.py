"""One value a field from the candidates of all sources. Agreement makes certain; a conflict on money is never decided.

Sources are independent kinds (candidates.py, `kind_of`): the e-invoice, the QR code, the page, what is known from
elsewhere. For IBAN, currency and the amount to pay a disagreement between kinds leaves the field empty, keeps all
readings as alternatives and is a finding (conflicts.py). Fields then vouch for each other (constraints.py), and what
is not sure enough stays empty.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from paydraft.extraction.calibration import AGREED, LEAST_SCORE, Scale, kind_of_floor
from paydraft.extraction.candidates import Candidate, Value, as_alternative, kind_of, says_the_same, shown
from paydraft.extraction.conflicts import (
    Printed,
    conflict_finding,
    conflicts,
    doubted,
    doubtful_iban,
    is_foreign,
    without_e_invoice,
)
from paydraft.extraction.constraints import Pick, constrained
from paydraft.model.evidence import Alternative, Evidence, Finding
from paydraft.model.hint import HintKind

_HINTS = frozenset(kind.value for kind in HintKind)
# The share of right values among what hints propose. Counted for remembered places on invoices of one layout
# (tests/benchmarks/memory.py): numbers 0.88, references 0.84, dates 0.96. Less, since a layout changes without notice.
_HINTED = 0.6
_PAYEE = "iban"  # between two accounts no hint decides: that would be who is paid


@dataclass(frozen=True, slots=True)
class Picked:
    """The outcome for one document."""

    values: dict[str, Value]
    evidence: dict[str, Evidence]
    findings: tuple[Finding, ...]


def reconcile(
    candidates: Iterable[Candidate],
    printed: Printed,
    calibration: Scale,
    *,
    least: Mapping[str, float] = MappingProxyType({}),
    least_of_all: float = 0.0,
) -> Picked:
    """The value of each field and its evidence; without a value there are only alternatives.

    `least` are confidences that a tenant asks for, `least_of_all` one for every single value, beyond the floors of the
    calibration.
    """
    fields: dict[str, list[Candidate]] = {}
    for one in candidates:
        fields.setdefault(one.field, []).append(one)
    read = {name: [one for one in found if one.hint is None] for name, found in fields.items()}
    open_ = said = conflicts(read, printed)
    if is_foreign(read, printed):  # then it is no evidence for this page; that it is there is said all the same
        open_ = conflicts({name: without_e_invoice(found) for name, found in read.items()}, printed)
        fields = {name: [doubted(one) for one in found] for name, found in fields.items()}
    picks = {name: pick for name, found in fields.items() if (pick := _pick(found, calibration)) is not None}
    picks, findings = constrained(picks)
    values: dict[str, Value] = {}
    evidence: dict[str, Evidence] = {}
    for name, pick in picks.items():
        asked = max(calibration.floor(name), least.get(name, 0.0), least_of_all if kind_of_floor(name) else 0.0)
        if pick.best.value is None or name in open_ or pick.share < asked:
            evidence.update(_unsettled(pick))
        else:
            values[name] = pick.best.value
            evidence[name] = _evidence(pick.best, pick.share, pick.checks, pick.others)
            evidence.update({part.field: _evidence(part, part.confidence, part.checks, ()) for part in pick.best.parts})
    conflicting = (conflict_finding(name) for name in sorted(said | open_ | doubtful_iban(read)))
    return Picked(values, evidence, (*conflicting, *findings))


def _pick(found: list[Candidate], calibration: Scale) -> Pick | None:
    """The surest candidate with all that agree; None if there is none and nothing to offer.

    A hint comes after whatever the document itself decides on, however sure.
    """
    ranked = sorted(
        (one for one in found if one.value is not None),
        key=lambda one: (one.hint is not None or one.confidence < LEAST_SCORE, -one.confidence),
    )
    if not ranked:
        readings = tuple(reading for one in found for reading in one.alternatives)
        return Pick(found[0], 0.0, (), readings) if readings else None
    best = ranked[0]
    agreeing = [one for one in ranked[1:] if kind_of(one) != kind_of(best) and says_the_same(one, best)]
    differing = [
        as_alternative(one) for one in ranked[1:] if not (isinstance(one.value, tuple) or says_the_same(one, best))
    ]
    others = (*best.alternatives, *differing, *(other for one in agreeing for other in one.alternatives))
    checks = (*best.checks, *(f"agrees:{one.hint or one.source}" for one in agreeing))
    if best.hint is not None:  # the page left it open, and what it could also mean stays on offer
        others = (*others, *_open_readings(best, found))
        checks = (*checks, f"agrees:{best.hint}")
    shown_at = best if best.area is not None else next((one for one in agreeing if one.area is not None), best)
    share = _together([best, *agreeing], _named_elsewhere(best, found), calibration)
    return Pick(replace(best, area=shown_at.area), share, checks, others)


def _open_readings(best: Candidate, found: list[Candidate]) -> Iterator[Alternative]:
    undecided = (one for one in found if one.value is None)
    return (other for one in undecided for other in one.alternatives if other.value != shown(best.value))


def _share(one: Candidate, calibration: Scale) -> float:
    if one.hint is not None:
        return min(_HINTED, one.confidence)
    return calibration.share(one.field, one.source, one.confidence, one.legible)


def _together(agreeing: list[Candidate], also_named: float, calibration: Scale) -> float:
    """The share that is right among values that all of these state: kinds of sources err independently.

    What a hint alone proposes is never sure enough, unless the page names it among the readings it can't decide on.
    """
    shares: dict[str, float] = {}
    for one in agreeing:
        shares[kind_of(one)] = max(_share(one, calibration), shares.get(kind_of(one), 0.0))
    if len(shares) == 1:
        kind, share = next(iter(shares.items()))
        if kind not in _HINTS:
            return share
        return 1 - (1 - share) * (1 - also_named) if also_named else min(share, LEAST_SCORE - 0.01)
    return min(AGREED, 1 - math.prod(1 - share for share in shares.values()))


def _named_elsewhere(best: Candidate, found: list[Candidate]) -> float:
    """LEAST_SCORE if a source that is no hint has this value among the readings it can't decide on."""
    if best.field == _PAYEE:
        return 0.0
    undecided = (one for one in found if one.hint is None and (one.value is None or one.confidence < LEAST_SCORE))
    readings = {other.value for one in undecided for other in one.alternatives}
    return LEAST_SCORE if best.hint is not None and shown(best.value) in readings else 0.0


def _unsettled(pick: Pick) -> dict[str, Evidence]:
    """What is offered for a field that stays empty."""
    best = pick.best
    offered = pick.others if best.value is None else (as_alternative(best), *pick.others)
    return {best.field: _evidence(best, 0.0, (), offered)}


def _evidence(one: Candidate, confidence: float, checks: tuple[str, ...], others: Iterable[Alternative]) -> Evidence:
    unique = {(other.value, other.source): other for other in others}
    return Evidence(
        source=one.source,
        raw=one.raw,
        confidence=round(confidence, 3),
        area=one.area,
        checks=tuple(dict.fromkeys(checks)),
        alternatives=tuple(unique.values()),
    )
