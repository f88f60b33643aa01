"""The document's currency: what stands beside the total, else what its amounts and codes agree on."""

from collections import Counter

from paydraft.extraction import candidates as sure
from paydraft.extraction.amounts import Amount
from paydraft.extraction.candidates import Candidate, alternative, seen
from paydraft.extraction.currencies import codes_in, currency_for
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.relations import Labelled
from paydraft.model.money import CURRENCIES

_CODE_WEIGHT = 4  # an ISO code beside an amount, in symbols
_LONE_CODE_WEIGHT = 1


def currency_candidate(
    labelled: Labelled, amounts: list[Amount], totals: list[Candidate], languages: frozenset[str]
) -> Candidate | None:
    """One currency, or none where the page names two that are equally frequent."""
    declared = _declared(labelled)
    if declared is not None:
        return declared
    text = labelled.layout.text
    votes: Counter[str] = Counter()
    where: dict[str, Span] = {}
    at_totals: set[str] = set()
    total_areas = {(one.area.page, one.area.y0) for one in totals if one.area and one.field in ("total", "amount_due")}
    for amount in amounts:
        if amount.mark is None:
            continue
        code = amount.mark.code or currency_for(amount.mark.symbol or "", text, languages)
        if code is None:
            continue
        votes[code] += 1 if amount.mark.symbol else _CODE_WEIGHT
        where.setdefault(code, amount.span)
        area = amount.span.area
        if (area.page, area.y0) in total_areas:
            at_totals.add(code)
    if not votes:
        return _lone_code(labelled, text)
    for code, count in codes_in(text).items():
        if code in votes:
            votes[code] += count * _LONE_CODE_WEIGHT
    ranked = [code for code, _ in votes.most_common()]
    best = at_totals.pop() if len(at_totals) == 1 else ranked[0]
    rivals = [code for code in ranked if code != best and votes[code] * 2 > votes[best]]
    others = tuple(alternative(code, where[code], sure.CONFLICTING) for code in rivals)
    return seen("currency", best, where[best], sure.CONFLICTING if rivals else 0.95, alternatives=others)


def _declared(labelled: Labelled) -> Candidate | None:
    """A code behind "currency": "Rechnungswährung: EUR"."""
    for hit in labelled.of(Label.CURRENCY):
        for _, span in labelled.regions(hit):
            code = span.text.strip(" :.()")[:3]
            if code in CURRENCIES and not span.text.strip(" :.()")[3:4].isalpha():
                return seen("currency", code, span, sure.CHECKED)
    return None


def _lone_code(labelled: Labelled, text: str) -> Candidate | None:
    """The only ISO code of a page whose amounts carry no mark, such as a column head."""
    codes = codes_in(text)
    if len(codes) != 1:
        return None
    code = next(iter(codes))
    segment = next(segment for segment in labelled.layout.segments if code in segment.text)
    start = segment.text.index(code)
    return seen("currency", code, segment.span(start, start + 3), sure.WEAKLY_LABELLED)
