"""One value a field from the candidates of all sources. Agreement makes certain; a conflict on money is never decided.

Sources are independent kinds: the e-invoice, the QR code, the page (text layer or pixels). For IBAN, currency and the
amount to pay a disagreement between kinds leaves the field empty, keeps all readings as alternatives and is a finding.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from paydraft.extraction.calibration import AGREED, Scale
from paydraft.extraction.candidates import CONFLICTING, FLOOR, LABELLED, Candidate, Value, as_alternative, shown
from paydraft.extraction.folding import folded
from paydraft.model.bank_account import Iban
from paydraft.model.evidence import Alternative, Evidence, Finding, Severity
from paydraft.model.page import Source

_KIND = {Source.TEXT: "page", Source.OCR: "page", Source.DERIVED: "page"}
_TEXTS_COMPARED_BY_LETTERS = ("seller.name", "buyer.name", "number", "purchase_order", "seller.tax_number")
_AMOUNTS_TO_PAY = ("amount_due", "total")


@dataclass(frozen=True, slots=True)
class Printed:
    """What the page prints beside the values it was read for: every creditor's IBAN and every amount."""

    ibans: frozenset[Iban]
    amounts: frozenset[Decimal]


@dataclass(frozen=True, slots=True)
class Picked:
    """The outcome for one document."""

    values: dict[str, Value]
    evidence: dict[str, Evidence]
    findings: tuple[Finding, ...]


def reconcile(candidates: Iterable[Candidate], printed: Printed, calibration: Scale) -> Picked:
    """The value of each field and its evidence; without a value there are only alternatives."""
    fields: dict[str, list[Candidate]] = {}
    for one in candidates:
        fields.setdefault(one.field, []).append(one)
    conflicts = _conflicts(fields, printed)
    if _is_foreign(fields, printed):
        fields = {name: [_doubted(one) for one in found] for name, found in fields.items()}
    values: dict[str, Value] = {}
    evidence: dict[str, Evidence] = {}
    for name, found in fields.items():
        best, proof = _resolve(found, calibration, open_=name in conflicts)
        if proof is not None:
            evidence[name] = proof
        if best is not None:
            values[name] = best
            evidence.update(_evidence_of_parts(found, best))
    findings = tuple(_conflict_finding(name) for name in sorted(conflicts | _doubtful_iban(fields)))
    return Picked(values, evidence, findings)


def _evidence_of_parts(found: list[Candidate], value: Value) -> dict[str, Evidence]:
    """Where each part of a list stands, by its own path ("line_items.0.net")."""
    parts = next((one.parts for one in found if one.value is value), ())
    return {part.field: _evidence(part, part.confidence, part.checks, ()) for part in parts}


def kind_of(source: Source) -> str:
    """The independent kind a source belongs to."""
    return _KIND.get(source, source.value)


def _resolve(found: list[Candidate], calibration: Scale, *, open_: bool) -> tuple[Value | None, Evidence | None]:
    field = found[0].field
    with_value = [one for one in found if one.value is not None]
    ranked = sorted(with_value, key=lambda one: -one.confidence)
    if not ranked:
        readings = [reading for one in found for reading in one.alternatives]
        return None, _evidence(found[0], 0.0, (), readings) if readings else None
    best = ranked[0]
    agreeing = [one for one in ranked[1:] if kind_of(one.source) != kind_of(best.source) and _same(one, best)]
    differing = [as_alternative(one) for one in ranked[1:] if not (isinstance(one.value, tuple) or _same(one, best))]
    others = [*best.alternatives, *differing, *(other for one in agreeing for other in one.alternatives)]
    confidence = _together([best, *agreeing], calibration)
    checks = (*best.checks, *(f"agrees:{one.source.value}" for one in agreeing))
    shown_at = best if best.area is not None else next((one for one in agreeing if one.area is not None), best)
    if open_ or confidence < calibration.floor(field):
        return None, _evidence(best, 0.0, (), [as_alternative(best), *others])
    return best.value, _evidence(replace(best, area=shown_at.area), confidence, checks, others)


def _together(agreeing: list[Candidate], calibration: Scale) -> float:
    """The share that is right among values that all of these state: kinds of sources err independently."""
    shares: dict[str, float] = {}
    for one in agreeing:
        share = calibration.share(one.field, one.source, one.confidence, one.legible)
        shares[kind_of(one.source)] = max(share, shares.get(kind_of(one.source), 0.0))
    if len(shares) == 1:
        return next(iter(shares.values()))
    return min(AGREED, 1 - math.prod(1 - share for share in shares.values()))


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


def _same(one: Candidate, other: Candidate) -> bool:
    left, right = one.value, other.value
    if one.field == "bic":
        return str(left).removesuffix("XXX") == str(right).removesuffix("XXX")
    if one.field in _TEXTS_COMPARED_BY_LETTERS:
        return folded(str(left)) == folded(str(right))
    if one.field.endswith(".address"):
        return folded(shown(left)) == folded(shown(right))
    return left == right


def _is_foreign(fields: dict[str, list[Candidate]], printed: Printed) -> bool:
    """Whether the e-invoice describes another invoice than the page: neither number, account nor amount agree."""
    agrees = differs = 0
    for name in ("number", "iban", "total"):
        stated = [one for one in fields.get(name, []) if one.source is Source.XML and one.value is not None]
        page = [one for one in fields.get(name, []) if kind_of(one.source) == "page" and one.value is not None]
        also: frozenset[object] = frozenset(
            printed.ibans if name == "iban" else printed.amounts if name == "total" else ()
        )
        if stated and (page or also):
            agree = any(one.value in also or any(_same(one, other) for other in page) for one in stated)
            agrees, differs = agrees + agree, differs + (not agree)
    return not agrees and differs >= 2


def _doubted(one: Candidate) -> Candidate:
    return replace(one, confidence=min(one.confidence, CONFLICTING)) if one.source is Source.XML else one


def _conflicts(fields: dict[str, list[Candidate]], printed: Printed) -> frozenset[str]:
    """The payment fields whose sources state different things."""
    names: set[str] = set()
    if _ibans_conflict(fields.get("iban", []), printed):
        names.add("iban")
    if _amounts_conflict(fields, printed):
        names.update(_AMOUNTS_TO_PAY)
    currencies = {one.value for one in fields.get("currency", []) if one.confidence >= LABELLED}
    if len(currencies) > 1:
        names.add("currency")
    return frozenset(names)


def _ibans_conflict(found: list[Candidate], printed: Printed) -> bool:
    """Whether e-invoice and QR name different accounts, or one that is not among those the page prints."""
    stated: dict[str, set[object]] = {}
    for one in found:
        if one.value is not None and kind_of(one.source) != "page":
            stated.setdefault(kind_of(one.source), set()).add(one.value)
    by_page = [values for values in stated.values() if printed.ibans and not values & printed.ibans]
    between = len(stated) > 1 and not set.intersection(*stated.values())
    return bool(by_page) or between


def _doubtful_iban(fields: dict[str, list[Candidate]]) -> frozenset[str]:
    """An account that fails its check where another source has a valid, different one: kept, but a conflict."""
    found = fields.get("iban", [])
    broken = [one for one in found if one.value is None and one.raw]
    valid = [one for one in found if one.value is not None]
    return frozenset({"iban"}) if broken and valid else frozenset()


def _amounts_conflict(fields: dict[str, list[Candidate]], printed: Printed) -> bool:
    """Whether two kinds want different amounts to be paid."""
    kinds: dict[str, dict[str, Candidate]] = {}
    for name in _AMOUNTS_TO_PAY:
        for one in fields.get(name, []):
            if one.value is not None and one.confidence >= (FLOOR if kind_of(one.source) == "page" else LABELLED):
                kinds.setdefault(kind_of(one.source), {}).setdefault(name, one)
    page = kinds.pop("page", {})
    stated = list(kinds.values())
    between = len(stated) == 2 and bool(_differing(stated[0], stated[1]))
    return between or any(_contradicts(one, page, printed) for one in stated)


def _contradicts(stated: dict[str, Candidate], page: dict[str, Candidate], printed: Printed) -> bool:
    """Whether the page says otherwise. A stated amount that it prints, beside an unsure pick, is a misread page."""
    return any(
        one.value not in printed.amounts or other.confidence >= LABELLED for one, other in _differing(stated, page)
    )


def _differing(one: dict[str, Candidate], other: dict[str, Candidate]) -> list[tuple[Candidate, Candidate]]:
    """The amounts two kinds disagree on: field by field, or any with any where they name no field in common."""
    common = [name for name in one if name in other]
    if common:
        return [(one[name], other[name]) for name in common if one[name].value != other[name].value]
    pairs = [(mine, theirs) for mine in one.values() for theirs in other.values()]
    return [] if any(mine.value == theirs.value for mine, theirs in pairs) else pairs


def _conflict_finding(name: str) -> Finding:
    return Finding(
        code="payment_data_conflict",
        severity=Severity.ERROR,
        message="What this document says about the payment is contradictory. Compare it with the data on file.",
        field=name,
    )
