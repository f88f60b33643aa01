"""Pages as a reader would hand them over, set from plain text: a column of the text is a column of the page.

Two and more spaces are a gap between columns; one space is a space between words.
"""

import re

from paydraft.extraction.extract import extract
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.page import Attachment, Box, Code, Page, Reading, Source, Word

LETTER, LINE, HEIGHT = 5.0, 14.0, 12.0  # points


def a_page(text: str, *, number: int = 1, source: Source = Source.TEXT, confidence: float = 1.0) -> Page:
    """The text as a page of typewriter letters."""
    words = []
    for row, line in enumerate(text.strip("\n").split("\n")):
        for match in re.finditer(r"\S+", line):
            x, y = 40 + LETTER * match.start(), 40 + LINE * row
            box = Box(x, y, x + LETTER * len(match.group()) + 2.5, y + HEIGHT)
            words.append(Word(match.group(), box, confidence, source))
    return Page(number, 595.0, 842.0, tuple(words))


def a_reading(
    *texts: str, codes: tuple[str, ...] = (), xml: str | bytes | None = None, source: Source = Source.TEXT
) -> Reading:
    """A document of pages, payment codes and an e-invoice."""
    pages = tuple(a_page(text, number=number, source=source) for number, text in enumerate(texts, 1))
    data = xml.encode() if isinstance(xml, str) else xml
    return Reading(
        MediaType.PDF,
        pages,
        tuple(Code(text, 1, Box(400, 600, 500, 700)) for text in codes),
        (Attachment("factur-x.xml", data),) if data else (),
    )


def read(*texts: str, **other) -> Invoice:
    """What extraction makes of such a document."""
    return extract(a_reading(*texts, **other))
