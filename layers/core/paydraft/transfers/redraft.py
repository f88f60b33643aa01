"""What a reading of a document does to the draft that its job may have already."""

from dataclasses import dataclass
from datetime import datetime

from paydraft.model.audit import Action
from paydraft.model.transfer import (
    THE_SERVICE,
    DraftTransfer,
    Flag,
    FlagCode,
    FlagEvidence,
    NoDraft,
    Proof,
    TransferStatus,
)
from paydraft.transfers.flags import flag

# What a person decides on; a reading that differs in one of these is another reading.
DECIDING = ("amount", "creditor", "counterparty_id", "account_id", "remittance")


@dataclass(frozen=True, slots=True)
class Step:
    """The next version of a transfer, and what to call the change."""

    after: DraftTransfer
    action: Action


def first_or_next(standing: DraftTransfer | None, proposal: DraftTransfer) -> Step | None:
    """The draft that `proposal` becomes; None where what stands stays.

    A later attempt takes the place of an untouched draft, and revives one that was closed with its job. What a person
    has touched stays; where the reading differs from it, it is flagged once for each attempt.
    """
    if standing is None:
        return Step(proposal, Action.DRAFTED)
    if standing.attempt >= proposal.attempt:
        return None
    if standing.is_untouched or standing.was_closed:
        kept = {"created_at": standing.created_at, "version": standing.version + 1}
        return Step(proposal.model_copy(update=kept), Action.REDRAFTED)
    differing = [name for name in DECIDING if getattr(standing, name) != getattr(proposal, name)]
    return _compared(standing, differing[0], proposal.attempt, proposal.updated_at) if differing else None


def none_any_more(standing: DraftTransfer | None, reason: NoDraft, *, attempt: int, at: datetime) -> Step | None:
    """What becomes of a draft whose document, read again in a later attempt, asks for none."""
    if standing is None or standing.attempt >= attempt:
        return None
    return closed(standing, reason, at=at) if standing.is_untouched else _compared(standing, reason, attempt, at)


def closed(standing: DraftTransfer, note: str, *, at: datetime) -> Step:
    """The draft, given up by the service."""
    changes = {
        "status": TransferStatus.CANCELLED,
        "cancelled_by": THE_SERVICE,
        "note": note,
        "version": standing.version + 1,
        "updated_at": at,
    }
    return Step(standing.model_copy(update=changes), Action.CLOSED)


def _compared(standing: DraftTransfer, difference: str, attempt: int, at: datetime) -> Step | None:
    earlier = next((one for one in standing.flags if one.code is FlagCode.REPROCESSED_DIFFERS), None)
    if standing.status is TransferStatus.CANCELLED or (earlier and _is_of(earlier, attempt)):
        return None
    proof = FlagEvidence(kind=Proof.FIGURE, name=difference, attempt=attempt)
    others = tuple(one for one in standing.flags if one is not earlier)
    changes = {
        "flags": (*others, flag(FlagCode.REPROCESSED_DIFFERS, None, (proof,))),
        "version": standing.version + 1,
        "updated_at": at,
    }
    return Step(standing.model_copy(update=changes), Action.COMPARED)


def _is_of(one: Flag, attempt: int) -> bool:
    return any(proof.attempt == attempt for proof in one.evidence)
