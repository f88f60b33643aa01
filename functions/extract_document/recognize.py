"""What is in a document: `read`, from bytes of any supported type to pages of words, codes and attachments.

Runs only inside the child process of sandbox.py (tests excepted): everything below it parses hostile bytes.
A PDF page with a sound text layer keeps it; what the layer does not cover (a letterhead that is a picture, text drawn
as curves) is recognised from the pixels that remain. Any other page is recognised whole.
"""

from extract_document import barcodes, images, rasterize, text_layer
from extract_document.options import ReadOptions
from extract_document.pixel_text import read_pixels, read_rest
from extract_document.raster import DPI, Raster
from extract_document.wire import Deadline
from paydraft.model.errors import UnreadableDocumentError, UnsupportedMediaError
from paydraft.model.media import MediaType, sniff
from paydraft.model.page import Attachment, Code, Page, Reading, View

MIN_WORDS = 3  # of a text layer that replaces recognition

type Seen = tuple[Page, tuple[Code, ...]]


def read(data: bytes, options: ReadOptions | None = None) -> Reading:
    """Everything seen in the document; raises DocumentError (model/errors.py) for what can't be read."""
    options = options or ReadOptions()
    media_type = sniff(data)
    if media_type is None:
        raise UnsupportedMediaError("the bytes show no supported type")
    if media_type is MediaType.XML:
        return Reading(media_type, (), attachments=(Attachment("invoice.xml", data),))
    reader = _Reader(options)
    if media_type is MediaType.PDF:
        return reader.pdf(data)
    return reader.picture(data, media_type)


class _Reader:
    """Reads the pages of one document, and leaves pages unread rather than be killed for the time they take."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._deadline = Deadline(options.seconds)
        self._unread: list[int] = []

    def pdf(self, data: bytes) -> Reading:
        with rasterize.opened(data) as pdf:
            seen = [self._page(rasterize.page_of(pdf, index), index + 1) for index in range(len(pdf))]
            return self._reading(MediaType.PDF, seen, rasterize.attachments(pdf))

    def picture(self, data: bytes, media_type: MediaType) -> Reading:
        seen = [self._pixels(raster, number) for number, raster in enumerate(images.pages(data, media_type), 1)]
        return self._reading(media_type, seen, ())

    def _page(self, page: rasterize.PdfPage, number: int) -> Seen:
        layer = text_layer.read(page)
        if not layer.is_sound or len(layer.words) < MIN_WORDS:
            return self._pixels(rasterize.rendered(page), number)
        quarter = text_layer.stand_upright(page)
        if quarter:
            layer = text_layer.read(page)
        raster = rasterize.rendered(page)
        codes = barcodes.read(raster, number, layer.words)
        covered = [word.box for word in layer.words] + [code.box for code in codes]
        rest = () if self._deadline.is_over else read_rest(raster, covered, self._options)
        return Page(number, raster.width, raster.height, layer.words + rest, _quarter_view(raster, quarter)), codes

    def _pixels(self, raster: Raster, number: int) -> Seen:
        if self._deadline.is_over:
            self._unread.append(number)
            raster = Raster(raster.pixels, raster.dpi or DPI)
            return Page(number, raster.width, raster.height, ()), ()
        return read_pixels(raster, number, self._options)

    def _reading(self, media_type: MediaType, seen: list[Seen], attachments: tuple[Attachment, ...]) -> Reading:
        pages = tuple(page for page, _ in seen)
        codes = tuple(code for _, found in seen for code in found)
        if not attachments and not codes and not any(page.words for page in pages):
            raise UnreadableDocumentError("no text on any page")
        return Reading(media_type, pages, codes, attachments, tuple(self._unread))


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
