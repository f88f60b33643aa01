"""Counterparties, their accounts, and the sentinels that make an IBAN or a VAT number belong to one of them.

Sort keys: CP#<id>, CP#<id>#ACC#<id>, IBAN#<iban>, VAT#<number>, NAM#<id>. A sentinel is uniqueness and look-up in one,
read by its key. NAM# holds what a likely name is told by, about 150 bytes, so that all of a tenant's are two or three
pages of one query; it is read only when nothing exact is on file.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Account, Counterparty, Directory, Known, normalised_vat
from paydraft.model.errors import CounterpartyExistsError
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import ConditionFailedError, Put, Table, put_together

MAX_ACCOUNTS = 48  # two items each beside the counterparty's own three; a transaction takes 100
# At these anybody can have an address: they say nothing of a company.
_PUBLIC_DOMAINS = frozenset(
    """
    aol.com bluewin.ch bol.com.br free.fr freenet.de gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com
    hotmail.fr icloud.com interia.pl laposte.net libero.it live.com mail.com mail.ru me.com msn.com o2.pl onet.pl
    orange.fr outlook.com outlook.de proton.me protonmail.com sapo.pt seznam.cz sfr.fr t-online.de telia.com wanadoo.fr
    web.de wp.pl xs4all.nl yahoo.com yahoo.de yahoo.fr ziggo.nl
    """.split()
)


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

    def known(self, tenant_id: str) -> tuple[Known, ...]:
        """The names of all counterparties that can be paid."""
        items = self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=tenant_id, prefix="NAM#"
        )
        return tuple(read_as(Known, item) for item in items)

    def directory(self, tenant_id: str, *, iban: Iban | None, vat_number: str | None) -> Directory:
        """What is on file under exactly this IBAN and this VAT number, the tenant's own entries too; else all names."""
        by_iban = tuple(self._holders(tenant_id, iban)) if iban else ()
        by_vat = tuple(self._registered(tenant_id, vat_number)) if vat_number else ()
        known = () if by_iban or by_vat else self.known(tenant_id)
        return Directory(by_iban=by_iban, by_vat=by_vat, known=known)

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
    if (known := _known(counterparty)) is not None:
        items.append(item_of({"sk": f"NAM#{owner}"}) | item_of(known))
    for account in accounts:
        if account.counterparty_id != owner:
            raise ValueError("an account belongs to the counterparty it is added with")
        items.append(item_of({"sk": f"CP#{owner}#ACC#{account.account_id}"}) | item_of(account))
        pointer = {"sk": f"IBAN#{account.iban}", "counterparty_id": owner, "account_id": account.account_id}
        items.append(item_of(pointer))
    return items


def _known(counterparty: Counterparty) -> Known | None:
    """What a likely name is told by; None for who can't be paid."""
    if counterparty.own or not counterparty.active:
        return None
    domain = (counterparty.email or "").rpartition("@")[2].lower()
    return Known(
        counterparty_id=counterparty.counterparty_id,
        names=tuple(dict.fromkeys((counterparty.legal_name, *counterparty.aliases))),
        email_domain=domain if domain and domain not in _PUBLIC_DOMAINS else None,
        postal_code=counterparty.address.postal_code if counterparty.address else None,
    )
