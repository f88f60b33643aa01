"""What is in a document: `read`, from bytes of any supported type to pages of words, codes and attachments.

Runs only inside the child process of sandbox.py (tests excepted): everything below it parses hostile bytes.
A PDF page with a sound text layer keeps it; what the layer does not cover (a letterhead that is a picture, text drawn
as curves) is recognised from the pixels that remain. Any other page is recognised whole.
"""

from dataclasses import replace

import numpy as np

from extract_document import barcodes, images, preprocess, rasterize, text_layer
from extract_document.engines.engine import SeenWord, engine_of, recognise
from extract_document.options import ReadOptions
from extract_document.raster import DPI, POINTS, Raster, resized
from paydraft.model.errors import UnreadableDocumentError, UnsupportedMediaError
from paydraft.model.media import MediaType, sniff
from paydraft.model.page import Attachment, Box, Code, Page, Reading, Source, View, Word

MIN_WORDS = 3  # of a text layer that replaces recognition
MIN_CHARACTERS_LEFT = 40  # unread ones that make a second look worth its time (a logo has fewer)
MIN_CONFIDENCE = 0.65  # on average; an upside-down page stays at 0.36 to 0.55, a sound one above 0.9

LEAST_CONTRAST = 40  # grey levels between ink and paper; a page with less is blank for a person too

type Seen = tuple[Page, tuple[Code, ...]]


def read(data: bytes, options: ReadOptions | None = None) -> Reading:
    """Everything seen in the document; raises DocumentError (model/errors.py) for what can't be read."""
    options = options or ReadOptions()
    media_type = sniff(data)
    if media_type is None:
        raise UnsupportedMediaError("the bytes show no supported type")
    if media_type is MediaType.XML:
        return Reading(media_type, (), attachments=(Attachment("invoice.xml", data),))
    if media_type is MediaType.PDF:
        return _read_pdf(data, options)
    rasters = enumerate(images.pages(data, media_type), 1)
    seen = [_recognised(preprocess.straightened(raster), number, options) for number, raster in rasters]
    return _reading(media_type, seen, ())


def _read_pdf(data: bytes, options: ReadOptions) -> Reading:
    with rasterize.opened(data) as pdf:
        seen = [_read_page(rasterize.page_of(pdf, index), index + 1, options) for index in range(len(pdf))]
        return _reading(MediaType.PDF, seen, rasterize.attachments(pdf))


def _reading(media_type: MediaType, seen: list[Seen], attachments: tuple[Attachment, ...]) -> Reading:
    pages = tuple(page for page, _ in seen)
    codes = tuple(code for _, found in seen for code in found)
    if not attachments and not codes and not any(page.words for page in pages):
        raise UnreadableDocumentError("no text on any page")
    return Reading(media_type, pages, codes, attachments)


def _read_page(page: rasterize.PdfPage, number: int, options: ReadOptions) -> Seen:
    layer = text_layer.read(page)
    if not layer.is_sound or len(layer.words) < MIN_WORDS:
        return _recognised(preprocess.straightened(rasterize.rendered(page)), number, options)
    quarter = text_layer.stand_upright(page)
    if quarter:
        layer = text_layer.read(page)
    raster = rasterize.rendered(page)
    codes = barcodes.read(raster, number)
    covered = _painted_over(raster, [*(word.box for word in layer.words), *(code.box for code in codes)])
    words = layer.words + _unread(covered, options)
    return Page(number, raster.width, raster.height, words, _quarter_view(raster, quarter)), codes


def _recognised(page: preprocess.Straightened, number: int, options: ReadOptions) -> Seen:
    """Words and codes of a page that has only pixels."""
    codes = barcodes.read(page.original, number)  # zxing-cpp minds neither tilt nor shade
    seen = recognise(page.raster.pixels, DPI, options) if _has_ink(page.raster) else []
    if seen and (_confidence(seen) < MIN_CONFIDENCE or _lie_down(seen)):
        page, seen = _upright(page, seen, options)
    view = _view(page) if page.is_moved else None
    scale = page.original.width / page.raster.pixels.shape[1] if view is None else POINTS / page.raster.dpi
    words = tuple(_word(word, scale) for word in seen)
    if view is None:
        return Page(number, page.original.width, page.original.height, words), codes
    back = View(page.raster.width, page.raster.height, _flat(np.linalg.inv(np.reshape(view.matrix, (3, 3)))))
    placed = tuple(Code(code.text, code.page, back.boxed(code.box)) for code in codes)
    return Page(number, page.raster.width, page.raster.height, words, view), placed


def _upright(
    page: preprocess.Straightened, seen: list[SeenWord], options: ReadOptions
) -> tuple[preprocess.Straightened, list[SeenWord]]:
    """A second look at a page that may be upside down or on its side; the better of the two."""
    degrees = engine_of(options).turned(page.raster.pixels, DPI, options)
    if not degrees:
        return page, seen
    turned = page.turned(degrees)
    again = recognise(turned.raster.pixels, DPI, options)
    return (turned, again) if _lie_down(seen) or _confidence(again) > _confidence(seen) else (page, seen)


def _has_ink(raster: Raster) -> bool:
    return int(raster.pixels.max()) - int(raster.pixels.min()) >= LEAST_CONTRAST


def _confidence(seen: list[SeenWord]) -> float:
    """The mean over all characters; 0 when nothing was read."""
    characters = sum(len(word.text) for word in seen)
    return sum(word.confidence * len(word.text) for word in seen) / characters if characters else 0.0


def _lie_down(seen: list[SeenWord]) -> bool:
    """Whether most words are higher than wide: Tesseract reads them so, but rows and columns have changed places."""
    long = [word for word in seen if len(word.text) >= 4]
    return sum(word.y1 - word.y0 > word.x1 - word.x0 for word in long) * 2 > len(long)


def _quarter_view(raster: Raster, quarter: int) -> View | None:
    """The way back from a page that was turned because its text ran upwards, downwards or upside down."""
    width, height = raster.width, raster.height
    match quarter:
        case 1:
            return View(height, width, (0, -1, height, 1, 0, 0, 0, 0, 1))
        case 2:
            return View(width, height, (-1, 0, width, 0, -1, height, 0, 0, 1))
        case 3:
            return View(height, width, (0, 1, 0, -1, 0, width, 0, 0, 1))
        case _:
            return None


def _view(page: preprocess.Straightened) -> View:
    shrink = np.diag([POINTS / page.original.dpi, POINTS / page.original.dpi, 1.0])
    grow = np.diag([page.raster.dpi / POINTS, page.raster.dpi / POINTS, 1.0])
    return View(page.original.width, page.original.height, _flat(shrink @ page.to_original @ grow))


def _flat(matrix: preprocess.Matrix) -> tuple[float, ...]:
    return tuple(float(value) for value in matrix.flatten())


def _word(word: SeenWord, scale: float) -> Word:
    box = Box(word.x0 * scale, word.y0 * scale, word.x1 * scale, word.y1 * scale)
    return Word(word.text, box, word.confidence, Source.OCR)


def _unread(covered: Raster, options: ReadOptions) -> tuple[Word, ...]:
    """What stands on a page beside its text layer and codes; only the part with characters is recognised."""
    left = preprocess.characters(resized(covered.pixels, 0.5), smallest=4)
    if len(left) < MIN_CHARACTERS_LEFT:
        return ()
    x0, y0 = (max(0, int(value) * 2 - 20) for value in left[:, :2].min(axis=0))
    x1, y1 = (int(value) * 2 + 20 for value in (left[:, :2] + left[:, 2:]).max(axis=0))
    seen = recognise(np.ascontiguousarray(covered.pixels[y0:y1, x0:x1]), DPI, options)
    moved = (replace(word, x0=word.x0 + x0, y0=word.y0 + y0, x1=word.x1 + x0, y1=word.y1 + y0) for word in seen)
    return tuple(_word(word, POINTS / covered.dpi) for word in moved)


def _painted_over(raster: Raster, boxes: list[Box]) -> Raster:
    """The page with every box painted white."""
    pixels, scale = raster.pixels.copy(), raster.dpi / POINTS
    for box in boxes:
        rows = slice(max(0, int(box.y0 * scale)), int(box.y1 * scale) + 2)
        pixels[rows, max(0, int(box.x0 * scale) - 1) : int(box.x1 * scale) + 2] = 255
    return Raster(pixels, raster.dpi)
