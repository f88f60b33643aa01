"""How the transfers' routes answer the error catalogue: Corebanq's envelope, and a status for every class."""

from paydraft.model.errors import PaydraftError
from paydraft.model.transfer_errors import (
    DebtorAccountError,
    FlagNotFoundError,
    FlagsNotClearedError,
    InvoiceNotFoundError,
    NothingToExportError,
    PayeeNotActiveError,
    PaymentObstacleError,
    SecondPersonNeededError,
    TransferIncompleteError,
    TransferNotFoundError,
    TransferStateError,
    VersionMismatchError,
)
from paydraft.runtime import corebanq
from paydraft.runtime.http import ErrorAnswers

STATUSES: dict[type[PaydraftError], int] = corebanq.STATUSES | {
    SecondPersonNeededError: 403,
    TransferNotFoundError: 404,
    FlagNotFoundError: 404,
    InvoiceNotFoundError: 404,
    TransferStateError: 409,
    FlagsNotClearedError: 409,
    PayeeNotActiveError: 409,
    DebtorAccountError: 409,
    NothingToExportError: 409,
    VersionMismatchError: 412,
    TransferIncompleteError: 422,
    PaymentObstacleError: 422,
}

ANSWERS = ErrorAnswers(STATUSES, corebanq.error_body)
