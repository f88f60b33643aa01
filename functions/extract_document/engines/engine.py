"""The one door to text recognition, whichever way Tesseract is reached.

tesserocr runs it inside this process (a third less time), pytesseract starts the installed binary; both
get our own grey raster, never a byte of the document. `auto` takes tesserocr where it can be imported.
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Protocol

from extract_document.options import ReadOptions
from extract_document.raster import Grey
from paydraft.model.errors import EngineError


class Layout(StrEnum):
    """What Tesseract is told of the picture: its page segmentation mode."""

    PAGE = "3"
    BLOCK = "6"
    LINE = "7"
    SPARSE = "11"


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word in pixels of the picture, y downwards; `confidence` is 0..1."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float


class Engine(Protocol):
    """What the two modules of this folder offer."""

    starts_processes: bool

    def recognise(self, grey: Grey, dpi: int, options: ReadOptions, layout: Layout) -> list[SeenWord]:
        """The words of the picture; raises EngineError when Tesseract or its data are missing."""

    def turned(self, grey: Grey, dpi: int, options: ReadOptions) -> int:
        """By how many degrees clockwise (0, 90, 180, 270) the picture has to be turned to stand upright."""


def recognise(grey: Grey, dpi: int, options: ReadOptions, layout: Layout = Layout.PAGE) -> list[SeenWord]:
    """The words of a grey picture, in Tesseract's order."""
    return engine_of(options).recognise(grey, dpi, options, layout)


def engine_of(options: ReadOptions) -> Engine:
    """The engine that the options ask for."""
    # Imported on demand: a machine needs only the one it uses.
    if options.engine == "tesserocr" or (options.engine == "auto" and find_spec("tesserocr")):
        from extract_document.engines.tesserocr_engine import TesserocrEngine

        return TesserocrEngine()
    if options.engine in ("auto", "pytesseract"):
        from extract_document.engines.pytesseract_engine import PytesseractEngine

        return PytesseractEngine()
    raise EngineError(f"no engine is called {options.engine!r}")


def words_of_tsv(tsv: str) -> list[SeenWord]:
    """Tesseract's table of words: level 5 rows of 12 columns (level page block par line word x y w h conf text)."""
    rows = (line.split("\t") for line in tsv.splitlines())
    return [_word(row) for row in rows if len(row) == 12 and row[0] == "5" and row[11].strip()]


def _word(row: list[str]) -> SeenWord:
    x, y, width, height = (int(cell) for cell in row[6:10])
    return SeenWord(row[11].strip(), x, y, x + width, y + height, min(max(float(row[10]) / 100, 0.0), 1.0))
