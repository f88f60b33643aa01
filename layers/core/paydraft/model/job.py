"""A job: one document on its way to a draft transfer."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from paydraft.model.counterparty import MatchOutcome
from paydraft.model.document import DocumentInfo, Lane, StoredObject
from paydraft.model.errors import Failure
from paydraft.model.evidence import Frozen
from paydraft.model.ids import created_at
from paydraft.model.invoice import DocumentType
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


class Priority(StrEnum):
    """How soon a client wants its document read."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def lane(self) -> Lane:
        """The queue of documents of this priority."""
        return Lane.EXPRESS if self in (Priority.HIGH, Priority.URGENT) else Lane.STANDARD


class JobKey(Frozen):
    """A job's identity; `tenant_id` comes from the credential, never from a request."""

    tenant_id: str
    job_id: UUID

    @property
    def open_shard(self) -> int:
        """Which of the eight partitions of the index of open jobs holds this job."""
        return self.job_id.int % 8


class Labels(Frozen):
    """What a client may say of a job beside its document. Stored and echoed; none of it decides access."""

    customer_id: str | None = None
    entity_id: str | None = None
    document_name: str | None = None
    declared_type: str | None = None  # the file type as the client names it; the bytes decide
    asked_type: DocumentType | None = None  # what the client says it is; None: told from the document
    source_url: str | None = None  # where the document is to be fetched; may hold secrets: never logged or published
    job_number: str | None = None  # unique in the tenant
    template_id: str | None = None
    group_id: str | None = None
    priority: Priority = Priority.MEDIUM
    created_by: str | None = None
    metadata: str | None = None  # JSON text


class Job(Labels):
    """The row of JobsTable. Fields and pages of the document lie under `results/` (model/document.py)."""

    tenant_id: str
    job_id: UUID
    upload_id: UUID
    invoice_id: int  # per tenant, from 1, without reuse
    dialect: Dialect
    subject: str  # the person or service that sent the document
    lane: Lane = Lane.STANDARD
    status: Status
    attempt: int = 1
    reruns: int = 0  # attempts that a person asked for after the job had ended
    opened_at: datetime | None = None  # since when this run is due; None: nobody has asked for it yet
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    original: StoredObject | None = None  # the first document that arrived; never replaced
    document: DocumentInfo | None = None
    document_type: DocumentType | None = None  # as read
    extracted_attempt: int | None = None  # the latest attempt whose values are stored
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
    def short_id(self) -> str:
        """The first 24 hex digits of the id, by which one dialect calls the job; unique in the tenant."""
        return self.job_id.hex[:24]

    @property
    def is_in_line(self) -> bool:
        """Whether somebody has asked for it, and it waits until its group has a place; its time does not run."""
        return self.status is Status.QUEUED and self.opened_at is None

    @property
    def is_called(self) -> bool:
        """Whether somebody has asked for this run of it."""
        return self.opened_at is not None or self.is_in_line

    @property
    def is_extracted(self) -> bool:
        """Whether the values of the present attempt are stored, though the job may still be running."""
        return self.extracted_attempt == self.attempt

    @property
    def open_shard(self) -> int:
        """Which of the eight partitions of the index of open jobs holds this job."""
        return self.key.open_shard
