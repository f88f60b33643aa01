"""What the transfers' routes answer, in Corebanq's habits: amounts in minor units as text, moments in UTC.

Every documented field is in every answer; null where nothing is known.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from paydraft.runtime.corebanq import Wire


class Amount(Wire):
    """An amount: "119000", "EUR" is EUR 1,190.00; `precision` is the number of the currency's decimals."""

    amount_minor: str
    currency: str
    precision: int
    amount: str


class Selector(Wire):
    """A counterparty and its account; both null where none is on file."""

    counterparty_id: UUID | None
    cp_account_id: UUID | None


class PostalAddress(Wire):
    """A postal address; `lines` as printed, where the parts are not known."""

    street: str | None
    postal_code: str | None
    city: str | None
    state: str | None
    country: str | None
    lines: tuple[str, ...]


class Creditor(Wire):
    """Who is to be paid, and where."""

    name: str | None
    iban: str | None
    bic: str | None
    address: PostalAddress | None


class Remittance(Wire):
    """What the payee will see; `national` is a reference of a national scheme, as printed."""

    kind: str
    text: str


class Place(Wire):
    """A rectangle on a page, in points from its top left corner."""

    page: int = Field(ge=1)
    x0: float
    y0: float
    x1: float
    y1: float
    page_width: float = Field(gt=0)
    page_height: float = Field(gt=0)


class Proof(Wire):
    """What a flag rests on: a spot on the page, another transfer, a counterparty, a figure."""

    kind: str
    name: str
    value: str | None
    place: Place | None
    transfer_id: UUID | None
    counterparty_id: UUID | None


class Clearing(Wire):
    """Who looked into a flag, and what was found."""

    by: str
    at: datetime
    note: str


class Flag(Wire):
    """Something to look at. `blocking` ones stop approval until a second person clears each."""

    code: str
    severity: str
    text: str
    field: str | None
    blocking: bool
    evidence: tuple[Proof, ...]
    cleared: Clearing | None


class Verification(Wire):
    """What the payee's bank said of name and IBAN when approval was asked for: no promise that an account is safe."""

    result: str
    provider: str
    checked_at: datetime
    suggested_name: str | None


class Links(Wire):
    """Where the rest is."""

    self: str
    job: str
    upload: str
    evidence: str
    events: str
    qr: str
    payment_file: str


class Transfer(Wire):
    """A transfer. It moves no money: an approved one is exported, and paid at a bank."""

    id: UUID
    status: str
    direction: str
    version: int
    customer_id: str | None
    amount: Amount
    source: Selector
    destination: Selector
    creditor: Creditor
    remittance: Remittance | None
    requested_date: date | None
    invoice_number: str | None
    flags: tuple[Flag, ...]
    missing: tuple[str, ...]
    verification: Verification | None
    job_id: UUID
    upload_id: UUID
    attempt: int
    created_at: datetime
    created_by: str
    modified_at: datetime
    modified_by: str | None
    submitted_at: datetime | None
    submitted_by: str | None
    approved_at: datetime | None
    approved_by: str | None
    exported_at: datetime | None
    order_id: UUID | None
    note: str | None
    links: Links


class TransferList(Wire):
    """A page of transfers; `next_cursor` leads to the next one, null at the end. With a filter a page may be short."""

    data: tuple[Transfer, ...]
    has_more: bool
    next_cursor: str | None


class FieldEvidence(Wire):
    """Where a field's value comes from."""

    field: str
    value: str
    source: str
    confidence: float
    checks: tuple[str, ...]
    place: Place | None
    alternatives: tuple[str, ...]


class Evidence(Wire):
    """What the document said, field by field."""

    transfer_id: UUID
    job_id: UUID
    attempt: int
    fields: tuple[FieldEvidence, ...]


class Event(Wire):
    """One thing that happened to a transfer, with the fields that changed."""

    id: str
    transfer_id: UUID
    created_at: datetime
    created_by: str
    event_type: str
    from_status: str | None
    to_status: str
    note: str | None
    before: dict[str, object]
    after: dict[str, object]


class EventList(Wire):
    """All that happened to a transfer, in order."""

    data: tuple[Event, ...]
    total: int


class Reason(Wire):
    """Why a transfer was left out, and what to do."""

    code: str
    message: str


class ExportResult(Wire):
    """What has become of one transfer: `exported`, or `refused` for these reasons.

    `order_id` is the order that the transfer has left with, this one or an earlier one.
    """

    transfer_id: UUID
    status: str
    end_to_end_id: str | None
    order_id: UUID | None
    reasons: tuple[Reason, ...]


class PaymentFile(Wire):
    """The file, for the bank as it is: `base64_file` are its bytes, `sha256` is theirs."""

    file_name: str
    content_type: str
    content_length: int
    sha256: str
    base64_file: str


class Export(Wire):
    """A payment order: which transfers left with it, which did not, and the file. `totals` has one entry a currency."""

    order_id: UUID
    message_id: str
    created_at: datetime
    created_by: str
    source: Selector
    transaction_count: int
    totals: tuple[Amount, ...]
    results: tuple[ExportResult, ...]
    has_more: bool
    file: PaymentFile
