"""Claims on idempotency keys: written with the job that answers them, so that a key never has two jobs."""

from datetime import datetime
from uuid import UUID

from paydraft.model.errors import IdempotencyConflictError
from paydraft.model.idempotency import AlreadyAcceptedError, IdempotencyClaim
from paydraft.model.job import JobKey
from paydraft.stores.items import Item, item_of, plain
from paydraft.stores.table import Put, Table


def claim_put(table: str, key: JobKey, claim: IdempotencyClaim, *, now: datetime) -> Put:
    """The claim as a part of the job's transaction; refused while another one lives under the key."""
    kept = {
        "tenant_id": key.tenant_id,
        "sk": f"IDEM#{claim.key_hash}",
        "fingerprint": claim.fingerprint,
        "job_id": key.job_id,
        "expires_at": int(claim.expires_at.timestamp()),
    }
    # Expired items stay readable for days; time to live only tidies up.
    condition = "attribute_not_exists(#sk) OR #expires_at <= :now"
    return Put(table, item_of(kept), condition, (("now", int(now.timestamp())),))


def job_under(table: str, tenant_id: str, claim: IdempotencyClaim, *, now: datetime) -> JobKey | None:
    """The job of an earlier request like this with its key; raises IdempotencyConflictError if that was another one."""
    standing = Table(table).get(tenant_id=tenant_id, sk=f"IDEM#{claim.key_hash}")
    if standing is None or plain(standing["expires_at"]) <= now.timestamp():
        return None
    earlier = second_use(standing, claim, tenant_id)
    if not isinstance(earlier, AlreadyAcceptedError):
        raise earlier
    return earlier.job_key


def second_use(standing: Item | None, claim: IdempotencyClaim, tenant_id: str) -> Exception:
    """What to raise where `standing` has the key: the same request was accepted before, or another one was."""
    earlier = {name: plain(value) for name, value in (standing or {}).items()}
    if earlier.get("fingerprint") != claim.fingerprint:
        return IdempotencyConflictError()
    return AlreadyAcceptedError(JobKey(tenant_id=tenant_id, job_id=UUID(earlier["job_id"])))
