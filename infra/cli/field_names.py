"""An Invoice as plain JSON, by the field names of the accuracy corpus: amounts as decimal strings, dates as ISO dates.

    invoice_number issue_date due_date currency total subtotal tax_amount tax_rate tax_rates amount_due iban bic
    payment_reference seller.{name,address,country,vat,tax_id,email} buyer.{…} line_items[]

The fields that the corpus does not know keep the model's names. What is not known is left out.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from paydraft.model.invoice import Address, Invoice, LineItem, Party

_RENAMED = {"number": "invoice_number", "tax": "tax_amount", "reference": "payment_reference"}
_SCALARS = (
    "number issue_date due_date delivery_date purchase_order currency total subtotal discount shipping rounding tax"
    " tax_rate amount_paid amount_due iban bic bank_name reference reference_kind"
).split()


def named_fields(invoice: Invoice) -> dict[str, Any]:
    """The values of an invoice that are known."""
    fields: dict[str, Any] = {_RENAMED.get(name, name): _plain(getattr(invoice, name)) for name in _SCALARS}
    fields["tax_rates"] = [_plain(one.rate) for one in invoice.taxes if one.rate is not None]
    fields["seller"], fields["buyer"] = _party(invoice.seller), _party(invoice.buyer)
    fields["line_items"] = [_line(line) for line in invoice.line_items]
    return _known(fields)


def confidences(invoice: Invoice) -> dict[str, float]:
    """How sure each value is, by the model's dotted paths; fields without a value are left out."""
    return {path: entry.confidence for path, entry in invoice.evidence.items() if entry.confidence > 0}


def _plain(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def _party(party: Party) -> dict[str, Any]:
    return _known(
        {
            "name": party.name,
            "address": _one_line(party.address),
            "country": party.address.country if party.address else None,
            "vat": party.vat_number,
            "tax_id": party.tax_number,
            "register_number": party.register_number,
            "email": party.email,
            "phone": party.phone,
            "website": party.website,
        }
    )


def _one_line(address: Address | None) -> str | None:
    """The address as printed where that is known, else its parts in the order of an envelope."""
    if address is None:
        return None
    place = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = address.lines or (address.street, place, address.state, address.country)
    return ", ".join(part for part in parts if part) or None


def _line(line: LineItem) -> dict[str, Any]:
    total = line.gross if line.net is None else line.net
    names = ("quantity", "unit", "unit_price", "discount", "tax_rate")
    amounts = {name: _plain(getattr(line, name)) for name in names}
    return _known({"description": line.description, **amounts, "line_total": _plain(total)})
