"""Payment QR codes: EPC069-12 (BCD, versions 001 and 002) and the Swiss QR-bill (SPC 0200, addresses S and K)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from paydraft.extraction.candidates import PLACED, STATED, Candidate, Value
from paydraft.extraction.einvoice import stated_iban
from paydraft.extraction.folding import printable
from paydraft.extraction.references import reference_kind_of
from paydraft.model.bank_account import Bic, CreditorReference, QrReference
from paydraft.model.evidence import Area
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.page import Code, Page, Source

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_EPC_LINES = 12
_SPC_LINES = 32
# Lines of the Swiss code (Implementation Guidelines QR-bill, 4.2.2).
_SPC_IBAN, _SPC_CREDITOR, _SPC_AMOUNT, _SPC_CURRENCY, _SPC_DEBTOR, _SPC_REFERENCE = 3, 4, 18, 19, 20, 28


def qr_candidates(codes: tuple[Code, ...], pages: tuple[Page, ...]) -> list[Candidate]:
    """What the payment codes of a document state; codes of other kinds say nothing."""
    found: list[Candidate] = []
    for code in codes:
        lines = [printable(line).strip() for line in code.text.split("\n")]
        area = _area(code, pages)
        if lines[0] == "BCD" and len(lines) >= 7:
            found += _epc(lines, area)
        elif lines[0] == "SPC" and len(lines) >= 28:
            found += _spc(lines, area)
    return found


def _area(code: Code, pages: tuple[Page, ...]) -> Area | None:
    page = next((page for page in pages if page.number == code.page), None)
    if page is None:
        return None
    box = code.box
    return Area(
        page=page.number, x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1, page_width=page.width, page_height=page.height
    )


def _stated(name: str, value: Value, raw: str, area: Area | None, confidence: float = STATED[Source.QR]) -> Candidate:
    return Candidate(name, value, raw, Source.QR, confidence, area=area)


def _epc(lines: list[str], area: Area | None) -> Iterator[Candidate]:
    lines = lines + [""] * (_EPC_LINES - len(lines))
    version, identification = lines[1], lines[3]
    if version not in ("001", "002") or identification not in ("SCT", "INST"):
        return
    yield _with_area(stated_iban(lines[6], Source.QR), area)
    bic = Bic.parse(lines[4])
    if bic:
        yield _stated("bic", bic, lines[4], area)
    if lines[5]:
        yield _stated("seller.name", lines[5], lines[5], area)
    yield _stated("currency", "EUR", lines[7] or "EUR", area)
    if lines[7].startswith("EUR"):
        yield from _to_pay(lines[7][3:], area)
    structured = CreditorReference.parse(lines[9])
    if structured:
        yield from _reference(structured, ReferenceKind.RF, area)
    elif lines[10]:
        yield from _reference(lines[10], reference_kind_of(lines[10]), area)


def _spc(lines: list[str], area: Area | None) -> Iterator[Candidate]:
    lines = lines + [""] * (_SPC_LINES - len(lines))
    if not lines[1].startswith("02"):
        return
    yield _with_area(stated_iban(lines[_SPC_IBAN], Source.QR), area)
    for party, start in (("seller", _SPC_CREDITOR), ("buyer", _SPC_DEBTOR)):
        kind, name = lines[start], lines[start + 1]
        if kind in ("S", "K") and name:
            yield _stated(f"{party}.name", name, name, area)
            yield _stated(f"{party}.address", _spc_address(lines[start : start + 7]), name, area)
    if lines[_SPC_CURRENCY] in ("CHF", "EUR"):
        yield _stated("currency", lines[_SPC_CURRENCY], lines[_SPC_CURRENCY], area)
    yield from _to_pay(lines[_SPC_AMOUNT], area)
    kind, reference = lines[_SPC_REFERENCE - 1], lines[_SPC_REFERENCE]
    if kind == "QRR" and (number := QrReference.parse(reference)):
        yield from _reference(number, ReferenceKind.QRR, area)
    elif kind == "SCOR" and (creditors := CreditorReference.parse(reference)):
        yield from _reference(creditors, ReferenceKind.RF, area)


def _spc_address(lines: list[str]) -> Address:
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


def _to_pay(text: str, area: Area | None) -> Iterator[Candidate]:
    """The amount to transfer; it is the total, too, unless the page says otherwise."""
    if _AMOUNT.fullmatch(text):
        yield _stated("amount_due", Decimal(text), text, area)
        yield _stated("total", Decimal(text), text, area, PLACED)


def _reference(value: str, kind: ReferenceKind, area: Area | None) -> Iterator[Candidate]:
    yield _stated("reference", value, value, area)
    yield _stated("reference_kind", kind.value, value, area)


def _with_area(one: Candidate, area: Area | None) -> Candidate:
    return Candidate(one.field, one.value, one.raw, one.source, one.confidence, area=area, checks=one.checks)
