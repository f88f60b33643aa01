"""Finding jobs, and what completed ones have beside their rows."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from api_ocr_jobs import schemas, translate
from api_ocr_jobs.query import Wish, page_of
from paydraft.model.errors import InternalError
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.request_errors import JobNotFoundError
from paydraft.model.status import Phase, Status
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.stores.answers import AnswerStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.templates import TemplateStore
from paydraft.workflows.delete_job import Eraser

_SHORT_ID = re.compile(schemas.SHORT_ID)
MAX_LIST_BYTES = 4_000_000  # Lambda answers 6 MB at most; beyond this, jobs of a list are told without what was read
_AT_ONCE = 8  # results that are read at a time; botocore keeps ten connections


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes of jobs read and write."""

    jobs: JobStore
    lists: JobLists
    documents: DocumentStore
    results: ResultStore
    templates: TemplateStore
    queue: FetchQueue
    answers: AnswerStore
    eraser: Eraser


def find(stores: Stores, tenant_id: str, job_id: str) -> Job:
    """The tenant's job, also a cancelled one that is about to go; raises JobNotFoundError."""
    key = stores.lists.by_short_id(tenant_id, job_id.lower()) if _SHORT_ID.fullmatch(job_id) else None
    job = stores.jobs.get(key) if key else None
    if job is None:
        raise JobNotFoundError
    return job


def find_again(stores: Stores, job: Job) -> Job:
    """The job as it stands now; raises JobNotFoundError if it is gone."""
    standing = stores.jobs.get(job.key)
    if standing is None:
        raise JobNotFoundError
    return standing


def invoice_of(stores: Stores, job: Job) -> Invoice | None:
    """What was read for a completed job, None for any other; raises JobNotFoundError if it is deleted meanwhile."""
    if job.status.phase is not Phase.DONE:
        return None
    invoice = stores.results.invoice(job.key, job.attempt)
    if invoice is not None:
        return invoice
    standing = stores.jobs.get(job.key)
    if standing is None or standing.status is Status.CANCELLED:
        raise JobNotFoundError
    raise InternalError("a completed job has no result")


def list_text(stores: Stores, tenant_id: str, wish: Wish) -> str:
    """A page of jobs as JSON. Raises TooManyJobsError."""
    page = page_of(stores.lists.summaries(tenant_id), wish)
    jobs = _rows(stores, tenant_id, [one.job_id for one in page.summaries])
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        invoices = list(readers.map(lambda job: _invoice_if_there(stores, job), jobs))
    return f'{{"success":true,"data":[{",".join(_told(jobs, invoices))}],"total":{page.total}}}'


def job_text(job: Job, invoice: Invoice | None) -> str:
    """One job in its envelope, as JSON."""
    return to_json_numbers(schemas.JobAnswer(success=True, data=translate.job(job, invoice)))


def _rows(stores: Stores, tenant_id: str, ids: Sequence[UUID]) -> list[Job]:
    """The jobs in this order; one that was deleted meanwhile is left out."""
    found = {job.job_id: job for job in stores.lists.by_ids(tenant_id, ids)}
    return [found[one] for one in ids if one in found]


def _invoice_if_there(stores: Stores, job: Job) -> Invoice | None:
    return stores.results.invoice(job.key, job.attempt) if job.status.phase is Phase.DONE else None


def _told(jobs: Sequence[Job], invoices: Sequence[Invoice | None]) -> list[str]:
    texts: list[str] = []
    length = 0
    for job, invoice in zip(jobs, invoices, strict=True):
        text = to_json_numbers(translate.job(job, invoice))
        if length + len(text) > MAX_LIST_BYTES:
            text = to_json_numbers(translate.job(job, None))
        texts.append(text)
        length += len(text)
    return texts
