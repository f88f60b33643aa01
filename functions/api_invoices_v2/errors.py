"""How Corebanq's routes answer the error catalogue: a status for every class, and one envelope."""

from collections.abc import Mapping
from typing import Any

from paydraft.model.errors import (
    CounterpartyExistsError,
    DocumentError,
    DocumentTooLargeError,
    IdempotencyConflictError,
    JobExistsError,
    PaydraftError,
    StaleJobError,
    TransferChangedError,
    TransientError,
    UnsupportedMediaError,
)
from paydraft.model.request_errors import (
    AccessError,
    InlineDocumentTooLargeError,
    InvalidFieldsError,
    JobNotFoundError,
    MethodNotAllowedError,
    RequestError,
    RouteNotFoundError,
    ScopeMissingError,
    UnsupportedBodyError,
)
from paydraft.model.transfer_errors import InvoiceNotFoundError
from paydraft.runtime.http import ErrorAnswers

# Errors raised while a request is served; the nearest base class decides.
STATUSES: dict[type[PaydraftError], int] = {
    PaydraftError: 500,
    RequestError: 400,
    AccessError: 401,
    ScopeMissingError: 403,
    RouteNotFoundError: 404,
    JobNotFoundError: 404,
    InvoiceNotFoundError: 404,
    MethodNotAllowedError: 405,
    CounterpartyExistsError: 409,
    JobExistsError: 409,
    StaleJobError: 409,
    TransferChangedError: 409,
    InlineDocumentTooLargeError: 413,
    DocumentTooLargeError: 413,
    UnsupportedBodyError: 415,
    UnsupportedMediaError: 415,
    InvalidFieldsError: 422,
    IdempotencyConflictError: 422,
    DocumentError: 422,
    TransientError: 503,
}
OUR_FAULT = (
    "The service could not answer this request. Send it again in a moment: with an Idempotency-Key nothing is done "
    "twice. If it fails again, contact support with the X-Request-Id of this answer."
)


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """The envelope of errors. Of our own faults it says what matters to a caller: that a repetition is safe."""
    details = error.details if isinstance(error, RequestError) else {}
    return {"error": error.code, "message": OUR_FAULT if status >= 500 else error.text, "details": details}


ANSWERS = ErrorAnswers(STATUSES, error_body)
