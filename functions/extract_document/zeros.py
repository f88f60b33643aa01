"""Zeros that were taken for the letter O, told apart by their shape: no check digit guards an invoice number.

In a word with digits beside the letter, all digits are equally wide (so that columns of numbers stand in line), a
capital O is about half as wide again, and a small o is lower. So an O as narrow and as high as the digits around it
is a zero. Where the ink of a word does not fall apart into as many shapes as it has characters, nothing is changed.
"""

import re
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np

from extract_document.close_up import CloseUp
from extract_document.raster import Grey
from paydraft.model.page import Box, Page, Reading, Source, Word

_DOUBTFUL = re.compile(r"[Oo](?=\d)|(?<=\d)[Oo]")
_DPI = 300
_MAX_WORDS = 40  # looked at in one document
_AS_WIDE = 1.18  # times a digit: no wider is a zero (0.95 to 1.1; a capital O is 1.3 to 1.6)
_AS_HIGH = 0.88
_LEVELS = (1.0, 0.8, 0.6, 0.45)  # of the level that parts ink from paper
_WIDE_DIGITS = frozenset("023456789")
_MIN_DIGITS = 2  # that tell how wide and high a digit is


@dataclass(frozen=True, slots=True, order=True)
class _Shape:
    """A patch of ink: its left edge, width and height in pixels."""

    x: int
    width: int
    height: int


def with_zeros(reading: Reading, close_up: CloseUp) -> Reading:
    """The reading with the zeros that its pixels show; the same reading where there is no such word."""
    pages = tuple(_page(page, close_up) for page in reading.pages)
    changed = any(new is not old for new, old in zip(pages, reading.pages, strict=True))
    return replace(reading, pages=pages) if changed else reading


def _page(page: Page, close_up: CloseUp) -> Page:
    doubtful = [w for w in page.words if w.source is Source.OCR and _DOUBTFUL.search(w.text)][:_MAX_WORDS]
    settled = {id(word): text for word in doubtful if (text := _settled(word, page, close_up)) != word.text}
    if not settled:
        return page
    words = tuple(replace(word, text=settled.get(id(word), word.text)) for word in page.words)
    return replace(page, words=words)


def _settled(word: Word, page: Page, close_up: CloseUp) -> str:
    shapes = _shapes(close_up.part(page, _roomy(word.box), _DPI), len(word.text))
    digits = [shape for char, shape in zip(word.text, shapes, strict=False) if char in _WIDE_DIGITS]
    if len(digits) < _MIN_DIGITS:
        return word.text
    width, height = median(shape.width for shape in digits), median(shape.height for shape in digits)
    zeros = (shape.width <= _AS_WIDE * width and shape.height >= _AS_HIGH * height for shape in shapes)
    return "".join("0" if is_zero and char in "Oo" else char for char, is_zero in zip(word.text, zeros, strict=True))


def _shapes(grey: Grey, count: int) -> list[_Shape]:
    """The `count` separate shapes of a word from left to right; none if its ink does not fall apart into as many.

    Characters that touch come apart when only their darkest ink counts.
    """
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    for share in _LEVELS:
        ink = (grey < level * share).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
        rows = (tuple(int(value) for value in row[:4]) for row in stats[1:])
        shapes = sorted((_Shape(x, width, height) for x, _, width, height in rows if height * 4 >= len(grey)))
        if len(shapes) == count:
            return shapes
    return []


def _roomy(box: Box) -> Box:
    margin = (box.y1 - box.y0) * 0.15
    return Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
