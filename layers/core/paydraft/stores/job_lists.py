"""Jobs by their other names, and lists of them: pages behind a cursor without an end, or all summaries up to a cap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from paydraft.model.errors import TooManyJobsError
from paydraft.model.ids import EPOCH, uuid7
from paydraft.model.job import Job, JobKey
from paydraft.model.job_summary import MAX_LISTED, JobSummary
from paydraft.stores.items import plain, read_as
from paydraft.stores.job_items import key_of, row_key
from paydraft.stores.table import Table

_LAST = "JOB$"  # behind every JOB# key


@dataclass(frozen=True, slots=True)
class Span:
    """Jobs between two ids, both left out; None is without limit. Ids are in order of creation."""

    behind: UUID | None = None
    before: UUID | None = None

    @classmethod
    def of(
        cls,
        *,
        gt: datetime | None = None,
        gte: datetime | None = None,
        lt: datetime | None = None,
        lte: datetime | None = None,
    ) -> "Span":
        """The ids of jobs made in a stretch of time. Ids hold milliseconds; a finer limit falls between two of them."""
        lows = [_last_of(gt)] if gt else []
        lows += [(_last_of if _is_finer(gte) else _just_before)(gte)] if gte else []
        highs = [(_just_after if _is_finer(lt) else _first_of)(lt)] if lt else []
        highs += [_just_after(lte)] if lte else []
        return cls(max(lows, default=None), min(highs, default=None))


class JobLists:
    """Reads of JobsTable that lead to jobs; strongly consistent."""

    def __init__(self, table: str) -> None:
        self._jobs = Table(table)

    def by_invoice_id(self, tenant_id: str, number: int) -> JobKey | None:
        """The job with the tenant's integer; None for a number that is free or a written invoice's."""
        return self._look_up(tenant_id, f"INV#{number:012}")

    def by_short_id(self, tenant_id: str, short_id: str) -> JobKey | None:
        """The job whose id begins with these 24 hex digits."""
        return self._look_up(tenant_id, f"OID#{short_id}")

    def jobs(self, tenant_id: str, span: Span, *, newest_first: bool, page_size: int) -> Iterator[Job]:
        """The jobs in a span, in order; so many are read at once. The same cost wherever the span begins."""
        if span.behind and span.before and span.behind >= span.before:
            return  # DynamoDB refuses a BETWEEN whose ends are the wrong way round
        # BETWEEN takes both ends in; the ends themselves are left out below.
        items = self._jobs.query(
            "#tenant_id = :tenant_id AND #sk BETWEEN :low AND :high",
            newest_first=newest_first,
            page_size=page_size,
            tenant_id=tenant_id,
            low=f"JOB#{span.behind or ''}",
            high=f"JOB#{span.before}" if span.before else _LAST,
        )
        for item in items:
            if key_of(item).job_id not in (span.behind, span.before):
                yield read_as(Job, item)

    def by_ids(self, tenant_id: str, ids: Sequence[UUID]) -> list[Job]:
        """Those of these jobs (100 at most) that the tenant has, in order of creation."""
        keys = dict.fromkeys(row_key(JobKey(tenant_id=tenant_id, job_id=one))["sk"] for one in ids)
        found = self._jobs.get_many(tenant_id, tuple(keys))
        return sorted((read_as(Job, item) for item in found.values()), key=lambda job: job.job_id)

    def summaries(self, tenant_id: str, *, most: int = MAX_LISTED) -> list[JobSummary]:
        """All of a tenant's jobs, in order of creation. Raises TooManyJobsError where there are more than `most`."""
        items = self._jobs.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=tenant_id, prefix="SUM#"
        )
        found = list(islice(items, most + 1))
        if len(found) > most:
            raise TooManyJobsError
        return [read_as(JobSummary, item | {"job_id": {"S": str(key_of(item).job_id)}}) for item in found]

    def _look_up(self, tenant_id: str, sk: str) -> JobKey | None:
        item = self._jobs.get(tenant_id=tenant_id, sk=sk)
        if item is None or "job_id" not in item:
            return None
        return JobKey(tenant_id=tenant_id, job_id=UUID(plain(item["job_id"])))


def _is_finer(moment: datetime) -> bool:
    return moment.microsecond % 1000 > 0


def _first_of(moment: datetime) -> UUID:
    return uuid7(max(moment, EPOCH), 0)


def _last_of(moment: datetime) -> UUID:
    return uuid7(max(moment, EPOCH), -1)


def _just_before(moment: datetime) -> UUID:
    return UUID(int=max(_first_of(moment).int - 1, 0))


def _just_after(moment: datetime) -> UUID:
    return UUID(int=_last_of(moment).int + 1)
