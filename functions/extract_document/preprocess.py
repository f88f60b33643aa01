"""From a scan or a photo to an upright, straight, evenly lit page of about 200 dpi.

Everything is found on a small copy; the full picture is then moved once, by one projection, so that it is
interpolated only once and the way back to the original is one matrix. What is worth doing was measured on photos of
known pages: perspective and light double the share of digits read (0.45 to 0.91), deskewing lifts a scan at 3° from
0.81 to 0.96; looking for a page's corners on a plain scan does harm, so a page must be brighter than its border.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract_document import sheet
from extract_document.raster import DPI, Grey, Raster, fitting, resized

type Matrix = npt.NDArray[np.float64]

PREVIEW = 1600  # longer side of the small copy, pixels
MIN_SKEW = 0.4  # degrees; below, straightening blurs more than it mends
MAX_SKEW = 12.0
TEXT_HEIGHT = 17.0  # pixels: the median height of characters on invoices at 200 dpi (66 of them: 13 to 25)
_STRETCH = (2, 70)  # percentiles of a picture that become its black and its white
_LEAST_RANGE = 60.0  # grey levels between them
_TOLERANCE = (0.55, 1.15)  # a resolution that makes the characters this much smaller or larger is not believed


@dataclass(frozen=True, slots=True)
class Straightened:
    """The picture to recognise, and the projection from its pixels to the pixels of the original.

    `original` is the picture it was made of, with a resolution in any case: a file that tells none gets the one at
    which its text has the usual size.
    """

    raster: Raster
    original: Raster
    to_original: Matrix
    is_moved: bool  # False: only scaled

    def turned(self, degrees: int) -> "Straightened":
        """The same, turned clockwise by 90, 180 or 270 degrees."""
        height, width = self.raster.pixels.shape
        back = {
            90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
            180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        }[degrees]
        pixels = np.ascontiguousarray(np.rot90(self.raster.pixels, -degrees // 90))
        to_original = self.to_original @ np.array(back, dtype=np.float64)
        return Straightened(Raster(pixels, self.raster.dpi), self.original, to_original, True)


def straightened(raster: Raster) -> Straightened:
    """The page as Tesseract reads it best. Where `raster.dpi` is 0, the size of its characters decides the scale."""
    small = min(1.0, PREVIEW / max(raster.pixels.shape))
    preview = resized(raster.pixels, small)
    matrix, size = _flat(preview)
    flat = _warped(preview, matrix, size)
    shaded = is_shaded(flat)
    if shaded:
        flat = flatten_light(flat)
    angle = skew(flat)
    if abs(angle) > MIN_SKEW:
        matrix = _turn(angle, size) @ matrix
    is_moved = bool((matrix != np.eye(3)).any())
    scale = _scale(raster, flat, small)
    whole = _zoom(scale / small) @ matrix @ _zoom(small)
    width, height = round(size[0] * scale / small), round(size[1] * scale / small)
    pixels = _warped(raster.pixels, whole, (width, height)) if is_moved else resized(raster.pixels, scale)
    if shaded:
        pixels = flatten_light(pixels)
    original = Raster(raster.pixels, raster.dpi or DPI / scale)
    return Straightened(Raster(pixels, original.dpi * scale), original, np.linalg.inv(whole), is_moved)


def _flat(preview: Grey) -> tuple[Matrix, tuple[int, int]]:
    """The projection that makes the sheet of a photo fill the picture; the identity for a scan."""
    height, width = preview.shape
    corners = sheet.page_corners(preview) if sheet.has_dark_border(preview) else None
    if corners is None:
        return np.eye(3), (width, height)
    top_left, top_right, bottom_right, bottom_left = corners
    across = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right))
    down = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right))
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float32)
    matrix: Matrix = cv2.getPerspectiveTransform(corners, target)
    return matrix, (max(1, round(across)), max(1, round(down)))


def _scale(raster: Raster, preview: Grey, small: float) -> float:
    """How much larger the picture has to become: by its resolution, or by the height of its characters."""
    by_resolution = DPI / raster.dpi if raster.dpi else 0.0
    seen = text_height(preview)
    scale = _by_text(TEXT_HEIGHT / seen * small, by_resolution) if seen else by_resolution or 1.0
    return fitting(raster.pixels.shape[1], raster.pixels.shape[0], min(max(scale, 0.25), 3.0))


def _by_text(wanted: float, by_resolution: float) -> float:
    """`wanted` makes the characters as large as usual.

    Small print is made larger. What is larger than usual is made smaller only where it is far too large, and
    never to less than its half more: the smallest print on the page is what is lost first.
    """
    if by_resolution and _TOLERANCE[0] * by_resolution < wanted < _TOLERANCE[1] * by_resolution:
        return by_resolution
    return wanted if wanted > 1 else min(1.0, wanted * 1.5)


def _paper(grey: Grey) -> Grey:
    """The brightness of the paper alone, an eighth as large: text is closed by dilation."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper: Grey = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    return paper


def is_shaded(grey: Grey) -> bool:
    """Whether the paper is dark, or much darker in some places than in others."""
    if min(grey.shape) < 200:
        return False
    low, high = np.percentile(_paper(grey), (5, 95))
    return bool(high - low > 20 or high < 200)


def flatten_light(grey: Grey) -> Grey:
    """The picture as if its paper were evenly lit: each pixel as a share of the paper's brightness around it."""
    paper = cv2.resize(_paper(grey), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    result: Grey = cv2.divide(grey, np.maximum(paper, 1), scale=235)
    return result


def stretched(grey: Grey) -> Grey:
    """The picture with its own ink black and its own paper white."""
    low, high = np.percentile(grey, _STRETCH)
    low = min(low, high - _LEAST_RANGE)  # a part with hardly any ink stays paper
    table = np.clip((np.arange(256) - low) * 255.0 / (high - low), 0, 255).astype(np.uint8)
    result: Grey = cv2.LUT(grey, table)
    return result


def skew(grey: Grey) -> float:
    """By how many degrees the lines of text rise; 0.2 exact. The angle at which the rows of ink differ most."""
    small = resized(grey, min(1.0, 800 / max(grey.shape)))
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 12)
    coarse = max(np.arange(-MAX_SKEW, MAX_SKEW + 0.1, 1.0), key=lambda angle: _contrast(ink, angle))
    return float(max(np.arange(coarse - 1, coarse + 1.01, 0.2), key=lambda angle: _contrast(ink, angle)))


def _contrast(ink: Grey, angle: float) -> float:
    size = (ink.shape[1], ink.shape[0])
    matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1)
    rows = cv2.warpAffine(ink, matrix, size, flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())


def text_height(grey: Grey) -> float | None:
    """The median height of what looks like characters, in pixels; None if there are too few of them."""
    boxes = characters(grey, smallest=5)
    return float(np.median(boxes[:, 3])) if len(boxes) >= 30 else None


def characters(grey: Grey, smallest: int) -> npt.NDArray[np.int32]:
    """Boxes (x, y, width, height) of separate shapes as high and wide as characters, `smallest` to 60 pixels high."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    boxes: npt.NDArray[np.int32] = stats[1:]  # the first is the paper
    _, _, width, height, area = boxes.T
    upright = (height >= smallest) & (height <= 60) & (width <= 3 * height) & (width * 8 >= height)
    likely: npt.NDArray[np.int32] = boxes[upright & (area * 6 >= width * height)][:, :4]
    return likely


def _distance(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    return float(np.linalg.norm(a - b))


def _zoom(scale: float) -> Matrix:
    return np.diag([scale, scale, 1.0])


def _turn(angle: float, size: tuple[int, int]) -> Matrix:
    rotation = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1)
    return np.vstack([rotation, [0.0, 0.0, 1.0]])


def _warped(grey: Grey, matrix: Matrix, size: tuple[int, int]) -> Grey:
    if (matrix == np.eye(3)).all() and size == (grey.shape[1], grey.shape[0]):
        return grey
    result: Grey = cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return result
