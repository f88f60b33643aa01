"""What an invented invoice says, before anybody draws it: parties, lines, sums.

What is drawn and what is expected come from the same values.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.invoice import DocumentType, ReferenceKind

_CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """The amount rounded half up to two decimals."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company. Its bank codes are assigned to no bank, so that its IBANs are valid and nobody's."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    vat_number: str = ""
    iban: Iban | None = None
    bic: Bic | None = None
    bank: str = ""
    phone: str = ""
    website: str = ""
    legal: tuple[str, ...] = ()  # what a footer must say: register, managers, tax office

    @property
    def town(self) -> str:
        """The second line of the address as the post of its country wants it."""
        if self.country in ("GB", "IE", "US"):
            return f"{self.city} {self.postal_code}"
        return f"{self.postal_code} {self.city}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `rate` is the tax in percent, `price` is net for one unit."""

    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        """Quantity times price, in cents."""
        return to_cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice. `due` is None where none is printed; the sums follow from the lines."""

    seller: Company
    buyer: Company
    number: str
    issued: date
    lines: tuple[Line, ...]
    language: str
    due: date | None = None
    currency: str = "EUR"
    customer: str = ""
    order: str = ""
    reference: str | None = None  # a payment reference of its own, as printed
    reference_kind: ReferenceKind | None = None
    document_type: DocumentType = DocumentType.INVOICE
    opening: tuple[str, ...] = ()  # sentences above the table
    notes: tuple[str, ...] = ()  # sentences below it: payment terms, legal remarks

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """(rate, taxable amount, tax) of each rate, lowest rate first."""
        rates = sorted({line.rate for line in self.lines})
        nets = [sum((line.net for line in self.lines if line.rate == rate), Decimal()) for rate in rates]
        return tuple((rate, net, to_cents(net * rate / 100)) for rate, net in zip(rates, nets, strict=True))

    @property
    def subtotal(self) -> Decimal:
        """The sum of all lines, without tax."""
        return sum((line.net for line in self.lines), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        """The sum of all taxes."""
        return sum((tax for _, _, tax in self.taxes), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.tax


def items(rate: str, text: str) -> tuple[Line, ...]:
    """Lines of one tax rate from rows of `quantity | unit | description | price`; `/` breaks a description."""
    rows = [[cell.strip() for cell in row.split("|")] for row in text.strip().splitlines()]
    return tuple(
        Line(description.replace(" / ", "\n"), Decimal(quantity), unit, Decimal(price), Decimal(rate))
        for quantity, unit, description, price in rows
    )
