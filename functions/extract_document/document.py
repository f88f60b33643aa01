"""One document in the child process: read once, its values told, and told again with what is known from elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from extract_document.answer import Answer
from extract_document.crosscheck import crosschecked
from extract_document.look_again import look_again
from extract_document.options import ReadOptions
from extract_document.pages import as_seen, pages_file
from extract_document.recognize import read
from extract_document.tongues import options_for
from paydraft.extraction.extract import extract
from paydraft.extraction.rules import broken
from paydraft.model.errors import InternalError
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.page import Reading
from paydraft.model.template import Advice

_UNREAD = Finding(
    code="pages_not_read",
    severity=Severity.WARNING,
    message="The document has more scanned pages than could be read in time. Check the values against its last pages.",
)


class Document:
    """Bytes and how to read them; nothing is done before it is asked."""

    def __init__(self, data: bytes, options: ReadOptions, languages: Sequence[str] = ()) -> None:
        """`languages` are those of the document, the likeliest first; without any, those of the options."""
        self._data = data
        self._options, self._findings = options_for(languages, options)
        self._reading: Reading | None = None

    def first(self) -> Answer:
        """What the document says by itself; raises the errors of `read` and `extract`."""
        reading = _chosen(read(self._data, self._options), self._options)
        looked = look_again(reading, extract(reading), self._data, self._options)
        self._reading = looked.reading
        return Answer(invoice=self._told(looked.invoice, looked.reading), pages=pages_file(looked.reading))

    def advised(self, advice: Advice) -> Answer:
        """The values once more, with hints as further witnesses, and the rules that they break; no pages.

        No page is recognised again; what hints made of a PDF's text layer is compared with its pixels as before.
        """
        if self._reading is None:
            raise InternalError("advice before reading")
        invoice = extract(self._reading, advice.hints, least=advice.least)
        told = self._told(invoice, self._reading)
        return Answer(invoice=_with(told, broken(told, advice.rules)))

    def _told(self, invoice: Invoice, reading: Reading) -> Invoice:
        if reading.media_type is MediaType.PDF:
            invoice = crosschecked(invoice, self._data, self._options)
        findings = (*self._findings, *((_UNREAD,) if reading.unread else ()))
        return as_seen(_with(invoice, findings), reading)


def _with(invoice: Invoice, findings: tuple[Finding, ...]) -> Invoice:
    return invoice.model_copy(update={"findings": (*invoice.findings, *findings)})


def _chosen(reading: Reading, options: ReadOptions) -> Reading:
    """The reading without the sources that are not to be looked at."""
    attachments = reading.attachments if options.xml else ()
    return replace(reading, attachments=attachments, codes=reading.codes if options.qr else ())
