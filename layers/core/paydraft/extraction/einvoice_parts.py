"""The repeating parts of an e-invoice: lines, taxes, allowances and charges, terms of payment."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import Element

from paydraft.extraction import einvoice_tree as tree
from paydraft.extraction.einvoice_paths import Syntax
from paydraft.model.invoice import LineItem, TaxLine

MAX_LINES = 2_000
_PLACES = Decimal("0.00000001")
# Lines that only group others or inform (EXTENDED profile): their amounts are in other lines.
_NO_ITEMS = frozenset({"GROUP", "INFORMATION"})
# UN/ECE Recommendation 20 and 21 codes in words; other codes stay as they are.
_UNITS = dict(
    pair.split(":")
    for pair in (
        "C62:pcs H87:pcs EA:pcs XPP:pcs NAR:pcs HUR:h MIN:min SEC:s DAY:d WEE:week MON:month ANN:year KGM:kg GRM:g "
        "TNE:t LTR:l MLT:ml MTR:m CMT:cm MMT:mm KMT:km MTK:m² MTQ:m³ KWH:kWh MWH:MWh SET:set PR:pair LS:flat XPK:pack "
        "PK:pack XBX:box BX:box XCT:carton CT:carton P1:%"
    ).split()
)
# UNTDID 7161 codes of charges for carriage, and words for it where only a reason is given.
_CARRIAGE_CODES = frozenset({"FC", "DL", "SAA", "TS", "ABK"})
_CARRIAGE = re.compile(
    r"versand|fracht|porto|zustell|liefer|shipping|freight|deliver|postage|carriage|transport|livraison|port\b|spedizion"
    r"|trasport|env[ií]o|portes|verzend|frakt|fragt|wysył|dostaw|doprav|poštovn|toimitus",
    re.IGNORECASE,
)


def lines_of(root: Element, syntax: Syntax) -> tuple[LineItem, ...]:
    """The lines that have an amount."""
    path, parts = syntax.lines
    found = (_line(node, parts) for node in islice(tree.nodes(root, path), MAX_LINES))
    return tuple(line for line in found if line is not None)


def _line(node: Element, parts: dict[str, str]) -> LineItem | None:
    net = tree.amount(node, parts["net"])
    if net is None or tree.text(node, parts["status"]) in _NO_ITEMS:
        return None
    quantity = next(tree.nodes(node, parts["quantity"]), None)
    unit = quantity.get("unitCode") if quantity is not None else None
    return LineItem(
        description=tree.text(node, parts["description"]) or tree.text(node, parts["more"]),
        quantity=tree.decimal(tree.clean(quantity.text)) if quantity is not None else None,
        unit=_UNITS.get(unit, unit) if unit and len(unit) <= 3 else None,
        unit_price=_price(tree.amount(node, parts["unit_price"]), tree.amount(node, parts["basis"])),
        discount=_sum(amount for charge, amount, _ in _allowances(node, parts["allowances"]) if not charge),
        tax_rate=tree.amount(node, parts["tax_rate"]),
        net=net,
    )


def _price(price: Decimal | None, basis: Decimal | None) -> Decimal | None:
    """The price of one unit, where the price is that of a hundred."""
    if price is None or basis is None or basis <= 0 or basis == 1:
        return price
    return (price / basis).quantize(_PLACES).normalize() + 0


def taxes_of(root: Element, syntax: Syntax) -> tuple[TaxLine, ...]:
    """The tax of each rate."""
    path, parts = syntax.taxes
    found = [
        TaxLine(**{name: tree.amount(node, inner) for name, inner in parts.items()}) for node in tree.nodes(root, path)
    ]
    return tuple(line for line in found if line.rate is not None or line.tax is not None)


def shipping_of(root: Element, syntax: Syntax) -> Decimal | None:
    """The sum of the charges for carriage."""
    logistics = (tree.decimal(text) for text in tree.texts(root, syntax.logistics)) if syntax.logistics else ()
    charges = (
        amount
        for charge, amount, reason in _allowances(root, syntax.allowances)
        if charge and (reason in _CARRIAGE_CODES or _CARRIAGE.search(reason))
    )
    return _sum(amount for amount in (*logistics, *charges) if amount is not None)


def _allowances(root: Element, path: str) -> Iterator[tuple[bool, Decimal, str]]:
    """Each allowance or charge: whether it is a charge, its amount, and its reason (the code where there is one)."""
    for node in tree.nodes(root, path):
        indicator = tree.text(node, "ChargeIndicator/Indicator") or tree.text(node, "ChargeIndicator")
        amount = tree.amount(node, "ActualAmount|Amount")
        reason = tree.text(node, "ReasonCode|AllowanceChargeReasonCode") or ""
        reason = reason or tree.text(node, "Reason|AllowanceChargeReason") or ""
        if amount is not None and indicator in ("true", "false", "1", "0"):
            yield indicator in ("true", "1"), amount, reason


def _sum(amounts: Iterator[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, Decimal(0)) if found and any(found) else None


def due_date_of(root: Element, syntax: Syntax) -> tuple[date, str] | None:
    """The date on which the whole is due, and how it is written; discounts have others, instalments leave it open."""
    whole = _dates([tree.text(root, syntax.due_date)]) if syntax.due_date else {}
    if not whole:
        terms = (node for node in tree.nodes(root, syntax.terms) if not _is_discounted(node))
        whole = _dates([tree.text(node, syntax.term_date) for node in terms])
    return next(iter(whole.items())) if len(whole) == 1 else None


def _dates(written: list[str | None]) -> dict[date, str]:
    return {when: raw for raw in written if raw and (when := tree.day(raw))}


def _is_discounted(terms: Element) -> bool:
    return any(True for _ in tree.nodes(terms, "ApplicableTradePaymentDiscountTerms"))
