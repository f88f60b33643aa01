"""References a payment must carry: RF (ISO 11649), Swiss QR, those of national schemes, and labelled text."""

import re
from collections.abc import Iterator

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, blurred, left_open, seen
from paydraft.extraction.folding import folded
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.national_references import National, misread, national_references
from paydraft.extraction.payment import FoundIban
from paydraft.extraction.relations import Hit, Labelled, Relation
from paydraft.extraction.scheme_labels import named_schemes
from paydraft.model.bank_account import CreditorReference, QrReference
from paydraft.model.invoice import ReferenceKind

_MAX_READ = 400
MAX_TEXT = 140  # characters of unstructured remittance information in a SEPA payment
_RF = re.compile(r"(?<![A-Za-z0-9])RF\d{2}(?: ?[A-Z0-9]){1,21}(?![A-Za-z0-9])")
_QR = re.compile(r"(?<!\d)(?:\d ?){26}\d(?!\d)")
# Meant to have check digits, and they fail: a misreading, not a text.
_BROKEN = re.compile(r"RF\d{2}(?: ?\w){4}|(?:\d ?){26,27}$", re.IGNORECASE)
_MORE = r"(?: (?:[\w./\-]*\d[\w./\-]*|[A-Za-z]{1,4}/[A-Za-z]{1,4}(?!\w))){0,6}"
_TEXT = re.compile(rf"[\s:.#°)]*(?:\([^)]{{0,60}}\)[\s:]*)?(?P<value>[A-Za-z0-9][\w./\-]*{_MORE})")
# "quoting the invoice number 4711": some words without a digit, then the number.
_AFTER_WORDS = re.compile(r"[\s:]*(?:[^\W\d_]+[\s:]+){1,4}(?P<value>[A-Za-z]{0,4}[\-/]?\d[\w./\-]{3,})")

_BETWEEN = re.compile(r"[\s:.,\-]*(?:[^\W\d_]+ ){0,2}")  # "quoting [your customer] account number"
_NUMBERS = (Label.NUMBER, Label.NUMBER_WEAK, Label.OTHER_NUMBER, Label.PURCHASE_ORDER)

type _Structured = tuple[Candidate, ReferenceKind]


def reference_candidates(labelled: Labelled, ibans: list[FoundIban]) -> list[Candidate]:
    """The strongest reference of the page: one with check digits before a labelled one."""
    national = national_references(labelled, named_schemes(labelled))
    structured = [one for segment in labelled.layout.segments for one in _structured(segment)]
    structured += [_national(one) for one in national if one.valid]
    structured = _without_twins(structured) or [_national(one) for one in national if one.valid is None]
    values = {candidate.value for candidate, _ in structured}
    if len(values) == 1:
        candidate, kind = structured[0]
        return [candidate, _kind(kind, candidate)]
    if values:  # several: which one belongs to this payment is not known
        return []
    wrong = {one.span.segment for one in national if misread(one)}
    found = _labelled_text(labelled, {one.span.segment for one in ibans} | wrong)
    if found is None or found.value is None:
        return [found] if found else []
    return [found, _kind(ReferenceKind.TEXT, found)]


def reference_kind_of(text: str) -> ReferenceKind:
    """The scheme a stated reference belongs to, by its check digits."""
    if CreditorReference.parse(text):
        return ReferenceKind.RF
    return ReferenceKind.QRR if QrReference.parse(text) else ReferenceKind.TEXT


def _kind(kind: ReferenceKind, of: Candidate) -> Candidate:
    return Candidate("reference_kind", kind.value, of.raw, of.source, of.confidence, area=of.area)


def _structured(segment: Segment) -> Iterator[_Structured]:
    text = segment.text[:_MAX_READ].replace("  ", " ") if len(segment.text) < _MAX_READ else segment.text[:_MAX_READ]
    for match in _RF.finditer(text):
        value = _longest_rf(match.group())
        if value:
            span = segment.span(match.start(), min(len(segment.text), match.end()))
            yield seen("reference", value, span, sure.CHECKED, checks=("mod97",)), ReferenceKind.RF
    for match in _QR.finditer(text):
        number = QrReference.parse(match.group())
        if number:
            span = segment.span(match.start(), min(len(segment.text), match.end()))
            yield seen("reference", number, span, sure.CHECKED, checks=("mod10",)), ReferenceKind.QRR


def _national(one: National) -> _Structured:
    confidence = sure.CHECKED if one.valid else sure.LABELLED
    checks = (one.scheme,) if one.valid else ()
    return seen("reference", one.value, one.span, confidence, checks=checks), ReferenceKind.NATIONAL


def _without_twins(found: list[_Structured]) -> list[_Structured]:
    """A national number that is printed as RF, too, is one reference: the RF form stands for both."""
    inside = {str(one.value)[4:].lstrip("0") for one, kind in found if kind is ReferenceKind.RF}
    return [(one, kind) for one, kind in found if kind is not ReferenceKind.NATIONAL or one.value not in inside]


def _longest_rf(text: str) -> CreditorReference | None:
    """The reference without the words behind it."""
    words = text.split(" ")
    tries = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((value for one in tries if (value := CreditorReference.parse(one))), None)


def _labelled_text(labelled: Labelled, taken: set[Segment]) -> Candidate | None:
    """What stands behind a label of payment references, else behind a plain "reference" that nothing contradicts.

    `taken` are segments that say something else: accounts, and references that fail their check.
    """
    for label, scale in ((Label.REFERENCE, 1.0), (Label.REFERENCE_WEAK, sure.WEAKLY_LABELLED / sure.LABELLED)):
        read = [one for hit in labelled.of(label) if (one := _behind(labelled, hit, taken, scale))]
        if read:
            best = max(read, key=lambda one: one.confidence)
            return best if {one.value for one in read} == {best.value} else None
    return None


def _behind(labelled: Labelled, hit: Hit, taken: set[Segment], scale: float) -> Candidate | None:
    for relation, span in (*_by_its_name(labelled, hit), *labelled.regions(hit), *_next_line(labelled, hit)):
        match = _value_in(span, whole=hit.label is Label.REFERENCE)
        if match is None or span.segment in taken:
            continue
        value = span.within(match.start("value"), match.end("value"))
        if _BROKEN.match(value.text):
            return None
        confidence = scale * (sure.HEADED if relation is Relation.BELOW else sure.LABELLED)
        text = value.text.rstrip(".,-")
        return (
            left_open("reference", [(text, value)])
            if blurred(value, text)
            else seen("reference", text, value, confidence)
        )
    return None


def _value_in(span: Span, *, whole: bool) -> re.Match[str] | None:
    """The reference at the start of a span; behind an unmistakable label (`whole`) words may come before it."""
    text = span.text[:MAX_TEXT]
    match = _TEXT.match(text)
    if match is not None and any(char.isdigit() for char in match["value"]):
        return match
    return _AFTER_WORDS.match(text) if whole else None


def _by_its_name(labelled: Labelled, hit: Hit) -> Iterator[tuple[Relation, Span]]:
    """The value of the number that is named instead: "Purpose: contract 4711", "quoting your account number"."""
    segment = hit.span.segment
    following = (
        other
        for other in labelled.of(*_NUMBERS)
        if other.span.segment is segment
        and other.span.start >= hit.span.end
        and _BETWEEN.fullmatch(segment.text[hit.span.end : other.span.start])
    )
    named = None if hit.behind and any(char.isdigit() for char in hit.behind.text) else next(following, None)
    if named is None:
        return
    if named.behind is not None:
        yield Relation.BEHIND, named.behind
        return
    name = folded(named.span.text)
    for other in labelled.of(named.label):
        if other is not named and folded(other.span.text) == name:
            yield from labelled.regions(other)


def _next_line(labelled: Labelled, hit: Hit) -> Iterator[tuple[Relation, Span]]:
    """The line below, where a sentence goes on after the label that ends its line."""
    segment, rows = hit.span.segment, labelled.layout.rows
    ends = hit.behind is None and labelled.layout.right_of(segment) is None
    if hit.label is Label.REFERENCE and not hit.first and ends and segment.row + 1 < len(rows):
        below = rows[segment.row + 1].segments[0]
        if below.sheet is segment.sheet and abs(below.box.x0 - segment.box.x0) <= segment.height:
            yield Relation.BELOW, below.span()
