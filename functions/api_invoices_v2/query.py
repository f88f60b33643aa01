"""Reading a job for a GET: waiting for it while the client wishes, and what a completed one has beside its row."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from api_invoices_v2.translate import Reading
from paydraft.model.credential import Credential
from paydraft.model.errors import InternalError, TransientError
from paydraft.model.job import Job, JobKey
from paydraft.model.request_errors import JobNotFoundError
from paydraft.model.status import Phase, Status
from paydraft.runtime.polling import WAITS_PER_TOKEN, wait_while
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.wait_slots import WaitSlots

_SLACK = timedelta(seconds=2)  # a slot outlives its wait by this, if its holder dies


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    jobs: JobStore
    documents: DocumentStore
    results: ResultStore
    counterparties: CounterpartyStore
    transient_table: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A client's wish to wait, with the time and chance that the handler has."""

    seconds: int
    holder: str  # an id nobody else has
    now: datetime
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def find(jobs: JobStore, key: JobKey) -> Job:
    """The tenant's job; a cancelled one is gone. Raises JobNotFoundError."""
    job = jobs.get(key)
    if job is None or job.status is Status.CANCELLED:
        raise JobNotFoundError
    return job


def wait_for_change(
    job: Job, stores: Stores, credential: Credential, wait: Wait, unchanged: Callable[[Job], bool]
) -> tuple[Job, bool]:
    """The job when it has changed or the wait is over, and whether it was waited for.

    No wait for a job that has ended, and none while the token holds its share of waits: the job as it is, at once.
    """
    if job.status.is_final:
        return job, False
    slots = WaitSlots(stores.transient_table, job.tenant_id, credential.token_id, slots=WAITS_PER_TOKEN)
    slot = slots.take(wait.holder, now=wait.now, until=wait.now + timedelta(seconds=wait.seconds) + _SLACK)
    if slot is None:
        return job, False
    try:
        seen = wait_while(
            unchanged, lambda: find(stores.jobs, job.key), wait.seconds, clock=wait.clock, sleep=wait.sleep
        )
    finally:
        with suppress(TransientError):  # the lease ends alone
            slots.give_back(slot, wait.holder, now=wait.now)
    return seen, True


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
