"""What an edit does to a draft's flags: a doubt about the payee is settled by an account on file and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from paydraft.model.counterparty import Account, Candidate, Counterparty, MatchKind, MatchOutcome, MatchReason
from paydraft.model.history import Trace
from paydraft.model.invoice import Invoice
from paydraft.model.money import Money
from paydraft.model.transfer import Creditor, DraftTransfer, Flag, FlagCode, FlagEvidence, Proof
from paydraft.transfers.by_hand import by_hand, is_by_hand
from paydraft.transfers.case import Case
from paydraft.transfers.checks import CHECKS
from paydraft.transfers.duplicates import Past, duplicates, is_outlier, number_forms, seller_hashes
from paydraft.transfers.flag_evidence import evidence_of
from paydraft.transfers.flags import MIN_NAME_LIKENESS, flag
from paydraft.transfers.payment_area import SEPA_CURRENCY

_FRESH = (FlagCode.IBAN_CHANGED, FlagCode.IBAN_COUNTRY_MISMATCH, FlagCode.NEW_COUNTERPARTY)
_ABOUT_PAYEE = frozenset({*_FRESH, FlagCode.IBAN_INVALID, FlagCode.IBAN_OTHER_COUNTERPARTY, FlagCode.PAYEE_INACTIVE})
_ADVICE_ABOUT_PAYEE = frozenset({FlagCode.NEW_COUNTERPARTY, FlagCode.PAYEE_INACTIVE})
_ABOUT_AMOUNT = frozenset({FlagCode.CURRENCY_NOT_SEPA, FlagCode.AMOUNT_OUTLIER})


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is to be paid after an edit, and who else could be meant."""

    creditor: Creditor
    counterparty: Counterparty | None = None
    account: Account | None = None
    iban_holder: UUID | None = None  # who has this IBAN on file
    page_iban_holder: UUID | None = None  # who has the IBAN on the page on file
    vat_holder: UUID | None = None  # who has the VAT number on the page on file
    name_likeness: float | None = (
        None  # 0..1, of the seller's name on the page to the payee's; None: nothing to compare
    )


def traced(transfer: DraftTransfer, invoice: Invoice, amount: Money) -> Trace:
    """What is compared with the past after an edit."""
    return Trace(
        transfer_id=transfer.transfer_id,
        number=next(iter(number_forms(transfer.invoice_number)), None),
        minor_units=amount.minor_units,
        currency=amount.currency,
        dated=invoice.issue_date,
        seen=transfer.created_at.date(),
        **seller_hashes(invoice),
    )


def match_of(payee: Payee) -> MatchOutcome:
    """A person's choice, said as matching says it."""
    party = payee.counterparty
    if party is None:
        return MatchOutcome(kind=MatchKind.NOT_FOUND)
    account_id = payee.account.account_id if payee.account else None
    together = (MatchReason.IBAN, MatchReason.VAT_NUMBER) if account_id and party.vat_number else ()
    chosen = Candidate(counterparty_id=party.counterparty_id, account_id=account_id, score=1.0, reasons=together)
    return MatchOutcome(
        kind=MatchKind.FOUND,
        counterparty_id=party.counterparty_id,
        account_id=account_id,
        candidates=(chosen,),
        name_likeness=payee.name_likeness,
    )


def flags_after(
    before: DraftTransfer, payee: Payee | None, amount: Money, invoice: Invoice, past: Past, today: date
) -> tuple[Flag, ...]:
    """The flags of the draft with this payee (None: as before) and amount, the blocking ones first.

    What the document itself raised stays. A blocking flag about the payee goes only when another account on file is
    paid; else an editor could shed it by detaching the payee that it names, or by touching the BIC. What is put in the
    place of the document's amount or account is flagged as well, as long as it is there.
    """
    trace = traced(before, invoice, amount)
    kept = {one.code: one for one in before.flags if _stays(one, payee, amount, before)}
    fresh = {one.code: one for one in _fresh(payee, amount, before, invoice, trace, past, today)}
    found = kept | {code: one for code, one in fresh.items() if code not in kept}
    return tuple(sorted(found.values(), key=lambda one: not one.blocks))


def _stays(one: Flag, payee: Payee | None, amount: Money, before: DraftTransfer) -> bool:
    if one.code in _ABOUT_PAYEE and payee is not None:
        is_chosen = payee.account is not None and payee.account.account_id != before.account_id
        return not is_chosen and one.code not in _ADVICE_ABOUT_PAYEE
    return not is_by_hand(one) and (one.code not in _ABOUT_AMOUNT or amount == before.amount)


def _fresh(
    payee: Payee | None,
    amount: Money,
    before: DraftTransfer,
    invoice: Invoice,
    trace: Trace,
    past: Past,
    today: date,
) -> Iterator[Flag]:
    chosen = payee or Payee(before.creditor)
    party, account, iban = chosen.counterparty, chosen.account, chosen.creditor.iban
    case = Case(invoice, match_of(chosen), party, account, iban, today, trace, past, ())
    if payee is not None:
        yield from (
            flag(code, field, evidence_of(code, field, case)) for code in _FRESH if (field := CHECKS[code](case))
        )
        others = tuple(_others(payee))
        if others or _is_another_name(payee):
            code = FlagCode.IBAN_OTHER_COUNTERPARTY
            yield flag(code, "iban", others or evidence_of(code, "iban", case))
    on_file = account is not None if payee else before.account_id is not None
    yield from by_hand(amount, iban, invoice, on_file=on_file)
    if amount.currency != SEPA_CURRENCY:
        yield flag(FlagCode.CURRENCY_NOT_SEPA, "currency")
    if is_outlier(trace, past):
        yield flag(FlagCode.AMOUNT_OUTLIER, "total", evidence_of(FlagCode.AMOUNT_OUTLIER, "total", case))
    if duplicates(trace, past):
        yield flag(FlagCode.POSSIBLE_DUPLICATE, "number", evidence_of(FlagCode.POSSIBLE_DUPLICATE, "number", case))


def _is_another_name(payee: Payee) -> bool:
    """The page names somebody else than the chosen payee, and no VAT number of the page speaks for him."""
    party, alike = payee.counterparty, payee.name_likeness
    if party is None or payee.account is None or alike is None:
        return False
    return alike < MIN_NAME_LIKENESS and payee.vat_holder != party.counterparty_id


def _others(payee: Payee) -> Iterator[FlagEvidence]:
    """Those on file whom the account, or the IBAN or VAT number on the page, names instead of the chosen payee."""
    chosen = payee.counterparty.counterparty_id if payee.counterparty else None
    holders = {payee.vat_holder: "vat_number", payee.page_iban_holder: "iban_on_page", payee.iban_holder: "iban"}
    for holder, name in holders.items():
        if holder is not None and holder != chosen:
            yield FlagEvidence(kind=Proof.COUNTERPARTY, name=name, about=holder)
