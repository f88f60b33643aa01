"""Uploads: UPL#<uuidv7> in JobsTable leads to the job whose document it is, and notes when a payment took it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from uuid import UUID

from paydraft.model.job import Job, JobKey
from paydraft.model.status import Status
from paydraft.model.upload import Upload
from paydraft.stores.items import Item, plain, read_as
from paydraft.stores.job_items import row_key
from paydraft.stores.paging import behind
from paydraft.stores.table import Table

_MOST_READ = 100  # rows at once
_MOST_LOOKED_AT = 1000  # rows a page


class UploadStore:
    """Uploads by tenant and id; reads only."""

    def __init__(self, table: str, *, most_looked_at: int = _MOST_LOOKED_AT) -> None:
        """`most_looked_at`: so many rows a page goes through in search of those that are kept."""
        self._table = Table(table)
        self._most_looked_at = most_looked_at

    def get(self, tenant_id: str, upload_id: UUID) -> Upload | None:
        """The upload; None where its job was cancelled or is gone."""
        item = self._table.get(tenant_id=tenant_id, sk=f"UPL#{upload_id}")
        return next(self._with_jobs(tenant_id, [item]), None) if item else None

    def page(
        self,
        tenant_id: str,
        *,
        after: UUID | None,
        limit: int,
        newest_first: bool,
        keep: Callable[[Upload], bool] = lambda _: True,
    ) -> tuple[tuple[Upload, ...], UUID | None]:
        """At most `limit` uploads behind `after`, and the id behind which the next page begins; None at the end.

        Where many are not kept, a page ends after `most_looked_at`, however few it has found.
        """
        items = behind(self._table, tenant_id, "UPL#", after, newest_first=newest_first, page_size=limit + 2)
        chunks = batched(items, min(limit + 1, _MOST_READ), strict=False)
        uploads = (one for chunk in chunks for one in self._with_jobs(tenant_id, chunk))
        return _page_of(uploads, limit, keep, self._most_looked_at)

    def _with_jobs(self, tenant_id: str, items: list[Item] | tuple[Item, ...]) -> Iterator[Upload]:
        """The uploads of these items (`_MOST_READ` at most) whose jobs are there."""
        keys = [row_key(JobKey(tenant_id=tenant_id, job_id=UUID(plain(item["job_id"]))))["sk"] for item in items]
        rows = self._table.get_many(tenant_id, keys)
        for item, key in zip(items, keys, strict=True):
            job = read_as(Job, rows[key]) if key in rows else None
            if job and job.status is not Status.CANCELLED:
                attached = plain(item["attached_at"]) if "attached_at" in item else None
                yield Upload(job=job, attached_at=attached)


def _page_of(
    uploads: Iterable[Upload], limit: int, keep: Callable[[Upload], bool], most_looked_at: int
) -> tuple[tuple[Upload, ...], UUID | None]:
    found: list[Upload] = []
    for looked_at, one in enumerate(uploads, start=1):
        if keep(one):
            if len(found) == limit:
                return tuple(found), found[-1].upload_id
            found.append(one)
        if looked_at == most_looked_at:
            return tuple(found), one.upload_id
    return tuple(found), None
