"""The transfers' wire, in Corebanq's habits: amounts in minor units as text, selectors by ids, moments in UTC.

Every documented field is in every answer; null where nothing is known.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=r"^[^\x00-\x1f]*$")
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
MinorUnits = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,14}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Wire(BaseModel):
    """Base of requests and answers: no field that nobody declared, no content in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AmountIn(Wire):
    """An amount of a request: "119000", "EUR" is EUR 1,190.00."""

    amount_minor: MinorUnits
    currency: CurrencyCode


class Amount(AmountIn):
    """An amount; `precision` is the number of the currency's decimals, `amount` the same in major units."""

    precision: int
    amount: str


class SelectorIn(Wire):
    """A payee of a request, with the account to pay. Without the account the draft's IBAN is looked up."""

    counterparty_id: UUID
    cp_account_id: UUID | None = None


class Selector(Wire):
    """A counterparty and its account; both null where none is on file."""

    counterparty_id: UUID | None
    cp_account_id: UUID | None


class SourceIn(Wire):
    """One of the tenant's own accounts."""

    counterparty_id: UUID
    cp_account_id: UUID


class CreditorIn(Wire):
    """The payee by name and account, where none is chosen on file. What is left out stays, null takes it away."""

    name: Text | None = None
    iban: Annotated[str, StringConstraints(max_length=42)] | None = None
    bic: Annotated[str, StringConstraints(max_length=15)] | None = None


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


class RemittanceIn(Wire):
    """What the payee will see: a structured reference (`rf`, `qrr`), or `text`."""

    kind: Literal["rf", "qrr", "text"]
    text: Text


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


class CorrectionIn(Wire):
    """Where the right value stands, told by the person who corrects it; the supplier's next invoice is read by it."""

    field: Literal["total", "amount_due", "currency", "iban", "bic", "reference", "number", "due_date", "seller.name"]
    raw: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
    place: Place
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None


class TransferPatch(Wire):
    """Body of PATCH: what is left out stays, null takes away what may be absent."""

    amount: AmountIn | None = None
    destination: SelectorIn | None = None
    source: SourceIn | None = None
    creditor: CreditorIn | None = None
    remittance: RemittanceIn | None = None
    requested_date: date | None = None
    customer_id: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")] | None = None
    corrections: Annotated[tuple[CorrectionIn, ...], Field(max_length=20)] = ()


class FinalizeRequest(Wire):
    """Body of finalize, all of it optional. What it says of the payment must be as the draft says.

    So nobody asks for the approval of another payment than he sees. `metadata` and `channel` are taken and not kept.
    """

    customer_id: str | None = None
    channel: str | None = None
    amount: AmountIn | None = None
    source: SourceIn | None = None
    destination: Selector | None = None
    metadata: dict[str, str] | None = None
    idempotency_key: str | None = None


class Decision(Wire):
    """Body of approve."""

    note: Note | None = None


class Explained(Wire):
    """Body of reject and of a flag's clearing: why, in a sentence."""

    note: Note


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
    note: str | None
    links: Links


class TransferList(Wire):
    """A page of transfers; `next_cursor` leads to the next one, null at the end."""

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


class ErrorBody(Wire):
    """What every refusal says."""

    error: str
    message: str
    details: dict[str, object]
