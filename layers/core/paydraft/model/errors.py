"""The one catalogue of errors.

    PaydraftError
    ├── DocumentError          fault: document   the sender can mend it
    │   ├── UnreadableDocumentError  EncryptedDocumentError  UnsupportedMediaError  TooManyPagesError
    │   ├── DocumentTooLargeError  UnsafeDocumentError  NotAnInvoiceError  DocumentMissingError
    │   ├── DocumentUrlUnreachableError  DocumentUrlFailedError
    └── ServiceError           fault: service    we can mend it
        ├── EngineError  TimedOutError  InternalError
        ├── TransientError     retried by the state machine under exactly this name
        ├── PermanentError     never retried, under exactly this name
        ├── StaleJobError  JobExistsError (JobNumberTakenError)  IdempotencyConflictError   another writer was faster
        ├── CounterpartyExistsError  TransferChangedError   the same, of a counterparty and of a transfer

A class carries its code and the sentence a person reads: what happened, and what to do next. Dialects
put code and sentence into their own envelopes; the sentence never holds anything read from a document.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from paydraft.model.status import Fault


class Failure(BaseModel):
    """Why a job failed, as stored on the job and carried by the state machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    fault: Fault

    @property
    def text(self) -> str:
        """The sentence for a person; an unknown code (a later release wrote it) reads as an internal error."""
        return error_of(self.code).text


class PaydraftError(Exception):
    """Base of everything we raise on purpose."""

    code: ClassVar[str] = "error"
    text: ClassVar[str] = "Something went wrong. Try again; if it fails again, contact support."
    fault: ClassVar[Fault] = Fault.SERVICE

    def __init__(self, detail: str = "") -> None:
        """`detail` is for logs only: it may name limits and library messages, never personal data."""
        super().__init__(detail or self.text)

    @property
    def failure(self) -> Failure:
        """This error as the reason of a failed job."""
        return Failure(code=self.code, fault=self.fault)


class DocumentError(PaydraftError):
    """The document can't be turned into a draft; sending it again unchanged will not help."""

    code = "document_error"
    text = "The document can't be turned into a draft. Check that the file is complete and send a better copy."
    fault = Fault.DOCUMENT


class UnreadableDocumentError(DocumentError):
    """The bytes are damaged, or no text could be found on any page."""

    code = "unreadable_document"
    text = "The document could not be read. Send a sharper or complete copy, as PDF, PNG or JPEG."


class EncryptedDocumentError(DocumentError):
    """The PDF asks for a password."""

    code = "encrypted_document"
    text = "The PDF is protected by a password. Remove the protection and send it again."


class UnsupportedMediaError(DocumentError):
    """The bytes are of no type that we read."""

    code = "unsupported_media"
    text = "The file is not of a supported type. Send a PDF, PNG, JPEG, TIFF, BMP, WebP, HEIC or e-invoice XML file."


class TooManyPagesError(DocumentError):
    """More pages than `media.MAX_PAGES`."""

    code = "too_many_pages"
    text = "The document has more than 50 pages. Send the invoice pages only."


class DocumentTooLargeError(DocumentError):
    """More bytes than the way of intake allows."""

    code = "document_too_large"
    text = "The document is larger than 25 MB. Send a smaller scan."


class UnsafeDocumentError(DocumentError):
    """Reading it took more memory or time than a document may, or killed the reading process."""

    code = "unsafe_document"
    text = "The document could not be read within safe limits. Print it to a new PDF and send that."


class NotAnInvoiceError(DocumentError):
    """The document was read, and asks for no payment."""

    code = "not_an_invoice"
    text = "The document does not look like an invoice. Check that the right file was sent."


class DocumentMissingError(DocumentError):
    """The job was created, and no document followed."""

    code = "document_missing"
    text = "No document arrived for this job. Create a new job and send the document."


class DocumentUrlUnreachableError(DocumentError):
    """The document's address may not be asked, or gave no whole answer in time. One text for every cause."""

    code = "document_url_unreachable"
    text = "The document's address can't be reached. Use a public https link that opens without a login and try again."


class DocumentUrlFailedError(DocumentError):
    """The document's address was asked, and answered with something else than a document."""

    code = "document_url_failed"
    text = "The document's address answered with an error. Check that the link opens without a login and try again."


class ServiceError(PaydraftError):
    """Our side failed; the same document may well succeed later."""

    code = "service_error"
    text = "The service failed while working on this document. Send it again; if it fails again, contact support."


class EngineError(ServiceError):
    """The text recognition engine is missing or broke down."""

    code = "engine_failed"


class TimedOutError(ServiceError):
    """The job did not end within its 30 minutes."""

    code = "timed_out"


class InternalError(ServiceError):
    """A fault nobody foresaw."""

    code = "internal_error"


class TransientError(ServiceError):
    """Worth another try in a moment. Raise this class itself: the state machine matches its name."""

    code = "transient_error"


class PermanentError(ServiceError):
    """Another try can't help. Raise this class itself: the state machine matches its name."""

    code = "permanent_error"


class StaleJobError(PaydraftError):
    """The job has moved on: another attempt runs, or it has ended."""

    code = "stale_job"
    text = "The job has moved on in the meantime. Read it again before you go on."


class TransferChangedError(PaydraftError):
    """The transfer, or something its change rests on, is not as it was when the change was decided."""

    code = "transfer_changed"
    text = "The transfer was changed by somebody else in the meantime. Read it again before you go on."

    def __init__(self, others: Sequence[bool] = ()) -> None:
        """`others` tells which writes beside the transfer's own were refused, in the order they were handed in."""
        super().__init__()
        self.others = tuple(others)


class JobExistsError(PaydraftError):
    """A job with this identity was written before."""

    code = "job_exists"
    text = "A job with this identity exists already. Use another one, or none."


class JobNumberTakenError(JobExistsError):
    """Another job of the tenant has this number."""

    code = "job_number_taken"
    text = "A job with this number exists already. Use another number, or read the job that has it."


class TooManyJobsError(PaydraftError):
    """A list by offset was asked of a tenant with more jobs than such lists hold (model/job_summary.py)."""

    code = "too_many_jobs"
    text = (
        "Lists with offset, sort, filter, search or total hold 10,000 jobs, and there are more."
        " Use GET /v1/ocr_tasks, which pages without an end."
    )


class IdempotencyConflictError(PaydraftError):
    """An idempotency key was used before, with another request."""

    code = "idempotency_conflict"
    text = "This Idempotency-Key was used with another request body. Use a new key for a new request."


class CounterpartyExistsError(PaydraftError):
    """The counterparty, or an IBAN, VAT number or mail address of it, is on file already."""

    code = "counterparty_exists"
    text = "A counterparty with this IBAN, VAT number or mail address is on file already. Change that one instead."

    def __init__(self, detail: str = "", *, taken: Mapping[str, UUID] | None = None) -> None:
        """`taken`: which of iban, vat_number and email are another's of the same tenant, and whose."""
        super().__init__(detail)
        self.taken = dict(taken or {})


def every_error(root: type[PaydraftError] = PaydraftError) -> Iterator[type[PaydraftError]]:
    """Every class of the catalogue, the root first."""
    yield root
    for child in root.__subclasses__():
        yield from every_error(child)


def error_of(code: str) -> type[PaydraftError]:
    """The class with this code; InternalError for a code that no class has."""
    return next((cls for cls in every_error() if cls.code == code), InternalError)
