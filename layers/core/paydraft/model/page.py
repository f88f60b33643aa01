"""What was seen in a document, before anybody asks what it means: pages, words with boxes, codes, attachments.

Lengths are PDF points (1/72 inch) from the top left corner of the page as a person sees it; for an image, one pixel
of the raster that was recognised is 72/dpi points. A share of the page is `box.x0 / page.width`.
"""

from dataclasses import dataclass
from enum import StrEnum

from paydraft.model.media import MediaType


class Source(StrEnum):
    """Where a value was read."""

    XML = "xml"  # embedded or bare e-invoice
    QR = "qr"  # payment code
    TEXT = "text_layer"  # the PDF's own characters
    OCR = "ocr"  # recognised from pixels
    DERIVED = "derived"  # computed from other fields (a due date from terms)
    PERSON = "person"  # entered or confirmed by a reviewer


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points; x grows to the right, y downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them. `confidence` is 0..1; 1 for a text layer."""

    text: str
    box: Box
    confidence: float
    source: Source


@dataclass(frozen=True, slots=True)
class Page:
    """One page: number from 1, size in points, words in no promised order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code's text, and where it stands."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in a PDF, or a bare XML document."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen in one document: the input of `extract`."""

    media_type: MediaType
    pages: tuple[Page, ...]
    codes: tuple[Code, ...] = ()
    attachments: tuple[Attachment, ...] = ()
