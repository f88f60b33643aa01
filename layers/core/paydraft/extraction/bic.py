"""The BIC beside the account: labelled or next to the IBAN, and never replaced by a guess."""

import re
from collections.abc import Iterator

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, blurred, left_open, seen
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.relations import Hit, Labelled
from paydraft.model.bank_account import IBAN_LENGTHS, Bic, Iban
from paydraft.model.page import Source

_BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])")
# Directly behind an IBAN, with nothing but a mark between: "DE12 … (GENODEF1ABC)", "FR76 … - CRREFRP1778".
_BEHIND_IBAN = re.compile(r"[\s,;:/|·•()\-–—]*(?P<bic>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Za-z0-9])")
_ALONE = re.compile(r"[\s(]*(?P<bic>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)[\s)]*$")
# Territories whose banks use another country's code in the BIC.
_BIC_COUNTRIES = {"GB": {"GB", "GG", "JE", "IM"}, "FR": {"FR", "MC", "GP", "MQ", "RE", "PF", "NC"}, "MC": {"MC", "FR"}}
_WITHOUT_IBANS = frozenset("US CA AU NZ JP SG HK IN CN ZA MX TH MY ID KR TW PH VN".split())
_BRANCH = 8  # where a BIC's branch code begins: letters and digits without a rule
_NEAR_ROWS = 2


def bic_candidate(
    labelled: Labelled, iban: Iban | None, beside: Span | None, debtors: frozenset[int]
) -> Candidate | None:
    """The labelled BIC whose country agrees with the IBAN's; of several the one next to the IBAN.

    Without a label a BIC must stand at the IBAN itself. `debtors` are the rows of the debtor's account.
    """
    read: dict[str, tuple[Bic, Span]] = {}
    for hit in labelled.of(Label.BIC):
        one = _behind(labelled, hit, iban)
        if one is not None and one[1].segment.row not in debtors:
            read.setdefault(one[0].removesuffix("XXX"), one)
    confidence = sure.LABELLED
    if not read and iban is not None and beside is not None:
        read = {bic: (bic, span) for bic, span in _unlabelled(labelled, iban, beside)}
        confidence = sure.WEAKLY_LABELLED
    if beside is not None and len(read) > 1:
        read = _nearest(read, beside)
    if not read:
        return None
    bic, where = next(iter(read.values()))
    if len(read) > 1 or _blurred(bic, where):
        return left_open("bic", list(read.values()))
    return seen("bic", bic, where, confidence, checks=("country_of_iban",) if iban else ())


def _behind(labelled: Labelled, hit: Hit, iban: Iban | None) -> tuple[Bic, Span] | None:
    for span in (*(span for _, span in labelled.regions(hit)), *_wrapped(labelled, hit)):
        one = _first_bic(span)
        if one is not None:
            return one if _fits(one[0], iban) else None
    return None


def _wrapped(labelled: Labelled, hit: Hit) -> Iterator[Span]:
    """The beginning of the next line, where the label ends its line."""
    segment, rows = hit.span.segment, labelled.layout.rows
    if hit.behind is None and labelled.layout.right_of(segment) is None and segment.row + 1 < len(rows):
        below = rows[segment.row + 1]
        if below.sheet is segment.sheet:
            yield below.segments[0].span()


def _fits(bic: Bic, iban: Iban | None) -> bool:
    return iban is None or bic.country in _BIC_COUNTRIES.get(iban.country, {iban.country})


def _first_bic(span: Span) -> tuple[Bic, Span] | None:
    for match in _BIC.finditer(span.text[:60]):
        bic = Bic.parse(match.group())
        if bic and bic.country in IBAN_LENGTHS.keys() | _WITHOUT_IBANS:
            return bic, span.within(match.start(), match.end())
    return None


def _unlabelled(labelled: Labelled, iban: Iban, beside: Span) -> Iterator[tuple[Bic, Span]]:
    """A word of a BIC's form directly behind the IBAN, or alone right of it or below it."""
    segment = beside.segment
    rest = segment.span(min(beside.end, len(segment.text)))
    right = labelled.layout.right_of(segment)
    alone: list[Segment] = [right] if right is not None else []
    alone += [span.segment for span in labelled.layout.below(beside, reach=1.5)]
    places = [(_BEHIND_IBAN, rest), *((_ALONE, one.span()) for one in alone)]
    for form, span in places:
        match = form.match(span.text[:60])
        bic = Bic.parse(match["bic"]) if match else None
        if match and bic and _fits(bic, iban):
            yield bic, span.within(match.start("bic"), match.end("bic"))
            return


def _nearest(read: dict[str, tuple[Bic, Span]], beside: Span) -> dict[str, tuple[Bic, Span]]:
    """Those in the account's rows; of them the one in its column."""
    near = [one for one in read.values() if abs(one[1].segment.row - beside.segment.row) <= _NEAR_ROWS]
    column = [one for one in near if one[1].box.x0 < beside.box.x1 and one[1].box.x1 > beside.box.x0]
    same = [one for one in near if one[1].segment is beside.segment]
    for some in (near, same, column):
        if len(some) == 1:
            return {some[0][0]: some[0]}
    return read


def _blurred(bic: Bic, where: Span) -> bool:
    """Whether pixels may have made 0 of O, 1 of I, or another branch of XXX where a BIC may have either."""
    branch = bic[_BRANCH:]
    doubtful = re.search(r"[01](?=[A-Z])", branch) is not None or ("X" in branch and branch != "XXX")
    return blurred(where, bic[6:]) or (where.segment.source is Source.OCR and doubtful)
