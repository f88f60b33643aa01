"""Where the sheet of paper lies in a picture: a photo of it on a table, or a scan that shows what lay beside it.

A wrong quadrangle does more harm than none: it shears every line of text. So a shape counts as a sheet only if it is
bright inside, brighter than what surrounds it, and a rectangle seen from a place where a person can
stand.
"""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extract_document.raster import Grey, resized

type Corners = npt.NDArray[np.float32]

SIDE = 600  # pixels of the copy on which shapes are looked for
DARKER = 35  # grey levels by which a table differs from paper
_LEAST_SHARE = 0.2  # of the picture, that a sheet covers
_MOST_SHARE = 0.95
_PAPER_SHARE = 0.65  # of a sheet, that is paper: text, logos and deep shadow are the rest
_MAX_CORNER = 25.0  # degrees by which a corner may differ from a right angle
_MAX_SHEAR = 6.0  # degrees by which the sides may lean the same way: perspective leans them towards each other
_BRIDGE = 25  # pixels of the copy: what joins two bright things and is narrower is cut


def has_dark_border(grey: Grey) -> bool:
    """Whether what surrounds the middle is clearly darker than it: a sheet on a table."""
    height, width = grey.shape
    if min(height, width) < 100:
        return False
    y, x = height // 25, width // 25
    sides = (grey[:y], grey[-y:], grey[:, :x], grey[:, -x:])
    paper = float(np.percentile(grey[height // 4 : -height // 4, width // 4 : -width // 4], 75))
    return sum(float(np.median(side)) < paper - DARKER for side in sides) >= 2


def page_corners(grey: Grey) -> Corners | None:
    """The sheet's corners, clockwise from the top left; None if nothing in the picture is surely a sheet."""
    scale = SIDE / max(grey.shape)
    small = cv2.GaussianBlur(resized(grey, scale), (5, 5), 0)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    level, bright = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    whole = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((_BRIDGE, _BRIDGE), np.uint8))
    edges = cv2.dilate(cv2.Canny(closed, 30, 90), np.ones((5, 5), np.uint8))
    hulls = [hull for mask in (bright, whole, edges) for hull in _hulls(mask)]
    for fit in (_corners, _rectangle):  # a rectangle is what is left to try when a corner is hidden or cut off
        shapes = [_clockwise(shape) for hull in hulls if (shape := fit(hull)) is not None]
        sheets = [shape for shape in shapes if _is_sheet(shape, closed, level)]
        if sheets:
            largest: Corners = max(sheets, key=cv2.contourArea)
            return np.asarray(largest / scale, dtype=np.float32)
    return None


def _hulls(mask: Grey) -> list[npt.NDArray[np.int32]]:
    """The hulls of the largest shapes that cover between a fifth and nearly all of the picture."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hulls = [cv2.convexHull(contour) for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]]
    return [hull for hull in hulls if _LEAST_SHARE < cv2.contourArea(hull) / mask.size < _MOST_SHARE]


def _corners(hull: npt.NDArray[np.int32]) -> Corners | None:
    length = cv2.arcLength(hull, True)
    shapes = (cv2.approxPolyDP(hull, tolerance * length, True) for tolerance in (0.02, 0.04, 0.06))
    return next((shape.reshape(4, 2).astype(np.float32) for shape in shapes if len(shape) == 4), None)


def _rectangle(hull: npt.NDArray[np.int32]) -> Corners:
    return np.array(cv2.boxPoints(cv2.minAreaRect(hull)), dtype=np.float32)


def _is_sheet(corners: Corners, grey: Grey, level: float) -> bool:
    if not _is_a_view_of_a_rectangle(corners):
        return False
    inside = cv2.fillConvexPoly(np.zeros_like(grey), corners.astype(np.int32), 1).astype(bool)
    paper = grey[inside]
    if not paper.size or float((paper > level).mean()) < _PAPER_SHARE:
        return False
    return sum(_is_edge(grey, a, b) for a, b in pairwise([*corners, corners[0]])) >= 3  # a shadow may hide one


def _is_a_view_of_a_rectangle(corners: Corners) -> bool:
    """Whether its corners are near to right angles, and its sides don't lean the same way like a parallelogram's."""
    sides = np.roll(corners, -1, axis=0) - corners
    top, right, bottom, left = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    turns = [(b - a + 180) % 360 - 180 for a, b in pairwise((top, right, bottom, left, top))]
    if any(abs(turn - 90) > _MAX_CORNER for turn in turns):
        return False
    across, down = _mean_angle(top, bottom + 180), _mean_angle(right, left + 180)
    return abs((down - across + 180) % 360 - 180 - 90) <= _MAX_SHEAR


def _mean_angle(a: float, b: float) -> float:
    return a + ((b - a + 180) % 360 - 180) / 2


def _is_edge(grey: Grey, start: Corners, end: Corners) -> bool:
    """Whether the picture is darker outside this side than inside, or ends there."""
    direction = (end - start) / max(float(np.linalg.norm(end - start)), 1.0)
    outwards = np.array([direction[1], -direction[0]])
    points = start + np.linspace(0.1, 0.9, 17)[:, None] * (end - start)
    inner, outer = (points + outwards * away for away in (-8, 8))
    height, width = grey.shape
    beyond = (outer[:, 0] < 0) | (outer[:, 1] < 0) | (outer[:, 0] >= width) | (outer[:, 1] >= height)
    step = _at(grey, inner) - _at(grey, outer)
    return float((beyond | (step > DARKER / 2)).mean()) > 0.7


def _at(grey: Grey, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    x = np.clip(points[:, 0].round().astype(int), 0, grey.shape[1] - 1)
    y = np.clip(points[:, 1].round().astype(int), 0, grey.shape[0] - 1)
    return np.asarray(grey[y, x], dtype=np.float64)


def _clockwise(points: Corners) -> Corners:
    sums, differences = points.sum(axis=1), np.diff(points, axis=1)[:, 0]
    order = (sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax())
    return np.array([points[index] for index in order], dtype=np.float32)
