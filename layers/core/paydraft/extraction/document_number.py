"""The invoice's number and the buyer's order number: labelled words with a digit in them."""

import re
from dataclasses import dataclass

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, blurred, seen
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.relations import Hit, Labelled, Relation

_VALUE = re.compile(
    r"[\s:.#°º\"'(\-]*(?:(?:nr|no|n|num|number|nummer)\b[\s:.#°º]*)?"
    r"(?P<value>(?:[A-Z]{1,5} )?[A-Za-z0-9](?:[\w./\-]{0,38}[A-Za-z0-9])?)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})*[.,]\d{2}")
# UN/CEFACT 1001 codes of the document's type, printed by some between label and number.
_TYPE_CODES = frozenset("380 381 384 389 326 875 876 877 204 387".split())
_TYPE_CODE = re.compile(r"\s*\((?:380|381|384|389|326|875|876|877|204|387)\)\s*(?:nr\.?|no\.?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A number behind a label."""

    text: str
    span: Span
    confidence: float


def number_candidates(labelled: Labelled) -> list[Candidate]:
    """Invoice number and purchase order, at most one each; equally good numbers that differ leave it open."""
    strong = _read(labelled, Label.NUMBER)
    found = [_pick("number", strong or _read(labelled, Label.NUMBER_WEAK))]
    found.append(_pick("purchase_order", _read(labelled, Label.PURCHASE_ORDER)))
    return [one for one in found if one is not None]


def _read(labelled: Labelled, label: Label) -> list[_Read]:
    return [read for hit in labelled.of(label) if (read := _value_of(labelled, hit))]


def _value_of(labelled: Labelled, hit: Hit) -> _Read | None:
    weak = hit.label is Label.NUMBER_WEAK
    for relation, span in labelled.regions(hit):
        if relation is Relation.BELOW and weak and not _stands_alone(labelled, hit, span):
            continue
        value = _number_in(span)
        if value is None:
            continue
        confidence = sure.WEAKLY_LABELLED if weak else sure.LABELLED
        if relation is Relation.BELOW:
            confidence *= sure.LABELLED_BELOW / sure.LABELLED
        return _Read(value.text, value, confidence)
    return None


def _stands_alone(labelled: Labelled, hit: Hit, below: Span) -> bool:
    """Whether a weak label is a cell of a row of heads, and what is below it is one word with four digits."""
    beside = labelled.layout.rows[hit.span.segment.row].segments
    cell = hit.first and hit.behind is None and len(beside) > 1
    return cell and " " not in below.text.strip() and sum(char.isdigit() for char in below.text) >= 4


def _number_in(span: Span) -> Span | None:
    """The number at the start of a span: a word with a digit that is neither a date nor an amount."""
    code = _TYPE_CODE.match(span.text)
    start = code.end() if code else 0
    match = _VALUE.match(span.text[start : start + 80])
    if match is None:
        return None
    value = match["value"]
    if " " in value and not value.split(" ")[1][:1].isdigit():  # a word and something else, not a prefix and a number
        value = value.split(" ")[0]
    if not any(char.isdigit() for char in value) or value in _TYPE_CODES or len(value) < 2:
        return None
    if _DATE.fullmatch(value) or _MONEY.fullmatch(value):
        return None
    at = start + match.start("value")
    if re.match(r"[.,]\d", span.text[at + len(value) :]):  # the beginning of an amount
        return None
    return span.within(at, at + len(value))


def _pick(field: str, reads: list[_Read]) -> Candidate | None:
    if not reads:
        return None
    best = max(reads, key=lambda read: read.confidence)
    rivals = {read.text: read for read in reads if read.confidence == best.confidence and read.text != best.text}
    others = tuple(alternative(read.text, read.span, read.confidence / 2) for read in rivals.values())
    confidence = sure.CONFLICTING if rivals or blurred(best.span, best.text) else best.confidence
    return seen(field, best.text, best.span, confidence, alternatives=others)
