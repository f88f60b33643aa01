"""An upload: a job's document as a file, a draft until its transfer was finalised. And what it is sent and got by."""

from datetime import datetime, timedelta
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.ids import created_at
from paydraft.model.job import Job

TICKET_LIFE = timedelta(minutes=10)  # well within DOCUMENT_GRACE: what was begun in time has time to arrive
LINK_LIFE = timedelta(minutes=5)
DOCUMENT_TYPES = ("invoice",)  # of the many that Corebanq can be configured to keep


class Upload(Frozen):
    """The document of a job. It is a draft until `attached_at`."""

    job: Job
    attached_at: datetime | None = None

    @property
    def upload_id(self) -> UUID:
        """Its own id."""
        return self.job.upload_id

    @property
    def created_at(self) -> datetime:
        """The moment inside the id."""
        return created_at(self.upload_id)


class Form(Frozen):
    """Where a browser or an app posts a file to (multipart/form-data): these fields first, `file` last."""

    url: str
    fields: dict[str, str]
