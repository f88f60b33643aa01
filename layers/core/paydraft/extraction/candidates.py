"""What a source of evidence proposes: a value for a field, why, and how sure. `reconcile` picks among them.

Confidence here is a score: the table of habits below says how a value was tied to its field. What share of such values
is right was counted (calibration.py), and is what leaves extraction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce

from paydraft.extraction.folding import folded
from paydraft.extraction.layout import Span
from paydraft.model.evidence import Alternative, Area
from paydraft.model.hint import HintKind
from paydraft.model.invoice import Address, LineItem, PrintedAccount, TaxLine
from paydraft.model.page import Source

type Value = str | date | Decimal | Address | tuple[TaxLine, ...] | tuple[LineItem, ...] | PrintedAccount

FLOOR = 0.5  # below it a field stays empty, and its value is offered as an alternative

# A value that its source states by structure, not by looks.
STATED = {Source.XML: 0.98, Source.QR: 0.98}

# On a page: how a value was tied to its field.
LABELLED = 0.93  # right of, or directly behind, an unmistakable label
LABELLED_BELOW = 0.88
WEAKLY_LABELLED = 0.80  # the label can mean other things
HEADED = 0.75  # under a column head
PLACED = 0.60  # by its place alone
DERIVED = 0.80  # computed: a due date from terms
CHECKED = 0.97  # check digits hold, or sums agree
CONFLICTING = 0.40  # equally good candidates differ
READ_BY_OCR = 0.97  # factor on a page read from pixels


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal. `value` is None where the document can be read two ways: both are then alternatives."""

    field: str  # dotted path in Invoice
    value: Value | None
    raw: str
    source: Source
    confidence: float
    area: Area | None = None
    checks: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    legible: float = 1.0  # how sure its reader was of its least certain word; 1 for a text layer, XML and codes
    hint: HintKind | None = None  # proposed by what is known from elsewhere of such documents
    parts: tuple["Candidate", ...] = ()  # the evidence of what a list of lines is made of


def seen(
    name: str,
    value: Value | None,
    span: Span,
    confidence: float,
    *,
    checks: tuple[str, ...] = (),
    alternatives: tuple[Alternative, ...] = (),
) -> Candidate:
    """A candidate read on a page; the reader's own doubt about the characters lowers its confidence."""
    source = span.segment.source
    if source is Source.OCR:
        confidence *= READ_BY_OCR * (0.8 + 0.2 * span.confidence)
    score, legible = round(confidence, 3), span.confidence if source is Source.OCR else 1.0
    return Candidate(name, value, span.text, source, score, span.area, checks, alternatives, legible)


def derived(one: Candidate) -> Candidate:
    """A candidate that was computed from what stands at its place."""
    return replace(one, source=Source.DERIVED)


def seen_over(name: str, value: Value, spans: Sequence[Span], confidence: float) -> Candidate:
    """A candidate that stands on several lines of one page; its area is the box around them."""
    first = seen(name, value, spans[0], confidence)
    if first.area is None or len(spans) == 1:
        return first
    boxes = [span.box for span in spans]
    box = reduce(lambda one, other: one.joined(other), boxes)
    corners = {"x0": round(box.x0, 2), "y0": round(box.y0, 2), "x1": round(box.x1, 2), "y1": round(box.y1, 2)}
    raw = "\n".join(span.lines for span in spans)
    legible = min(span.confidence for span in spans) if first.source is Source.OCR else 1.0
    return replace(first, raw=raw, area=first.area.model_copy(update=corners), legible=legible)


def alternative(value: object, span: Span, confidence: float) -> Alternative:
    """Another reading of a page."""
    return Alternative(
        value=str(value), raw=span.text, source=span.segment.source, confidence=round(min(1.0, confidence), 3)
    )


def left_open(name: str, readings: Sequence[tuple[object, Span]]) -> Candidate:
    """A field that its place can mean in several ways, or whose characters are in doubt: no value, only readings."""
    others = tuple(alternative(value, span, CONFLICTING) for value, span in readings)
    return seen(name, None, readings[0][1], CONFLICTING, alternatives=others)


_CONFUSABLE = re.compile(r"[OoIl](?=\d)|(?<=\d)[OoIl]")


def blurred(span: Span, text: str) -> bool:
    """Whether OCR may have taken 0 for O or 1 for I in a word that no check digit guards."""
    return span.segment.source is Source.OCR and bool(_CONFUSABLE.search(text))


def as_alternative(one: Candidate) -> Alternative:
    """A candidate as the alternative to another."""
    return Alternative(value=shown(one.value), raw=one.raw, source=one.source, confidence=one.confidence)


_PAGE = "page"
_SAME_BY_LETTERS = frozenset({"seller.name", "buyer.name", "number", "purchase_order", "seller.tax_number"})


def kind_of(one: Candidate) -> str:
    """The kind of source it comes from; kinds err independently of each other. Text layer and pixels are one page."""
    if one.hint is not None:
        return one.hint.value
    if one.source is Source.DERIVED and one.field == "due_date":
        return one.source.value  # terms and a date are two statements; other sums restate what they are made of
    return _PAGE if one.source in (Source.TEXT, Source.OCR, Source.DERIVED) else one.source.value


def says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of a field mean one value, written in two ways."""
    left, right = one.value, other.value
    if one.field == "bic":
        return str(left).removesuffix("XXX") == str(right).removesuffix("XXX")
    if one.field in _SAME_BY_LETTERS:
        return folded(str(left)) == folded(str(right))
    if one.field.endswith(".address"):
        return folded(shown(left)) == folded(shown(right))
    return left == right


def shown(value: Value | None) -> str:
    """A value as text: ISO dates, plain decimals, addresses on one line."""
    if isinstance(value, Address):
        return ", ".join(value.lines)
    return "" if value is None else str(value)
