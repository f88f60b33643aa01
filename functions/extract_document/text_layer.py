"""The characters that a PDF itself carries, as words with boxes.

Loose character boxes (the font's height, the character's advance) are used throughout: with tight ones a narrow
character such as "1" or "." leaves a gap, and "717,97" falls apart.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from ctypes import byref, c_double
from dataclasses import dataclass
from itertools import islice
from math import pi

import pypdfium2.raw as pdfium_c

from extract_document.rasterize import PdfPage
from paydraft.model.page import Box, Source, Word

MAX_CHARACTERS = 100_000  # of one page; a dense page has 6,000
MAX_STRANGE = 0.02  # 178 sound documents stay below 0.002, fonts without a usable mapping are at 0.7 and above
GAP = 0.20  # of the line's height: wider than any kerning, narrower than any space
_SAMPLE = 500  # characters that tell how a page lies
_STRANGE = ("Cc", "Co", "Cn", "Cs")  # control, private use, unassigned, half a surrogate pair
_HYPHENS = (0x02, 0xAD, 0xFFFE)  # how PDFium reports a hyphen at the end of a line
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}


@dataclass(slots=True)
class _Run:
    """A word being put together. `quarter` is how often its text is turned clockwise by 90°."""

    text: str
    box: Box
    quarter: int

    def takes(self, box: Box, quarter: int) -> bool:
        """Whether a character at `box` continues the word."""
        if quarter != self.quarter:
            return False
        mine, its = _upright(self.box, quarter), _upright(box, quarter)
        height = max(1.0, mine.y1 - mine.y0)
        overlap = min(its.y1, mine.y1) - max(its.y0, mine.y0)
        return its.x0 - mine.x1 < GAP * height and its.x0 > mine.x0 - 1 and overlap > 0.3 * min(height, its.y1 - its.y0)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of one page, and whether their characters make sense."""

    words: tuple[Word, ...]
    is_sound: bool


def read(page: PdfPage) -> TextLayer:
    """The words that stand on the visible part of the page, boxes as the person sees it (see model/page.py)."""
    textpage = page.get_textpage()
    try:
        runs = list(_runs(page, textpage.raw))
    finally:
        textpage.close()
    width, height = page.get_size()
    words = [Word(run.text, run.box, 1.0, Source.TEXT) for run in runs if _is_inside(run.box, width, height)]
    return TextLayer(tuple(words), strangeness("".join(run.text for run in runs)) <= MAX_STRANGE)


def stand_upright(page: PdfPage) -> int:
    """Turn the page so that most of its text runs to the right; how many quarter turns clockwise it had been turned."""
    textpage = page.get_textpage()
    try:
        counts = Counter(_quarter_of(textpage.raw, index) for index, _ in islice(_characters(textpage.raw), _SAMPLE))
    finally:
        textpage.close()
    rotation = page.get_rotation() // 90
    quarter = (rotation + counts.most_common(1)[0][0]) % 4 if counts else 0
    if quarter:
        page.set_rotation((rotation - quarter) % 4 * 90)
    return quarter


def strangeness(text: str) -> float:
    """The share of characters that no invoice has: control, private use, unassigned, replacement."""
    strange = sum(1 for char in text if char == "\ufffd" or unicodedata.category(char) in _STRANGE)
    return strange / len(text) if text else 0.0


def _runs(page: PdfPage, textpage: object) -> Iterator[_Run]:
    place = _Place.of(page)
    run: _Run | None = None
    for index, char in _characters(textpage):
        if char.isspace():
            ended, run = run, None
        else:
            box, quarter = place.of_char(textpage, index)
            if run is not None and run.takes(box, quarter):
                run.text, run.box = run.text + char, run.box.joined(box)
                continue
            ended, run = run, _Run(char, box, quarter)
        if ended is not None:
            yield ended
    if run is not None:
        yield run


def _characters(textpage: object) -> Iterator[tuple[int, str]]:
    """Index and character; the two halves of a surrogate pair come as one character, at the index of the first."""
    count = min(pdfium_c.FPDFText_CountChars(textpage), MAX_CHARACTERS)
    high = 0
    for index in range(count):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
        elif 0xDC00 <= code < 0xE000 and high:
            yield index - 1, chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
            high = 0
        elif code:
            yield index, "-" if code in _HYPHENS else _LIGATURES.get(code) or _char(code)


def _char(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


@dataclass(slots=True)
class _Place:
    """From PDF user space (y upwards, before /Rotate) to points from the top left corner of the page as seen."""

    left: float
    bottom: float
    width: float  # before /Rotate
    height: float
    quarter: int  # /Rotate in quarter turns clockwise

    @classmethod
    def of(cls, page: PdfPage) -> "_Place":
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right - left, top - bottom, page.get_rotation() // 90)

    def of_char(self, textpage: object, index: int) -> tuple[Box, int]:
        """Box of a character as seen, and the quarter turns of its text as seen."""
        left, bottom, right, top = _char_box(textpage, index)
        corners = (self._seen(left - self.left, bottom - self.bottom), self._seen(right - self.left, top - self.bottom))
        (x0, y0), (x1, y1) = corners
        box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return box, (self.quarter + _quarter_of(textpage, index)) % 4

    def _seen(self, x: float, y: float) -> tuple[float, float]:
        match self.quarter:
            case 1:
                return y, x
            case 2:
                return self.width - x, y
            case 3:
                return self.height - y, self.width - x
            case _:
                return x, self.height - y


def _quarter_of(textpage: object, index: int) -> int:
    angle: float = pdfium_c.FPDFText_GetCharAngle(textpage, index)  # radians, clockwise; -1 for no character
    return round(max(angle, 0.0) / (pi / 2)) % 4


def _char_box(textpage: object, index: int) -> tuple[float, float, float, float]:
    rect = pdfium_c.FS_RECTF()
    if (
        pdfium_c.FPDFText_GetLooseCharBox(textpage, index, byref(rect))
        and rect.right > rect.left
        and rect.top > rect.bottom
    ):
        return rect.left, rect.bottom, rect.right, rect.top
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium_c.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
    return left.value, bottom.value, right.value, top.value


def _upright(box: Box, quarter: int) -> Box:
    """The box in a frame in which the text runs to the right."""
    match quarter:
        case 1:  # the text runs downwards
            return Box(box.y0, -box.x1, box.y1, -box.x0)
        case 2:
            return Box(-box.x1, -box.y1, -box.x0, -box.y0)
        case 3:
            return Box(-box.y1, box.x0, -box.y0, box.x1)
        case _:
            return box


def _is_inside(box: Box, width: float, height: float) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return 0 <= x <= width and 0 <= y <= height
