"""Payment codes on a page, by zxing-cpp: QR (4-10 ms; all its formats take 49 ms and find nothing we use).

Croatian slips print theirs as PDF417, which takes 14 ms more: it is looked for only where the page's words tell of one.
"""

import re
from collections.abc import Iterable

import zxingcpp

from extract_document.raster import POINTS, Raster
from paydraft.model.page import Box, Code, Word

MAX_CODES = 8  # of one page
MAX_CHARACTERS = 2953  # what the largest QR code holds


_CROATIAN = re.compile(r"HR\d\d")  # an IBAN or the model of a reference


def read(raster: Raster, page: int, words: Iterable[Word] = ()) -> tuple[Code, ...]:
    """The payment codes of a page, boxes in points of the raster; `words` are those known of the page."""
    formats = [zxingcpp.BarcodeFormat.QRCode]
    if any(_CROATIAN.match(word.text) for word in words):
        formats.append(zxingcpp.BarcodeFormat.PDF417)
    found = zxingcpp.read_barcodes(raster.pixels, formats=formats)
    codes = [code for code in found if code.text][:MAX_CODES]
    return tuple(Code(code.text[:MAX_CHARACTERS], page, _box(code.position, POINTS / raster.dpi)) for code in codes)


def _box(position: zxingcpp.Position, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [corner.x * scale for corner in corners], [corner.y * scale for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
