"""Which of the tenant's own accounts pays: the one that is named, else the one that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api_transfers import requests
from api_transfers.refusing import refuse
from paydraft.model.counterparty import Account, Counterparty
from paydraft.model.payment_order import Debtor
from paydraft.model.transfer import AccountChoice, DraftTransfer
from paydraft.model.transfer_errors import DebtorAccountError
from paydraft.stores.counterparties import CounterpartyStore


@dataclass(frozen=True, slots=True)
class Payer:
    """An own account, as a choice and as a payment file names it."""

    source: AccountChoice
    debtor: Debtor


def own_account(sent: requests.SourceIn, tenant_id: str, counterparties: CounterpartyStore) -> Payer:
    """The account that a request names; raises InvalidFieldsError if it is none of the tenant's own active ones."""
    party = counterparties.get(tenant_id, sent.counterparty_id)
    if party is None or not party.own or not party.active:
        refuse("source.counterparty_id", "none of your own active entries")
    account = counterparties.account(tenant_id, sent.counterparty_id, sent.cp_account_id)
    if account is None or not account.active:
        refuse("source.cp_account_id", "no active account of this entry")
    return _payer(party, account)


def payer_of(
    transfers: Iterable[DraftTransfer],
    sent: requests.SourceIn | None,
    tenant_id: str,
    counterparties: CounterpartyStore,
) -> Payer:
    """The account that pays these transfers: the one sent, else the only one that they and the default lead to.

    The default is the only primary account of the tenant's own, or its only one. Raises DebtorAccountError where none
    or several are left, and InvalidFieldsError for what was sent.
    """
    if sent is not None:
        return own_account(sent, tenant_id, counterparties)
    own = counterparties.own_accounts(tenant_id)
    payers = {payer.source: payer for payer in (_payer(*one) for one in own)}
    default = _default(own)
    named = {one.source or default for one in transfers} or {default}
    if len(named) == 1 and (source := next(iter(named))) in payers:
        return payers[source]
    raise DebtorAccountError(details={"accounts": [_shown(one) for one in payers]})


def _default(own: Sequence[tuple[Counterparty, Account]]) -> AccountChoice | None:
    """The only primary account; the only one where none is."""
    first = [one for one in own if one[1].is_primary] or own
    return _payer(*first[0]).source if len(first) == 1 else None


def _shown(source: AccountChoice) -> dict[str, str]:
    return {"counterparty_id": str(source.counterparty_id), "cp_account_id": str(source.account_id)}


def _payer(party: Counterparty, account: Account) -> Payer:
    source = AccountChoice(counterparty_id=party.counterparty_id, account_id=account.account_id)
    debtor = Debtor(name=party.legal_name, iban=account.iban, bic=account.bic, address=party.address)
    return Payer(source, debtor)
