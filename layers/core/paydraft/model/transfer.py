"""A draft transfer: a proposal that only a person can turn into a payment. paydraft never sends money."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Area, Frozen, Severity
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import Money

THE_SERVICE = "paydraft"  # who acts when no person or credential does


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
    PAYEE_INACTIVE = "payee_inactive"


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


class Proof(StrEnum):
    """What a flag points at."""

    PAGE = "page"  # a field as read, and where it stands
    TRANSFER = "transfer"  # another transfer of the tenant
    COUNTERPARTY = "counterparty"  # a party on file
    FIGURE = "figure"  # a number that was compared with


class FlagEvidence(Frozen):
    """One thing that a flag rests on. `name` is the field's path, the rule that was met, or what the figure is."""

    kind: Proof
    name: str
    value: str | None = None  # as read, or the figure
    area: Area | None = None
    about: UUID | None = None  # the transfer or counterparty
    attempt: int | None = None  # of the reading that differs


class Clearing(Frozen):
    """Who looked into a blocking flag, and what was found."""

    by: str
    at: datetime
    note: str


class Flag(Frozen):
    """One finding on a draft; a blocking one (severity error) stops approval until a second person clears it."""

    code: FlagCode
    severity: Severity
    text: str  # what it means and what to do; no personal data
    field: str | None = None
    evidence: tuple[FlagEvidence, ...] = ()
    cleared: Clearing | None = None

    @property
    def blocks(self) -> bool:
        """Whether it stops approval as it stands."""
        return self.severity is Severity.ERROR and self.cleared is None


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


class AccountChoice(Frozen):
    """A counterparty's account, by its ids."""

    counterparty_id: UUID
    account_id: UUID


class VerificationResult(StrEnum):
    """What the payee's bank says of name and IBAN (EU 2024/886, Verification of Payee)."""

    MATCH = "match"
    CLOSE_MATCH = "close_match"
    NO_MATCH = "no_match"
    NOT_POSSIBLE = "not_possible"


class Verification(Frozen):
    """The answer kept on a draft. No answer says that an account is safe."""

    result: VerificationResult
    provider: str
    checked_at: datetime
    suggested_name: str | None = None  # the name on file at the bank, of a close match
    token: str | None = None  # the provider's proof of the check


class Correction(Frozen):
    """Where a person who corrected a field found its right value: what a supplier's next invoice can be read by."""

    field: str  # dotted path of Invoice
    raw: str  # the characters as they stand there
    area: Area
    label: str | None = None
    by: str


class DraftTransfer(Frozen):
    """The prefilled transfer of one job. Every change makes the next `version` and one audit item of that number."""

    transfer_id: UUID
    tenant_id: str
    job_id: UUID
    attempt: int
    upload_id: UUID
    customer_id: str | None = None
    status: TransferStatus = TransferStatus.DRAFT
    version: int = 1
    amount: Money
    creditor: Creditor
    counterparty_id: UUID | None = None
    account_id: UUID | None = None
    source: AccountChoice | None = None  # the tenant's own account that pays
    remittance: Remittance | None = None
    requested_date: date | None = None
    invoice_number: str | None = None  # as printed
    flags: tuple[Flag, ...] = ()
    corrections: tuple[Correction, ...] = ()
    verification: Verification | None = None
    created_at: datetime
    updated_at: datetime
    created_by: str  # the job's subject
    edited_by: str | None = None  # the person who changed it last; None while it is as prefilled
    editors: tuple[str, ...] = ()  # all who changed it
    submitted_by: str | None = None  # who asked for approval
    submitted_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    exported_at: datetime | None = None
    order_id: UUID | None = None  # the payment order it left with
    cancelled_by: str | None = None
    note: str | None = None  # why it was rejected, discarded or closed

    @property
    def is_untouched(self) -> bool:
        """Still as the job prefilled it: no person has edited, submitted or discarded it."""
        return self.status is TransferStatus.DRAFT and self.edited_by is None and self.submitted_by is None

    @property
    def was_closed(self) -> bool:
        """Cancelled by the service, because its job came to nothing; another attempt of the job revives it."""
        return self.status is TransferStatus.CANCELLED and self.cancelled_by == THE_SERVICE
