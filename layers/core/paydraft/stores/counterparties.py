"""Counterparties and their files: one transaction for each change, one audit item in it.

Sort keys are those of stores/counterparty_items.py, and CPAUD#<id>#<version> for what happened. A change writes the
items that differ, if the counterparty is in the version that was seen. A sentinel is refused while it is another's.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby
from typing import Literal
from uuid import UUID

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import (
    Account,
    Contact,
    Counterparty,
    Directory,
    FiledAddress,
    Held,
    Known,
    normalised_email,
    normalised_vat,
)
from paydraft.model.counterparty_errors import CounterpartyChangedError
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, FileEntry
from paydraft.model.errors import CounterpartyExistsError
from paydraft.stores.counterparty_items import PARTS, SENTINELS, file_of, items_of, owner_in
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import ABSENT, ConditionFailedError, Put, Remove, Table, Write, put_together

# Parts that a counterparty is added with: three items each at most, beside its own five; a transaction takes 100.
MAX_ACCOUNTS = 30
_NOT = {"BOOL": False}


class CounterpartyStore:
    """Counterparties by tenant and id, IBAN, VAT number or mail address."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def add(
        self,
        tenant_id: str,
        counterparty: Counterparty,
        accounts: Sequence[Account],
        *,
        contacts: Sequence[Contact] = (),
        addresses: Sequence[FiledAddress] = (),
        action: FileAction = FileAction.CREATED,
    ) -> None:
        """Write the counterparty with its parts (at most `MAX_ACCOUNTS` in all) and its audit item: all or none.

        Adding exactly the same again is success. Raises CounterpartyExistsError if the id, an IBAN, the VAT number or
        a mail address is on file already.
        """
        if len(accounts) + len(contacts) + len(addresses) > MAX_ACCOUNTS:
            raise ValueError(f"a counterparty is added with at most {MAX_ACCOUNTS} accounts, contacts and addresses")
        file = CounterpartyFile(
            counterparty=counterparty, accounts=tuple(accounts), contacts=tuple(contacts), addresses=tuple(addresses)
        ).settled()
        entry = FileEntry.of(None, file, action, by=counterparty.created_by, at=counterparty.created_at)
        self.save(tenant_id, None, file, entry)

    def save(
        self,
        tenant_id: str,
        before: CounterpartyFile | None,
        after: CounterpartyFile,
        entry: FileEntry,
        *,
        others: Sequence[Write] = (),
    ) -> None:
        """Make `after` of `before` (None: it is new), with its audit item and `others`: all or none.

        Raises CounterpartyExistsError that names what is another's, and CounterpartyChangedError if the file is not
        as it was seen or one of `others` is refused: look again, decide again.
        """
        writes = [*self.writes_of(tenant_id, before, after, entry), *others]
        try:
            put_together(writes)
        except ConditionFailedError as refused:
            taken = _taken(writes, refused)
            if taken or (before is None and refused.refused[0]):
                raise CounterpartyExistsError(f"counterparty {after.counterparty_id}", taken=taken) from refused
            raise CounterpartyChangedError from refused

    def writes_of(
        self, tenant_id: str, before: CounterpartyFile | None, after: CounterpartyFile, entry: FileEntry
    ) -> list[Write]:
        """What `save` writes, for the transaction of another store."""
        return [*self._differing(tenant_id, before, after), self._audit(tenant_id, entry)]

    def file(self, tenant_id: str, counterparty_id: UUID) -> CounterpartyFile | None:
        """All that is on file about one counterparty."""
        return file_of(self._prefixed(tenant_id, f"CP#{counterparty_id}"))

    def files(self, tenant_id: str) -> Iterator[CounterpartyFile]:
        """Every counterparty's file, in the order of their ids."""
        items = self._prefixed(tenant_id, "CP#")
        for _, together in groupby(items, key=lambda item: owner_in(plain(item["sk"]))):
            file = file_of(together)
            if file is not None:
                yield file

    def owner_of(self, tenant_id: str, kind: type[Held], part_id: UUID) -> UUID | None:
        """Whose an account, a contact or an address is."""
        pointer = self._table.get(tenant_id=tenant_id, sk=f"{PARTS[kind]}#{part_id}")
        return UUID(plain(pointer["counterparty_id"])) if pointer else None

    def holder_of(self, tenant_id: str, what: Literal["IBAN", "VAT", "EMAIL"], value: str) -> UUID | None:
        """Who has a normalised IBAN, VAT number or mail address."""
        pointer = self._table.get(tenant_id=tenant_id, sk=f"{what}#{value}")
        return UUID(plain(pointer["counterparty_id"])) if pointer else None

    def history(self, tenant_id: str, counterparty_id: UUID) -> tuple[FileEntry, ...]:
        """All that happened to a counterparty's file, in order."""
        items = self._prefixed(tenant_id, f"CPAUD#{counterparty_id}#")
        return tuple(read_as(FileEntry, item) for item in items)

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
        items = self._prefixed(tenant_id, f"CP#{counterparty_id}#ACC#")
        return tuple(read_as(Account, item) for item in items)

    def payable(self, tenant_id: str, accounts: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Iban]:
        """Which of these accounts (by counterparty and account id, any number) can be paid, and their IBANs."""
        wanted = dict.fromkeys(accounts)
        keys = dict.fromkeys(key for one in wanted for key in (f"CP#{one[0]}", f"CP#{one[0]}#ACC#{one[1]}"))
        batches = (self._table.get_many(tenant_id, batch) for batch in batched(keys, 100, strict=False))
        items = {sk: item for batch in batches for sk, item in batch.items()}
        active = {sk for sk, item in items.items() if plain(item["active"]) and not plain(item.get("own", _NOT))}
        held = {one: f"CP#{one[0]}#ACC#{one[1]}" for one in wanted if f"CP#{one[0]}" in active}
        return {one: read_as(Account, items[sk]).iban for one, sk in held.items() if sk in active}

    def own_accounts(self, tenant_id: str) -> tuple[tuple[Counterparty, Account], ...]:
        """The active accounts of the tenant itself, in the order of their ids."""
        files = (
            self.file(tenant_id, UUID(plain(item["counterparty_id"]))) for item in self._prefixed(tenant_id, "OWN#")
        )
        return tuple(
            (file.counterparty, account)
            for file in files
            if file is not None and file.counterparty.active
            for account in file.accounts
            if account.active
        )

    def known(self, tenant_id: str) -> tuple[Known, ...]:
        """The names of all counterparties that can be paid."""
        return tuple(read_as(Known, item) for item in self._prefixed(tenant_id, "NAM#"))

    def exact(self, tenant_id: str, *, iban: Iban | None, vat_number: str | None) -> Directory:
        """What is on file under exactly this IBAN and this VAT number, the tenant's own entries too, read by key."""
        return Directory(
            by_iban=tuple(self._holders(tenant_id, iban)) if iban else (),
            by_vat=tuple(self._registered(tenant_id, vat_number)) if vat_number else (),
        )

    def directory(
        self, tenant_id: str, *, iban: Iban | None, vat_number: str | None, email: str | None = None
    ) -> Directory:
        """What `exact` finds; where that is nothing, all names, and who has this mail address."""
        found = self.exact(tenant_id, iban=iban, vat_number=vat_number)
        if found.by_iban or found.by_vat:
            return found
        mail = normalised_email(email)
        by_email = self.holder_of(tenant_id, "EMAIL", mail) if mail else None
        return Directory(known=self.known(tenant_id), by_email=by_email)

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
        holder = self.holder_of(tenant_id, "VAT", normalised_vat(vat_number))
        found = self.get(tenant_id, holder) if holder else None
        if found:
            yield found

    def _prefixed(self, tenant_id: str, prefix: str) -> Iterator[Item]:
        return self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=tenant_id, prefix=prefix
        )

    def _differing(self, tenant_id: str, before: CounterpartyFile | None, after: CounterpartyFile) -> Iterator[Write]:
        """The writes that make one of the other; that of the counterparty itself comes first."""
        old, new = items_of(before) if before else {}, items_of(after)
        owner = after.counterparty_id
        for sk, item in new.items():
            row = item_of({"tenant_id": tenant_id}) | item
            if sk not in old:
                yield Put(self._table.name, row)
            elif item != old[sk]:
                yield Put(self._table.name, row, *_as_seen(sk, before, owner))
        key = ("tenant_id", tenant_id)
        for sk in old.keys() - new.keys():
            yield Remove(self._table.name, (key, ("sk", sk)), "#counterparty_id = :owner", (("owner", owner),))

    def _audit(self, tenant_id: str, entry: FileEntry) -> Put:
        key = {"tenant_id": tenant_id, "sk": f"CPAUD#{entry.counterparty_id}#{entry.version:06}"}
        return Put(self._table.name, item_of(key) | item_of(entry))


def _as_seen(sk: str, before: CounterpartyFile | None, owner: UUID) -> tuple[str, tuple[tuple[str, object], ...]]:
    """When an item may be written over: the counterparty in the version that was seen, a part while it is its."""
    if before is None or sk != f"CP#{before.counterparty_id}":
        return "#counterparty_id = :owner", (("owner", owner),)
    seen = before.counterparty.version
    first = "attribute_not_exists(#version) OR " if seen == 1 else ""  # rows of the time before versions
    return f"attribute_exists(#sk) AND ({first}#version = :seen)", (("seen", seen),)


def _taken(writes: Sequence[Write], refused: ConditionFailedError) -> dict[str, UUID]:
    """What of a file is another's already, by field, and whose."""
    found: dict[str, UUID] = {}
    for write, was_refused, standing in zip(writes, refused.refused, refused.standing, strict=True):
        if was_refused and isinstance(write, Put) and write.condition == ABSENT and standing and "sk" in write.item:
            field = SENTINELS.get(plain(write.item["sk"]).partition("#")[0])
            if field:
                found[field] = UUID(plain(standing["counterparty_id"]))
    return found
