"""Issue, due and delivery date: each date of the page goes to the label nearest to it, then each field picks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, derived, seen
from paydraft.extraction.dates import Order, PrintedDate, dates_in, order_of
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.relations import Hit, Labelled, Relation
from paydraft.extraction.terms import Period, clause_around, counts_from, discounts, goes_on, is_range, periods

_MAX_READ = 600  # characters of a segment searched for dates
_NEAR = 30  # characters between a label and its date
_NEXT = 12  # characters, where the label also occurs in sentences, or the date is in a cell of its own
_BELOW = 3  # rows between a head and its date
_HEAD_SHARE = 0.45  # of a page's height: where an unlabelled date can be the issue date
_SHORT = 60  # characters of a segment that is not prose
_LATEST = timedelta(days=366)  # after the issue

_FIELD_OF = {
    Label.ISSUE_DATE: "issue_date",
    Label.ISSUE_DATE_WEAK: "issue_date",
    Label.DUE_DATE: "due_date",
    Label.DUE_DATE_WEAK: "due_date",
    Label.DELIVERY_DATE: "delivery_date",
    Label.DATED: "issue_date",
}
_ELSEWHERE = (Label.OTHER_DATE, Label.DISCOUNT_DATE, Label.OTHER_NUMBER, Label.PURCHASE_ORDER)
_BESIDE_ONLY = (Label.DUE_DATE_WEAK, Label.DATED)
_REACH = {Relation.BEHIND: 0, Relation.RIGHT: 1, Relation.BELOW: 2}
_CONFIDENCE = {
    Label.ISSUE_DATE: sure.LABELLED,
    Label.ISSUE_DATE_WEAK: sure.WEAKLY_LABELLED,
    Label.DUE_DATE: sure.LABELLED,
    Label.DUE_DATE_WEAK: sure.WEAKLY_LABELLED,
    Label.DELIVERY_DATE: sure.LABELLED,
    Label.DATED: sure.LABELLED_BELOW,
}


@dataclass(frozen=True, slots=True)
class _Claim:
    """A date that a label claims."""

    label: Label
    relation: Relation
    printed: PrintedDate
    span: Span
    demanded: bool  # in a sentence that asks for a transfer

    @property
    def confidence(self) -> float:
        """By label and place."""
        if self.demanded:
            return sure.LABELLED
        below = sure.LABELLED_BELOW / sure.LABELLED if self.relation is Relation.BELOW else 1.0
        return _CONFIDENCE[self.label] * below


class DateFields:
    """The dates of one document."""

    def __init__(self, labelled: Labelled, lexicon: Lexicon, hint: Order | None) -> None:
        """`hint` is the order that language, currency and IBAN suggest."""
        self._labelled = labelled
        self._lexicon = lexicon
        self._dates: dict[tuple[int, int], list[PrintedDate]] = {}
        for segment in labelled.layout.segments:
            found = dates_in(segment.text[:_MAX_READ], lexicon.months)
            if found:
                self._dates[segment.row, segment.position] = found
        self._claims = self._claimed()
        self._periods = periods(labelled, lexicon)
        self.order = order_of((one for found in self._dates.values() for one in found), hint=hint)
        if self.order is None:
            self.order = self._order_that_fits()

    def candidates(self) -> list[Candidate]:
        """At most one candidate a field, and the due date that the terms mean."""
        issued = self._pick("issue_date") or self._placed()
        due = self._pick("due_date") or self._collected()
        found = [one for one in (issued, due, self._pick("delivery_date")) if one is not None]
        if issued is None or not isinstance(issued.value, date):
            return found
        return [*found, *self._from_terms(issued.value)]

    def _claimed(self) -> list[_Claim]:
        """Every labelled date, once: the label nearest to it wins."""
        best: dict[tuple[int, int, int], _Claim] = {}
        for hit in self._labelled.of(*_FIELD_OF, *_ELSEWHERE):
            claim = self._claim(hit)
            if claim is None:
                continue
            segment = claim.span.segment
            place = (segment.row, segment.position, claim.printed.start)
            rival = best.get(place)
            if rival is None or self._distance(claim) < self._distance(rival):
                best[place] = claim
        return [claim for claim in best.values() if claim.label in _FIELD_OF]

    def _claim(self, hit: Hit) -> _Claim | None:
        if hit.label is Label.DATED and not self._numbered(hit):
            return None
        if _FIELD_OF.get(hit.label) == "issue_date" and counts_from(hit.span.segment, hit.span.start, self._lexicon):
            return None
        for relation, span in (*self._labelled.regions(hit), *self._centred_below(hit)):
            if relation is Relation.BELOW and hit.label in (*_BESIDE_ONLY, Label.OTHER_NUMBER, Label.PURCHASE_ORDER):
                continue
            within = _NEAR if hit.label is not Label.DUE_DATE_WEAK else _NEXT
            printed = self._first_date(span, within if relation is Relation.BEHIND else _NEXT)
            if printed is not None:
                segment = span.segment
                demanded = _FIELD_OF.get(hit.label) == "due_date" and self._says(Statement.TRANSFER, segment)
                claim = _Claim(hit.label, relation, printed, segment.span(printed.start, printed.end), demanded)
                return claim if self._fit(claim) else None
        return None

    def _centred_below(self, hit: Hit) -> Iterator[tuple[Relation, Span]]:
        """A date that is wider than the head it is centred under."""
        head, middle = hit.span.segment, (hit.span.box.x0 + hit.span.box.x1) / 2
        for row in self._labelled.layout.rows[head.row + 1 : head.row + 1 + _BELOW] if hit.behind is None else ():
            for segment in row.segments:
                covers = row.sheet is head.sheet and segment.box.x0 <= middle <= segment.box.x1
                if covers and (segment.row, segment.position) in self._dates:
                    yield Relation.BELOW, segment.span()
                    return

    def _fit(self, claim: _Claim) -> bool:
        segment = claim.span.segment
        others = [one for one in self._dates[segment.row, segment.position] if one is not claim.printed]
        if is_range(segment.text, claim.printed, others, self._lexicon):
            return False
        return _FIELD_OF.get(claim.label) != "due_date" or not self._discounted(segment, claim.printed, others)

    def _numbered(self, hit: Hit) -> bool:
        """Whether a "dated" stands behind the number of this document, not of an order."""
        before = [
            other
            for other in self._labelled.of(Label.NUMBER, Label.NUMBER_WEAK, Label.PURCHASE_ORDER, Label.OTHER_NUMBER)
            if other.span.segment is hit.span.segment and other.span.end <= hit.span.start
        ]
        return bool(before) and before[-1].first and before[-1].label in (Label.NUMBER, Label.NUMBER_WEAK)

    def _first_date(self, span: Span, within: int) -> PrintedDate | None:
        for one in self._dates.get((span.segment.row, span.segment.position), ()):
            if span.start <= one.start <= span.start + within and one.end <= max(span.end, one.start + 1):
                return one
        return None

    def _discounted(self, segment: Segment, one: PrintedDate, others: list[PrintedDate]) -> bool:
        """Whether the date's clause speaks of a discount for early payment."""
        since = max((other.end for other in others if other.end <= one.start), default=0)
        return discounts(clause_around(segment.text[:_MAX_READ], one.start, one.end, since=since), self._lexicon)

    def _distance(self, claim: _Claim) -> tuple[int, bool]:
        return _REACH[claim.relation], claim.label in (Label.ISSUE_DATE_WEAK, Label.DUE_DATE_WEAK, Label.DATED)

    def _of(self, field: str) -> list[_Claim]:
        return sorted((one for one in self._claims if _FIELD_OF[one.label] == field), key=lambda one: -one.confidence)

    def _pick(self, field: str) -> Candidate | None:
        """The surest claim; equally sure ones that differ leave the field open."""
        mine = self._of(field)
        if not mine:
            return None
        best = mine[0]
        rivals = [one for one in mine if one.confidence == best.confidence and self._values(one) != self._values(best)]
        values = self._values(best)
        if len(values) == 1 and not rivals:
            return seen(field, values[0], best.span, best.confidence)
        readings = [
            alternative(value, one.span, one.confidence / 2) for one in (best, *rivals) for value in self._values(one)
        ]
        value = values[0] if len(values) == 1 else None
        return seen(field, value, best.span, sure.CONFLICTING, alternatives=tuple(readings))

    def _values(self, claim: _Claim) -> tuple[date, ...]:
        value = claim.printed.read(self.order)
        return claim.printed.readings if value is None else (value,)

    def _order_that_fits(self) -> Order | None:
        """The only order in which the due date follows the issue date, after just the time that the terms give."""
        issued, due = self._of("issue_date")[:1], self._of("due_date")[:1]
        if not issued or not due:
            return None
        fitting = [order for order in Order if self._follows(issued[0].printed.read(order), due[0].printed.read(order))]
        return fitting[0] if len(fitting) == 1 else None

    def _follows(self, issued: date | None, due: date | None) -> bool:
        if issued is None or due is None or not issued <= due <= issued + _LATEST:
            return False
        plain = [one for one in self._periods if one.from_issue]
        return not plain or any(due in one.due(issued) for one in plain)

    def _placed(self) -> Candidate | None:
        """The only date of a letter's dateline, else of the first page's head, else beside a time of day (a till's)."""
        free = list(self._unclaimed())
        heads = [
            (segment, one)
            for segment, one in free
            if segment.sheet.number == 1 and segment.box.y1 <= _HEAD_SHARE * segment.sheet.height
        ]
        lines = [(segment, one) for segment, one in heads if _DATELINE.fullmatch(_around(segment, one))]
        timed = [(segment, one) for segment, one in free if _TIME.search(_around(segment, one))]
        for some, confidence in ((lines, sure.HEADED), (heads, sure.PLACED), (timed, sure.PLACED)):
            values = {one.read(self.order) for _, one in some}
            if len(values) == 1 and None not in values:
                segment, one = some[0]
                return seen("issue_date", values.pop(), segment.span(one.start, one.end), confidence)
        return None

    def _unclaimed(self) -> Iterator[tuple[Segment, PrintedDate]]:
        """The dates of short segments that no label claims, without the ends of periods."""
        taken = {(one.span.segment.row, one.span.segment.position) for one in self._claims}
        taken |= {(hit.span.segment.row, hit.span.segment.position) for hit in self._labelled.of(*_ELSEWHERE)}
        for segment, found in self._with_dates():
            if (segment.row, segment.position) not in taken and len(segment.text) <= _SHORT:
                for one in found:
                    others = [other for other in found if other is not one]
                    if one.start in self._dated_others(segment) and not _DATELINE.fullmatch(_around(segment, one)):
                        continue
                    if not is_range(segment.text, one, others, self._lexicon):
                        yield segment, one

    def _dated_others(self, segment: Segment) -> set[int]:
        """Where a date would belong to what stands before it: "delivery of 3 May"."""
        ends = {
            hit.span.end
            for hit in self._labelled.of(Label.DATED)
            if hit.span.segment is segment and _NAME.search(segment.text, 0, hit.span.start)
        }
        return {end + gap for end in ends for gap in range(3)}

    def _with_dates(self) -> Iterator[tuple[Segment, list[PrintedDate]]]:
        for segment in self._labelled.layout.segments:
            found = self._dates.get((segment.row, segment.position))
            if found:
                yield segment, found

    def _says(self, statement: Statement, segment: Segment) -> bool:
        return any(one.kind is statement for one in self._lexicon.statements(segment.text[:_MAX_READ]))

    def _collected(self) -> Candidate | None:
        """The day on which the amount will be debited, where one sentence names one."""
        following = {id(one): after for one, after in pairwise(self._labelled.layout.segments)}
        days = [
            (segment, found[0])
            for segment, found in self._with_dates()
            if len(found) == 1
            and any(
                self._says(Statement.DIRECT_DEBIT, one)
                for one in (segment, following.get(id(segment)))
                if one is segment or (one is not None and goes_on(segment, one))
            )
        ]
        values = {one.read(self.order) for _, one in days}
        if len(values) != 1 or None in values:
            return None
        segment, one = days[0]
        return seen("due_date", values.pop(), segment.span(one.start, one.end), sure.HEADED)

    def _from_terms(self, issued: date) -> list[Candidate]:
        """The due date that "14 days net" means; where the terms can mean several days, those are offered."""
        if len(self._periods) != 1:
            return []
        one = self._periods[0]
        days = one.due(issued)
        if one.from_issue and len(days) == 1:
            confidence = sure.DERIVED if one.days else sure.PLACED
            return [derived(seen("due_date", days[0], one.span, confidence, checks=("issue_plus_terms",)))]
        return [derived(_offered(days, one))]


# "Hamburg, 22.11.2026", "Paris, le 3 mai 2026", "Warszawa, dnia 4.11.2026"; the date itself is a dash.
_DATELINE = re.compile(r"[^\W\d_][^\d,;:|]{1,40},\s{0,2}(?:[^\W\d_]{2,5}\s)?—\.?")
_NAME = re.compile(r"[^\W\d_]{4}")  # of something: more than "No."
_TIME = re.compile(
    r"(?<!\d)[0-2]?\d[:.][0-5]\d(?::[0-5]\d)?\s{0,2}(?:[Uu]hr\s{0,2})?—|—[,T\s]{0,3}[0-2]?\d:[0-5]\d(?!\d)"
)


def _around(segment: Segment, one: PrintedDate) -> str:
    """The text of a segment with a dash for the date."""
    return f"{segment.text[: one.start]}—{segment.text[one.end :]}".strip()


def _offered(days: tuple[date, ...], period: Period) -> Candidate:
    readings = tuple(alternative(day, period.span, sure.CONFLICTING) for day in days)
    return seen("due_date", None, period.span, sure.CONFLICTING, alternatives=readings)
