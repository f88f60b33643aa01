"""A job: one document on its way to a draft transfer."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from paydraft.model.counterparty import MatchOutcome
from paydraft.model.document import DocumentInfo, Lane, StoredObject
from paydraft.model.errors import Failure
from paydraft.model.evidence import Frozen
from paydraft.model.ids import created_at
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode, NoDraft

MAX_ATTEMPTS = 3  # started by the reconciler; a person may ask for more
LEASE = timedelta(minutes=2)  # ExtractDocument ends after 90 s
DEADLINE = timedelta(minutes=30)  # every job has ended by then
DOCUMENT_GRACE = timedelta(minutes=15)  # a created job without a document fails after this
CHECK_AFTER = timedelta(
    minutes=1
)  # the reconciler's first look at a job nobody has taken up, or an event not published


class Dialect(StrEnum):
    """The API a job came in by."""

    COREBANQ_V1 = "corebanq_v1"
    COREBANQ_V2 = "corebanq_v2"
    REPZO = "repzo"
    MAKERSHUB = "makershub"
    MONITE = "monite"


class JobKey(Frozen):
    """A job's identity; `tenant_id` comes from the credential, never from a request."""

    tenant_id: str
    job_id: UUID


class Job(Frozen):
    """The row of JobsTable. Fields and pages of the document lie under `results/` (model/document.py)."""

    tenant_id: str
    job_id: UUID
    upload_id: UUID
    invoice_id: int  # per tenant, from 1, without reuse
    dialect: Dialect
    subject: str  # the person or service that sent the document
    lane: Lane = Lane.STANDARD
    customer_id: str | None = None  # a stored, echoed label
    status: Status
    attempt: int = 1
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    original: StoredObject | None = None  # the first document that arrived; never replaced
    document: DocumentInfo | None = None
    source: StoredObject | None = None  # what the present attempt reads
    lease_owner: str | None = None
    lease_until: datetime | None = None
    next_check_at: datetime | None = None  # with open_shard: in the index of open jobs
    requeues: int = 0  # after a reader died, by the reconciler, in this attempt
    match: MatchOutcome | None = None
    transfer_id: UUID | None = None
    flags: tuple[FlagCode, ...] = ()
    no_draft: NoDraft | None = None
    failure: Failure | None = None
    event_pending: bool = False  # final, and its event may not have been published yet

    @property
    def key(self) -> JobKey:
        """The identity alone."""
        return JobKey(tenant_id=self.tenant_id, job_id=self.job_id)

    @property
    def created_at(self) -> datetime:
        """The moment inside the job id."""
        return created_at(self.job_id)

    @property
    def open_shard(self) -> int:
        """Which of the eight partitions of the index of open jobs holds this job."""
        return self.job_id.int % 8
