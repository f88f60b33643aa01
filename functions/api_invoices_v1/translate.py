"""From jobs, invoices and transfers to MakersHub's vocabulary. Pure; the table is the contract."""

import hashlib
from collections.abc import Iterator
from typing import Any

from api_invoices_v1 import schemas
from paydraft.model.invoice import Address, Invoice, LineItem, Party
from paydraft.model.job import Job
from paydraft.model.status import Fault, Status
from paydraft.model.stored_invoice import StoredInvoice
from paydraft.model.transfer import DraftTransfer, TransferStatus

# Whether GET …/ocr answers 200: always, once the present attempt's values are stored, or not. A cancelled job is gone.
HAS_DATA: dict[tuple[Status, Fault | None], bool | None] = {
    (Status.CREATED, None): False,
    (Status.QUEUED, None): False,
    (Status.PROCESSING, None): None,  # as soon as the extraction exists
    (Status.COMPLETED, None): True,
    (Status.FAILED, Fault.DOCUMENT): False,
    (Status.FAILED, Fault.SERVICE): False,
}
_SUMMARY = {
    "invoiceNumber": "number",
    "invoiceDate": "issue_date",
    "dueDate": "due_date",
    "purchaseOrder": "purchase_order",
    "vendorName": "seller.name",
    "vendorVatNumber": "seller.vat_number",
    "customerName": "buyer.name",
    "iban": "iban",
    "bic": "bic",
    "paymentReference": "reference",
    "currency": "currency",
    "subtotal": "subtotal",
    "tax": "tax",
    "total": "total",
    "amountDue": "amount_due",
}
_APPROVED = (TransferStatus.APPROVED, TransferStatus.EXPORTED)


def has_data(job: Job) -> bool:
    """Whether the job's extraction can be read; not for a cancelled one."""
    decided = HAS_DATA[job.status, job.failure.fault if job.failure else None]
    return job.is_extracted if decided is None else decided


def ocr(invoice: Invoice, lines: tuple[str, ...]) -> schemas.OcrAnswer:
    """What was read, with the values that were found."""
    items = tuple(_ocr_line(item) for item in invoice.line_items)
    data = schemas.OcrData(ocrLines=lines, lineItems=items, summaryFields=dict(_summary(invoice)))
    return schemas.OcrAnswer(status="OK", msg="Invoice OCR data retrieved.", result=data)


def of_job(
    job: Job, invoice: Invoice | None, transfer: DraftTransfer | None, *, document_url: str | None = None
) -> schemas.Invoice:
    """The invoice of a job; `invoice` is None until it was read."""
    read = invoice or Invoice()
    approved = transfer is not None and transfer.status in _APPROVED
    return schemas.Invoice(
        id=job.invoice_id,
        hash_id=_digest(job.job_id, job.updated_at, transfer.version if transfer else 0),
        parent_id=None,
        supplier_info=_supplier(read.seller, transfer),
        ship_to=schemas.ShipTo(name=None, address=None),
        bill_to=_bill_to(read.buyer.name, _one_line(read.buyer.address), job.entity_id),
        invoice_number=read.number,
        po_number=read.purchase_order,
        invoice_terms=None,
        invoice_date=read.issue_date,
        invoice_due=read.due_date,
        invoice_items=tuple(
            _item(number, item.description, item.quantity, item.unit_price, item.net)
            for number, item in enumerate(read.line_items, start=1)
        ),
        invoice_total=read.total,
        tags=None,
        rejected=bool(transfer and transfer.status is TransferStatus.DRAFT and transfer.note),
        approved=approved,
        approvers=tuple(_approvers(transfer)) if transfer else (),
        document=schemas.Document(
            url=document_url, name=job.document_name, size=job.document.size if job.document else None
        ),
        modified=max(job.updated_at, transfer.updated_at) if transfer else job.updated_at,
        created=job.created_at,
        integration_id=None,
        integration_api_id=None,
    )


def of_written(one: StoredInvoice) -> schemas.Invoice:
    """An invoice that a client wrote down in another dialect: it has no document, and nothing was read."""
    return schemas.Invoice(
        id=one.invoice_id,
        hash_id=_digest(one.id),
        parent_id=None,
        supplier_info=_supplier(Party(), None),
        ship_to=schemas.ShipTo(name=None, address=None),
        bill_to=_bill_to(None, None, None),
        invoice_number=one.invoice_number,
        po_number=None,
        invoice_terms=None,
        invoice_date=one.issue_date,
        invoice_due=one.due_date,
        invoice_items=(),
        invoice_total=one.sums.total.amount,
        tags=None,
        rejected=False,
        approved=False,
        approvers=(),
        document=None,
        modified=one.created_at,
        created=one.created_at,
        integration_id=None,
        integration_api_id=None,
    )


def _summary(invoice: Invoice) -> Iterator[tuple[str, Any]]:
    for name, path in _SUMMARY.items():
        value: Any = invoice
        for part in path.split("."):
            value = getattr(value, part)
        if value is not None:
            yield name, value


def _ocr_line(item: LineItem) -> schemas.LineItem:
    return schemas.LineItem(description=item.description, qty=item.quantity, price=item.unit_price, total=item.net)


def _supplier(seller: Party, transfer: DraftTransfer | None) -> schemas.Supplier:
    return schemas.Supplier(
        name=seller.name,
        web=seller.website,
        email=seller.email,
        phone_number=seller.phone,
        address=_one_line(seller.address),
        supplierId=str(transfer.counterparty_id) if transfer and transfer.counterparty_id else None,
    )


def _bill_to(name: str | None, address: str | None, entity_id: str | None) -> schemas.BillTo:
    return schemas.BillTo(name=name, address=address, memo=None, departmentId=None, entityId=entity_id)


def _item(number: int, description: str | None, qty: Any, price: Any, total: Any) -> schemas.Item:
    unknown = dict.fromkeys(schemas.Item.model_fields)
    known = {"id": number, "description": description, "qty": qty, "price": price, "total": total}
    return schemas.Item(**(unknown | known))


def _approvers(transfer: DraftTransfer) -> Iterator[schemas.Approver]:
    if transfer.approved_by:
        yield schemas.Approver(id=None, name=transfer.approved_by, approved=True, rejected=False, rejected_note=None)


def _one_line(address: Address | None) -> str | None:
    if address is None:
        return None
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = [part for part in (address.street, town, address.state, address.country) if part]
    return ", ".join(parts or address.lines) or None


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
