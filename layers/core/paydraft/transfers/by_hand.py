"""What a person put into a draft and the document does not say: it is blocked until a second person has looked.

Such a flag follows from the draft as it stands: it is gone when the amount is the document's again, or the account is
one that is printed or on file. What stands in its evidence under `MARK` tells it from one that the document raised.
"""

from collections.abc import Iterator

from paydraft.model.bank_account import Iban
from paydraft.model.invoice import AccountRole, Invoice
from paydraft.model.money import Money
from paydraft.model.transfer import Flag, FlagCode, FlagEvidence, Proof
from paydraft.transfers.flag_evidence import on_page
from paydraft.transfers.flags import flag

MARK = "by_hand"


def is_by_hand(one: Flag) -> bool:
    """Whether a person raised the flag, by what was put in the place of the document's word."""
    return any(proof.name == MARK for proof in one.evidence)


def by_hand(amount: Money, iban: Iban | None, invoice: Invoice, *, on_file: bool) -> Iterator[Flag]:
    """The flags of a draft with this amount and account; `on_file` says that the account is its payee's.

    None where the reading of the document is gone: there is nothing to compare with.
    """
    if not invoice.evidence:
        return
    if invoice.to_pay is not None and amount != invoice.to_pay:
        field = "total" if invoice.amount_due is None else "amount_due"
        yield _flag(FlagCode.AMOUNT_MISMATCH, field, f"{amount.amount} {amount.currency}", invoice)
    if iban is not None and not on_file and iban not in _printed(invoice):
        yield _flag(FlagCode.PAYMENT_DATA_CONFLICT, "iban", iban, invoice)


def _printed(invoice: Invoice) -> set[Iban | None]:
    others = (one.iban for one in invoice.accounts if one.role is not AccountRole.DEBTOR)
    return {invoice.iban, *others}


def _flag(code: FlagCode, field: str, typed: str, invoice: Invoice) -> Flag:
    mark = FlagEvidence(kind=Proof.FIGURE, name=MARK, value=typed)
    return flag(code, field, (*on_page(invoice, field), mark))
