"""The part of the catalogue that refuses a request about a counterparty.

RequestError
├── CounterpartyNotFoundError  BankAccountNotFoundError  ContactNotFoundError  AddressNotFoundError
├── CounterpartyChangedError  CounterpartyStateError  CounterpartyVersionError
├── OwnAccountsError  FileFullError
└── SupplierListError  SupplierListTooLongError
"""

from paydraft.model.request_errors import RequestError


class CounterpartyNotFoundError(RequestError):
    """The tenant has no such counterparty: it never existed, or is somebody else's."""

    code = "counterparty_not_found"
    text = "There is no such counterparty. Use an id that GET /v1/counterparties lists."


class BankAccountNotFoundError(RequestError):
    """The tenant has no such bank account of a counterparty."""

    code = "bank_account_not_found"
    text = "There is no such bank account. Use an id that GET /v1/counterparties/bank-accounts lists."


class ContactNotFoundError(RequestError):
    """The tenant has no such contact."""

    code = "contact_not_found"
    text = "There is no such contact. Use an id that GET /v1/counterparties/contacts lists."


class AddressNotFoundError(RequestError):
    """The tenant has no such address."""

    code = "address_not_found"
    text = "There is no such address. Use an id that GET /v1/counterparties/addresses lists."


class CounterpartyChangedError(RequestError):
    """The counterparty was changed between reading and writing."""

    code = "counterparty_changed"
    text = "The counterparty was changed by somebody else in the meantime. Read it again before you go on."


class CounterpartyStateError(RequestError):
    """The counterparty is not active."""

    code = "counterparty_inactive"
    text = "The counterparty is not active. Reactivate it first with POST …/reactivate."


class CounterpartyVersionError(RequestError):
    """If-Match or the version in the body is not the present one."""

    code = "version_mismatch"
    text = "The counterparty is not in the version that you name. Read it again, and decide by what it says now."


class OwnAccountsError(RequestError):
    """own_accounts was sent."""

    code = "own_accounts_read_only"
    text = "own_accounts can't be written. Leave it out, and add accounts by POST /v1/counterparties/bank-accounts."


class FileFullError(RequestError):
    """More accounts, contacts or addresses than a counterparty may have."""

    code = "counterparty_full"
    text = "The counterparty has as many entries of this kind as it may. Change one of them; see details.most."


class SupplierListError(RequestError):
    """The body is no CSV list with the columns that it needs."""

    code = "supplier_list_unreadable"
    text = "The list can't be read. Send CSV in UTF-8, its first line naming the columns; see details."


class SupplierListTooLongError(RequestError):
    """More rows than one import takes."""

    code = "supplier_list_too_long"
    text = "The list has more rows than one call takes. Send it in parts; see details.max_rows."
