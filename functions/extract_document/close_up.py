"""Parts of a document's pages as they were recognised, in as many pixels as a second look wants.

A box of a page (points, see model/page.py) is cut straight out of the original: a PDF page is rendered anew, so that
a scan of 300 dpi gives all it has, a picture is taken as it was sent. Straightening and cutting are one projection.
"""

import cv2
import numpy as np

from extract_document import images, rasterize
from extract_document.preprocess import stretched
from extract_document.raster import POINTS, Grey, Raster
from paydraft.model.media import MediaType, sniff
from paydraft.model.page import Box, Page

SHARP_DPI = 300  # what a PDF page is rendered at; scans are seldom finer


class CloseUp:
    """The pixels of one document; pages are rendered or decoded when they are first asked for, one at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._number = 0
        self._raster = Raster(np.zeros((1, 1), np.uint8), 1)

    def part(self, page: Page, box: Box, dpi: float, *, widened: float = 1.0) -> Grey:
        """What is inside `box`, its paper white, its ink black; `widened` makes characters that much broader."""
        raster = self._original(page.number)
        seen = page.view or page
        x_scale, y_scale = raster.pixels.shape[1] / seen.width, raster.pixels.shape[0] / seen.height
        to_original = np.reshape(page.view.matrix, (3, 3)) if page.view else np.eye(3)
        from_part = np.array([[POINTS / dpi / widened, 0, box.x0], [0, POINTS / dpi, box.y0], [0, 0, 1]])
        whole = np.diag([x_scale, y_scale, 1.0]) @ to_original @ from_part
        size = (
            max(1, round((box.x1 - box.x0) * dpi / POINTS * widened)),
            max(1, round((box.y1 - box.y0) * dpi / POINTS)),
        )
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        cut: Grey = cv2.warpPerspective(raster.pixels, whole, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return stretched(cut)

    def _original(self, number: int) -> Raster:
        if number != self._number:
            self._raster, self._number = _raster(self._data, number), number
        return self._raster


def _raster(data: bytes, number: int) -> Raster:
    """Page `number` (from 1) as a person sees it."""
    media_type = sniff(data)
    if media_type is MediaType.PDF:
        with rasterize.opened(data) as pdf:
            return rasterize.rendered(rasterize.page_of(pdf, number - 1), SHARP_DPI)
    if media_type is None:
        raise ValueError("no document")
    return next(raster for index, raster in enumerate(images.pages(data, media_type), 1) if index == number)
