"""What kinds of documents are taken, how large, and how bytes tell their type (never the name or a header)."""

from enum import StrEnum

MAX_INLINE_BYTES = 4 * 1024 * 1024  # raw bytes of a base64 or multipart body; Lambda's event ends at 6 MiB
MAX_DOCUMENT_BYTES = 25 * 1024 * 1024  # raw bytes by upload ticket or by URL
MIN_DOCUMENT_BYTES = 16
MAX_PAGES = 50
MAX_PAGE_PIXELS = 25_000_000  # a page's raster; A4 at 300 dpi is 8.7 million
MAX_IMAGE_PIXELS = 60_000_000  # what a camera sends before it is scaled down


class MediaType(StrEnum):
    """The document types that are read."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    BMP = "image/bmp"
    WEBP = "image/webp"
    HEIC = "image/heic"
    XML = "application/xml"  # a bare e-invoice (XRechnung)


# How files of a type are named, the usual way first.
EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: ("pdf",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.TIFF: ("tif", "tiff"),
    MediaType.BMP: ("bmp",),
    MediaType.WEBP: ("webp",),
    MediaType.HEIC: ("heic", "heif"),
    MediaType.XML: ("xml",),
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def sniff(data: bytes) -> MediaType | None:
    """The type the bytes show, or None. A PDF's header may stand anywhere in its first 1,024 bytes (ISO 32000)."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data[:4] in (b"II*\0", b"MM\0*"):
        return MediaType.TIFF
    if data.startswith(b"BM"):
        return MediaType.BMP
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return MediaType.HEIC
    if b"%PDF-" in data[:1024]:
        return MediaType.PDF
    return MediaType.XML if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") else None
