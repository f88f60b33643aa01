"""A whole page recognised once more, in another way, for the words that the first reading missed or doubted.

The dearest steps of the second look: they help where a label itself was lost, so that no spot is known to look at.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2

from extract_document import preprocess
from extract_document.close_up import CloseUp
from extract_document.engines.engine import Layout, SeenWord, recognise
from extract_document.options import ReadOptions
from extract_document.raster import DPI, POINTS, Grey
from extract_document.second_pass import completed, merged
from paydraft.model.page import Box, Page, Reading, Source, Word

type _Again = Callable[[Grey, list[SeenWord], ReadOptions], list[SeenWord]]

_STRENGTH = 12  # of the denoising, grey levels
_SCALE = POINTS / DPI


def with_rest(reading: Reading, close_up: CloseUp, options: ReadOptions) -> Reading:
    """The reading with the words that ink without words turns out to be when it is taken for blocks of text."""
    return _with(_rest, reading, close_up, options)


def with_denoised(reading: Reading, close_up: CloseUp, options: ReadOptions) -> Reading:
    """The reading with the words that show once the camera's noise is taken away (1.5 s of processor time a page)."""
    return _with(_denoised, reading, close_up, options)


def _rest(grey: Grey, seen: list[SeenWord], options: ReadOptions) -> list[SeenWord]:
    return completed(grey, seen, options, Layout.BLOCK)


def _denoised(grey: Grey, seen: list[SeenWord], options: ReadOptions) -> list[SeenWord]:
    clean: Grey = cv2.fastNlMeansDenoising(grey, None, _STRENGTH, 5, 15)
    return merged(seen, recognise(clean, DPI, options))


def _with(again: _Again, reading: Reading, close_up: CloseUp, options: ReadOptions) -> Reading:
    pages = tuple(_page(again, page, close_up, options) for page in reading.pages)
    changed = any(new is not old for new, old in zip(pages, reading.pages, strict=True))
    return replace(reading, pages=pages) if changed else reading


def _page(again: _Again, page: Page, close_up: CloseUp, options: ReadOptions) -> Page:
    """Pages that carry their own characters stay as they are."""
    if not page.words or any(word.source is not Source.OCR for word in page.words):
        return page
    grey = close_up.part(page, Box(0.0, 0.0, page.width, page.height), DPI)
    if preprocess.is_shaded(grey):
        grey = preprocess.flatten_light(grey)
    before = {_seen(word): word for word in page.words}
    words = again(grey, list(before), options)
    if all(word in before for word in words) and len(words) == len(before):
        return page
    return replace(page, words=tuple(before.get(word) or _word(word) for word in words))


def _seen(word: Word) -> SeenWord:
    x0, y0, x1, y1 = (round(value / _SCALE) for value in (word.box.x0, word.box.y0, word.box.x1, word.box.y1))
    return SeenWord(word.text, x0, y0, x1, y1, word.confidence)


def _word(word: SeenWord) -> Word:
    box = Box(word.x0 * _SCALE, word.y0 * _SCALE, word.x1 * _SCALE, word.y1 * _SCALE)
    return Word(word.text, box, word.confidence, Source.OCR)
