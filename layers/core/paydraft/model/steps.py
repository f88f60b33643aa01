"""What the state machine carries between functions: identities and small outcomes, nothing personal."""

from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from paydraft.model.counterparty import MatchOutcome
from paydraft.model.errors import Failure
from paydraft.model.evidence import Frozen
from paydraft.model.job import JobKey
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode, NoDraft


class Outcome(StrEnum):
    """How reading a document ended."""

    EXTRACTED = "extracted"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DraftOutcome(Frozen):
    """What CreateDraftTransfer did: a transfer's id and flags, or why there is none."""

    transfer_id: UUID | None = None
    no_draft: NoDraft | None = None
    flags: tuple[FlagCode, ...] = ()


class Ending(Frozen):
    """How an attempt ended."""

    status: Status  # a final one
    match: MatchOutcome | None = None
    draft: DraftOutcome | None = None
    failure: Failure | None = None

    @model_validator(mode="after")
    def _is_an_end(self) -> Self:
        if not self.status.is_final:
            raise ValueError(f"{self.status} ends nothing")
        return self


class CaughtError(BaseModel):
    """What a Catch of the state machine hands over."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    Error: str
    Cause: str = ""


class Step(BaseModel):
    """The state of JobCompletion, and the event of each of its functions.

    ExtractDocument starts it with the first five fields; `match` and `draft` are added by ResultPath, `error` by Catch.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    tenant_id: str
    job_id: UUID
    attempt: int
    outcome: Outcome
    failure: Failure | None = None
    match: MatchOutcome | None = None
    draft: DraftOutcome | None = None
    error: CaughtError | None = None

    @property
    def key(self) -> JobKey:
        """The job it is about."""
        return JobKey(tenant_id=self.tenant_id, job_id=self.job_id)

    def to_json(self) -> dict[str, Any]:
        """The event as JSON, absent parts left out."""
        return self.model_dump(mode="json", exclude_none=True)
