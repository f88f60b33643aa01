"""How this function's routes answer the error catalogue: Corebanq's envelope, and a status for every class."""

from paydraft.model.errors import DocumentTooLargeError, PaydraftError, UnsupportedMediaError
from paydraft.model.request_errors import InlineDocumentTooLargeError
from paydraft.model.transfer_errors import InvoiceNotFoundError
from paydraft.model.upload_errors import DocumentNotArrivedError, TicketExpiredError, UploadNotFoundError
from paydraft.runtime import corebanq
from paydraft.runtime.http import ErrorAnswers

STATUSES: dict[type[PaydraftError], int] = corebanq.STATUSES | {
    InvoiceNotFoundError: 404,
    UploadNotFoundError: 404,
    DocumentNotArrivedError: 409,
    TicketExpiredError: 409,
    InlineDocumentTooLargeError: 413,
    DocumentTooLargeError: 413,
    UnsupportedMediaError: 415,
}

ANSWERS = ErrorAnswers(STATUSES, corebanq.error_body)
