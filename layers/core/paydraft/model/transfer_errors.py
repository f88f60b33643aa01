"""The part of the catalogue that refuses a request about a transfer or a written-down invoice.

RequestError
├── TransferNotFoundError  FlagNotFoundError
├── TransferStateError  FlagsNotClearedError  PayeeNotActiveError  TransferIncompleteError
├── DebtorAccountError  NothingToExportError  PaymentObstacleError
├── SecondPersonNeededError
└── VersionMismatchError  InvalidCursorError  InvalidQueryError
"""

from paydraft.model.request_errors import RequestError
from paydraft.model.transfer import DraftTransfer, FlagCode, TransferStatus

# What can be done with a transfer in a state, told to who tried something else.
NEXT: dict[TransferStatus, str] = {
    TransferStatus.DRAFT: "Edit it with PATCH, discard it with DELETE, or ask for approval with POST …/finalize.",
    TransferStatus.PENDING_APPROVAL: "Clear its flags, then approve it; or reject it, which makes it a draft again.",
    TransferStatus.APPROVED: "Export it with POST /v2/transfers/export; or reject it, which makes it a draft again.",
    TransferStatus.EXPORTED: "Nothing follows: it has left the house, with the file that GET …/pain.001 answers.",
    TransferStatus.CANCELLED: "Nothing follows: send the document again for a new draft.",
}


class TransferNotFoundError(RequestError):
    """The tenant has no such transfer: it never existed, or is somebody else's."""

    code = "transfer_not_found"
    text = "There is no such transfer. Use an id that GET /v2/transfers lists."


class FlagNotFoundError(RequestError):
    """The transfer has no flag of this code that can be cleared."""

    code = "flag_not_found"
    text = "The transfer has no blocking flag of this code. Clear one of details.flags."


class InvoiceNotFoundError(RequestError):
    """The tenant has no such written-down invoice: it never existed, or is somebody else's."""

    code = "invoice_not_found"
    text = "There is no such invoice. Use an id that GET /v2/invoices lists."


class TransferStateError(RequestError):
    """The transfer is in a state that does not allow this."""

    code = "transfer_state"
    text = "The transfer's state does not allow this. See details.status and, for what can be done, details.next."

    def __init__(self, transfer: DraftTransfer) -> None:
        """The details name the state and what can be done in it."""
        super().__init__(details={"status": str(transfer.status), "next": NEXT[transfer.status]})


class FlagsNotClearedError(RequestError):
    """Blocking flags are open."""

    code = "flags_not_cleared"
    text = "The transfer has blocking flags. Have each of details.flags cleared by POST …/flags/{code}/clear first."

    def __init__(self, codes: tuple[FlagCode, ...]) -> None:
        """The details name the flags."""
        super().__init__(details={"flags": [str(code) for code in codes]})


class TransferIncompleteError(RequestError):
    """Something that a payment needs is missing."""

    code = "transfer_incomplete"
    text = "The transfer lacks details.fields. Add them with PATCH while it is a draft; reject it first if it is not."

    def __init__(self, fields: tuple[str, ...]) -> None:
        """The details name the fields."""
        super().__init__(details={"fields": list(fields)})


class PayeeNotActiveError(RequestError):
    """The payee or its account was deactivated, or no longer holds this IBAN."""

    code = "payee_not_active"
    text = "The payee or its account is no longer as on file. Reject the transfer and choose another account."


class DebtorAccountError(RequestError):
    """Which of the tenant's own accounts pays is not said, and does not follow."""

    code = "debtor_account_needed"
    text = (
        "Say which of your own accounts pays: name one of details.accounts in source. If there is none, put your "
        "account on file with POST /v1/counterparties and own: true."
    )


class NothingToExportError(RequestError):
    """No transfer was written into a payment order."""

    code = "nothing_to_export"
    text = "None of these transfers can be exported. See details.results for the reasons, and what to do."


class PaymentObstacleError(RequestError):
    """Something keeps the transfer from being paid in this way."""

    code = "payment_obstacle"
    text = "The transfer can't be written as a payment of this kind. See details.reasons for why, and what to do."


class SecondPersonNeededError(RequestError):
    """Who asks has had a hand in the transfer, or is no person."""

    code = "second_person_needed"
    text = "This takes a person who neither sent, edited nor submitted the transfer. Ask a colleague to do it."

    def __init__(self, because: str) -> None:
        """`because`: service, uploader, editor or submitter."""
        super().__init__(details={"because": because})


class VersionMismatchError(RequestError):
    """If-Match names another version than the present one."""

    code = "precondition_failed"
    text = "The transfer is not as If-Match says. Read it again, and decide by what it says now."


class InvalidCursorError(RequestError):
    """The cursor was not made by us, for this tenant and this list."""

    code = "invalid_cursor"
    text = "The cursor can't be used. Take it unchanged from the page before, or leave it out to begin again."


class InvalidQueryError(RequestError):
    """A query parameter is unknown or wrong."""

    code = "invalid_query"
    text = "Some query parameters are unknown or wrong. See details.fields, mend them and send again."
