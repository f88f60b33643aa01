"""The routes of transfers as data."""

from dataclasses import replace

from api_transfers import codes, examples, requests, schemas
from paydraft.model.credential import Scope
from paydraft.model.errors import IdempotencyConflictError, PaydraftError, TransferChangedError
from paydraft.model.request_errors import InvalidFieldsError, InvalidIdempotencyKeyError
from paydraft.model.transfer import TransferStatus
from paydraft.model.transfer_errors import (
    DebtorAccountError,
    FlagNotFoundError,
    FlagsNotClearedError,
    InvalidCursorError,
    InvalidQueryError,
    NothingToExportError,
    PayeeNotActiveError,
    PaymentObstacleError,
    SecondPersonNeededError,
    TransferIncompleteError,
    TransferNotFoundError,
    TransferStateError,
    VersionMismatchError,
)
from paydraft.runtime.operations import Operation
from paydraft.transfers.pain001 import MEDIA_TYPE

MAX_LIMIT = 100
_ONE = "/v2/transfers/{transfer_id}"
_OF_ONE: tuple[type[PaydraftError], ...] = (TransferNotFoundError,)
_OF_CHANGES: tuple[type[PaydraftError], ...] = (
    *_OF_ONE,
    TransferStateError,
    TransferChangedError,
    VersionMismatchError,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    IdempotencyConflictError,
)

LIST = Operation(
    "listTransfers",
    "GET",
    "/v2/transfers",
    Scope.TRANSFERS_READ,
    "A page of transfers, the newest first",
    answers=schemas.TransferList,
    query={
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 20},
        "cursor": {"type": "string", "description": "next_cursor of the page before, with the same parameters"},
        "order": {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
        "status": {"type": "string", "enum": [str(status) for status in TransferStatus]},
        "counterparty_id": {"type": "string", "format": "uuid"},
        "job_id": {"type": "string", "format": "uuid"},
    },
    errors=(InvalidCursorError, InvalidQueryError),
)
READ = Operation(
    "readTransfer", "GET", _ONE, Scope.TRANSFERS_READ, "One transfer", answers=schemas.Transfer, errors=_OF_ONE
)
EVIDENCE = Operation(
    "readTransferEvidence",
    "GET",
    f"{_ONE}/evidence",
    Scope.TRANSFERS_READ,
    "What the document said, field by field, and where it stands",
    answers=schemas.Evidence,
    errors=_OF_ONE,
)
EVENTS = Operation(
    "listTransferEvents",
    "GET",
    f"{_ONE}/events",
    Scope.TRANSFERS_READ,
    "All that happened to a transfer: who, what, when, before and after",
    answers=schemas.EventList,
    errors=_OF_ONE,
)
EDIT = Operation(
    "editTransfer",
    "PATCH",
    _ONE,
    Scope.TRANSFERS_WRITE,
    "Change a draft",
    takes=requests.TransferPatch,
    answers=schemas.Transfer,
    errors=_OF_CHANGES,
)
DISCARD = Operation(
    "discardTransfer",
    "DELETE",
    _ONE,
    Scope.TRANSFERS_WRITE,
    "Give a draft up; a cancelled one stays as it is",
    answers=schemas.Transfer,
    errors=_OF_CHANGES,
)
FINALIZE = Operation(
    "finalizeTransfer",
    "POST",
    f"{_ONE}/finalize",
    Scope.TRANSFERS_WRITE,
    "Ask for approval; asked again, it answers as it did",
    takes=requests.FinalizeRequest,
    body_required=False,
    answers=schemas.Transfer,
    errors=(*_OF_CHANGES, TransferIncompleteError),
)
APPROVE = Operation(
    "approveTransfer",
    "POST",
    f"{_ONE}/approve",
    Scope.TRANSFERS_APPROVE,
    "Approve it, as a second person; a new account is added to the counterparty by this",
    takes=requests.Decision,
    body_required=False,
    answers=schemas.Transfer,
    errors=(
        *_OF_CHANGES,
        SecondPersonNeededError,
        FlagsNotClearedError,
        TransferIncompleteError,
        PayeeNotActiveError,
    ),
    by_second_person=True,
)
REJECT = Operation(
    "rejectTransfer",
    "POST",
    f"{_ONE}/reject",
    Scope.TRANSFERS_APPROVE,
    "Make it a draft again, with a reason, as a second person; an approved one too, until it has left",
    takes=requests.Explained,
    answers=schemas.Transfer,
    errors=(*_OF_CHANGES, SecondPersonNeededError),
    by_second_person=True,
)
CLEAR = Operation(
    "clearTransferFlag",
    "POST",
    f"{_ONE}/flags/{{code}}/clear",
    Scope.TRANSFERS_APPROVE,
    "Say that a blocking flag was looked into, and what was found, as a second person",
    takes=requests.Explained,
    answers=schemas.Transfer,
    errors=(*_OF_CHANGES, SecondPersonNeededError, FlagNotFoundError),
    by_second_person=True,
)

EXPORT = Operation(
    "exportTransfers",
    "POST",
    "/v2/transfers/export",
    Scope.TRANSFERS_APPROVE,
    "Let approved transfers leave as one payment file (ISO 20022 pain.001.001.09); those that can't are told why. "
    "Asked again for the same ones, it answers the same file",
    takes=requests.ExportRequest,
    answers=schemas.Export,
    errors=(
        NothingToExportError,
        DebtorAccountError,
        TransferChangedError,
        InvalidFieldsError,
        InvalidIdempotencyKeyError,
        IdempotencyConflictError,
    ),
)
PAYMENT_FILE = Operation(
    "readTransferPaymentFile",
    "GET",
    f"{_ONE}/pain.001",
    Scope.TRANSFERS_APPROVE,
    "The payment file that an exported transfer has left with; of an approved one a preview, marked as such, which "
    "is no order: export makes it",
    media_type=MEDIA_TYPE,
    query={
        "counterparty_id": {"type": "string", "format": "uuid", "description": "with cp_account_id: who pays"},
        "cp_account_id": {"type": "string", "format": "uuid", "description": "of a preview, where it does not follow"},
    },
    errors=(*_OF_ONE, TransferStateError, DebtorAccountError, PaymentObstacleError, InvalidQueryError),
)
QR = Operation(
    "readTransferCode",
    "GET",
    f"{_ONE}/qr",
    Scope.TRANSFERS_READ,
    "The EPC QR code (EPC069-12) of a euro transfer without open blocking flags that has not left; PNG, or SVG",
    media_type=codes.PNG,
    more_media_types=(codes.SVG,),
    query={"format": {"type": "string", "enum": list(codes.FORMATS), "description": "before Accept"}},
    errors=(*_OF_ONE, TransferStateError, FlagsNotClearedError, PaymentObstacleError, InvalidQueryError),
)

_EVERY = (
    LIST,
    READ,
    EVIDENCE,
    EVENTS,
    EDIT,
    DISCARD,
    FINALIZE,
    APPROVE,
    REJECT,
    CLEAR,
    EXPORT,
    PAYMENT_FILE,
    QR,
)
OPERATIONS = tuple(
    replace(one, example=examples.REQUESTS.get(one.name), shows=examples.ANSWERS.get(one.name)) for one in _EVERY
)
