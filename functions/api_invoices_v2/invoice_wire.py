"""Corebanq's wire of written-down invoices: selectors by ids, amounts in minor units as text, `active` always true."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints, WithJsonSchema

from api_invoices_v2.schemas import CustomerId
from paydraft.model.money import Currency, Money, decimals_of
from paydraft.model.stored_invoice import InvoiceStatus, PartyChoice, StoredInvoice
from paydraft.runtime.corebanq import Wire

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=r"^[^\x00-\x1f]*$")
]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


MinorUnits = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(pattern=r"^[0-9]{1,12}$"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]{1,12}$"},
                {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
            ]
        }
    ),
]


def _no_float(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError("a number with decimals is sent as text")  # noqa: TRY004 - pydantic reports ValueError only
    return value


Quantity = Annotated[Decimal, BeforeValidator(_no_float), Field(gt=0, le=10**9, max_digits=15, decimal_places=6)]
Percent = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, le=100, decimal_places=4)]


class SelectorIn(Wire):
    """A counterparty of the tenant, its account and address. Without an address that for billing is taken."""

    counterparty_id: UUID
    cp_account_id: UUID | None = None
    cp_address_id: UUID | None = None


class AmountsIn(Wire):
    """Money of a request, in minor units."""

    currency: Currency
    shipping: MinorUnits = "0"


class RatesIn(Wire):
    """Percent."""

    discount: Percent = Decimal(0)
    vat: Percent = Decimal(0)


class ItemIn(Wire):
    """One line; `price` is that of one, in minor units."""

    title: Text
    quantity: Quantity
    price: MinorUnits
    description: LongText | None = None


class InvoiceRequest(Wire):
    """Body of POST /v2/invoices. A client's `active` is taken and has no effect."""

    invoice_number: Text
    source: SelectorIn
    destination: SelectorIn
    amount: AmountsIn
    items: Annotated[tuple[ItemIn, ...], Field(min_length=1, max_length=200)]
    rates: RatesIn = RatesIn()
    status: InvoiceStatus = InvoiceStatus.DRAFT
    description: LongText | None = None
    reference: Text | None = None
    customer_id: CustomerId | None = None
    issue_date: date | None = None
    due_date: date | None = None
    active: StrictBool = True


class Selector(Wire):
    """A party; null where no account or address was chosen."""

    counterparty_id: UUID
    cp_account_id: UUID | None
    cp_address_id: UUID | None


class Amounts(Wire):
    """Sums in minor units of one currency."""

    currency: str
    precision: int
    subtotal: str
    discount: str
    shipping: str
    vat: str
    total: str


class Rates(Wire):
    """Percent, as text."""

    discount: str
    vat: str


class Item(Wire):
    """One line, with what it comes to: `price` is that of one, both in minor units."""

    title: str
    description: str | None
    quantity: str
    price: str
    total_price: str


class Invoice(Wire):
    """A written-down invoice. `invoice_id` is its number among the tenant's jobs and invoices."""

    id: UUID
    invoice_id: int
    invoice_number: str
    status: str
    description: str | None
    reference: str | None
    customer_id: str | None
    issue_date: date | None
    due_date: date | None
    source: Selector
    destination: Selector
    amount: Amounts
    rates: Rates
    items: tuple[Item, ...]
    active: bool
    created_at: datetime
    created_by: str


class InvoiceList(Wire):
    """A page of invoices; `next_cursor` leads to the next one, null at the end."""

    data: tuple[Invoice, ...]
    has_more: bool
    next_cursor: str | None


def wire(one: StoredInvoice) -> Invoice:
    """An invoice as it is answered."""
    return Invoice(
        id=one.id,
        invoice_id=one.invoice_id,
        invoice_number=one.invoice_number,
        status=one.status,
        description=one.description,
        reference=one.reference,
        customer_id=one.customer_id,
        issue_date=one.issue_date,
        due_date=one.due_date,
        source=_selector(one.source),
        destination=_selector(one.destination),
        amount=_amounts(one),
        rates=Rates(discount=f"{one.rates.discount:f}", vat=f"{one.rates.vat:f}"),
        items=tuple(
            Item(
                title=item.title,
                description=item.description,
                quantity=f"{item.quantity:f}",
                price=str(item.price_minor),
                total_price=str(item.total_minor),
            )
            for item in one.items
        ),
        active=one.active,
        created_at=one.created_at,
        created_by=one.created_by,
    )


def _selector(choice: PartyChoice) -> Selector:
    return Selector(
        counterparty_id=choice.counterparty_id, cp_account_id=choice.account_id, cp_address_id=choice.address_id
    )


def _amounts(one: StoredInvoice) -> Amounts:
    def minor(amount: Money) -> str:
        return str(amount.minor_units)

    currency = one.sums.total.currency
    return Amounts(
        currency=currency,
        precision=decimals_of(currency),
        subtotal=minor(one.sums.subtotal),
        discount=minor(one.sums.discount),
        shipping=minor(one.sums.shipping),
        vat=minor(one.sums.vat),
        total=minor(one.sums.total),
    )
