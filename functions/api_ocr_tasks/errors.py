"""How this function's routes answer the error catalogue: Monite's two envelopes, and a status for every class."""

from collections.abc import Mapping
from typing import Any

from paydraft.model.errors import (
    DocumentError,
    DocumentTooLargeError,
    DocumentUrlFailedError,
    DocumentUrlUnreachableError,
    IdempotencyConflictError,
    JobExistsError,
    PaydraftError,
    StaleJobError,
    UnsupportedMediaError,
)
from paydraft.model.request_errors import (
    EmptyDocumentError,
    InlineDocumentTooLargeError,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    JobNotFoundError,
    MethodNotAllowedError,
    RequestError,
    ScopeMissingError,
    UnsupportedBodyError,
)
from paydraft.model.transfer_errors import InvalidCursorError
from paydraft.runtime import refusals
from paydraft.runtime.http import ErrorAnswers
from paydraft.runtime.refusals import OUR_FAULT


class EntityNotFoundError(RequestError):
    """The token does not speak for this entity: there is none, or it is somebody else's."""

    code = "entity_not_found"
    text = "There is no such entity. Use one of the token's in x-monite-entity-id, or leave the header out."


class FailedBeforeError(RequestError):
    """The same bytes were sent before, and could not be processed."""

    code = "document_failed_before"
    text = "The same file was sent before and could not be processed. Send a better copy of the document."


STATUSES: dict[type[PaydraftError], int] = refusals.STATUSES | {
    EntityNotFoundError: 404,
    JobNotFoundError: 404,
    JobExistsError: 409,
    StaleJobError: 409,
    DocumentTooLargeError: 413,
    InlineDocumentTooLargeError: 413,
    UnsupportedMediaError: 415,
    DocumentUrlUnreachableError: 421,
    DocumentError: 422,
    EmptyDocumentError: 422,
    InvalidCursorError: 422,
    InvalidFieldsError: 422,
    InvalidIdempotencyKeyError: 422,
    DocumentUrlFailedError: 424,
}
# Where this dialect words it in its own way.
TEXTS: dict[type[PaydraftError], str] = {
    JobNotFoundError: "There is no such OCR task. Use an id that GET /ocr_tasks lists.",
    ScopeMissingError: "This token does not allow this call. Use one with the scope that WWW-Authenticate names.",
    MethodNotAllowedError: "This path does not take this method. Use one that the header Allow names.",
    UnsupportedMediaError: "The file is no PDF, PNG or JPEG. Send one of these.",
    UnsupportedBodyError: "The body is of a type that this path does not take. Send JSON, or a form with the file.",
    EmptyDocumentError: "The file is empty. Check that it has content and send it again.",
    InvalidFieldsError: "Something in the request is missing, unknown or wrong. See detail, mend it and send again.",
}
# What a 422 is about, where the error does not name a field itself.
_PLACES: dict[type[PaydraftError], tuple[str, str]] = {
    EmptyDocumentError: ("body", "file"),
    DocumentError: ("body", "file"),
    IdempotencyConflictError: ("header", "idempotency-key"),
    InvalidIdempotencyKeyError: ("header", "idempotency-key"),
    InvalidCursorError: ("query", "pagination_token"),
}


def text_of(error: type[PaydraftError], status: int) -> str:
    """The sentence for a person."""
    return OUR_FAULT if status >= 500 else TEXTS.get(error, error.text)


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """`detail` for what is wrong with the request's parts, else `error.message`."""
    text = text_of(type(error), status)
    if status != 422:
        return {"error": {"message": text}}
    fields = error.details.get("fields") if isinstance(error, InvalidFieldsError) else None
    place = next((_PLACES[cls] for cls in type(error).__mro__ if cls in _PLACES), ("body",))
    return {"detail": fields or [{"loc": place, "msg": text, "type": error.code}]}


def wrong(place: str, name: str, text: str, kind: str = "value_error") -> InvalidFieldsError:
    """The refusal of one part of a request: `place` is header, query, path or body."""
    return InvalidFieldsError(details={"fields": [{"loc": [place, name], "msg": text, "type": kind}]})


ANSWERS = ErrorAnswers(STATUSES, error_body)
