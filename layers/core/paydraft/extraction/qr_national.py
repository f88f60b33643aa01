"""Payment codes of single countries, each read strictly: what is not well formed says nothing.

Sources: Czech SPAYD 1.0 and SID 1.0 (qr-platba.cz, qr-faktura.cz), Slovenian UPN QR (ZBS), Hungarian HCT (MNB),
Croatian HUB3 (HUB), Serbian IPS (NBS), Polish 2D code (ZBP), Ukrainian (NBU), BezahlCode, payto (RFC 8905).
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

from paydraft.extraction.candidates import Value
from paydraft.extraction.coded_payment import (
    BrokenCodeError,
    CodedPayment,
    cents,
    checked_iban,
    compact_date,
    read_amount,
    read_date,
)
from paydraft.extraction.references import reference_kind_of
from paydraft.model.domestic_account import AccountScheme, DomesticAccount
from paydraft.model.invoice import ReferenceKind
from paydraft.model.money import CURRENCIES

_NATIONAL = ReferenceKind.NATIONAL


def spayd(text: str) -> CodedPayment:
    """SPD*1.0*ACC:CZ…+BIC*AM:480.50*CC:CZK*X-VS:…; the invoice's own data (SID) may come with it or alone."""
    head, *parts = text.rstrip("*").split("*")
    if not parts or not re.fullmatch(r"\d+\.\d+", parts[0]) or any(":" not in part for part in parts[1:]):
        raise BrokenCodeError("structure")
    values = {key.upper(): unquote(value).strip() for key, value in (part.split(":", 1) for part in parts[1:])}
    account, _, bic = values.get("ACC", "").partition("+")
    if head == "SPD" and not account:
        raise BrokenCodeError("account")
    symbol, reference = values.get("X-VS") or values.get("VS"), values.get("RF")
    invoice = values.get("X-INV", "")
    inner = spayd(invoice).stated if invoice.startswith("SID*") else {}
    return CodedPayment(
        iban=checked_iban(account) if account else None,
        bic=bic or None,
        name=values.get("RN"),
        currency=_currency(values.get("CC") or "CZK"),
        amount=read_amount(values.get("AM", "")),
        reference=symbol or reference,
        reference_kind=_NATIONAL if symbol else reference_kind_of(reference or ""),
        stated=inner | _czech_invoice(values, head),
    )


def _czech_invoice(values: dict[str, str], head: str) -> dict[str, Value]:
    found: dict[str, Value | None] = {"due_date": compact_date(values.get("DT", ""))}
    if head == "SID":
        found |= {
            "number": values.get("ID"),
            "issue_date": compact_date(values.get("DD", "")),
            "seller.vat_number": values.get("VII"),
            "buyer.vat_number": values.get("VIR"),
        }
    return {name: value for name, value in found.items() if value}


def upn(lines: list[str]) -> CodedPayment:
    """Slovenian UPN QR: 19 lines and a checksum; amounts in cents."""
    if len(lines) < 19:
        raise BrokenCodeError("structure")
    reference = re.sub(r"\s", "", lines[15])
    model_free = reference.startswith("SI99")
    due = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", lines[13])
    return CodedPayment(
        iban=checked_iban(lines[14]),
        name=lines[16] or None,
        currency="EUR",
        amount=cents(lines[8]) if lines[8] else None,
        reference=None if model_free else reference or None,
        reference_kind=_NATIONAL if reference.startswith("SI") else reference_kind_of(reference),
        stated=_given(due_date=read_date(due[3], due[2], due[1]) if due else None),
    )


def hungarian(lines: list[str]) -> CodedPayment:
    """HCT, 001, 1, BIC, name, IBAN, HUF amount, valid until, purpose, remittance; HUF without a fraction."""
    if len(lines) < 7 or lines[0] != "HCT" or lines[1] != "001":
        raise BrokenCodeError("structure")
    lines = lines + [""] * (17 - len(lines))
    amount = re.fullmatch(r"(?:HUF ?(\d{1,12}))?", lines[6])
    if amount is None:
        raise BrokenCodeError("amount")
    return CodedPayment(
        iban=checked_iban(lines[5]),
        bic=lines[3] or None,
        name=lines[4] or None,
        currency="HUF",
        amount=read_amount(amount[1] or ""),
        reference=lines[9] or None,
        reference_kind=reference_kind_of(lines[9]),
        stated=_given(number=lines[12]),
    )


def croatian(lines: list[str]) -> CodedPayment:
    """HRVHUB30, currency, amount in cents, payer (3 lines), payee (3), IBAN, model, reference, purpose, text."""
    if len(lines) < 12:
        raise BrokenCodeError("structure")
    model, number = lines[10], lines[11]
    reference = f"{model}{number}" if re.fullmatch(r"HR\d\d", model) and number else number
    return CodedPayment(
        iban=checked_iban(lines[9]),
        name=lines[6] or None,
        currency=_currency(lines[1]),
        amount=cents(lines[2]),
        reference=reference or None,
        reference_kind=_NATIONAL if reference.startswith("HR") else ReferenceKind.TEXT,
    )


def serbian(text: str) -> CodedPayment:
    """K:PR|V:01|C:1|R:18 digits|N:name|I:RSD3596,13|SF:…|S:purpose|RO:reference. It states no IBAN."""
    values = dict(part.split(":", 1) for part in text.split("|") if ":" in part)
    money = re.fullmatch(r"([A-Z]{3})(\d{1,12})(?:,(\d{0,2}))?", values.get("I", ""))
    if DomesticAccount.parse(AccountScheme.RS, values.get("R", "")) is None or money is None:
        raise BrokenCodeError("structure")
    return CodedPayment(
        name=values.get("N", "").splitlines()[0].strip() if values.get("N", "").strip() else None,
        currency=_currency(money[1]),
        amount=read_amount(f"{money[2]}.{money[3]}" if money[3] else money[2]),
        reference=values.get("RO"),
        reference_kind=_NATIONAL if values.get("RO", "").startswith("97") else ReferenceKind.TEXT,
    )


def polish(text: str) -> CodedPayment:
    """NIP|PL|26 digits|amount in grosze|name|title|…: the account is an IBAN whose country stands beside it."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < 6 or parts[1] != "PL":
        raise BrokenCodeError("structure")
    return CodedPayment(
        iban=checked_iban("PL" + parts[2]),
        name=parts[4] or None,
        currency="PLN",
        amount=cents(parts[3]) if parts[3] else None,
        reference=parts[5] or None,
        reference_kind=reference_kind_of(parts[5]),
        stated=_given(**{"seller.vat_number": f"PL{parts[0]}" if re.fullmatch(r"\d{10}", parts[0]) else None}),
    )


def ukrainian(lines: list[str]) -> CodedPayment:
    """BCD, 002, 1, UCT, …, name, IBAN, UAH amount, tax number, …, purpose."""
    lines = lines + [""] * (12 - len(lines))
    money = re.fullmatch(r"(?:UAH(\d{1,12}(?:\.\d{1,2})?))?", lines[7])
    if money is None:
        raise BrokenCodeError("amount")
    return CodedPayment(
        iban=checked_iban(lines[6]),
        name=lines[5] or None,
        currency="UAH",
        amount=read_amount(money[1] or ""),
        reference=lines[11] or None,
        reference_kind=reference_kind_of(lines[11]),
    )


def ukrainian_link(text: str) -> list[str]:
    """The lines that a link of the National Bank carries in base64url."""
    try:
        packed = urlsplit(text).path.rpartition("/")[2]
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace").split("\n")
    except (ValueError, binascii.Error):
        raise BrokenCodeError("base64") from None


def link(text: str) -> CodedPayment:
    """bank://singlepaymentsepa?iban=…&amount=…, payto://iban/…?amount=EUR:…, and other links that name both."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BrokenCodeError("link") from None
    values = {key.lower(): found[0].strip() for key, found in parse_qs(parts.query).items()}
    money = values.get("amount", "")
    currency, _, amount = money.rpartition(":") if parts.scheme == "payto" else (values.get("currency", ""), "", money)
    iban = parts.path.rpartition("/")[2] if parts.scheme == "payto" else values.get("iban", "")
    reference = values.get("message") or values.get("reason") or values.get("reference") or ""
    return CodedPayment(
        iban=checked_iban(iban),
        bic=values.get("bic"),
        name=values.get("receiver-name") or values.get("name"),
        currency=_currency(currency.upper()) if currency else None,
        amount=read_amount(amount, comma=True),
        reference=reference or None,
        reference_kind=reference_kind_of(reference),
    )


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise BrokenCodeError("currency")
    return code


def _given(**values: Value | None) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value}
