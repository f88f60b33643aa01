"""The routes of OCR tasks as data. Each is served under the same path without /v1 as well."""

from dataclasses import replace
from typing import Any

from api_ocr_tasks import examples, schemas
from api_ocr_tasks.errors import EntityNotFoundError, FailedBeforeError
from paydraft.model.credential import Scope
from paydraft.model.errors import (
    DocumentTooLargeError,
    DocumentUrlFailedError,
    DocumentUrlUnreachableError,
    IdempotencyConflictError,
    PaydraftError,
    UnsupportedMediaError,
)
from paydraft.model.request_errors import (
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    JobNotFoundError,
    MalformedFormError,
)
from paydraft.model.transfer_errors import InvalidCursorError
from paydraft.runtime.operations import Operation

MAX_LIMIT = 100
MAX_IDS = 100  # of id__in
_PREFIX = "/v1"
_TYPE: dict[str, Any] = {"type": "string", "enum": [str(one) for one in schemas.TaskType]}
_MOMENT: dict[str, Any] = {
    "type": "string",
    "format": "date-time",
    "description": "YYYY-MM-DDThh:mm[:ss[.ffffff]][Z|±hh:mm]; without a zone it is UTC",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "x-monite-version": {
        "required": True,
        "description": "A date. Any will do: there is one version of the answers",
        "schema": {"type": "string", "format": "date"},
    },
    "x-monite-entity-id": {
        "required": False,
        "description": "One of the token's entities: tasks of other entities are not there",
        "schema": {"type": "string", "format": "uuid"},
    },
}
_OF_ALL: tuple[type[PaydraftError], ...] = (EntityNotFoundError, InvalidFieldsError)
_OF_CHANGES: tuple[type[PaydraftError], ...] = (
    *_OF_ALL,
    FailedBeforeError,
    UnsupportedMediaError,
    IdempotencyConflictError,
    InvalidIdempotencyKeyError,
)

LIST = Operation(
    "getOcrTasks",
    "GET",
    "/v1/ocr_tasks",
    Scope.JOBS_READ,
    "A page of tasks",
    answers=schemas.OcrTaskList,
    shows=examples.LISTED,
    query={
        "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
        "pagination_token": {
            "type": "string",
            "description": "From a page before. Every other parameter is ignored and is as for that page",
        },
        "sort": {"type": "string", "enum": ["id", "created_at"], "description": "Both are the order of creation"},
        "created_at__gt": _MOMENT,
        "created_at__lt": _MOMENT,
        "created_at__gte": _MOMENT,
        "created_at__lte": _MOMENT,
        "status": {"type": "string", "enum": [str(one) for one in schemas.TaskStatus]},
        "document_type": _TYPE,
        "id__in": {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "maxItems": MAX_IDS,
            "description": "Repeated for each id; ids that are not there give nothing",
        },
    },
    headers=_HEADERS,
    errors=(*_OF_ALL, InvalidCursorError),
)
CREATE = Operation(
    "postOcrTasks",
    "POST",
    "/v1/ocr_tasks",
    Scope.JOBS_WRITE,
    "Read a file that lies on the web",
    status=202,
    takes=schemas.CreateRequest,
    example=examples.INPUT,
    answers=schemas.OcrTask,
    shows=examples.CREATED,
    query={"document_type": _TYPE},
    headers=_HEADERS,
    says=("Location", "Retry-After"),
    errors=(*_OF_CHANGES, DocumentUrlUnreachableError, DocumentUrlFailedError, DocumentTooLargeError),
)
UPLOAD = Operation(
    "postOcrTasksUploadFromFile",
    "POST",
    "/v1/ocr_tasks/upload_from_file",
    Scope.JOBS_WRITE,
    "Read a file",
    status=202,
    answers=schemas.OcrTask,
    shows=examples.CREATED,
    query={"document_type": _TYPE},
    headers=_HEADERS,
    form={
        "file": {"type": "string", "format": "binary", "description": "A PDF, PNG or JPEG of at most 4 MiB"},
        "document_type": _TYPE,
    },
    says=("Location", "Retry-After"),
    errors=(*_OF_CHANGES, MalformedFormError, EmptyDocumentError, InlineDocumentTooLargeError),
)
READ = Operation(
    "getOcrTasksId",
    "GET",
    "/v1/ocr_tasks/{task_id}",
    Scope.JOBS_READ,
    "A task, and what was read",
    answers=schemas.OcrTask,
    shows=examples.SUCCESSFUL,
    headers=_HEADERS,
    says=("ETag", "Retry-After"),
    can_wait=True,
    errors=(*_OF_ALL, JobNotFoundError),
)

OPERATIONS = (LIST, CREATE, UPLOAD, READ)


def both(operation: Operation) -> tuple[Operation, Operation]:
    """The operation, and its twin whose path has no version."""
    twin = replace(operation, name=f"{operation.name}Unversioned", path=operation.path.removeprefix(_PREFIX))
    return operation, twin
