"""Pictures by Pillow: opened as the one format that their bytes show, and turned into upright grey pages."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import cv2
import numpy as np
import pi_heif
from PIL import (
    ExifTags,
    Image,
    ImageOps,
    MpoImagePlugin,  # noqa: F401 - Pillow imports these at their first use, when a child may import no more
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from extract_document.raster import Grey, Raster
from paydraft.model.errors import TooManyPagesError, UnreadableDocumentError, UnsafeDocumentError
from paydraft.model.media import MAX_IMAGE_PIXELS, MAX_PAGES, MediaType

# Pillow tries every format it knows unless it is told; an EPS file named .png would reach for Ghostscript.
_FORMATS = {
    MediaType.PNG: ("PNG",),
    MediaType.JPEG: ("JPEG",),
    MediaType.TIFF: ("TIFF",),
    MediaType.BMP: ("BMP",),
    MediaType.WEBP: ("WEBP",),
    MediaType.HEIC: ("HEIF",),
}
# What its readers raise; libheif's come as RuntimeError.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, RuntimeError)
_MODES_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")
_PLAUSIBLE_DPI = (90.0, 650.0)  # cameras and screens write 72 or 96 whatever they took
_PLAUSIBLE_INCHES = (1.5, 25.0)
_DRAFT_PIXELS = 25_000_000  # a larger JPEG is decoded at half its size


def pages(data: bytes, media_type: MediaType) -> Iterator[Raster]:
    """Every page of a TIFF, the first picture of any other format. `dpi` is 0 where the file tells none to believe."""
    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MAX_IMAGE_PIXELS
    with _translated(), _strict(), Image.open(BytesIO(data), formats=_FORMATS[media_type]) as picture:
        for index in range(_count(picture) if media_type is MediaType.TIFF else 1):
            picture.seek(index)
            yield _page(picture)


@contextmanager
def _strict() -> Iterator[None]:
    """Pillow only warns of a bomb up to twice the limit; its other warnings (broken EXIF) are no news to us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnsafeDocumentError(f"more than {MAX_IMAGE_PIXELS} pixels") from error
    except _BROKEN as error:
        raise UnreadableDocumentError(f"Pillow: {type(error).__name__}") from error


def _count(picture: Image.Image) -> int:
    """How many frames; `n_frames` would walk a list of millions."""
    frames = 0
    try:
        while frames <= MAX_PAGES:
            picture.seek(frames)
            frames += 1
    except EOFError:
        return frames
    raise TooManyPagesError(f"more than {MAX_PAGES} frames")


def _page(picture: Image.Image) -> Raster:
    if picture.width * picture.height > MAX_IMAGE_PIXELS:  # Pillow looks at the first frame only
        raise UnsafeDocumentError(f"more than {MAX_IMAGE_PIXELS} pixels")
    if picture.format == "JPEG":
        part = 2 if picture.width * picture.height > _DRAFT_PIXELS else 1
        picture.draft("L", (picture.width // part, picture.height // part))
    picture.load()
    dpi = _resolution(picture)
    turned = picture.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    upright = ImageOps.exif_transpose(picture)
    return _squared(_grey(upright), dpi[::-1] if turned else dpi)


def _grey(picture: Image.Image) -> Grey:
    if picture.mode.startswith("I;16"):
        return _high_bytes(np.asarray(picture))
    if picture.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
        return _high_bytes(values) if values.max() > 255 else _bytes(values)
    if picture.mode in _MODES_WITH_ALPHA or "transparency" in picture.info:
        picture = _on_white(picture.convert("RGBA"))
    if picture.mode not in ("1", "L", "RGB"):
        picture = picture.convert("RGB")
    return np.ascontiguousarray(picture.convert("L"), dtype=np.uint8)


def _high_bytes(values: np.ndarray) -> Grey:
    """16-bit greys; Pillow's own conversion saturates instead of dividing."""
    return _bytes(values / 256)


def _bytes(values: np.ndarray) -> Grey:
    return np.ascontiguousarray(np.clip(values, 0, 255).astype(np.uint8))


def _on_white(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


def _resolution(picture: Image.Image) -> tuple[float, float]:
    try:
        x, y = (float(value) for value in picture.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (x, y) if min(x, y) > 0 else (0.0, 0.0)


def _squared(grey: Grey, dpi: tuple[float, float]) -> Raster:
    """Pixels made square (a fax has 204 x 98 to the inch), and the resolution if it can be believed."""
    x, y = dpi
    if 0.4 < x / (y or 1) < 2.5 and not 0.95 < x / y < 1.05:
        best = max(x, y)
        size = (round(grey.shape[1] * best / x), round(grey.shape[0] * best / y))
        grey, x = np.ascontiguousarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR)), best
    inches = grey.shape[1] / x if x else 0.0
    believed = _PLAUSIBLE_DPI[0] <= x <= _PLAUSIBLE_DPI[1] and _PLAUSIBLE_INCHES[0] <= inches <= _PLAUSIBLE_INCHES[1]
    return Raster(grey, x if believed else 0.0)
