"""An invoice as read from a document. `None` means "we do not know"; a value always has evidence."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.domestic_account import DomesticAccount
from paydraft.model.evidence import Evidence, Finding, Frozen
from paydraft.model.money import Currency, Money, decimals_of


class DocumentType(StrEnum):
    """What a document asks of its reader."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    DIRECT_DEBIT = "direct_debit"
    PAID_INVOICE = "paid_invoice"
    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"
    OTHER = "other"


class Address(Frozen):
    """A postal address in parts; `country` is an ISO 3166-1 alpha-2 code."""

    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    lines: tuple[str, ...] = ()  # as printed, where the parts are not known


class Party(Frozen):
    """Seller or buyer as printed."""

    name: str | None = None
    address: Address | None = None
    vat_number: str | None = None  # with its country prefix, no separators
    tax_number: str | None = None
    register_number: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None


class ReferenceKind(StrEnum):
    """How a payment reference is to be carried."""

    RF = "rf"  # ISO 11649, structured
    QRR = "qrr"  # Swiss QR reference, structured
    NATIONAL = "national"  # a checked national scheme, structured
    TEXT = "text"  # unstructured


class AccountRole(StrEnum):
    """Whose a printed bank account is."""

    CREDITOR = "creditor"
    DEBTOR = "debtor"  # the account that will be debited, or the buyer's
    ASSIGNEE = "assignee"  # the claim was assigned (factoring): only a payment to this account counts


class PrintedAccount(Frozen):
    """A bank account on the page: an IBAN, or an account in its country's own form."""

    role: AccountRole
    iban: Iban | None = None
    domestic: DomesticAccount | None = None


class LineItem(Frozen):
    """One line of the table; rates in percent, amounts in the invoice's currency."""

    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    tax_rate: Decimal | None = None
    net: Decimal | None = None
    gross: Decimal | None = None


class TaxLine(Frozen):
    """The tax of one rate: percent, taxable amount, tax amount."""

    rate: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None


class Invoice(Frozen):
    """The values of a document; `evidence` is keyed by dotted path ("total", "seller.name", "line_items.0.net")."""

    document_type: DocumentType = DocumentType.INVOICE
    language: str | None = None  # ISO 639-1
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    purchase_order: str | None = None
    seller: Party = Party()
    buyer: Party = Party()
    iban: Iban | None = None  # the creditor's account
    bic: Bic | None = None
    bank_name: str | None = None
    accounts: tuple[PrintedAccount, ...] = ()  # every account on the pages, the debtor's too
    reference: str | None = None
    reference_kind: ReferenceKind | None = None
    currency: Currency | None = None
    subtotal: Decimal | None = None
    discount: Decimal | None = None
    shipping: Decimal | None = None
    rounding: Decimal | None = None
    tax: Decimal | None = None
    tax_rate: Decimal | None = None  # when there is exactly one rate
    taxes: tuple[TaxLine, ...] = ()
    total: Decimal | None = None
    amount_paid: Decimal | None = None
    amount_due: Decimal | None = None
    line_items: tuple[LineItem, ...] = ()
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def to_pay(self) -> Money | None:
        """The amount to transfer: what is due, else the total; None without a currency or with unfit decimals."""
        return _whole(self.total if self.amount_due is None else self.amount_due, self.currency)

    def total_money(self) -> Money | None:
        """The total with its currency; None where either is not known, or with unfit decimals."""
        return _whole(self.total, self.currency)


def _whole(amount: Decimal | None, currency: Currency | None) -> Money | None:
    if amount is None or currency is None or amount.scaleb(decimals_of(currency)) % 1:
        return None
    return Money(amount=amount, currency=currency)
