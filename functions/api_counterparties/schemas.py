"""What the counterparties' routes answer, in Corebanq's habits.

Every documented field is in every answer; null where nothing is known. Mail addresses and phone numbers are contacts.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from paydraft.runtime.corebanq import Wire


class Stamps(Wire):
    """Who made and changed it, when, and what the client keeps with it."""

    active: bool
    created_at: datetime
    created_by: str
    modified_at: datetime | None
    modified_by: str | None
    metadata: dict[str, str]


class Product(Wire):
    """A payment product of Corebanq's; we offer none, so that lists of them are empty."""

    id: str
    code: str
    name: str
    description: str
    type: str
    route: str
    icon: str


class BankAccount(Stamps):
    """A bank account of a counterparty. `recipient_id` is the counterparty's, for clients of recipients."""

    id: UUID
    recipient_id: UUID
    cp_account_id: UUID
    iban: str
    bic: str | None
    bank: str | None
    intermediate_bic: str | None
    intermediate_bank: str | None
    intermediate_route: str | None
    is_primary: bool
    is_validated: bool
    products_allowed: tuple[Product, ...]
    counterparty_id: UUID


class Contact(Stamps):
    """A way to reach a counterparty: `type` is email, phone, website or other."""

    id: UUID
    counterparty_id: UUID
    type: str
    value: str
    validated: bool
    preferred: bool


class Address(Stamps):
    """A postal address of a counterparty."""

    id: UUID
    cp_address_id: UUID
    counterparty_id: UUID
    street: str | None
    city: str | None
    zip: str | None
    country: str | None
    state: str | None
    preferred_billing: bool


class OwnAccount(Wire):
    """An account of the tenant itself."""

    cp_account_id: UUID
    iban: str


class Counterparty(Stamps):
    """Who can be paid; `own` marks the tenant itself, whose accounts are never payees and stand in `own_accounts`."""

    id: UUID
    legal_name: str
    type: str
    aliases: tuple[str, ...]
    vat_number: str | None
    tax_number: str | None
    customer_id: str | None
    own: bool
    version: int
    bank_accounts: tuple[BankAccount, ...]
    contacts: tuple[Contact, ...]
    addresses: tuple[Address, ...]
    own_accounts: tuple[OwnAccount, ...]


class Page(Wire):
    """A part of a list: `total` fulfil what was asked for, `total_unfiltered` are there."""

    total: int
    total_unfiltered: int
    has_more: bool


class CounterpartyList(Page):
    """Counterparties."""

    data: tuple[Counterparty, ...]


class BankAccountList(Page):
    """Bank accounts."""

    data: tuple[BankAccount, ...]


class ContactList(Page):
    """Contacts."""

    data: tuple[Contact, ...]


class AddressList(Page):
    """Addresses."""

    data: tuple[Address, ...]


class Event(Wire):
    """One thing that happened to a counterparty, with the values that changed; those of parts by kind and id."""

    id: str
    counterparty_id: UUID
    created_at: datetime
    created_by: str
    event_type: str
    version: int
    before: dict[str, Any]
    after: dict[str, Any]


class EventList(Wire):
    """All that happened to a counterparty, in order."""

    data: tuple[Event, ...]
    total: int


class ImportedRow(Wire):
    """A row that was not simply put on file: `on_file`, `differs` or `refused`, and why."""

    line: int
    outcome: str
    message: str
    counterparty_id: UUID | None


class ImportReport(Wire):
    """How an import went. `next_line` is where to go on, by the same list with `from_line`; null at the end."""

    added: int
    on_file: int
    differs: int
    refused: int
    rows: tuple[ImportedRow, ...]
    next_line: int | None
