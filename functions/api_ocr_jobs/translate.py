"""From jobs and invoices to Repzo's vocabulary. Pure; the tables are the contract."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from api_ocr_jobs import schemas
from api_ocr_jobs.defaults import document_name, file_type, job_number, template
from paydraft.model.document import DocumentInfo
from paydraft.model.evidence import Severity
from paydraft.model.invoice import Address, Invoice, LineItem, Party
from paydraft.model.job import Job
from paydraft.model.status import Fault, Phase, Status
from paydraft.model.transfer import BLOCKING_FLAGS, NO_DRAFT_TEXT, FlagCode
from paydraft.transfers.flags import FLAG_OF_FINDING, TEXTS

# What a job's state is called; its fault is told in errorLog.
STATUSES: dict[tuple[Status, Fault | None], str] = {
    (Status.CREATED, None): "created",
    (Status.QUEUED, None): "queued",
    (Status.PROCESSING, None): "processing",
    (Status.COMPLETED, None): "completed",
    (Status.FAILED, Fault.DOCUMENT): "failed",
    (Status.FAILED, Fault.SERVICE): "failed",
    (Status.CANCELLED, None): "cancelled",
}
# The steps of a run, each with the share of the way that is behind when it is the present one.
STEPS = {"created": 0, "queued": 10, "reading": 25, "extracting": 50, "matching": 80, "done": 100}
ENDED_STEPS = {Status.FAILED: "failed", Status.CANCELLED: "cancelled"}
COST, COST_CURRENCY = Decimal(0), "USD"  # nothing is charged by the job

# Paths into the core's invoice, in Repzo's names.
FIELDS = {
    "number": "invoice.number",
    "issue_date": "invoice.date",
    "due_date": "invoice.dueDate",
    "seller.name": "invoice.supplier.name",
    "seller.address": "invoice.supplier.address",
    "seller.vat_number": "invoice.supplier.taxId",
    "seller.tax_number": "invoice.supplier.taxId",
    "buyer.name": "invoice.customer.name",
    "buyer.address": "invoice.customer.address",
    "subtotal": "invoice.amounts.subtotal",
    "tax": "invoice.amounts.tax",
    "total": "invoice.amounts.total",
    "currency": "invoice.amounts.currency",
}
LINE_FIELDS = {
    "description": "description",
    "quantity": "quantity",
    "unit_price": "unitPrice",
    "net": "amount",
    "gross": "amount",
}
FLAG_FIELDS: dict[FlagCode, str] = {
    FlagCode.IBAN_INVALID: "iban",
    FlagCode.IBAN_CHANGED: "iban",
    FlagCode.IBAN_OTHER_COUNTERPARTY: "iban",
    FlagCode.IBAN_COUNTRY_MISMATCH: "iban",
    FlagCode.AMOUNT_MISMATCH: "invoice.amounts.total",
    FlagCode.AMOUNT_OUTLIER: "invoice.amounts.total",
    FlagCode.DUE_DATE_PAST: "invoice.dueDate",
    FlagCode.CURRENCY_NOT_SEPA: "invoice.amounts.currency",
    FlagCode.NEW_COUNTERPARTY: "invoice.supplier.name",
    FlagCode.PAYEE_INACTIVE: "invoice.supplier.name",
    FlagCode.POSSIBLE_DUPLICATE: "invoice.number",
}
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def status(job: Job) -> Status:
    """The word for a job's state; KeyError for a state that the table does not have."""
    return Status(STATUSES[job.status, job.failure.fault if job.failure else None])


def job(one: Job, invoice: Invoice | None) -> schemas.Job:
    """A job as it is answered; `invoice` is what a completed one has beside its row."""
    return schemas.Job(
        **_known(
            oid=one.short_id,
            job_number=job_number(one),
            document_name=document_name(one),
            document_url=one.source_url,
            document_type=file_type(one),
            template=template(one),
            group=one.group_id,
            status=status(one),
            priority=one.priority,
            progress=progress(one),
            started_at=one.started_at,
            completed_at=one.completed_at,
            processing_time=_seconds(one.started_at, one.completed_at),
            document_info=document_info(one.document, invoice) if one.document else None,
            extracted_data=extracted_data(invoice) if invoice else None,
            confidence=confidence(invoice) if invoice else None,
            validation_results=validation_results(one, invoice) if invoice else None,
            cost=COST,
            currency=COST_CURRENCY,
            error_log=one.failure.text if one.failure else None,
            retry_count=one.reruns,
            created_by=one.created_by,
            metadata=json.loads(one.metadata) if one.metadata else {},
            created_at=one.created_at,
            updated_at=one.updated_at,
        )
    )


def progress(one: Job) -> schemas.Progress:
    """How far a job is, told from the marks that its run leaves on its row; one that failed stays where it failed."""
    step = _step(one)
    return schemas.Progress(
        percentage=Decimal(STEPS[step]), current_step=ENDED_STEPS.get(one.status, step), total_steps=len(STEPS)
    )


def started(one: Job) -> schemas.Started:
    """What starting a job answers: whether it waits or runs."""
    return schemas.Started(job_id=one.short_id, status="processing" if one.status is Status.PROCESSING else "queued")


def results(one: Job, invoice: Invoice) -> schemas.Results:
    """What was read of a completed job's document."""
    return schemas.Results(
        extracted_data=extracted_data(invoice),
        confidence=confidence(invoice),
        validation_results=validation_results(one, invoice),
        processing_time=_seconds(one.started_at, one.completed_at) or Decimal(0),
    )


def document_info(document: DocumentInfo, invoice: Invoice | None) -> schemas.DocumentFacts:
    """Facts of the file, as its bytes say."""
    return schemas.DocumentFacts(
        **_known(
            pages=document.pages,
            size=document.size,
            format=document.media_type.name.lower(),
            language=invoice.language if invoice else None,
        )
    )


def extracted_data(invoice: Invoice) -> schemas.ExtractedData:
    """The values, as far as Repzo has a place for them."""
    amounts = schemas.Amounts(
        **_known(subtotal=invoice.subtotal, tax=invoice.tax, total=invoice.total, currency=invoice.currency)
    )
    seller, buyer = invoice.seller, invoice.buyer
    tax_id = seller.vat_number or seller.tax_number
    data = schemas.InvoiceData(
        **_known(number=invoice.number, date=invoice.issue_date, due_date=invoice.due_date),
        supplier=schemas.Supplier(**_known(name=seller.name, address=_address(seller), tax_id=tax_id)),
        customer=schemas.Customer(**_known(name=buyer.name, address=_address(buyer))),
        amounts=amounts,
    )
    return schemas.ExtractedData(invoice=data, line_items=tuple(_line(line) for line in invoice.line_items))


def confidence(invoice: Invoice) -> schemas.Confidence:
    """How sure the values are; a whole is as sure as its least sure part, and nothing read is not sure at all."""
    found = ((_field(path), evidence.confidence) for path, evidence in invoice.evidence.items())
    fields: dict[str, float] = {}
    for name, sure in found:
        if name is not None:
            fields[name] = min(sure, fields.get(name, 1.0))
    return schemas.Confidence(overall=min(fields.values(), default=0.0), fields=fields)


def validation_results(one: Job, invoice: Invoice) -> schemas.ValidationResults:
    """What a person should know, the gravest first: the draft's flags, what reading found, why there is no draft."""
    told = sorted(
        (*_flags(one), *_findings(one, invoice), *_no_draft(one)), key=lambda it: _WEIGHT[Severity(it.severity)]
    )
    return schemas.ValidationResults(is_valid=all(it.severity != "error" for it in told), errors=tuple(told))


def _step(one: Job) -> str:
    if one.status is Status.COMPLETED:
        return "done"
    if one.status is Status.CREATED:
        return "created"
    if one.status.phase is Phase.WAITING or one.started_at is None:
        return "queued"
    if one.is_extracted:
        return "matching"
    return "extracting" if one.document else "reading"


def _seconds(since: datetime | None, until: datetime | None) -> Decimal | None:
    if since is None or until is None:
        return None
    return Decimal(max((until - since).total_seconds(), 0)).quantize(Decimal("0.001"))


def _line(line: LineItem) -> schemas.LineItem:
    amount = line.gross if line.net is None else line.net
    return schemas.LineItem(
        **_known(description=line.description, quantity=line.quantity, unit_price=line.unit_price, amount=amount)
    )


def _address(party: Party) -> str | None:
    """An address on one line, as printed where its parts could not be told apart."""
    known = party.address or Address()
    town = " ".join(part for part in (known.postal_code, known.city) if part)
    parts = (known.street, town, known.state, known.country) if not known.lines else known.lines
    return ", ".join(part for part in parts if part) or None


def _field(path: str) -> str | None:
    """Where a core path stands in Repzo's data; None for what has no place there."""
    if not path.startswith("line_items."):
        return FIELDS.get(path) or FIELDS.get(path.rpartition(".")[0])
    _, number, name = (*path.split("."), "")[:3]
    return f"lineItems.{number}.{LINE_FIELDS[name]}" if name in LINE_FIELDS else None


def _flags(one: Job) -> Iterator[schemas.ValidationError]:
    for code in one.flags:
        severity = "error" if code in BLOCKING_FLAGS else "warning"
        yield schemas.ValidationError(**_known(field=FLAG_FIELDS.get(code), message=TEXTS[code], severity=severity))


def _findings(one: Job, invoice: Invoice) -> Iterator[schemas.ValidationError]:
    """A finding that became a flag is told once."""
    for finding in invoice.findings:
        if FLAG_OF_FINDING.get(finding.code) not in one.flags:
            field = finding.field and (_field(finding.field) or finding.field)
            severity = finding.severity.value
            yield schemas.ValidationError(**_known(field=field, message=finding.message, severity=severity))


def _no_draft(one: Job) -> Iterator[schemas.ValidationError]:
    if one.no_draft:
        yield schemas.ValidationError(message=NO_DRAFT_TEXT[one.no_draft], severity="info")


def _known(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
