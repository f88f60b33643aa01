"""Payment codes: which kind a code is, and what it proposes. EPC069-12 is read here, other kinds in their modules.

A code that claims to be of a kind and is not well formed proposes nothing but is a finding: its IBAN alone is set
against the printed one. Fiscal codes state number, date and total; codes of other kinds (links, tickets) say nothing.
"""

import re
from collections.abc import Callable

from paydraft.extraction import qr_national as national
from paydraft.extraction.candidates import Candidate
from paydraft.extraction.coded_payment import BrokenCodeError, CodedPayment, candidates_of, checked_iban, read_amount
from paydraft.extraction.fiscal_codes import fiscal
from paydraft.extraction.folding import printable
from paydraft.extraction.pay_by_square import LOOKS_LIKE as PAY_BY_SQUARE
from paydraft.extraction.pay_by_square import pay_by_square
from paydraft.extraction.references import reference_kind_of
from paydraft.extraction.swiss_bill import swiss_payment
from paydraft.model.bank_account import CreditorReference, Iban
from paydraft.model.evidence import Area, Finding, Severity
from paydraft.model.invoice import ReferenceKind
from paydraft.model.page import Code, Page

_EPC_LINES = 12
_EPC_LEAST = 7
_MAX_IBAN = 42  # characters of an IBAN as it may be written


def qr_candidates(codes: tuple[Code, ...], pages: tuple[Page, ...]) -> list[Candidate]:
    """What the payment codes of a document state; codes of other kinds say nothing."""
    found: list[Candidate] = []
    for code in codes:
        area = _area(code, pages)
        reader = _reader_of(code.text)
        if reader is None:
            stated = fiscal(code.text.strip())
            found += candidates_of(stated, area) if stated else ()
            continue
        try:
            found += candidates_of(reader(), area)
        except BrokenCodeError:
            found += candidates_of(CodedPayment(iban=_broken_iban(code.text)), area)
    return found


def code_findings(codes: tuple[Code, ...]) -> list[Finding]:
    """One finding if a code claims to be a payment code and is broken."""
    return [_BROKEN] if any(_is_broken(code.text) for code in codes) else []


_BROKEN = Finding(
    code="payment_code_broken",
    severity=Severity.WARNING,
    message="The document carries a payment code that is not well formed. It was not used.",
)


def _is_broken(text: str) -> bool:
    reader = _reader_of(text)
    if reader is None:
        return False
    try:
        reader()
    except BrokenCodeError:
        return not any(form.match(text) for form in _UNCERTAIN)
    return False


def _reader_of(text: str) -> Callable[[], CodedPayment] | None:
    """How to read a code, by its first characters; None if it is no payment code."""
    lines = [printable(line).strip() for line in text.split("\n")]
    if read := _BY_LINE.get(lines[0]):
        return lambda: read(lines)
    for form, read_text in _BY_TEXT.items():
        if form.match(lines[0]):
            return lambda: read_text("\n".join(lines).strip())
    return None


def _bcd(lines: list[str]) -> CodedPayment:
    if len(lines) > 3 and lines[3] == "UCT":
        return national.ukrainian(lines)
    return _epc(lines)


def _epc(lines: list[str]) -> CodedPayment:
    if len(lines) < _EPC_LEAST or lines[1] not in ("001", "002") or lines[3] not in ("SCT", "INST"):
        raise BrokenCodeError("structure")
    lines = lines + [""] * (_EPC_LINES - len(lines))
    if lines[7] and not lines[7].startswith("EUR"):
        raise BrokenCodeError("amount")
    structured = CreditorReference.parse(lines[9])
    reference = str(structured or lines[9] or lines[10])
    return CodedPayment(
        iban=checked_iban(lines[6]),
        bic=lines[4] or None,
        name=lines[5] or None,
        currency="EUR",
        amount=read_amount(lines[7].removeprefix("EUR")),
        reference=reference or None,
        reference_kind=ReferenceKind.RF if structured else reference_kind_of(reference),
    )


def _ukrainian_link(text: str) -> CodedPayment:
    return national.ukrainian([printable(line).strip() for line in national.ukrainian_link(text)])


_BY_LINE: dict[str, Callable[[list[str]], CodedPayment]] = {
    "BCD": _bcd,
    "SPC": swiss_payment,
    "UPNQR": national.upn,
    "HCT": national.hungarian,
    "HRVHUB30": national.croatian,
}
_LINK = re.compile(r"https?://[^?]+\?(?=.*\biban=)(?=.*\bamount=)", re.IGNORECASE)
_BY_TEXT: dict[re.Pattern[str], Callable[[str], CodedPayment]] = {
    re.compile(r"S[PI]D\*\d"): national.spayd,
    re.compile(r"K:PR\|V:01\|"): national.serbian,
    re.compile(r"\d{0,10}\|PL\|"): national.polish,
    re.compile(r"https://(?:www\.)?bank\.gov\.ua/qr/"): _ukrainian_link,
    re.compile(r"bank://singlepaymentsepa\?|payto://iban/", re.IGNORECASE): national.link,
    _LINK: national.link,
    PAY_BY_SQUARE: pay_by_square,
}
# Forms that other codes have, too: where they cannot be read, nobody claimed that they are payment codes.
_UNCERTAIN = (_LINK, PAY_BY_SQUARE)


def _broken_iban(text: str) -> str | None:
    """The account of a broken code if it is the account that is broken, so that it can be set against the page."""
    for line in text.split("\n"):
        compact = line.strip()
        if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9 ]{10,38}", compact[:_MAX_IBAN]) and Iban.parse(compact) is None:
            return compact[:_MAX_IBAN]
    return None


def _area(code: Code, pages: tuple[Page, ...]) -> Area | None:
    page = next((page for page in pages if page.number == code.page), None)
    if page is None:
        return None
    box = code.box
    return Area(
        page=page.number, x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1, page_width=page.width, page_height=page.height
    )
