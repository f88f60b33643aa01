"""A batch of approved transfers to be paid from one account, and what keeps a transfer from being part of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from paydraft.model.bank_account import Iban
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.payment_order import Debtor, Obstacle
from paydraft.model.transfer import AccountChoice, DraftTransfer, TransferStatus
from paydraft.transfers.payment_area import is_domestic_swiss, is_sepa, leaves_eea
from paydraft.transfers.sepa_text import sepa_text

_BATCHES = UUID("0f5b7c1e-6a0c-5e0d-9a5b-2f4a8f5a7d10")
SEPA_MAXIMUM = Decimal("999999999.99")  # EPC115-06, SCT inter-PSP guidelines: 0.01 to 999,999,999.99
NAME_LENGTH = 70

OBSTACLE_TEXT: dict[Obstacle, str] = {
    Obstacle.NOT_FOUND: "There is no such transfer. Use an id that GET /v2/transfers lists.",
    Obstacle.NOT_APPROVED: "The transfer is not approved. Have it approved by a second person first.",
    Obstacle.EXPORTED: "The transfer was exported before, and leaves once. Read its file by GET …/pain.001.",
    Obstacle.OTHER_SOURCE: "The transfer was approved to be paid from another account. Export it with that one.",
    Obstacle.PAYEE_INACTIVE: (
        "The payee or its account was deactivated since it was approved. Find out why; then reject the transfer, or "
        "reactivate the payee."
    ),
    Obstacle.NAME_MISSING: "The payee has no name that a bank can take. Add it to the transfer or the counterparty.",
    Obstacle.IBAN_MISSING: "The transfer has no IBAN to pay to. Add the payee's account.",
    Obstacle.BIC_MISSING: (
        "A transfer that is not a SEPA transfer needs the BIC of the payee's bank. Reject it, and add creditor.bic."
    ),
    Obstacle.AMOUNT_OUT_OF_RANGE: "The amount must be from 0.01 to 999,999,999.99. Split the payment.",
    Obstacle.QR_REFERENCE_MISSING: "The payee's QR-IBAN takes only payments with a QR reference. Add the reference.",
    Obstacle.QR_IBAN_MISSING: "A QR reference goes with a QR-IBAN only. Check the account and the reference.",
    Obstacle.CREDITOR_ADDRESS_MISSING: (
        "This payment needs the payee's town and country. Add them to the counterparty, reject the transfer, and "
        "choose the payee again."
    ),
    Obstacle.DEBTOR_ADDRESS_MISSING: (
        "A payment that leaves the European Economic Area needs your own town and country. Add them to your account."
    ),
    Obstacle.NOT_SEPA: "Only euro transfers to an account in a SEPA country have an EPC QR code. Use the payment file.",
    Obstacle.OWN_ACCOUNT: "The transfer pays the account it is to be paid from. Choose another account.",
}


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Transfers in the order of their ids. `created_at` (aware) and the ids decide every byte of the file."""

    order_id: UUID
    created_at: datetime
    debtor: Debtor
    transfers: tuple[DraftTransfer, ...]

    def day_of(self, transfer: DraftTransfer) -> date:
        """The day of execution asked for: never before the order was made."""
        made = self.created_at.date()
        return max(transfer.requested_date or made, made)


def payment_order(transfers: Iterable[DraftTransfer], debtor: Debtor, *, created_at: datetime) -> PaymentOrder:
    """The order of these transfers, each once; its id follows from theirs, their approvals and the debtor's account.

    One that was taken back and approved again is another payment: another order, which no bank takes for the first.
    """
    unique = {transfer.transfer_id: transfer for transfer in transfers}
    ordered = tuple(unique[key] for key in sorted(unique))
    identity = "/".join((debtor.iban, *map(_approval, ordered)))
    return PaymentOrder(uuid5(_BATCHES, identity), created_at, debtor, ordered)


def _approval(transfer: DraftTransfer) -> str:
    at = f"@{transfer.approved_at.isoformat()}" if transfer.approved_at else ""
    return f"{transfer.transfer_id}{at}"


def unfit(transfer: DraftTransfer) -> Obstacle | None:
    """Why a transfer can't leave in its state, whoever pays it."""
    if transfer.status is TransferStatus.EXPORTED:
        return Obstacle.EXPORTED
    return None if transfer.status is TransferStatus.APPROVED else Obstacle.NOT_APPROVED


def refusal(transfer: DraftTransfer, source: AccountChoice, debtor: Debtor) -> tuple[Obstacle, ...]:
    """Why `transfer` can't go into an order that is paid from `source`; empty when it can."""
    if found := unfit(transfer):
        return (found,)
    if transfer.source not in (None, source):
        return (Obstacle.OTHER_SOURCE,)
    return obstacles(transfer, debtor)


def obstacles(transfer: DraftTransfer, debtor: Debtor) -> tuple[Obstacle, ...]:
    """What is missing before `transfer` can be paid from the debtor's account; empty when nothing is."""
    found: list[Obstacle] = []
    if not sepa_text(transfer.creditor.name or "", NAME_LENGTH).strip(" ."):
        found.append(Obstacle.NAME_MISSING)
    if not 0 < transfer.amount.amount <= SEPA_MAXIMUM:
        found.append(Obstacle.AMOUNT_OUT_OF_RANGE)
    iban = transfer.creditor.iban
    if iban is None:
        return (*found, Obstacle.IBAN_MISSING)
    return (*found, *_of_accounts(transfer, debtor, iban))


def _of_accounts(transfer: DraftTransfer, debtor: Debtor, iban: Iban) -> Iterable[Obstacle]:
    has_qr_reference = transfer.remittance is not None and transfer.remittance.kind is ReferenceKind.QRR
    if iban == debtor.iban:
        yield Obstacle.OWN_ACCOUNT
    if iban.is_qr_iban and not has_qr_reference:
        yield Obstacle.QR_REFERENCE_MISSING
    if has_qr_reference and not iban.is_qr_iban:
        yield Obstacle.QR_IBAN_MISSING
    sepa = is_sepa(transfer.amount.currency, debtor.iban, iban)
    if not sepa and not is_domestic_swiss(debtor.iban, iban):
        if transfer.creditor.bic is None:
            yield Obstacle.BIC_MISSING
        if not is_postal(transfer.creditor.address):
            yield Obstacle.CREDITOR_ADDRESS_MISSING
    if leaves_eea(debtor.iban, iban) and not is_domestic_swiss(debtor.iban, iban) and not is_postal(debtor.address):
        yield Obstacle.DEBTOR_ADDRESS_MISSING


def is_postal(address: Address | None) -> bool:
    """Whether an address has what a structured or hybrid one must have: town and country."""
    return address is not None and bool(sepa_text(address.city or "", 35)) and bool(address.country)
