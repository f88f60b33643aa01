"""The invoice's number and the buyer's order number: words with a digit in them, behind a label or in the heading.

Where no label names the number it stands behind the document's own name ("Rechnung 4711"), under a bare "No." beside
the date, or at the end of the heading. A weaker place counts only where a stronger one says nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, blurred, left_open, seen
from paydraft.extraction.heading_number import heading_reads
from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Span
from paydraft.extraction.number_form import number_in, stands_for_itself, unblurred
from paydraft.extraction.relations import Hit, Labelled, Relation
from paydraft.model.page import Source

_BELOW = sure.LABELLED_BELOW / sure.LABELLED
_IN_A_SENTENCE = 0.85
_LEAST_DIGITS = 4  # of a number below a weak head
_LEADING_DIGIT = re.compile(r"[01](?=[A-Z]{2})")


@dataclass(frozen=True, slots=True)
class _Read:
    """A number and how sure its place makes it."""

    text: str
    span: Span
    confidence: float


def number_candidates(labelled: Labelled, lexicon: Lexicon | None = None) -> list[Candidate]:
    """Invoice number and purchase order, at most one each; equally good numbers that differ leave it open."""
    places: tuple[Callable[[], Iterator[_Read]], ...] = (
        lambda: _labelled(labelled, Label.NUMBER),
        lambda: _labelled(labelled, Label.NUMBER_WEAK),
        lambda: (_Read(span.text, span, score) for span, score in heading_reads(labelled, lexicon)),
    )
    number = next((reads for place in places if (reads := list(place()))), [])
    found = [_pick("number", number), _pick("purchase_order", list(_labelled(labelled, Label.PURCHASE_ORDER)))]
    return [one for one in found if one is not None]


def _labelled(labelled: Labelled, label: Label) -> Iterator[_Read]:
    registered = {hit.span.segment.row for hit in labelled.of(Label.REGISTER_NUMBER)}
    for hit in labelled.of(label):
        if hit.first or hit.span.segment.row not in registered:  # "folio 88" of the company's register
            read = _value_of(labelled, hit)
            if read is not None:
                yield read


def _value_of(labelled: Labelled, hit: Hit) -> _Read | None:
    weak = hit.label is Label.NUMBER_WEAK
    for relation, span in (*_behind_mark(labelled, hit), *labelled.regions(hit), *_centred(labelled, hit)):
        if relation is Relation.BELOW and weak and not _stands_alone(labelled, hit, span):
            continue
        value = number_in(span)
        if value is None or (weak and not stands_for_itself(span, value)):
            continue
        confidence = sure.WEAKLY_LABELLED if weak else sure.LABELLED
        if relation is Relation.BELOW:
            confidence *= _BELOW
        return _Read(value.text, value, confidence if hit.first else confidence * _IN_A_SENTENCE)
    return None


def _behind_mark(labelled: Labelled, hit: Hit) -> Iterator[tuple[Relation, Span]]:
    """What stands behind a second name of the number: "Invoice No: # 4711"."""
    if hit.label is Label.NUMBER and hit.behind is None:
        segment = hit.span.segment
        for other in labelled.of(Label.NUMBER_WEAK):
            between = segment.text[hit.span.end : other.span.start] if other.span.segment is segment else None
            if between is not None and other.span.start >= hit.span.end and other.behind and not between.strip(" :.-"):
                yield Relation.BEHIND, other.behind


def _centred(labelled: Labelled, hit: Hit) -> Iterator[tuple[Relation, Span]]:
    """What stands below a head that is narrower than its column."""
    if hit.first and hit.behind is None:
        for span in labelled.layout.below(hit.span):
            middle = (span.box.x0 + span.box.x1) / 2
            if hit.span.box.x0 - span.segment.height <= middle <= hit.span.box.x1 + span.segment.height:
                yield Relation.BELOW, span


def _stands_alone(labelled: Labelled, hit: Hit, below: Span) -> bool:
    """Whether a weak label is a cell of a row of heads, and what is below it is one word with four digits."""
    beside = labelled.layout.rows[hit.span.segment.row].segments
    cell = hit.first and hit.behind is None and len(beside) > 1
    words = [word for word in below.text.split() if any(char.isalnum() for char in word)]
    return cell and len(words) == 1 and sum(char.isdigit() for char in below.text) >= _LEAST_DIGITS


def _pick(field: str, reads: list[_Read]) -> Candidate | None:
    if not reads:
        return None
    best = max(reads, key=lambda read: read.confidence)
    rivals = {read.text: read for read in reads if read.confidence == best.confidence}
    text = unblurred(best.text) if best.span.segment.source is Source.OCR else best.text
    if len(rivals) > 1 or _blurred(best.span, text):
        return left_open(field, [(read.text, read.span) for read in rivals.values()])
    return seen(field, text, best.span, best.confidence)


def _blurred(span: Span, text: str) -> bool:
    """Whether OCR may have taken 0 for O or 1 for I in it."""
    return blurred(span, text) or (span.segment.source is Source.OCR and _LEADING_DIGIT.match(text) is not None)
