"""The draft transfer that a read invoice and its match propose, or why there is none."""

from datetime import date, datetime
from uuid import UUID

from paydraft.model.bank_account import CreditorReference, QrReference
from paydraft.model.counterparty import Account, Counterparty, MatchOutcome
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import DocumentType, Invoice, ReferenceKind
from paydraft.model.job import Job
from paydraft.model.money import Money
from paydraft.model.transfer import Creditor, DraftTransfer, NoDraft, Remittance
from paydraft.transfers.case import Case
from paydraft.transfers.checks import flags_of
from paydraft.transfers.duplicates import Past, trace_of

NOTHING = Past()
REMITTANCE_LENGTH = 140  # ISO 20022, unstructured remittance information

# What asks for no transfer. An OTHER document got this far because it bears payment data, as a bare payment slip does.
NO_DRAFT_OF_TYPE: dict[DocumentType, NoDraft] = {
    DocumentType.CREDIT_NOTE: NoDraft.CREDIT_NOTE,
    DocumentType.RECEIPT: NoDraft.NOT_PAYABLE,
    DocumentType.DIRECT_DEBIT: NoDraft.NOT_PAYABLE,
    DocumentType.PAID_INVOICE: NoDraft.NOT_PAYABLE,
    DocumentType.QUOTE: NoDraft.NOT_PAYABLE,
    DocumentType.DELIVERY_NOTE: NoDraft.NOT_PAYABLE,
}


def draft(
    job: Job,
    invoice: Invoice,
    match: MatchOutcome,
    counterparty: Counterparty | None,
    account: Account | None,
    *,
    now: datetime,
    today: date,
    past: Past = NOTHING,
    inactive: tuple[UUID, ...] = (),
) -> DraftTransfer | NoDraft:
    """The transfer of `job` to the matched party, or to the party printed on the page where none is on file.

    `counterparty` and `account` are those whose ids `match` found. Times are aware; `today` is the day nothing may be
    requested before. `past` is what is remembered of this invoice and its supplier, `inactive` which parties on file it
    names that were deactivated. The transfer's id follows from the job's, so that the same job can only ever have one.
    """
    amount = _payable(invoice)
    if isinstance(amount, NoDraft):
        return amount
    creditor = _creditor(invoice, match, counterparty, account)
    transfer_id = transfer_id_of(job.job_id)
    trace = trace_of(transfer_id, invoice, amount, job.created_at.date())
    case = Case(invoice, match, counterparty, account, creditor.iban, today, trace, past, inactive)
    return DraftTransfer(
        transfer_id=transfer_id,
        tenant_id=job.tenant_id,
        job_id=job.job_id,
        attempt=job.attempt,
        upload_id=job.upload_id,
        customer_id=job.customer_id,
        amount=amount,
        creditor=creditor,
        counterparty_id=counterparty.counterparty_id if counterparty else None,
        account_id=account.account_id if account else None,
        remittance=_remittance(invoice),
        requested_date=max(invoice.due_date, today) if invoice.due_date else None,
        invoice_number=" ".join((invoice.number or "").split())[:REMITTANCE_LENGTH] or None,
        flags=flags_of(case),
        created_at=now,
        updated_at=now,
        created_by=job.subject,
    )


def _payable(invoice: Invoice) -> Money | NoDraft:
    """The amount to transfer; a negative one is a credit, none left is a paid invoice."""
    if invoice.document_type in NO_DRAFT_OF_TYPE:
        return NO_DRAFT_OF_TYPE[invoice.document_type]
    if any(finding.code == NoDraft.SEVERAL_INVOICES for finding in invoice.findings):
        return NoDraft.SEVERAL_INVOICES
    amount = invoice.to_pay
    if amount is None:
        has_total = invoice.total is not None or invoice.amount_due is not None
        return NoDraft.NO_CURRENCY if has_total and invoice.currency is None else NoDraft.NO_TOTAL
    if amount.amount <= 0:
        return NoDraft.CREDIT_NOTE if amount.amount < 0 else NoDraft.NOT_PAYABLE
    return amount


def _creditor(
    invoice: Invoice, match: MatchOutcome, counterparty: Counterparty | None, account: Account | None
) -> Creditor:
    """What is on file wins over what is printed; the tenant's own account is left out.

    A BIC counts only beside the IBAN it was found with: one from the page never goes with an account on file.
    """
    iban, bic = (None, None) if match.own_account else (invoice.iban, invoice.bic)
    if account:
        iban, bic = account.iban, account.bic
    if counterparty:
        return Creditor(name=counterparty.legal_name, iban=iban, bic=bic, address=counterparty.address)
    return Creditor(name=invoice.seller.name, iban=iban, bic=bic, address=invoice.seller.address)


def _remittance(invoice: Invoice) -> Remittance | None:
    """A structured reference is carried as such only when its check digit holds; else it is plain text."""
    reference = " ".join((invoice.reference or "").split())
    match invoice.reference_kind:
        case ReferenceKind.RF if checked := CreditorReference.parse(reference):
            return Remittance(kind=ReferenceKind.RF, text=checked)
        case ReferenceKind.QRR if qr := QrReference.parse(reference):
            return Remittance(kind=ReferenceKind.QRR, text=qr)
        case ReferenceKind.NATIONAL if reference:
            return Remittance(kind=ReferenceKind.NATIONAL, text=reference[:REMITTANCE_LENGTH])
    text = reference or " ".join((invoice.number or "").split())
    return Remittance(kind=ReferenceKind.TEXT, text=text[:REMITTANCE_LENGTH]) if text else None
