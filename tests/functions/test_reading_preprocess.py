"""A crooked, dark or small picture is brought to what Tesseract reads best; the way back to the original is exact."""

import cv2
import numpy as np
import pytest

from extract_document import preprocess
from extract_document.raster import MAX_SIDE, Grey, Raster, fitting
from extract_document.sheet import has_dark_border
from paydraft.model.media import MAX_PAGE_PIXELS
from tests.paper import a_sheet, pixels

LINES = [f"A line of text number {number} with 1.234,56 EUR at its end" for number in range(30)]


@pytest.fixture(scope="module")
def sheet() -> Grey:
    return pixels(a_sheet(LINES, size=10))


def turned(grey: Grey, degrees: float) -> Grey:
    """Turned counter-clockwise round its middle, on white."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(grey, matrix, (width, height), borderValue=255)


def photographed(grey: Grey) -> tuple[Grey, np.ndarray]:
    """The sheet on a dark table, seen from the side, under a lamp; and the projection from sheet to photo."""
    height, width = grey.shape
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = np.float32([[260, 180], [1690, 290], [1800, 2330], [190, 2250]])
    matrix = cv2.getPerspectiveTransform(corners, seen)
    size = (2000, 2500)
    paper = cv2.warpPerspective(np.full_like(grey, 255), matrix, size)
    photo = np.where(paper > 0, cv2.warpPerspective(grey, matrix, size), 60).astype(np.float32)
    light = np.linspace(0.95, 0.55, size[0], dtype=np.float32)[None, :]
    return np.clip(photo * light, 0, 255).astype(np.uint8), matrix


@pytest.mark.parametrize("degrees", [-7.0, -2.0, 1.0, 3.0])
def test_the_skew_of_lines_is_measured(sheet: Grey, degrees: float):
    assert preprocess.skew(turned(sheet, degrees)) == pytest.approx(-degrees, abs=0.3)


def test_a_crooked_scan_is_straightened_and_points_lead_back_to_it(sheet: Grey):
    scan = turned(sheet, 3)

    page = preprocess.straightened(Raster(scan, 200))

    assert page.is_moved
    assert abs(preprocess.skew(page.raster.pixels)) <= preprocess.MIN_SKEW
    middle = np.array([scan.shape[1] / 2, scan.shape[0] / 2, 1])
    back = page.to_original @ middle
    assert np.allclose(back[:2] / back[2], middle[:2], atol=2)


def test_a_straight_scan_is_left_as_it_is(sheet: Grey):
    page = preprocess.straightened(Raster(sheet, 200))

    assert not page.is_moved
    assert page.raster.pixels is sheet
    assert page.raster.dpi == 200


def test_a_photo_is_cut_out_flattened_and_lit(sheet: Grey):
    photo, _ = photographed(sheet)

    page = preprocess.straightened(Raster(photo, 0))
    height, width = page.raster.pixels.shape

    assert page.is_moved
    assert height / width == pytest.approx(842 / 595, rel=0.15), "foreshortening is not undone"
    assert np.percentile(page.raster.pixels[::20, ::20], 20) > 200, "the paper is white everywhere"
    assert abs(preprocess.skew(page.raster.pixels)) <= preprocess.MIN_SKEW


def test_the_corners_of_the_flat_page_are_the_corners_of_the_sheet_in_the_photo(sheet: Grey):
    photo, matrix = photographed(sheet)

    page = preprocess.straightened(Raster(photo, 0))

    size = page.raster.pixels.shape[::-1]
    for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)):
        ours = page.to_original @ np.array([x * size[0], y * size[1], 1])
        true = matrix @ np.array([x * sheet.shape[1], y * sheet.shape[0], 1])
        assert np.allclose(ours[:2] / ours[2], true[:2] / true[2], atol=25)


def test_corners_are_not_looked_for_where_the_border_is_paper(sheet: Grey):
    assert not has_dark_border(sheet)
    assert has_dark_border(photographed(sheet)[0])


@pytest.mark.parametrize("scale", [0.4, 0.6])
def test_a_small_picture_without_a_resolution_gets_characters_of_the_usual_height(sheet: Grey, scale: float):
    small = cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    page = preprocess.straightened(Raster(small, 0))

    assert preprocess.text_height(page.raster.pixels) == pytest.approx(preprocess.TEXT_HEIGHT, rel=0.25)


def test_a_large_picture_is_made_smaller_with_care_for_its_small_print(sheet: Grey):
    large = cv2.resize(sheet, None, fx=2.2, fy=2.2, interpolation=cv2.INTER_AREA)

    page = preprocess.straightened(Raster(large, 0))

    assert sheet.shape[0] * 1.2 < page.raster.pixels.shape[0] < large.shape[0]


def test_print_smaller_than_its_resolution_tells_is_made_larger(sheet: Grey):
    small = cv2.resize(sheet, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)

    page = preprocess.straightened(Raster(small, 200))

    assert preprocess.text_height(page.raster.pixels) == pytest.approx(preprocess.TEXT_HEIGHT, rel=0.25)


def test_a_resolution_that_contradicts_the_characters_is_not_believed(sheet: Grey):
    page = preprocess.straightened(Raster(sheet, 600))

    assert preprocess.text_height(page.raster.pixels) == pytest.approx(preprocess.TEXT_HEIGHT, rel=0.25)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_leads_back_to_the_original(sheet: Grey, degrees: int):
    page = preprocess.straightened(Raster(sheet, 200)).turned(degrees)
    ink = np.argwhere(page.raster.pixels < 100)[::5000]

    for y, x in ink:
        back = page.to_original @ np.array([x + 0.5, y + 0.5, 1])
        assert sheet[int(back[1]), int(back[0])] < 100


def test_shade_is_seen_and_taken_away(sheet: Grey):
    shaded = (sheet * np.linspace(1, 0.4, sheet.shape[0])[:, None]).astype(np.uint8)

    assert preprocess.is_shaded(shaded)
    assert not preprocess.is_shaded(preprocess.flatten_light(shaded))
    assert not preprocess.is_shaded(sheet)


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (60, 40), (2000, 8)])
@pytest.mark.parametrize("value", [0, 255])
def test_any_picture_can_be_straightened(shape: tuple[int, int], value: int):
    page = preprocess.straightened(Raster(np.full(shape, value, np.uint8), 0))

    assert page.raster.pixels.size > 0


def test_a_picture_without_any_characters_has_no_height_of_text():
    assert preprocess.text_height(np.full((500, 500), 255, np.uint8)) is None


@pytest.mark.parametrize(("width", "height"), [(595, 842), (595, 200_000), (14_400_000, 14_400_000), (0, 0)])
def test_no_page_gets_more_pixels_than_allowed(width: float, height: float):
    scale = fitting(width, height, 200 / 72)

    assert width * height * scale**2 <= MAX_PAGE_PIXELS * 1.001
    assert max(width, height) * scale <= MAX_SIDE * 1.001
