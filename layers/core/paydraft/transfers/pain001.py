"""ISO 20022 customer credit transfer initiation, pain.001.001.09: the file that a bank takes.

Sources: EPC132-08 (customer-to-PSP guidelines of the SEPA credit transfer), Swiss Implementation Guidelines for credit
transfers. Addresses are structured or hybrid, else left out: unstructured ones are refused since 15 November 2026. The
same order gives the same bytes: every identification is derived from the ids in it.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import decimals_of
from paydraft.model.payment_order import Debtor
from paydraft.model.transfer import DraftTransfer, Remittance
from paydraft.transfers.payment_area import is_sepa
from paydraft.transfers.payment_order import NAME_LENGTH, PaymentOrder, is_postal
from paydraft.transfers.sepa_text import is_identifier, sepa_text

MEDIA_TYPE = "application/xml"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
TEXT_LENGTH = 140  # unstructured remittance information
_LINE_LENGTH = 70  # of an address line; a hybrid address has at most two
_BELGIAN_DIGITS = 12


def pain001(order: PaymentOrder, *, remark: str | None = None) -> bytes:
    """The order as XML in UTF-8; `payment_order.obstacles` must be empty for each of its transfers.

    `remark` is for the person who opens the file: a comment before its first element.
    """
    document = Element("Document", xmlns=NAMESPACE)
    root = SubElement(document, "CstmrCdtTrfInitn")
    _header(SubElement(root, "GrpHdr"), order)
    for number, group in enumerate(_groups(order), 1):
        _payment(SubElement(root, "PmtInf"), order, number, group)
    indent(document)
    text: str = tostring(document, encoding="unicode")
    comment = f"<!-- {remark} -->\n" if remark else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}{text}\n'.encode()


def _header(header: Element, order: PaymentOrder) -> None:
    _add(header, "MsgId", order.order_id.hex)
    _add(header, "CreDtTm", order.created_at.isoformat(timespec="seconds"))
    _totals(header, order.transfers)
    _add(SubElement(header, "InitgPty"), "Nm", sepa_text(order.debtor.name, NAME_LENGTH))


def _groups(order: PaymentOrder) -> Iterator[tuple[DraftTransfer, ...]]:
    """Transfers that share the day, the currency and the scheme: a payment information block each."""

    def block(transfer: DraftTransfer) -> tuple[str, str, bool]:
        return order.day_of(transfer).isoformat(), transfer.amount.currency, _is_sepa(order.debtor, transfer)

    for _, group in groupby(sorted(order.transfers, key=lambda one: (*block(one), one.transfer_id)), block):
        yield tuple(group)


def _is_sepa(debtor: Debtor, transfer: DraftTransfer) -> bool:
    return is_sepa(transfer.amount.currency, debtor.iban, _iban(transfer))


def _payment(block: Element, order: PaymentOrder, number: int, transfers: tuple[DraftTransfer, ...]) -> None:
    debtor, sepa = order.debtor, _is_sepa(order.debtor, transfers[0])
    _add(block, "PmtInfId", f"{order.order_id.hex[:28]}-{number}")
    _add(block, "PmtMtd", "TRF")
    _totals(block, transfers)
    if sepa:
        _add(SubElement(SubElement(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(SubElement(block, "ReqdExctnDt"), "Dt", order.day_of(transfers[0]).isoformat())
    _party(SubElement(block, "Dbtr"), debtor.name, debtor.address)
    _account(SubElement(block, "DbtrAcct"), debtor.iban)
    _agent(SubElement(block, "DbtrAgt"), debtor.bic)
    _add(block, "ChrgBr", "SLEV" if sepa else "SHAR")
    for transfer in transfers:
        _transfer(SubElement(block, "CdtTrfTxInf"), transfer)


def _transfer(entry: Element, transfer: DraftTransfer) -> None:
    identification = SubElement(entry, "PmtId")
    _add(identification, "InstrId", transfer.transfer_id.hex)
    _add(identification, "EndToEndId", end_to_end_id(transfer.remittance, transfer.transfer_id))
    money = transfer.amount
    amount = _add(SubElement(entry, "Amt"), "InstdAmt", _decimal(money.amount, money.currency))
    amount.set("Ccy", money.currency)
    creditor = transfer.creditor
    if creditor.bic:
        _agent(SubElement(entry, "CdtrAgt"), creditor.bic)
    _party(SubElement(entry, "Cdtr"), creditor.name or "", creditor.address)
    _account(SubElement(entry, "CdtrAcct"), _iban(transfer))
    if transfer.remittance and sepa_text(transfer.remittance.text, TEXT_LENGTH):
        _remittance(SubElement(entry, "RmtInf"), transfer.remittance, _iban(transfer))


def end_to_end_id(remittance: Remittance | None, transfer_id: UUID) -> str:
    """What the payee's statement shows: the reference or invoice number if it fits, else the transfer's id."""
    text = sepa_text(remittance.text, TEXT_LENGTH) if remittance else ""
    return text if is_identifier(text) else transfer_id.hex


def _remittance(information: Element, remittance: Remittance, iban: Iban) -> None:
    """A reference of a scheme goes as a structured one where the payee's country knows it, else as text."""
    match remittance.kind:
        case ReferenceKind.RF:
            _structured(information, "SCOR", remittance.text, issuer="ISO")
        case ReferenceKind.QRR:
            _structured(information, "QRR", remittance.text)
        case ReferenceKind.NATIONAL if iban.country == "BE" and _belgian(remittance.text):
            _structured(information, "SCOR", _belgian(remittance.text), issuer="BBA")
        case ReferenceKind.NATIONAL if iban.country == "FI" and remittance.text.isdigit():
            _structured(information, "SCOR", remittance.text)
        case _:
            _add(information, "Ustrd", sepa_text(remittance.text, TEXT_LENGTH))


def _belgian(text: str) -> str:
    digits = "".join(char for char in text if char in "0123456789")
    return digits if len(digits) == _BELGIAN_DIGITS else ""


def _structured(information: Element, scheme: str, reference: str, *, issuer: str | None = None) -> None:
    """QRR is a proprietary type of the Swiss market; the others are a creditor reference (SCOR)."""
    creditors = SubElement(SubElement(information, "Strd"), "CdtrRefInf")
    kind = SubElement(creditors, "Tp")
    _add(SubElement(kind, "CdOrPrtry"), "Prtry" if scheme == "QRR" else "Cd", scheme)
    if issuer:
        _add(kind, "Issr", issuer)
    _add(creditors, "Ref", reference)


def _party(party: Element, name: str, address: Address | None) -> None:
    _add(party, "Nm", sepa_text(name, NAME_LENGTH))
    if address is not None and is_postal(address):
        _address(SubElement(party, "PstlAdr"), address)


def _address(postal: Element, address: Address) -> None:
    """Structured where the street is known, else hybrid: town and country with the other lines as printed."""
    street = sepa_text(address.street or "", _LINE_LENGTH)
    parts = (
        ("StrtNm", street),
        ("PstCd", sepa_text(address.postal_code or "", 16)),
        ("TwnNm", sepa_text(address.city or "", 35)),
        ("CtrySubDvsn", sepa_text(address.state or "", 35)),
        ("Ctry", address.country or ""),
    )
    for tag, text in parts:
        if text:
            _add(postal, tag, text)
    for line in () if street else _lines(address):
        _add(postal, "AdrLine", line)


def _lines(address: Address) -> list[str]:
    town = sepa_text(address.city or "", 35)
    lines = (sepa_text(line, _LINE_LENGTH) for line in address.lines)
    return [line for line in lines if line and town not in line][:2]


def _account(account: Element, iban: Iban) -> None:
    _add(SubElement(account, "Id"), "IBAN", iban)


def _agent(agent: Element, bic: Bic | None) -> None:
    institution = SubElement(agent, "FinInstnId")
    if bic:
        _add(institution, "BICFI", bic)
    else:
        _add(SubElement(institution, "Othr"), "Id", "NOTPROVIDED")


def _totals(parent: Element, transfers: tuple[DraftTransfer, ...]) -> None:
    """Number and control sum; the sum runs over the amounts whatever their currencies, as ISO 20022 wants it."""
    _add(parent, "NbOfTxs", str(len(transfers)))
    _add(parent, "CtrlSum", _plain(sum((transfer.amount.amount for transfer in transfers), Decimal(0))))


def _decimal(amount: Decimal, currency: str) -> str:
    return f"{amount:.{decimals_of(currency)}f}"


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"


def _iban(transfer: DraftTransfer) -> Iban:
    if transfer.creditor.iban is None:
        raise ValueError("a transfer without an IBAN can't be ordered")
    return transfer.creditor.iban


def _add(parent: Element, tag: str, text: str) -> Element:
    child = SubElement(parent, tag)
    child.text = text
    return child
