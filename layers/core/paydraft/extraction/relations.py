"""Labels on the page, and where the value of a label can stand: behind it, right of it, below it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from paydraft.extraction.labels.phrases import Found
from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Layout, Segment, Span

MAX_LABELLED = 600  # characters of a segment searched for labels
_MANY_HEADS = 2  # column heads in a row that make it the head of the table of items


class Relation(StrEnum):
    """Where a value stands, seen from its label."""

    BEHIND = "behind"
    RIGHT = "right"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Hit:
    """A label on the page."""

    label: Label
    span: Span
    behind: Span | None  # the characters up to the next label of its segment; None if there are none
    first: bool  # nothing stands before it in its segment

    @property
    def announces(self) -> bool:
        """Whether it stands like a heading: alone in its segment, or before a colon."""
        return _announces(self.span.segment.text, self.span.end, first=self.first)


@dataclass(frozen=True, slots=True)
class Labelled:
    """All labels of a document, found once."""

    layout: Layout
    hits: tuple[Hit, ...]
    _label_first: dict[tuple[int, int], Label]
    _item_rows: frozenset[int]

    def of(self, *labels: Label) -> Iterator[Hit]:
        """The hits of some labels, in reading order."""
        return (hit for hit in self.hits if hit.label in labels)

    def regions(self, hit: Hit) -> Iterator[tuple[Relation, Span]]:
        """Where the value of a label can stand, likeliest first."""
        if hit.behind is not None:
            yield Relation.BEHIND, hit.behind
        segment, right = hit.span.segment, self.layout.right_of(hit.span.segment)
        ends_segment = hit.behind is None or hit.behind.end >= len(segment.text.rstrip())
        if ends_segment:
            until = right.box.x0 - 2 if right is not None else None
            if right is not None and not any(char.isalnum() for char in right.text):  # a lonely colon
                right = self.layout.right_of(right)
            if right is not None and not self.starts_with_label(right):
                yield Relation.RIGHT, right.span()
            if segment.row not in self._item_rows:
                for span in self.layout.below(hit.span, until=until):
                    if not self.starts_with_label(span.segment) or span.start:
                        yield Relation.BELOW, span

    def starts_with_label(self, segment: Segment) -> bool:
        """Whether a segment begins with a label of its own."""
        return (segment.row, segment.position) in self._label_first

    def first_label(self, segment: Segment) -> Label | None:
        """The label a segment begins with, if any."""
        return self._label_first.get((segment.row, segment.position))

    def on_sheet(self, number: int) -> "Labelled":
        """The labels of one page only."""
        return replace(self, hits=tuple(hit for hit in self.hits if hit.span.segment.sheet.number == number))

    def in_items(self, segment: Segment) -> bool:
        """Whether a segment belongs to the head of the table of items."""
        return segment.row in self._item_rows


# Words that also occur in names and sentences: labels only where they announce something.
_HEADINGS = frozenset(
    {Label.SELLER, Label.BUYER, Label.OTHER_PARTY, Label.ADDRESS, Label.ACCOUNT_HOLDER, Label.BANK_NAME}
)


def _counts(found: Found[Label], text: str) -> bool:
    if text[found.end : found.end + 1] == "_" or text[: found.start].endswith("_"):
        return False  # a part of a name made by a machine: "order_no_17"
    first = not any(char.isalnum() for char in text[: found.start])
    return found.kind not in _HEADINGS or _announces(text, found.end, first=first)


def _announces(text: str, end: int, *, first: bool) -> bool:
    behind = text[end:].lstrip(" )")
    return behind.startswith(":") or (first and not any(char.isalnum() for char in behind))


def find_labels(layout: Layout, lexicon: Lexicon) -> Labelled:
    """Every label of the document with what stands behind it."""
    hits: list[Hit] = []
    first: dict[tuple[int, int], Label] = {}
    heads: dict[int, int] = {}
    for segment in layout.segments:
        text = segment.text[:MAX_LABELLED]
        found = [one for one in lexicon.labels(text) if _counts(one, text)]
        for one in found:
            later = (other.start for other in found if other.start >= one.end and other.kind is not Label.DATED)
            until = min(later, default=len(segment.text))
            rest = segment.text[one.end : until]
            behind = segment.span(one.end, until) if any(char.isalnum() for char in rest) else None
            begins = not any(char.isalnum() for char in segment.text[: one.start])
            hits.append(Hit(one.kind, segment.span(one.start, one.end), behind, begins))
            if begins and one.kind is not Label.DATED:
                first.setdefault((segment.row, segment.position), one.kind)
            heads[segment.row] = heads.get(segment.row, 0) + (one.kind is Label.TABLE_HEAD)
    items = frozenset(row for row, count in heads.items() if count >= _MANY_HEADS)
    return Labelled(layout, tuple(hits), first, items)
