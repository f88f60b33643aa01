"""What the document asks of its reader. OTHER when nothing in it asks for a payment."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, seen
from paydraft.extraction.folding import tokens
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement, TypeWord
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.relations import Labelled
from paydraft.model.invoice import DocumentType

_HEADING_WORDS = 6  # of a segment that names the document
_HEAD_ROWS = 25
_NARROW = 0.5  # width by height of a till receipt
_RECEIPT_SIGNS = 3  # that make a receipt of a page with a number or an account ...
_FEW_SIGNS = 2  # ... and of one without
_STAMP_SIZE = 1.4  # height of a stamp's letters, by the page's
_TYPE_OF = {
    TypeWord.INVOICE: DocumentType.INVOICE,
    TypeWord.CREDIT_NOTE: DocumentType.CREDIT_NOTE,
    TypeWord.RECEIPT: DocumentType.RECEIPT,
    TypeWord.REMINDER: DocumentType.REMINDER,
    TypeWord.QUOTE: DocumentType.QUOTE,
    TypeWord.DELIVERY_NOTE: DocumentType.DELIVERY_NOTE,
}
# A heading of these outweighs "invoice" in the same document: they speak about an invoice.
_OUTRANKING = (TypeWord.CREDIT_NOTE, TypeWord.REMINDER)
# These also stand on an invoice, as what it goes back to: one of them names the document if no invoice is named as big.
_REFERRED_TO = (TypeWord.QUOTE, TypeWord.DELIVERY_NOTE, TypeWord.RECEIPT)
_NAMED_BY_OTHERS = 12  # rows within which such a heading stands
_BIGGER = 1.15  # by the letters of the tallest heading that names an invoice
_ABOUT_OTHERS = frozenset(
    {
        *(Label.OTHER_NUMBER, Label.OTHER_DATE, Label.PURCHASE_ORDER, Label.BUYER, Label.SELLER, Label.OTHER_PARTY),
        *(Label.ACCOUNT_HOLDER, Label.CONTACT),
    }
)
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Heading:
    kind: TypeWord
    span: Span
    row: int
    height: float


def type_candidate(labelled: Labelled, lexicon: Lexicon, read: Iterable[Candidate]) -> Candidate | None:
    """The type that headings, statements and what was read agree on; None leaves it to other sources."""
    layout = labelled.layout
    values = {one.field: one.value for one in read if one.value is not None and one.confidence >= sure.FLOOR}
    said = _statements(layout, lexicon)
    headings = _headings(labelled, lexicon)
    kind, span = _by_headings(headings)
    if kind in (None, DocumentType.INVOICE, DocumentType.RECEIPT):
        kind, span = _by_payment(kind, span, said, values, layout)
    if kind is None:
        asks = "total" in values or "amount_due" in values or "iban" in values
        kind = DocumentType.INVOICE if asks and _asks(said) else None
    segment = next(iter(layout.segments), None)
    if segment is None:
        return None
    confidence = sure.LABELLED if span is not None else sure.PLACED
    return seen("document_type", (kind or DocumentType.OTHER).value, span or segment.span(), confidence)


def _headings(labelled: Labelled, lexicon: Lexicon) -> list[_Heading]:
    """Short segments that begin with the name of a type and are not the label of another document's number."""
    found = []
    for segment in labelled.layout.segments:
        words = segment.text.split()
        spaced = all(len(word) == 1 for word in words)  # "I N V O I C E"
        short = len(segment.text) <= 60 and (len(words) <= _HEADING_WORDS or spaced)
        if short and labelled.first_label(segment) not in _ABOUT_OTHERS:
            for one in lexicon.types(segment.text):
                if len(tokens(segment.text[: one.start])) <= 1:
                    found.append(_Heading(one.kind, segment.span(one.start, one.end), segment.row, segment.height))
    return found


def _by_headings(headings: list[_Heading]) -> tuple[DocumentType | None, Span | None]:
    high = [one for one in headings if one.row <= _NAMED_BY_OTHERS]
    early = [one for one in headings if one.row <= _HEAD_ROWS] or headings
    invoices = [one for one in early if one.kind is TypeWord.INVOICE]
    tallest = max((one.height for one in invoices), default=0.0)
    outranking = [one for one in high if one.kind in _OUTRANKING]
    rows = {one.row for one in invoices}  # "delivery note / invoice" is an invoice
    bigger = [
        one
        for one in high
        if one.kind in _REFERRED_TO and one.height > tallest * _BIGGER and (one.row not in rows or not tallest)
    ]
    receipts = [one for one in early if one.kind is TypeWord.RECEIPT]
    for named in (outranking, bigger, invoices, receipts):
        if named:
            return _TYPE_OF[named[0].kind], named[0].span
    return None, None


def _statements(layout: Layout, lexicon: Lexicon) -> dict[Statement, list[Span]]:
    """What the document says of its payment; what it would do if its reader wished is left out."""
    said: dict[Statement, list[Span]] = {}
    before: Segment | None = None
    for segment in layout.segments:
        text = segment.text[:600]
        for one in lexicon.statements(text):
            binding = one.kind in (Statement.DIRECT_DEBIT, Statement.PAID, Statement.NOTHING_TO_PAY)
            if not (binding and _is_offer(_sentence(before, text, one.start, one.end), lexicon)):
                said.setdefault(one.kind, []).append(segment.span(one.start, one.end))
        before = segment
    return said


def _sentence(before: Segment | None, text: str, start: int, end: int) -> str:
    """The sentence of some characters, with the line before where it may have begun there."""
    begin = max((stop.end() for stop in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_END.search(text, end)
    sentence = text[begin : stop.start() if stop else len(text)]
    if begin or before is None or _SENTENCE_END.search(before.text[-2:]):
        return sentence
    return _SENTENCE_END.split(before.text[-200:])[-1] + " " + sentence


def _is_offer(sentence: str, lexicon: Lexicon) -> bool:
    """Whether something is only proposed ("if you give us a mandate, we would ...") or supposed ("if already paid")."""
    return any(one.kind is Statement.OFFER for one in lexicon.statements(sentence))


def _by_payment(
    kind: DocumentType | None,
    span: Span | None,
    said: dict[Statement, list[Span]],
    values: Mapping[str, object],
    layout: Layout,
) -> tuple[DocumentType | None, Span | None]:
    """An invoice that is collected, or was paid, asks for nothing; a till receipt proves a payment."""
    due = values.get("amount_due")
    owed = isinstance(due, Decimal) and due > 0
    receipts = said.get(Statement.RECEIPT, [])
    if kind is not DocumentType.INVOICE and _is_receipt(receipts, values, layout):
        return DocumentType.RECEIPT, receipts[0]
    if Statement.NOTHING_TO_PAY in said and Statement.DIRECT_DEBIT not in said:
        return DocumentType.PAID_INVOICE, said[Statement.NOTHING_TO_PAY][0]
    if Statement.DIRECT_DEBIT in said and Statement.TRANSFER not in said:
        return DocumentType.DIRECT_DEBIT, said[Statement.DIRECT_DEBIT][0]
    if Statement.PAID in said and not owed:
        return DocumentType.PAID_INVOICE, said[Statement.PAID][0]
    stamps = [one for one in said.get(Statement.STAMP, []) if _is_stamp(one, layout, owed=owed)]
    return (DocumentType.PAID_INVOICE, stamps[0]) if stamps else (kind, span)


def _is_receipt(signs: list[Span], values: Mapping[str, object], layout: Layout) -> bool:
    """Whether enough words of a till are printed: one on a narrow slip, more on a page."""
    words = Counter(one.text.casefold() for one in signs)
    sheet = next((row.sheet for row in layout.rows), None)
    narrow = sheet is not None and sheet.width < _NARROW * sheet.height
    needed = 1 if narrow else _RECEIPT_SIGNS if "number" in values else _FEW_SIGNS
    return len(words) >= needed and "iban" not in values


def _is_stamp(one: Span, layout: Layout, *, owed: bool) -> bool:
    """Whether "PAID" stands alone, in no table; beside an amount that is owed only where it is printed large."""
    segment = one.segment
    outside = segment.text[: one.start] + segment.text[one.end :]
    right = layout.right_of(segment)
    beside = [right.text] if right is not None else []
    below = [span.text for span in layout.below(one, reach=2.0)]
    if any(map(str.isalnum, outside)) or any(any(map(str.isdigit, text)) for text in (*beside, *below)):
        return False
    ordinary = median(other.height for other in layout.segments)
    return not owed or segment.height >= _STAMP_SIZE * ordinary


def settled(kind: DocumentType, total: Decimal | None, due: Decimal | None) -> DocumentType:
    """The type once the amounts are known: a negative total credits, nothing due means paid."""
    if kind is not DocumentType.INVOICE:
        return kind
    if total is not None and total < 0:
        return DocumentType.CREDIT_NOTE
    return DocumentType.PAID_INVOICE if due == 0 and total not in (None, 0) else kind


def _asks(said: dict[Statement, list[Span]]) -> bool:
    return bool(said.get(Statement.ASKS_FOR_PAYMENT))
