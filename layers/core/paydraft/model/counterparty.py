"""Who can be paid: counterparties, their accounts, and what matching says of them."""

import re
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Frozen
from paydraft.model.invoice import Address

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")


class Account(Frozen):
    """A bank account of a counterparty."""

    account_id: UUID
    counterparty_id: UUID
    iban: Iban
    bic: Bic | None = None
    bank: str | None = None
    is_primary: bool = False
    is_validated: bool = False
    active: bool = True
    created_at: datetime
    created_by: str


class CounterpartyType(StrEnum):
    """Whether the counterparty is a person or a company."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class Counterparty(Frozen):
    """A party the tenant pays. `own` marks the tenant itself: its accounts are never payees."""

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
    created_at: datetime
    created_by: str


def normalised_vat(text: str | None) -> str:
    """A VAT number as it is looked up and compared: capitals and digits, however it is grouped on paper; "" if none."""
    return _NOT_ALPHANUMERIC.sub("", (text or "").upper())


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
    """The names under which a counterparty is known (legal name and aliases), and what else tells it from others."""

    counterparty_id: UUID
    names: tuple[str, ...]
    email_domain: str | None = None  # None for a domain at which anybody can have an address
    postal_code: str | None = None


class Directory(Frozen):
    """What is on file about the party on a page: the input of `match` beside the invoice."""

    by_iban: tuple[tuple[Counterparty, Account], ...] = ()
    by_vat: tuple[Counterparty, ...] = ()
    known: tuple[Known, ...] = ()  # all counterparties that can be paid; left empty where the above decide
