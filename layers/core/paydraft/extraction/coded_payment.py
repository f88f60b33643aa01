"""What a payment code says, whatever its kind: the values of one transfer, and the candidates made of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from paydraft.extraction.candidates import DERIVED, STATED, Candidate, Value
from paydraft.extraction.einvoice import stated_iban
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Area
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.page import Source

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_CENTS = 100
_FOLLOWS = 0.72  # what is to be paid is likely the total: less than any name on the page, enough where there is none


class BrokenCodeError(Exception):
    """The code says by its first characters that it is a payment code, and it is not well formed."""


@dataclass(frozen=True, slots=True)
class CodedPayment:
    """The values of a payment code; `iban` as it is written there, `stated` whatever else it names by field."""

    iban: str | None = None
    bic: str | None = None
    name: str | None = None
    address: Address | None = None
    currency: str | None = None
    amount: Decimal | None = None
    reference: str | None = None
    reference_kind: ReferenceKind | None = None
    stated: dict[str, Value] = field(default_factory=dict)
    weaker: dict[str, Value] = field(default_factory=dict)  # what follows from it: a due date from terms


def read_amount(text: str, *, comma: bool = False) -> Decimal | None:
    """A plain positive decimal; raises BrokenCodeError for anything else but nothing."""
    text = text.strip().replace(",", ".") if comma else text.strip()
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise BrokenCodeError("amount")
    return Decimal(text)


def cents(text: str) -> Decimal | None:
    """An amount in hundredths, filled up with zeros; none where it is zero."""
    if not (text.isascii() and text.isdigit() and len(text) <= 17):
        raise BrokenCodeError("amount")
    return Decimal(int(text)) / _CENTS or None


def read_date(year: str, month: str, day: str) -> date | None:
    """A date of a code; None if there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def compact_date(text: str) -> date | None:
    """YYYYMMDD, or YYMMDD of this century."""
    match = re.fullmatch(r"((?:20)?\d{2})(\d{2})(\d{2})", text)
    return read_date(match[1] if len(match[1]) == 4 else f"20{match[1]}", match[2], match[3]) if match else None


def checked_iban(text: str) -> str:
    """The text if it is an IBAN, with an optional BIC behind "+" left out; raises BrokenCodeError."""
    if Iban.parse(text) is None:
        raise BrokenCodeError("iban")
    return text


def candidates_of(one: CodedPayment, area: Area | None) -> Iterator[Candidate]:
    """The proposals of one code. An amount to transfer is the total, too, unless the page says otherwise."""
    if one.iban is not None:
        iban = stated_iban(one.iban, Source.QR)
        yield Candidate("iban", iban.value, iban.raw, iban.source, iban.confidence, area=area, checks=iban.checks)
    values: dict[str, Value | None] = {
        "bic": Bic.parse(one.bic or ""),
        "seller.name": one.name,
        "seller.address": one.address,
        "currency": one.currency,
        "amount_due": one.amount,
        "reference": one.reference,
        "reference_kind": one.reference_kind.value if one.reference_kind and one.reference else None,
        **one.stated,
    }
    for name, value in values.items():
        if value is not None and value != "":
            yield _stated(name, value, area, STATED[Source.QR])
    if one.amount is not None:
        yield _stated("total", one.amount, area, _FOLLOWS)
    for name, value in one.weaker.items():
        yield _stated(name, value, area, DERIVED)


def _stated(name: str, value: Value, area: Area | None, confidence: float) -> Candidate:
    raw = "\n".join(value.lines) if isinstance(value, Address) else str(value)
    return Candidate(name, value, raw, Source.QR, confidence, area=area)
