"""What happened to a transfer: one item for every change, never changed itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.transfer import TransferStatus

THE_SERVICE = "paydraft"  # who acts when no person or credential does


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
