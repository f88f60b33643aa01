"""A picture becomes an upright grey page, whatever its format, depth, colours and orientation."""

import numpy as np
import pytest
from PIL import Image

from extract_document import images
from paydraft.model.errors import DocumentError, TooManyPagesError, UnreadableDocumentError, UnsafeDocumentError
from paydraft.model.media import MediaType, sniff
from tests import hostile_files
from tests.paper import encoded
from tests.paper_heic import HEIC

BLACK, GREY, WHITE = 0, 128, 255


def page_of(data: bytes):
    (page,) = images.pages(data, sniff(data))
    return page


def quarters() -> Image.Image:
    """Top left black, top right grey, bottom left and right white; 40 x 20 pixels."""
    picture = Image.new("L", (40, 20), WHITE)
    picture.paste(BLACK, (0, 0, 20, 10))
    picture.paste(GREY, (20, 0, 40, 10))
    return picture


def greys(pixels: np.ndarray) -> list[int]:
    """The middle of each quarter: top left, top right, bottom left, bottom right."""
    height, width = pixels.shape
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return [int(pixels[y, x]) for y in rows for x in columns]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format_gives_the_same_page(kind: str, mode: str):
    page = page_of(encoded(quarters().convert(mode), kind))

    assert page.pixels.dtype == np.uint8
    assert page.pixels.shape == (20, 40)
    assert greys(page.pixels) == pytest.approx([BLACK, GREY, WHITE, WHITE], abs=6)


def test_a_picture_of_a_phone_that_stores_heic_is_read():
    page = page_of(HEIC)

    assert page.pixels.shape == (96, 360)
    assert page.pixels.min() < 60


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [BLACK, GREY, WHITE, WHITE]),
        (3, [WHITE, WHITE, GREY, BLACK]),
        (6, [WHITE, BLACK, WHITE, GREY]),
        (8, [GREY, WHITE, BLACK, WHITE]),
    ],
)
def test_the_orientation_that_the_camera_noted_is_applied(orientation: int, expected: list[int]):
    exif = Image.Exif()
    exif[0x0112] = orientation

    page = page_of(encoded(quarters(), "PNG", exif=exif))

    assert greys(page.pixels) == expected


def test_sixteen_bits_are_divided_not_cut_off():
    values = np.array([[0, 257 * 128], [65535, 65535]], np.uint16).repeat(10, 0).repeat(10, 1)

    assert greys(page_of(encoded(values)).pixels) == [BLACK, GREY, WHITE, WHITE]


def test_what_is_transparent_is_paper():
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 20, 10))

    assert greys(page_of(encoded(picture)).pixels) == [BLACK, WHITE, WHITE, WHITE]


def test_a_palette_with_a_transparent_colour_is_read_by_its_colours():
    picture = quarters().convert("P")

    data = encoded(picture, transparency=WHITE)

    assert greys(page_of(data).pixels) == [BLACK, GREY, WHITE, WHITE]


def test_a_print_shops_cmyk_is_read():
    assert greys(page_of(encoded(quarters().convert("CMYK"), "JPEG")).pixels)[0] < 40


def test_every_frame_of_a_tiff_is_a_page_and_only_the_first_of_other_formats():
    frames = [quarters(), Image.new("L", (40, 20), GREY)]
    tiff = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    webp = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])

    assert len(list(images.pages(tiff, MediaType.TIFF))) == 2
    assert len(list(images.pages(webp, MediaType.WEBP))) == 1


@pytest.mark.parametrize(("dpi", "believed"), [((300, 300), 300), ((72, 72), 0), ((0, 0), 0), ((5000, 5000), 0)])
def test_a_resolution_is_believed_only_if_a_scanner_could_have_it(dpi: tuple[int, int], believed: int):
    page = page_of(encoded(Image.new("L", (1200, 1600), WHITE), dpi=dpi))

    assert page.dpi == pytest.approx(believed, abs=0.1)


def test_a_fax_with_half_its_lines_gets_square_pixels():
    fax = encoded(Image.new("1", (1728, 1100), 1), "TIFF", compression="group4", dpi=(204, 98))

    page = page_of(fax)

    assert page.dpi == pytest.approx(204)
    assert page.pixels.shape == pytest.approx((1100 * 204 / 98, 1728), abs=2)


def test_fifty_frames_are_read_and_one_more_is_too_many():
    assert len(list(images.pages(hostile_files.a_tiff(50), MediaType.TIFF))) == 50
    with pytest.raises(TooManyPagesError):
        list(images.pages(hostile_files.a_tiff(51), MediaType.TIFF))


@pytest.mark.parametrize(
    "data",
    [hostile_files.a_png(50_000, 50_000), hostile_files.a_png(8_000, 8_000), hostile_files.a_jpeg_with_a_huge_header()],
    ids=["beyond Pillow's own limit", "where Pillow only warns", "jpeg"],
)
def test_more_pixels_than_allowed_are_not_decoded(data: bytes):
    with pytest.raises(UnsafeDocumentError):
        page_of(data)


def test_a_large_second_frame_is_not_decoded_either():
    small, large = Image.new("1", (10, 10)), Image.new("1", (8000, 7600))
    data = encoded(small, "TIFF", save_all=True, append_images=[large], compression="group4")

    with pytest.raises(UnsafeDocumentError):
        list(images.pages(data, MediaType.TIFF))


def test_bytes_of_another_format_are_not_tried():
    with pytest.raises(UnreadableDocumentError):
        list(images.pages(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", MediaType.PNG))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_a_damaged_picture_is_unreadable_wherever_it_ends(kind: str):
    noise = np.random.default_rng(7).integers(0, 255, (60, 80), np.uint8)
    whole = encoded(noise, kind)

    for end in range(16, len(whole) - 20, max(1, len(whole) // 40)):
        try:
            list(images.pages(whole[:end], sniff(whole)))
        except DocumentError:
            continue
        assert kind in ("BMP", "TIFF"), f"{kind} cut to {end} of {len(whole)} bytes was read"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "HEIC"])
def test_a_picture_with_false_bytes_gives_a_page_or_a_fault_of_the_document(kind: str):
    dice = np.random.default_rng(20261120)
    whole = HEIC if kind == "HEIC" else encoded(quarters(), kind)

    for _ in range(150):
        data = bytearray(whole)
        for place in dice.integers(4, len(data), 3):
            data[place] = dice.integers(0, 256)
        try:
            list(images.pages(bytes(data), sniff(whole)))
        except DocumentError:
            continue


def test_a_picture_that_pillow_wrote_is_known_by_its_bytes():
    assert {sniff(encoded(quarters(), kind)) for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP")} == {
        MediaType.PNG,
        MediaType.JPEG,
        MediaType.TIFF,
        MediaType.BMP,
        MediaType.WEBP,
    }
    assert sniff(HEIC) is MediaType.HEIC
