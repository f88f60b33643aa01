"""What a payment needs and the reading did not give, and where on the pages it should stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from paydraft.extraction.folding import tokens
from paydraft.extraction.labels.languages import languages_of
from paydraft.extraction.labels.vocabulary import AmountWord, Label, Lexicon, vocabulary
from paydraft.extraction.layout import Layout, Row, Segment, arrange
from paydraft.extraction.relations import Labelled, find_labels
from paydraft.model.bank_account import IBAN_LENGTHS
from paydraft.model.evidence import Evidence
from paydraft.model.invoice import DocumentType, Invoice
from paydraft.model.page import Box, Page, Reading, Source

SURE = 0.9  # the confidence of a field, from which it is not looked at again
MAX_SPOTS = 12  # of one document
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])(?P<country>[A-Z]{2}) ?[0-9OQIlSBZG|]{2}")
_PAYABLE = frozenset({AmountWord.SUM, AmountWord.GROSS, AmountWord.DUE, AmountWord.STRONG, AmountWord.INCL})
_IBAN_WIDTH = 40.0  # in heights of its characters, label included: 34 characters and eight spaces at most
_BELOW = 2.4  # rows under a label in which its value may stand


class Gap(StrEnum):
    """A value that is missing, or given with doubt."""

    IBAN = "iban"
    AMOUNT = "amount"
    CURRENCY = "currency"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a page that should show what is missing."""

    gap: Gap
    page: int
    box: Box


_LABELS = {
    Gap.NUMBER: (Label.NUMBER, Label.NUMBER_WEAK),
    Gap.DATE: (Label.ISSUE_DATE, Label.DUE_DATE),
}


def gaps_of(invoice: Invoice, reading: Reading) -> frozenset[Gap]:
    """What is poor. An IBAN is only missed where the pages speak of one."""
    found = set()
    if invoice.iban is None and any(map(_speaks_of_iban, reading.pages)):
        found.add(Gap.IBAN)
    amount = "total" if invoice.amount_due is None else "amount_due"
    if not _is_sure(invoice, amount):
        found.add(Gap.AMOUNT)
    found |= {Gap.CURRENCY} if invoice.currency is None else set()
    found |= {Gap.NUMBER} if not _is_sure(invoice, "number") else set()
    found |= {Gap.DATE} if invoice.issue_date is None else set()
    return frozenset(found)


def needs_number(invoice: Invoice, reading: Reading) -> bool:
    """Whether the document should have a number: tills print receipts without one, and nobody pays by it."""
    return invoice.document_type is not DocumentType.RECEIPT or any(_labelled(reading)[1].of(Label.NUMBER))


def spots_of(reading: Reading, gaps: frozenset[Gap]) -> list[Spot]:
    """Where to look again, by the labels of what is missing; what the payment depends on comes first."""
    layout, labelled, lexicon = _labelled(reading)
    return list(islice(_spots(layout, labelled, lexicon, gaps), MAX_SPOTS))


def _labelled(reading: Reading) -> tuple[Layout, Labelled, Lexicon]:
    layout = arrange(reading.pages)
    known = vocabulary()
    lexicon = Lexicon(known, frozenset(languages_of(layout.text, known)))
    return layout, find_labels(layout, lexicon), lexicon


def _spots(layout: Layout, labelled: Labelled, lexicon: Lexicon, gaps: frozenset[Gap]) -> Iterator[Spot]:
    if Gap.IBAN in gaps:
        yield from (_iban_spot(segment) for segment in layout.segments if _may_hold_iban(segment))
    for gap, labels in _LABELS.items():
        if gap in gaps:
            yield from (_spot(gap, hit.span.segment, hit.span.box) for hit in labelled.of(*labels))
    if not gaps.isdisjoint({Gap.AMOUNT, Gap.CURRENCY}):
        named = [row for row in layout.rows if _names_an_amount(row, lexicon)]
        yield from (_spot(Gap.AMOUNT, row.segments[0], row.box) for row in reversed(named))


def _spot(gap: Gap, segment: Segment, label: Box) -> Spot:
    """From a label to the right edge of the page, and the rows below it."""
    height = segment.height
    box = Box(
        max(0.0, label.x0 - height),
        max(0.0, label.y0 - 0.6 * height),
        segment.sheet.width,
        min(segment.sheet.height, label.y1 + (0.6 if gap is Gap.AMOUNT else _BELOW) * height),
    )
    return Spot(gap, segment.sheet.number, box)


def _iban_spot(segment: Segment) -> Spot:
    box, height = segment.box, segment.height
    right = min(segment.sheet.width, max(box.x1 + 2 * height, box.x0 + _IBAN_WIDTH * height))
    spot = Box(max(0.0, box.x0 - height), max(0.0, box.y0 - 0.5 * height), right, box.y1 + 0.5 * height)
    return Spot(Gap.IBAN, segment.sheet.number, spot)


def _may_hold_iban(segment: Segment) -> bool:
    if segment.source is not Source.OCR:
        return False
    start = _IBAN_START.search(segment.text)
    return "iban" in segment.text.casefold() or (start is not None and start["country"] in IBAN_LENGTHS)


def _speaks_of_iban(page: Page) -> bool:
    return any(word.source is Source.OCR and "IBAN" in word.text.upper() for word in page.words)


def _names_an_amount(row: Row, lexicon: Lexicon) -> bool:
    words = (token.text for segment in row.segments for token in tokens(segment.text))
    return any(not _PAYABLE.isdisjoint(lexicon.amount_word(word)) for word in words)


def _is_sure(invoice: Invoice, path: str) -> bool:
    evidence: Evidence | None = invoice.evidence.get(path)
    return getattr(invoice, path) is not None and (evidence is None or evidence.confidence >= SURE)
