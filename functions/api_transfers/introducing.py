"""A supplier that nobody knew is put on file by the approval of its first transfer, so that its next invoice is found.

Not before, and not on a guess: a transfer whose payee might be one on file (`ambiguous`) introduces nobody, and neither
does one whose claim was assigned, because account and name are two parties' then.
"""

from uuid import UUID

from api_transfers.query import Stores
from paydraft.matching.names import likeness
from paydraft.model.counterparty import Account, Counterparty, FiledAddress
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, FileEntry
from paydraft.model.ids import uuid7
from paydraft.model.invoice import Address, Invoice
from paydraft.model.job import JobKey
from paydraft.model.transfer import DraftTransfer, FlagCode
from paydraft.model.transfer_errors import PayeeNotActiveError
from paydraft.runtime.operations import Caller
from paydraft.stores.payees import PayeeConditions
from paydraft.stores.table import Write
from paydraft.transfers.flags import MIN_CONFIDENCE, MIN_NAME_LIKENESS

_NAME_LENGTH = 140  # as counterparties have it
type Linked = tuple[DraftTransfer, tuple[Write, ...]]


def introduced(transfer: DraftTransfer, caller: Caller, stores: Stores, *, randomness: int) -> Linked:
    """The approved transfer of no payee on file, with the payee that it has now, and what puts it on file.

    Somebody may have put it on file while approval was waited for: it is that payee then. Raises PayeeNotActiveError
    where account or VAT number have become those of another payee, or the tenant's own.
    """
    if known := _by_account(transfer, caller, stores):
        return known
    invoice = stores.results.invoice(JobKey(tenant_id=transfer.tenant_id, job_id=transfer.job_id), transfer.attempt)
    if not _is_new(transfer, invoice or Invoice()):
        return transfer, ()
    vat_number = _vat_number(transfer, invoice or Invoice())
    directory = stores.counterparties.exact(caller.tenant_id, iban=None, vat_number=vat_number)
    if any(party.active and not party.own for party in directory.by_vat):
        raise PayeeNotActiveError
    if directory.by_vat:
        return transfer, ()  # on file and not to be paid: that is flagged, and a person's to mend
    file = _file(transfer, vat_number, caller, randomness)
    by, at = caller.credential.subject, caller.now
    entry = FileEntry.of(None, file, FileAction.CREATED, by=by, at=at)
    writes = stores.counterparties.writes_of(caller.tenant_id, None, file, entry)
    return _paying(transfer, file.counterparty_id, file.accounts[0].account_id), tuple(writes)


def _by_account(transfer: DraftTransfer, caller: Caller, stores: Stores) -> Linked | None:
    """The payee who has got this account on file since; None while nobody has it."""
    iban = transfer.creditor.iban
    for owner, account in stores.counterparties.exact(caller.tenant_id, iban=iban, vat_number=None).by_iban:
        if not owner.own and not (owner.active and account.active) and _is_flagged(transfer, FlagCode.PAYEE_INACTIVE):
            return transfer, ()
        if owner.own or not owner.active or not account.active or not _is_called(owner, transfer):
            raise PayeeNotActiveError
        payees = PayeeConditions(stores.counterparties_table, caller.tenant_id)
        holds = payees.has_account(owner.counterparty_id, account.account_id, account.iban)
        return _paying(transfer, owner.counterparty_id, account.account_id), (
            payees.is_active(owner.counterparty_id),
            holds,
        )
    return None


def _paying(transfer: DraftTransfer, counterparty_id: UUID, account_id: UUID) -> DraftTransfer:
    return transfer.model_copy(update={"counterparty_id": counterparty_id, "account_id": account_id})


def _is_called(party: Counterparty, transfer: DraftTransfer) -> bool:
    names = (party.legal_name, *party.aliases)
    return likeness(transfer.creditor.name or "", names) >= MIN_NAME_LIKENESS


def _is_new(transfer: DraftTransfer, invoice: Invoice) -> bool:
    is_assigned = any(finding.code == "claim_assigned" for finding in invoice.findings)
    return _is_flagged(transfer, FlagCode.NEW_COUNTERPARTY) and not is_assigned


def _is_flagged(transfer: DraftTransfer, code: FlagCode) -> bool:
    return any(one.code is code for one in transfer.flags)


def _vat_number(transfer: DraftTransfer, invoice: Invoice) -> str | None:
    """The seller's VAT number, if it is the seller who is paid, and it was read well: later it decides who is found."""
    creditor, seller = transfer.creditor, invoice.seller
    seen = invoice.evidence.get("seller.vat_number")
    if (creditor.name, creditor.iban) != (seller.name, invoice.iban) or not seen or seen.confidence < MIN_CONFIDENCE:
        return None
    return seller.vat_number


def _file(transfer: DraftTransfer, vat_number: str | None, caller: Caller, randomness: int) -> CounterpartyFile:
    creditor = transfer.creditor
    if creditor.name is None or creditor.iban is None:
        raise ValueError("what is approved has a name and an IBAN")
    made = {"created_at": caller.now, "created_by": caller.credential.subject}
    party = Counterparty(
        counterparty_id=uuid7(caller.now, randomness),
        legal_name=" ".join(creditor.name.split())[:_NAME_LENGTH],
        vat_number=vat_number,
        **made,
    )
    account = Account(
        account_id=uuid7(caller.now, randomness + 1),
        counterparty_id=party.counterparty_id,
        iban=creditor.iban,
        bic=creditor.bic,
        is_primary=True,
        **made,
    )
    address = FiledAddress(
        address_id=uuid7(caller.now, randomness + 2),
        counterparty_id=party.counterparty_id,
        address=creditor.address or Address(),
        preferred_billing=True,
        **made,
    )
    addresses = (address,) if creditor.address and creditor.address.city else ()
    return CounterpartyFile(counterparty=party, accounts=(account,), addresses=addresses).settled()
