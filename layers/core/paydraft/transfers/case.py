"""All that is known when a draft is judged."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Account, Counterparty, MatchOutcome
from paydraft.model.history import Trace
from paydraft.model.invoice import Invoice
from paydraft.transfers.duplicates import Past


@dataclass(frozen=True, slots=True)
class Case:
    """What the checks look at."""

    invoice: Invoice
    match: MatchOutcome
    counterparty: Counterparty | None
    account: Account | None
    iban: Iban | None  # the account the draft would pay
    today: date
    trace: Trace
    past: Past
    inactive: tuple[UUID, ...]  # parties on file that are named, and deactivated themselves or by their account
