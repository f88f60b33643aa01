"""Who can be paid: counterparties, their accounts, and what matching says of them."""

import re
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Frozen
from paydraft.model.invoice import Address

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")
# A Swiss UID as a VAT number: the register's number, and a word for VAT in the language of the paper.
_SWISS = re.compile(r"(CHE\d{9})(?:MWST|TVA|IVA|VAT)?")


class Held(Frozen):
    """What accounts, contacts and addresses of a counterparty have in common."""

    counterparty_id: UUID
    active: bool = True
    metadata: dict[str, str] = Field(default_factory=dict)
    created_at: datetime
    created_by: str
    modified_at: datetime | None = None
    modified_by: str | None = None


class Account(Held):
    """A bank account of a counterparty."""

    account_id: UUID
    iban: Iban
    bic: Bic | None = None
    bank: str | None = None
    intermediate_bic: Bic | None = None
    intermediate_bank: str | None = None
    intermediate_route: str | None = None
    is_primary: bool = False
    is_validated: bool = False


class ContactType(StrEnum):
    """What a contact's value is."""

    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    OTHER = "other"


class Contact(Held):
    """A way to reach a counterparty. One of each type is preferred at most."""

    contact_id: UUID
    type: ContactType
    value: str
    validated: bool = False
    preferred: bool = False


class FiledAddress(Held):
    """A postal address of a counterparty. One is preferred for billing at most."""

    address_id: UUID
    address: Address
    preferred_billing: bool = False


class CounterpartyType(StrEnum):
    """Whether the counterparty is a person or a company."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class Counterparty(Frozen):
    """A party the tenant pays. `own` marks the tenant itself: its accounts are never payees.

    `email` and `address` are copies of the preferred contact and address, for those who read nothing else. `version`
    counts the changes of all that is on file about the party.
    """

    counterparty_id: UUID
    legal_name: str
    type: CounterpartyType = CounterpartyType.BUSINESS
    aliases: tuple[str, ...] = ()
    vat_number: str | None = None
    tax_number: str | None = None
    email: str | None = None
    customer_id: str | None = None
    address: Address | None = None
    own: bool = False
    active: bool = True
    metadata: dict[str, str] = Field(default_factory=dict)
    version: int = 1
    created_at: datetime
    created_by: str
    modified_at: datetime | None = None
    modified_by: str | None = None


def normalised_vat(text: str | None) -> str:
    """A VAT number as it is looked up and compared: capitals and digits, however it is grouped on paper; "" if none.

    A Swiss one is its UID, without MWST, TVA or IVA: the same number is printed with each of them.
    """
    number = _NOT_ALPHANUMERIC.sub("", (text or "").upper())
    swiss = _SWISS.fullmatch(number)
    return swiss[1] if swiss else number


def normalised_email(text: str | None) -> str:
    """A mail address as it is looked up and compared; "" if none."""
    return (text or "").strip().lower()


class MatchKind(StrEnum):
    """`found` needs an exact IBAN or VAT number on file; a name gives at most `ambiguous`."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"


class MatchReason(StrEnum):
    """What speaks for a candidate."""

    IBAN = "iban"
    VAT_NUMBER = "vat_number"
    NAME = "name"
    EMAIL = "email"
    ADDRESS = "address"


class Candidate(Frozen):
    """A counterparty that might be the payee. `score` is 0..1."""

    counterparty_id: UUID
    account_id: UUID | None = None
    score: float
    reasons: tuple[MatchReason, ...]


class MatchOutcome(Frozen):
    """The answer of `match`; ids only when `found` (the account also needs its IBAN on file)."""

    kind: MatchKind
    counterparty_id: UUID | None = None
    account_id: UUID | None = None
    candidates: tuple[Candidate, ...] = ()
    own_account: bool = False  # the page's IBAN is the tenant's own
    name_likeness: float | None = None  # 0..1, of the name on the page to the payee's; None where one is not known


class Known(Frozen):
    """What tells a counterparty that can be paid from others, where nothing exact is on file."""

    counterparty_id: UUID
    name_keys: tuple[str, ...]  # of the legal name and the aliases, as matching/names.py `name_key` makes them
    domains: tuple[str, ...] = ()  # of its mail addresses and websites, without those at which anybody can have one
    postal_codes: tuple[str, ...] = ()


class Directory(Frozen):
    """What is on file about the party on a page: the input of `match` beside the invoice."""

    by_iban: tuple[tuple[Counterparty, Account], ...] = ()
    by_vat: tuple[Counterparty, ...] = ()
    known: tuple[Known, ...] = ()  # all counterparties that can be paid; left empty where the above decide
    by_email: UUID | None = None  # who has exactly the page's mail address; left out where the above decide
