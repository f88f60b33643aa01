"""PDF documents by PDFium: opening, rendering pages to grey, and the files embedded in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract_document.raster import DPI, POINTS, Grey, Raster, fitting
from paydraft.model.errors import EncryptedDocumentError, TooManyPagesError, UnreadableDocumentError
from paydraft.model.media import MAX_PAGES
from paydraft.model.page import Attachment, Box

type Pdf = Any  # pypdfium2 carries no types
type PdfPage = Any

MAX_ATTACHMENTS = 20  # looked at; an e-invoice has one
MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024


@contextmanager
def opened(data: bytes) -> Iterator[Pdf]:
    """The document; raises when it is encrypted, damaged or too long. A page is only loaded by `page_of`."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise EncryptedDocumentError(str(error)) from error
        raise UnreadableDocumentError(str(error)) from error
    try:
        if len(pdf) > MAX_PAGES:
            raise TooManyPagesError(f"{len(pdf)} pages")
        pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


def page_of(pdf: Pdf, index: int) -> PdfPage:
    """The page as it prints: what was typed into form fields and added as notes becomes part of the page."""
    try:
        page = pdf[index]
        if page.formenv and page.flatten() == pdfium_c.FLATTEN_SUCCESS:
            page.close()
            page = pdf[index]
    except pdfium.PdfiumError as error:
        raise UnreadableDocumentError(f"page {index + 1}: {error}") from error
    return page


def rendered(page: PdfPage, dpi: float = DPI) -> Raster:
    """The page as a person sees it, in grey, at `dpi` or at what MAX_PAGE_PIXELS allows."""
    width, height = page.get_size()
    scale = fitting(width, height, dpi / POINTS)
    return Raster(_pixels(page.render(scale=scale, grayscale=True)), scale * POINTS)


def crop(page: PdfPage, box: Box, dpi: float) -> Grey:
    """Only the part of the page inside `box` (points, as the person sees the page), in grey."""
    width, height = page.get_size()
    scale = fitting(box.x1 - box.x0, box.y1 - box.y0, dpi / POINTS)
    margins = (max(0.0, box.x0), max(0.0, height - box.y1), max(0.0, width - box.x1), max(0.0, box.y0))
    return _pixels(page.render(scale=scale, grayscale=True, crop=margins))


def _pixels(bitmap: Any) -> Grey:
    view = bitmap.to_numpy()
    return np.ascontiguousarray(view.reshape(view.shape[0], view.shape[1]))


def attachments(pdf: Pdf) -> tuple[Attachment, ...]:
    """The XML files embedded in the document, within the caps above; broken ones are left out."""
    count = min(pdf.count_attachments(), MAX_ATTACHMENTS)
    found = (_attachment(pdf, index) for index in range(count))
    return tuple(attachment for attachment in found if attachment is not None)


def _attachment(pdf: Pdf, index: int) -> Attachment | None:
    try:
        attachment = pdf.get_attachment(index)
        name = attachment.get_name()
        if not name.lower().endswith(".xml"):
            return None
        data = bytes(attachment.get_data())
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return None
    return Attachment(name, data) if len(data) <= MAX_ATTACHMENT_BYTES else None
