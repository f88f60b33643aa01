"""A client's promise that two requests are one: its Idempotency-Key, and what makes the requests the same."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import ClassVar

from paydraft.model.errors import PaydraftError
from paydraft.model.evidence import Frozen
from paydraft.model.job import JobKey

KEPT = timedelta(hours=24)  # after this the same key is a new request


class IdempotencyClaim(Frozen):
    """The record written with a job: who comes second with the same key reads it instead of making another job."""

    key_hash: str  # of operation and key: one key may serve two operations
    fingerprint: str  # of what was asked for
    expires_at: datetime


class AlreadyAcceptedError(PaydraftError):
    """The same request with the same key was accepted before: answer as then, from the job."""

    code: ClassVar[str] = "already_accepted"
    text: ClassVar[str] = "This request was accepted before."

    def __init__(self, job_key: JobKey) -> None:
        """`job_key` is the job that was made then."""
        super().__init__()
        self.job_key = job_key


def key_hash_of(operation: str, key: str) -> str:
    """What a client's key is stored under; `operation` keeps the keys of two kinds of requests apart."""
    return _digest([operation, key])


def fingerprint_of(parts: dict[str, str | None]) -> str:
    """The parts of a request that decide what it asks for; anything else may differ between two tries."""
    return _digest(sorted((name, value) for name, value in parts.items() if value is not None))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
