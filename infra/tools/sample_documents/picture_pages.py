"""PDF pages that are pictures, as a scanner makes them: greyscale JPEG or black and white CCITT group 4."""

from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

from infra.tools.sample_documents import rasters
from infra.tools.sample_documents.sheet import Sheet

_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES = 273, 278, 279  # TIFF tags


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture and the entries its PDF object needs."""

    data: bytes
    entries: Dictionary


def grey(page: rasters.Grey, quality: int) -> Picture:
    """The page as JPEG."""
    height, width = page.shape
    entries = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return Picture(rasters.jpeg(page, quality), entries)


def black_and_white(page: rasters.Grey) -> Picture:
    """The page with one bit a pixel."""
    picture = rasters.black_and_white(page)
    parameters = Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=True)
    entries = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=parameters,
    )
    return Picture(_group4(picture), entries)


def blank(count: int) -> bytes:
    """A PDF of empty A4 pages."""
    sheet = Sheet("Scan", "Scanstation")
    for _ in range(count):
        sheet.next_page()
    return sheet.finish()


def covered(pdf: bytes, pictures: list[Picture]) -> bytes:
    """The PDF with a picture laid over each page, over all that was on it."""
    with Pdf.open(BytesIO(pdf)) as document:
        for page, picture in zip(document.pages, pictures, strict=True):
            stream = document.make_stream(picture.data, picture.entries)
            name = page.add_resource(stream, Name.XObject, Name.Scan)
            width, height = page.mediabox[2], page.mediabox[3]
            page.contents_add(f"q {width} 0 0 {height} 0 0 cm {name} Do Q".encode())
        out = BytesIO()
        document.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _group4(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: picture.height})
    with Image.open(out) as tiff:
        start, size = tiff.tag_v2[_STRIP_OFFSETS][0], tiff.tag_v2[_STRIP_BYTES][0]  # type: ignore[attr-defined]
    return out.getvalue()[start : start + size]
