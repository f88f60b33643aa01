"""Payment codes on a page: QR only, by zxing-cpp (4-10 ms; all its formats take 49 ms and find nothing we use)."""

import zxingcpp

from extract_document.raster import POINTS, Raster
from paydraft.model.page import Box, Code

MAX_CODES = 8  # of one page
MAX_CHARACTERS = 2953  # what the largest QR code holds


def read(raster: Raster, page: int) -> tuple[Code, ...]:
    """The QR codes of a page, boxes in points of the raster."""
    found = zxingcpp.read_barcodes(raster.pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    codes = [code for code in found if code.text][:MAX_CODES]
    return tuple(Code(code.text[:MAX_CHARACTERS], page, _box(code.position, POINTS / raster.dpi)) for code in codes)


def _box(position: zxingcpp.Position, scale: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [corner.x * scale for corner in corners], [corner.y * scale for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
