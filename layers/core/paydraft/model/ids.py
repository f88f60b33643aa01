"""Identities. Chance and time come in as arguments, so that the same input gives the same id."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

_EVENTS = UUID("6f0d2f0e-5f0b-5c7e-9f53-0f6d1c1f8a11")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS = (1 << 74) - 1
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def uuid7(at: datetime, randomness: int) -> UUID:
    """A UUIDv7 (RFC 9562) of a moment (to the millisecond) and at least 74 random bits: creation order is id order."""
    milliseconds = (at - EPOCH) // timedelta(milliseconds=1)  # exact: a float would lose one now and then
    bits = randomness & _RANDOM_BITS
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def to_millisecond(moment: datetime) -> datetime:
    """The moment cut to the millisecond, as ids and tables hold it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def uuid_of(text: str) -> UUID | None:
    """A UUID in its usual spelling, in either case; None for any other text, braces and bare digits included."""
    return UUID(text) if _UUID.fullmatch(text) else None


def created_at(job_id: UUID) -> datetime:
    """The moment inside a UUIDv7, in UTC, to the millisecond."""
    return EPOCH + timedelta(milliseconds=job_id.int >> 80)


def transfer_id_of(job_id: UUID) -> UUID:
    """The one draft transfer a job can have: the job's moment and 74 bits of SHA-256(job id)."""
    digest = hashlib.sha256(job_id.bytes).digest()
    return uuid7(created_at(job_id), int.from_bytes(digest[:10]))


def event_id_of(job_id: UUID, attempt: int, event_type: str) -> UUID:
    """The id of the event that says how an attempt ended; the same however often it is published."""
    return uuid5(_EVENTS, f"{job_id}/{attempt}/{event_type}")


def group_event_id_of(group_id: str, endings: int, event_type: str) -> UUID:
    """The id of the event that says that all of a group's jobs have ended, after so many endings."""
    return uuid5(_EVENTS, f"{group_id}/{endings}/{event_type}")


def execution_name(job_id: UUID, attempt: int) -> str:
    """The name of the one Step Functions execution of an attempt."""
    return f"{job_id}-{attempt}"
