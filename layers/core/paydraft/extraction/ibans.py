"""IBANs as they are printed: in one piece, in boxes, broken over rows, with the letters that OCR takes for digits.

An IBAN is taken when its country's structure and its check digits hold. Two things are undone before that, because
they leave no choice: where the structure wants a digit, OCR's letter is the digit it looks like (and the other way
round); and a Polish account number of 26 digits (NRB) is its IBAN without the letters PL, check digits included.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.relations import Labelled, Relation
from paydraft.model.bank_account import IBAN_LENGTHS, Iban, iban_kinds
from paydraft.model.page import Source

_MAX_READ = 800  # characters of a segment searched
_MAX_BOXES = 9  # groups of an IBAN that can stand apart
_MAX_TAIL = 45  # characters of an IBAN as it is printed
_INDENT = 3.0  # line heights that the lines of a paragraph may begin apart
_START = re.compile(r"(?<![A-Za-z0-9])(?:IBAN[:\s]{0,3})?(?=[A-Z]{2} ?[0-9OIl]{2}(?:[ \-.]{0,2}[A-Za-z0-9|]){8})")
_OCR_START = re.compile(
    r"(?<![A-Za-z0-9])(?:[Il1]BAN[:\s]{0,3})?(?=[A-Z01|]{2} ?[0-9OoQIlSsBZzGb|]{2}(?:[ \-.]{0,2}[A-Za-z0-9|]){8})"
)
# The beginning of an IBAN that goes on elsewhere.
_OPEN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2} ?[0-9OoQIlSsBZzGb|]{2}(?:[ \-.]{0,2}[A-Za-z0-9|]{1,8}){0,8}$")
_GROUP = re.compile(r"[A-Za-z0-9|]{1,34}(?![^\s\-.])")
_LABELLED_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\s?\d{2}")
_NRB = re.compile(r"(?<![\dA-Za-z])\d{2}[ \-]?(?:\d{4}[ \-]?){5}\d{4}(?!\d)")
_NRB_LABEL = re.compile(r"(?:konta|konto|rachunku|rachunek|bankowy|bankowe)\b", re.IGNORECASE)
_SKIPPED = frozenset(" -.\u00a0")
_DIGIT_OF = str.maketrans("OoQIil|SsBZzGb", "00011115582266")
_LETTER_OF = str.maketrans("015826|", "OISBZGI")
_SHAPES = str.maketrans("ß§£", "BSE")  # what OCR reads for letters and digits of an IBAN


@dataclass(frozen=True, slots=True)
class PrintedIban:
    """A valid IBAN, and the spans it stands on."""

    iban: Iban
    spans: tuple[Span, ...]
    labelled: bool

    @property
    def span(self) -> Span:
        """Where it begins."""
        return self.spans[0]


def printed_ibans(labelled: Labelled, lexicon: Lexicon) -> list[PrintedIban]:
    """Every IBAN of a document in reading order, each once a place."""
    found: list[PrintedIban] = []
    for segment in labelled.layout.segments:
        whole = [*ibans_in(segment), *_polish(segment, labelled, lexicon)]
        found += [PrintedIban(iban, (span,), _announced(labelled, span)) for iban, span in whole]
        spread = None if whole else _spread(labelled.layout, segment)
        if spread is not None:
            found.append(PrintedIban(*spread, labelled=_announced(labelled, spread[1][0])))
    known = {one.iban for one in found}
    return found + [one for one in _broken_over_rows(labelled) if one.iban not in known]


def ibans_in(segment: Segment) -> Iterator[tuple[Iban, Span]]:
    """Every valid IBAN of a segment."""
    ocr = segment.source is Source.OCR
    text, end = _shaped(segment)[:_MAX_READ], 0
    for match in (_OCR_START if ocr else _START).finditer(text):
        if match.end() < end:
            continue
        taken = _take(text, match.end(), tolerant=ocr)
        if taken:
            iban, end = taken
            yield iban, segment.span(match.end(), end)


def _take(text: str, start: int, *, tolerant: bool) -> tuple[Iban, int] | None:
    """The IBAN that begins here and where it ends, if it is valid and ends with a word."""
    country = text[start : start + 2].translate(_LETTER_OF) if tolerant else text[start : start + 2]
    length = IBAN_LENGTHS.get(country)
    if length is None:
        return None
    chars: list[str] = []
    position = start
    while position < len(text) and len(chars) < length:
        char = text[position]
        if char.isascii() and (char.isalnum() or (tolerant and char == "|")):
            chars.append(char)
        elif char not in _SKIPPED:
            return None
        position += 1
    if len(chars) < length or (position < len(text) and text[position].isalnum()):
        return None
    iban = Iban.parse("".join(chars)) or (Iban.parse(_by_kind("".join(chars))) if tolerant else None)
    return (iban, position) if iban else None


def _shaped(segment: Segment) -> str:
    """The text of a segment, signs that pixels make of letters undone; as long as before."""
    return segment.text.translate(_SHAPES) if segment.source is Source.OCR else segment.text


def _by_kind(text: str) -> str:
    """OCR's letters as the digits they look like where the country has a digit, and the other way round."""
    country = text[:2].translate(_LETTER_OF)
    kinds = iban_kinds(country) or ""
    return country + "".join(
        char.translate(_DIGIT_OF) if kind == "n" else char.translate(_LETTER_OF) if kind == "a" else char
        for char, kind in zip(text[2:], kinds[2:], strict=False)
    )


def _spread(layout: Layout, segment: Segment) -> tuple[Iban, tuple[Span, ...]] | None:
    """An IBAN whose groups stand in boxes of their own side by side, or that goes on at the start of the next line."""
    start = _OPEN.search(_shaped(segment), max(0, len(segment.text) - _MAX_TAIL))
    if start is None or start.group()[:2] not in IBAN_LENGTHS:
        return None
    text, spans = start.group(), [segment.span(start.start())]
    for other in _following(layout, segment):
        if _GROUP.match(other.text) is None:
            return None
        text, spans = f"{text} {_shaped(other)}", [*spans, other.span()]
        taken = _take(text, 0, tolerant=segment.source is Source.OCR)
        if taken:
            spans[-1] = other.span(0, len(other.text) - (len(text) - taken[1]))
            return taken[0], tuple(spans)
    return None


def _following(layout: Layout, segment: Segment) -> Iterator[Segment]:
    """What is read behind a segment: the rest of its row; where there is none, the line below it."""
    row = layout.rows[segment.row]
    rest = row.segments[segment.position + 1 : segment.position + 1 + _MAX_BOXES]
    yield from rest
    if not rest and segment.row + 1 < len(layout.rows):
        below = layout.rows[segment.row + 1]
        yield from (one for one in below.segments if below.sheet is row.sheet and _starts_below(one, segment))


def _starts_below(one: Segment, above: Segment) -> bool:
    return abs(one.box.x0 - above.box.x0) <= _INDENT * one.height


def _broken_over_rows(labelled: Labelled) -> Iterator[PrintedIban]:
    """An IBAN that a narrow column breaks into two rows, behind its label."""
    for hit in labelled.of(Label.IBAN):
        for relation, span in labelled.regions(hit):
            start = _LABELLED_START.search(span.text)
            below = next(labelled.layout.below(span.within(0, len(span.text))), None) if start else None
            if start is None or below is None or (relation is Relation.BELOW and below.segment is span.segment):
                continue
            text = f"{span.text[start.start() :]} {below.text}"
            taken = _take(text, 0, tolerant=span.segment.source is Source.OCR)
            if taken:
                rest = below.within(0, len(below.text) - (len(text) - taken[1]))
                yield PrintedIban(taken[0], (span.within(start.start(), len(span.text)), rest), labelled=True)


def _polish(segment: Segment, labelled: Labelled, lexicon: Lexicon) -> Iterator[tuple[Iban, Span]]:
    """Polish account numbers without the country: on a Polish page, or behind a Polish label."""
    for match in _NRB.finditer(segment.text[:_MAX_READ]):
        iban = Iban.parse("PL" + match.group())
        before = segment.text[: match.start()]
        left = labelled.layout.left_of(segment)
        if iban and ("pl" in lexicon.languages or _NRB_LABEL.search(f"{left.text if left else ''} {before}")):
            yield iban, segment.span(match.start(), match.end())


def _announced(labelled: Labelled, span: Span) -> bool:
    return any(
        region.segment is span.segment and region.start <= span.start < region.end
        for hit in labelled.of(Label.IBAN)
        for _, region in labelled.regions(hit)
    )


def unreadable_iban(labelled: Labelled) -> bool:
    """Whether something like an IBAN stands behind a label but is none."""
    for hit in labelled.of(Label.IBAN):
        for _, span in labelled.regions(hit):
            start = _LABELLED_START.search(span.text)
            if start and len(re.sub(r"\W", "", span.text[start.start() :])) >= 15:
                return True
    return False
