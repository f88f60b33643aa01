"""The Swiss QR-bill (SPC 0200, addresses S and K) and the billing information of Swico within it (S1).

Sources: Swiss Implementation Guidelines QR-bill 4.2.2; Swico syntax definition S1: //S1/10/10201409/11/190512/…
"""

import re
from datetime import date, timedelta
from decimal import Decimal

from paydraft.extraction.candidates import Value
from paydraft.extraction.coded_payment import BrokenCodeError, CodedPayment, checked_iban, compact_date, read_amount
from paydraft.model.bank_account import CreditorReference, QrReference
from paydraft.model.invoice import Address, ReferenceKind

_LEAST_LINES, _LINES = 28, 34
_IBAN, _CREDITOR, _AMOUNT, _CURRENCY, _DEBTOR, _REFERENCE, _BILLING = 3, 4, 18, 19, 20, 28, 31
_TAG = re.compile(r"/(1[01]|2[01]|3[0-3]|40)/((?:[^/\\]|\\.)*)")
_RATE = re.compile(r"\d{1,2}(?:\.\d{1,3})?")
_MOST_DAYS = 365


def swiss_payment(lines: list[str]) -> CodedPayment:
    """The transfer of a QR-bill; raises BrokenCodeError."""
    if len(lines) < _LEAST_LINES or not lines[1].startswith("02"):
        raise BrokenCodeError("version")
    lines = lines + [""] * (_LINES - len(lines))
    if lines[_CURRENCY] not in ("CHF", "EUR") or lines[_CREDITOR] not in ("S", "K"):
        raise BrokenCodeError("structure")
    reference, kind = _reference(lines[_REFERENCE - 1], lines[_REFERENCE])
    stated, weaker = _billing(lines[_BILLING])
    if lines[_DEBTOR] in ("S", "K") and lines[_DEBTOR + 1]:
        stated |= {"buyer.name": lines[_DEBTOR + 1], "buyer.address": _address(lines[_DEBTOR : _DEBTOR + 7])}
    return CodedPayment(
        iban=checked_iban(lines[_IBAN]),
        name=lines[_CREDITOR + 1] or None,
        address=_address(lines[_CREDITOR : _CREDITOR + 7]),
        currency=lines[_CURRENCY],
        amount=read_amount(lines[_AMOUNT]),
        reference=reference,
        reference_kind=kind,
        stated=stated,
        weaker=weaker,
    )


def _reference(kind: str, text: str) -> tuple[str | None, ReferenceKind | None]:
    if kind == "QRR" and (number := QrReference.parse(text)):
        return number, ReferenceKind.QRR
    if kind == "SCOR" and (creditors := CreditorReference.parse(text)):
        return creditors, ReferenceKind.RF
    if kind in ("QRR", "SCOR"):
        raise BrokenCodeError("reference")
    return None, None


def _address(lines: list[str]) -> Address:
    """S: street, number, code, town; K: two free lines."""
    kind, _, first, second, code, town, country = lines
    country_code = country if re.fullmatch("[A-Z]{2}", country) else None
    if kind == "S":
        street = " ".join(part for part in (first, second) if part)
        printed = tuple(line for line in (street, " ".join(part for part in (code, town) if part)) if line)
        return Address(
            street=street or None, postal_code=code or None, city=town or None, country=country_code, lines=printed
        )
    match = re.match(r"(\d{4,6}) (.+)", second)
    parts = {"postal_code": match[1], "city": match[2]} if match else {}
    return Address(
        street=first or None, country=country_code, lines=tuple(line for line in (first, second) if line), **parts
    )


def _billing(text: str) -> tuple[dict[str, Value], dict[str, Value]]:
    """What Swico's syntax S1 says of the invoice, and what follows from it (a due date); other syntaxes say nothing."""
    if not text.startswith("//S1/"):
        return {}, {}
    tags = {tag: re.sub(r"\\(.)", r"\1", value) for tag, value in _TAG.findall(text[4:])}
    issued, vat = compact_date(tags.get("11", "")), tags.get("30", "")
    stated: dict[str, Value | None] = {
        "number": tags.get("10") or None,
        "issue_date": issued,
        "seller.vat_number": f"CHE{vat}" if re.fullmatch(r"\d{9}", vat) else None,
        "delivery_date": compact_date(tags.get("31", "")),
        "tax_rate": _rate(tags.get("32", "")),
    }
    due = _due(tags.get("40", ""), issued)
    return {name: value for name, value in stated.items() if value is not None}, {"due_date": due} if due else {}


def _rate(text: str) -> Decimal | None:
    """Tag 32 where there is one rate: "7.7", or with its net amount "7.7:250"."""
    match = re.fullmatch(rf"({_RATE.pattern})(?::\d{{1,12}}(?:\.\d{{1,2}})?)?", text)
    return Decimal(match[1]) if match else None


def _due(text: str, issued: date | None) -> date | None:
    """Tag 40: "2:10;0:30" is two percent within ten days, the whole within thirty."""
    days = [int(match[1]) for part in text.split(";") if (match := re.fullmatch(r"0(?:\.0+)?:(\d{1,3})", part))]
    return issued + timedelta(days=days[0]) if issued and len(days) == 1 and days[0] <= _MOST_DAYS else None
