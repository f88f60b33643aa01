"""A sheet is found where there surely is one; a wrong quadrangle would shear every line."""

import cv2
import numpy as np
import pytest

from extract_document import sheet
from extract_document.raster import Grey
from tests.paper import a_sheet, pixels

LINES = [f"A line of text number {number} with 1.234,56 EUR at its end" for number in range(30)]
CORNERS = np.array([[220, 150], [1020, 190], [1060, 1400], [160, 1350]], np.float32)


@pytest.fixture(scope="module")
def paper() -> Grey:
    return pixels(a_sheet(LINES, size=10), dpi=100)


def lying_on(table: Grey, paper: Grey, corners: np.ndarray) -> Grey:
    """The paper on a table, its corners at `corners`."""
    height, width = paper.shape
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(whole, corners)
    size = (table.shape[1], table.shape[0])
    is_paper = cv2.warpPerspective(np.full_like(paper, 255), matrix, size) > 127
    return np.where(is_paper, cv2.warpPerspective(paper, matrix, size, borderValue=255), table).astype(np.uint8)


def test_a_sheet_on_a_dark_table_is_found(paper: Grey):
    photo = lying_on(np.full((1500, 1200), 70, np.uint8), paper, CORNERS)

    assert sheet.page_corners(photo) == pytest.approx(CORNERS, abs=12)


def test_the_page_is_found_and_not_the_dark_frame_that_it_lies_in(paper: Grey):
    table = np.full((1500, 1800), 90, np.uint8)
    table[60:1450, 80:1700] = 5
    photo = lying_on(table, paper, CORNERS + np.array([300, 0], np.float32))

    assert sheet.page_corners(photo) == pytest.approx(CORNERS + np.array([300, 0]), abs=12)


def test_bright_wedges_beside_a_dark_frame_do_not_shear_the_page(paper: Grey):
    scan = np.full((len(paper), 1800), 5, np.uint8)
    scan[:, 450 : 450 + paper.shape[1]] = paper
    matrix = cv2.getRotationMatrix2D((900, len(paper) / 2), 2, 1)
    scan = cv2.warpAffine(scan, matrix, (1800, len(paper)), borderValue=255)

    corners = sheet.page_corners(scan)

    assert corners is not None
    left, right = corners[3] - corners[0], corners[2] - corners[1]
    for side in (left, right):
        assert abs(np.degrees(np.arctan2(side[0], side[1]))) < 3
    assert np.linalg.norm(corners[1] - corners[0]) == pytest.approx(paper.shape[1], abs=40)


@pytest.mark.parametrize("lean", [-300, 300])
def test_a_parallelogram_is_no_sheet(paper: Grey, lean: int):
    shape = np.array([[400, 100], [1100, 100], [1100 + lean, 1400], [400 + lean, 1400]], np.float32)
    photo = lying_on(np.full((1500, 1600), 70, np.uint8), np.full_like(paper, 240), shape)

    found = sheet.page_corners(photo)

    assert found is None or abs(float(found[3][0] - found[0][0]) - lean) > 100


def test_a_dark_picture_has_no_sheet():
    assert sheet.page_corners(np.full((900, 700), 20, np.uint8)) is None
