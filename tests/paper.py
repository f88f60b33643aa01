"""Small documents drawn for one test: a PDF by reportlab, and the same page as pixels."""

import io
from collections.abc import Iterable

import numpy as np
import pikepdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from extract_document import rasterize
from extract_document.raster import Grey

A4 = (595.0, 842.0)
LINES = (
    "Muster Bau GmbH",
    "Invoice number 2026-4711",
    "Date 02.11.2026",
    "Consulting services for the month of October",
    "Subtotal 1.000,00 EUR",
    "VAT 19 % 190,00 EUR",
    "Total 1.190,00 EUR",
    "IBAN DE89 3704 0044 0532 0130 00",
    "Please transfer the amount within thirty days",
    "Thank you for your order",
)


def a_sheet(lines: Iterable[str] = LINES, *, size: int = 12, at: tuple[float, float] = (70, 90)) -> bytes:
    """A page of A4; the first line's baseline stands `at` points from the top left corner, the others below it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(at[0], A4[1] - at[1] - number * 2 * size, line)
    canvas.save()
    return out.getvalue()


def changed(pdf: bytes, **keys: object) -> bytes:
    """The document with keys of its first page set: changed(pdf, Rotate=90)."""
    document, out = pikepdf.open(io.BytesIO(pdf)), io.BytesIO()
    for name, value in keys.items():
        document.pages[0][f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value
    document.save(out)
    return out.getvalue()


def pixels(pdf: bytes, dpi: int = 200) -> Grey:
    """The first page, as a person sees it."""
    with rasterize.opened(pdf) as document:
        return rasterize.rendered(rasterize.page_of(document, 0), dpi).pixels


def encoded(picture: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    """A picture as a file of that kind."""
    out = io.BytesIO()
    picture = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    picture.save(out, kind, **options)
    return out.getvalue()
