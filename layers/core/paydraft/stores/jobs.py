"""The rows of JobsTable: every change of a job is one conditional write, fenced by its attempt and status.

A job is in the sparse index `open_jobs` while it is open, and then until its event is out. The index only proposes:
whoever acts on it reads the job first, and the write decides.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from heapq import merge
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator

from paydraft.model.counterparty import MatchOutcome
from paydraft.model.document import DocumentInfo, StoredObject
from paydraft.model.errors import Failure, IdempotencyConflictError, JobExistsError, StaleJobError
from paydraft.model.evidence import Frozen
from paydraft.model.idempotency import AlreadyAcceptedError, IdempotencyClaim
from paydraft.model.job import CHECK_AFTER, LEASE, Job, JobKey
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome
from paydraft.stores.items import Item, item_of, plain, read_as
from paydraft.stores.table import ABSENT, Change, Check, ConditionFailedError, Put, Table, put_together

_INDEX = "open_jobs"
_SHARDS = 8
_IS_OPEN = "#attempt = :attempt AND #status IN (:created, :queued, :processing)"
_OPEN = {status.value: status for status in Status if not status.is_final}


class Ending(Frozen):
    """How an attempt ended."""

    status: Status  # a final one
    match: MatchOutcome | None = None
    draft: DraftOutcome | None = None
    failure: Failure | None = None

    @model_validator(mode="after")
    def _is_an_end(self) -> Self:
        if not self.status.is_final:
            raise ValueError(f"{self.status} ends nothing")
        return self


class JobStore:
    """Jobs by tenant and id. Moments are handed in; StaleJobError means that the job has moved on without us."""

    def __init__(self, table: str, transient_table: str | None = None) -> None:
        """`transient_table` is needed only by `put_new` with a claim."""
        self._jobs = Table(table)
        self._transient_table = transient_table

    def next_invoice_id(self, tenant_id: str) -> int:
        """The tenant's next number, from 1. A number that is drawn and not used leaves a gap; none is reused."""
        return self._jobs.add_one({"tenant_id": tenant_id, "sk": "CTR#invoice"}, "n")

    def put_new(self, job: Job, *, claim: IdempotencyClaim | None = None) -> None:
        """Write the job, its look-ups by invoice and upload id, and the claim on its key: all or none.

        Raises:
            AlreadyAcceptedError: a live claim with this key and fingerprint stands; its job is named.
            IdempotencyConflictError: a live claim with this key and another fingerprint stands.
            JobExistsError: the job, invoice or upload id is taken.
        """
        puts = [self._claim_put(job, claim)] if claim else []
        try:
            put_together(puts + self._job_puts(job))
        except ConditionFailedError as refused:
            if claim and refused.refused[0]:
                raise _second_use(refused.standing[0], claim, job.tenant_id) from refused
            raise JobExistsError(f"job {job.job_id}, invoice {job.invoice_id}") from refused

    def get(self, key: JobKey) -> Job | None:
        """The job as last written."""
        item = self._jobs.get(**_row_key(key))
        return read_as(Job, item) if item else None

    def begin(self, key: JobKey, attempt: int, source: StoredObject, *, owner: str, now: datetime) -> Job:
        """Take the attempt's lease and fix the version it reads; the same owner may come back at any time.

        Raises:
            StaleJobError: the job is final, in another attempt, reads another version, or is leased to another owner.
        """
        until = now + LEASE
        return self._update(
            key,
            "SET #status = :processing, #source = :source, #original = if_not_exists(#original, :source),"
            " #lease_owner = :owner, #lease_until = :until, #next_check_at = :until,"
            " #started_at = if_not_exists(#started_at, :now), #updated_at = :now",
            f"{_IS_OPEN}"
            " AND (attribute_not_exists(#source) OR (#source.#key = :source_key AND #source.#version_id = :version_id))"
            " AND (attribute_not_exists(#lease_owner) OR #lease_owner = :owner OR #lease_until <= :now)",
            attempt=attempt,
            source=source,
            source_key=source.key,
            version_id=source.version_id,
            owner=owner,
            until=until,
            now=now,
        )

    def record_document(self, key: JobKey, attempt: int, document: DocumentInfo, *, now: datetime) -> Job:
        """Keep the facts of the bytes, and which job had these bytes first.

        Other bytes under a job that has its document are refused (StaleJobError).
        """
        job = self._update(
            key,
            "SET #document = :document, #updated_at = :now",
            "#attempt = :attempt AND #status = :processing"
            " AND (attribute_not_exists(#document) OR #document.#sha256 = :sha256)",
            attempt=attempt,
            document=document,
            sha256=document.sha256,
            now=now,
        )
        first = {"tenant_id": key.tenant_id, "sk": f"SHA#{document.sha256}", "job_id": key.job_id}
        with suppress(ConditionFailedError):  # another job had them first
            self._jobs.put(item_of(first), condition=ABSENT)
        return job

    def first_with(self, tenant_id: str, sha256: str) -> JobKey | None:
        """The tenant's first job whose document has these bytes; it may have failed since, or be gone."""
        item = self._jobs.get(tenant_id=tenant_id, sk=f"SHA#{sha256}")
        return JobKey(tenant_id=tenant_id, job_id=UUID(plain(item["job_id"]))) if item else None

    def finish(self, key: JobKey, attempt: int, ending: Ending, *, now: datetime) -> Job:
        """End the attempt and note that its event is due. Raises StaleJobError unless the attempt was open."""
        draft = ending.draft or DraftOutcome()
        outcome = {
            "match": ending.match,
            "transfer_id": draft.transfer_id,
            "flags": draft.flags,
            "no_draft": draft.no_draft,
            "failure": ending.failure,
        }
        present = {name: value for name, value in outcome.items() if value is not None}
        return self._update(
            key,
            "SET #status = :status, #completed_at = :now, #updated_at = :now, #event_pending = :yes,"
            " #next_check_at = :check_at, "
            + ", ".join(f"#{name} = :{name}" for name in present)
            + " REMOVE #lease_owner, #lease_until"
            + "".join(f", #{name}" for name in outcome.keys() - present.keys()),
            _IS_OPEN,
            attempt=attempt,
            status=ending.status,
            check_at=now + CHECK_AFTER,
            now=now,
            yes=True,
            **present,
        )

    def still_open(self, key: JobKey, attempt: int) -> Check:
        """That the attempt has not ended, as a condition on what another store writes."""
        values = {"attempt": attempt} | _OPEN
        return Check(self._jobs.name, tuple(_row_key(key).items()), _IS_OPEN, tuple(values.items()))

    def attach_upload(self, tenant_id: str, upload_id: UUID, *, at: datetime) -> Change | None:
        """That the document now belongs to a payment, as a part of that payment's write; None if it is not there."""
        key = {"tenant_id": tenant_id, "sk": f"UPL#{upload_id}"}
        if self._jobs.get(**key) is None:
            return None
        change = "SET #attached_at = if_not_exists(#attached_at, :at)"
        return Change(self._jobs.name, tuple(key.items()), change, "attribute_exists(#sk)", (("at", at),))

    def event_published(self, key: JobKey, attempt: int) -> None:
        """The attempt's event is out: the job leaves the index. Repeating it, or coming late, changes nothing."""
        try:
            self._update(
                key,
                "SET #event_pending = :no REMOVE #open_shard, #next_check_at",
                "#attempt = :attempt AND #event_pending = :yes",
                attempt=attempt,
                no=False,
                yes=True,
            )
        except StaleJobError:
            return

    def open_jobs(self, *, due_before: datetime | None) -> Iterator[JobKey]:
        """Jobs that the index proposes, the longest due first: those due at that moment or earlier, or all.

        Read each before acting.
        """
        due = " AND #next_check_at <= :due" if due_before else ""
        shards = (
            self._jobs.query(f"#open_shard = :shard{due}", index=_INDEX, shard=shard, due=due_before)
            for shard in range(_SHARDS)
        )
        for item in merge(*shards, key=lambda item: str(plain(item["next_check_at"]))):
            yield _key_of(item)

    def check_again(self, job: Job, *, at: datetime, requeued: bool = False) -> None:
        """Look at this job next at that moment; `requeued` counts one more announcement of its document.

        Called before the announcement, it lets one of two reconcilers through. Raises StaleJobError if the job is not
        as `job` says.
        """
        count = ", #requeues = #requeues + :one" if requeued else ""
        self._update_as_seen(job, f"SET #next_check_at = :at{count}", at=at, one=1)

    def next_attempt(self, job: Job, *, now: datetime) -> Job:
        """Queue the job's next attempt; whatever the present one still sends is stale from now on.

        Raises StaleJobError if the job is final, or not as `job` says.
        """
        return self._update_as_seen(
            job,
            "SET #attempt = :next, #status = :queued, #requeues = :zero, #updated_at = :now, #next_check_at = :check_at"
            " REMOVE #source, #lease_owner, #lease_until, #started_at",
            f" AND {_IS_OPEN}",
            next=job.attempt + 1,
            zero=0,
            now=now,
            check_at=now + CHECK_AFTER,
        )

    def _update_as_seen(self, job: Job, change: str, condition: str = "", **values: object) -> Job:
        # What the reconciler decides by: if one of these moved, its decision is about another job.
        seen = {
            "status": job.status,
            "requeues": job.requeues,
            "lease_until": job.lease_until,
            "next_check_at": job.next_check_at,
        }
        fence = " AND ".join(_is_as_seen(name, value) for name, value in seen.items())
        return self._update(
            job.key,
            change,
            f"#attempt = :attempt AND attribute_exists(#open_shard) AND {fence}{condition}",
            attempt=job.attempt,
            **{f"seen_{name}": value for name, value in seen.items()},
            **values,
        )

    def _update(self, key: JobKey, change: str, condition: str, **values: Any) -> Job:
        try:
            return read_as(Job, self._jobs.update(_row_key(key), change, condition=condition, **(_OPEN | values)))
        except ConditionFailedError as refused:
            raise StaleJobError(f"job {key.job_id}") from refused

    def _job_puts(self, job: Job) -> list[Put]:
        look_up = {"tenant_id": job.tenant_id, "job_id": job.job_id}
        items = (
            _row(job),
            item_of(look_up | {"sk": f"INV#{job.invoice_id:012}"}),
            item_of(look_up | {"sk": f"UPL#{job.upload_id}"}),
        )
        return [Put(self._jobs.name, item) for item in items]

    def _claim_put(self, job: Job, claim: IdempotencyClaim) -> Put:
        if self._transient_table is None:
            raise ValueError("a claim needs the transient table")
        return Put(
            self._transient_table,
            item_of(
                {
                    "tenant_id": job.tenant_id,
                    "sk": f"IDEM#{claim.key_hash}",
                    "fingerprint": claim.fingerprint,
                    "job_id": job.job_id,
                    "expires_at": int(claim.expires_at.timestamp()),
                }
            ),
            # Expired items stay readable for days; time to live only tidies up.
            "attribute_not_exists(#sk) OR #expires_at <= :now",
            (("now", int(job.updated_at.timestamp())),),
        )


def _is_as_seen(name: str, value: object) -> str:
    return f"attribute_not_exists(#{name})" if value is None else f"#{name} = :seen_{name}"


def _row_key(key: JobKey) -> dict[str, str]:
    return {"tenant_id": key.tenant_id, "sk": f"JOB#{key.job_id}"}


def _key_of(item: Item) -> JobKey:
    return JobKey(tenant_id=plain(item["tenant_id"]), job_id=UUID(plain(item["sk"]).removeprefix("JOB#")))


def _row(job: Job) -> Item:
    item = item_of(_row_key(job.key)) | item_of(job)
    if job.status.is_final and not job.event_pending:
        item.pop("next_check_at", None)
        return item
    check_at = job.next_check_at or job.updated_at + CHECK_AFTER
    return item | item_of({"open_shard": job.open_shard, "next_check_at": check_at})


def _second_use(standing: Item | None, claim: IdempotencyClaim, tenant_id: str) -> Exception:
    earlier = {name: plain(value) for name, value in (standing or {}).items()}
    if earlier.get("fingerprint") != claim.fingerprint:
        return IdempotencyConflictError()
    return AlreadyAcceptedError(JobKey(tenant_id=tenant_id, job_id=UUID(earlier["job_id"])))
