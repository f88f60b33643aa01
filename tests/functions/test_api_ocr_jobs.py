"""Repzo's jobs: made, listed, read, replaced, started; what is refused, and in which words."""

import itertools
from datetime import UTC, datetime

import pytest

from paydraft.model.credential import Scope
from paydraft.model.errors import EncryptedDocumentError
from paydraft.model.invoice import Party
from paydraft.model.job import Dialect
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from tests.builders import an_invoice, an_object
from tests.moto_stack import moto_stack
from tests.repzo import JOBS, RepzoTenant, an_input

NO_JOB = "0" * 24
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant(aws):
    aws.messages("FetchQueue")
    return RepzoTenant(f"repzo-{next(_numbers)}", aws)


@pytest.fixture
def client(tenant):
    return tenant.holder()


def made(client, **fields):
    answer = client.ask("POST", JOBS, an_input(**fields))
    assert answer.status == 201, answer.text
    return answer.json["data"]


def numbers(answer):
    assert answer.status == 200, answer.text
    return [one["jobNumber"] for one in answer.json["data"]]


# ── POST ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_is_made_and_nothing_is_fetched_until_it_is_started(aws, tenant, client):
    answer = client.ask("POST", JOBS, an_input(priority="urgent", metadata={"a": [1, None]}, createdBy="bob"))
    job = answer.json["data"]
    assert (answer.status, answer.json["success"], job["status"]) == (201, True, "created")
    assert answer.headers["location"] == f"{JOBS}/{job['_id']}"
    assert (job["metadata"], job["createdBy"], job["priority"]) == ({"a": [1, None]}, "bob", "urgent")
    assert aws.messages("FetchQueue") == []
    row = tenant.row(job["_id"])
    assert (row.dialect, row.lane, row.opened_at, row.subject) == (Dialect.REPZO, "express", None, "alice")
    assert list(tenant.jobs.open_jobs(due_before=None)) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"documentUrl": "ftp://example.com/a.pdf"}, "documentUrl"),
        ({"documentUrl": "example.com/a.pdf"}, "documentUrl"),
        ({"documentUrl": "https://example.com/" + "a" * 8192}, "documentUrl"),
        ({"documentType": "gif"}, "documentType"),
        ({"priority": "soon"}, "priority"),
        ({"template": "nope"}, "template"),
        ({"template": NO_JOB}, "template: there is no such template"),
        ({"group": "nope"}, "group"),
        ({"group": NO_JOB}, "group: there is no such group"),
        ({"jobNumber": ""}, "jobNumber"),
        ({"jobNumber": "a\nb"}, "jobNumber"),
        ({"jobNumber": 5}, "jobNumber"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"a": "x" * 16_000}}, "metadata"),
        ({"unheard": 1}, "unheard"),
    ],
)
def test_a_wrong_field_is_named(tenant, client, wrong, named):
    answer = client.ask("POST", JOBS, an_input(**wrong))
    assert (answer.status, answer.json["success"]) == (400, False)
    assert named in answer.json["message"]
    assert tenant.lists.summaries(tenant.name) == []


def test_every_required_field_is_named_that_is_missing(client):
    told = client.ask("POST", JOBS, {}).json["message"]
    assert all(name in told for name in ("jobNumber", "documentName", "documentUrl", "template"))


def test_a_job_number_is_taken_once_in_a_tenant(aws, client):
    made(client)
    answer = client.ask("POST", JOBS, an_input())
    assert (answer.status, answer.json["success"]) == (400, False)
    assert "number" in answer.json["message"]
    made(RepzoTenant(f"repzo-{next(_numbers)}", aws).holder())


def test_a_post_with_a_key_is_done_once(tenant, client):
    first, again = (client.ask("POST", JOBS, an_input(), idempotency_key="k") for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.text == again.text
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert len(tenant.lists.summaries(tenant.name)) == 1
    other = client.ask("POST", JOBS, an_input(documentName="other"), idempotency_key="k")
    assert (other.status, other.json["success"]) == (422, False)


# ── GET ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_id_is_found_in_either_case_and_in_no_other_spelling(tenant, client):
    job = made(client)
    full = str(tenant.row(job["_id"]).job_id)
    assert client.get(f"{JOBS}/{job['_id'].upper()}").json["data"]["_id"] == job["_id"]
    unknown = client.get(f"{JOBS}/{NO_JOB}")
    assert (unknown.status, unknown.json["success"]) == (404, False)
    for other in (full, job["_id"][:23], "..", "%00", "a" * 5000):
        assert client.get(f"{JOBS}/{other}").text == unknown.text


def test_a_running_job_says_when_to_come_back_and_is_not_told_twice(tenant, client):
    job = tenant.reading()
    first = client.get(f"{JOBS}/{job.short_id}")
    assert (first.json["data"]["status"], first.json["data"]["progress"]["currentStep"]) == ("processing", "reading")
    assert int(first.headers["retry-after"]) > 0
    same = client.get(f"{JOBS}/{job.short_id}", if_none_match=first.headers["etag"])
    assert (same.status, same.text) == (304, "")


def test_a_wait_ends_without_a_change_when_its_time_is_over(tenant):
    job = tenant.reading()
    answer = tenant.holder(seconds_left=4).get(f"{JOBS}/{job.short_id}", prefer="wait=20")
    assert (answer.status, answer.headers["preference-applied"]) == (200, "wait=1")


def test_a_job_that_nobody_has_started_is_not_waited_for(client):
    answer = client.get(f"{JOBS}/{made(client)['_id']}", prefer="wait=20")
    assert {"retry-after", "preference-applied"}.isdisjoint(answer.headers)


def test_a_job_of_another_dialect_is_read_too(tenant, client):
    job = tenant.completed(dialect=Dialect.COREBANQ_V2)
    told = client.get(f"{JOBS}/{job.short_id}").json["data"]
    assert (told["status"], told["jobNumber"], told["template"]) == ("completed", str(job.job_id), "auto")
    assert told["extractedData"]["invoice"]["amounts"] == {
        "subtotal": 1000.00,
        "tax": 190.00,
        "total": 1190.00,
        "currency": "EUR",
    }
    assert told["progress"] == {"percentage": 100, "currentStep": "done", "totalSteps": 6}


def test_results_come_with_completion_and_not_before(tenant, client):
    running = tenant.extracted()
    early = client.get(f"{JOBS}/{running.short_id}/results")
    assert (early.status, early.json["success"]) == (404, False)
    assert "no results yet" in early.json["message"]
    assert int(early.headers["retry-after"]) > 0
    ended = tenant.completed()
    answer = client.get(f"{JOBS}/{ended.short_id}/results")
    assert (answer.status, answer.json["success"]) == (200, True)
    assert answer.json["data"]["extractedData"]["invoice"]["number"] == "RE-2026-0042"


def test_a_failed_job_says_why(tenant, client):
    job = tenant.reading()
    ending = Ending(status=Status.FAILED, failure=EncryptedDocumentError().failure)
    tenant.jobs.finish(job.key, 1, ending, now=datetime.now(UTC))
    told = client.get(f"{JOBS}/{job.short_id}").json["data"]
    assert (told["status"], told["errorLog"]) == ("failed", EncryptedDocumentError.text)
    assert client.get(f"{JOBS}/{job.short_id}/results").status == 404


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_paged_counted_and_ordered(tenant, client):
    for number in range(5):
        made(client, jobNumber=f"N-{number}")
    first = client.list(limit=2, sort="jobNumber", order="asc")
    assert (numbers(first), first.json["total"]) == (["N-0", "N-1"], 5)
    assert numbers(client.list(limit=2, offset=4, sort="jobNumber", order="asc")) == ["N-4"]
    assert numbers(client.list(offset=5)) == []
    assert numbers(client.list(sort="jobNumber", limit=1)) == ["N-4"]
    assert len(numbers(client.list())) == 5


def test_the_newest_come_first(tenant, client):
    older = tenant.completed()
    newer = made(client)
    assert [one["_id"] for one in client.list().json["data"]] == [newer["_id"], older.short_id]


def test_a_list_tells_jobs_whole(tenant, client):
    job = tenant.completed()
    [told] = client.list().json["data"]
    assert told == client.get(f"{JOBS}/{job.short_id}").json["data"]


def test_jobs_are_searched_by_what_was_read(tenant, client):
    tenant.completed(an_invoice(seller=Party(name="Größe & Söhne"), number="X-77"), job_number="A")
    tenant.completed(an_invoice(seller=Party(name="Muster"), number="Y-88"), job_number="B", document_name="Scan.PDF")
    assert numbers(client.list(search="GRÖSSE")) == ["A"]
    assert numbers(client.list(search="y-8")) == ["B"]
    assert numbers(client.list(search="scan.pdf")) == ["B"]
    assert numbers(client.list(search="nothing")) == []
    by_total = {"extractedData.invoice.amounts.total": {"$gte": 1190, "$lt": 1190.01}}
    assert len(numbers(client.list(filter=by_total))) == 2
    assert numbers(client.list(filter={"extractedData.invoice.supplier.name": {"$in": ["Muster", None]}})) == ["B"]


def test_a_filter_compares_states_and_priorities_by_their_rank(client):
    for number, priority in enumerate(("low", "urgent", "medium", "high")):
        made(client, jobNumber=f"N-{number}", priority=priority)
    ranked = client.list(filter={"priority": {"$gt": "medium"}}, sort="priority", order="asc")
    assert [one["priority"] for one in ranked.json["data"]] == ["high", "urgent"]
    assert numbers(client.list(filter={"status": {"$ne": "created"}})) == []


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"order": "up"}, "order"),
        ({"sort": "tenant_id"}, "sort"),
        ({"unheard": "1"}, "unheard"),
        ({"filter": "{"}, "filter"),
        ({"filter": "[]"}, "filter"),
        ({"filter": '{"a":1,"a":2}'}, "filter"),
        ({"filter": {"tenant_id": "acme"}}, "tenant_id"),
        ({"filter": {"status": {"$where": "1"}}}, "$where"),
        ({"filter": {"status": "nope"}}, "status"),
        ({"filter": {"createdAt": {"$gt": "yesterday"}}}, "createdAt"),
        ({"filter": {"retryCount": {"$exists": 1}}}, "$exists"),
        ({"filter": {"jobNumber": {"$in": "N"}}}, "$in"),
        ({"filter": {"jobNumber": {"$in": [5]}}}, "jobNumber"),
        ({"filter": {"jobNumber": {"$in": [["N"]]}}}, "deeper than 3"),
        ({"filter": {"jobNumber": {"$in": ["N"] * 101}}}, "100"),
    ],
)
def test_a_wrong_parameter_is_named(client, parameters, named):
    answer = client.list(**parameters)
    assert (answer.status, answer.json["success"]) == (400, False)
    assert named in answer.json["message"]


def test_more_than_twenty_terms_are_refused(client):
    names = ("_id", "jobNumber", "documentName")
    terms = {name: dict.fromkeys(("$eq", "$ne", "$gt", "$gte", "$lt", "$lte"), "a") for name in names}
    assert client.list(filter=terms).status == 200
    answer = client.list(filter=terms | {"template": dict.fromkeys(("$eq", "$ne", "$gt"), "a")})
    assert (answer.status, "20" in answer.json["message"]) == (400, True)


def test_another_tenants_jobs_are_in_no_list(aws, tenant, client):
    other = RepzoTenant(f"repzo-{next(_numbers)}", aws)
    other.completed()
    assert client.list().json == {"success": True, "data": [], "total": 0}
    assert client.list(filter={"status": {"$exists": True}}).json["total"] == 0


# ── PUT ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_put_replaces_everything_and_frees_the_old_number(tenant, client):
    job = made(client, priority="high", createdBy="bob", metadata={"a": 1})
    answer = client.ask("PUT", f"{JOBS}/{job['_id']}", an_input(jobNumber="N-2", documentName="other.pdf"))
    told = answer.json["data"]
    assert (answer.status, told["jobNumber"], told["documentName"], told["priority"]) == (
        200,
        "N-2",
        "other.pdf",
        "medium",
    )
    assert (told["metadata"], "createdBy" in told) == ({}, False)
    assert client.get(f"{JOBS}/{job['_id']}").json["data"] == told
    assert numbers(client.list(filter={"jobNumber": "N-2"})) == ["N-2"]
    assert tenant.row(job["_id"]).lane == "standard"
    made(client)  # the first number


def test_a_put_keeps_its_own_number_and_takes_no_other_jobs(tenant, client):
    first, second = made(client), made(client, jobNumber="N-2")
    assert client.ask("PUT", f"{JOBS}/{first['_id']}", an_input(documentName="b.pdf")).status == 200
    taken = client.ask("PUT", f"{JOBS}/{first['_id']}", an_input(jobNumber="N-2"))
    assert (taken.status, "number" in taken.json["message"]) == (400, True)
    assert client.get(f"{JOBS}/{second['_id']}").json["data"] == second


def test_a_put_comes_too_late_once_the_job_is_started(tenant, client):
    job = made(client)
    client.ask("POST", f"{JOBS}/{job['_id']}/process")
    answer = client.ask("PUT", f"{JOBS}/{job['_id']}", an_input(documentName="late.pdf"))
    assert (answer.status, "started" in answer.json["message"]) == (400, True)
    uploaded = tenant.queued(status=Status.CREATED)  # an upload's job is started by its document
    assert client.ask("PUT", f"{JOBS}/{uploaded.short_id}", an_input()).status == 400
    assert client.ask("PUT", f"{JOBS}/{NO_JOB}", an_input()).status == 404


# ── process ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_starting_asks_for_the_document_once(aws, tenant, client):
    job = made(client)
    answers = [client.ask("POST", f"{JOBS}/{job['_id']}/process") for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json == {"success": True, "data": {"jobId": job["_id"], "status": "queued"}}
    [asked] = aws.messages("FetchQueue")
    assert asked["job_id"] == str(tenant.row(job["_id"]).job_id)


def test_starting_a_running_job_tells_how_it_stands(tenant, client):
    job = tenant.reading()
    assert client.ask("POST", f"{JOBS}/{job.short_id}/process").json["data"]["status"] == "processing"
    assert tenant.jobs.get(job.key) == job


def test_starting_a_completed_job_reads_its_document_again(tenant, client):
    job = tenant.completed()
    answer = client.ask("POST", f"{JOBS}/{job.short_id}/process")
    assert (answer.status, answer.json["data"]["status"]) == (200, "queued")
    told = client.get(f"{JOBS}/{job.short_id}").json["data"]
    assert (told["status"], told["retryCount"], "extractedData" in told) == ("queued", 1, False)
    assert any(key.endswith("/2") for key in tenant.objects(job))
    assert client.list(filter={"retryCount": 1}).json["total"] == 1


def test_a_start_with_a_key_begins_one_attempt_whatever_has_happened_since(tenant, client):
    job = tenant.completed()
    path = f"{JOBS}/{job.short_id}/process"
    first = client.ask("POST", path, idempotency_key="again")
    row = tenant.jobs.get(job.key)
    tenant.jobs.begin(job.key, 2, an_object(row), owner="m", now=datetime.now(UTC))
    ending = Ending(status=Status.FAILED, failure=EncryptedDocumentError().failure)
    tenant.jobs.finish(job.key, 2, ending, now=datetime.now(UTC))
    tenant.jobs.event_published(job.key, 2)
    again = client.ask("POST", path, idempotency_key="again")
    assert (again.text, again.headers["idempotent-replayed"]) == (first.text, "true")
    assert tenant.jobs.get(job.key).reruns == 1
    client.ask("POST", path, idempotency_key="another")
    assert tenant.jobs.get(job.key).reruns == 2


def test_a_job_whose_event_is_not_out_is_started_again_once_it_is(aws, tenant, client):
    job = tenant.reading()
    ending = Ending(status=Status.FAILED, failure=EncryptedDocumentError().failure)
    tenant.jobs.finish(job.key, 1, ending, now=datetime.now(UTC))
    aws.published()
    answer = client.ask("POST", f"{JOBS}/{job.short_id}/process")
    assert (answer.status, answer.json["data"]["status"]) == (200, "queued")
    [note] = aws.published()
    assert (note["Message"]["data"]["status"], note["Message"]["data"]["attempt"]) == ("failed", 1)
    assert tenant.jobs.get(job.key).attempt == 2


def test_scopes_are_named_in_the_refusal(tenant):
    answer = tenant.holder(Scope.JOBS_READ).ask("POST", JOBS, an_input())
    assert (answer.status, "jobs:write" in answer.json["message"]) == (403, True)
