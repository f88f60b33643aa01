"""Numbers that no label names: behind the document's own name, under a bare "No.", at the end of the heading."""

import re
from collections.abc import Iterator
from statistics import median

from paydraft.extraction import candidates as sure
from paydraft.extraction.folding import folded
from paydraft.extraction.labels.vocabulary import Label, Lexicon, TypeWord
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.number_form import is_number, number_in, stands_for_itself
from paydraft.extraction.relations import Labelled

_NAMES = frozenset({TypeWord.INVOICE, TypeWord.CREDIT_NOTE, TypeWord.RECEIPT})
_DATES = (Label.ISSUE_DATE, Label.ISSUE_DATE_WEAK, Label.DUE_DATE, Label.DUE_DATE_WEAK)
_OTHER_NUMBERS = (
    Label.OTHER_NUMBER, Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER, Label.TAX_NUMBER, Label.REGISTER_NUMBER,
    Label.PURCHASE_ORDER, Label.IBAN,
)  # fmt: skip
_BARE = frozenset(folded(word) for word in "number no nr num numero nummer numer numéro número n° nº sorszám".split())
_BARE_LABEL = re.compile(r"(?P<word>[^\W\d_]{1,8}[.°º]{0,2})\s*(?P<colon>:?)\s*(?P<rest>.*)$")
_REFERENCE = re.compile(r"(?:réf|ref)[.\s]{0,2}\s*:\s*", re.IGNORECASE)
_NUMBER_WORD = r"(?:nr|no|n|num|number|numer|nummer|numero|número|numéro|č|c|št|st|br|sz|№)\b[.°º:]*"
_BEHIND_NAME = re.compile(rf"[^\d:]{{0,40}}?(?:\b{_NUMBER_WORD}|[€£¢]\.)\s*(?=\S)", re.IGNORECASE)
_HEADING = re.compile(rf"[^\d:]{{3,60}}?\b{_NUMBER_WORD}\s*(?=\S)", re.IGNORECASE)
# Some words and a word with digits that is no year.
_ENDING = re.compile(r"(?:[^\W\d_]{2,}[\s\-]+){1,6}(?P<value>(?!(?:1[89]|20)\d\d$)[^\W_][\w/\-]*)")
_HEAD_ROWS = 14
_NEAR_HEADING = 2  # rows
_LARGER = 1.2  # than the page's usual letters
_BY_NAME, _BARE_SCORE, _BY_HEADING, _BY_REFERENCE = sure.LABELLED_BELOW, sure.WEAKLY_LABELLED, 0.75, 0.75
_LEAST_DIGITS = 3


def heading_reads(labelled: Labelled, lexicon: Lexicon | None) -> Iterator[tuple[Span, float]]:
    """Numbers and their scores from the first of these places that has one."""
    names = list(_named(labelled, lexicon)) if lexicon is not None else []
    places = (
        ((number, _BY_NAME) for name in names if (number := _behind_name(name))),
        ((number, _BARE_SCORE) for number in _bare(labelled)),
        ((number, _BY_HEADING) for number in _in_heading(labelled)),
        ((number, _BY_HEADING) for number in _ending_heading(labelled, lexicon)),
        ((number, _BY_REFERENCE) for number in _by_reference(labelled, names)),
    )
    for place in places:
        found = list(place)
        if found:
            yield from found
            return


def _named(labelled: Labelled, lexicon: Lexicon) -> Iterator[Span]:
    """What stands behind the document's name where a segment begins with it."""
    for segment in labelled.layout.segments:
        if labelled.first_label(segment) in (Label.OTHER_NUMBER, Label.PURCHASE_ORDER, Label.OTHER_DATE):
            continue
        for found in lexicon.types(segment.text[:120]):
            if found.kind in _NAMES and not any(char.isalnum() for char in segment.text[: found.start]):
                yield segment.span(found.end)
                break


def _behind_name(rest: Span) -> Span | None:
    if not any(char.isdigit() for char in rest.text):
        return None
    filler = _BEHIND_NAME.match(rest.text)
    for start in (filler.end(), 0) if filler else (0,):
        span = rest.within(start, len(rest.text))
        number = number_in(span)
        if number is not None and stands_for_itself(span, number):
            return number
    return None


def _bare(labelled: Labelled) -> Iterator[Span]:
    """Under, right of or behind a bare "No." or "Number" that stands beside a date's label or under the heading."""
    dated = {hit.span.segment.row + step for hit in labelled.of(*_DATES) for step in (-1, 0, 1)}
    headed = {segment.row + step for segment in _large(labelled) for step in range(1, _NEAR_HEADING + 1)}
    for row in labelled.layout.rows:
        for segment in row.segments:
            match = _BARE_LABEL.match(segment.text)
            if match is None or folded(match["word"]) not in _BARE:
                continue
            if segment.row not in dated and not (match["colon"] and segment.row in headed):
                continue
            if _goes_on(labelled, segment):
                continue
            number = _value_of_bare(labelled, segment, match)
            if number is not None:
                yield number
                return


def _goes_on(labelled: Labelled, segment: Segment) -> bool:
    """Whether the line above is the beginning of the label: "VAT Registration / No: GB 123"."""
    above = labelled.layout.rows[segment.row - 1].segments if segment.row else ()
    return any(
        labelled.first_label(one) in _OTHER_NUMBERS
        and one.box.x0 < segment.box.x1
        and one.box.x1 > segment.box.x0
        and not any(char.isdigit() for char in one.text)
        for one in above
    )


def _value_of_bare(labelled: Labelled, segment: Segment, match: re.Match[str]) -> Span | None:
    if match["rest"]:
        spans = [segment.span(match.start("rest"))] if match["colon"] else []
    else:
        right = labelled.layout.right_of(segment)
        below = labelled.layout.below(segment.span())
        beside = [right.span()] if right is not None and match["colon"] else []
        spans = [*beside, *below, *([right.span()] if right is not None else [])]
    for span in spans:
        number = number_in(span)
        if number is not None and stands_for_itself(span, number):
            return number
    return None


def _in_heading(labelled: Labelled) -> Iterator[Span]:
    """In a line in large letters near the top: a word for number, and the number behind or below it."""
    for segment in _large(labelled):
        match = _HEADING.match(f"{segment.text[:120]} .")
        if match is None or labelled.first_label(segment) is not None:
            continue
        rest = segment.span(min(match.end(), len(segment.text)))
        below = labelled.layout.below(segment.span(), reach=2.0) if not rest.text else ()
        for span in (rest, *below):
            number = number_in(span)
            if number is not None and _digits(number.text) >= _LEAST_DIGITS:
                yield number
                return


def _ending_heading(labelled: Labelled, lexicon: Lexicon | None) -> Iterator[Span]:
    """The last word of the heading of a document whose language is not known."""
    for segment in _large(labelled) if lexicon is not None and not lexicon.languages else ():
        match = _ENDING.fullmatch(segment.text)
        if match and _digits(match["value"]) >= _LEAST_DIGITS and is_number(match["value"]):
            yield segment.span(match.start("value"), match.end("value"))
            return


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _large(labelled: Labelled) -> Iterator[Segment]:
    """Lines near the top whose letters are larger than usual."""
    layout = labelled.layout
    heights = [segment.height for segment in layout.segments]
    usual = median(heights) if heights else 0.0
    for row in layout.rows[:_HEAD_ROWS]:
        yield from (segment for segment in row.segments if segment.height >= _LARGER * usual)


def _by_reference(labelled: Labelled, names: list[Span]) -> Iterator[Span]:
    """A reference directly under the document's name is the document's."""
    rows = {name.segment.row + step for name in names for step in range(1, _NEAR_HEADING + 1)}
    for row in sorted(rows):
        for segment in labelled.layout.rows[row].segments if row < len(labelled.layout.rows) else ():
            match = _REFERENCE.match(segment.text)
            value = segment.text[match.end() :].strip() if match else ""
            if match and " " not in value and is_number(value):
                start = segment.text.index(value, match.end())
                yield segment.span(start, start + len(value))
                return
