"""The life of a transfer in a person's hands: each step is a new version of it, or an error that says what to do.

Four eyes: who clears a flag, approves or rejects is a person who neither sent, edited nor submitted the transfer.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from paydraft.model.transfer import (
    Clearing,
    DraftTransfer,
    FlagCode,
    TransferStatus,
    Verification,
)
from paydraft.model.transfer_errors import (
    FlagNotFoundError,
    FlagsNotClearedError,
    SecondPersonNeededError,
    TransferIncompleteError,
    TransferStateError,
)

_SUBMITTED = (TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED, TransferStatus.EXPORTED)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `subject` is a credential's; two spellings of one name are one person."""

    subject: str
    is_person: bool

    def is_called(self, name: str | None) -> bool:
        """Whether the name is this one's."""
        return name is not None and _folded(name) == _folded(self.subject)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).strip().casefold())


def is_finalized(transfer: DraftTransfer) -> bool:
    """Whether approval was asked for already, so that asking again changes nothing."""
    return transfer.status in _SUBMITTED


def finalized(transfer: DraftTransfer, actor: Actor, verification: Verification, *, at: datetime) -> DraftTransfer:
    """The transfer, waiting for approval.

    Raises TransferStateError, TransferIncompleteError.
    """
    _require(transfer, TransferStatus.DRAFT)
    _require_complete(transfer)
    return _next(
        transfer,
        at,
        status=TransferStatus.PENDING_APPROVAL,
        submitted_by=actor.subject,
        submitted_at=at,
        verification=verification,
        note=None,
    )


def cleared(transfer: DraftTransfer, code: str, actor: Actor, note: str, *, at: datetime) -> DraftTransfer:
    """The transfer with one blocking flag looked into.

    Raises TransferStateError, SecondPersonNeededError, FlagNotFoundError.
    """
    _require(transfer, TransferStatus.PENDING_APPROVAL)
    _require_second_person(transfer, actor)
    if code not in blocking(transfer):
        raise FlagNotFoundError(details={"flags": [str(one) for one in blocking(transfer)]})
    clearing = Clearing(by=actor.subject, at=at, note=note)
    flags = (
        flag.model_copy(update={"cleared": clearing}) if flag.code == code and flag.blocks else flag
        for flag in transfer.flags
    )
    return _next(transfer, at, flags=tuple(flags))


def approved(transfer: DraftTransfer, actor: Actor, *, at: datetime) -> DraftTransfer:
    """The transfer, approved.

    Raises TransferStateError, SecondPersonNeededError, FlagsNotClearedError, TransferIncompleteError.
    """
    _require(transfer, TransferStatus.PENDING_APPROVAL)
    _require_second_person(transfer, actor)
    if open_flags := blocking(transfer):
        raise FlagsNotClearedError(open_flags)
    _require_complete(transfer)
    return _next(transfer, at, status=TransferStatus.APPROVED, approved_by=actor.subject, approved_at=at, note=None)


def rejected(transfer: DraftTransfer, actor: Actor, reason: str, *, at: datetime) -> DraftTransfer:
    """The transfer as a draft again; what was cleared is open again, because it may be edited now.

    An approved one too, until it leaves: what no bank takes must find its way back. Raises TransferStateError,
    SecondPersonNeededError.
    """
    _require(transfer, TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED)
    _require_second_person(transfer, actor)
    flags = tuple(flag.model_copy(update={"cleared": None}) for flag in transfer.flags)
    undone = {"approved_by": None, "approved_at": None}
    return _next(transfer, at, status=TransferStatus.DRAFT, flags=flags, note=reason, **undone)


def discarded(transfer: DraftTransfer, actor: Actor, *, at: datetime) -> DraftTransfer:
    """The draft, given up. Raises TransferStateError."""
    _require(transfer, TransferStatus.DRAFT)
    return _next(transfer, at, status=TransferStatus.CANCELLED, cancelled_by=actor.subject, note=None)


def exported(transfer: DraftTransfer, order_id: UUID, *, at: datetime) -> DraftTransfer:
    """The transfer, written into a payment order; it never leaves twice. Raises TransferStateError."""
    _require(transfer, TransferStatus.APPROVED)
    return _next(transfer, at, status=TransferStatus.EXPORTED, exported_at=at, order_id=order_id)


def edited(transfer: DraftTransfer, actor: Actor, changes: dict[str, Any], *, at: datetime) -> DraftTransfer:
    """The draft with these fields. Raises TransferStateError."""
    _require(transfer, TransferStatus.DRAFT)
    editors = tuple(dict.fromkeys((*transfer.editors, actor.subject)))
    return _next(transfer, at, **changes, edited_by=actor.subject, editors=editors)


def blocking(transfer: DraftTransfer) -> tuple[FlagCode, ...]:
    """The flags that stop approval as they stand."""
    return tuple(flag.code for flag in transfer.flags if flag.blocks)


def missing(transfer: DraftTransfer) -> tuple[str, ...]:
    """What a payment needs and this one lacks."""
    lacking = {"creditor.name": not (transfer.creditor.name or "").strip(), "creditor.iban": not transfer.creditor.iban}
    return tuple(name for name, is_lacking in lacking.items() if is_lacking)


def _require(transfer: DraftTransfer, *statuses: TransferStatus) -> None:
    if transfer.status not in statuses:
        raise TransferStateError(transfer)


def _require_complete(transfer: DraftTransfer) -> None:
    if lacking := missing(transfer):
        raise TransferIncompleteError(lacking)


def _require_second_person(transfer: DraftTransfer, actor: Actor) -> None:
    roles = {"uploader": (transfer.created_by,), "editor": transfer.editors, "submitter": (transfer.submitted_by,)}
    if not actor.is_person:
        raise SecondPersonNeededError("service")
    for role, names in roles.items():
        if any(actor.is_called(name) for name in names):
            raise SecondPersonNeededError(role)


def _next(transfer: DraftTransfer, at: datetime, **changes: Any) -> DraftTransfer:
    return transfer.model_copy(update={**changes, "version": transfer.version + 1, "updated_at": at})
