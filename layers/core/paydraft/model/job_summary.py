"""What lists of jobs sort, filter and search by: about 200 bytes a job, written together with the job's row."""

from datetime import datetime
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.ids import created_at
from paydraft.model.invoice import DocumentType, Invoice
from paydraft.model.job import Dialect, Job, Priority
from paydraft.model.money import Money
from paydraft.model.status import Fault, Status

MAX_LISTED = 10_000  # jobs of a tenant that a list by offset can hold; cursor lists have no end


class Gist(Frozen):
    """What an extraction adds to the lists."""

    document_type: DocumentType
    seller_name: str | None = None
    invoice_number: str | None = None
    total: Money | None = None

    @classmethod
    def of(cls, invoice: Invoice) -> "Gist":
        """The gist of an invoice as read."""
        return cls(
            document_type=invoice.document_type,
            seller_name=invoice.seller.name,
            invoice_number=invoice.number,
            total=invoice.total_money(),
        )


class JobSummary(Frozen):
    """One job as lists know it."""

    job_id: UUID
    status: Status
    fault: Fault | None = None
    dialect: Dialect | None = None
    job_number: str | None = None
    document_name: str | None = None
    declared_type: str | None = None
    template_id: str | None = None
    group_id: str | None = None
    priority: Priority = Priority.MEDIUM
    created_by: str | None = None
    reruns: int = 0
    updated_at: datetime  # of the last change of its status
    completed_at: datetime | None = None
    document_type: DocumentType | None = None
    seller_name: str | None = None
    invoice_number: str | None = None
    total: Money | None = None

    @classmethod
    def of(cls, job: Job) -> "JobSummary":
        """The summary of a job that nothing is read of yet."""
        shared = cls.model_fields.keys() & Job.model_fields.keys()
        return cls(**{name: getattr(job, name) for name in shared})

    @property
    def created_at(self) -> datetime:
        """The moment inside the job id."""
        return created_at(self.job_id)
