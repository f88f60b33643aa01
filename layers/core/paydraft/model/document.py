"""Where a job's document lies in the bucket, and how keys are spelled."""

import re
from enum import StrEnum
from typing import Self
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.media import MediaType

TENANT_ID = "[a-z0-9-]{1,64}"  # the keys of another tenant's documents would not be ours, and start no work
_INCOMING = re.compile(rf"incoming/(express|standard)/({TENANT_ID})/([0-9a-f-]{{36}})/([1-9][0-9]{{0,3}})")


class Lane(StrEnum):
    """Which queue a document waits in."""

    EXPRESS = "express"
    STANDARD = "standard"


class IncomingKey(Frozen):
    """incoming/<lane>/<tenant>/<job>/<attempt>: the only keys whose events start work."""

    lane: Lane
    tenant_id: str
    job_id: UUID
    attempt: int

    def __str__(self) -> str:
        return f"incoming/{self.lane}/{self.tenant_id}/{self.job_id}/{self.attempt}"

    @classmethod
    def parse(cls, key: str) -> Self | None:
        """The parts of one of our keys; None for any other key."""
        match = _INCOMING.fullmatch(key)
        if match is None:
            return None
        lane, tenant_id, job_id, attempt = match.groups()
        try:
            return cls(lane=Lane(lane), tenant_id=tenant_id, job_id=UUID(job_id), attempt=int(attempt))
        except ValueError:
            return None


def results_prefix(tenant_id: str, job_id: UUID, attempt: int) -> str:
    """The folder of an attempt's results; it holds invoice.json and pages.json."""
    return f"results/{tenant_id}/{job_id}/{attempt}"


class StoredObject(Frozen):
    """One version of one object in the documents bucket."""

    key: str
    version_id: str


class DocumentInfo(Frozen):
    """Facts of the bytes, fixed when they were first read."""

    sha256: str
    size: int  # bytes
    media_type: MediaType
    pages: int
