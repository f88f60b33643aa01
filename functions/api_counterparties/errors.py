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
from paydraft.model.errors import CounterpartyExistsError, PaydraftError
from paydraft.runtime import corebanq
from paydraft.runtime.http import ErrorAnswers

STATUSES: dict[type[PaydraftError], int] = corebanq.STATUSES | {
    CounterpartyNotFoundError: 404,
    BankAccountNotFoundError: 404,
    ContactNotFoundError: 404,
    AddressNotFoundError: 404,
    CounterpartyChangedError: 409,
    CounterpartyStateError: 409,
    FileFullError: 409,
    CounterpartyVersionError: 412,
}


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """The envelope of errors. What is on file already is named with its holder, who is of the same tenant."""
    body = dict(corebanq.error_body(error, status))
    if isinstance(error, CounterpartyExistsError):
        body["details"] = {"on_file": {field: str(holder) for field, holder in sorted(error.taken.items())}}
    return body


ANSWERS = ErrorAnswers(STATUSES, error_body)
