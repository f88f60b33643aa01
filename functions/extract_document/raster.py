"""A page as grey pixels, and how many of them make an inch."""

from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np
import numpy.typing as npt

from paydraft.model.media import MAX_PAGE_PIXELS

type Grey = npt.NDArray[np.uint8]

DPI = 200  # what a page is recognised at; Tesseract rescales each line anyway, more costs time and finds nothing
POINTS = 72.0  # to the inch
MAX_SIDE = 30_000  # pixels; Tesseract stops at 32,767


@dataclass(frozen=True, slots=True)
class Raster:
    """Grey pixels (0 is black), rows first, C order. `dpi` may be below the one asked for: see `fitting`."""

    pixels: Grey
    dpi: float

    @property
    def width(self) -> float:
        """In points."""
        return float(self.pixels.shape[1]) * POINTS / self.dpi

    @property
    def height(self) -> float:
        """In points."""
        return float(self.pixels.shape[0]) * POINTS / self.dpi


def fitting(width: float, height: float, scale: float) -> float:
    """`scale`, or as much of it as keeps a picture of that size within MAX_PAGE_PIXELS, its sides within MAX_SIDE."""
    width, height = max(width, 1.0), max(height, 1.0)
    return min(scale, sqrt(MAX_PAGE_PIXELS / (width * height)), MAX_SIDE / max(width, height))


def resized(grey: Grey, scale: float) -> Grey:
    """The picture `scale` times as large, by area when it shrinks."""
    if abs(scale - 1.0) < 0.01:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    result: Grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return result
