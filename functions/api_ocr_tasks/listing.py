"""A page of tasks: looking at jobs until it is full, and reading what was recognised in those that are completed."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from api_ocr_tasks import translate
from api_ocr_tasks.query import Place, Query, token_of
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.status import Phase
from paydraft.runtime.cursor import Signer
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.stores.job_lists import JobLists
from paydraft.stores.results import ResultStore

_ROUND = 200  # jobs that a filter is asked about at once
_ROUNDS = 5  # for one page: a filter that fits little gives short pages
_READERS = 8  # results of one page that are read at once
_LARGEST = 4_500_000  # characters of a page; Lambda's answer ends at 6 MiB


@dataclass(frozen=True, slots=True)
class Seen:
    """The jobs of a page in the order they were looked at, and behind which id the next ones come; None at the end."""

    jobs: tuple[Job, ...]
    onward_from: UUID | None


def page(
    place: Place, lists: JobLists, results: ResultStore, signer: Signer, tenant_id: str, entity: str | None
) -> str:
    """The page as JSON."""
    seen = look(place, lists, tenant_id, entity)
    texts = list(_fitting(rendered(seen.jobs, results)))
    onward_from = seen.onward_from if len(texts) == len(seen.jobs) else seen.jobs[len(texts) - 1].job_id
    onward = place.onward(onward_from) if onward_from else None
    back = place.back()
    if place.backwards:
        texts.reverse()
        onward, back = back, onward
    tokens = [token_of(one, signer) if one else None for one in (onward, back)]
    told = ",".join(texts), *(to_json_numbers(token) for token in tokens)
    return '{{"data":[{}],"next_pagination_token":{},"prev_pagination_token":{}}}'.format(*told)


def look(place: Place, lists: JobLists, tenant_id: str, entity: str | None = None) -> Seen:
    """The jobs of a page. Looks at `_ROUND * _ROUNDS` at most; the cost does not depend on where the page begins."""
    found: list[Job] = []
    is_thinned = bool(entity or place.query.status or place.query.document_type)
    for number, job in enumerate(_jobs(place, lists, tenant_id, is_thinned=is_thinned), 1):
        if _is_wanted(job, place.query, entity):
            if len(found) == place.query.limit:
                return Seen(tuple(found), found[-1].job_id)
            found.append(job)
        if number == _ROUND * _ROUNDS:
            return Seen(tuple(found), job.job_id)
    return Seen(tuple(found), None)


def rendered(jobs: Sequence[Job], results: ResultStore) -> Iterator[str]:
    """The tasks as JSON, in order."""

    def one(job: Job) -> str:
        return to_json_numbers(translate.task(job, _reading(job, results)))

    yield from (one(job) for job in jobs[:1])  # here, so that the client is made before there are threads
    with ThreadPoolExecutor(_READERS) as readers:
        for few in batched(jobs[1:], _READERS, strict=False):  # no more than these are held at once
            yield from readers.map(one, few)


def _reading(job: Job, results: ResultStore) -> Invoice | None:
    return results.invoice(job.key, job.attempt) if job.status.phase is Phase.DONE else None


def _jobs(place: Place, lists: JobLists, tenant_id: str, *, is_thinned: bool) -> Iterator[Job]:
    query, span = place.query, place.span
    if query.ids is None:
        # One more tells whether there is another page, and one may be the place itself.
        page_size = _ROUND if is_thinned else query.limit + 2
        return lists.jobs(tenant_id, span, newest_first=place.newest_first, page_size=page_size)
    jobs: Iterable[Job] = lists.by_ids(tenant_id, query.ids)
    within = [
        job
        for job in jobs
        if (span.behind is None or job.job_id > span.behind) and (span.before is None or job.job_id < span.before)
    ]
    return iter(within[::-1] if place.newest_first else within)


def _is_wanted(job: Job, query: Query, entity: str | None) -> bool:
    """Whether the list shows the job. A task of no entity is every entity's."""
    status = translate.status_of(job)
    if status is None or (entity and job.entity_id not in (None, entity)):
        return False
    return query.status in (None, status) and query.document_type in (None, translate.type_of(job))


def _fitting(texts: Iterator[str]) -> Iterator[str]:
    """As many as one answer holds, one at least."""
    size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if number and size > _LARGEST:
            return
        yield text
