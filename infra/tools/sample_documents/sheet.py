"""A sheet of paper to draw on: millimetres from the top left corner, text by baseline, the same bytes on every run."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import reportlab
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Align = Literal["left", "right", "centre"]
INK = "#1b1b1b"
GREY = "#6f6f6f"
INVISIBLE = 3  # text render mode: neither filled nor stroked (ISO 32000, table 104)


@dataclass(frozen=True, slots=True)
class Style:
    """A house style: fonts by name, and the colour of its logo and bars."""

    font: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    accent: str = "#1f4e79"
    logo: str = "hexagon"
    symbol_first: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: where its text stands (left or right edge, mm), its title and alignment."""

    x: float
    title: str
    align: Align = "left"


def embedded_fonts() -> tuple[str, str]:
    """Bitstream Vera, which comes with reportlab under a free licence: for files that must carry their fonts."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd"):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return "Vera", "VeraBd"


class Sheet:
    """A PDF in the making; `finish` gives its bytes."""

    def __init__(
        self,
        title: str,
        author: str,
        style: Style | None = None,
        *,
        size: tuple[float, float] = A4,
        password: str | None = None,
    ) -> None:
        self.style = style or Style()
        self.width, self.height = size[0] / mm, size[1] / mm
        self._out = BytesIO()
        encrypt = StandardEncryption(password, strength=128) if password else None
        # invariant=1: a fixed creation date and document id.
        self.canvas = Canvas(self._out, pagesize=size, pageCompression=1, invariant=1, encrypt=encrypt)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator(author)

    def finish(self) -> bytes:
        """Close the document."""
        self.canvas.save()
        return self._out.getvalue()

    def next_page(self) -> None:
        """Start another page."""
        self.canvas.showPage()

    def y(self, from_top: float) -> float:
        """The canvas's vertical coordinate (points from the bottom) of a distance from the top in mm."""
        return float((self.height - from_top) * mm)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        *,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
        font: str | None = None,
        mode: int | None = None,
    ) -> None:
        """One line of text, its baseline at `y`."""
        name = font or (self.style.bold if bold else self.style.font)
        self.canvas.setFont(name, size)
        self.canvas.setFillColor(_colour(colour))
        left = x * mm - pdfmetrics.stringWidth(text, name, size) * {"left": 0, "centre": 0.5, "right": 1}[align]
        self.canvas.drawString(left, self.y(y), text, mode=mode)

    def lines(
        self, x: float, y: float, lines: Sequence[str], size: float = 9, *, leading: float = 4.6, colour: str = INK,
        align: Align = "left", bold_first: bool = False,
    ) -> float:  # fmt: skip
        """Lines below one another; answers the baseline after the last one."""
        for index, line in enumerate(lines):
            self.text(x, y, line, size, colour=colour, align=align, bold=bold_first and index == 0)
            y += leading
        return y

    def rule(self, x0: float, y: float, x1: float, *, width: float = 0.5, colour: str = INK) -> None:
        """A horizontal line."""
        self.canvas.setStrokeColor(_colour(colour))
        self.canvas.setLineWidth(width)
        self.canvas.line(x0 * mm, self.y(y), x1 * mm, self.y(y))

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None, stroke: str | None = None,
        line: float = 0.5, radius: float = 0,
    ) -> None:  # fmt: skip
        """A rectangle by its top left corner."""
        self.canvas.setLineWidth(line)
        if fill:
            self.canvas.setFillColor(_colour(fill))
        if stroke:
            self.canvas.setStrokeColor(_colour(stroke))
        corner = (x * mm, self.y(y + height), width * mm, height * mm)
        if radius:
            self.canvas.roundRect(*corner, radius * mm, stroke=int(bool(stroke)), fill=int(bool(fill)))
        else:
            self.canvas.rect(*corner, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def polygon(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """A filled polygon."""
        path = self.canvas.beginPath()
        path.moveTo(points[0][0] * mm, self.y(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(x * mm, self.y(y))
        path.close()
        self.canvas.setFillColor(_colour(fill))
        self.canvas.drawPath(path, stroke=0, fill=1)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled circle by its centre."""
        self.canvas.setFillColor(_colour(fill))
        self.canvas.circle(x * mm, self.y(y), radius * mm, stroke=0, fill=1)

    def row(self, columns: Sequence[Column], cells: Sequence[str], y: float, size: float = 9, *, bold: bool = False,
            colour: str = INK, leading: float = 4.2) -> float:  # fmt: skip
        """One row of a table; a cell may hold several lines. Answers how many mm it took."""
        height = 1
        for column, cell in zip(columns, cells, strict=True):
            parts = cell.split("\n")
            height = max(height, len(parts))
            for index, part in enumerate(parts):
                small = index > 0
                self.text(
                    column.x, y + index * leading, part, size - small, align=column.align, bold=bold,
                    colour=GREY if small else colour,
                )  # fmt: skip
        return height * leading


def _colour(code: str) -> Color:
    return HexColor(code)
