"""Files made to hurt whoever reads them, each a few kilobytes to a megabyte, drawn here so that none is stored."""

import io
import struct
import zlib
from functools import cache

import pikepdf
from PIL import Image

_CATALOG, _ONE_PAGE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
_A4 = b"595 842"


def a_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def a_page(box: bytes = _A4, resources: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Contents 4 0 R/Resources<<%s>>>>" % (box, resources)


def a_stream(data: bytes, keys: bytes = b"", filters: bytes = b"/FlateDecode", *, packed: bool = False) -> bytes:
    body = data if packed else zlib.compress(data, 9)
    return b"<<%s/Filter[%s]/Length %d>>stream\n%s\nendstream" % (keys, filters, len(body), body)


def zeros(count: int) -> bytes:
    """That many zero bytes, compressed."""
    packer, block = zlib.compressobj(1), bytes(1 << 20)
    return b"".join([packer.compress(block) for _ in range(count >> 20)] + [packer.flush()])


def a_form_of_a_billion_forms() -> bytes:
    """Ten forms that each draw ten forms that each …, nine deep."""
    forms = [
        a_stream(b"/F Do " * 10, _FORM + b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + depth)) for depth in range(8)
    ]
    last = a_stream(b"0 0 10 10 re f ", _FORM)
    page = a_page(resources=b"/XObject<</F 5 0 R>>")
    return a_pdf(_CATALOG, _ONE_PAGE, page, a_stream(b"/F Do"), *forms, last)


def a_form_that_draws_itself() -> bytes:
    form = a_stream(b"/F Do /F Do", _FORM + b"/Resources<</XObject<</F 5 0 R>>>>")
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(resources=b"/XObject<</F 5 0 R>>"), a_stream(b"/F Do"), form)


def a_page_as_high_as_a_tower() -> bytes:
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(b"595 200000"), a_stream(b"0 0 100 100 re f"))


def a_page_as_large_as_a_town() -> bytes:
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(b"14400000 14400000"), a_stream(b"0 0 100 100 re f"))


def ten_thousand_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 10_004))
    pages = b"<</Type/Pages/Kids[%s]/Count 10000>>" % kids
    return a_pdf(_CATALOG, pages, a_stream(b""), *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"] * 10_000)


def pages_that_hold_themselves() -> bytes:
    return a_pdf(_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")


def brackets_within_brackets() -> bytes:
    nested = b"<</Type/Catalog/Pages 2 0 R/X %s>>" % (b"[" * 200_000 + b"]" * 200_000)
    return a_pdf(nested, _ONE_PAGE, a_page(), a_stream(b""))


@cache
def a_picture_of_three_gigabytes() -> bytes:
    keys = b"/Type/XObject/Subtype/Image/Width 32000/Height 32000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    picture = a_stream(zeros(32000 * 32000 * 3), keys, packed=True)
    drawn = a_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(resources=b"/XObject<</I 5 0 R>>"), drawn, picture)


@cache
def a_gigabyte_packed_twice() -> bytes:
    content = a_stream(zlib.compress(zeros(1 << 30), 9), filters=b"/FlateDecode/FlateDecode", packed=True)
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(), content)


@cache
def a_content_of_many_megabytes() -> bytes:
    packer, block = zlib.compressobj(1), b"0 0 10 10 re f\n" * 65536
    content = b"".join([packer.compress(block) for _ in range(300)] + [packer.flush()])
    return a_pdf(_CATALOG, _ONE_PAGE, a_page(), a_stream(content, packed=True))


def an_encrypted_pdf() -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def a_png(width: int, height: int) -> bytes:
    """The header of a grey picture, and hardly any pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def a_jpeg(width: int = 600, height: int = 400) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "JPEG")
    return out.getvalue()


def a_jpeg_with_a_huge_header() -> bytes:
    data = a_jpeg()
    start = data.index(b"\xff\xc0")
    return data[: start + 5] + struct.pack(">HH", 65500, 65500) + data[start + 9 :]


def a_tiff(frames: int) -> bytes:
    out, picture = io.BytesIO(), Image.new("1", (10, 10), 1)
    picture.save(out, "TIFF", save_all=True, append_images=[picture] * (frames - 1))
    return out.getvalue()


def a_tiff_without_end() -> bytes:
    """One frame that names itself as the next."""
    data = a_tiff(1)
    (start,) = struct.unpack("<I", data[4:8])
    (entries,) = struct.unpack("<H", data[start : start + 2])
    end = start + 2 + 12 * entries
    return data[:end] + struct.pack("<I", start) + data[end + 4 :]
