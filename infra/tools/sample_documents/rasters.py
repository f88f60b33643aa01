"""Scans and photos: a drawn page turned into pixels, and what paper, glass and lenses do to them.

Everything random comes from a seeded generator, so that a document is the same on every run.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import cast

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]  # height x width
Colour = NDArray[np.uint8]  # height x width x 3, red first
_LAMP = np.array((1.0, 0.965, 0.90), np.float32)  # a lamp's yellow
_WOOD = np.array((104, 78, 58), np.float32)
_EXIF_ORIENTATION = 0x0112


def render(pdf: bytes, dpi: int, page: int = 0) -> Grey:
    """One page of a PDF as grey pixels."""
    return cast(Grey, np.asarray(_picture(pdf, dpi, page).convert("L")))


def render_colour(pdf: bytes, dpi: int, page: int = 0) -> Colour:
    """One page of a PDF in colour."""
    return cast(Colour, np.asarray(_picture(pdf, dpi, page).convert("RGB")))


def _picture(pdf: bytes, dpi: int, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return cast(Image.Image, document[page].render(scale=dpi / 72).to_pil().copy())
    finally:
        document.close()


def skewed(page: Grey, degrees: float) -> Grey:
    """The page laid a little askew on the glass; what shows beside it is white."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return _pixels(cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255.0))


def noisy(page: NDArray[np.uint8], strength: float, seed: int) -> NDArray[np.uint8]:
    """Grain of a sensor: a normal error on every pixel."""
    grain = np.random.default_rng(seed).normal(0.0, strength, page.shape).astype(np.float32)
    return _pixels(page.astype(np.float32) + grain)


def specks(page: Grey, count: int, seed: int) -> Grey:
    """Dust on the glass."""
    chance = np.random.default_rng(seed)
    dirty = page.copy()
    for _ in range(count):
        centre = (int(chance.integers(page.shape[1])), int(chance.integers(page.shape[0])))
        cv2.circle(dirty, centre, int(chance.integers(1, 3)), int(chance.integers(90, 190)), -1)
    return dirty


def faded(page: Grey, black: int, white: int) -> Grey:
    """Toner that is not black on paper that is not white."""
    return _pixels(black + page.astype(np.float32) * (white - black) / 255)


def photographed(page: Colour, width: int, height: int, corners: Sequence[tuple[float, float]], seed: int) -> Colour:
    """The page on a table, seen by a telephone: perspective, light from one side, a hand's shadow, a slight blur.

    `corners` are the page's corners as shares of the picture, clockwise from the top left.
    """
    down, across = page.shape[:2]
    edges = np.array([(0, 0), (across, 0), (across, down), (0, down)], np.float32)
    target = np.array([(x * width, y * height) for x, y in corners], np.float32)
    view = cv2.getPerspectiveTransform(edges, target)
    paper = cv2.warpPerspective(page, view, (width, height), flags=cv2.INTER_AREA).astype(np.float32)
    covered = cv2.warpPerspective(np.full((down, across), 255, np.uint8), view, (width, height))
    share = (cv2.GaussianBlur(covered, (0, 0), 0.8).astype(np.float32) / 255)[..., None]
    picture = paper * share + _table(width, height, seed) * (1 - share)
    picture = picture * _light(width, height)[..., None] * _LAMP
    return noisy(_pixels(cv2.GaussianBlur(picture, (0, 0), 0.7)), 1.6, seed)


def _table(width: int, height: int, seed: int) -> NDArray[np.float32]:
    streaks = np.random.default_rng(seed + 1).normal(0.0, 9.0, (height // 6 + 1, 4)).astype(np.float32)
    grain = cv2.resize(streaks, (width, height), interpolation=cv2.INTER_CUBIC)
    return cast(NDArray[np.float32], _WOOD + grain[..., None])


def _light(width: int, height: int) -> NDArray[np.float32]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    gradient = 1.0 - 0.30 * (x / width) - 0.12 * (y / height)
    shadow = np.zeros((height, width), np.float32)
    hand = np.array([(0.62, 1.0), (0.70, 0.83), (0.80, 0.72), (1.0, 0.64), (1.0, 1.0)], np.float32)
    cv2.fillPoly(shadow, [(hand * (width, height)).astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(shadow, (0, 0), width * 0.035)
    return cast(NDArray[np.float32], gradient * (1 - 0.32 * soft))


def jpeg(page: Grey | Colour, quality: int, *, dpi: int | None = None, sideways: bool = False) -> bytes:
    """JPEG; `sideways` stores it as a telephone does that was held upright: turned, with EXIF orientation 6."""
    picture, exif = Image.fromarray(page), Image.Exif()
    if sideways:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[_EXIF_ORIENTATION] = 6
    extra = {"dpi": (dpi, dpi)} if dpi else {}
    return _saved(picture, "JPEG", quality=quality, optimize=True, exif=exif, **extra)


def webp(page: Colour, quality: int) -> bytes:
    """WebP, as a messenger sends a photo."""
    return _saved(Image.fromarray(page), "WEBP", quality=quality, method=6)


def png(page: Grey, dpi: int, shades: int = 16) -> bytes:
    """PNG with few shades of grey."""
    step = 255 / (shades - 1)
    few = _pixels(np.round(page / step) * step)
    return _saved(Image.fromarray(few).quantize(shades), "PNG", dpi=(dpi, dpi), optimize=True)


def fax_tiff(pages: list[Grey], dpi: int) -> bytes:
    """A TIFF of black and white pages, CCITT group 4, as multifunction devices send it."""
    frames = [black_and_white(page) for page in pages]
    return _saved(
        frames[0], "TIFF", compression="group4", save_all=True, append_images=frames[1:], dpi=(dpi, dpi)
    )  # fmt: skip


def black_and_white(page: Grey) -> Image.Image:
    """One bit a pixel, by a fixed threshold."""
    return Image.fromarray(page).point(lambda value: 255 if value > 190 else 0).convert("1", dither=Image.Dither.NONE)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _pixels(values: object) -> NDArray[np.uint8]:
    return cast(NDArray[np.uint8], np.clip(np.asarray(values), 0, 255).astype(np.uint8))
