"""The EPC QR code of a draft: a person scans it with the banking app instead of typing.

Source: EPC069-12 version 3, version 002 of the code: euro only, at most 331 bytes, error correction level M, QR version
13 at most, a structured reference or a text. The same transfer gives the same picture.
"""

from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from paydraft.model.bank_account import CreditorReference
from paydraft.model.invoice import ReferenceKind
from paydraft.model.payment_order import Obstacle
from paydraft.model.transfer import DraftTransfer, Remittance
from paydraft.transfers.payment_area import EEA, SEPA, SEPA_CURRENCY
from paydraft.transfers.payment_order import NAME_LENGTH, SEPA_MAXIMUM
from paydraft.transfers.sepa_text import sepa_text

if TYPE_CHECKING:
    import segno

MAX_BYTES = 331
_TEXT_LENGTH = 140
_BORDER = 4  # modules, the quiet zone of ISO/IEC 18004


def epc_obstacle(transfer: DraftTransfer) -> Obstacle | None:
    """What keeps a transfer from having an EPC code; None when nothing does."""
    creditor, amount = transfer.creditor, transfer.amount
    if creditor.iban is None:
        return Obstacle.IBAN_MISSING
    if amount.currency != SEPA_CURRENCY or creditor.iban.country not in SEPA:
        return Obstacle.NOT_SEPA
    if creditor.iban.country not in EEA and creditor.bic is None:
        return Obstacle.BIC_MISSING
    if not Decimal(0) < amount.amount <= SEPA_MAXIMUM:
        return Obstacle.AMOUNT_OUT_OF_RANGE
    return None if _name(transfer) else Obstacle.NAME_MISSING


def epc_payload(transfer: DraftTransfer) -> str:
    """The text of the code; `epc_obstacle` must be None. SEPA characters only, so that each is one byte."""
    creditor = transfer.creditor
    reference, text = _remittance(transfer.remittance)
    lines = [
        "BCD", "002", "1", "SCT", creditor.bic or "", _name(transfer), creditor.iban or "",
        f"{SEPA_CURRENCY}{transfer.amount.amount:.2f}", "", reference, text,
    ]  # fmt: skip
    return "\n".join(lines).rstrip("\n")


def epc_png(transfer: DraftTransfer, *, scale: int = 6) -> bytes:
    """The code as a PNG picture, `scale` pixels a module."""
    picture = BytesIO()
    _code(transfer).save(picture, kind="png", scale=scale, border=_BORDER)
    return picture.getvalue()


def epc_svg(transfer: DraftTransfer) -> bytes:
    """The code as an SVG picture, black on white."""
    picture = BytesIO()
    _code(transfer).save(picture, kind="svg", border=_BORDER, light="white", xmldecl=True)
    return picture.getvalue()


def _code(transfer: DraftTransfer) -> "segno.QRCode":
    import segno  # takes 0.1 s to import: only who draws a code pays for it

    payload = epc_payload(transfer).encode("ascii")
    if len(payload) > MAX_BYTES:
        raise ValueError("an EPC code holds 331 bytes at most")
    return segno.make_qr(payload, error="m", boost_error=False, encoding="ascii")  # 331 bytes fit into version 13


def _name(transfer: DraftTransfer) -> str:
    return sepa_text(transfer.creditor.name or "", NAME_LENGTH).strip(" .")


def _remittance(remittance: Remittance | None) -> tuple[str, str]:
    """The structured reference (RF only) or the text: never both."""
    if remittance is None:
        return "", ""
    if remittance.kind is ReferenceKind.RF and CreditorReference.parse(remittance.text):
        return remittance.text, ""
    return "", sepa_text(remittance.text, _TEXT_LENGTH)
