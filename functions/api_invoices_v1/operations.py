"""MakersHub's routes as data."""

from api_invoices_v1 import schemas
from api_invoices_v1.errors import FieldsNotServedError, InvoiceIdError, NoExtractionError, RecordNotFoundError
from paydraft.model.credential import Scope
from paydraft.model.errors import IdempotencyConflictError, UnsupportedMediaError
from paydraft.model.request_errors import (
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    InvalidBase64Error,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
)
from paydraft.runtime.operations import Operation

_ONE = "/v1/invoices/{invoice_id}"

SUBMIT = Operation(
    "submitInvoice",
    "POST",
    "/v1/invoices",
    Scope.JOBS_WRITE,
    "Queue an invoice's file to be read",
    takes=schemas.SubmitRequest,
    answers=schemas.InvoiceAnswer,
    errors=(
        FieldsNotServedError,
        InvalidFieldsError,
        InvalidBase64Error,
        EmptyDocumentError,
        InlineDocumentTooLargeError,
        UnsupportedMediaError,
        InvalidIdempotencyKeyError,
        IdempotencyConflictError,
    ),
)
READ = Operation(
    "readInvoice",
    "GET",
    _ONE,
    Scope.JOBS_READ,
    "An invoice with what was read of it so far",
    answers=schemas.InvoiceAnswer,
    errors=(InvoiceIdError, RecordNotFoundError),
)
READ_OCR = Operation(
    "readInvoiceOcr",
    "GET",
    f"{_ONE}/ocr",
    Scope.JOBS_READ,
    "The raw extraction data of an invoice",
    answers=schemas.OcrAnswer,
    errors=(InvoiceIdError, RecordNotFoundError, NoExtractionError),
)
OPERATIONS = (SUBMIT, READ, READ_OCR)
