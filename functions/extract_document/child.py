"""What happens to one document, in a process of its own that is gone afterwards: read, extract, cross-check, answer."""

import codecs
import os
import socket
import traceback
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cv2
from PIL import Image

from extract_document import confinement, rasterize, seccomp, wire
from extract_document.answer import Answer
from extract_document.crosscheck import crosschecked
from extract_document.engines.engine import engine_of
from extract_document.look_again import look_again
from extract_document.options import Limits, ReadOptions
from extract_document.pages import as_seen, pages_file
from extract_document.recognize import read
from paydraft.extraction.extract import extract
from paydraft.model.errors import InternalError, PaydraftError, UnsafeDocumentError
from paydraft.model.evidence import Finding, Severity
from paydraft.model.media import MAX_DOCUMENT_BYTES, MediaType, sniff
from paydraft.model.page import Reading

type Respond = Callable[[bytes, ReadOptions], Answer]

_UNREAD = Finding(
    code="pages_not_read",
    severity=Severity.WARNING,
    message="The document has more scanned pages than could be read in time. Check the values against its last pages.",
)
# Of names in PDFs and of XML files: what an e-invoice may declare.
_ENCODINGS = (
    "ascii utf-8-sig utf-16 utf-16-le utf-16-be utf-32 latin-1 iso8859-2 iso8859-15 cp1250 cp1252 cp437 mac-roman"
).split()
_WARM_UP = (  # a small invoice: its reading imports and builds whatever is made at the first use
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 120]/Contents 4 0 R/Resources<</Font<</F <</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj 4 0 obj<</Length 154>>stream\n"
    b"BT /F 10 Tf 20 90 Td (Muster GmbH Invoice 4711 of 02.11.2026) Tj 0 -30 Td (Total EUR 1.190,00) Tj "
    b"0 -30 Td (IBAN DE89 3704 0044 0532 0130 00) Tj ET     \nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def warm(options: ReadOptions) -> None:
    """Make ready, in the process that will be forked, all that reading a document needs.

    Without language data it warms what it can: a PDF with a text layer needs none.
    """
    cv2.setNumThreads(1)
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)  # imports its module, which a child may be unable to do
    with rasterize.opened(_WARM_UP) as pdf:
        page = rasterize.rendered(rasterize.page_of(pdf, 0))
    picture = BytesIO()
    Image.fromarray(page.pixels).save(picture, "PNG")
    for document in (_WARM_UP, picture.getvalue()):
        answer(document, options)


def values_and_pages(data: bytes, options: ReadOptions) -> Answer:
    """What a document says; raises the errors of `read` and `extract`."""
    reading = _chosen(read(data, options), options)
    looked = look_again(reading, extract(reading), data, options)
    reading, invoice = looked.reading, looked.invoice
    if reading.media_type is MediaType.PDF:
        invoice = crosschecked(invoice, data, options)
    if reading.unread:
        invoice = invoice.model_copy(update={"findings": (*invoice.findings, _UNREAD)})
    return Answer(invoice=as_seen(invoice, reading), pages=pages_file(reading))


def _chosen(reading: Reading, options: ReadOptions) -> Reading:
    """The reading without the sources that are not to be looked at."""
    attachments = reading.attachments if options.xml else ()
    return replace(reading, attachments=attachments, codes=reading.codes if options.qr else ())


def serve(
    channel: socket.socket, folder: str, options: ReadOptions, limits: Limits, respond: Respond = values_and_pages
) -> None:
    """Give up every right, then answer the one document that comes over `channel`.

    `folder` is for temporary files; somebody else removes it.
    """
    confinement.become_nobody(folder)
    _silence()
    data = wire.receive(channel, MAX_DOCUMENT_BYTES)
    # The tesseract program is a process, and the HEIC decoder insists on a thread; nothing else needs either.
    may_fork = engine_of(options).starts_processes or sniff(data) is MediaType.HEIC
    confinement.limit(limits.memory_mb, limits.seconds, may_fork=may_fork)
    seccomp.refuse_calls()
    wire.send(channel, answer(data, options, respond).model_dump_json(exclude_none=True).encode())


def answer(data: bytes, options: ReadOptions, respond: Respond = values_and_pages) -> Answer:
    """What `respond` says of the document, or why it can't. Nothing of a document gets into a refusal."""
    try:
        return respond(data, options)
    except PaydraftError as error:
        return Answer.of_error(error)
    except MemoryError:
        return Answer.of_error(UnsafeDocumentError("out of memory"))
    except Exception as error:
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            return Answer.of_error(UnsafeDocumentError("out of memory"))
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        return Answer.of_error(InternalError(where))


def _silence() -> None:
    """What native libraries print about a document must not reach the log."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
