"""Reading a job for a GET: what a completed one has beside its row."""

from dataclasses import dataclass

from api_invoices_v2.translate import Reading
from paydraft.model.errors import InternalError
from paydraft.model.job import Job
from paydraft.model.status import Phase
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    jobs: JobStore
    documents: DocumentStore
    results: ResultStore
    counterparties: CounterpartyStore
    transient_table: str


def reading_of(job: Job, stores: Stores) -> Reading | None:
    """What a completed job's answer needs beside its row; None for any other job."""
    if job.status.phase is not Phase.DONE:
        return None
    invoice = stores.results.invoice(job.key, job.attempt)
    if invoice is None:
        raise InternalError("a completed job has no result")
    match = job.match
    if match is None or match.counterparty_id is None:
        return Reading(invoice)
    counterparty = stores.counterparties.get(job.tenant_id, match.counterparty_id)
    if match.account_id is None:
        return Reading(invoice, counterparty)
    account = stores.counterparties.account(job.tenant_id, match.counterparty_id, match.account_id)
    return Reading(invoice, counterparty, account)
