"""Counterparties, their accounts, and the sentinels that make an IBAN or a VAT number belong to one of them.

Sort keys: CP#<id>, CP#<id>#ACC#<id>, IBAN#<iban>, VAT#<number>. A sentinel is uniqueness and look-up in one, read by
its key; nothing here scans or asks an index.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Account, Counterparty, Directory, normalised_vat
from paydraft.model.errors import CounterpartyExistsError
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import ConditionFailedError, Put, Table, put_together

MAX_ACCOUNTS = 49  # two items each beside the counterparty's own two; a transaction takes 100


class CounterpartyStore:
    """Counterparties by tenant and id, IBAN or VAT number."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def add(self, tenant_id: str, counterparty: Counterparty, accounts: Sequence[Account]) -> None:
        """Write the counterparty, its accounts (at most `MAX_ACCOUNTS`) and their sentinels: all or none.

        Adding exactly the same again is success. Raises CounterpartyExistsError if the id, an IBAN or the VAT number
        is on file already.
        """
        items = _items_of(counterparty, accounts)
        try:
            put_together([Put(self._table.name, item_of({"tenant_id": tenant_id}) | item) for item in items])
        except ConditionFailedError as refused:
            raise CounterpartyExistsError(f"counterparty {counterparty.counterparty_id}") from refused

    def get(self, tenant_id: str, counterparty_id: UUID) -> Counterparty | None:
        """The counterparty as last written."""
        item = self._table.get(tenant_id=tenant_id, sk=f"CP#{counterparty_id}")
        return read_as(Counterparty, item) if item else None

    def account(self, tenant_id: str, counterparty_id: UUID, account_id: UUID) -> Account | None:
        """One account, an inactive one too."""
        item = self._table.get(tenant_id=tenant_id, sk=f"CP#{counterparty_id}#ACC#{account_id}")
        return read_as(Account, item) if item else None

    def accounts(self, tenant_id: str, counterparty_id: UUID) -> tuple[Account, ...]:
        """All accounts of one counterparty, inactive ones too, in the order of their ids."""
        items = self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)",
            tenant_id=tenant_id,
            prefix=f"CP#{counterparty_id}#ACC#",
        )
        return tuple(read_as(Account, item) for item in items)

    def directory(self, tenant_id: str, *, iban: Iban | None, vat_number: str | None) -> Directory:
        """What is on file under exactly this IBAN and this VAT number; the tenant's own entries too."""
        by_iban = tuple(self._holders(tenant_id, iban)) if iban else ()
        by_vat = tuple(self._registered(tenant_id, vat_number)) if vat_number else ()
        concerned = dict.fromkeys(found.counterparty_id for found in (*(pair[0] for pair in by_iban), *by_vat))
        accounts = (account for one in concerned for account in self.accounts(tenant_id, one))
        return Directory(by_iban=by_iban, by_vat=by_vat, accounts=tuple(accounts))

    def _holders(self, tenant_id: str, iban: Iban) -> Iterator[tuple[Counterparty, Account]]:
        pointer = self._table.get(tenant_id=tenant_id, sk=f"IBAN#{iban}")
        if pointer is None:
            return
        owner = UUID(plain(pointer["counterparty_id"]))
        counterparty = self.get(tenant_id, owner)
        account = self.account(tenant_id, owner, UUID(plain(pointer["account_id"])))
        if counterparty and account:
            yield counterparty, account

    def _registered(self, tenant_id: str, vat_number: str) -> Iterator[Counterparty]:
        pointer = self._table.get(tenant_id=tenant_id, sk=f"VAT#{normalised_vat(vat_number)}")
        found = self.get(tenant_id, UUID(plain(pointer["counterparty_id"]))) if pointer else None
        if found:
            yield found


def _items_of(counterparty: Counterparty, accounts: Sequence[Account]) -> list[Item]:
    if len(accounts) > MAX_ACCOUNTS:
        raise ValueError(f"a counterparty is added with at most {MAX_ACCOUNTS} accounts")
    if len({account.iban for account in accounts}) < len(accounts):
        raise CounterpartyExistsError("two accounts share an IBAN")
    owner = counterparty.counterparty_id
    items = [item_of({"sk": f"CP#{owner}"}) | item_of(counterparty)]
    if counterparty.vat_number and (number := normalised_vat(counterparty.vat_number)):
        items.append(item_of({"sk": f"VAT#{number}", "counterparty_id": owner}))
    for account in accounts:
        if account.counterparty_id != owner:
            raise ValueError("an account belongs to the counterparty it is added with")
        items.append(item_of({"sk": f"CP#{owner}#ACC#{account.account_id}"}) | item_of(account))
        pointer = {"sk": f"IBAN#{account.iban}", "counterparty_id": owner, "account_id": account.account_id}
        items.append(item_of(pointer))
    return items
