"""Words and codes of a page, or of the part of a page, that has only pixels."""

from dataclasses import replace

import numpy as np

from extract_document import barcodes, preprocess
from extract_document.engines.engine import SeenWord, engine_of, recognise
from extract_document.options import ReadOptions
from extract_document.raster import DPI, POINTS, Raster, resized
from extract_document.second_pass import completed
from paydraft.model.page import Box, Code, Page, Source, View, Word

MIN_CHARACTERS_LEFT = 40  # unread ones that make a second look worth its time (a logo has fewer)
MIN_CONFIDENCE = 0.65  # on average; an upside-down page stays at 0.36 to 0.55, a sound one above 0.9
LEAST_CONTRAST = 40  # grey levels between ink and paper; a page with less is blank for a person too


def read_pixels(raster: Raster, number: int, options: ReadOptions) -> tuple[Page, tuple[Code, ...]]:
    """The page, straightened as far as that helps, with its words; and its codes."""
    page = preprocess.straightened(raster)
    codes = barcodes.read(page.original, number)  # zxing-cpp minds neither tilt nor shade
    seen = _seen(page, codes, options)
    if seen and (_confidence(seen) < MIN_CONFIDENCE or _lie_down(seen)):
        page, seen = _upright(page, seen, codes, options)
    if page.is_moved:
        width, height, scale, view = page.raster.width, page.raster.height, POINTS / page.raster.dpi, _view(page)
    else:  # only scaled: the words are placed on the original itself
        width, height, view = page.original.width, page.original.height, None
        scale = width / page.raster.pixels.shape[1]
    words = tuple(_word(word, scale) for word in seen)
    return Page(number, width, height, words, view), _placed(codes, page)


def read_rest(raster: Raster, covered: list[Box], options: ReadOptions) -> tuple[Word, ...]:
    """What stands on a page beside `covered`, its text layer and codes; only the part with characters is recognised."""
    rest = _painted_over(raster, covered)
    left = preprocess.characters(resized(rest.pixels, 0.5), smallest=4)
    if len(left) < MIN_CHARACTERS_LEFT:
        return ()
    x0, y0 = (max(0, int(value) * 2 - 20) for value in left[:, :2].min(axis=0))
    x1, y1 = (int(value) * 2 + 20 for value in (left[:, :2] + left[:, 2:]).max(axis=0))
    seen = recognise(np.ascontiguousarray(rest.pixels[y0:y1, x0:x1]), DPI, options)
    moved = (replace(word, x0=word.x0 + x0, y0=word.y0 + y0, x1=word.x1 + x0, y1=word.y1 + y0) for word in seen)
    return tuple(_word(word, POINTS / rest.dpi) for word in moved)


def _seen(page: preprocess.Straightened, codes: tuple[Code, ...], options: ReadOptions) -> list[SeenWord]:
    if int(page.raster.pixels.max()) - int(page.raster.pixels.min()) < LEAST_CONTRAST:
        return []
    # A code's modules would be taken for letters.
    text = _painted_over(page.raster, [code.box for code in _placed(codes, page)]) if codes else page.raster
    seen = recognise(text.pixels, DPI, options)
    return completed(text.pixels, seen, options) if seen and options.retries else seen


def _upright(
    page: preprocess.Straightened, seen: list[SeenWord], codes: tuple[Code, ...], options: ReadOptions
) -> tuple[preprocess.Straightened, list[SeenWord]]:
    """A second look at a page that may be upside down or on its side; the better of the two."""
    degrees = engine_of(options).turned(page.raster.pixels, DPI, options)
    if not degrees:
        return page, seen
    turned = page.turned(degrees)
    again = _seen(turned, codes, options)
    return (turned, again) if _lie_down(seen) or _confidence(again) > _confidence(seen) else (page, seen)


def _placed(codes: tuple[Code, ...], page: preprocess.Straightened) -> tuple[Code, ...]:
    """Codes of the original, moved to where they stand on the page that is recognised."""
    if not page.is_moved:
        return codes
    forth = np.linalg.inv(np.reshape(_view(page).matrix, (3, 3)))
    place = View(page.raster.width, page.raster.height, _flat(forth))
    return tuple(replace(code, box=place.boxed(code.box)) for code in codes)


def _confidence(seen: list[SeenWord]) -> float:
    """The mean over all characters; 0 when nothing was read."""
    characters = sum(len(word.text) for word in seen)
    return sum(word.confidence * len(word.text) for word in seen) / characters if characters else 0.0


def _lie_down(seen: list[SeenWord]) -> bool:
    """Whether most words are higher than wide: Tesseract reads them so, but rows and columns have changed places."""
    long = [word for word in seen if len(word.text) >= 4]
    return sum(word.y1 - word.y0 > word.x1 - word.x0 for word in long) * 2 > len(long)


def _view(page: preprocess.Straightened) -> View:
    shrink = np.diag([POINTS / page.original.dpi, POINTS / page.original.dpi, 1.0])
    grow = np.diag([page.raster.dpi / POINTS, page.raster.dpi / POINTS, 1.0])
    return View(page.original.width, page.original.height, _flat(shrink @ page.to_original @ grow))


def _flat(matrix: preprocess.Matrix) -> tuple[float, ...]:
    return tuple(float(value) for value in matrix.flatten())


def _word(word: SeenWord, scale: float) -> Word:
    box = Box(word.x0 * scale, word.y0 * scale, word.x1 * scale, word.y1 * scale)
    return Word(word.text, box, word.confidence, Source.OCR)


def _painted_over(raster: Raster, boxes: list[Box]) -> Raster:
    """The page with every box painted white."""
    pixels, scale = raster.pixels.copy(), raster.dpi / POINTS
    for box in boxes:
        rows = slice(max(0, int(box.y0 * scale)), int(box.y1 * scale) + 2)
        pixels[rows, max(0, int(box.x0 * scale) - 1) : int(box.x1 * scale) + 2] = 255
    return Raster(pixels, raster.dpi)
