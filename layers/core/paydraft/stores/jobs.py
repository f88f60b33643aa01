"""The rows of JobsTable: every change of a job is one conditional write, fenced by its attempt and status.

A job is in the sparse index `open_jobs` while it is open, and then until its event is out. The index only proposes:
whoever acts on it reads the job first, and the write decides.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from heapq import merge
from typing import Any
from uuid import UUID

from paydraft.model.document import DocumentInfo, StoredObject
from paydraft.model.errors import JobExistsError, JobNumberTakenError, StaleJobError
from paydraft.model.idempotency import IdempotencyClaim
from paydraft.model.job import CHECK_AFTER, LEASE, Job, JobKey
from paydraft.model.job_summary import Gist
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.stores.claims import claim_put, second_use
from paydraft.stores.items import item_of, plain, read_as
from paydraft.stores.job_items import key_of, puts_of, removals_of, row_key, summary_change
from paydraft.stores.table import ABSENT, Change, Check, ConditionFailedError, Put, Table, put_together

_INDEX = "open_jobs"
_SHARDS = 8
_IS_OPEN = "#attempt = :attempt AND #status IN (:created, :queued, :processing)"
_OPEN = {status.value: status for status in Status if not status.is_final}
_TO_RUN = " REMOVE #source, #lease_owner, #lease_until, #started_at"


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
            JobNumberTakenError: another job of the tenant has this number.
            JobExistsError: the job, short, invoice or upload id is taken.
        """
        claims = [self._claim(job, claim)] if claim else []
        try:
            put_together([*claims, *puts_of(self._jobs.name, job)])
        except ConditionFailedError as refused:
            if claim and refused.refused[0]:
                raise second_use(refused.standing[0], claim, job.tenant_id) from refused
            number_only = job.job_number is not None and sum(refused.refused) == 1 and refused.refused[-1]
            raise (JobNumberTakenError if number_only else JobExistsError)(f"job {job.job_id}") from refused

    def get(self, key: JobKey) -> Job | None:
        """The job as last written."""
        item = self._jobs.get(**row_key(key))
        return read_as(Job, item) if item else None

    def begin(self, key: JobKey, attempt: int, source: StoredObject, *, owner: str, now: datetime) -> Job:
        """Take the attempt's lease and fix the version it reads; the same owner may come back at any time.

        Raises:
            StaleJobError: the job is final, in another attempt, reads another version, or is leased to another owner.
        """
        until = now + LEASE
        return self._move(
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
            told={"status": Status.PROCESSING, "updated_at": now},
        )

    def record_document(
        self, key: JobKey, attempt: int, document: DocumentInfo, *, now: datetime, gist: Gist | None = None
    ) -> Job:
        """Keep the facts of the bytes, which job had these bytes first, and, with a gist, that the values are stored.

        Other bytes under a job that has its document are refused (StaleJobError).
        """
        job = self._move(
            key,
            "SET #document = :document, #updated_at = :now"
            + (", #extracted_attempt = :attempt, #document_type = :document_type" if gist else ""),
            "#attempt = :attempt AND #status = :processing"
            " AND (attribute_not_exists(#document) OR #document.#sha256 = :sha256)",
            attempt=attempt,
            document=document,
            sha256=document.sha256,
            now=now,
            document_type=gist.document_type if gist else None,
            told={"updated_at": now} | (dict(gist) if gist else {}),
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
        return self._move(
            key,
            "SET #status = :status, #completed_at = :now, #updated_at = :now, #event_pending = :yes,"
            " #open_shard = :shard, #next_check_at = :check_at, "
            + ", ".join(f"#{name} = :{name}" for name in present)
            + " REMOVE #lease_owner, #lease_until"
            + "".join(f", #{name}" for name in outcome.keys() - present.keys()),
            _IS_OPEN,
            attempt=attempt,
            status=ending.status,
            shard=key.open_shard,
            check_at=now + CHECK_AFTER,
            now=now,
            yes=True,
            told={
                "status": ending.status,
                "fault": ending.failure.fault if ending.failure else None,
                "completed_at": now,
                "updated_at": now,
            },
            **present,
        )

    def still_open(self, key: JobKey, attempt: int) -> Check:
        """That the attempt has not ended, as a condition on what another store writes."""
        values = {"attempt": attempt} | _OPEN
        return Check(self._jobs.name, tuple(row_key(key).items()), _IS_OPEN, tuple(values.items()))

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
        """Jobs that the index proposes, the longest due first: those due at that moment or earlier, or all."""
        due = " AND #next_check_at <= :due" if due_before else ""
        shards = (
            self._jobs.query(f"#open_shard = :shard{due}", index=_INDEX, shard=shard, due=due_before)
            for shard in range(_SHARDS)
        )
        for item in merge(*shards, key=lambda item: str(plain(item["next_check_at"]))):
            yield key_of(item)

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
        return self._run(job, f"attribute_exists(#open_shard) AND {_IS_OPEN}", now=now, attempts=1)

    def call_up(self, job: Job, *, now: datetime) -> Job:
        """Queue a job that was created and not asked for until now. Raises StaleJobError if it is not as `job` says."""
        return self._run(
            job, "#attempt = :attempt AND #status = :created AND attribute_not_exists(#opened_at)", now=now
        )

    def run_again(self, job: Job, *, now: datetime) -> Job:
        """Queue the next attempt of a job that has ended, and forget what the last one came to.

        Raises StaleJobError if it is open, cancelled or changed, or its event is not out yet (try again in a moment).
        """
        ended = "#attempt = :attempt AND #status IN (:completed, :failed) AND #event_pending = :no"
        return self._run(job, ended, now=now, attempts=1, reruns=1)

    def remove(self, job: Job) -> None:
        """Take the job and all that leads to it away. Raises StaleJobError if it is not as `job` says."""
        try:
            put_together(removals_of(self._jobs.name, job))
        except ConditionFailedError as refused:
            raise StaleJobError(f"job {job.job_id}") from refused

    def _run(self, job: Job, condition: str, *, now: datetime, attempts: int = 0, reruns: int = 0) -> Job:
        """The job in the queue, `attempts` further on; where a person asked for it, its time begins anew."""
        begins = "" if attempts > reruns else ", #opened_at = :now"
        forgotten = ", #completed_at, #match, #transfer_id, #flags, #no_draft, #failure" if reruns else ""
        seen, values = _fence(job)
        return self._move(
            job.key,
            "SET #attempt = :next, #reruns = :runs, #status = :queued, #requeues = :zero, #updated_at = :now,"
            f" #next_check_at = :check_at, #open_shard = :shard{begins}{_TO_RUN}{forgotten}",
            f"{condition} AND {seen}",
            attempt=job.attempt,
            next=job.attempt + attempts,
            runs=job.reruns + reruns,
            zero=0,
            now=now,
            check_at=now + CHECK_AFTER,
            shard=job.open_shard,
            completed=Status.COMPLETED,
            failed=Status.FAILED,
            no=False,
            told={"status": Status.QUEUED, "updated_at": now, "reruns": job.reruns + reruns}
            | ({"completed_at": None, "fault": None} if reruns else {}),
            **values,
        )

    def _update_as_seen(self, job: Job, change: str, **values: object) -> Job:
        seen, fences = _fence(job)
        condition = f"#attempt = :attempt AND attribute_exists(#open_shard) AND {seen}"
        return self._update(job.key, change, condition, attempt=job.attempt, **fences, **values)

    def _update(self, key: JobKey, change: str, condition: str, **values: Any) -> Job:
        """A change that lists need not know of."""
        try:
            return read_as(Job, self._jobs.update(row_key(key), change, condition=condition, **(_OPEN | values)))
        except ConditionFailedError as refused:
            raise StaleJobError(f"job {key.job_id}") from refused

    def _move(self, key: JobKey, change: str, condition: str, *, told: Mapping[str, object], **values: object) -> Job:
        """A change together with what lists are told of it (None takes a value away); the job as it is afterwards."""
        given = tuple((_OPEN | values).items())
        row = Change(self._jobs.name, tuple(row_key(key).items()), change, condition, given)
        try:
            put_together([row, summary_change(self._jobs.name, key, told)])
        except ConditionFailedError as refused:
            raise StaleJobError(f"job {key.job_id}") from refused
        job = self.get(key)
        if job is None:
            raise StaleJobError(f"job {key.job_id}")
        return job

    def _claim(self, job: Job, claim: IdempotencyClaim) -> Put:
        if self._transient_table is None:
            raise ValueError("a claim needs the transient table")
        return claim_put(self._transient_table, job.key, claim, now=job.updated_at)


def _fence(job: Job) -> tuple[str, dict[str, object]]:
    """The condition that a job is as seen, and its values: if one of these moved, a decision is about another job."""
    seen = {
        "status": job.status,
        "requeues": job.requeues,
        "lease_until": job.lease_until,
        "next_check_at": job.next_check_at,
    }
    condition = " AND ".join(_is_as_seen(name, value) for name, value in seen.items())
    return condition, {f"seen_{name}": value for name, value in seen.items()}


def _is_as_seen(name: str, value: object) -> str:
    return f"attribute_not_exists(#{name})" if value is None else f"#{name} = :seen_{name}"
