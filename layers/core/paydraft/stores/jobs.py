"""The rows of JobsTable: every change of a job is one conditional write, fenced by its attempt and status.

A job is in the sparse index `open_jobs` while it is open, and then until its event is out. The index only proposes:
whoever acts on it reads the job first, and the write decides.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from heapq import merge
from uuid import UUID

from paydraft.model.document import DocumentInfo, StoredObject
from paydraft.model.errors import JobExistsError, JobNumberTakenError, StaleJobError, TransientError
from paydraft.model.group_errors import GroupNotFoundError
from paydraft.model.idempotency import IdempotencyClaim
from paydraft.model.job import CHECK_AFTER, LEASE, Job, JobKey
from paydraft.model.job_summary import Gist
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.stores.claims import claim_put, second_use
from paydraft.stores.group_items import ended, group_of, joining, removed
from paydraft.stores.items import item_of, plain
from paydraft.stores.job_calls import JobCalls
from paydraft.stores.job_items import key_of, puts_of, removals_of, row_key
from paydraft.stores.job_rows import IS_OPEN, OPEN, TRIES, in_group
from paydraft.stores.table import ABSENT, Change, Check, ConditionFailedError, Put, put_together

_INDEX = "open_jobs"
_SHARDS = 8


class JobStore(JobCalls):
    """Jobs by tenant and id. Moments are handed in; StaleJobError means that the job has moved on without us."""

    def __init__(self, table: str, transient_table: str | None = None) -> None:
        """`transient_table` is needed only by `put_new` with a claim."""
        super().__init__(table)
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
            GroupNotFoundError: the tenant has no such group.
            JobExistsError: the job, short, invoice or upload id is taken.
        """
        claims = [self._claim(job, claim)] if claim else []
        joins = joining(self._jobs, job)
        try:
            put_together([*claims, *joins, *puts_of(self._jobs.name, job)])
        except ConditionFailedError as refused:
            if claim and refused.refused[0]:
                raise second_use(refused.standing[0], claim, job.tenant_id) from refused
            if joins and refused.refused[len(claims)]:
                raise GroupNotFoundError from refused
            number_only = job.job_number is not None and sum(refused.refused) == 1 and refused.refused[-1]
            raise (JobNumberTakenError if number_only else JobExistsError)(f"job {job.job_id}") from refused

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
            f"{IS_OPEN}"
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
        self.note_bytes(key, document.sha256)
        return job

    def note_bytes(self, key: JobKey, sha256: str) -> None:
        """That the job's document has these bytes, unless another job had them first."""
        first = {"tenant_id": key.tenant_id, "sk": f"SHA#{sha256}", "job_id": key.job_id}
        with suppress(ConditionFailedError):
            self._jobs.put(item_of(first), condition=ABSENT)

    def first_with(self, tenant_id: str, sha256: str) -> JobKey | None:
        """The tenant's first job whose document has these bytes; it may have failed, or be gone."""
        item = self._jobs.get(tenant_id=tenant_id, sk=f"SHA#{sha256}")
        return JobKey(tenant_id=tenant_id, job_id=UUID(plain(item["job_id"]))) if item else None

    def finish(self, key: JobKey, attempt: int, ending: Ending, *, now: datetime) -> Job:
        """End the attempt, give its place in its group back, and note that its event is due.

        Raises StaleJobError unless the attempt was open.
        """
        return self._agreed(key, lambda job: self._finish(job, attempt, ending, now=now))

    def still_open(self, key: JobKey, attempt: int) -> Check:
        """That the attempt has not ended, as a condition on what another store writes."""
        values = {"attempt": attempt} | OPEN
        return Check(self._jobs.name, tuple(row_key(key).items()), IS_OPEN, tuple(values.items()))

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

    def remove(self, job: Job) -> None:
        """Take the job and all that leads to it away. Raises StaleJobError if it is not as `job` says."""
        for _ in range(TRIES):
            group = group_of(self._jobs, job)
            try:
                return put_together([*removals_of(self._jobs.name, job), *removed(self._jobs, group, job)])
            except ConditionFailedError as refused:
                if not (group and refused.refused[-1]) or refused.refused[0]:
                    raise StaleJobError(f"job {job.job_id}") from refused
        raise TransientError("a job's group kept changing")

    def _finish(self, job: Job, attempt: int, ending: Ending, *, now: datetime) -> Job:
        outcome = _outcome_of(ending)
        present = {name: value for name, value in outcome.items() if value is not None}
        after = job.model_copy(update={"status": ending.status, "completed_at": now})
        return self._move(
            job.key,
            "SET #status = :status, #completed_at = :now, #updated_at = :now, #event_pending = :yes,"
            " #open_shard = :shard, #next_check_at = :check_at, "
            + ", ".join(f"#{name} = :{name}" for name in present)
            + " REMOVE #lease_owner, #lease_until"
            + "".join(f", #{name}" for name in outcome.keys() - present.keys()),
            f"{IS_OPEN} AND {in_group(job)}",
            also=ended(self._jobs, group_of(self._jobs, job), job, after),
            attempt=attempt,
            status=ending.status,
            shard=job.open_shard,
            check_at=now + CHECK_AFTER,
            now=now,
            yes=True,
            group_id=job.group_id,
            told={
                "status": ending.status,
                "fault": ending.failure.fault if ending.failure else None,
                "completed_at": now,
                "updated_at": now,
            },
            **present,
        )

    def _claim(self, job: Job, claim: IdempotencyClaim) -> Put:
        if self._transient_table is None:
            raise ValueError("a claim needs the transient table")
        return claim_put(self._transient_table, job.key, claim, now=job.updated_at)


def _outcome_of(ending: Ending) -> dict[str, object]:
    draft = ending.draft or DraftOutcome()
    return {
        "match": ending.match,
        "transfer_id": draft.transfer_id,
        "flags": draft.flags,
        "no_draft": draft.no_draft,
        "failure": ending.failure,
    }
