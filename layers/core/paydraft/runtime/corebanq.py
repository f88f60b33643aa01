"""What every function in Corebanq's habits shares: the base of its wire, one envelope of errors, and their statuses.

A function's own errors.py adds the classes that only its routes raise.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from paydraft.model.errors import (
    CounterpartyExistsError,
    DocumentError,
    JobExistsError,
    PaydraftError,
    StaleJobError,
    TransferChangedError,
)
from paydraft.model.request_errors import (
    InvalidFieldsError,
    JobNotFoundError,
    RequestError,
)
from paydraft.runtime import refusals
from paydraft.runtime.refusals import OUR_FAULT

# Errors raised while a request is served; the nearest base class decides.
STATUSES: dict[type[PaydraftError], int] = refusals.STATUSES | {
    JobNotFoundError: 404,
    CounterpartyExistsError: 409,
    JobExistsError: 409,
    StaleJobError: 409,
    TransferChangedError: 409,
    InvalidFieldsError: 422,
    DocumentError: 422,
}


class Wire(BaseModel):
    """Base of requests and answers: no field that nobody declared, no content in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ErrorBody(Wire):
    """What every refusal says."""

    error: str
    message: str
    details: dict[str, Any]


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """The envelope of errors. Of our own faults it says what matters to a caller: that a repetition is safe."""
    details = error.details if isinstance(error, RequestError) else {}
    return {"error": error.code, "message": OUR_FAULT if status >= 500 else error.text, "details": details}
