"""Embedded or bare e-invoices: EN 16931 as CII or UBL. What the XML states is validated like any other value."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from paydraft.extraction import einvoice_tree as tree
from paydraft.extraction.candidates import PLACED, STATED, Candidate, Value
from paydraft.extraction.einvoice_parts import due_date_of, lines_of, shipping_of, taxes_of
from paydraft.extraction.einvoice_paths import STANDARD_NAMES, SYNTAX_OF, Syntax
from paydraft.extraction.folding import folded
from paydraft.extraction.references import reference_kind_of
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Address, DocumentType
from paydraft.model.money import CURRENCIES
from paydraft.model.page import Attachment, Source

MAX_BYTES = 5_000_000  # of one XML file; a thousand lines are about 2 MB
# UNTDID 1001 types that credit, UNTDID 4461 means that collect.
_SUM = ("subtotal", "tax", "total")
_CREDITS = frozenset({"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"})
_COLLECTS = frozenset({"49", "59"})
_LIKE_AN_IBAN = re.compile(r"\s*[A-Za-z]{2}\s*\d{2}")
_IDENTITY = ("number", "total", "iban")  # where two e-invoices of one file differ in these, they are two invoices


def einvoice_candidates(attachments: tuple[Attachment, ...]) -> tuple[list[Candidate], list[Finding]]:
    """What the e-invoice among the attachments states; a damaged one is a finding, and so is another invoice."""
    invoices: list[tuple[Element, list[Candidate]]] = []
    damaged = False
    for attachment in sorted(attachments, key=lambda one: one.name.casefold() not in STANDARD_NAMES):
        if not attachment.data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"):
            continue
        root = _parsed(attachment.data)
        damaged = damaged or root is None
        invoice = None if root is None else _invoice_in(root)
        if invoice is not None:
            invoices.append((invoice, list(_candidates(invoice, SYNTAX_OF[tree.local(invoice)]))))
    if not invoices:
        return [], [_UNREADABLE] if damaged else []
    root, stated = invoices[0]
    return stated, _findings(root, [found for _, found in invoices])


_UNREADABLE = Finding(
    code="einvoice_unreadable",
    severity=Severity.WARNING,
    message="The file carries an e-invoice that cannot be read; the page was read instead.",
)
_SEVERAL_INVOICES = Finding(
    code="several_invoices",
    severity=Severity.WARNING,
    message="The file carries e-invoices that say different things. The first one was read.",
)
_SEVERAL_ACCOUNTS = Finding(
    code="several_accounts",
    severity=Severity.WARNING,
    message="The e-invoice names several bank accounts.",
    field="iban",
)
_ASSIGNED = Finding(
    code="claim_assigned",
    severity=Severity.WARNING,
    message="The e-invoice names a payee who is not the seller: only this payee may be paid.",
    field="iban",
)


def _findings(root: Element, invoices: list[list[Candidate]]) -> list[Finding]:
    """What a person should know of the first invoice, whose root is given."""
    stated = [{name: {one.value for one in found if one.field == name} for name in _IDENTITY} for found in invoices]
    findings = [_SEVERAL_INVOICES] if any(other != stated[0] for other in stated[1:]) else []
    if len(stated[0]["iban"] - {None}) > 1:
        findings.append(_SEVERAL_ACCOUNTS)
    seller = {folded(str(one.value)) for one in invoices[0] if one.field == "seller.name"}
    payee = tree.text(root, SYNTAX_OF[tree.local(root)].codes["payee"])
    if payee and seller and folded(payee) not in seller:
        findings.append(_ASSIGNED)
    return findings


def _parsed(data: bytes) -> Element | None:
    """The root; None if it is damaged, too large, or uses entities and document types (attacks)."""
    if len(data) > MAX_BYTES:
        return None
    try:
        root: Element = fromstring(data.lstrip(b" \t\r\n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _invoice_in(root: Element) -> Element | None:
    """The invoice: the root, or what an envelope (SBDH) holds."""
    return next((node for node in (root, *root) if tree.local(node) in SYNTAX_OF), None)


def _candidates(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    currency = tree.text(root, syntax.codes["currency"])
    yield from _texts(root, syntax)
    yield from _dates(root, syntax)
    yield from _amounts(root, syntax, currency)
    yield from _codes(root, syntax, currency)
    yield from _accounts(root, syntax)
    yield from _addresses(root, syntax)
    yield from _tax_ids(root, syntax)
    yield from _tables(root, syntax)


def _texts(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    found = {name: tree.text(root, path) for name, path in syntax.texts.items()}
    for name, path in syntax.preferred_names.items():
        found[name] = tree.text(root, path) or found[name]
    if not any(char.isdigit() for char in found.get("purchase_order") or ""):  # "NA" where there is no order
        found["purchase_order"] = None
    for name, value in found.items():
        if value:
            yield _stated(name, value, value)
    reference = found.get("reference")
    if reference:
        yield _stated("reference_kind", reference_kind_of(reference).value, reference)


def _dates(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    for name, path in syntax.dates.items():
        written = tree.text(root, path)
        when = tree.day(written)
        if when and written:
            yield _stated(name, when, written)
    due = due_date_of(root, syntax)
    if due is not None:
        yield _stated("due_date", *due)


def _amounts(root: Element, syntax: Syntax, currency: str | None) -> Iterator[Candidate]:
    read = {
        name: amount
        for name, path in syntax.amounts.items()
        if (amount := tree.amount(root, path, currency)) is not None
    }
    net, tax, gross = (read.get(name) for name in _SUM)
    known = net is not None and tax is not None and gross is not None
    holds = net is not None and tax is not None and net + tax == gross
    for name, amount in read.items():
        if name in ("discount", "rounding", "amount_paid") and not amount:
            continue
        one = _stated(name, amount, str(amount), checks=("net_plus_tax",) if holds and name in _SUM else ())
        yield replace(one, confidence=PLACED) if known and not holds and name in _SUM else one
    shipping = shipping_of(root, syntax)
    if shipping is not None:
        yield _stated("shipping", shipping, str(shipping))


def _codes(root: Element, syntax: Syntax, currency: str | None) -> Iterator[Candidate]:
    kind = tree.text(root, syntax.codes["type"])
    yield _stated("document_type", _type_of(root, kind, tree.texts(root, syntax.codes["means"])).value, kind or "")
    if currency in CURRENCIES:
        yield _stated("currency", currency, currency)


def _type_of(root: Element, kind: str | None, means: list[str]) -> DocumentType:
    """A direct debit is one that leaves no other means."""
    if kind in _CREDITS or tree.local(root) == "CreditNote":
        return DocumentType.CREDIT_NOTE
    return DocumentType.DIRECT_DEBIT if means and set(means) <= _COLLECTS else DocumentType.INVOICE


def _accounts(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    """Accounts that have or want the form of an IBAN; others (a bankgiro in UBL) are no broken IBANs."""
    written = tree.text(root, syntax.codes["bic"]) or ""
    bic = Bic.parse(written)
    if bic:
        yield _stated("bic", bic, written)
    for printed in dict.fromkeys(tree.texts(root, syntax.codes["iban"])):
        if _LIKE_AN_IBAN.match(printed):
            yield stated_iban(printed, Source.XML)


def stated_iban(printed: str, source: Source) -> Candidate:
    """An IBAN that its source states; without a value if it is none, so that a printed one can be set against it."""
    iban = Iban.parse(printed)
    checks = ("mod97",) if iban else ()
    return Candidate("iban", iban, printed, source, STATED[source] if iban else 0.0, checks=checks)


def _addresses(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    for party, path in syntax.addresses.items():
        node = next(tree.nodes(root, path), None)
        if node is None:
            continue
        parts = {name: tree.text(node, inner) for name, inner in syntax.address.items()}
        more = parts.pop("more")
        country = parts["country"]
        parts["country"] = country if country and re.fullmatch("[A-Z]{2}", country) else None
        town = " ".join(part for part in (parts["postal_code"], parts["city"]) if part)
        lines = tuple(line for line in (parts["street"], more, town) if line)
        if lines:
            yield _stated(f"{party}.address", Address(**parts, lines=lines), "\n".join(lines))


def _tax_ids(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    for party, path in syntax.tax_ids.items():
        for printed in tree.texts(root, path):
            vat = vat_numbers_in(printed)
            yield (
                _stated(f"{party}.vat_number", vat[0][0], printed)
                if vat
                else _stated(f"{party}.tax_number", printed, printed)
            )


def _tables(root: Element, syntax: Syntax) -> Iterator[Candidate]:
    taxes = taxes_of(root, syntax)
    if taxes:
        yield _stated("taxes", taxes, "")
        rates = {line.rate for line in taxes}
        if len(rates) == 1 and (rate := rates.pop()) is not None:
            yield _stated("tax_rate", rate, str(rate))
    lines = lines_of(root, syntax)
    if lines:
        yield _stated("line_items", lines, "")


def _stated(name: str, value: Value, raw: str, checks: tuple[str, ...] = ()) -> Candidate:
    return Candidate(name, value, raw, Source.XML, STATED[Source.XML], checks=checks)
