"""From jobs and invoices to Monite's vocabulary. Pure; the tables are the contract."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any

from api_ocr_tasks.codes import COUNTRIES, CURRENCIES
from api_ocr_tasks.schemas import (
    Address,
    BankAccount,
    Counterpart,
    CreditNoteData,
    InvoiceData,
    LineItem,
    OcrTask,
    ReceiptData,
    ReceiptLineItem,
    RecognizedData,
    TaskStatus,
    TaskType,
)
from paydraft.model import invoice as read
from paydraft.model.invoice import AccountRole, DocumentType, Invoice, Party
from paydraft.model.job import Job
from paydraft.model.status import Fault, Status

# None: the task is not there (any more).
STATUSES: dict[tuple[Status, Fault | None], TaskStatus | None] = {
    (Status.CREATED, None): TaskStatus.PROCESSING,
    (Status.QUEUED, None): TaskStatus.PROCESSING,
    (Status.PROCESSING, None): TaskStatus.PROCESSING,
    (Status.COMPLETED, None): TaskStatus.SUCCESS,
    (Status.FAILED, Fault.DOCUMENT): TaskStatus.ERROR,
    (Status.FAILED, Fault.SERVICE): TaskStatus.ERROR,
    (Status.CANCELLED, None): None,
}
# A reminder, a direct debit and a paid invoice are invoices here. A quote or a delivery note is none of the three, and
# calling it an invoice would have somebody pay it: its task has no type and no data, unless the client named a type.
TYPES: dict[DocumentType, TaskType | None] = {
    DocumentType.INVOICE: TaskType.INVOICE,
    DocumentType.REMINDER: TaskType.INVOICE,
    DocumentType.DIRECT_DEBIT: TaskType.INVOICE,
    DocumentType.PAID_INVOICE: TaskType.INVOICE,
    DocumentType.CREDIT_NOTE: TaskType.CREDIT_NOTE,
    DocumentType.RECEIPT: TaskType.RECEIPT,
    DocumentType.QUOTE: None,
    DocumentType.DELIVERY_NOTE: None,
    DocumentType.OTHER: None,
}
_EXACT = Context(prec=200)  # more digits than any document has: nothing is rounded


def status_of(job: Job) -> TaskStatus | None:
    """How the job stands in this dialect; None if it is not there for it."""
    return STATUSES[job.status, job.failure.fault if job.failure else None]


def type_of(job: Job, invoice: Invoice | None = None) -> TaskType | None:
    """What the client says the document is, else what it was read as; None while neither is known."""
    said = job.asked_type or job.document_type or (invoice.document_type if invoice else None)
    return TYPES[said] if said else None


def task(job: Job, invoice: Invoice | None = None) -> OcrTask:
    """The job; `invoice` is that of a completed one. A cancelled job has no task: ValueError."""
    status, kind = status_of(job), type_of(job, invoice)
    if status is None:
        raise ValueError("a cancelled job has no task")
    known: dict[str, Any] = {"document_type": kind} if kind else {}
    if kind and invoice:
        known["recognized_data"] = recognized(kind, invoice)
    return OcrTask(
        id=job.job_id, created_at=moment(job.created_at), updated_at=moment(job.updated_at), status=status, **known
    )


def accepted(job: Job) -> OcrTask:
    """The job as it was when it was accepted, whatever has become of it since: a replay repeats it."""
    kind = TYPES[job.asked_type] if job.asked_type else None
    known: dict[str, Any] = {"document_type": kind} if kind else {}
    made_at = moment(job.created_at)
    return OcrTask(id=job.job_id, created_at=made_at, updated_at=made_at, status=TaskStatus.PROCESSING, **known)


def recognized(kind: TaskType, invoice: Invoice) -> RecognizedData:
    """What was read, in the shape of that type."""
    return _SHAPES[kind](invoice)


def moment(at: datetime) -> str:
    """A moment in UTC with its milliseconds, so that created_at__gt of the last task leads on behind it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _invoice(invoice: Invoice) -> InvoiceData:
    return InvoiceData(
        recipient=_recipient(invoice),
        sender=_sender(invoice),
        amount_paid=invoice.amount_paid,
        due_date=invoice.due_date,
        issue_date=invoice.issue_date,
        line_items=tuple(LineItem(**_line(one)) for one in invoice.line_items),
        payment_terms=None,
        type=TaskType.INVOICE,
        **_shared(invoice),
    )


def _credit_note(invoice: Invoice) -> CreditNoteData:
    return CreditNoteData(
        recipient=_recipient(invoice),
        sender=_sender(invoice),
        issue_date=invoice.issue_date,
        line_items=tuple(LineItem(**_line(one)) for one in invoice.line_items),
        original_invoice_number=None,
        type=TaskType.CREDIT_NOTE,
        **_shared(invoice),
    )


def _receipt(invoice: Invoice) -> ReceiptData:
    lines = (ReceiptLineItem(discount_amount=one.discount, **_line(one)) for one in invoice.line_items)
    return ReceiptData(
        sender=_sender(invoice),
        discount=invoice.discount,
        issued_at=_beginning(invoice.issue_date),
        line_items=tuple(lines),
        tax_type=None,
        type=TaskType.RECEIPT,
        **_shared(invoice),
    )


_SHAPES: dict[TaskType, Callable[[Invoice], RecognizedData]] = {
    TaskType.INVOICE: _invoice,
    TaskType.CREDIT_NOTE: _credit_note,
    TaskType.RECEIPT: _receipt,
}


def _shared(invoice: Invoice) -> dict[str, Any]:
    return {
        "currency": _listed(invoice.currency, CURRENCIES),
        "document_number": invoice.number,
        "subtotal": invoice.subtotal,
        "tax_amount": invoice.tax,
        "tax_rate": invoice.tax_rate,
        "total_amount": invoice.total,
    }


def _beginning(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


def _listed(code: str | None, codes: tuple[str, ...]) -> str | None:
    return code if code in codes else None


def _sender(invoice: Invoice) -> Counterpart:
    """The seller, with the account that is to be paid: where the claim was assigned, only the assignee's counts."""
    is_assigned = any(one.role is AccountRole.ASSIGNEE for one in invoice.accounts)
    number = _only_number(invoice, AccountRole.ASSIGNEE if is_assigned else AccountRole.CREDITOR)
    account = BankAccount(bank_account_number=number, iban=invoice.iban, swift_bic=invoice.bic)
    return _counterpart(invoice.seller, account)


def _recipient(invoice: Invoice) -> Counterpart:
    """The buyer, with the account that is printed as theirs."""
    ibans = {one.iban for one in invoice.accounts if one.role is AccountRole.DEBTOR and one.iban}
    iban = ibans.pop() if len(ibans) == 1 else None
    number = _only_number(invoice, AccountRole.DEBTOR)
    return _counterpart(invoice.buyer, BankAccount(bank_account_number=number, iban=iban, swift_bic=None))


def _only_number(invoice: Invoice, role: AccountRole) -> str | None:
    """The party's account without an IBAN; None where several are printed, since none of them is the right one."""
    numbers = {one.domestic.number for one in invoice.accounts if one.role is role and one.domestic}
    return numbers.pop() if len(numbers) == 1 else None


def _counterpart(party: Party, account: BankAccount) -> Counterpart:
    return Counterpart(
        address=_address(party.address),
        bank_account=account,
        email=party.email,
        name=party.name,
        tax_number=party.tax_number,
        vat_number=party.vat_number,
    )


def _address(address: read.Address | None) -> Address:
    known = address or read.Address()
    return Address(
        city=known.city,
        country=_listed(known.country, COUNTRIES),
        postal_code=known.postal_code,
        state=known.state,
        street_and_number=known.street or ", ".join(known.lines) or None,
    )


def _line(line: read.LineItem) -> dict[str, Any]:
    return {
        "description": line.description,
        "line_reference": None,
        "name": line.description,
        "quantity": line.quantity,
        "subtotal": line.net,
        "tax_amount": _difference(line.gross, line.net),
        "tax_rate": line.tax_rate,
        "total_amount": line.gross,
        "unit": line.unit,
        "unit_price": line.unit_price,
    }


def _difference(gross: Decimal | None, net: Decimal | None) -> Decimal | None:
    return None if gross is None or net is None else _EXACT.subtract(gross, net)
