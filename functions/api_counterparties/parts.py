"""Accounts, contacts and addresses: what their routes share, and what tells the kinds apart, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api_counterparties import editing, requests, schemas, translate
from api_counterparties.changing import Decided
from api_counterparties.listing import Wish, found
from api_counterparties.operations import ACCOUNTS, ADDRESSES, CONTACTS
from api_counterparties.query import SEARCHES, Stores, find, find_part, parts_of, values_of_part
from paydraft.model.counterparty import Account, Contact, FiledAddress, Held
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, id_of
from paydraft.runtime.json_body import to_json
from paydraft.runtime.operations import Caller, Operation


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of parts. Its functions and models take and give that kind's own types, which a table can't say."""

    of: type[Held]
    operations: tuple[Operation, Operation, Operation, Operation]
    takes: Any
    patch: Any
    listed: Any
    wire: Callable[[Any], Any]
    make: Callable[..., Held]
    edit: Callable[[Any, Any], Held]
    actions: tuple[FileAction, FileAction]

    @property
    def searches(self) -> tuple[str, ...]:
        """The fields that a list can be searched by."""
        return SEARCHES[self.of]


KINDS = (
    Kind(
        Account,
        ACCOUNTS,
        requests.BankAccountIn,
        requests.BankAccountPatch,
        schemas.BankAccountList,
        translate.account,
        editing.new_account,
        editing.edited_account,
        (FileAction.ACCOUNT_ADDED, FileAction.ACCOUNT_UPDATED),
    ),
    Kind(
        Contact,
        CONTACTS,
        requests.ContactIn,
        requests.ContactPatch,
        schemas.ContactList,
        translate.contact,
        editing.new_contact,
        editing.edited_contact,
        (FileAction.CONTACT_ADDED, FileAction.CONTACT_UPDATED),
    ),
    Kind(
        FiledAddress,
        ADDRESSES,
        requests.AddressIn,
        requests.AddressPatch,
        schemas.AddressList,
        translate.address,
        editing.new_address,
        editing.edited_address,
        (FileAction.ADDRESS_ADDED, FileAction.ADDRESS_UPDATED),
    ),
)


def page(kind: Kind, stores: Stores, tenant_id: str, wish: Wish) -> Any:
    """A page of all parts of one kind."""
    rows = (kind.wire(part) for file in stores.counterparties.files(tenant_id) for part in parts_of(file, kind.of))
    part = found(rows, lambda row: values_of_part(kind.of, row), wish)
    return kind.listed(data=part.rows, total=part.total, total_unfiltered=part.total_unfiltered, has_more=part.has_more)


def read(kind: Kind, stores: Stores, tenant_id: str, part_id: str) -> str:
    """One part, as it is answered."""
    file, id_ = find_part(stores, tenant_id, kind.of, part_id)
    return _shown(kind, file, id_)


def creation(kind: Kind, sent: Any, stores: Stores, caller: Caller, id_: UUID) -> Decided:
    """A part more; raises CounterpartyNotFoundError, CounterpartyStateError, FileFullError, InvalidFieldsError."""
    before = find(stores, caller.tenant_id, str(sent.counterparty_id))
    editing.require_active(before)
    by, at = caller.credential.subject, caller.now
    after = editing.added(before, kind.make(before, sent, id_, by=by, at=at), by=by, at=at)
    return Decided(before, after, kind.actions[0], lambda file: _shown(kind, file, id_))


def edition(kind: Kind, patch: Any, stores: Stores, caller: Caller, part_id: str) -> Decided:
    """A part changed; raises the error of its kind, CounterpartyStateError, InvalidFieldsError."""
    before, id_ = find_part(stores, caller.tenant_id, kind.of, part_id)
    editing.require_active(before)
    part = next(one for one in parts_of(before, kind.of) if id_of(one) == id_)
    after = editing.replaced(before, kind.edit(part, patch), by=caller.credential.subject, at=caller.now)
    return Decided(before, after, kind.actions[1], lambda file: _shown(kind, file, id_))


def _shown(kind: Kind, file: CounterpartyFile, id_: UUID) -> str:
    return to_json(kind.wire(next(one for one in parts_of(file, kind.of) if id_of(one) == id_)))
