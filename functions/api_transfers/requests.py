"""What the transfers' routes take, in Corebanq's habits: amounts in minor units as text, parties by selectors."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints, model_validator

from api_transfers.schemas import Place, Selector
from paydraft.model.payment_order import MAX_TRANSFERS
from paydraft.runtime.corebanq import Wire

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=r"^[^\x00-\x1f]*$")
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
MinorUnits = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,14}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class AmountIn(Wire):
    """An amount of a request: "119000", "EUR" is EUR 1,190.00."""

    amount_minor: MinorUnits
    currency: CurrencyCode


class SelectorIn(Wire):
    """A payee of a request, with the account to pay. Without the account the draft's IBAN is looked up."""

    counterparty_id: UUID
    cp_account_id: UUID | None = None


class SourceIn(Wire):
    """One of the tenant's own accounts."""

    counterparty_id: UUID
    cp_account_id: UUID


class CreditorIn(Wire):
    """The payee by name and account, where none is chosen on file. What is left out stays, null takes it away."""

    name: Text | None = None
    iban: Annotated[str, StringConstraints(max_length=42)] | None = None
    bic: Annotated[str, StringConstraints(max_length=15)] | None = None


class RemittanceIn(Wire):
    """What the payee will see: a structured reference (`rf`, `qrr`), or `text`."""

    kind: Literal["rf", "qrr", "text"]
    text: Text


class CorrectionIn(Wire):
    """Where the right value stands, told by the person who corrects it; the supplier's next invoice is read by it."""

    field: Literal["total", "amount_due", "currency", "iban", "bic", "reference", "number", "due_date", "seller.name"]
    raw: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
    place: Place
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None


class TransferPatch(Wire):
    """Body of PATCH: what is left out stays, null takes away what may be absent."""

    amount: AmountIn | None = None
    destination: SelectorIn | None = None
    source: SourceIn | None = None
    creditor: CreditorIn | None = None
    remittance: RemittanceIn | None = None
    requested_date: date | None = None
    customer_id: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")] | None = None
    corrections: Annotated[tuple[CorrectionIn, ...], Field(max_length=20)] = ()


class FinalizeRequest(Wire):
    """Body of finalize, all of it optional. What it says of the payment must be as the draft says.

    So nobody asks for the approval of another payment than he sees. `metadata` and `channel` are taken and not kept.
    """

    customer_id: str | None = None
    channel: str | None = None
    amount: AmountIn | None = None
    source: SourceIn | None = None
    destination: Selector | None = None
    metadata: dict[str, str] | None = None
    idempotency_key: str | None = None


class ExportRequest(Wire):
    """Body of export: which transfers leave (`transfer_ids`, or `all_approved`), and the own account that pays.

    Without `source` it is the one that the transfers were approved with, else the only primary account of your own.
    """

    transfer_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MAX_TRANSFERS)] | None = None
    all_approved: StrictBool = False
    source: SourceIn | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.transfer_ids is None) is not self.all_approved:
            raise ValueError("send either transfer_ids or all_approved: true")
        return self


class Decision(Wire):
    """Body of approve."""

    note: Note | None = None


class Explained(Wire):
    """Body of reject and of a flag's clearing: why, in a sentence."""

    note: Note
