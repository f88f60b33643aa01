"""The routes of Corebanq's dialect as data: documents in and jobs out, written-down invoices, uploads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api_invoices_v2 import examples, invoice_wire, schemas, upload_wire
from paydraft.model.credential import Scope
from paydraft.model.errors import (
    DocumentTooLargeError,
    IdempotencyConflictError,
    PaydraftError,
    StaleJobError,
    UnsupportedMediaError,
)
from paydraft.model.request_errors import (
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    InvalidBase64Error,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    JobNotFoundError,
    MalformedFormError,
)
from paydraft.model.transfer_errors import InvalidCursorError, InvalidQueryError, InvoiceNotFoundError
from paydraft.model.upload_errors import (
    DocumentNotArrivedError,
    InvalidDocumentTypeError,
    TicketExpiredError,
    UploadNotFoundError,
)
from paydraft.runtime.operations import Operation

_PAGE: Mapping[str, Mapping[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    "cursor": {"type": "string", "description": "next_cursor of the page before, with the same order"},
    "order": {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
}
_FILE: Mapping[str, Mapping[str, Any]] = {"file": {"type": "string", "format": "binary"}}
_CUSTOMER: Mapping[str, Mapping[str, Any]] = {"customer_id": {"type": "string", "maxLength": 64}}
_ONCE: tuple[type[PaydraftError], ...] = (InvalidFieldsError, InvalidIdempotencyKeyError, IdempotencyConflictError)
_OF_DOCUMENTS: tuple[type[PaydraftError], ...] = (
    *_ONCE,
    MalformedFormError,
    InvalidBase64Error,
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    UnsupportedMediaError,
    StaleJobError,
)
_POLLED = {
    202: "The job has not ended: ask again after the seconds in Retry-After",
    422: "The job has failed, and the document is at fault: `message` says why and what to do",
    500: "The job has failed, and we are at fault: `message` says what to do",
}

SUBMIT_V1 = Operation(
    "submitInvoiceOcrV1",
    "POST",
    "/v1/invoices/ocr",
    Scope.JOBS_WRITE,
    "Start a job from a document of up to 4 MiB, in base64 or as a form",
    status=202,
    takes=schemas.OcrRequestV1,
    form=_FILE,
    answers=schemas.JobResponseV1,
    says=("Location", "Retry-After"),
    errors=_OF_DOCUMENTS,
)
POLL_V1 = Operation(
    "pollInvoiceOcrV1",
    "GET",
    "/v1/invoices/ocr/{id}",
    Scope.JOBS_READ,
    "A job's state, and what was read",
    answers=schemas.JobResponseV1,
    also=_POLLED,
    says=("ETag", "Retry-After"),
    can_wait=True,
    errors=(JobNotFoundError,),
)
SUBMIT_V2 = Operation(
    "submitInvoiceOcrV2",
    "POST",
    "/v2/invoices/ocr",
    Scope.JOBS_WRITE,
    "Start a job from a document of up to 4 MiB, in base64 or as a form: find the payee and draft a transfer",
    status=202,
    takes=schemas.OcrRequestV2,
    form={**_FILE, **_CUSTOMER},
    answers=schemas.JobResponseV2,
    says=("Location", "Retry-After"),
    errors=_OF_DOCUMENTS,
)
POLL_V2 = Operation(
    "pollInvoiceOcrV2",
    "GET",
    "/v2/invoices/ocr/{id}",
    Scope.JOBS_READ,
    "A job's state, what was read, whom it matched, and its draft",
    answers=schemas.JobResponseV2,
    also=_POLLED,
    says=("ETag", "Retry-After"),
    can_wait=True,
    errors=(JobNotFoundError,),
)

CREATE_INVOICE = Operation(
    "createInvoice",
    "POST",
    "/v2/invoices",
    Scope.JOBS_WRITE,
    "Write an invoice down, with both parties named",
    status=201,
    takes=invoice_wire.InvoiceRequest,
    answers=invoice_wire.Invoice,
    says=("Location",),
    errors=_ONCE,
)
LIST_INVOICES = Operation(
    "listInvoices",
    "GET",
    "/v2/invoices",
    Scope.JOBS_READ,
    "A page of written-down invoices, the newest first",
    answers=invoice_wire.InvoiceList,
    query=_PAGE,
    errors=(InvalidCursorError, InvalidQueryError),
)
READ_INVOICE = Operation(
    "readInvoice",
    "GET",
    "/v2/invoices/{invoice_id}",
    Scope.JOBS_READ,
    "One written-down invoice",
    answers=invoice_wire.Invoice,
    errors=(InvoiceNotFoundError,),
)

CREATE_UPLOAD = Operation(
    "createUpload",
    "POST",
    "/v2/uploads",
    Scope.JOBS_WRITE,
    "A ticket for a document of up to 25 MB, which is posted to the storage itself and starts its job by arriving",
    status=201,
    takes=upload_wire.TicketRequest,
    answers=upload_wire.Ticket,
    says=("Location",),
    errors=(*_ONCE, DocumentTooLargeError, UnsupportedMediaError, StaleJobError, TicketExpiredError),
)
LIST_UPLOADS = Operation(
    "listUploads",
    "GET",
    "/v2/uploads",
    Scope.JOBS_READ,
    "A page of uploads, the newest first",
    answers=upload_wire.UploadList,
    query=_PAGE,
    errors=(InvalidCursorError, InvalidQueryError),
)
READ_UPLOAD = Operation(
    "readUpload",
    "GET",
    "/v2/uploads/{upload_id}",
    Scope.JOBS_READ,
    "One upload: a draft until its transfer is finalised",
    answers=upload_wire.Upload,
    errors=(UploadNotFoundError,),
)
_INLINE: tuple[type[PaydraftError], ...] = (
    *_ONCE,
    InvalidDocumentTypeError,
    InvalidBase64Error,
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    UnsupportedMediaError,
    StaleJobError,
)
SEND_UPLOAD = Operation(
    "createUploadV1",
    "POST",
    "/v1/uploads",
    Scope.JOBS_WRITE,
    "Start a job from a document of up to 4 MiB, and tell of its upload",
    status=201,
    takes=upload_wire.UploadRequest,
    answers=upload_wire.Upload,
    says=("Location",),
    errors=_INLINE,
)
SEND_CUSTOMERS_UPLOAD = Operation(
    "createCustomerUploadV1",
    "POST",
    "/v1/uploads/customer/{customer_id}",
    Scope.JOBS_WRITE,
    "The same, labelled with a customer",
    status=201,
    takes=upload_wire.CustomerUploadRequest,
    answers=upload_wire.Upload,
    says=("Location",),
    errors=_INLINE,
)
LIST_UPLOADS_V1 = replace(LIST_UPLOADS, name="listUploadsV1", path="/v1/uploads")
READ_UPLOAD_V1 = replace(READ_UPLOAD, name="readUploadV1", path="/v1/uploads/{upload_id}")
LIST_CUSTOMERS_UPLOADS = Operation(
    "listCustomerUploadsV1",
    "GET",
    "/v1/uploads/customer/{customer_id}/file/type/{file_type}",
    Scope.JOBS_READ,
    "A page of one customer's uploads, the newest first; it may be short, or empty, and still have a next one",
    answers=upload_wire.UploadList,
    query={
        **_PAGE,
        "is_signed": {"type": "string", "enum": ["true", "false"]},
        "is_approved": {"type": "string", "enum": ["true", "false"]},
    },
    errors=(InvalidCursorError, InvalidQueryError, InvalidDocumentTypeError),
)
DOWNLOAD_UPLOAD = Operation(
    "downloadUpload",
    "GET",
    "/v2/uploads/{upload_id}/download",
    Scope.DOCUMENTS_READ,
    "An address, good for five minutes, of exactly the bytes that were read",
    answers=upload_wire.Download,
    errors=(UploadNotFoundError, DocumentNotArrivedError),
)

_ALL = (
    SUBMIT_V1,
    POLL_V1,
    SUBMIT_V2,
    POLL_V2,
    CREATE_INVOICE,
    LIST_INVOICES,
    READ_INVOICE,
    CREATE_UPLOAD,
    LIST_UPLOADS,
    READ_UPLOAD,
    DOWNLOAD_UPLOAD,
    SEND_UPLOAD,
    SEND_CUSTOMERS_UPLOAD,
    LIST_UPLOADS_V1,
    READ_UPLOAD_V1,
    LIST_CUSTOMERS_UPLOADS,
)
OPERATIONS = tuple(
    replace(one, example=examples.REQUESTS.get(one.name), shows=examples.ANSWERS[one.name]) for one in _ALL
)
