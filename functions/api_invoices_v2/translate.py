"""From jobs, invoices and counterparties to Corebanq's vocabulary. Pure; the tables are the contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api_invoices_v2.schemas import (
    Candidate,
    JobResponseV1,
    JobResponseV2,
    Recipient,
    RecipientAddress,
    Result,
    Review,
)
from paydraft.model.counterparty import Account, Counterparty, MatchKind, MatchOutcome
from paydraft.model.evidence import Severity
from paydraft.model.invoice import Address, Invoice, Party
from paydraft.model.job import Job
from paydraft.model.money import decimals_of
from paydraft.model.status import Fault, Phase, Status
from paydraft.model.transfer import BLOCKING_FLAGS, NO_DRAFT_TEXT, FlagCode
from paydraft.transfers.flags import FLAG_OF_FINDING, TEXTS

# The body's `status`, which is the HTTP code of the GET as well.
STATUS_CODES: dict[tuple[Status, Fault | None], int] = {
    (Status.CREATED, None): 202,
    (Status.QUEUED, None): 202,
    (Status.PROCESSING, None): 202,
    (Status.COMPLETED, None): 200,
    (Status.FAILED, Fault.DOCUMENT): 422,
    (Status.FAILED, Fault.SERVICE): 500,
    (Status.CANCELLED, None): 404,
}

PHASE_TEXT = {
    Phase.WAITING: "The document is waiting to be read. Ask again after the seconds in Retry-After.",
    Phase.RUNNING: "The document is being read. Ask again after the seconds in Retry-After.",
}
AWAITED_TEXT = "No document has arrived for this job yet. Send it, then ask again after the seconds in Retry-After."
MATCH_TEXT = {
    MatchKind.FOUND: "The counterparty was found on file, and a draft transfer to it was prepared.",
    MatchKind.AMBIGUOUS: (
        "Several counterparties on file could be meant. The draft transfer has no destination: choose a candidate."
    ),
    MatchKind.NOT_FOUND: (
        "No counterparty on file has this account or VAT number. The draft transfer holds what the document says."
    ),
}

# Where a finding's path into the invoice is a field of `result`.
RESULT_FIELDS = {
    "number": "invoice_number",
    "currency": "currency_code",
    "tax": "sales_tax_amount",
    "tax_rate": "sales_tax_percentage",
    "seller.name": "customer_name",
    "seller.email": "customer_email",
}
FLAG_FIELDS: dict[FlagCode, str] = {
    FlagCode.IBAN_INVALID: "iban",
    FlagCode.IBAN_CHANGED: "iban",
    FlagCode.IBAN_OTHER_COUNTERPARTY: "iban",
    FlagCode.IBAN_COUNTRY_MISMATCH: "iban",
    FlagCode.AMOUNT_MISMATCH: "total",
    FlagCode.AMOUNT_OUTLIER: "total",
    FlagCode.DUE_DATE_PAST: "due_date",
    FlagCode.CURRENCY_NOT_SEPA: "currency_code",
    FlagCode.NEW_COUNTERPARTY: "customer_name",
    FlagCode.PAYEE_INACTIVE: "customer_name",
    FlagCode.POSSIBLE_DUPLICATE: "invoice_number",
}
_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

# As people write them; a currency without a sign of its own shows its code (CLDR does the same).
SYMBOLS = {
    **{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫"},
    **{"UAH": "₴", "TRY": "₺", "RUB": "₽", "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "BRL": "R$", "AUD": "A$"},
    **{"CAD": "CA$", "NZD": "NZ$", "HKD": "HK$", "MXN": "MX$", "TWD": "NT$", "PHP": "₱", "NGN": "₦", "KZT": "₸"},
    **{"DKK": "kr", "NOK": "kr", "SEK": "kr", "ISK": "kr", "GEL": "₾", "THB": "฿", "ZAR": "R"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a completed job has beside its row; `counterparty` and `account` are those its match found."""

    invoice: Invoice
    counterparty: Counterparty | None = None
    account: Account | None = None


def status_code(job: Job) -> int:
    """The HTTP code of a GET of this job."""
    return STATUS_CODES[job.status, job.failure.fault if job.failure else None]


def accepted_v2(job: Job) -> JobResponseV2:
    """The answer to a POST, whatever has become of the job since: a replay repeats it."""
    return JobResponseV2(job_id=job.job_id, status=202, upload_id=job.upload_id)


def accepted_v1(job: Job) -> JobResponseV1:
    """The answer to a POST of v1, whose body has no upload."""
    return JobResponseV1(job_id=job.job_id, status=202, message=PHASE_TEXT[Phase.WAITING])


def response_v2(job: Job, reading: Reading | None = None) -> JobResponseV2:
    """The answer to a GET; `reading` is that of a completed job."""
    known: dict[str, Any] = {"job_id": job.job_id, "status": status_code(job), "upload_id": job.upload_id}
    if reading:
        known |= _matched(job, reading) | {"result": result(reading.invoice), "review": _review(job, reading.invoice)}
    if job.failure:
        known["review"] = (Review(code=job.failure.code, field=None, message=message(job), severity=Severity.ERROR),)
    return JobResponseV2(**known, message=message(job))


def response_v1(job: Job, reading: Reading | None = None) -> JobResponseV1:
    """The answer to a GET of v1."""
    read = {"result": result(reading.invoice)} if reading else {}
    return JobResponseV1(job_id=job.job_id, status=status_code(job), **read, message=message(job))


def message(job: Job) -> str:
    """What happened and what to do next, in a sentence or two."""
    if job.failure:
        return job.failure.text
    if job.no_draft:
        return NO_DRAFT_TEXT[job.no_draft]
    if job.status.phase is Phase.DONE:
        return MATCH_TEXT[_match(job).kind]
    return AWAITED_TEXT if job.status is Status.CREATED else PHASE_TEXT[job.status.phase]


def result(invoice: Invoice) -> Result:
    """The thirteen strings."""
    return Result(
        total=_amount(invoice.total, invoice.currency),
        customer_name=invoice.seller.name or "",
        customer_email=invoice.seller.email or "",
        currency_code=invoice.currency or "",
        currency_symbol=SYMBOLS.get(invoice.currency or "", invoice.currency or ""),
        due_date=invoice.due_date.isoformat() if invoice.due_date else "",
        subtotal=_amount(invoice.subtotal, invoice.currency),
        sales_tax_percentage=_with_places(invoice.tax_rate, 2),
        sales_tax_amount=_amount(invoice.tax, invoice.currency),
        invoice_number=invoice.number or "",
        reference=invoice.reference or "",
        bic=invoice.bic or "",
        iban=invoice.iban or "",
    )


def _match(job: Job) -> MatchOutcome:
    return job.match or MatchOutcome(kind=MatchKind.NOT_FOUND)


def _matched(job: Job, reading: Reading) -> dict[str, Any]:
    match = _match(job)
    return {
        "transfer_id": job.transfer_id,
        "recipient_match": match.kind,
        "counterparty_match": match.kind,
        "counterparty_id": match.counterparty_id,
        "cp_account_id": match.account_id,
        "recipient": _recipient(job, reading),
        "transaction_id": job.transfer_id,
        "candidates": tuple(
            Candidate(
                counterparty_id=candidate.counterparty_id,
                cp_account_id=candidate.account_id,
                score=candidate.score,
                reasons=candidate.reasons,
            )
            for candidate in match.candidates
        ),
    }


def _recipient(job: Job, reading: Reading) -> Recipient | None:
    if reading.counterparty:
        return _on_file(reading.counterparty, reading.account, job.customer_id)
    return _on_page(reading.invoice, job.customer_id)


def _on_file(party: Counterparty, account: Account | None, customer_id: str | None) -> Recipient:
    """The payee on file. Without its account on file there is no IBAN here: a trusted name never vouches for one."""
    return Recipient(
        id=party.counterparty_id,
        legal_name=party.legal_name,
        email=party.email or "",
        iban=account.iban if account else "",
        bic=(account.bic if account else None) or "",
        type=party.type,
        customer_id=party.customer_id or customer_id,
        address=_address(party.address),
        created_at=party.created_at,
    )


def _on_page(invoice: Invoice, customer_id: str | None) -> Recipient | None:
    """The payee as printed; None where the page names nobody."""
    seller = invoice.seller
    if seller == Party() and invoice.iban is None:
        return None
    return Recipient(
        id=None,
        legal_name=seller.name or "",
        email=seller.email or "",
        iban=invoice.iban or "",
        bic=invoice.bic or "",
        type=None,
        customer_id=customer_id,
        address=_address(seller.address),
        created_at=None,
    )


def _address(address: Address | None) -> RecipientAddress:
    known = address or Address()
    return RecipientAddress(
        street=known.street or ", ".join(known.lines),  # printed lines where the parts could not be told apart
        city=known.city or "",
        zip=known.postal_code or "",
        country=known.country or "",
        state=known.state or "",
    )


def _review(job: Job, invoice: Invoice) -> tuple[Review, ...]:
    """The draft's flags and what reading found, the gravest first; a finding that became a flag is told once."""
    return tuple(sorted((*_flags(job), *_findings(job, invoice)), key=_weight))


def _weight(review: Review) -> int:
    return _WEIGHT[Severity(review.severity)]


def _flags(job: Job) -> Iterator[Review]:
    for code in job.flags:
        severity = Severity.ERROR if code in BLOCKING_FLAGS else Severity.WARNING
        yield Review(code=code, field=FLAG_FIELDS.get(code), message=TEXTS[code], severity=severity)


def _findings(job: Job, invoice: Invoice) -> Iterator[Review]:
    for finding in invoice.findings:
        if FLAG_OF_FINDING.get(finding.code) not in job.flags:
            field = RESULT_FIELDS.get(finding.field or "", finding.field)
            yield Review(code=finding.code, field=field, message=finding.message, severity=finding.severity)


def _amount(amount: Decimal | None, currency: str | None) -> str:
    return _with_places(amount, decimals_of(currency) if currency else 2)


def _with_places(number: Decimal | None, places: int) -> str:
    """The number with so many decimals, or with all it has where they are more: nothing is rounded away."""
    if number is None:
        return ""
    text = f"{number:.{places}f}"
    return text if Decimal(text) == number else f"{number:f}"
