"""Sixteen at once: one wins, the others are told so. (moto under its lock; the races are of our own making.)"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Iban
from paydraft.model.errors import CounterpartyExistsError, JobExistsError, StaleJobError, TransferChangedError
from paydraft.model.idempotency import AlreadyAcceptedError, IdempotencyClaim
from paydraft.model.job import Dialect
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.stores.clients import client
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.transfers import TransferStore
from paydraft.workflows.accept_document import Submission, accept
from paydraft.workflows.new_job import RANDOM_BYTES
from tests.builders import (
    A_PDF,
    IBANS,
    NOW,
    TENANT,
    a_counterparty,
    a_draft,
    a_job,
    a_place,
    after,
    an_account,
    an_object,
    some_bytes,
)

RACERS = 16
KNOWN = (StaleJobError, JobExistsError, AlreadyAcceptedError, CounterpartyExistsError, TransferChangedError)


@pytest.fixture
def jobs(aws):
    for service in ("dynamodb", "s3"):
        client(service)  # boto3 makes clients in one thread only
    return JobStore(aws["JobsTable"], aws["TransientTable"])


def race(run):
    """What `run(0)` … `run(15)`, started together, returned or raised."""
    line = threading.Barrier(RACERS)

    def racer(number):
        line.wait()
        try:
            return run(number)
        except KNOWN as error:
            return error

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(racer, range(RACERS)))


def outcomes(results):
    return Counter(type(result).__name__ for result in results)


def a_running_job(jobs):
    job = a_job()
    jobs.put_new(job)
    return jobs.begin(job.key, 1, an_object(job), owner="message-0", now=NOW)


@pytest.mark.parametrize("round_", range(3))
def test_one_of_many_messages_gets_the_lease(jobs, round_):
    job = a_job()
    jobs.put_new(job)
    results = race(lambda n: jobs.begin(job.key, 1, an_object(job), owner=f"message-{n}", now=NOW))
    assert outcomes(results) == {"Job": 1, "StaleJobError": RACERS - 1}
    (winner,) = [number for number, result in enumerate(results) if not isinstance(result, Exception)]
    assert jobs.get(job.key).lease_owner == f"message-{winner}"


@pytest.mark.parametrize("round_", range(3))
def test_one_of_many_versions_becomes_the_source(jobs, round_):
    job = a_job()
    jobs.put_new(job)
    results = race(lambda n: jobs.begin(job.key, 1, an_object(job, f"version-{n}"), owner="message-0", now=NOW))
    assert outcomes(results)["Job"] == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_job_ends_in_one_of_many_ways(jobs, round_):
    job = a_running_job(jobs)
    statuses = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
    results = race(lambda n: jobs.finish(job.key, 1, Ending(status=statuses[n % 3]), now=after(seconds=n)))
    assert outcomes(results) == {"Job": 1, "StaleJobError": RACERS - 1}
    (ended,) = [result for result in results if not isinstance(result, Exception)]
    assert jobs.get(job.key) == ended


@pytest.mark.parametrize("round_", range(3))
def test_between_ending_and_a_next_attempt_there_is_no_third_state(jobs, round_):
    job = a_running_job(jobs)

    def run(number):
        if number % 2:
            return jobs.next_attempt(job, now=NOW)
        return jobs.finish(job.key, 1, Ending(status=Status.FAILED), now=NOW)

    assert outcomes(race(run))["Job"] == 1
    after_it = jobs.get(job.key)
    assert (after_it.attempt, after_it.status) in ((2, Status.QUEUED), (1, Status.FAILED))
    assert after_it.event_pending == (after_it.attempt == 1)


def test_one_of_many_reconcilers_announces(jobs):
    job = a_job()
    jobs.put_new(job)
    seen = jobs.get(job.key)
    results = race(lambda n: jobs.check_again(seen, at=after(minutes=2), requeued=True))
    assert outcomes(results) == {"NoneType": 1, "StaleJobError": RACERS - 1}
    assert jobs.get(job.key).requeues == 1


def test_many_who_say_that_the_event_is_out_agree(jobs):
    job = a_running_job(jobs)
    jobs.finish(job.key, 1, Ending(status=Status.COMPLETED), now=NOW)
    assert outcomes(race(lambda n: jobs.event_published(job.key, 1))) == {"NoneType": RACERS}
    assert list(jobs.open_jobs(due_before=None)) == []


def test_invoice_ids_are_never_given_twice(jobs):
    drawn = race(lambda n: [jobs.next_invoice_id(TENANT) for _ in range(5)])
    assert sorted(number for part in drawn for number in part) == list(range(1, 5 * RACERS + 1))


def test_one_of_many_jobs_gets_an_invoice_id(jobs):
    many = [a_job(invoice_id=7) for _ in range(RACERS)]
    assert outcomes(race(lambda n: jobs.put_new(many[n]))) == {"NoneType": 1, "JobExistsError": RACERS - 1}


def test_one_of_many_jobs_gets_an_idempotency_key_and_the_others_its_name(jobs):
    many = [a_job() for _ in range(RACERS)]
    claim = IdempotencyClaim(key_hash="k", fingerprint="f", expires_at=after(hours=24))
    results = race(lambda n: jobs.put_new(many[n], claim=claim))
    assert outcomes(results) == {"NoneType": 1, "AlreadyAcceptedError": RACERS - 1}
    winner = many[results.index(None)]
    assert {result.job_key for result in results if result} == {winner.key}


@pytest.mark.parametrize("round_", range(3))
def test_many_tries_of_one_request_make_one_job_and_one_document(jobs, aws, round_):
    documents = DocumentStore(aws["DocumentsBucket"])
    submission = Submission(tenant_id=TENANT, subject="alice", dialect=Dialect.COREBANQ_V2, data=A_PDF)
    chances = [some_bytes(RANDOM_BYTES) for _ in range(RACERS)]
    results = race(
        lambda n: accept(
            submission, jobs=jobs, documents=documents, now=NOW, randomness=chances[n], idempotency_key="key"
        )
    )
    assert len({result.job.job_id for result in results}) == 1
    assert sum(not result.replayed for result in results) == 1
    assert len(list(jobs.open_jobs(due_before=None))) == 1
    assert len(client("s3").list_object_versions(Bucket=aws["DocumentsBucket"])["Versions"]) == 1


def test_one_of_many_documents_is_stored_and_all_are_told_which(jobs, aws):
    documents, place = DocumentStore(aws["DocumentsBucket"]), a_place(a_job())
    results = race(lambda n: documents.put_new(place, A_PDF + bytes([n]), MediaType.PDF))
    assert len(set(results)) == 1


def test_of_many_changes_of_one_version_of_a_transfer_one_is_made(jobs, aws):
    transfers, first = TransferStore(aws["TransfersTable"]), a_draft()
    transfers.write(None, first, AuditEntry.of(None, first, Action.DRAFTED, "paydraft"))

    def change(number):
        after = first.model_copy(update={"version": 2, "edited_by": f"racer-{number}"})
        transfers.write(first, after, AuditEntry.of(first, after, Action.EDITED, after.edited_by))

    results = race(change)
    assert outcomes(results) == {"NoneType": 1, "TransferChangedError": RACERS - 1}
    winner = f"racer-{results.index(None)}"
    assert transfers.get(TENANT, first.transfer_id).edited_by == winner
    assert [entry.by for entry in transfers.audit(TENANT, first.transfer_id)] == ["paydraft", winner]


def test_one_of_many_counterparties_gets_an_iban(jobs, aws):
    store, many = CounterpartyStore(aws["CounterpartiesTable"]), [a_counterparty() for _ in range(RACERS)]
    results = race(lambda n: store.add(TENANT, many[n], [an_account(many[n], iban=Iban(IBANS[0]))]))
    assert outcomes(results) == {"NoneType": 1, "CounterpartyExistsError": RACERS - 1}
    ((holder, _),) = store.directory(TENANT, iban=Iban(IBANS[0]), vat_number=None).by_iban
    assert holder == many[results.index(None)]
