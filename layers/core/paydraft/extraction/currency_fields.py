"""The document's currency: what stands beside the total, else what its amounts and codes agree on."""

from paydraft.extraction import candidates as sure
from paydraft.extraction.amounts import Amount
from paydraft.extraction.candidates import Candidate, alternative, seen
from paydraft.extraction.currencies import codes_in, currency_for, meanings_of
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.relations import Labelled
from paydraft.model.money import CURRENCIES
from paydraft.model.page import Source

_SURE = 0.95
_BESIDE = 4.0  # the weight of an ISO code beside an amount
_ANYWHERE = 1.0  # ... of one anywhere on the page
_SYMBOL = 1.0
_SYMBOL_IN_PIXELS = 0.5  # ... a shared one: OCR sees dollars where there are none


def currency_candidate(
    labelled: Labelled, amounts: list[Amount], totals: list[Candidate], languages: tuple[str, ...]
) -> Candidate | None:
    """One currency; none where the page names two that weigh the same, or where its symbol can mean several."""
    declared = _declared(labelled)
    if declared is not None:
        return declared
    text = labelled.layout.text
    marked = [amount for amount in amounts if amount.mark is not None]
    if not marked:
        return _lone_code(labelled, text)
    settled = {symbol: currency_for(symbol, text, languages) for symbol in {_shared(one) for one in marked} if symbol}
    votes: dict[str, float] = {}
    where: dict[str, Span] = {}
    for amount in marked:
        code = _code_of(amount, settled)
        if code is not None:
            votes[code] = votes.get(code, 0.0) + _weight(amount)
            where.setdefault(code, amount.span)
    if not votes:
        return _lone_code(labelled, text) or _unsettled(marked[0])
    for code, count in codes_in(text).items():
        votes[code] = votes.get(code, 0.0) + count * _ANYWHERE
        where.setdefault(code, _spot(labelled, code))
    return _picked(votes, where, _at_totals(marked, totals, settled))


def _picked(votes: dict[str, float], where: dict[str, Span], at_totals: set[str]) -> Candidate:
    ranked = sorted(votes, key=lambda code: (-votes[code], code))
    best = next(iter(at_totals)) if len(at_totals) == 1 else ranked[0]
    rivals = [code for code in ranked if code != best and votes[code] * 2 > votes[best]]
    others = tuple(alternative(code, where[code], sure.CONFLICTING) for code in rivals)
    confidence = sure.CONFLICTING if rivals else _SURE if votes[best] > _SYMBOL_IN_PIXELS else sure.WEAKLY_LABELLED
    return seen("currency", best, where[best], confidence, alternatives=others)


def _shared(amount: Amount) -> str | None:
    mark = amount.mark
    return mark.symbol if mark is not None and mark.code is None else None


def _code_of(amount: Amount, settled: dict[str, str | None]) -> str | None:
    shared = _shared(amount)
    return settled[shared] if shared else amount.mark.code if amount.mark else None


def _weight(amount: Amount) -> float:
    if amount.mark is None or amount.mark.symbol is None:
        return _BESIDE
    return _SYMBOL_IN_PIXELS if _shared(amount) and amount.span.segment.source is Source.OCR else _SYMBOL


def _at_totals(marked: list[Amount], totals: list[Candidate], settled: dict[str, str | None]) -> set[str]:
    """The currencies beside the total and the amount due; a symbol that OCR saw is not enough."""
    rows = {(one.area.page, one.area.y0) for one in totals if one.area and one.field in ("total", "amount_due")}
    beside = [one for one in marked if _weight(one) > _SYMBOL_IN_PIXELS]
    codes = {_code_of(one, settled) for one in beside if (one.span.area.page, one.span.area.y0) in rows}
    return {code for code in codes if code is not None}


def _unsettled(amount: Amount) -> Candidate:
    """A symbol that several countries share, and nothing says which."""
    codes = meanings_of(_shared(amount) or "$")[:8]
    others = tuple(alternative(code, amount.span, sure.CONFLICTING) for code in codes)
    return seen("currency", None, amount.span, sure.CONFLICTING, alternatives=others)


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
    return seen("currency", code, _spot(labelled, code), sure.WEAKLY_LABELLED)


def _spot(labelled: Labelled, code: str) -> Span:
    """Where a code is printed first."""
    segment = next(segment for segment in labelled.layout.segments if code in segment.text)
    start = segment.text.index(code)
    return segment.span(start, start + len(code))
