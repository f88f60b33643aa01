"""What was seen in a document, before anybody asks what it means: pages, words with boxes, codes, attachments.

Lengths are points (1/72 inch) from the top left corner of the page as it was recognised: upright, straight and flat, so
that a line of text is a line of equal y. For a clean page that is the page as a person sees it. A crooked scan, a
photo or a page lying on its side carries a `View`, which says where its points lie in the original: whatever leaves
the reading process (pages, evidence) is given in the original. A share of the page is `box.x0 / page.width`.
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
class View:
    """Where a straightened page lies in the original as a person sees it: PDF /Rotate and EXIF orientation applied.

    `matrix` is the 3 x 3 projection, row by row, from points of the page to points of the original.
    """

    width: float  # of the original, in points
    height: float
    matrix: tuple[float, ...]

    def boxed(self, box: Box) -> Box:
        """The upright rectangle of the original around `box` (larger than the text where the original is crooked)."""
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        points = [self._moved(x, y) for x, y in corners]
        xs, ys = [min(max(x, 0.0), self.width) for x, _ in points], [min(max(y, 0.0), self.height) for _, y in points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def _moved(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f, g, h, i = self.matrix
        scale = g * x + h * y + i
        return (a * x + b * y + c) / scale, (d * x + e * y + f) / scale


@dataclass(frozen=True, slots=True)
class Page:
    """One page: number from 1, size in points, words in no promised order; `view` is None for a clean page."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    view: View | None = None


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
    unread: tuple[int, ...] = ()  # numbers of the pages left out to stay within time; they have no words
