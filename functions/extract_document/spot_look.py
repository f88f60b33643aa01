"""A spot of a page read again at two sizes: what both looks read alike replaces what the first reading had there."""

from dataclasses import replace

from extract_document.close_up import CloseUp
from extract_document.engines.engine import Layout, SeenWord, recognise
from extract_document.gaps import Spot
from extract_document.options import ReadOptions
from extract_document.raster import POINTS
from paydraft.model.page import Box, Page, Reading, Source, Word

_LOOKS = (300, 400)  # dpi
_LEAST = 0.7  # confidence of a word that may replace another
_SAME_PLACE = 0.5  # share of the smaller word that two readings of it have in common


def with_spot(reading: Reading, spot: Spot, close_up: CloseUp, options: ReadOptions) -> Reading:
    """The reading with the words on which both looks agree, or the same reading."""
    page = reading.pages[spot.page - 1]
    first, second = (_words(page, spot.box, dpi, close_up, options) for dpi in _LOOKS)
    agreed = [word for word in first if word.confidence >= _LEAST and any(_says_the_same(word, o) for o in second)]
    fresh = [word for word in agreed if not any(_says_the_same(word, old) for old in page.words)]
    if not fresh:
        return reading
    kept = tuple(old for old in page.words if not any(overlap(old.box, word.box) > _SAME_PLACE for word in fresh))
    pages = tuple(replace(page, words=(*kept, *fresh)) if one is page else one for one in reading.pages)
    return replace(reading, pages=pages)


def _words(page: Page, box: Box, dpi: int, close_up: CloseUp, options: ReadOptions) -> list[Word]:
    seen = recognise(close_up.part(page, box, dpi), dpi, options, Layout.BLOCK)
    return [_placed(word, box, POINTS / dpi) for word in seen]


def _placed(word: SeenWord, part: Box, scale: float) -> Word:
    box = Box(
        part.x0 + word.x0 * scale, part.y0 + word.y0 * scale, part.x0 + word.x1 * scale, part.y0 + word.y1 * scale
    )
    return Word(word.text, box, word.confidence, Source.OCR)


def _says_the_same(word: Word, other: Word) -> bool:
    return word.text == other.text and overlap(word.box, other.box) > _SAME_PLACE


def overlap(a: Box, b: Box) -> float:
    """The common area as a share of the smaller box."""
    across, down = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0))
    return across * down / max(smaller, 0.01)
