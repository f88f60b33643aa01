"""Codes that tax law puts on invoices and receipts: they state number, date and total, and no account.

Portugal (Portaria 195/2020), Germany (KassenSichV, DSFinV-K), Austria (RKSV), Spain (VeriFactu, TicketBAI), Croatia,
Poland (KSeF), Turkey (e-Fatura), India (e-invoice), Saudi Arabia (ZATCA). What is not well formed says nothing: nobody
claimed that it is a payment code.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from paydraft.extraction.candidates import Value
from paydraft.extraction.coded_payment import BrokenCodeError, CodedPayment, compact_date, read_amount, read_date
from paydraft.model.money import CURRENCIES

_MAX_JSON = 3_000
_MIDDAY = range(2, 22)  # hours of UTC at which Central Europe has the same date
_NOBODY = "999999990"  # the Portuguese buyer who gave no number


def fiscal(text: str) -> CodedPayment | None:
    """What a fiscal code states; None if it is none, or is not well formed."""
    for form, read in _READERS.items():
        if form.match(text):
            try:
                stated = read(text)
            except (BrokenCodeError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
                return None
            return CodedPayment(
                stated={name: value for name, value in stated.items() if value is not None and value != ""}
            )
    return None


type _Stated = dict[str, Value | None]


def _portuguese(text: str) -> _Stated:
    values = dict(part.split(":", 1) for part in text.split("*"))
    buyer = values["B"] if values.get("C") == "PT" and values["B"] != _NOBODY else None
    return {
        "number": values["G"],
        "issue_date": compact_date(values["F"]),
        "total": read_amount(values["O"]),
        "tax": read_amount(values["N"]),
        "seller.vat_number": f"PT{values['A']}",
        "buyer.vat_number": f"PT{buyer}" if buyer else None,
    }


def _german_till(text: str) -> _Stated:
    """V0;till;Kassenbeleg-V1;Beleg^75.33_7.99_0.00_0.00_0.00^83.32:Bar;number;counter;start;end and more."""
    parts = text.split(";")
    kind, sums, payments = parts[3].split("^")
    if parts[2] != "Kassenbeleg-V1" or kind != "Beleg":
        raise BrokenCodeError("process")
    ended = datetime.fromisoformat(parts[7].replace("Z", "+00:00"))
    foreign = any(payment.count(":") > 1 for payment in payments.split("_"))
    return {
        "issue_date": ended.date() if ended.hour in _MIDDAY else None,
        "total": _sum(sums.split("_")),
        "currency": None if foreign else "EUR",
    }


def _austrian_till(text: str) -> _Stated:
    """_R1-AT1_till_number_2026-11-25T19:20:11_0,00_0,00_0,00_0,00_0,00 and more."""
    _, _, _, number, moment, *rest = text.split("_")
    return {
        "number": number,
        "issue_date": datetime.fromisoformat(moment).date(),
        "total": _sum([amount.replace(",", ".") for amount in rest[:5]]),
        "currency": "EUR",
    }


def _sum(amounts: list[str]) -> Decimal:
    if not all(re.fullmatch(r"-?\d{1,9}\.\d{2}", amount) for amount in amounts):
        raise BrokenCodeError("amount")
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def _spanish(text: str) -> _Stated:
    values = _query(text)
    return {
        "number": values["numserie"],
        "issue_date": read_date(*reversed(values["fecha"].split("-"))),
        "total": read_amount(values["importe"]),
        "seller.vat_number": f"ES{values['nif']}",
    }


def _basque(text: str) -> _Stated:
    values = _query(text)
    _, issuer, issued, *_ = values["id"].split("-")
    return {
        "issue_date": read_date(f"20{issued[4:6]}", issued[2:4], issued[:2]),
        "total": read_amount(values["i"]),
        "seller.vat_number": f"ES{issuer}",
    }


def _croatian(text: str) -> _Stated:
    values = _query(text)
    return {"issue_date": compact_date(values["datv"][:8]), "total": read_amount(values["izn"], comma=True)}


def _polish(text: str) -> _Stated:
    _, _, number, day, *_ = urlsplit(text).path.split("/")
    return {"issue_date": read_date(*reversed(day.split("-"))), "seller.vat_number": f"PL{number}"}


def _query(text: str) -> dict[str, str]:
    return {key: found[0] for key, found in parse_qs(urlsplit(text).query).items()}


def _turkish(text: str) -> _Stated:
    values = json.loads(text[:_MAX_JSON])
    currency = str(values.get("parabirimi", ""))
    return {
        "number": str(values["no"]),
        "issue_date": date.fromisoformat(str(values["tarih"])),
        "total": read_amount(str(values["vergidahil"])),
        "amount_due": read_amount(str(values["odenecek"])),
        "currency": currency if currency in CURRENCIES else None,
    }


def _indian(text: str) -> _Stated:
    """The middle part of a signed token; its signature is not checked."""
    packed = text.split(".")[1]
    values = json.loads(json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))["data"][:_MAX_JSON])
    return {
        "number": str(values["DocNo"]),
        "issue_date": read_date(*reversed(str(values["DocDt"]).split("/"))),
        "total": read_amount(str(values["TotInvVal"])),
        "seller.tax_number": str(values["SellerGstin"]),
        "buyer.tax_number": str(values.get("BuyerGstin") or ""),
    }


def _saudi(text: str) -> _Stated:
    """Tag, length, value: 1 seller, 2 tax number, 3 moment, 4 total, 5 tax."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BrokenCodeError("base64") from None
    values: dict[int, str] = {}
    while data:
        tag, length = data[0], data[1]
        if tag <= 5:
            values[tag] = data[2 : 2 + length].decode()
        data = data[2 + length :]
    return {
        "seller.name": values[1],
        "seller.tax_number": values[2],
        "issue_date": datetime.fromisoformat(values[3].replace("Z", "+00:00")).date(),
        "total": read_amount(values[4]),
        "tax": read_amount(values[5]),
    }


_READERS: dict[re.Pattern[str], Callable[[str], _Stated]] = {
    re.compile(r"A:\d{9}\*B:[^*]+\*C:[A-Z]{2}\*D:[A-Z]{2}\*E:"): _portuguese,
    re.compile(r"V0;[^;]*;Kassenbeleg"): _german_till,
    re.compile(r"_R\d-AT\d_[^_]+_[^_]+_\d{4}-\d\d-\d\dT"): _austrian_till,
    re.compile(r"https://[a-z0-9.]*agenciatributaria\.gob\.es/.*[?&]numserie="): _spanish,
    re.compile(r"https://[A-Za-z0-9./-]+\?id=TBAI-[A-Z0-9]{9}-\d{6}-"): _basque,
    re.compile(r"https://porezna\.gov\.hr/rn\?"): _croatian,
    re.compile(r"https://[a-z0-9-]*\.?ksef\.mf\.gov\.pl/invoice/\d{10}/\d\d-\d\d-\d{4}/"): _polish,
    re.compile(r'\{[^{}]*"vkntckn"'): _turkish,
    re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$"): _indian,
    re.compile(r"AQ[A-Za-z0-9+/]{40,700}={0,2}$"): _saudi,
}
