"""The routes of OCR jobs as data. Groups and templates have theirs in modules of their own."""

from typing import Any

from api_ocr_jobs import examples, schemas
from paydraft.model.credential import Scope
from paydraft.model.errors import (
    DocumentMissingError,
    IdempotencyConflictError,
    InternalError,
    JobNumberTakenError,
    PaydraftError,
    StaleJobError,
    TooManyJobsError,
)
from paydraft.model.job_errors import JobHasPaymentError, JobStartedError, NoResultsError
from paydraft.model.request_errors import InvalidFieldsError, InvalidIdempotencyKeyError, JobNotFoundError
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.operations import Operation

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
_ALL, _ONE = "/ocr-invoice-job", "/ocr-invoice-job/{job_id}"
_ALWAYS: tuple[type[PaydraftError], ...] = (InternalError,)
_OF_ONE: tuple[type[PaydraftError], ...] = (JobNotFoundError, *_ALWAYS)
_OF_KEYS: tuple[type[PaydraftError], ...] = (InvalidIdempotencyKeyError, IdempotencyConflictError)
_LIST_QUERY: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "sort": {"type": "string", "description": "A field of jobs, `createdAt` unless said otherwise"},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "desc"},
    "filter": {
        "type": "string",
        "description": "A JSON object: field → value, or field → {$eq, $ne, $in, $gt, $gte, $lt, $lte, $exists}",
    },
    "search": {
        "type": "string",
        "description": "Part of jobNumber, documentName, the supplier's name or the invoice number, in any case",
    },
}

LIST = Operation(
    "listOcrInvoiceJobs",
    "GET",
    _ALL,
    Scope.JOBS_READ,
    "A page of jobs, the newest first. Pages may repeat or skip jobs while others write; beyond 10,000 jobs use"
    " GET /v1/ocr_tasks",
    answers=schemas.JobList,
    shows=examples.PAGE,
    query=_LIST_QUERY,
    errors=(InvalidQueryError, TooManyJobsError, *_ALWAYS),
)
CREATE = Operation(
    "createOcrInvoiceJob",
    "POST",
    _ALL,
    Scope.JOBS_WRITE,
    "Create a job; nothing is fetched until it is started with …/process",
    status=201,
    takes=schemas.JobInput,
    example=examples.INPUT,
    answers=schemas.JobAnswer,
    shows=examples.CREATED,
    says=("Location",),
    errors=(InvalidFieldsError, JobNumberTakenError, StaleJobError, *_OF_KEYS, *_ALWAYS),
)
READ = Operation(
    "readOcrInvoiceJob",
    "GET",
    _ONE,
    Scope.JOBS_READ,
    "One job",
    answers=schemas.JobAnswer,
    shows=examples.COMPLETED,
    says=("ETag", "Retry-After"),
    can_wait=True,
    errors=_OF_ONE,
)
REPLACE = Operation(
    "updateOcrInvoiceJob",
    "PUT",
    _ONE,
    Scope.JOBS_WRITE,
    "Replace the data of a job that was not started yet",
    takes=schemas.JobInput,
    example=examples.INPUT,
    answers=schemas.JobAnswer,
    shows=examples.CREATED,
    errors=(*_OF_ONE, InvalidFieldsError, JobNumberTakenError, JobStartedError, StaleJobError),
)
DELETE = Operation(
    "deleteOcrInvoiceJob",
    "DELETE",
    _ONE,
    Scope.JOBS_WRITE,
    "Delete a job with its document and all that was read; a running one is cancelled first",
    answers=schemas.Deleted,
    shows=examples.DELETED,
    errors=(*_OF_ONE, JobHasPaymentError),
)
PROCESS = Operation(
    "processOcrInvoiceJob",
    "POST",
    f"{_ONE}/process",
    Scope.JOBS_WRITE,
    "Start a job; one that has ended is read again",
    answers=schemas.StartedAnswer,
    shows=examples.STARTED,
    errors=(*_OF_ONE, *_OF_KEYS, DocumentMissingError),
)
RESULTS = Operation(
    "readOcrInvoiceJobResults",
    "GET",
    f"{_ONE}/results",
    Scope.JOBS_READ,
    "What was read of a completed job's document",
    answers=schemas.ResultsAnswer,
    shows=examples.RESULTS,
    errors=(*_OF_ONE, NoResultsError),
)
OPERATIONS = (LIST, CREATE, READ, REPLACE, DELETE, PROCESS, RESULTS)
