"""Logos made of simple shapes, in the house's colour."""

from math import cos, pi, sin

from infra.tools.sample_documents.sheet import Sheet


def draw(sheet: Sheet, x: float, y: float, size: float = 14) -> None:
    """The style's logo in a square of `size` mm with its top left corner at (x, y)."""
    _SHAPES[sheet.style.logo](sheet, x, y, size)


def _hexagon(sheet: Sheet, x: float, y: float, size: float) -> None:
    radius = size / 2
    corners = [
        (x + radius + radius * cos(pi / 3 * i + pi / 6), y + radius + radius * sin(pi / 3 * i + pi / 6))
        for i in range(6)
    ]
    sheet.polygon(corners, sheet.style.accent)
    sheet.polygon(
        [(x + size * 0.32, y + size * 0.72), (x + size * 0.5, y + size * 0.2), (x + size * 0.68, y + size * 0.72)],
        "#ffffff",
    )


def _bars(sheet: Sheet, x: float, y: float, size: float) -> None:
    for index, height in enumerate((0.45, 0.8, 1.0, 0.6)):
        sheet.box(x + index * size * 0.26, y + size * (1 - height), size * 0.2, size * height, fill=sheet.style.accent)


def _rings(sheet: Sheet, x: float, y: float, size: float) -> None:
    for centre in (0.35, 0.65):
        sheet.disc(x + size * centre, y + size / 2, size * 0.34, sheet.style.accent)
        sheet.disc(x + size * centre, y + size / 2, size * 0.24, "#ffffff")


def _leaf(sheet: Sheet, x: float, y: float, size: float) -> None:
    curve = [(t / 10, sin(pi * t / 10) * 0.28) for t in range(11)]
    upper = [(x + size * t, y + size * (0.5 - h - (t - 0.5) * 0.5)) for t, h in curve]
    lower = [(x + size * t, y + size * (0.5 + h - (t - 0.5) * 0.5)) for t, h in reversed(curve)]
    sheet.polygon(upper + lower, sheet.style.accent)
    sheet.polygon([(x, y + size), (x + size * 0.9, y + size * 0.32), (x + size * 0.03, y + size * 0.95)], "#ffffff")


def _square(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.box(x, y, size, size, fill=sheet.style.accent)
    sheet.box(x + size * 0.2, y + size * 0.2, size * 0.25, size * 0.6, fill="#ffffff")
    sheet.disc(x + size * 0.64, y + size * 0.64, size * 0.17, "#ffffff")


def _none(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A house without a logo."""


_SHAPES = {"hexagon": _hexagon, "bars": _bars, "rings": _rings, "leaf": _leaf, "square": _square, "none": _none}
