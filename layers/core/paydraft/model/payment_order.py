"""What leaves the house: one file for a bank, the account that pays, the transfers in it and those left out."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Frozen
from paydraft.model.invoice import Address
from paydraft.model.transfer import AccountChoice

MAX_TRANSFERS = 300  # of one file: with its list it must fit into one item of a table (400 kB)


class Debtor(Frozen):
    """The tenant as the one who pays: one of its own accounts, as it was on file then."""

    name: str
    iban: Iban
    bic: Bic | None = None
    address: Address | None = None


class Obstacle(StrEnum):
    """Why a transfer can't be written into a payment order, or shown as a code."""

    NOT_FOUND = "transfer_not_found"
    NOT_APPROVED = "not_approved"
    EXPORTED = "exported_before"
    OTHER_SOURCE = "other_source"
    PAYEE_INACTIVE = "payee_not_active"
    NAME_MISSING = "creditor_name_missing"
    IBAN_MISSING = "creditor_iban_missing"
    BIC_MISSING = "creditor_bic_missing"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    QR_REFERENCE_MISSING = "qr_reference_missing"
    QR_IBAN_MISSING = "qr_iban_missing"
    CREDITOR_ADDRESS_MISSING = "creditor_address_missing"
    DEBTOR_ADDRESS_MISSING = "debtor_address_missing"
    OWN_ACCOUNT = "creditor_is_debtor"
    NOT_SEPA = "not_sepa"


class Refusal(Frozen):
    """A transfer that was asked for and left out, and why; `order_id` is the order that it left with before."""

    transfer_id: UUID
    reasons: tuple[Obstacle, ...]
    order_id: UUID | None = None


class StoredOrder(Frozen):
    """An order as it is kept. It is *open* while its transfers are being marked, then *sealed* with its file for good.

    All that decides the file is fixed at its opening, so that whoever completes an order makes the same one.
    """

    order_id: UUID  # follows from the transfers and the account; the message id of the file
    tenant_id: str
    created_at: datetime
    created_by: str
    source: AccountChoice
    debtor: Debtor
    asked: tuple[UUID, ...]  # in the order of the request
    transfer_ids: tuple[UUID, ...]  # to be paid by it
    refused: tuple[Refusal, ...] = ()
    has_more: bool = False  # more transfers were approved than an order takes
    marks: int = 0  # transactions that let transfers leave with it
    sealed_at: datetime | None = None
    paid: tuple[UUID, ...] = ()  # those that it pays: all of `transfer_ids` that nothing else had taken
    file: bytes = b""
    sha256: str | None = None  # of the file

    @property
    def is_open(self) -> bool:
        """Whether its file is still to be made."""
        return self.sealed_at is None

    def sealed(self, paid: tuple[UUID, ...], file: bytes, sha256: str, *, at: datetime) -> Self:
        """The order with its file."""
        return self.model_copy(update={"paid": paid, "file": file, "sha256": sha256, "sealed_at": at})
