"""What happens to one document, in a process of its own: it is answered, once or twice, and the process ends."""

import codecs
import os
import socket
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Protocol

import cv2
from PIL import Image

from extract_document import confinement, rasterize, seccomp, wire
from extract_document.answer import Answer
from extract_document.document import Document
from extract_document.engines.engine import engine_of
from extract_document.options import Limits, ReadOptions
from extract_document.orders import MAX_ADVICE_BYTES, MAX_ORDERS_BYTES, Orders
from paydraft.model.errors import InternalError, PaydraftError, UnsafeDocumentError
from paydraft.model.hint import Hint, HintKind
from paydraft.model.media import MAX_DOCUMENT_BYTES, MediaType, sniff
from paydraft.model.template import Advice, Rule, RuleKind


class Answering(Protocol):
    """A Document, or in tests what stands for it."""

    def first(self) -> Answer:
        """See Document.first."""

    def advised(self, advice: Advice) -> Answer:
        """See Document.advised."""


type Opened = Callable[[bytes, ReadOptions, Sequence[str]], Answering]

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
_WARM_ADVICE = Advice(
    hints=(Hint(kind=HintKind.MEMORY, field="number", labels=("Invoice",), shape="9"),),
    rules=(Rule(field="number", kind=RuleKind.NUMERIC),),
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
    for data in (_WARM_UP, picture.getvalue()):
        document = Document(data, options)
        guarded(document.first)
        guarded(partial(document.advised, _WARM_ADVICE))


def serve(
    channel: socket.socket, folder: str, options: ReadOptions, limits: Limits, document: Opened = Document
) -> None:
    """Give up every right, then answer the one document that comes over `channel`, and once more if asked to.

    `folder` is for temporary files; somebody else removes it.
    """
    confinement.become_nobody(folder)
    _silence()
    orders = Orders.model_validate_json(wire.receive(channel, MAX_ORDERS_BYTES))
    data = wire.receive(channel, MAX_DOCUMENT_BYTES)
    # The tesseract program is a process, and the HEIC decoder insists on a thread; nothing else needs either.
    may_fork = engine_of(options).starts_processes or sniff(data) is MediaType.HEIC
    confinement.limit(limits.memory_mb, limits.seconds, may_fork=may_fork)
    seccomp.refuse_calls()
    opened = document(data, options, orders.languages)
    wire.send(channel, _sealed(opened.first))
    advice = Advice.model_validate_json(wire.receive(channel, MAX_ADVICE_BYTES))  # or killed while it waits
    wire.send(channel, _sealed(partial(opened.advised, advice)))


def answer(data: bytes, options: ReadOptions) -> Answer:
    """What a document says by itself, or why it can't be read."""
    return guarded(Document(data, options).first)


def guarded(respond: Callable[[], Answer]) -> Answer:
    """What `respond` says, or why it can't. Nothing of a document gets into a refusal."""
    try:
        return respond()
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


def _sealed(respond: Callable[[], Answer]) -> bytes:
    return guarded(respond).model_dump_json(exclude_none=True).encode()


def _silence() -> None:
    """What native libraries print about a document must not reach the log."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
