"""An invoice that a client writes down itself, with both parties named: no document, no job, no draft.

Arithmetic: subtotal = Σ quantity × price; discount = subtotal × rate; vat = (subtotal + shipping − discount) × rate;
total = subtotal + shipping − discount + vat; each rounded half up to the currency's minor unit.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.money import Money

_HUNDRED = Decimal(100)


class InvoiceStatus(StrEnum):
    """How far an invoice is; Corebanq's names."""

    DRAFT = "draft"
    PENDING = "pending"
    SENT = "sent"
    PAID = "paid"
    OVERDUE = "overdue"


class PartyChoice(Frozen):
    """A counterparty of the tenant, the account to pay from or to, and the address that the invoice bears."""

    counterparty_id: UUID
    account_id: UUID | None = None
    address_id: UUID | None = None


class Item(Frozen):
    """One line; the price of one, in minor units of the invoice's currency."""

    title: str
    description: str | None = None
    quantity: Decimal
    price_minor: int

    @property
    def total_minor(self) -> int:
        """Quantity times price, rounded half up. The subtotal is rounded once, and may differ from the lines' sum."""
        return int(_whole(self.quantity * self.price_minor))


class Rates(Frozen):
    """Percent of the amounts they apply to."""

    discount: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)


class Sums(Frozen):
    """What the items come to."""

    subtotal: Money
    discount: Money
    shipping: Money
    vat: Money
    total: Money


class StoredInvoice(Frozen):
    """The row: IVC#<id> in JobsTable. `invoice_id` is of the counter that accepted jobs draw from as well."""

    tenant_id: str
    id: UUID
    invoice_id: int
    invoice_number: str
    status: InvoiceStatus = InvoiceStatus.DRAFT
    description: str | None = None
    reference: str | None = None
    customer_id: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    source: PartyChoice
    destination: PartyChoice
    items: tuple[Item, ...]
    rates: Rates
    sums: Sums
    active: bool = True
    created_at: datetime
    created_by: str


def sums_of(items: tuple[Item, ...], rates: Rates, shipping_minor: int, currency: str) -> Sums:
    """The sums of an invoice, exact until each is rounded."""
    subtotal = _whole(sum((item.quantity * item.price_minor for item in items), Decimal(0)))
    discount = _whole(subtotal * rates.discount / _HUNDRED)
    vat = _whole((subtotal + shipping_minor - discount) * rates.vat / _HUNDRED)

    def money(units: Decimal | int) -> Money:
        return Money.of_minor_units(int(units), currency)

    return Sums(
        subtotal=money(subtotal),
        discount=money(discount),
        shipping=money(shipping_minor),
        vat=money(vat),
        total=money(subtotal + shipping_minor - discount + vat),
    )


def _whole(units: Decimal) -> Decimal:
    return units.quantize(Decimal(1), rounding=ROUND_HALF_UP)
