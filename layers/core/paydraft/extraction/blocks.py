"""Blocks: lines of a column that stand closely under one another, such as a printed address."""

from collections.abc import Iterator
from dataclasses import dataclass

from paydraft.extraction.addresses import country_of, holds_town, is_detail, is_street, is_town
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.relations import Labelled
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.model.bank_account import Iban

MAX_LINES = 9
_ALIGNED = 7.0  # points between the left edges of a block's lines
_NEXT_LINE = 0.95  # of the line's height: the largest gap before the next line of a block
_NEXT_PART = 3.2  # before its street or town
_REACH = 14  # rows of the page searched for the next line
_DETAIL_LABELS = frozenset(
    {
        Label.CONTACT, Label.ADDRESS, Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER, Label.TAX_NUMBER, Label.OTHER_NUMBER,
        Label.REGISTER_NUMBER, Label.IBAN, Label.BIC, Label.BANK_NAME, Label.ACCOUNT_HOLDER,
    }
)  # fmt: skip
_PARTY_LABELS = frozenset({Label.SELLER, Label.BUYER, Label.OTHER_PARTY})


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


def under(labelled: Labelled, first: Span) -> Block:
    """The block that begins with `first`: lines at its left edge, until a gap, another party or an unrelated label.

    Before a street or a town the gap may be larger, as long as no town has been seen.
    """
    spans, current, complete = [first], first, is_town(first.lines)
    while len(spans) < MAX_LINES:
        following = _next_line(labelled.layout, current)
        if following is None or _ends_block(labelled, following):
            break
        text = " ".join(following.text.split())
        near = following.box.y0 - current.box.y1 <= _NEXT_LINE * max(6.0, current.box.y1 - current.box.y0)
        if not near and (complete or not (is_street(text) or is_town(text))):
            break
        complete = complete or is_town(text)
        spans.append(following.span())
        current = following.span()
    return Block(tuple(spans))


def _next_line(layout: Layout, span: Span) -> Segment | None:
    box, segment = span.box, span.segment
    height = max(6.0, box.y1 - box.y0)
    for row in layout.rows[segment.row + 1 : segment.row + _REACH]:
        if row.sheet is not segment.sheet or row.box.y0 > box.y1 + _NEXT_PART * height:
            return None
        for candidate in row.segments:
            close = candidate.box.y0 - box.y1 <= _NEXT_PART * height
            if close and abs(candidate.box.x0 - box.x0) <= _ALIGNED and candidate.box.y0 > box.y0:
                return candidate
    return None


def _ends_block(labelled: Labelled, segment: Segment) -> bool:
    label = labelled.first_label(segment)
    return label is not None and label not in _DETAIL_LABELS


def is_plain(labelled: Labelled, segment: Segment) -> bool:
    """Whether a line can be a part of a name or an address: no label, no number of something, no contact detail."""
    if labelled.first_label(segment) in _DETAIL_LABELS:
        return False
    text = segment.text
    return not (is_detail(text) or vat_numbers_in(text) or Iban.parse(text) or not any(map(str.isalpha, text)))


def address_blocks(labelled: Labelled, countries: dict[str, str]) -> Iterator[Block]:
    """Every block of the document that holds a town, each once, from its first line."""
    taken: set[tuple[int, int]] = set()
    for segment in labelled.layout.segments:
        if (segment.row, segment.position) in taken or labelled.first_label(segment) is not None:
            continue
        if not is_plain(labelled, segment) or len(segment.text) > 80:
            continue
        block = under(labelled, segment.span())
        lines = block.lines
        towns = [line for line in lines if is_town(line) or (is_street(line) and holds_town(line))]
        closed = bool(country_of(lines[-1], countries)) and any(map(is_street, lines))
        if len(lines) >= 2 and (towns or closed):
            taken |= block.segments
            yield block
