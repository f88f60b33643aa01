"""Looking counterparties up: the stores of a request, one file, one part, what a list compares."""

from dataclasses import dataclass
from uuid import UUID

from api_counterparties.listing import Values, texts
from api_counterparties.operations import ACCOUNT_SEARCHES, ADDRESS_SEARCHES, CONTACT_SEARCHES, PARTY_SEARCHES
from paydraft.model.counterparty import Account, Contact, ContactType, FiledAddress, Held
from paydraft.model.counterparty_errors import (
    AddressNotFoundError,
    BankAccountNotFoundError,
    ContactNotFoundError,
    CounterpartyNotFoundError,
)
from paydraft.model.counterparty_file import CounterpartyFile, id_of
from paydraft.model.errors import PaydraftError
from paydraft.model.ids import uuid_of
from paydraft.runtime.corebanq import Wire
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore

_MISSING: dict[type[Held], type[PaydraftError]] = {
    Account: BankAccountNotFoundError,
    Contact: ContactNotFoundError,
    FiledAddress: AddressNotFoundError,
}
SEARCHES: dict[type[Held], tuple[str, ...]] = {
    Account: ACCOUNT_SEARCHES,
    Contact: CONTACT_SEARCHES,
    FiledAddress: ADDRESS_SEARCHES,
}


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    counterparties: CounterpartyStore
    answers: AnswerStore


def find(stores: Stores, tenant_id: str, counterparty_id: str) -> CounterpartyFile:
    """The tenant's counterparty; raises CounterpartyNotFoundError, for what is no UUID as well."""
    its_id = uuid_of(counterparty_id)
    found = stores.counterparties.file(tenant_id, its_id) if its_id else None
    if found is None:
        raise CounterpartyNotFoundError
    return found


def find_part(stores: Stores, tenant_id: str, kind: type[Held], part_id: str) -> tuple[CounterpartyFile, UUID]:
    """The file that a part is in, and the part's id; raises the error of its kind for what the tenant has not."""
    its_id = uuid_of(part_id)
    owner = stores.counterparties.owner_of(tenant_id, kind, its_id) if its_id else None
    file = stores.counterparties.file(tenant_id, owner) if owner else None
    if its_id is None or file is None or not any(id_of(part) == its_id for part in parts_of(file, kind)):
        raise _MISSING[kind]
    return file, its_id


def parts_of(file: CounterpartyFile, kind: type[Held]) -> tuple[Held, ...]:
    """A file's accounts, contacts or addresses."""
    if kind is Account:
        return file.accounts
    return file.contacts if kind is Contact else file.addresses


def values_of_part(kind: type[Held], row: Wire) -> Values:
    """What a part's list compares."""
    return {name: texts(getattr(row, name)) for name in (*SEARCHES[kind], "created_at", "modified_at")}


def values_of_file(file: CounterpartyFile) -> Values:
    """What the list of counterparties compares: IBANs and mail addresses are those of its parts."""
    party = file.counterparty
    mails = tuple(one.value for one in file.contacts if one.type is ContactType.EMAIL)
    parts = {"id": party.counterparty_id, "iban": tuple(one.iban for one in file.accounts), "email": mails}
    own = (*PARTY_SEARCHES, "aliases", "created_at", "modified_at")
    return {name: texts(parts[name] if name in parts else getattr(party, name)) for name in own}
