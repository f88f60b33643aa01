"""What is known from elsewhere about where a value stands: one more source of candidates, never the only one.

A *template* is written by a tenant for a kind of document: fields with patterns, labels, zones, a least confidence. A
*memory* is left by a person who confirmed or corrected a value of one supplier: where it stood, behind which label, of
which shape. Both come to extraction as hints.
"""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from paydraft.model.evidence import Area, Frozen

MAX_HINTS = 100  # of one document
_MAX_PATTERN = 200  # characters
_MAX_LABEL = 100
_MAX_LABELS = 10  # of one hint
# An escaped character, a set, a count of repeats, or any other character.
_TOKENS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|\{\d*(?:,\d*)?\}|.", re.DOTALL)
_EXACT = re.compile(r"\{\d+\}")
_SHAPES = ((re.compile(r"[^\W\d_]+"), "A"), (re.compile(r"\d+"), "9"), (re.compile(r"\s+"), " "))


class HintKind(StrEnum):
    """Who knows it."""

    TEMPLATE = "template"
    MEMORY = "memory"


class Zone(Frozen):
    """A part of a page, in shares of its width and height from the top left corner; page -1 is the last one."""

    page: int | None = None  # None: any page
    x0: float = Field(ge=0, le=1)
    y0: float = Field(ge=0, le=1)
    x1: float = Field(ge=0, le=1)
    y1: float = Field(ge=0, le=1)


def _checked(pattern: str) -> str:
    """A regular expression that compiles and can be tried on hostile text; ValueError for any other."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError("the pattern is not a regular expression") from error
    if _repeats_a_choice(pattern):
        raise ValueError("the pattern repeats a group that can match in several ways")
    return pattern


def _repeats_a_choice(pattern: str) -> bool:
    """Whether a repeated group holds repeats or alternatives: on the wrong text that takes time without end."""
    choices, closed, before = [False], False, ""
    for sign in _TOKENS.findall(pattern):
        repeats = sign in ("*", "+") or (sign[0] == "{" and len(sign) > 1)
        if repeats and before == ")" and closed:
            return True
        if sign == "(":
            choices.append(False)
        elif sign == ")" and len(choices) > 1:
            closed = choices.pop()
            choices[-1] = choices[-1] or closed
        elif sign == "|" or (repeats and not _EXACT.fullmatch(sign)) or (sign == "?" and before != "("):
            choices[-1] = True
        before = sign
    return False


type Pattern = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_PATTERN), AfterValidator(_checked)]
type LabelText = Annotated[str, StringConstraints(max_length=_MAX_LABEL)]


class Hint(Frozen):
    """Where one field's value can be found; what is None or empty restricts nothing."""

    kind: HintKind
    field: str = Field(max_length=_MAX_LABEL)  # dotted path of Invoice
    zone: Zone | None = None
    labels: tuple[LabelText, ...] = Field(
        default=(), max_length=_MAX_LABELS
    )  # the value stands behind, right of or below
    pattern: Pattern | None = None  # what the whole value must match
    shape: str | None = Field(default=None, max_length=_MAX_PATTERN)  # "A-9": as `shape_of` writes it
    least: float = Field(default=0.0, ge=0, le=1)  # confidence below which the field is to stay empty


def shape_of(text: str) -> str:
    """The shape of a value: a run of letters as A, of digits as 9, of spaces as one; anything else as it is."""
    for kind, sign in _SHAPES:
        text = kind.sub(sign, text)
    return text.strip()


def remembered(field: str, raw: str, area: Area | None, label: str | None = None) -> Hint | None:
    """The memory of a value that a person confirmed, from the evidence of it; None if it stood nowhere."""
    if area is None or not raw.strip():
        return None
    width, height = area.page_width, area.page_height
    shares = (area.x0 / width, area.y0 / height, area.x1 / width, area.y1 / height)
    x0, y0, x1, y1 = (round(min(max(share, 0.0), 1.0), 4) for share in shares)
    zone = Zone(page=area.page, x0=x0, y0=y0, x1=x1, y1=y1)
    labels = (label[:_MAX_LABEL],) if label else ()
    shape = shape_of(raw)
    fitting = shape if len(shape) <= _MAX_PATTERN else None
    return Hint(kind=HintKind.MEMORY, field=field, zone=zone, labels=labels, shape=fitting)
