"""Blocks: lines of a column that stand closely under one another, such as a printed address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paydraft.extraction.addresses import country_of, ends_address, holds_town, is_detail, is_street, is_town, is_unit
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.names import has_legal_form, is_attention
from paydraft.extraction.relations import Labelled
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.extraction.town_lines import code_alone
from paydraft.model.bank_account import Iban
from paydraft.model.page import Box, Source

MAX_LINES = 9
LONGEST_LINE = 80  # characters: longer ones are sentences
_ALIGNED = 7.0  # points between the left edges of a block's lines
_CENTRED = 6.0  # between their middles
_FLUSH = 3.0  # between their right edges
_NEXT_LINE = 0.95  # of the line's height: the largest gap before the next line of a block
_NEXT_PART = 3.2  # before its street or town
_WORDS_OF_NAMES = frozenset({Label.OTHER_NUMBER, Label.OTHER_PARTY, Label.TABLE_HEAD, Label.TERMS})
_EVEN = 0.1  # share of the pitch that two may differ by
_TIGHTLY_BOXED = 2.25  # the most that the pitch can be, in heights of a line
_ROWS_OF_BLOCK = 16  # of a block's rows and what stands beside them
_LARGEST = 24.0  # points: the line below a logo is no nearer to it than to other words
_TIGHT = 1.45  # a loose box is higher than a tight one by this factor
_BULLET = re.compile(r"\s+[-–—]\s+|\s*[●•·∙|]\s*")
_WHOLE = 3  # parts of such a line
_REACH = 14  # rows of the page searched for the next line
DETAIL_LABELS = frozenset(
    {
        Label.CONTACT, Label.ADDRESS, Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER, Label.TAX_NUMBER, Label.OTHER_NUMBER,
        Label.REGISTER_NUMBER, Label.IBAN, Label.BIC, Label.BANK_NAME, Label.ACCOUNT_HOLDER,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """Spans of one column, from top to bottom."""

    spans: tuple[Span, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Their texts, with single spaces."""
        return tuple(span.lines for span in self.spans)

    @property
    def segments(self) -> frozenset[tuple[int, int]]:
        """Rows and positions of its segments."""
        return frozenset((span.segment.row, span.segment.position) for span in self.spans)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: its segment, and the box of the words that count."""

    segment: Segment
    box: Box

    @property
    def height(self) -> float:
        return line_height(self.segment, self.box)


def under(labelled: Labelled, first: Span) -> Block:
    """The block that begins with `first`: lines at its left edge, until a gap, another party or an unrelated label.

    Lines may also share their middle or their right edge, as long as all do. Before a street or a town the gap may be
    larger, as long as no town has been seen.
    """
    spans, complete = [first], is_town(first.lines)
    current = _Line(first.segment, first.box)
    edges = frozenset(_EDGES)
    while len(spans) < MAX_LINES:
        following = _next_line(labelled.layout, current, edges)
        if following is None or _ends_block(labelled, following):
            break
        text = " ".join(following.text.split())
        if len(text) > LONGEST_LINE or _is_whole_address(text):
            break
        near = following.box.y0 - current.box.y1 <= _NEXT_LINE * current.height or _is_even(
            labelled.layout, current, _Line(following, following.box)
        )
        if not near and (complete or not (is_street(text) or is_town(text))):
            break
        complete = complete or is_town(text)
        edges = edges & _shared(current.box, following.box)
        spans.append(following.span())
        current = _Line(following, following.box)
    return Block(tuple(spans))


_EDGES = ("left", "middle", "right")


def _is_even(layout: Layout, current: _Line, following: _Line) -> bool:
    """Whether the next line is no farther than the one after it: even leading, in letters with tight boxes."""
    pitch = following.box.y0 - current.box.y0
    after = _next_line(layout, following, frozenset({"left"}))
    even = after is not None and abs(after.box.y0 - following.box.y0 - pitch) <= _EVEN * pitch
    return even and pitch <= _TIGHTLY_BOXED * (current.box.y1 - current.box.y0)


def line_height(segment: Segment, box: Box) -> float:
    """The height of a line's loose box; OCR draws its boxes tightly around the ink."""
    height = box.y1 - box.y0
    return min(_LARGEST, max(6.0, height * _TIGHT if segment.source is Source.OCR else height))


def _shared(one: Box, other: Box) -> frozenset[str]:
    """The edges that two lines have in common."""
    apart = {
        "left": abs(one.x0 - other.x0) <= _ALIGNED,
        "middle": abs(one.x0 + one.x1 - other.x0 - other.x1) <= 2 * _CENTRED,
        "right": abs(one.x1 - other.x1) <= _FLUSH,
    }
    return frozenset(edge for edge, fits in apart.items() if fits)


def _next_line(layout: Layout, line: _Line, edges: frozenset[str]) -> Segment | None:
    box, segment, height = line.box, line.segment, line.height
    for row in layout.rows[segment.row + 1 : segment.row + _REACH]:
        if row.sheet is not segment.sheet or row.box.y0 > box.y1 + _NEXT_PART * height:
            return None
        close = [one for one in row.segments if box.y0 < one.box.y0 and one.box.y0 - box.y1 <= _NEXT_PART * height]
        shared = [(one, _shared(box, one.box) & edges) for one in close]
        for wanted in _EDGES:
            found = next((one for one, common in shared if wanted in common), None)
            if found is not None and (wanted == "left" or found.box.y0 - box.y1 <= 2 * height):
                return found
    return None


def _is_whole_address(text: str) -> bool:
    """Whether one line holds name, street and town, as over the window of an envelope: no part of a block."""
    return len(_BULLET.split(text)) >= _WHOLE and holds_town(text)


def _ends_block(labelled: Labelled, segment: Segment) -> bool:
    label = label_of(labelled, segment)
    return label is not None and label not in DETAIL_LABELS


def label_of(labelled: Labelled, segment: Segment) -> Label | None:
    """The label a line begins with: a company's name, "Unit 4" and "Attn:" are none."""
    label = labelled.first_label(segment)
    text = segment.text
    named = ":" not in text and not any(map(str.isdigit, text)) and has_legal_form(text)
    placed = any(map(str.isdigit, text)) and is_unit(text) and ":" not in text
    return None if label in _WORDS_OF_NAMES and (named or placed or is_attention(text)) else label


def is_plain(labelled: Labelled, segment: Segment) -> bool:
    """Whether a line can be a part of a name or an address: no label, no number of something, no contact detail."""
    if label_of(labelled, segment) in DETAIL_LABELS:
        return False
    text = segment.text
    if not any(map(str.isalpha, text)):
        return code_alone(text) is not None
    return not (is_detail(text) or vat_numbers_in(text) or Iban.parse(text))


def address_blocks(
    labelled: Labelled, countries: dict[str, str], without: frozenset[tuple[int, int]]
) -> Iterator[Block]:
    """Every block of the document that holds a town, each once, from its first line; none begins at `without`."""
    taken = set(without)
    rows_before = _rows_before_ends(labelled, countries)
    for segment in labelled.layout.segments:
        if segment.row not in rows_before or (segment.row, segment.position) in taken:
            continue
        if label_of(labelled, segment) is not None or not is_plain(labelled, segment):
            continue
        if len(segment.text) > LONGEST_LINE:
            continue
        block = under(labelled, segment.span())
        lines = block.lines
        towns = any(ends_address(line, countries) for line in lines)
        closed = bool(country_of(lines[-1], countries)) and any(map(is_street, lines))
        if len(lines) >= 2 and ((towns and any(is_street(line) or is_town(line) for line in lines)) or closed):
            taken |= block.segments
            yield block


def _rows_before_ends(labelled: Labelled, countries: dict[str, str]) -> frozenset[int]:
    """The rows in which an address can begin: those before a line that can end one."""
    ends = {
        segment.row
        for segment in labelled.layout.segments
        if len(segment.text) <= LONGEST_LINE and ends_address(" ".join(segment.text.split()), countries)
    }
    return frozenset(row for end in ends for row in range(end - _ROWS_OF_BLOCK, end + 1))
