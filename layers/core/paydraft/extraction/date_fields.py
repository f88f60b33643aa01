"""Issue, due and delivery date: each date of the page goes to the label nearest to it, then each field picks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, derived, seen
from paydraft.extraction.dates import Order, PrintedDate, after, dates_in, is_range, order_of, terms_in
from paydraft.extraction.folding import tokens
from paydraft.extraction.labels.vocabulary import AmountWord, Label, Lexicon, Statement
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.relations import Hit, Labelled, Relation

_MAX_READ = 600  # characters of a segment searched for dates
_NEAR = 30  # characters between a label and its date
_HEAD_SHARE = 0.45  # of a page's height: where an unlabelled date can be the issue date
_SHORT = 60  # characters of a segment that is not prose
_LONGEST_TERM = 180  # days

_CLAUSE_END = re.compile(r"[,;.](?:\s|$)")

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

    @property
    def confidence(self) -> float:
        """By label and place."""
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
        self.order = order_of((one for found in self._dates.values() for one in found), hint=hint)

    def candidates(self) -> list[Candidate]:
        """At most one candidate a field, and for the due date one more that terms make of the date of issue."""
        claims = self._claims()
        issued = self._pick("issue_date", claims) or self._placed(claims)
        due = self._pick("due_date", claims)
        computed = self._from_terms(issued.value) if issued is not None and isinstance(issued.value, date) else None
        return [one for one in (issued, due, computed, self._pick("delivery_date", claims)) if one is not None]

    def _claims(self) -> list[_Claim]:
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
        for relation, span in self._labelled.regions(hit):
            if relation is Relation.BELOW and hit.label in (*_BESIDE_ONLY, Label.OTHER_NUMBER, Label.PURCHASE_ORDER):
                continue
            printed = self._first_date(span, _NEAR if relation is Relation.BEHIND else 12)
            if printed is not None:
                segment = span.segment
                claim = _Claim(hit.label, relation, printed, segment.span(printed.start, printed.end))
                return claim if self._fit(claim) else None
        return None

    def _fit(self, claim: _Claim) -> bool:
        segment = claim.span.segment
        others = self._dates[segment.row, segment.position]
        if is_range(segment.text, claim.printed, others):
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
        start = max((other.end for other in others if other.end <= one.start), default=0)
        stop = _CLAUSE_END.search(segment.text, one.end)
        words = tokens(segment.text[start : stop.start() if stop else _MAX_READ])
        return any(AmountWord.DISCOUNT in self._lexicon.amount_word(word.text) for word in words)

    def _distance(self, claim: _Claim) -> tuple[int, bool]:
        return _REACH[claim.relation], claim.label in (Label.ISSUE_DATE_WEAK, Label.DUE_DATE_WEAK, Label.DATED)

    def _pick(self, field: str, claims: list[_Claim]) -> Candidate | None:
        """The surest claim; equally sure ones that differ leave the field open."""
        mine = sorted((one for one in claims if _FIELD_OF[one.label] == field), key=lambda one: -one.confidence)
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
        if value is not None:
            return (value,)
        return tuple(one for one in (claim.printed.day_first, claim.printed.month_first) if one is not None)

    def _placed(self, claims: list[_Claim]) -> Candidate | None:
        """The only unlabelled date in the head of the first page."""
        taken = {(one.span.segment.row, one.span.segment.position) for one in claims}
        heads = [
            (one, segment)
            for segment, found in self._with_dates()
            if segment.sheet.number == 1
            and segment.box.y1 <= _HEAD_SHARE * segment.sheet.height
            and (segment.row, segment.position) not in taken
            and len(segment.text) <= _SHORT
            and not any(hit.span.segment is segment for hit in self._labelled.of(*_ELSEWHERE))
            for one in found
            if not is_range(segment.text, one, found)
        ]
        values = {one.read(self.order) for one, _ in heads}
        if len(values) != 1 or None in values:
            return None
        one, segment = heads[0]
        return seen("issue_date", values.pop(), segment.span(one.start, one.end), sure.PLACED)

    def _with_dates(self) -> Iterator[tuple[Segment, list[PrintedDate]]]:
        for segment in self._labelled.layout.segments:
            found = self._dates.get((segment.row, segment.position))
            if found:
                yield segment, found

    def _from_terms(self, issued: date) -> Candidate | None:
        """The due date that "14 days net" means, if the terms name one period beside discounts."""
        periods: dict[int, Span] = {}
        for span in self._terms():
            for days, start, end in self._undiscounted(span):
                if 0 < days <= _LONGEST_TERM:
                    periods.setdefault(days, span.within(start, end))
        if len(periods) != 1:
            return None
        days, span = periods.popitem()
        return derived(seen("due_date", after(issued, days), span, sure.DERIVED, checks=("issue_plus_terms",)))

    def _terms(self) -> Iterator[Span]:
        """Where a period of payment can stand: at a label of terms, or in a sentence that asks for the payment."""
        for hit in self._labelled.of(Label.TERMS, Label.DUE_DATE, Label.DUE_DATE_WEAK):
            for _, span in self._labelled.regions(hit):
                yield span
        for segment in self._labelled.layout.segments:
            text = segment.text[:_MAX_READ]
            asking = (Statement.TRANSFER, Statement.ASKS_FOR_PAYMENT)
            if terms_in(text) and any(found.kind in asking for found in self._lexicon.statements(text)):
                yield segment.span()

    def _undiscounted(self, span: Span) -> Iterator[tuple[int, int, int]]:
        """The periods of a span, offsets within it, that its sentence does not tie to a discount."""
        text, clause_start = span.segment.text[:_MAX_READ], 0
        for days, start, end in terms_in(text):
            stop = _CLAUSE_END.search(text, end)
            words = tokens(text[clause_start : stop.start() if stop else len(text)])
            discounted = any(AmountWord.DISCOUNT in self._lexicon.amount_word(word.text) for word in words)
            if not discounted and span.start <= start and end <= span.end:
                yield days, start - span.start, end - span.start
            clause_start = end
