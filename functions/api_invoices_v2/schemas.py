"""Corebanq's wire: what its OCR routes take and answer, field for field and in the documented order.

An answer leaves out what was not set: the POST names three fields, a finished job all of them, with null for an id, an
enumeration or a date that is not known, and "" for a text that was not read.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from paydraft.runtime.corebanq import Wire

# A label of the client's own, stored and echoed, never looked up. Corebanq's are UUIDs; any id without blanks will do.
CustomerId = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]


class OcrRequestV1(Wire):
    """Body of POST /v1/invoices/ocr."""

    base64_file: str


class OcrRequestV2(OcrRequestV1):
    """Body of POST /v2/invoices/ocr."""

    customer_id: CustomerId | None = None


class Result(Wire):
    """What was read; every value is a string, "" where nothing was. Dates ISO, amounts 1234.56, percent 19.00.

    `customer_*` is the party to be paid: it stands beside `iban` and `bic` and feeds the destination.
    """

    total: str
    customer_name: str
    customer_email: str
    currency_code: str
    currency_symbol: str
    due_date: str
    subtotal: str
    sales_tax_percentage: str
    sales_tax_amount: str
    invoice_number: str
    reference: str
    bic: str
    iban: str


class RecipientAddress(Wire):
    """A postal address; "" where a part is not known."""

    street: str
    city: str
    zip: str
    country: str
    state: str


class Recipient(Wire):
    """The payee on file, or the one printed on the page, in the shape that v1 clients know."""

    id: UUID | None
    legal_name: str
    email: str
    iban: str
    bic: str
    type: str | None
    customer_id: str | None
    address: RecipientAddress
    created_at: datetime | None


class Candidate(Wire):
    """Ours: a counterparty that might be the payee. `score` is 0..1."""

    counterparty_id: UUID
    cp_account_id: UUID | None
    score: float
    reasons: tuple[str, ...]


class Review(Wire):
    """Ours: something a person should look at before approving. `field` is named as in `result` where it is there."""

    code: str
    field: str | None
    message: str
    severity: str


class JobResponseV2(Wire):
    """Answer of POST /v2/invoices/ocr and GET /v2/invoices/ocr/{id}."""

    job_id: UUID
    status: int
    upload_id: UUID
    transfer_id: UUID | None = None
    recipient_match: str | None = None
    counterparty_match: str | None = None
    counterparty_id: UUID | None = None
    cp_account_id: UUID | None = None
    result: Result | None = None
    recipient: Recipient | None = None
    transaction_id: UUID | None = None
    message: str | None = None
    candidates: tuple[Candidate, ...] = ()
    review: tuple[Review, ...] = ()


class JobResponseV1(Wire):
    """Answer of POST /v1/invoices/ocr and GET /v1/invoices/ocr/{id}: pure extraction."""

    job_id: UUID
    status: int
    result: Result | None = None
    message: str | None = None
