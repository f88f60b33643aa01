"""What a flag points at, so that a person sees why: the spot on the page, the other transfer, the figure, the party."""

from collections.abc import Callable, Iterator

from paydraft.model.invoice import Invoice
from paydraft.model.money import Money
from paydraft.model.transfer import FlagCode, FlagEvidence, Proof
from paydraft.transfers.case import Case
from paydraft.transfers.duplicates import duplicates, usual_amount

_SUM = ("subtotal", "tax", "total")


def evidence_of(code: FlagCode, field: str, case: Case) -> tuple[FlagEvidence, ...]:
    """The evidence of one flag; empty where a field that is missing is all there is to say."""
    more = _MORE.get(code)
    return (*on_page(case.invoice, field), *(more(case) if more else ()))


def on_page(invoice: Invoice, field: str) -> Iterator[FlagEvidence]:
    """Where the field stands, and what else it could have been."""
    seen = invoice.evidence.get(field)
    if seen is None:
        return
    yield FlagEvidence(kind=Proof.PAGE, name=field, value=seen.raw, area=seen.area)
    for other in seen.alternatives:
        yield FlagEvidence(kind=Proof.PAGE, name=field, value=other.raw)


def _sum(case: Case) -> Iterator[FlagEvidence]:
    for field in _SUM:
        yield from on_page(case.invoice, field)


def _parties(case: Case) -> Iterator[FlagEvidence]:
    """The parties on file that are meant, or may be."""
    if case.counterparty:
        yield FlagEvidence(kind=Proof.COUNTERPARTY, name="found", about=case.counterparty.counterparty_id)
        return
    for candidate in case.match.candidates:
        reasons = "+".join(candidate.reasons)
        yield FlagEvidence(kind=Proof.COUNTERPARTY, name=reasons, about=candidate.counterparty_id)


def _vat_number(case: Case) -> Iterator[FlagEvidence]:
    yield from on_page(case.invoice, "seller.vat_number")


def _duplicates(case: Case) -> Iterator[FlagEvidence]:
    for rule, transfer_id in duplicates(case.trace, case.past):
        yield FlagEvidence(kind=Proof.TRANSFER, name=rule, about=transfer_id)


def _usual(case: Case) -> Iterator[FlagEvidence]:
    usual = usual_amount(case.trace, case.past)
    if usual:
        median = Money.of_minor_units(usual[0] // 2, case.trace.currency)
        yield FlagEvidence(kind=Proof.FIGURE, name="median", value=f"{median.amount} {median.currency}")
        yield FlagEvidence(kind=Proof.FIGURE, name="invoices", value=str(usual[1]))


def _inactive(case: Case) -> Iterator[FlagEvidence]:
    for party in case.inactive:
        yield FlagEvidence(kind=Proof.COUNTERPARTY, name="inactive", about=party)


_MORE: dict[FlagCode, Callable[[Case], Iterator[FlagEvidence]]] = {
    FlagCode.IBAN_CHANGED: _parties,
    FlagCode.IBAN_OTHER_COUNTERPARTY: _parties,
    FlagCode.IBAN_COUNTRY_MISMATCH: _vat_number,
    FlagCode.AMOUNT_MISMATCH: _sum,
    FlagCode.POSSIBLE_DUPLICATE: _duplicates,
    FlagCode.AMOUNT_OUTLIER: _usual,
    FlagCode.PAYEE_INACTIVE: _inactive,
}
