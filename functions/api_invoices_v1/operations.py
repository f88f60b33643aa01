"""MakersHub's routes as data."""

from api_invoices_v1 import examples, schemas
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
    says=("Location",),
    example=examples.SUBMIT,
    shows=examples.SUBMITTED,
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
    shows=examples.INVOICE,
    errors=(InvoiceIdError, RecordNotFoundError),
)
READ_OCR = Operation(
    "readInvoiceOcr",
    "GET",
    f"{_ONE}/ocr",
    Scope.JOBS_READ,
    "The raw extraction data of an invoice; 404 until it was read, with Retry-After while that goes on",
    answers=schemas.OcrAnswer,
    shows=examples.OCR,
    errors=(InvoiceIdError, RecordNotFoundError, NoExtractionError),
)
OPERATIONS = (SUBMIT, READ, READ_OCR)
