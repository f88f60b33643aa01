"""What an approval rests on and adds: the payee as on file or a new account, and what is learned of the supplier."""

from uuid import UUID

from api_transfers.introducing import introduced
from api_transfers.query import Stores
from paydraft.model.counterparty import Account
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, FileEntry
from paydraft.model.ids import uuid7
from paydraft.model.job import JobKey
from paydraft.model.transfer import Creditor, DraftTransfer
from paydraft.model.transfer_errors import PayeeNotActiveError
from paydraft.runtime.operations import Caller
from paydraft.stores.payees import PayeeConditions
from paydraft.stores.table import Write
from paydraft.transfers.learning import learned, memory_keys


def confirmed(
    transfer: DraftTransfer, caller: Caller, stores: Stores, *, randomness: int
) -> tuple[DraftTransfer, tuple[Write, ...]]:
    """The approved transfer with its account, and what must hold or be added with it.

    A counterparty that is paid on a new IBAN gets it as an account now, and not before; a payee that nobody knew is put
    on file. Raises PayeeNotActiveError if the payee or the account is not as it was chosen.
    """
    party_id, iban = transfer.counterparty_id, transfer.creditor.iban
    if iban is None:
        return transfer, ()
    if party_id is None:
        return introduced(transfer, caller, stores, randomness=randomness)
    file = stores.counterparties.file(caller.tenant_id, party_id)
    if file is None or not file.counterparty.active or file.counterparty.own:
        raise PayeeNotActiveError
    account = _on_file(transfer, caller, stores)
    if account:
        payees = PayeeConditions(stores.counterparties_table, caller.tenant_id)
        conditions = (payees.is_active(party_id), payees.has_account(party_id, account.account_id, iban))
        return transfer.model_copy(update={"account_id": account.account_id}), conditions
    account_id = uuid7(caller.now, randomness)
    added = _added(file, account_id, transfer.creditor, caller)
    by, at = caller.credential.subject, caller.now
    entry = FileEntry.of(file, added, FileAction.ACCOUNT_ADDED, by=by, at=at)
    writes = stores.counterparties.writes_of(caller.tenant_id, file, added, entry)
    return transfer.model_copy(update={"account_id": account_id}), tuple(writes)


def _added(file: CounterpartyFile, account_id: UUID, creditor: Creditor, caller: Caller) -> CounterpartyFile:
    """The payee's file with the creditor's account."""
    if creditor.iban is None:
        raise ValueError("an account has an IBAN")
    account = Account(
        account_id=account_id,
        counterparty_id=file.counterparty_id,
        iban=creditor.iban,
        bic=creditor.bic,
        is_primary=not any(one.active for one in file.accounts),
        created_at=caller.now,
        created_by=caller.credential.subject,
    )
    return file.changed(by=caller.credential.subject, at=caller.now, accounts=(*file.accounts, account))


def lessons(transfer: DraftTransfer, stores: Stores) -> tuple[Write, ...]:
    """What the approval teaches about the supplier's invoices."""
    invoice = stores.results.invoice(JobKey(tenant_id=transfer.tenant_id, job_id=transfer.job_id), transfer.attempt)
    if invoice is None:
        return ()
    keys = memory_keys(invoice, transfer.counterparty_id)
    return tuple(stores.memory.learn(transfer.tenant_id, keys, learned(transfer, invoice)))


def _on_file(transfer: DraftTransfer, caller: Caller, stores: Stores) -> Account | None:
    """The account of this IBAN as it stands; None where nobody has it yet."""
    directory = stores.counterparties.exact(caller.tenant_id, iban=transfer.creditor.iban, vat_number=None)
    for owner, account in directory.by_iban:
        if owner.counterparty_id != transfer.counterparty_id or not account.active:
            raise PayeeNotActiveError
        return account
    if transfer.account_id is not None:
        raise PayeeNotActiveError
    return None
