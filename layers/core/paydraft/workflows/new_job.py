"""A job's row as every way of intake writes it first."""

from datetime import datetime

from paydraft.model.document import Lane
from paydraft.model.ids import to_millisecond, uuid7
from paydraft.model.job import CHECK_AFTER, Dialect, Job, Labels
from paydraft.model.status import Status

RANDOM_BYTES = 20  # 74 bits for each of two ids


def new_job(
    tenant_id: str,
    subject: str,
    dialect: Dialect,
    labels: Labels,
    *,
    lane: Lane,
    status: Status,
    invoice_id: int,
    now: datetime,
    randomness: bytes,
    waits_for_call: bool = False,
) -> Job:
    """The job, not written yet. Tenant and subject come from the credential.

    `randomness` is `RANDOM_BYTES` from a secure source. `waits_for_call`: nothing happens to it, and no time runs out,
    until somebody asks for it.
    """
    if len(randomness) < RANDOM_BYTES:
        raise ValueError(f"an intake takes {RANDOM_BYTES} random bytes")
    now, dice = to_millisecond(now), int.from_bytes(randomness)
    return Job(
        **dict(labels),
        tenant_id=tenant_id,
        job_id=uuid7(now, dice),
        upload_id=uuid7(now, dice >> 74),
        invoice_id=invoice_id,
        dialect=dialect,
        subject=subject,
        lane=lane,
        status=status,
        updated_at=now,
        opened_at=None if waits_for_call else now,
        next_check_at=None if waits_for_call else now + CHECK_AFTER,
    )
