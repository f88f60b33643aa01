"""A draft transfer: a proposal that only a person can turn into a payment. paydraft never sends money."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Frozen, Severity
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import Money


class TransferStatus(StrEnum):
    """The states of a transfer here; nothing is executed."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending-approval"
    APPROVED = "approved"
    EXPORTED = "exported"
    CANCELLED = "cancelled"


class FlagCode(StrEnum):
    """What smells about a draft."""

    IBAN_INVALID = "iban_invalid"
    IBAN_CHANGED = "iban_changed"
    IBAN_OTHER_COUNTERPARTY = "iban_other_counterparty"
    IBAN_COUNTRY_MISMATCH = "iban_country_mismatch"
    PAYMENT_DATA_CONFLICT = "payment_data_conflict"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    AMOUNT_MISMATCH = "amount_mismatch"
    AMOUNT_OUTLIER = "amount_outlier"
    NEW_COUNTERPARTY = "new_counterparty"
    DUE_DATE_PAST = "due_date_past"
    CURRENCY_NOT_SEPA = "currency_not_sepa"
    LOW_CONFIDENCE = "low_confidence"
    REPROCESSED_DIFFERS = "reprocessed_differs"


BLOCKING_FLAGS = frozenset(
    {
        FlagCode.IBAN_INVALID,
        FlagCode.IBAN_CHANGED,
        FlagCode.IBAN_OTHER_COUNTERPARTY,
        FlagCode.IBAN_COUNTRY_MISMATCH,
        FlagCode.PAYMENT_DATA_CONFLICT,
        FlagCode.POSSIBLE_DUPLICATE,
        FlagCode.AMOUNT_MISMATCH,
    }
)


class Flag(Frozen):
    """One finding on a draft; a blocking one (severity error) stops approval until a second person clears it."""

    code: FlagCode
    severity: Severity
    text: str  # what it means and what to do; no personal data
    field: str | None = None


class NoDraft(StrEnum):
    """Why a completed job has no draft transfer."""

    CREDIT_NOTE = "credit_note"
    NOT_PAYABLE = "not_payable"  # receipt, already paid, direct debit, quote, delivery note
    NO_TOTAL = "no_total"
    NO_CURRENCY = "no_currency"
    SEVERAL_INVOICES = "several_invoices"


NO_DRAFT_TEXT: dict[NoDraft, str] = {
    NoDraft.CREDIT_NOTE: "This is a credit note: nothing is to be paid, so no draft transfer was made.",
    NoDraft.NOT_PAYABLE: "This document asks for no transfer (paid, collected or only an offer), so no draft was made.",
    NoDraft.NO_TOTAL: "No amount to pay could be read, so no draft transfer was made. Enter the transfer by hand.",
    NoDraft.NO_CURRENCY: "The currency could not be read, so no draft transfer was made. Enter the transfer by hand.",
    NoDraft.SEVERAL_INVOICES: "The file holds several invoices, so no draft transfer was made. Send each one alone.",
}


class Creditor(Frozen):
    """The party to be paid: from file when matched, else as read off the page."""

    name: str | None = None
    iban: Iban | None = None
    bic: Bic | None = None
    address: Address | None = None


class Remittance(Frozen):
    """What the payee will see: a structured reference, or text of at most 140 characters."""

    kind: ReferenceKind
    text: str


class DraftTransfer(Frozen):
    """The prefilled transfer of one job."""

    transfer_id: UUID
    tenant_id: str
    job_id: UUID
    attempt: int
    upload_id: UUID
    customer_id: str | None = None
    status: TransferStatus = TransferStatus.DRAFT
    amount: Money
    creditor: Creditor
    counterparty_id: UUID | None = None
    account_id: UUID | None = None
    remittance: Remittance | None = None
    requested_date: date | None = None
    flags: tuple[Flag, ...] = ()
    created_at: datetime
    updated_at: datetime
    created_by: str  # the job's subject
    edited_by: str | None = None  # the person who changed it last; None while it is as prefilled
