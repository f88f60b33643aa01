"""The routes of templates and groups as data."""

from typing import Any

from api_ocr_jobs import group_schemas, template_schemas
from api_ocr_jobs import neighbour_examples as examples
from api_ocr_jobs.operations import DEFAULT_LIMIT, LIST, MAX_LIMIT
from api_ocr_jobs.schemas import Deleted
from paydraft.model.credential import Scope
from paydraft.model.errors import IdempotencyConflictError, PaydraftError, TooManyJobsError
from paydraft.model.group_errors import GroupBusyError, GroupChangedError, GroupNotFoundError
from paydraft.model.request_errors import InvalidFieldsError, InvalidIdempotencyKeyError
from paydraft.model.template_errors import TemplateChangedError, TemplateFixedError, TemplateNotFoundError
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.operations import Operation

_TEMPLATES, _TEMPLATE = "/ocr-invoice-job-template", "/ocr-invoice-job-template/{template_id}"
_GROUPS, _GROUP = "/ocr-invoice-job-group", "/ocr-invoice-job-group/{group_id}"
_READ, _WRITE = Scope.JOBS_READ, Scope.JOBS_WRITE
_OF_KEYS: tuple[type[PaydraftError], ...] = (InvalidIdempotencyKeyError, IdempotencyConflictError)


def _query(search: str) -> dict[str, dict[str, Any]]:
    """As lists of jobs take it."""
    return {
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "offset": {"type": "integer", "minimum": 0, "default": 0},
        "sort": {"type": "string", "description": "A field, `createdAt` unless said otherwise"},
        "order": dict(LIST.query["order"]),
        "filter": dict(LIST.query["filter"]),
        "search": {"type": "string", "description": search},
    }


LIST_TEMPLATES = Operation(
    "listOcrInvoiceJobTemplates",
    "GET",
    _TEMPLATES,
    _READ,
    "A page of templates, the newest first, without `auto`",
    answers=template_schemas.TemplateList,
    query=_query("Part of the name, in any case"),
    shows=examples.TEMPLATES,
    errors=(InvalidQueryError,),
)
CREATE_TEMPLATE = Operation(
    "createOcrInvoiceJobTemplate",
    "POST",
    _TEMPLATES,
    _WRITE,
    "Write down where the values of a kind of document stand, and what must be true of them",
    status=201,
    takes=template_schemas.TemplateInput,
    answers=template_schemas.TemplateAnswer,
    shows=examples.TEMPLATE,
    example=examples.TEMPLATE_INPUT,
    says=("Location",),
    errors=(InvalidFieldsError, TemplateChangedError, *_OF_KEYS),
)
READ_TEMPLATE = Operation(
    "readOcrInvoiceJobTemplate",
    "GET",
    _TEMPLATE,
    _READ,
    "One template, or `auto`",
    answers=template_schemas.TemplateAnswer,
    shows=examples.TEMPLATE,
    errors=(TemplateNotFoundError,),
)
REPLACE_TEMPLATE = Operation(
    "updateOcrInvoiceJobTemplate",
    "PUT",
    _TEMPLATE,
    _WRITE,
    "Replace a template; documents that are read from then on are read with it, also those of jobs made before",
    takes=template_schemas.TemplateInput,
    answers=template_schemas.TemplateAnswer,
    shows=examples.TEMPLATE,
    example=examples.TEMPLATE_INPUT,
    errors=(TemplateNotFoundError, TemplateFixedError, TemplateChangedError, InvalidFieldsError),
)
DELETE_TEMPLATE = Operation(
    "deleteOcrInvoiceJobTemplate",
    "DELETE",
    _TEMPLATE,
    _WRITE,
    "Delete a template. Jobs keep its id and are read without it, which their results say; new jobs can't name it",
    answers=Deleted,
    shows=examples.TEMPLATE_DELETED,
    errors=(TemplateNotFoundError, TemplateFixedError, TemplateChangedError),
)
LIST_GROUPS = Operation(
    "listOcrInvoiceJobGroups",
    "GET",
    _GROUPS,
    _READ,
    "A page of groups, the newest first",
    answers=group_schemas.GroupList,
    query=_query("Part of the name, the description or the batchNumber, in any case"),
    shows=examples.GROUPS,
    errors=(InvalidQueryError,),
)
CREATE_GROUP = Operation(
    "createOcrInvoiceJobGroup",
    "POST",
    _GROUPS,
    _WRITE,
    "Make a group for jobs to be created in",
    status=201,
    takes=group_schemas.GroupInput,
    answers=group_schemas.GroupAnswer,
    shows=examples.GROUP_CREATED,
    example=examples.GROUP_INPUT,
    says=("Location",),
    errors=(InvalidFieldsError, GroupChangedError, *_OF_KEYS),
)
READ_GROUP = Operation(
    "readOcrInvoiceJobGroup",
    "GET",
    _GROUP,
    _READ,
    "One group, and what its jobs have come to",
    answers=group_schemas.GroupAnswer,
    shows=examples.GROUP,
    errors=(GroupNotFoundError,),
)
REPLACE_GROUP = Operation(
    "updateOcrInvoiceJobGroup",
    "PUT",
    _GROUP,
    _WRITE,
    "Replace what was written of a group; with more parallelJobs than before, jobs that wait are called",
    takes=group_schemas.GroupInput,
    answers=group_schemas.GroupAnswer,
    shows=examples.GROUP,
    example=examples.GROUP_INPUT,
    errors=(GroupNotFoundError, GroupChangedError, InvalidFieldsError),
)
DELETE_GROUP = Operation(
    "deleteOcrInvoiceJobGroup",
    "DELETE",
    _GROUP,
    _WRITE,
    "Delete a group all of whose jobs have ended; they stay, and keep its id",
    answers=Deleted,
    shows=examples.GROUP_DELETED,
    errors=(GroupNotFoundError, GroupBusyError),
)
LIST_MEMBERS = Operation(
    "listOcrInvoiceJobsOfGroup",
    "GET",
    f"{_GROUP}/jobs",
    _READ,
    "A page of a group's jobs, the newest first",
    answers=group_schemas.MemberList,
    query=LIST.query,
    shows=examples.MEMBERS,
    errors=(GroupNotFoundError, InvalidQueryError, TooManyJobsError),
)

OPERATIONS = (
    *(LIST_TEMPLATES, CREATE_TEMPLATE, READ_TEMPLATE, REPLACE_TEMPLATE, DELETE_TEMPLATE),
    *(LIST_GROUPS, CREATE_GROUP, READ_GROUP, REPLACE_GROUP, DELETE_GROUP, LIST_MEMBERS),
)
