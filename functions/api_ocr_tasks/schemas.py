"""Monite's wire: what OCR tasks take and answer, in the documented order.

Within `recognized_data` every documented field is there, null where nothing was read; a task has `document_type` and
`recognized_data` only when they are known. Amounts are JSON numbers in major units, rates are percent.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api_ocr_tasks.codes import COUNTRIES, CURRENCIES
from paydraft.runtime.json_numbers import Number


def _never_null(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Country = Annotated[str, WithJsonSchema({"type": "string", "enum": list(COUNTRIES)})]
CurrencyCode = Annotated[str, WithJsonSchema({"type": "string", "enum": list(CURRENCIES)})]


class TaskStatus(StrEnum):
    """How a task stands."""

    PROCESSING = "processing"
    SUCCESS = "success"
    ERROR = "error"


class TaskType(StrEnum):
    """What a document is taken for."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


class Wire(BaseModel):
    """Base of requests and answers: no field that nobody declared, no content in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class CreateRequest(Wire):
    """Body of POST /ocr_tasks."""

    file_url: Annotated[str, StringConstraints(min_length=1, max_length=8192)] = Field(
        description="Where the file is fetched from: a public https address that opens without a login"
    )
    document_type: TaskType | None = Field(None, description="Told from the document where it is left out")


class Address(Wire):
    """A postal address; `street_and_number` holds the printed lines where the parts could not be told apart."""

    city: str | None
    country: Country | None
    postal_code: str | None
    state: str | None
    street_and_number: str | None


class BankAccount(Wire):
    """An account of the party, as printed."""

    bank_account_number: str | None
    iban: str | None
    swift_bic: str | None


class Counterpart(Wire):
    """A party of the document."""

    address: Address
    bank_account: BankAccount
    email: str | None
    name: str | None
    tax_number: str | None
    vat_number: str | None


class LineItem(Wire):
    """A line. The one text that a line has stands in both `name` and `description`; subtotal is net, total gross."""

    description: str | None
    line_reference: str | None
    name: str | None
    quantity: Number | None
    subtotal: Number | None
    tax_amount: Number | None
    tax_rate: Number | None
    total_amount: Number | None
    unit: str | None
    unit_price: Number | None


class ReceiptLineItem(LineItem):
    """A line of a receipt."""

    discount_amount: Number | None


class InvoiceData(Wire):
    """What was read of an invoice."""

    recipient: Counterpart
    sender: Counterpart
    amount_paid: Number | None
    currency: CurrencyCode | None
    document_number: str | None
    due_date: date | None
    issue_date: date | None
    line_items: tuple[LineItem, ...]
    payment_terms: str | None
    subtotal: Number | None
    tax_amount: Number | None
    tax_rate: Number | None
    total_amount: Number | None
    type: Literal[TaskType.INVOICE]


class CreditNoteData(Wire):
    """What was read of a credit note."""

    recipient: Counterpart
    sender: Counterpart
    currency: CurrencyCode | None
    document_number: str | None
    issue_date: date | None
    line_items: tuple[LineItem, ...]
    original_invoice_number: str | None
    subtotal: Number | None
    tax_amount: Number | None
    tax_rate: Number | None
    total_amount: Number | None
    type: Literal[TaskType.CREDIT_NOTE]


class ReceiptData(Wire):
    """What was read of a receipt. `issued_at` is the beginning of its day: the time of day is not read."""

    sender: Counterpart
    currency: CurrencyCode | None
    discount: Number | None
    document_number: str | None
    issued_at: Moment | None
    line_items: tuple[ReceiptLineItem, ...]
    subtotal: Number | None
    tax_amount: Number | None
    tax_rate: Number | None
    tax_type: str | None
    total_amount: Number | None
    type: Literal[TaskType.RECEIPT]


RecognizedData = Annotated[InvoiceData | CreditNoteData | ReceiptData, Discriminator("type")]


class OcrTask(Wire):
    """A task. Without `recognized_data` it is not successful, or its document is none of the three types."""

    id: UUID
    created_at: Moment
    updated_at: Moment
    status: TaskStatus
    document_type: TaskType | SkipJsonSchema[None] = Field(None, json_schema_extra=_never_null)
    recognized_data: RecognizedData | SkipJsonSchema[None] = Field(None, json_schema_extra=_never_null)


class OcrTaskList(Wire):
    """A page of tasks. A page may be shorter than `limit`, or empty, and still lead on."""

    data: tuple[OcrTask, ...]
    next_pagination_token: str | None
    prev_pagination_token: str | None


class Reason(Wire):
    """What a refusal says."""

    message: str


class ErrorBody(Wire):
    """Every refusal but 422."""

    error: Reason


class Problem(Wire):
    """What is wrong, and where: `header`, `query`, `path` or `body`, then the name."""

    loc: tuple[str | int, ...]
    msg: str
    type: str


class ValidationBody(Wire):
    """The refusal of 422."""

    detail: tuple[Problem, ...]
