"""The routes of counterparties as data."""

from dataclasses import replace
from typing import Any

from api_counterparties import examples, requests, schemas
from paydraft.model.counterparty_errors import (
    AddressNotFoundError,
    BankAccountNotFoundError,
    ContactNotFoundError,
    CounterpartyChangedError,
    CounterpartyNotFoundError,
    CounterpartyStateError,
    CounterpartyVersionError,
    FileFullError,
    OwnAccountsError,
    SupplierListError,
    SupplierListTooLongError,
)
from paydraft.model.credential import Scope
from paydraft.model.errors import CounterpartyExistsError, IdempotencyConflictError, PaydraftError
from paydraft.model.request_errors import InvalidFieldsError, InvalidIdempotencyKeyError
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.operations import Operation

type Errors = tuple[type[PaydraftError], ...]

MAX_LIMIT, MAX_OFFSET = 100, 1_000_000
READ, WRITE = Scope.COUNTERPARTIES_READ, Scope.COUNTERPARTIES_WRITE
_ROOT = "/v1/counterparties"
_ONE = f"{_ROOT}/{{counterparty_id}}"
_OF_CHANGES: Errors = (
    CounterpartyNotFoundError,
    CounterpartyChangedError,
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    IdempotencyConflictError,
)
_GRAMMAR = (
    'A JSON object, field → value or field → {"$eq","$ne","$in","$gt","$gte","$lt","$lte","$exists"}; '
    "at most 20 terms, all of which must hold"
)


def _list_query(searches: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The parameters of a list: each search.<field> is equality without regard to case."""
    return {
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 20},
        "offset": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        "sort": {
            "type": "string",
            "description": "Fields separated by commas, - in front for descending",
            "default": "-created_at",
        },
        "filter": {"type": "string", "description": _GRAMMAR},
        **{f"search.{name}": {"type": "string"} for name in searches},
        "search._text.ilike": {"type": "string", "description": "Text of any field; % stands for any characters"},
    }


ACCOUNT_SEARCHES = ("id", "counterparty_id", "iban", "bic", "bank", "active", "is_primary", "is_validated")
CONTACT_SEARCHES = ("id", "counterparty_id", "type", "value", "active", "preferred", "validated")
ADDRESS_SEARCHES = ("id", "counterparty_id", "street", "city", "zip", "country", "state", "active", "preferred_billing")
PARTY_SEARCHES = (
    "id", "legal_name", "type", "vat_number", "tax_number", "customer_id", "own", "active", "iban", "email",
)  # fmt: skip

LIST = Operation(
    "listCounterparties",
    "GET",
    _ROOT,
    READ,
    "Counterparties with their accounts, contacts and addresses",
    answers=schemas.CounterpartyList,
    query=_list_query(PARTY_SEARCHES),
    errors=(InvalidQueryError,),
)
CREATE = Operation(
    "createCounterparty",
    "POST",
    _ROOT,
    WRITE,
    "Put a counterparty on file, with accounts, contacts and addresses",
    status=201,
    takes=requests.CounterpartyIn,
    answers=schemas.Counterparty,
    errors=(
        OwnAccountsError,
        CounterpartyExistsError,
        InvalidFieldsError,
        InvalidIdempotencyKeyError,
        IdempotencyConflictError,
    ),
)
READ_ONE = Operation(
    "readCounterparty",
    "GET",
    _ONE,
    READ,
    "One counterparty",
    answers=schemas.Counterparty,
    errors=(CounterpartyNotFoundError,),
)
EVENTS = Operation(
    "listCounterpartyEvents",
    "GET",
    f"{_ONE}/events",
    READ,
    "All that happened to a counterparty: who, what, when, before and after",
    answers=schemas.EventList,
    errors=(CounterpartyNotFoundError,),
)
EDIT = Operation(
    "editCounterparty",
    "PATCH",
    _ONE,
    WRITE,
    "Change a counterparty",
    takes=requests.CounterpartyPatch,
    answers=schemas.Counterparty,
    errors=(
        *_OF_CHANGES,
        OwnAccountsError,
        CounterpartyExistsError,
        CounterpartyStateError,
        CounterpartyVersionError,
    ),
)
DEACTIVATE = Operation(
    "deactivateCounterparty",
    "POST",
    f"{_ONE}/deactivate",
    WRITE,
    "Pay it no more; all that is on file stays, and nobody else can have its IBANs, VAT number and mail addresses",
    answers=schemas.Counterparty,
    errors=(*_OF_CHANGES, CounterpartyVersionError),
)
REACTIVATE = Operation(
    "reactivateCounterparty",
    "POST",
    f"{_ONE}/reactivate",
    WRITE,
    "Let it be paid again",
    answers=schemas.Counterparty,
    errors=(*_OF_CHANGES, CounterpartyVersionError),
)
IMPORT = Operation(
    "importCounterparties",
    "POST",
    f"{_ROOT}/import",
    WRITE,
    "Put a supplier list (CSV) on file, row by row; what is on file is left as it is. Long lists take several calls",
    takes=requests.ImportRequest,
    answers=schemas.ImportReport,
    errors=(
        SupplierListError,
        SupplierListTooLongError,
        InvalidFieldsError,
        InvalidIdempotencyKeyError,
        IdempotencyConflictError,
    ),
)
EXPORT = Operation(
    "exportCounterparties",
    "GET",
    f"{_ROOT}/export",
    READ,
    "The active counterparties as a supplier list (CSV, UTF-8), as the import takes it",
    media_type="text/csv",
)


_OF_EDITS = (CounterpartyStateError, CounterpartyExistsError, CounterpartyVersionError)


def _nested(
    singular: str,
    plural: str,
    path: str,
    models: tuple[Any, Any, Any, Any],
    missing: type[PaydraftError],
    searches: tuple[str, ...],
) -> tuple[Operation, Operation, Operation, Operation]:
    """List, create, read and edit of one kind of parts; `models`: taken by POST and PATCH, answered, listed."""
    taken, patched, answered, listed = models
    name, root = singular.title().replace(" ", ""), f"{_ROOT}/{path}"
    one = f"{root}/{{part_id}}"
    return (
        Operation(
            f"getAllCounterparty{plural.title().replace(' ', '')}",
            "GET",
            root,
            READ,
            f"The {plural} of all counterparties",
            answers=listed,
            query=_list_query(searches),
            errors=(InvalidQueryError,),
        ),
        Operation(
            f"createCounterparty{name}",
            "POST",
            root,
            WRITE,
            f"Add a {singular} to a counterparty".replace("a address", "an address"),
            status=201,
            takes=taken,
            answers=answered,
            errors=(*_OF_CHANGES, CounterpartyStateError, CounterpartyExistsError, FileFullError),
        ),
        Operation(f"readCounterparty{name}", "GET", one, READ, f"One {singular}", answers=answered, errors=(missing,)),
        Operation(
            f"editCounterparty{name}",
            "PATCH",
            one,
            WRITE,
            f"Change or deactivate a {singular}".replace("a address", "an address"),
            takes=patched,
            answers=answered,
            errors=(missing, *_OF_CHANGES[1:], *_OF_EDITS),
        ),
    )


ACCOUNTS = _nested(
    "bank account",
    "bank accounts",
    "bank-accounts",
    (requests.BankAccountIn, requests.BankAccountPatch, schemas.BankAccount, schemas.BankAccountList),
    BankAccountNotFoundError,
    ACCOUNT_SEARCHES,
)
CONTACTS = _nested(
    "contact",
    "contacts",
    "contacts",
    (requests.ContactIn, requests.ContactPatch, schemas.Contact, schemas.ContactList),
    ContactNotFoundError,
    CONTACT_SEARCHES,
)
ADDRESSES = _nested(
    "address",
    "addresses",
    "addresses",
    (requests.AddressIn, requests.AddressPatch, schemas.Address, schemas.AddressList),
    AddressNotFoundError,
    ADDRESS_SEARCHES,
)
_EVERY = (
    LIST,
    CREATE,
    READ_ONE,
    EVENTS,
    EDIT,
    DEACTIVATE,
    REACTIVATE,
    IMPORT,
    EXPORT,
    *ACCOUNTS,
    *CONTACTS,
    *ADDRESSES,
)
OPERATIONS = tuple(
    replace(one, example=examples.REQUESTS.get(one.name), shows=examples.ANSWERS.get(one.name)) for one in _EVERY
)
