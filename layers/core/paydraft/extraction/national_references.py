"""Payment references of national schemes: behind the scheme's name, or in a form of their own, check digits right.

Finland (viitenumero), Estonia (viitenumber), Sweden (OCR), Norway (KID), Denmark (FIK), Belgium (structured
communication), Slovenia and Croatia (SI/HR and a model), Serbia (model 97), Czechia and Slovakia (variable symbol,
which has no check digit).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from paydraft.extraction.layout import Layout, Span
from paydraft.extraction.relations import Hit, Labelled
from paydraft.extraction.scheme_labels import Named, Scheme
from paydraft.model import check_digits
from paydraft.model.page import Source

_LEAD = r"[\s:.#°()‚'|]*(?:(?:nr|no|n)\b[\s:.]*)?"
_DIGITS = re.compile(_LEAD + r"(?P<value>\d(?:[ \-]?\d){1,30})(?![\w/])")
_MODEL = re.compile(_LEAD + r"(?P<value>(?P<model>(?:SI|HR) ?\d{2})[ \-]?(?P<rest>\d[\d\-]{0,25}))(?!\w)")
_MODEL_ALONE = re.compile(r"[\s:]*(?:SI|HR) ?\d{2}[\s\-]*")
_SERBIAN = re.compile(_LEAD + r"(?:\(?97\)?)[ \-]+(?P<value>\d[\d\-]{2,25})(?!\w)")
_BELGIAN = re.compile(
    r"(?:\+{3}|\*{3}) ?(\d{3}) ?/ ?(\d{4}) ?/ ?(\d{5}) ?(?:\+{3}|\*{3})|(?<![\d/])(\d{3})/(\d{4})/(\d{5})(?![\d/])"
)
_FIK = re.compile(r"\+(?:71|75|04)<(?P<value>\d{15,16})\+\d{8}<")
# Models of Slovenia and Croatia whose check digit is known here; 00 and 99 have none.
_CHECKED_MODELS = frozenset({"SI12", "HR01"})
_FREE_MODELS = frozenset({"SI00", "SI99", "HR00", "HR99"})


@dataclass(frozen=True, slots=True)
class National:
    """A reference behind a scheme's name, or by its form. `valid` is None where the scheme has no check digit."""

    value: str
    span: Span
    scheme: str
    valid: bool | None


@dataclass(frozen=True, slots=True)
class _Digits:
    least: int
    most: int
    holds: Callable[[str], bool] | None


_SCHEMES = {
    Scheme.VIITE: _Digits(4, 20, check_digits.finnish),
    Scheme.VIITENUMBER: _Digits(2, 20, check_digits.finnish),
    Scheme.OCR: _Digits(2, 25, check_digits.luhn),
    Scheme.KID: _Digits(2, 25, lambda digits: check_digits.luhn(digits) or check_digits.mod11(digits)),
    Scheme.VARIABLE_SYMBOL: _Digits(1, 10, None),
}


def national_references(labelled: Labelled, named: Iterable[Named]) -> list[National]:
    """Every national reference of the pages, those that fail their check as well: they are misread, not free text."""
    found = [reference for one in named if (reference := _named(labelled, one))]
    return [*found, *_by_form(labelled.layout)]


def _named(labelled: Labelled, named: Named) -> National | None:
    read = _model if named.scheme is Scheme.SKLIC else _digits
    if named.scheme is not Scheme.SKLIC and named.scheme not in _SCHEMES:
        return None
    for span in (*(span for _, span in labelled.regions(named.hit)), *_below_all(labelled, named.hit)):
        found = read(span, named.scheme)
        if found is not None:
            return found
    return _over_lines(labelled, named.hit) if named.scheme is Scheme.SKLIC else None


def _over_lines(labelled: Labelled, hit: Hit) -> National | None:
    """A model at the end of a line and its number at the start of the next."""
    rows, behind = labelled.layout.rows, hit.behind
    if behind is None or not _MODEL_ALONE.fullmatch(behind.text) or behind.segment.row + 1 >= len(rows):
        return None
    below = rows[behind.segment.row + 1].segments[0]
    match = _MODEL.match(f"{behind.text} {below.text[:60]}")
    return _checked_model(match, behind) if match and below.sheet is behind.segment.sheet else None


def _below_all(labelled: Labelled, hit: Hit) -> Iterator[Span]:
    """Below the whole head whose name is one of its words: "Always quote OCR"."""
    segment = hit.span.segment
    right = labelled.layout.right_of(segment)
    if right is not None and not any(char.isdigit() for char in segment.text):
        yield from labelled.layout.below(segment.span(), until=right.box.x0 - 2)


def _digits(span: Span, scheme: Scheme) -> National | None:
    match = _DIGITS.match(span.text[:80])
    if match is None:
        return None
    rule, digits = _SCHEMES[scheme], re.sub(r"\D", "", match["value"])
    if not rule.least <= len(digits) <= rule.most:
        return None
    value = digits.lstrip("0") if scheme in (Scheme.VIITE, Scheme.VIITENUMBER) else digits
    valid = rule.holds(digits) if rule.holds else None
    return National(value or digits, span.within(match.start("value"), match.end("value")), scheme.value, valid)


def _model(span: Span, scheme: Scheme) -> National | None:
    text = span.text[:80]
    if match := _MODEL.match(text):
        return _checked_model(match, span.within(match.start("value"), match.end("value")))
    if match := _SERBIAN.match(text):
        digits = match["value"].replace("-", "")
        place = span.within(match.start("value"), match.end("value"))
        return National(f"97{digits}", place, "97", int(digits[2:] + "00") % 97 + int(digits[:2]) == 98)
    return None


def _checked_model(match: re.Match[str], place: Span) -> National | None:
    model, rest = match["model"].replace(" ", ""), match["rest"].strip("-")
    digits = rest.replace("-", "")
    valid = check_digits.mod11_open(digits) if model in _CHECKED_MODELS and len(digits) > 1 else None
    return National(f"{model}{rest}", place, model, valid) if model in _CHECKED_MODELS | _FREE_MODELS else None


def _by_form(layout: Layout) -> Iterator[National]:
    """References that need no name."""
    for segment in layout.segments:
        text = segment.text[:400]
        for match in _BELGIAN.finditer(text) if "/" in text else ():
            digits = "".join(part for part in match.groups() if part)
            if (int(digits[:10]) % 97 or 97) == int(digits[10:]):
                yield National(digits, segment.span(match.start(), match.end()), "ogm", valid=True)
        for match in _FIK.finditer(text) if "<" in text else ():
            span = segment.span(match.start("value"), match.end("value"))
            yield National(match["value"], span, "fik", check_digits.luhn(match["value"]))


def misread(one: National) -> bool:
    """Whether a reference fails a check that its scheme never goes without, or that pixels may have broken."""
    obligatory = one.scheme != Scheme.OCR.value or one.span.segment.source is Source.OCR
    return one.valid is False and obligatory
