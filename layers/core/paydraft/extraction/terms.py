"""How much time there is to pay: "14 days net", "zahlbar sofort", and what runs from another day than that of issue.

A due date follows from terms only where they can mean one day; the days of a discount are no due date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from paydraft.extraction.dates import PrintedDate, after, end_of_month
from paydraft.extraction.folding import tokens
from paydraft.extraction.labels.vocabulary import AmountWord, Label, Lexicon, Statement, TermWord
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.relations import Labelled

_MAX_READ = 600  # characters of a segment
_LONGEST = 180  # days
_JUST_BEFORE = 40  # characters
_PLAIN = 9  # words of a clause that says when to pay; a longer one says what follows if nobody does
_USUAL = frozenset({7, 8, 10, 14, 15, 20, 21, 28, 30, 35, 40, 45, 50, 60, 75, 90, 120})  # days without the word "days"
_COUNTED = re.compile(
    r"(?<![\w.,/-])(?P<days>\d{1,3})\s{0,2}(?:\([^()\d]{1,20}\)\s?)?-?(?P<unit>[^\W\d_]+(?:\s[^\W\d_]+)?)"
)
_BARE = re.compile(r"[\s:.]{0,3}(?P<days>\d{1,3})(?![\w.,/%]|\s?[%€$£]|\s?[^\W\d_])")
# A comma, or a full stop before a capital letter: not that of an abbreviation ("abzgl. 2 % Skonto").
_CLAUSE_END = re.compile(r"[,;](?:\s|$)|\.(?:$|\s+(?=[A-ZÀ-ÖØ-ÞĀŁŚŻČŘŠŽŐŰ]))")
_HALF_RANGE = re.compile(r"(?<![\d.])\d{1,2}[./]\s?\d{0,2}[./]?\s{0,2}[-—]\s{0,2}$")
_DASH = re.compile(r"\s{0,2}[-—]\s{0,2}")


@dataclass(frozen=True, slots=True)
class Period:
    """Time to pay, and where it stands; 0 days: at once."""

    days: int
    span: Span
    from_issue: bool  # else it runs from the receipt of something
    to_end_of_month: bool

    def due(self, issued: date) -> tuple[date, ...]:
        """The days it can mean: one, or the readings of "30 days end of month"."""
        if not self.to_end_of_month:
            return (after(issued, self.days),)
        return tuple(dict.fromkeys((end_of_month(after(issued, self.days)), after(end_of_month(issued), self.days))))


def periods(labelled: Labelled, lexicon: Lexicon) -> list[Period]:
    """The times to pay that the document names, each once, without those of discounts."""
    found: dict[tuple[int, bool, bool], Period] = {}
    for span in _places(labelled, lexicon):
        for one in _periods_in(span, lexicon):
            found.setdefault((one.days, one.from_issue, one.to_end_of_month), one)
    return list(found.values())


def _places(labelled: Labelled, lexicon: Lexicon) -> Iterator[Span]:
    """Where a time to pay can stand: at a label of terms, or in a sentence that asks for the payment."""
    for hit in labelled.of(Label.TERMS, Label.DUE_DATE, Label.DUE_DATE_WEAK):
        for _, span in labelled.regions(hit):
            yield span
    before: Segment | None = None
    for segment in labelled.layout.segments:
        asked = (segment, before) if before is not None and goes_on(before, segment) else (segment,)
        if lexicon.terms(segment.text[:_MAX_READ]) and any(_asks(one, lexicon) for one in asked):
            yield segment.span()
        before = segment


def _asks(segment: Segment, lexicon: Lexicon) -> bool:
    asking = (Statement.TRANSFER, Statement.ASKS_FOR_PAYMENT)
    return any(found.kind in asking for found in lexicon.statements(segment.text[:_MAX_READ]))


def goes_on(before: Segment, segment: Segment) -> bool:
    """Whether a sentence of the line before may go on in this one."""
    near = segment.box.y0 - before.box.y1 < segment.height
    aligned = abs(segment.box.x0 - before.box.x0) < segment.height
    return segment.sheet is before.sheet and near and aligned and not before.text.rstrip().endswith((".", "!", ":"))


def _periods_in(span: Span, lexicon: Lexicon) -> Iterator[Period]:
    text = span.segment.text[:_MAX_READ]
    counted = sorted({*_counted(text, lexicon), *_bare(text, lexicon)}, key=lambda one: one[1])
    clause_start = 0
    for days, start, end, net in counted:
        clause = clause_around(text, start, end, since=clause_start)
        inside = span.start <= start and end <= span.end
        if inside and 0 < days <= _LONGEST and (net or not discounts(clause, lexicon)):
            yield _period(days, span.segment.span(start, end), clause, lexicon)
        clause_start = end
    if not counted:
        yield from _at_once(span, lexicon)


def _period(days: int, span: Span, clause: str, lexicon: Lexicon) -> Period:
    said = {found.kind for found in lexicon.terms(clause)}
    return Period(days, span, TermWord.FROM_RECEIPT not in said, TermWord.END_OF_MONTH in said)


def _at_once(span: Span, lexicon: Lexicon) -> Iterator[Period]:
    text = span.text[:_MAX_READ]
    for found in lexicon.terms(text):
        clause = clause_around(text, found.start, found.end)
        plain = len(tokens(clause)) <= _PLAIN and not discounts(clause, lexicon)
        if plain and found.kind in (TermWord.IMMEDIATELY, TermWord.FROM_RECEIPT):
            at_once = found.kind is TermWord.IMMEDIATELY
            yield Period(0, span.within(found.start, found.end), at_once, to_end_of_month=False)


def _counted(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int, bool]]:
    """Numbers before a word for days: (days, start, end, whether "net" stands beside it)."""
    for match in _COUNTED.finditer(text):
        for unit in (match["unit"], match["unit"].split()[0]):
            end = match.start("unit") + len(unit)
            said = lexicon.terms(unit)
            if any(one.kind is TermWord.DAYS and (one.start, one.end) == (0, len(unit)) for one in said):
                yield int(match["days"]), match.start(), end, _is_net(text, match.start(), end, lexicon)
                break


def _bare(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, int, bool]]:
    """Bare numbers behind "net": "net 30"."""
    for found in lexicon.terms(text):
        match = _BARE.match(text, found.end) if found.kind is TermWord.NET else None
        if match and int(match["days"]) in _USUAL:
            yield int(match["days"]), match.start("days"), match.end("days"), True


def _is_net(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the word before or behind a period says that it is the one without a discount."""
    words = tokens(text[max(0, start - 12) : start])[-1:] + tokens(text[end : end + 12])[:1]
    return any(found.kind is TermWord.NET for word in words for found in lexicon.terms(word.text))


def counts_from(segment: Segment, start: int, lexicon: Lexicon) -> bool:
    """Whether the words at `start` only say from when a period runs: "14 Tage nach Rechnungsdatum"."""
    before = segment.text[max(0, start - _JUST_BEFORE) : start]
    return any(True for _ in _counted(before, lexicon))


def clause_around(text: str, start: int, end: int, *, since: int = 0) -> str:
    """The clause in which the characters from `start` to `end` stand; what is before `since` belongs to another."""
    begin = max((stop.end() for stop in _CLAUSE_END.finditer(text, 0, start)), default=0)
    stop = _CLAUSE_END.search(text, end)
    return text[max(begin, since) : stop.start() if stop else len(text)]


def discounts(clause: str, lexicon: Lexicon) -> bool:
    """Whether a clause speaks of a discount for early payment."""
    words = tokens(clause)
    return "%" in clause or any(AmountWord.DISCOUNT in lexicon.amount_word(word.text) for word in words)


def is_range(text: str, one: PrintedDate, others: list[PrintedDate], lexicon: Lexicon) -> bool:
    """Whether a date is one end of a period of days ("01.05.14-31.05.14", "1.5. bis 31.5.2014")."""
    if _HALF_RANGE.search(text[: one.start]):
        return True
    between = [text[one.end : other.start] for other in others if other.start >= one.end]
    between += [text[other.end : one.start] for other in others if other.end <= one.start]
    return any(_DASH.fullmatch(gap) or _says_to(gap, lexicon) for gap in between)


def _says_to(gap: str, lexicon: Lexicon) -> bool:
    words = tokens(gap)
    return bool(words) and any(
        found.kind is TermWord.TO and found.start == words[0].start and found.end == words[-1].end
        for found in lexicon.terms(gap)
    )
