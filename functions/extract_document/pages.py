"""The payload of pages.json: what was read where, for whoever shows a document beside its values.

    {"version": 1, "media_type": "application/pdf",
     "pages": [{"number": 1, "width": 595.3, "height": 841.9,
                "lines": [{"text": "Total  1.190,00 €",
                           "words": [["Total", 56.7, 601.2, 80.1, 613.0, 1.0, "text_layer"], …]}, …]}, …],
     "codes": [{"page": 1, "text": "BCD…", "box": [x0, y0, x1, y1]}, …]}

Lines stand in reading order: columns of text one after the other, tables row by row; words from left to right. A word
is its text, its box x0 y0 x1 y1, its confidence (0..1) and its source (model/page.py). Lengths are points (1/72 inch)
from the top left corner of the page as a person sees it, also where the page was straightened before it was read: then
a box is the upright rectangle around the crooked word. Two spaces in a line's text stand for a gap wider than a space.
"""

from paydraft.model.evidence import Area, Evidence, Frozen
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.page import Box, Page, Reading, Source, Word

type WordRow = tuple[str, float, float, float, float, float, Source]


class Line(Frozen):
    """Words at one height."""

    text: str
    words: tuple[WordRow, ...]


class PageLines(Frozen):
    """A page: its size in points, and its lines."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


class CodeText(Frozen):
    """A QR code."""

    page: int
    text: str
    box: tuple[float, float, float, float]


class PagesFile(Frozen):
    """The whole payload; a reader ignores what it does not know, a new version may change what is here."""

    version: int = 1
    media_type: MediaType
    pages: tuple[PageLines, ...]
    codes: tuple[CodeText, ...] = ()


def pages_file(reading: Reading) -> PagesFile:
    """The payload for a reading."""
    pages = {page.number: page for page in reading.pages}
    codes = (
        CodeText(page=code.page, text=code.text, box=_corners(_seen(pages[code.page], code.box)))
        for code in reading.codes
    )
    return PagesFile(
        media_type=reading.media_type, pages=tuple(_lines(page) for page in reading.pages), codes=tuple(codes)
    )


def as_seen(invoice: Invoice, reading: Reading) -> Invoice:
    """The invoice with every area of its evidence moved to the original as a person sees it."""
    straightened = {page.number: page for page in reading.pages if page.view}
    if not straightened:
        return invoice
    evidence = {path: _moved(entry, straightened) for path, entry in invoice.evidence.items()}
    return invoice.model_copy(update={"evidence": evidence})


def _moved(evidence: Evidence, straightened: dict[int, Page]) -> Evidence:
    area = evidence.area
    if area is None or area.page not in straightened:
        return evidence
    page = straightened[area.page]
    x0, y0, x1, y1 = _corners(_seen(page, Box(area.x0, area.y0, area.x1, area.y1)))
    width, height = _size(page)
    moved = Area(page=area.page, x0=x0, y0=y0, x1=x1, y1=y1, page_width=width, page_height=height)
    return evidence.model_copy(update={"area": moved})


def _lines(page: Page) -> PageLines:
    # Reading a document's lines is extraction's business; imported late so that the parent process needs none of it.
    from paydraft.extraction.layout import arrange
    from paydraft.extraction.reading_order import lines_in_order

    lines = (
        Line(text=line.text, words=tuple(_row(page, word) for part in line.segments for word in part.words))
        for line in lines_in_order(arrange((page,)))
    )
    width, height = _size(page)
    return PageLines(number=page.number, width=width, height=height, lines=tuple(lines))


def _row(page: Page, word: Word) -> WordRow:
    return (word.text, *_corners(_seen(page, word.box)), round(word.confidence, 2), word.source)


def _size(page: Page) -> tuple[float, float]:
    original = page.view or page
    return round(original.width, 1), round(original.height, 1)


def _seen(page: Page, box: Box) -> Box:
    return page.view.boxed(box) if page.view else box


def _corners(box: Box) -> tuple[float, float, float, float]:
    return round(box.x0, 1), round(box.y0, 1), round(box.x1, 1), round(box.y1, 1)
