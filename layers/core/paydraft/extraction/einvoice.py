"""Embedded or bare e-invoices: EN 16931 as CII or UBL. What the XML states is validated like any other value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from paydraft.extraction import einvoice_paths as paths
from paydraft.extraction.candidates import PLACED, STATED, Candidate, Value
from paydraft.extraction.folding import printable
from paydraft.extraction.references import reference_kind_of
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Address, DocumentType, LineItem, TaxLine
from paydraft.model.money import CURRENCIES
from paydraft.model.page import Attachment, Source

MAX_BYTES = 5_000_000  # of one XML file; a thousand lines are about 2 MB
MAX_TEXT = 300
MAX_LINES = 2_000
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,8})?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
# UNTDID 1001 types that credit, UNTDID 4461 means that collect.
_SUM = ("subtotal", "tax", "total")
_CREDITS = frozenset({"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"})
_COLLECTS = frozenset({"49", "59"})


@dataclass(frozen=True, slots=True)
class _Syntax:
    """The paths of one XML syntax."""

    texts: dict[str, str]
    preferred_names: dict[str, str]
    dates: dict[str, str]
    due_date_fallback: str | None
    amounts: dict[str, str]
    codes: dict[str, str]
    addresses: dict[str, str]
    address: dict[str, str]
    tax_ids: dict[str, str]
    taxes: tuple[str, dict[str, str]]
    lines: tuple[str, dict[str, str]]


_CII = _Syntax(
    paths.TEXTS_CII, {}, paths.DATES_CII, None, paths.AMOUNTS_CII, paths.CODES_CII,
    paths.ADDRESSES_CII, paths.ADDRESS_CII, paths.TAX_IDS_CII, paths.TAXES_CII, paths.LINES_CII,
)  # fmt: skip
_UBL = _Syntax(
    paths.TEXTS_UBL, paths.LEGAL_NAMES_UBL, paths.DATES_UBL, paths.DUE_DATE_OF_MEANS_UBL, paths.AMOUNTS_UBL,
    paths.CODES_UBL, paths.ADDRESSES_UBL, paths.ADDRESS_UBL, paths.TAX_IDS_UBL, paths.TAXES_UBL,
    paths.LINES_UBL,
)  # fmt: skip
_SYNTAX_OF = {"CrossIndustryDocument": _CII, "CrossIndustryInvoice": _CII, "Invoice": _UBL, "CreditNote": _UBL}


def einvoice_candidates(attachments: tuple[Attachment, ...]) -> tuple[list[Candidate], list[Finding]]:
    """What the first e-invoice among the attachments states; a damaged one is a finding."""
    findings: list[Finding] = []
    for attachment in attachments:
        if not attachment.data.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"<"):
            continue
        root = _parsed(attachment.data)
        if root is None:
            findings.append(_unreadable(attachment))
            continue
        syntax = _SYNTAX_OF.get(_local(root))
        if syntax is not None:
            return list(_candidates(root, syntax)), []
    return [], findings


def _parsed(data: bytes) -> Element | None:
    """The root; None if it is damaged, too large, or uses entities and document types (attacks)."""
    if len(data) > MAX_BYTES:
        return None
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _unreadable(attachment: Attachment) -> Finding:
    return Finding(
        code="einvoice_unreadable",
        severity=Severity.WARNING,
        message="The file carries an e-invoice that cannot be read; the page was read instead.",
    )


def _candidates(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    yield from _texts(root, syntax)
    yield from _dates(root, syntax)
    yield from _amounts(root, syntax)
    yield from _codes(root, syntax)
    yield from _addresses(root, syntax)
    yield from _tax_ids(root, syntax)
    yield from _taxes(root, syntax)
    yield from _lines(root, syntax)


def _texts(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    texts = {name: _text(root, path) for name, path in syntax.texts.items()}
    for name, path in syntax.preferred_names.items():
        texts[name] = _text(root, path) or texts[name]
    for name, value in texts.items():
        if value:
            yield _stated(name, value, value)
    reference = texts.get("reference")
    if reference:
        yield _stated("reference_kind", reference_kind_of(reference).value, reference)


def _dates(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    for name, path in syntax.dates.items():
        printed = _text(root, path)
        if not printed and name == "due_date" and syntax.due_date_fallback:
            printed = _text(root, syntax.due_date_fallback)
        when = _date(printed) if printed else None
        if when and printed:
            yield _stated(name, when, printed)


def _amounts(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    read = {
        name: amount for name, path in syntax.amounts.items() if (amount := _decimal(_text(root, path))) is not None
    }
    net, tax, gross = (read.get(name) for name in ("subtotal", "tax", "total"))
    known = net is not None and tax is not None and gross is not None
    holds = net is not None and tax is not None and net + tax == gross
    for name, amount in read.items():
        if name in ("discount", "rounding", "amount_paid") and not amount:
            continue
        one = _stated(name, amount, str(amount), checks=("net_plus_tax",) if holds and name in _SUM else ())
        yield replace(one, confidence=PLACED) if known and not holds and name in _SUM else one


def _codes(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    codes = {name: _text(root, path) for name, path in syntax.codes.items()}
    yield _stated("document_type", _type_of(codes).value, codes["type"] or "")
    currency = codes["currency"]
    if currency in CURRENCIES:
        yield _stated("currency", currency, currency)
    bic = Bic.parse(codes["bic"] or "")
    if bic:
        yield _stated("bic", bic, codes["bic"] or "")
    for printed in dict.fromkeys(_all_texts(root, syntax.codes["iban"])):
        yield stated_iban(printed, Source.XML)


def _type_of(codes: dict[str, str | None]) -> DocumentType:
    if codes["type"] in _CREDITS:
        return DocumentType.CREDIT_NOTE
    return DocumentType.DIRECT_DEBIT if codes["means"] in _COLLECTS else DocumentType.INVOICE


def stated_iban(printed: str, source: Source) -> Candidate:
    """An IBAN that its source states; without a value if it is none, so that a printed one can be set against it."""
    iban = Iban.parse(printed)
    checks = ("mod97",) if iban else ()
    return Candidate("iban", iban, printed, source, STATED[source] if iban else 0.0, checks=checks)


def _addresses(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    for party, path in syntax.addresses.items():
        node = next(_nodes(root, path), None)
        if node is None:
            continue
        parts = {name: _text(node, inner) for name, inner in syntax.address.items()}
        more = parts.pop("more")
        country = parts["country"]
        parts["country"] = country if country and re.fullmatch("[A-Z]{2}", country) else None
        town = " ".join(part for part in (parts["postal_code"], parts["city"]) if part)
        lines = tuple(line for line in (parts["street"], more, town) if line)
        if lines:
            yield _stated(f"{party}.address", Address(**parts, lines=lines), "\n".join(lines))


def _tax_ids(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    for party, path in syntax.tax_ids.items():
        for printed in _all_texts(root, path):
            vat = vat_numbers_in(printed)
            yield (
                _stated(f"{party}.vat_number", vat[0][0], printed)
                if vat
                else _stated(f"{party}.tax_number", printed, printed)
            )


def _taxes(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    path, parts = syntax.taxes
    lines = [
        TaxLine(**{name: _decimal(_text(node, inner)) for name, inner in parts.items()}) for node in _nodes(root, path)
    ]
    lines = [line for line in lines if line.rate is not None or line.tax is not None]
    if lines:
        yield _stated("taxes", tuple(lines), "")
        rates = {line.rate for line in lines}
        if len(rates) == 1 and (rate := rates.pop()) is not None:
            yield _stated("tax_rate", rate, str(rate))


def _lines(root: Element, syntax: _Syntax) -> Iterator[Candidate]:
    path, parts = syntax.lines
    numbers = {name: inner for name, inner in parts.items() if name != "description"}
    lines = tuple(
        LineItem(
            description=_text(node, parts["description"]),
            **{name: _decimal(_text(node, inner)) for name, inner in numbers.items()},
        )
        for node in islice(_nodes(root, path), MAX_LINES)
    )
    if lines:
        yield _stated("line_items", lines, "")


def _stated(name: str, value: Value, raw: str, checks: tuple[str, ...] = ()) -> Candidate:
    return Candidate(name, value, raw, Source.XML, STATED[Source.XML], checks=checks)


def _nodes(root: Element, path: str) -> Iterator[Element]:
    """All elements at a path of local names; each step may have several spellings."""
    here = [root]
    for step in path.split("/"):
        names = step.split("|")
        here = [child for node in here for child in node if _local(child) in names]
    yield from here


def _all_texts(root: Element, path: str) -> list[str]:
    texts = (printable(" ".join((node.text or "").split()))[:MAX_TEXT] for node in _nodes(root, path))
    return [text for text in texts if text]


def _text(root: Element, path: str) -> str | None:
    return next(iter(_all_texts(root, path)), None)


def _local(node: Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text and _DECIMAL.fullmatch(text) else None


def _date(text: str) -> date | None:
    """A date of ISO 8601 or of CII's format 102 (YYYYMMDD)."""
    compact = _COMPACT_DATE.match(text)
    try:
        return date(*map(int, compact.groups())) if compact else date.fromisoformat(text[:10])
    except ValueError:
        return None
