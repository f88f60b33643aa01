"""MakersHub's wire. The OCR answer is camelCase and the invoice snake_case, as the source has them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from paydraft.runtime.corebanq import Wire
from paydraft.runtime.json_numbers import Number


class ErrorBody(Wire):
    """What every refusal says."""

    status: Literal["Error"]
    msg: str
    result: None


class SubmitRequest(Wire):
    """An invoice as a file, to be read. Other fields of an invoice are not taken beside it."""

    data: str
    filename: str = Field(min_length=1, max_length=255)
    type: str = Field(default="application/pdf", max_length=255)


class LineItem(Wire):
    """A line of the table as read; null where it was not."""

    description: str | None
    qty: Number | None
    price: Number | None
    total: Number | None


class OcrData(Wire):
    """What was read. `summaryFields` holds only what was found, so its fields vary."""

    ocrLines: tuple[str, ...]  # noqa: N815 - the source's name
    lineItems: tuple[LineItem, ...]  # noqa: N815
    summaryFields: dict[str, Any]  # noqa: N815


class OcrAnswer(Wire):
    """GET /v1/invoices/{invoiceId}/ocr."""

    status: Literal["OK"]
    msg: Literal["Invoice OCR data retrieved."]
    result: OcrData


class Supplier(Wire):
    """Who wants the money."""

    name: str | None
    web: str | None
    email: str | None
    phone_number: str | None
    address: str | None
    supplierId: str | None  # noqa: N815


class ShipTo(Wire):
    """Where the goods went; not read."""

    name: str | None
    address: str | None


class BillTo(ShipTo):
    """Who pays."""

    memo: str | None
    departmentId: int | None  # noqa: N815
    entityId: str | None  # noqa: N815


class Item(Wire):
    """A line of the invoice. Bookkeeping ids are MakersHub's own and always null here."""

    id: int
    qty: Number | None
    price: Number | None
    total: Number | None
    description: str | None
    sku: str | None
    itemId: int | None  # noqa: N815
    customerId: int | None  # noqa: N815
    accountId: int | None  # noqa: N815
    classId: int | None  # noqa: N815
    poId: int | None  # noqa: N815
    poLineId: int | None  # noqa: N815
    billable: bool | None
    departmentId: int | None  # noqa: N815
    entityId: int | None  # noqa: N815
    taxId: int | None  # noqa: N815
    taxInclusive: bool | None  # noqa: N815


class Approver(Wire):
    """Who decided about the transfer."""

    id: int | None
    name: str
    approved: bool
    rejected: bool
    rejected_note: str | None


class Document(Wire):
    """The file. Its address is given to tokens that may read documents, and is good for five minutes."""

    url: str | None
    name: str | None
    size: int | None  # bytes


class Invoice(Wire):
    """An invoice: what was read of its document so far, and how its transfer stands."""

    id: int
    hash_id: str  # changes with every change
    parent_id: int | None
    supplier_info: Supplier
    ship_to: ShipTo
    bill_to: BillTo
    invoice_number: str | None
    po_number: str | None
    invoice_terms: str | None
    invoice_date: date | None
    invoice_due: date | None
    invoice_items: tuple[Item, ...]
    invoice_total: Number | None
    tags: str | None
    rejected: bool
    approved: bool
    approvers: tuple[Approver, ...]
    document: Document | None
    modified: datetime
    created: datetime
    integration_id: str | None
    integration_api_id: str | None


class InvoiceAnswer(Wire):
    """POST /v1/invoices and GET /v1/invoices/{invoiceId}."""

    status: Literal["OK"]
    msg: str
    result: Invoice
