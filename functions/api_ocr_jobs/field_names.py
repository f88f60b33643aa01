"""Which field of an invoice a template means by a name. Repzo documents none: any usual spelling is taken. Pure."""

import re

from paydraft.model.template import FIELDS

_SIGNS = re.compile(r"[\W_]")
_SEGMENTS = frozenset({"extracteddata", "invoice", "amounts"})  # of Repzo's paths, which say nothing by themselves
_PARTIES = {"seller": ("supplier", "vendor", "merchant"), "buyer": ("customer", "client", "billto")}

_WORDS: dict[str, tuple[str, ...]] = {
    "number": ("invoiceno", "invoicenr", "invoiceid", "documentnumber", "billnumber", "receiptnumber"),
    "issue_date": ("date", "invoicedate", "documentdate", "billdate", "receiptdate"),
    "due_date": ("paymentduedate", "paymentdue"),
    "delivery_date": ("dateofdelivery", "servicedate"),
    "purchase_order": ("ponumber", "purchaseordernumber"),
    "seller.name": ("supplier", "vendor", "seller", "merchant"),
    "seller.vat_number": ("vatnumber", "vatid", "taxid"),
    "seller.tax_number": ("taxnumber",),
    "buyer.name": ("customer", "buyer", "client", "billto"),
    "iban": ("ibannumber", "bankaccount"),
    "bic": ("swift", "swiftcode", "biccode"),
    "reference": ("paymentreference",),
    "currency": ("currencycode",),
    "subtotal": ("net", "netamount", "nettotal"),
    "discount": ("discountamount",),
    "shipping": ("shippingcost", "shippingcosts", "freight"),
    "tax": ("taxamount", "vat", "vatamount", "totaltax", "taxtotal"),
    "tax_rate": ("vatrate",),
    "total": ("amount", "totalamount", "grandtotal", "invoicetotal", "invoiceamount"),
    "amount_due": ("balancedue", "amountpayable", "totaldue"),
    "line_items": ("items",),
}
_OF_PARTIES: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "address": ("address",),
    "vat_number": ("vatnumber", "vatid", "vat", "taxid"),
    "tax_number": ("taxnumber",),
    "register_number": ("registernumber",),
    "email": ("email",),
    "phone": ("phone",),
    "website": ("website",),
}


def path_of(name: str) -> str | None:
    """The path of the invoice's field that is meant; None for a name that is none of ours."""
    parts = [_SIGNS.sub("", part.casefold()) for part in name.split(".")]
    for spelled in ("".join(parts), "".join(part for part in parts if part not in _SEGMENTS)):
        if spelled in _PATHS:
            return _PATHS[spelled]
        if spelled.removeprefix("invoice") in _PATHS:
            return _PATHS[spelled.removeprefix("invoice")]
    return None


def _paths() -> dict[str, str]:
    found = {_SIGNS.sub("", path): path for path in sorted(FIELDS)}
    for path, words in _WORDS.items():
        found |= dict.fromkeys(words, path)
    for party, names in _PARTIES.items():
        for field, words in _OF_PARTIES.items():
            found |= {f"{name}{word}": f"{party}.{field}" for name in names for word in words}
    return found


_PATHS = _paths()
