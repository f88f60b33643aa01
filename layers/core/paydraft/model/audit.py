"""What happened to a transfer: one item for every change, never changed itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.transfer import DraftTransfer, TransferStatus

_BOOKKEEPING = frozenset({"version", "updated_at"})


class Action(StrEnum):
    """What was done to a transfer."""

    DRAFTED = "drafted"
    REDRAFTED = "redrafted"  # a later reading of the document took the place of an untouched draft
    COMPARED = "compared"  # a later reading differs from a draft that a person had touched
    EDITED = "edited"
    FINALIZED = "finalized"
    FLAG_CLEARED = "flag_cleared"
    APPROVED = "approved"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    EXPORTED = "exported"
    CLOSED = "closed"  # its job came to nothing


class AuditEntry(Frozen):
    """Who did what, when; `before` and `after` hold exactly the fields that differ."""

    transfer_id: UUID
    version: int  # the one that this change made
    action: Action
    by: str
    at: datetime
    from_status: TransferStatus | None = None
    to_status: TransferStatus
    note: str | None = None
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(
        cls, before: DraftTransfer | None, after: DraftTransfer, action: Action, by: str, note: str | None = None
    ) -> Self:
        """What happened between two versions; the moment is the later one's."""
        old = before.model_dump(mode="json") if before else {}
        new = after.model_dump(mode="json")
        changed = [name for name, value in new.items() if name not in _BOOKKEEPING and old.get(name) != value]
        return cls(
            transfer_id=after.transfer_id,
            version=after.version,
            action=action,
            by=by,
            at=after.updated_at,
            from_status=before.status if before else None,
            to_status=after.status,
            note=note,
            before={name: old[name] for name in changed if old.get(name) is not None},
            after={name: new[name] for name in changed if new[name] is not None},
        )
