"""Asking again: tags, 304, and answers that are held back until something has changed."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import EngineError
from paydraft.model.ids import uuid7
from paydraft.model.status import Status
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.items import item_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.wait_slots import WaitSlots
from tests.builders import TENANT, a_credential, a_job, a_token, an_id, an_invoice, some_bytes
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

V1, V2 = "/v1/invoices/ocr", "/v2/invoices/ocr"
SLOTS = 2


@pytest.fixture(scope="module")
def aws():
    """One stack for all tests here: each has a token and jobs of its own."""
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def jobs(aws):
    return JobStore(aws["JobsTable"], aws["TransientTable"])


@pytest.fixture
def caller(aws):
    token = a_token()
    credential = a_credential(token)
    CredentialStore(aws["CredentialsTable"]).add(credential)
    return SimpleNamespace(http=HttpClient(aws.guarded("ApiInvoicesV2Function"), token), token_id=credential.token_id)


@pytest.fixture
def client(caller):
    return caller.http


def slots_of(aws, caller):
    return WaitSlots(aws["TransientTable"], TENANT, caller.token_id, slots=SLOTS)


def an_open_job(jobs, **fields):
    job = a_job(**fields)
    jobs.put_new(job)
    return job


def complete(aws, job):
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, an_invoice())
    match = MatchOutcome(kind=MatchKind.NOT_FOUND)
    become(aws, job, status=Status.COMPLETED, match=match, transfer_id=an_id())


def become(aws, job, **fields):
    item = item_of({"tenant_id": job.tenant_id, "sk": f"JOB#{job.job_id}"}) | item_of(job.model_copy(update=fields))
    aws.client("dynamodb").put_item(TableName=aws["JobsTable"], Item=item)


@pytest.mark.parametrize("path", [V1, V2])
def test_a_client_that_has_the_present_answer_gets_304_without_a_body(aws, jobs, client, path):
    job = an_open_job(jobs)
    etag = client.get(f"{path}/{job.job_id}").headers["etag"]
    answer = client.get(f"{path}/{job.job_id}", if_none_match=f'"other", W/{etag}')
    assert (answer.status, answer.text, answer.headers["etag"]) == (304, "", etag)
    assert int(answer.headers["retry-after"]) > 0
    complete(aws, job)
    done = client.get(f"{path}/{job.job_id}", if_none_match=etag)
    assert done.status == 200
    assert client.get(f"{path}/{job.job_id}", if_none_match=done.headers["etag"]).status == 304


def test_the_tag_stays_while_nothing_a_client_sees_has_changed(aws, jobs, client):
    job = an_open_job(jobs)
    before = client.get(f"{V2}/{job.job_id}").headers["etag"]
    become(aws, job, requeues=1, updated_at=job.updated_at + timedelta(minutes=1))
    assert client.get(f"{V2}/{job.job_id}").headers["etag"] == before
    become(aws, job, status=Status.PROCESSING)
    assert client.get(f"{V2}/{job.job_id}").headers["etag"] != before


def test_a_star_matches_every_answer(jobs, client):
    assert client.get(f"{V2}/{an_open_job(jobs).job_id}", if_none_match="*").status == 304


def test_a_wait_ends_as_soon_as_the_job_does(aws, jobs, client):
    job = an_open_job(jobs, status=Status.PROCESSING)
    ending = threading.Timer(0.5, complete, (aws, job))
    ending.start()
    answer = client.get(f"{V2}/{job.job_id}", prefer="wait=15")
    ending.join()
    assert (answer.status, answer.json["result"]["total"]) == (200, "1190.00")
    assert answer.headers["preference-applied"] == "wait=15"


def test_a_wait_ends_when_reading_begins(aws, jobs, client):
    job = an_open_job(jobs)
    beginning = threading.Timer(0.3, become, (aws, job), {"status": Status.PROCESSING})
    beginning.start()
    answer = client.get(f"{V2}/{job.job_id}", prefer="respond-async, wait=15")
    beginning.join()
    assert answer.status == 202
    assert "is being read" in answer.json["message"]


def test_a_job_cancelled_during_a_wait_is_gone_and_its_slot_is_free_again(aws, jobs, caller):
    job = an_open_job(jobs)
    cancelling = threading.Timer(0.3, become, (aws, job), {"status": Status.CANCELLED})
    cancelling.start()
    assert caller.http.get(f"{V2}/{job.job_id}", prefer="wait=15").status == 404
    cancelling.join()
    assert all(slots_of(aws, caller).take(f"{n}", now=datetime.now(UTC), until=later(30)) for n in range(SLOTS))


def test_a_wait_that_is_over_answers_what_is_known(jobs, client):
    job = an_open_job(jobs)
    etag = client.get(f"{V2}/{job.job_id}").headers["etag"]
    answer = client.get(f"{V2}/{job.job_id}", prefer="wait=1")
    assert (answer.status, answer.headers["etag"]) == (202, etag)
    assert answer.headers["preference-applied"] == "wait=1"
    assert client.get(f"{V2}/{job.job_id}", prefer="wait=1", if_none_match=etag).status == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"prefer": "wait=15", "if_none_match": '"something older"'},
        {"prefer": "wait=0"},
        {"prefer": "wait=-5"},
        {"prefer": "wait=soon"},
        {"prefer": "respond-async"},
        {},
    ],
)
def test_who_has_not_the_present_answer_or_does_not_wish_to_wait_is_answered_at_once(jobs, client, headers):
    answer = client.get(f"{V2}/{an_open_job(jobs).job_id}", **headers)
    assert answer.status == 202
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_a_job_that_has_ended_is_answered_at_once(aws, jobs, client, status):
    job = an_open_job(jobs)
    if status is Status.COMPLETED:
        complete(aws, job)
    else:
        become(aws, job, status=status, failure=EngineError().failure)
    assert "preference-applied" not in client.get(f"{V2}/{job.job_id}", prefer="wait=15").headers


def test_no_wait_outlasts_the_function(jobs, client):
    hurried = replace(client, seconds_left=4)
    answer = hurried.get(f"{V2}/{an_open_job(jobs).job_id}", prefer="wait=20")
    assert answer.headers["preference-applied"] == "wait=1"
    late = replace(client, seconds_left=2)
    assert "preference-applied" not in late.get(f"{V2}/{an_open_job(jobs).job_id}", prefer="wait=20").headers


def test_a_third_wait_of_one_token_is_answered_at_once_with_a_time_to_come_back(aws, jobs, caller):
    for number in range(SLOTS):
        assert slots_of(aws, caller).take(f"elsewhere-{number}", now=datetime.now(UTC), until=later(30))
    answer = caller.http.get(f"{V2}/{an_open_job(jobs).job_id}", prefer="wait=20")
    assert answer.status == 202
    assert "preference-applied" not in answer.headers
    assert int(answer.headers["retry-after"]) > 0


def test_waits_of_one_token_do_not_count_for_another(aws, jobs, caller):
    for number in range(SLOTS):
        slots_of(aws, caller).take(f"elsewhere-{number}", now=datetime.now(UTC), until=later(30))
    token = a_token()
    CredentialStore(aws["CredentialsTable"]).add(a_credential(token))
    other = HttpClient(aws.guarded("ApiInvoicesV2Function"), token)
    answer = other.get(f"{V2}/{an_open_job(jobs).job_id}", prefer="wait=1")
    assert answer.headers["preference-applied"] == "wait=1"


def test_a_slot_whose_holder_died_is_free_when_its_lease_ends(aws, caller):
    slots, now = slots_of(aws, caller), datetime(2026, 11, 20, 10, 0, 0, 500_000, tzinfo=UTC)
    until = now + timedelta(seconds=20)
    assert all(slots.take(holder, now=now, until=until) for holder in ("one", "two"))
    assert slots.take("three", now=now, until=until) is None
    assert slots.take("three", now=until, until=until + timedelta(seconds=1)) is None
    assert slots.take("three", now=until + timedelta(seconds=1), until=until + timedelta(seconds=9))


def test_only_its_holder_gives_a_slot_back_and_asking_twice_takes_one(aws, caller):
    slots, now = slots_of(aws, caller), datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    until = now + timedelta(seconds=20)
    slot = slots.take("one", now=now, until=until)
    assert slots.take("one", now=now, until=until) == slot
    slots.take("two", now=now, until=until)
    slots.give_back(slot, "two", now=now)
    assert slots.take("three", now=now, until=until) is None
    slots.give_back(slot, "one", now=now)
    assert slots.take("three", now=now, until=until) == slot


def test_an_older_job_is_asked_for_less_often(jobs, client):
    hints = []
    for age in (timedelta(seconds=1), timedelta(seconds=30), timedelta(minutes=5)):
        job_id = uuid7(datetime.now(UTC) - age, int.from_bytes(some_bytes()))
        hints.append(int(client.get(f"{V2}/{an_open_job(jobs, job_id=job_id).job_id}").headers["retry-after"]))
    assert hints == sorted(hints)
    assert 1 <= hints[0] < hints[-1] <= 10


def later(seconds):
    return datetime.now(UTC) + timedelta(seconds=seconds)
