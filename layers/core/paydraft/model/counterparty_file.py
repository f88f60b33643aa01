"""All that is on file about one counterparty, and how its parts depend on one another. Pure.

A change makes the next file from the one before; what follows from other parts is settled here and nowhere else.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from paydraft.model.counterparty import Account, Contact, ContactType, Counterparty, FiledAddress, Held
from paydraft.model.evidence import Frozen
from paydraft.model.invoice import Address

_BOOKKEEPING = frozenset({"version", "modified_at", "modified_by", "counterparty_id", "created_at", "created_by"})
_COPIES = frozenset({"email", "address"})  # of a contact and an address, which are told themselves


class CounterpartyFile(Frozen):
    """A counterparty with its accounts, contacts and addresses, inactive ones too."""

    counterparty: Counterparty
    accounts: tuple[Account, ...] = ()
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[FiledAddress, ...] = ()

    @property
    def counterparty_id(self) -> UUID:
        """Whose file it is."""
        return self.counterparty.counterparty_id

    def settled(self) -> Self:
        """The file with the copies that the counterparty carries as they follow from contacts and addresses."""
        changes: dict[str, Any] = {}
        mails = [one for one in self.contacts if one.type is ContactType.EMAIL]
        if mails:
            mail = _first([one for one in mails if one.active], "preferred")
            changes["email"] = mail.value if mail else None
        if self.addresses:
            changes["address"] = self.billing_address
        return self.model_copy(update={"counterparty": self.counterparty.model_copy(update=changes)})

    @property
    def billing_address(self) -> Address | None:
        """The active address that is preferred for billing, else the first active one."""
        found = _first([one for one in self.addresses if one.active], "preferred_billing")
        return found.address if found else None

    def changed(self, *, by: str, at: datetime, **parts: Any) -> Self:
        """The next version, with these parts in the place of the present ones."""
        after = self.model_copy(update=parts).settled()
        stamp = {"version": self.counterparty.version + 1, "modified_at": at, "modified_by": by}
        return after.model_copy(update={"counterparty": after.counterparty.model_copy(update=stamp)})


class FileAction(StrEnum):
    """What was done to a counterparty's file."""

    CREATED = "created"
    IMPORTED = "imported"
    UPDATED = "updated"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    ACCOUNT_ADDED = "bank_account_added"
    ACCOUNT_UPDATED = "bank_account_updated"
    CONTACT_ADDED = "contact_added"
    CONTACT_UPDATED = "contact_updated"
    ADDRESS_ADDED = "address_added"
    ADDRESS_UPDATED = "address_updated"


class FileEntry(Frozen):
    """Who did what to a counterparty's file, when; `before` and `after` hold exactly the fields that differ."""

    counterparty_id: UUID
    version: int  # the one that this change made
    action: FileAction
    by: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(
        cls, before: CounterpartyFile | None, after: CounterpartyFile, action: FileAction, *, by: str, at: datetime
    ) -> Self:
        """What happened between two versions."""
        old, new = flattened(before) if before else {}, flattened(after)
        differing = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
        return cls(
            counterparty_id=after.counterparty_id,
            version=after.counterparty.version,
            action=action,
            by=by,
            at=at,
            before={name: old[name] for name in differing if name in old},
            after={name: new[name] for name in differing if name in new},
        )


def flattened(file: CounterpartyFile) -> dict[str, Any]:
    """Every value of a file by its name, those of its parts as "contacts.<id>.value"; what is absent is left out."""
    values = _values(file.counterparty, hidden=_BOOKKEEPING | _COPIES)
    for kind, parts in (("bank_accounts", file.accounts), ("contacts", file.contacts), ("addresses", file.addresses)):
        for part in parts:
            id_ = id_of(part)
            told = _values(part, hidden=_BOOKKEEPING | {"account_id", "contact_id", "address_id"})
            values |= {f"{kind}.{id_}.{name}": value for name, value in told.items()}
    return values


def id_of(part: Held) -> UUID:
    """The identity of an account, a contact or an address."""
    match part:
        case Account():
            return part.account_id
        case Contact():
            return part.contact_id
        case FiledAddress():
            return part.address_id
    raise TypeError(type(part).__name__)


def _values(value: Frozen, *, hidden: frozenset[str] | set[str]) -> dict[str, Any]:
    told = value.model_dump(mode="json", exclude_none=True, exclude=set(hidden))
    return {name: one for name, one in told.items() if one not in ([], {})}


def _first[Part: Held](parts: Sequence[Part], preference: str) -> Part | None:
    """The preferred one, else the one that was there first."""
    return min(parts, key=lambda one: (not getattr(one, preference), one.created_at), default=None)
