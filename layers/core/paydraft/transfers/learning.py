"""What an approved transfer teaches about its supplier's invoices: where the values stood that two persons let pass."""

from collections.abc import Iterator
from uuid import UUID

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.hint import Hint, remembered
from paydraft.model.invoice import Invoice
from paydraft.model.transfer import DraftTransfer
from paydraft.transfers.duplicates import marks_of


def memory_keys(invoice: Invoice, counterparty_id: UUID | None) -> tuple[str, ...]:
    """The keys under which hints of this invoice's supplier are kept, the surest name of it first."""
    marks = marks_of(invoice, MatchOutcome(kind=MatchKind.NOT_FOUND), counterparty_id, None)
    return tuple(key.replace("HIS#", "MEM#", 1) for key in marks.suppliers)


def learned(transfer: DraftTransfer, invoice: Invoice) -> tuple[Hint, ...]:
    """A hint for each field that a person corrected or confirmed, and whose place is known.

    Confirmed is what the transfer shows as it was read; a field that was changed without saying where it stands
    teaches nothing.
    """
    corrected = {one.field: remembered(one.field, one.raw, one.area, one.label) for one in transfer.corrections}
    confirmed = {field: _as_read(field, invoice) for field in _confirmed(transfer, invoice)}
    return tuple(hint for hint in (confirmed | corrected).values() if hint is not None)


def _as_read(field: str, invoice: Invoice) -> Hint | None:
    seen = invoice.evidence.get(field)
    return remembered(field, seen.raw, seen.area) if seen else None


def _confirmed(transfer: DraftTransfer, invoice: Invoice) -> Iterator[str]:
    if invoice.to_pay == transfer.amount:
        yield "total" if invoice.amount_due is None else "amount_due"
        yield "currency"
    if invoice.iban is not None and invoice.iban == transfer.creditor.iban:
        yield "iban"
    if invoice.number is not None and _plain(invoice.number) == _plain(transfer.invoice_number):
        yield "number"
    if invoice.reference is not None and _plain(invoice.reference) == _plain(
        transfer.remittance.text if transfer.remittance else None
    ):
        yield "reference"


def _plain(text: str | None) -> str:
    return "".join((text or "").split()).upper()
