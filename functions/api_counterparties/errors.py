"""How the counterparties' routes answer the error catalogue: Corebanq's envelope, and a status for every class."""

from collections.abc import Mapping
from typing import Any

from paydraft.model.counterparty_errors import (
    AddressNotFoundError,
    BankAccountNotFoundError,
    ContactNotFoundError,
    CounterpartyChangedError,
    CounterpartyNotFoundError,
    CounterpartyStateError,
    CounterpartyVersionError,
    FileFullError,
)
from paydraft.model.errors import (
    CounterpartyExistsError,
    DocumentError,
    IdempotencyConflictError,
    JobExistsError,
    PaydraftError,
    StaleJobError,
    TransferChangedError,
    TransientError,
)
from paydraft.model.request_errors import (
    AccessError,
    InvalidFieldsError,
    JobNotFoundError,
    MethodNotAllowedError,
    RequestError,
    RouteNotFoundError,
    ScopeMissingError,
    UnsupportedBodyError,
)
from paydraft.runtime.http import ErrorAnswers

# Errors raised while a request is served; the nearest base class decides.
STATUSES: dict[type[PaydraftError], int] = {
    PaydraftError: 500,
    RequestError: 400,
    AccessError: 401,
    ScopeMissingError: 403,
    RouteNotFoundError: 404,
    JobNotFoundError: 404,
    CounterpartyNotFoundError: 404,
    BankAccountNotFoundError: 404,
    ContactNotFoundError: 404,
    AddressNotFoundError: 404,
    MethodNotAllowedError: 405,
    CounterpartyExistsError: 409,
    CounterpartyChangedError: 409,
    CounterpartyStateError: 409,
    FileFullError: 409,
    JobExistsError: 409,
    StaleJobError: 409,
    TransferChangedError: 409,
    CounterpartyVersionError: 412,
    UnsupportedBodyError: 415,
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
    """The envelope of errors. What is on file already is named with its holder, who is of the same tenant."""
    details = error.details if isinstance(error, RequestError) else {}
    if isinstance(error, CounterpartyExistsError):
        details = {"on_file": {field: str(holder) for field, holder in sorted(error.taken.items())}}
    return {"error": error.code, "message": OUR_FAULT if status >= 500 else error.text, "details": details}


ANSWERS = ErrorAnswers(STATUSES, error_body)
