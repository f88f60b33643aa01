"""The request to fetch a job's document from the address that its sender gave."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from paydraft.model.document import TENANT_ID
from paydraft.model.evidence import Frozen
from paydraft.model.job import JobKey


class FetchRequest(Frozen):
    """A message of FetchQueue. The address stays on the job's row: it may hold secrets, and messages are copied."""

    tenant_id: Annotated[str, Field(pattern=f"^{TENANT_ID}$")]
    job_id: UUID
    attempt: Annotated[int, Field(ge=1)]

    @property
    def key(self) -> JobKey:
        """The job it is about."""
        return JobKey(tenant_id=self.tenant_id, job_id=self.job_id)
