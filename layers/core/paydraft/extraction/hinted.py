"""Candidates from outside the page: values found where a template or a supplier's memory says that they stand.

A hint proposes at most one value: what stands at its labels, else in its zone, else what matches its pattern anywhere.
It is one more witness and never the only one (reconcile.py). Fields of several lines (addresses, tables) take none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from paydraft.extraction.amounts import amounts_in, decimal_mark_in
from paydraft.extraction.calibration import Group, group_of
from paydraft.extraction.candidates import PLACED, Candidate, seen
from paydraft.extraction.dates import Order, dates_in, order_of
from paydraft.extraction.labels.phrases import Phrases
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.hint import MAX_HINTS, Hint, HintKind, Zone
from paydraft.model.money import CURRENCIES
from paydraft.model.page import Box, View

_MAX_TEXT = 160  # characters of a place that patterns are tried on
_MARGIN = 0.01  # of a page; a scan is never laid down twice in the same way
_ANYWHERE = "hint"  # the one kind of phrase that is looked for
_SIGNS = {"A": r"[^\W\d_]+", "9": r"\d+", " ": r"\s{1,3}"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """What reading a value needs to know of the document: month names and the usual order of dates."""

    months: dict[str, int]
    order: Order | None


def hinted_candidates(
    layout: Layout, hints: Sequence[Hint], tongue: Tongue, views: Mapping[int, View] = MappingProxyType({})
) -> Iterator[Candidate]:
    """What the hints propose, in their order; `views` are those of straightened pages, by number."""
    reader, places = _Reader(layout, tongue), _Places(layout, views)
    for hint in hints[:MAX_HINTS]:
        group = group_of(hint.field)
        if group in (Group.ADDRESS, Group.WHOLE):
            continue
        # An amount moves down the page with every line of the table: a memory of its place alone knows nothing.
        zone = None if group is Group.AMOUNT and hint.kind is HintKind.MEMORY else hint.zone
        for spans in (places.at_labels(hint.labels, zone), places.in_zone(zone), places.anywhere(hint)):
            found = [one for span in spans if (one := reader.read(hint, span)) is not None]
            if found:
                if len({one.value for one in found}) == 1:  # else the place is no place
                    yield found[0]
                break


class _Places:
    """Where on the pages a hint's value may stand."""

    def __init__(self, layout: Layout, views: Mapping[int, View]) -> None:
        self._layout, self._views = layout, views
        self._last = max((segment.sheet.number for segment in layout.segments), default=0)

    def at_labels(self, labels: Sequence[str], zone: Zone | None) -> Iterator[Span]:
        """Behind, right of or below a label; in the zone, if a label has it there."""
        phrases = Phrases[str]()
        for label in labels:
            phrases.add(label, _ANYWHERE, _ANYWHERE)
        segments = self._layout.segments if labels else ()
        hits = ((segment, hit) for segment in segments for hit in phrases.find(segment.text[:_MAX_TEXT]))
        spans = [span for segment, hit in hits for span in _beside(self._layout, segment.span(hit.start, hit.end))]
        inside = [span for span in spans if zone and self._is_in(zone, span.segment, span.box)]
        yield from inside or spans

    def in_zone(self, zone: Zone | None) -> Iterator[Span]:
        """What stands in a part of a page, segment by segment."""
        for segment in self._layout.segments if zone else ():
            inside = [
                index for index, word in enumerate(segment.words) if zone and self._is_in(zone, segment, word.box)
            ]
            if inside:
                ends = segment.starts[inside[-1]] + len(segment.words[inside[-1]].text)
                yield segment.span(segment.starts[inside[0]], ends)

    def anywhere(self, hint: Hint) -> Iterator[Span]:
        """Every segment, for a pattern that needs no place."""
        if hint.zone is None and not hint.labels and hint.pattern is not None:
            yield from (segment.span() for segment in self._layout.segments)

    def _is_in(self, zone: Zone, segment: Segment, box: Box) -> bool:
        """Whether the middle of a box lies there on the straightened page, or on the page as a person sees it."""
        sheet = segment.sheet
        if zone.page not in (None, sheet.number) and not (zone.page == -1 and sheet.number == self._last):
            return False
        view = self._views.get(sheet.number)
        as_seen = view is not None and _holds(zone, view.boxed(box), view.width, view.height)
        return as_seen or _holds(zone, box, sheet.width, sheet.height)


def _beside(layout: Layout, label: Span) -> Iterator[Span]:
    segment, right = label.segment, layout.right_of(label.segment)
    behind = segment.span(label.end)
    if any(char.isalnum() for char in behind.text):
        yield behind
    elif right is not None:
        yield right.span()
    else:
        yield from list(layout.below(label))[:1]


def _holds(zone: Zone, box: Box, width: float, height: float) -> bool:
    x, y = (box.x0 + box.x1) / 2 / width, (box.y0 + box.y1) / 2 / height
    return zone.x0 - _MARGIN <= x <= zone.x1 + _MARGIN and zone.y0 - _MARGIN <= y <= zone.y1 + _MARGIN


class _Reader:
    """Reads a value of a field's type from a place."""

    def __init__(self, layout: Layout, tongue: Tongue) -> None:
        self._mark = decimal_mark_in(layout)
        self._months = tongue.months
        printed = (one for segment in layout.segments for one in dates_in(segment.text[:_MAX_TEXT], tongue.months))
        self._order = order_of(printed, hint=tongue.order)

    def read(self, hint: Hint, span: Span) -> Candidate | None:
        """The one value of the place that fits the hint's pattern and shape; None for none or several."""
        place = _matching(hint, span)
        if place is None:
            return None
        value = self._value(hint.field, place)
        if value is None:
            return None
        return replace(seen(hint.field, value, place, PLACED), hint=hint.kind)

    def _value(self, field: str, place: Span) -> str | date | Decimal | None:
        text = place.text.strip(" :.;,")
        by_name: dict[str, Callable[[str], str | None]] = {
            "iban": Iban.parse,
            "bic": Bic.parse,
            "currency": lambda code: code if code in CURRENCIES else None,
        }
        if field in by_name:
            return by_name[field](text)
        match group_of(field):
            case Group.AMOUNT:
                return self._amount(place)
            case Group.DATE:
                dates = {one.read(self._order) for one in dates_in(text[:_MAX_TEXT], self._months)}
                return dates.pop() if len(dates) == 1 else None
            case _:
                return " ".join(text.split()) or None

    def _amount(self, place: Span) -> Decimal | None:
        amounts = amounts_in(place.segment, self._mark)
        values = {one.value for one in amounts if place.start <= one.span.start and one.span.end <= place.end}
        return values.pop() if len(values) == 1 else None


def _matching(hint: Hint, span: Span) -> Span | None:
    """The part of a place that fits; the whole place where the hint does not say how a value looks."""
    pattern = hint.pattern
    if pattern is None and hint.shape and group_of(hint.field) not in (Group.AMOUNT, Group.DATE):
        pattern = "".join(_SIGNS.get(sign, re.escape(sign)) for sign in hint.shape)
    if pattern is None:
        return span
    text = span.text[:_MAX_TEXT]
    whole = (one for one in re.finditer(pattern, text) if _stands_alone(text, one.start(), one.end()))
    match = next(whole, None)
    return span.within(match.start(), match.end()) if match else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether characters are no part of a longer word."""
    begins = start == 0 or not (text[start - 1].isalnum() and text[start : start + 1].isalnum())
    ends = end == len(text) or not (text[end].isalnum() and text[end - 1 : end].isalnum())
    return start < end and begins and ends
