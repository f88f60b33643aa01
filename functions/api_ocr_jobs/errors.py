"""How the routes of OCR jobs answer the error catalogue: Repzo's envelope, which has no place but the message."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from paydraft.model.errors import (
    DocumentError,
    JobExistsError,
    PaydraftError,
    StaleJobError,
    TooManyJobsError,
    TransferChangedError,
)
from paydraft.model.group_errors import GroupBusyError, GroupChangedError, GroupNotFoundError
from paydraft.model.job_errors import NoResultsError
from paydraft.model.request_errors import (
    InvalidFieldsError,
    JobNotFoundError,
    MethodNotAllowedError,
    RequestError,
    ScopeMissingError,
)
from paydraft.model.template_errors import TemplateChangedError, TemplateFixedError, TemplateNotFoundError
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime import refusals
from paydraft.runtime.http import ErrorAnswers
from paydraft.runtime.refusals import OUR_FAULT

# Repzo documents 400, 401, 404 and 500; the others are the HTTP habits of all our routes. A conflict is a 400 there.
STATUSES: dict[type[PaydraftError], int] = refusals.STATUSES | {
    JobExistsError: 400,
    StaleJobError: 400,
    TransferChangedError: 400,
    TooManyJobsError: 400,
    DocumentError: 400,
    GroupBusyError: 400,
    GroupChangedError: 400,
    TemplateChangedError: 400,
    TemplateFixedError: 400,
    JobNotFoundError: 404,
    NoResultsError: 404,
    GroupNotFoundError: 404,
    TemplateNotFoundError: 404,
}

# What this dialect says in words of its own.
WORDS: dict[type[PaydraftError], str] = {
    JobNotFoundError: "There is no such job. Use an _id that POST or GET /ocr-invoice-job answered.",
    ScopeMissingError: "This api-key does not allow this call. Use one with the scope {scope}.",
    MethodNotAllowedError: "This path does not take this method. Use one of: {allow}.",
    InvalidFieldsError: "Some fields are missing, unknown or wrong. Mend them and send again: {fields}.",
    InvalidQueryError: "Some query parameters are unknown or wrong. Mend them and send again: {fields}.",
}


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """The envelope of errors. What other dialects tell in details stands in the sentence here."""
    return {"success": False, "message": OUR_FAULT if status >= 500 else message(error)}


def message(error: PaydraftError) -> str:
    """The sentence of an error, with what it names filled in."""
    words = next((WORDS[cls] for cls in type(error).__mro__ if cls in WORDS), error.text)
    details = error.details if isinstance(error, RequestError) else {}
    return words.format_map(defaultdict(str, {name: _told(value) for name, value in details.items()}))


def _told(value: object) -> str:
    return "; ".join(_part(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _part(one: object) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    place = ".".join(str(part) for part in one["loc"][1:])
    return f"{place}: {one['msg']}" if place else str(one["msg"])


ANSWERS = ErrorAnswers(STATUSES, error_body)
