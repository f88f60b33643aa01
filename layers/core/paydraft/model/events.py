"""The event that ends a job: CloudEvents 1.0 on SNS. No names, no IBANs, no amounts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from paydraft.model.counterparty import MatchKind
from paydraft.model.evidence import Frozen
from paydraft.model.ids import event_id_of
from paydraft.model.job import Dialect, Job
from paydraft.model.status import Fault, Status
from paydraft.model.transfer import FlagCode, NoDraft

JOB_COMPLETED = "paydraft.job.completed.v1"
JOB_FAILED = "paydraft.job.failed.v1"


class JobEnded(Frozen):
    """The `data` of both event types."""

    job_id: UUID
    tenant_id: str
    attempt: int
    invoice_id: int
    upload_id: UUID
    status: Status
    dialect: Dialect
    match: MatchKind | None = None
    counterparty_id: UUID | None = None
    transfer_id: UUID | None = None
    flags: tuple[FlagCode, ...] = ()
    no_draft: NoDraft | None = None
    failure_code: str | None = None
    fault: Fault | None = None


class JobEvent(Frozen):
    """The CloudEvents envelope; `id` is the same however often the event is delivered."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: Literal["paydraft.job.completed.v1", "paydraft.job.failed.v1"]
    source: str  # /paydraft/<stage>
    subject: str  # the job id
    time: datetime  # when the job ended
    datacontenttype: Literal["application/json"] = "application/json"
    data: JobEnded

    @classmethod
    def of(cls, job: Job, stage: str) -> "JobEvent":
        """The event of a job that has ended."""
        kind = JOB_COMPLETED if job.status is Status.COMPLETED else JOB_FAILED
        return cls(
            id=event_id_of(job.job_id, job.attempt, kind),
            type=kind,
            source=f"/paydraft/{stage}",
            subject=str(job.job_id),
            time=job.completed_at or job.updated_at,
            data=_data_of(job),
        )

    def attributes(self, stage: str) -> dict[str, str]:
        """The SNS message attributes that subscriptions can filter by."""
        return {
            "type": self.type,
            "tenant_id": self.data.tenant_id,
            "status": self.data.status,
            "match": self.data.match or "none",
            "dialect": self.data.dialect,
            "env": stage,
        }


def _data_of(job: Job) -> JobEnded:
    return JobEnded(
        job_id=job.job_id,
        tenant_id=job.tenant_id,
        attempt=job.attempt,
        invoice_id=job.invoice_id,
        upload_id=job.upload_id,
        status=job.status,
        dialect=job.dialect,
        match=job.match.kind if job.match else None,
        counterparty_id=job.match.counterparty_id if job.match else None,
        transfer_id=job.transfer_id,
        flags=job.flags,
        no_draft=job.no_draft,
        failure_code=job.failure.code if job.failure else None,
        fault=job.failure.fault if job.failure else None,
    )
