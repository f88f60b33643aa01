"""What the document asks of its reader. OTHER when nothing in it asks for a payment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, seen
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement, TypeWord
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.relations import Labelled
from paydraft.model.invoice import DocumentType

_HEADING_WORDS = 6  # of a segment that names the document
_HEAD_ROWS = 25
_NARROW = 0.5  # width by height of a till receipt
_RECEIPT_SIGNS = 3
_TYPE_OF = {
    TypeWord.INVOICE: DocumentType.INVOICE,
    TypeWord.CREDIT_NOTE: DocumentType.CREDIT_NOTE,
    TypeWord.RECEIPT: DocumentType.RECEIPT,
    TypeWord.REMINDER: DocumentType.REMINDER,
    TypeWord.QUOTE: DocumentType.QUOTE,
    TypeWord.DELIVERY_NOTE: DocumentType.DELIVERY_NOTE,
}
# A heading of these outweighs "invoice" in the same document: they speak about an invoice.
_SPECIFIC = (TypeWord.CREDIT_NOTE, TypeWord.REMINDER, TypeWord.QUOTE, TypeWord.DELIVERY_NOTE)
_NAMED_BY_OTHERS = 12  # rows within which a specific heading stands
_ABOUT_OTHERS = frozenset({Label.OTHER_NUMBER, Label.OTHER_DATE, Label.PURCHASE_ORDER})


@dataclass(frozen=True, slots=True)
class _Heading:
    kind: TypeWord
    span: Span
    row: int


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
                if len(segment.text[: one.start].split()) <= 1:
                    found.append(_Heading(one.kind, segment.span(one.start, one.end), segment.row))
    return found


def _by_headings(headings: list[_Heading]) -> tuple[DocumentType | None, Span | None]:
    specific = [one for one in headings if one.kind in _SPECIFIC and one.row <= _NAMED_BY_OTHERS]
    early = [one for one in headings if one.row <= _HEAD_ROWS] or headings
    if specific:
        return _TYPE_OF[specific[0].kind], specific[0].span
    for kind in (TypeWord.INVOICE, TypeWord.RECEIPT):
        named = [one for one in early if one.kind is kind]
        if named:
            return _TYPE_OF[kind], named[0].span
    return None, None


def _statements(layout: Layout, lexicon: Lexicon) -> dict[Statement, list[Span]]:
    said: dict[Statement, list[Span]] = {}
    for segment in layout.segments:
        for one in lexicon.statements(segment.text[:600]):
            said.setdefault(one.kind, []).append(_span(segment, one.start, one.end))
    return said


def _span(segment: Segment, start: int, end: int) -> Span:
    return segment.span(start, end)


def _by_payment(
    kind: DocumentType | None,
    span: Span | None,
    said: dict[Statement, list[Span]],
    values: Mapping[str, object],
    layout: Layout,
) -> tuple[DocumentType | None, Span | None]:
    """An invoice that is collected, or was paid, asks for nothing; a till receipt proves a payment."""
    due = values.get("amount_due")
    receipts = said.get(Statement.RECEIPT, [])
    words = Counter(one.text.casefold() for one in receipts)
    sheet = next((row.sheet for row in layout.rows), None)
    narrow = sheet is not None and sheet.width < _NARROW * sheet.height
    if len(words) >= (1 if narrow else _RECEIPT_SIGNS) and "iban" not in values and kind is not DocumentType.INVOICE:
        return DocumentType.RECEIPT, receipts[0]
    if (
        Statement.DIRECT_DEBIT in said
        and Statement.TRANSFER not in said
        and not _conditional(said[Statement.DIRECT_DEBIT])
    ):
        return DocumentType.DIRECT_DEBIT, said[Statement.DIRECT_DEBIT][0]
    if Statement.PAID in said and not (isinstance(due, Decimal) and due > 0):
        return DocumentType.PAID_INVOICE, said[Statement.PAID][0]
    return kind, span


# An offer to collect later instead ("if you give us a mandate, we would ...") is no direct debit.
_OFFER = ("mandat erteilen", "würden", "would", "if you", "wenn sie", "si vous", "indien u", "erteilen sie")


def _conditional(spans: list[Span]) -> bool:
    return all(any(offer in one.segment.text.casefold() for offer in _OFFER) for one in spans)


def settled(kind: DocumentType, total: Decimal | None, due: Decimal | None) -> DocumentType:
    """The type once the amounts are known: a negative total credits, nothing due means paid."""
    if kind is not DocumentType.INVOICE:
        return kind
    if total is not None and total < 0:
        return DocumentType.CREDIT_NOTE
    return DocumentType.PAID_INVOICE if due == 0 and total not in (None, 0) else kind


def _asks(said: dict[Statement, list[Span]]) -> bool:
    return bool(said.get(Statement.ASKS_FOR_PAYMENT))
