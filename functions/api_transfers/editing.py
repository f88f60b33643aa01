"""A draft's edit: what was sent becomes values, chosen parties are looked up, flags follow from both."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from api_transfers import requests
from api_transfers.debtors import own_account
from api_transfers.query import Stores
from api_transfers.refusing import refuse
from paydraft.matching.names import likeness
from paydraft.model.bank_account import Bic, CreditorReference, Iban, QrReference
from paydraft.model.counterparty import Account, Counterparty
from paydraft.model.evidence import Area
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import Invoice, ReferenceKind
from paydraft.model.job import JobKey
from paydraft.model.money import Money
from paydraft.model.transfer import AccountChoice, Correction, Creditor, DraftTransfer, Remittance, TransferStatus
from paydraft.transfers.duplicates import Past, duplicates, marks_of, past_of
from paydraft.transfers.edit import Payee, flags_after, match_of, traced

_MAX_MINOR = 99_999_999_999  # 999,999,999.99, the most that a SEPA transfer takes


def changes_of(
    patch: requests.TransferPatch, before: DraftTransfer, stores: Stores, *, by: str, today: date
) -> dict[str, Any]:
    """The fields that differ after this edit, flags among them; raises InvalidFieldsError that names a wrong field."""
    sent = patch.model_fields_set
    invoice = stores.results.invoice(JobKey(tenant_id=before.tenant_id, job_id=before.job_id), before.attempt)
    invoice = invoice or Invoice()
    wanted: dict[str, Any] = {}
    if "amount" in sent:
        wanted["amount"] = _amount(patch.amount)
    if "remittance" in sent:
        wanted["remittance"] = _remittance(patch.remittance)
    if "requested_date" in sent:
        wanted["requested_date"] = _requested_date(patch.requested_date, today)
    if "customer_id" in sent:
        wanted["customer_id"] = patch.customer_id
    if "source" in sent:
        wanted["source"] = _source(patch.source, before.tenant_id, stores)
    if patch.corrections:
        wanted["corrections"] = _corrections(patch.corrections, before, by)
    payee = _payee(patch, before, invoice, stores) if sent & {"destination", "creditor"} else None
    if payee:
        party, account = payee.counterparty, payee.account
        wanted["creditor"] = payee.creditor
        wanted["counterparty_id"] = party.counterparty_id if party else None
        wanted["account_id"] = account.account_id if account else None
    differing = {name: value for name, value in wanted.items() if value != getattr(before, name)}
    if "creditor" in differing and before.verification:
        differing["verification"] = None  # it was another payee's
    if differing.keys() & {"amount", "creditor", "counterparty_id", "account_id"}:
        amount = wanted.get("amount", before.amount)
        past = _past(before, payee, amount, invoice, stores)
        differing["flags"] = flags_after(before, payee, amount, invoice, past, today)
    return differing


def _amount(sent: requests.AmountIn | None) -> Money:
    if sent is None:
        refuse("amount", "can't be taken away")
    units = int(sent.amount_minor)
    if units > _MAX_MINOR:
        refuse("amount.amount_minor", "more than a transfer takes")
    try:
        return Money.of_minor_units(units, sent.currency)
    except ValidationError:
        refuse("amount.currency", "not an ISO 4217 code")


def _remittance(sent: requests.RemittanceIn | None) -> Remittance | None:
    if sent is None:
        return None
    parsed: str | None = sent.text
    if sent.kind == "rf":
        parsed = CreditorReference.parse(sent.text)
    elif sent.kind == "qrr":
        parsed = QrReference.parse(sent.text)
    if parsed is None:
        refuse("remittance.text", "its check digit does not fit")
    return Remittance(kind=ReferenceKind(sent.kind), text=parsed)


def _requested_date(sent: date | None, today: date) -> date | None:
    if sent is not None and sent < today:
        refuse("requested_date", "lies in the past")
    return sent


def _source(sent: requests.SourceIn | None, tenant_id: str, stores: Stores) -> AccountChoice | None:
    return None if sent is None else own_account(sent, tenant_id, stores.counterparties).source


def _corrections(sent: tuple[requests.CorrectionIn, ...], before: DraftTransfer, by: str) -> tuple[Correction, ...]:
    """Those that were told before, with the ones told now; of one field the latest."""
    told = {one.field: one for one in before.corrections}
    for number, one in enumerate(sent):
        place = one.place
        if not (0 <= place.x0 < place.x1 <= place.page_width and 0 <= place.y0 < place.y1 <= place.page_height):
            refuse(f"corrections.{number}.place", "no rectangle on this page")
        told[one.field] = Correction(
            field=one.field, raw=one.raw, area=Area(**place.model_dump()), label=one.label, by=by
        )
    return tuple(told.values())


def _payee(patch: requests.TransferPatch, before: DraftTransfer, invoice: Invoice, stores: Stores) -> Payee:
    """The payee that is chosen, or typed in."""
    tenant_id, selector = before.tenant_id, patch.destination
    keeps_party = "destination" not in patch.model_fields_set
    party = _party(selector.counterparty_id if selector else None, tenant_id, stores)
    if keeps_party and before.counterparty_id:
        party = stores.counterparties.get(tenant_id, before.counterparty_id)
    typed = _typed(patch.creditor, before.creditor)
    if selector and selector.cp_account_id:
        if patch.creditor is not None:
            refuse("creditor", "follows from destination.cp_account_id")
        account = stores.counterparties.account(tenant_id, selector.counterparty_id, selector.cp_account_id)
        if account is None or not account.active:
            refuse("destination.cp_account_id", "no active account of this counterparty")
        typed = typed.model_copy(update={"iban": account.iban, "bic": account.bic})
    if party and patch.creditor and "name" in patch.creditor.model_fields_set:
        refuse("creditor.name", "is that of the counterparty; change it there, or take destination away")
    return _looked_up(typed, party, may_find=keeps_party, invoice=invoice, tenant_id=tenant_id, stores=stores)


def _party(counterparty_id: UUID | None, tenant_id: str, stores: Stores) -> Counterparty | None:
    if counterparty_id is None:
        return None
    party = stores.counterparties.get(tenant_id, counterparty_id)
    if party is None or not party.active or party.own:
        refuse("destination.counterparty_id", "no active counterparty that can be paid")
    return party


def _typed(sent: requests.CreditorIn | None, creditor: Creditor) -> Creditor:
    """The creditor with what was typed in; another IBAN takes the BIC that stood beside the old one away."""
    changes: dict[str, Any] = {}
    fields = sent.model_fields_set if sent else frozenset()
    if sent and "name" in fields:
        changes["name"] = sent.name
    if sent and "iban" in fields:
        changes["iban"] = _parsed(Iban, sent.iban, "creditor.iban")
        if changes["iban"] != creditor.iban:
            changes["bic"] = None
    if sent and "bic" in fields:
        changes["bic"] = _parsed(Bic, sent.bic, "creditor.bic")
    return creditor.model_copy(update=changes)


def _parsed[Checked: (Iban, Bic)](kind: type[Checked], text: str | None, field: str) -> Checked | None:
    if text is None:
        return None
    value = kind.parse(text)
    if value is None:
        refuse(field, f"not a valid {kind.__name__.upper()}")
    return value


def _looked_up(
    typed: Creditor, party: Counterparty | None, *, may_find: bool, invoice: Invoice, tenant_id: str, stores: Stores
) -> Payee:
    """The payee with its account where the IBAN is on file; an IBAN on file names its holder where nobody is chosen."""
    directory = stores.counterparties.exact(tenant_id, iban=typed.iban, vat_number=invoice.seller.vat_number)
    holder, held = next(iter(directory.by_iban), (None, None))
    if holder and holder.own:
        refuse("creditor.iban", "is one of your own accounts")
    if party is None and may_find and holder and held and holder.active and held.active:
        party = holder
    account = held if holder and held and party and _is_of(held, party) and held.active else None
    return Payee(
        creditor=_as_on_file(typed, party, account),
        counterparty=party,
        account=account,
        iban_holder=holder.counterparty_id if holder else None,
        page_iban_holder=_holder_of(invoice.iban, tenant_id, stores) if invoice.iban != typed.iban else None,
        vat_holder=next((one.counterparty_id for one in directory.by_vat), None),
        name_likeness=_likeness(invoice.seller.name, party),
    )


def _likeness(printed: str | None, party: Counterparty | None) -> float | None:
    names = [name for name in (party.legal_name, *party.aliases) if name] if party else []
    return round(likeness(printed, names), 3) if printed and names else None


def _holder_of(iban: Iban | None, tenant_id: str, stores: Stores) -> UUID | None:
    directory = stores.counterparties.exact(tenant_id, iban=iban, vat_number=None)
    return next((owner.counterparty_id for owner, _ in directory.by_iban), None)


def _is_of(account: Account, party: Counterparty) -> bool:
    return account.counterparty_id == party.counterparty_id


def _as_on_file(typed: Creditor, party: Counterparty | None, account: Account | None) -> Creditor:
    changes: dict[str, Any] = {}
    if party:
        changes |= {"name": party.legal_name, "address": party.address}
    if account and account.bic:
        changes["bic"] = account.bic
    return typed.model_copy(update=changes)


def _past(before: DraftTransfer, payee: Payee | None, amount: Money, invoice: Invoice, stores: Stores) -> Past:
    """What is remembered of the invoice and the payee, without this transfer and cancelled ones it resembles."""
    own = transfer_id_of(before.job_id)
    chosen = payee or Payee(before.creditor)
    party_id = chosen.counterparty.counterparty_id if chosen.counterparty else before.counterparty_id
    marks = marks_of(invoice, match_of(chosen), party_id, None)
    memory = stores.transfers.remembered(before.tenant_id, marks.keys)
    alike = past_of(marks, memory.traces, frozenset({own}))
    resembled = [one for _, one in duplicates(traced(before, invoice, amount), alike)]
    there = stores.transfers.get_many(before.tenant_id, resembled[-100:])
    gone = {one.transfer_id for one in there if one.status is TransferStatus.CANCELLED}
    return past_of(marks, memory.traces, frozenset({own} | gone))
