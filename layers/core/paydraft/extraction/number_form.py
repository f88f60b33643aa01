"""What a document's number looks like, and what looks like one but is a date, an amount, a tax number or a term."""

import re

from paydraft.extraction.layout import Span
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.model.bank_account import Iban

_NAMES = r"(?:nr|no|n|num|number|nummer|numero|número|numéro|č|c|št|st|br|sz)\b[\s:.#°º]*"
# "č." is read from pixels as "€.", a frame as a bar.
_LEAD = rf"[\s:.#°º\"'(\-–|‚]*(?:[€£¢]\.[\s.]*|{_NAMES})?"
_WORD = r"[^\W_](?:[\w./\-]{0,38}[^\W_])?"
_VALUE = re.compile(rf"(?i:{_LEAD})(?P<value>(?:[A-Z]{{1,5}} (?=[A-Z]{{0,4}}[/\-]?\d))?{_WORD})")
_GROUPS = re.compile(rf"(?i:{_LEAD})(?P<value>\d{{2,5}}(?: \d{{2,5}}){{1,4}})\s*$")
_DATE = re.compile(r"(?:\d{1,2}|\d{4})([./-])\d{1,2}\1\d{2,4}")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})*[.,]\d{2}")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|re|e|º|ª)", re.IGNORECASE)
# UN/CEFACT 1001 codes of the document's type, printed by some between label and number.
_TYPE_CODES = frozenset("380 381 384 389 326 875 876 877 204 387".split())
_TYPE_CODE = re.compile(r"\s*\((?:380|381|384|389|326|875|876|877|204|387)\)\s*(?:nr\.?|no\.?)?", re.IGNORECASE)
# Behind a number that stands for itself: nothing, a mark, or "of" and a date.
_END = re.compile(
    r"\s*(?:$|[,;|()\[\]/–—·•]|\d{1,2}[./-]\d)|\s+[^\W\d]{1,6}\.?\s+(?:the\s+)?\d{1,2}(?:[./-]|\s|$)|\s{2,}"
)
# What numbers begin with in many languages; behind it O is a zero.
_PREFIXED = re.compile(r"(?P<prefix>(?:INV|RE|RG|RN|FA|FAC|FV|FT|CN|GS|SO|PO)[-/]?)(?P<zeros>O+)(?=\d)")


def number_in(span: Span) -> Span | None:
    """The number at the start of a span: a word with a digit that is neither a date nor an amount."""
    code = _TYPE_CODE.match(span.text)
    start = code.end() if code else 0
    text = span.text[start : start + 80]
    match = _GROUPS.match(text) or _VALUE.match(text)
    if match is None or not is_number(match["value"]):
        return None
    at = start + match.start("value")
    if re.match(r"[.,]\d|\s?%", span.text[at + len(match["value"]) :]):  # the beginning of an amount, a rate
        return None
    return span.within(at, at + len(match["value"]))


def is_number(value: str) -> bool:
    """Whether a word can be the number of a document."""
    if not any(char.isdigit() for char in value) or value in _TYPE_CODES or len(value) < 2:
        return False
    last = value.rsplit(" ", 1)[-1]
    if _DATE.fullmatch(last) or _MONEY.fullmatch(value) or _ORDINAL.fullmatch(value):
        return False
    return not vat_numbers_in(value) and Iban.parse(value) is None


def stands_for_itself(span: Span, value: Span) -> bool:
    """Whether nothing but a date or a mark follows: "14 days" and "3rd Floor" are no numbers of a document."""
    return _END.match(span.text[value.end - span.start :]) is not None


def unblurred(text: str) -> str:
    """The text as it was printed where OCR took the zeros behind a usual prefix for letters: INVO4096."""
    return _PREFIXED.sub(lambda match: match["prefix"] + "0" * len(match["zeros"]), text, count=1)
