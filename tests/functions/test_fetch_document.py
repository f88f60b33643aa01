"""FetchDocument: a document that lies on the web comes to where uploads come to, or its job ends and says why."""

import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest

from paydraft.model.document import Lane
from paydraft.model.errors import TransientError
from paydraft.model.fetch import FetchRequest
from paydraft.model.job import JobKey
from paydraft.model.status import Fault, Status
from paydraft.model.steps import Outcome
from paydraft.runtime.settings import FetchSettings
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.jobs import JobStore
from tests import iam
from tests.builders import A_PDF, a_job, a_place, a_step, after, an_object
from tests.crash_points import crash_everywhere
from tests.fault_injection import answers, calls, crash
from tests.web import OK, Server, document, moved, saying, serving_web

FUNCTION = "FetchDocumentFunction"
SECRET = "X-Signature=cafe0123456789"  # what an address may hold
HTML = b"<!doctype html><html><body>Please log in to see this invoice</body></html>"
LANES = {Lane.STANDARD: "StandardQueue", Lane.EXPRESS: "ExpressQueue"}


@pytest.fixture
def web(aws, monkeypatch) -> Iterator[Server]:
    """A server that gives a PDF, and that fetching is allowed to ask."""
    with serving_web(document(A_PDF)) as server:
        monkeypatch.setenv("FETCH_TEST_HOSTS", server.place)
        yield server


def a_job_at(aws, url, **fields):
    job = a_job(**{"source_url": url} | fields)
    JobStore(aws["JobsTable"]).put_new(job)
    return row(aws, job)


def waiting(aws, web, **fields):
    """A job whose document lies on the server."""
    return a_job_at(aws, f"http://{web.place}/invoice.pdf?{SECRET}", **fields)


def row(aws, job):
    return JobStore(aws["JobsTable"]).get(job.key)


def message(body, message_id="message-1"):
    return {
        "messageId": message_id,
        "eventSource": "aws:sqs",
        "body": body if isinstance(body, str) else json.dumps(body),
    }


def request(job, **changes):
    return {"tenant_id": job.tenant_id, "job_id": str(job.job_id), "attempt": job.attempt} | changes


def deliver(aws, *bodies):
    """The ids of the messages that are to come back."""
    records = [message(body, f"message-{number}") for number, body in enumerate(bodies, 1)]
    answer = aws.invoke(FUNCTION, {"Records": records})
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def versions(aws, job):
    prefix = str(a_place(job))
    return aws.client("s3").list_object_versions(Bucket=aws["DocumentsBucket"], Prefix=prefix).get("Versions", [])


def stored(aws, job):
    found = DocumentStore(aws["DocumentsBucket"]).find(str(a_place(job)))
    return found and DocumentStore(aws["DocumentsBucket"]).read(found, limit=1000)


def failure_of(aws, job):
    """Of a job that failed, and was told of once."""
    ended = row(aws, job)
    assert ended.status is Status.FAILED
    [note] = aws.published()
    assert note["Message"]["data"]["failure_code"] == ended.failure.code
    return ended.failure.code, ended.failure.fault


# ── the request ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_names_the_job_and_nothing_else(aws, web):
    job = waiting(aws, web)
    FetchQueue(aws["FetchQueue"]).ask(job.key, job.attempt)
    assert aws.messages("FetchQueue") == [request(job)]


@pytest.mark.parametrize("lane", Lane)
def test_a_document_is_stored_in_its_jobs_lane_which_starts_the_job_as_any_upload_does(aws, web, lane):
    job = waiting(aws, web, lane=lane)
    assert deliver(aws, request(job)) == []
    assert stored(aws, job) == A_PDF
    [told] = aws.messages(LANES[lane])
    assert unquote_plus(told["Records"][0]["s3"]["object"]["key"]) == str(a_place(job))
    assert row(aws, job) == job
    assert web.requests[0].startswith(f"GET /invoice.pdf?{SECRET} ")


def test_a_document_is_stored_with_the_type_that_its_bytes_show(aws, web):
    web.script = saying(OK + b"Content-Type: text/html\r\n\r\n", b"\x89PNG\r\n\x1a\n" + bytes(100))
    job = waiting(aws, web)
    deliver(aws, request(job))
    head = aws.client("s3").head_object(Bucket=aws["DocumentsBucket"], Key=str(a_place(job)))
    assert head["ContentType"] == "image/png"


def test_a_later_attempt_is_fetched_again_if_nothing_was_ever_stored(aws, web):
    job = waiting(aws, web, attempt=3)
    deliver(aws, request(job))
    assert stored(aws, job) == A_PDF


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.FAILED])
def test_a_job_that_ends_while_its_document_is_fetched_leaves_none_behind(aws, web, outcome):
    job = waiting(aws, web)

    def meanwhile(server, asked):
        with iam.as_test():
            aws.invoke("FinishJobFunction", a_step(job, outcome=outcome).to_json())
        yield from document(A_PDF)(server, asked)

    web.script = meanwhile
    assert deliver(aws, request(job)) == []
    assert (versions(aws, job), row(aws, job).status.value) == ([], outcome.value)


def test_a_request_that_comes_twice_stores_one_document(aws, web):
    job = waiting(aws, web)
    web.script = changing(A_PDF, A_PDF + b"another")
    assert deliver(aws, request(job), request(job)) == []
    assert (len(versions(aws, job)), stored(aws, job)) == (1, A_PDF)


def changing(*documents):
    """Each time another."""
    left = iter(documents)
    return lambda server, request: document(next(left))(server, request)


@pytest.mark.parametrize(
    "moved_on",
    [
        {"attempt": 2},
        {"status": Status.PROCESSING},
        {"status": Status.COMPLETED},
        {"status": Status.FAILED},
        {"status": Status.CANCELLED},
        {"source_url": None},
        {"attempt": 2, "original": an_object(a_job()), "asked": 2},
    ],
    ids=lambda change: "-".join(change),
)
def test_nothing_is_fetched_for_a_job_that_does_not_wait_for_it(aws, web, moved_on):
    asked = moved_on.get("asked", 1)
    job = waiting(aws, web, **{name: value for name, value in moved_on.items() if name != "asked"})
    assert deliver(aws, request(job, attempt=asked)) == []
    assert (web.accepted, versions(aws, job), row(aws, job)) == (0, [], job)


def test_nothing_is_fetched_for_a_job_that_is_not_there_or_somebody_elses(aws, web):
    job = waiting(aws, web)
    assert deliver(aws, request(a_job()), request(job, tenant_id="other")) == []
    assert web.accepted == 0


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "null", "{}", {"tenant_id": "acme", "job_id": "7", "attempt": 1}, {"tenant_id": "../acme"}],
    ids=repr,
)
def test_a_request_that_nobody_understands_comes_back_and_holds_up_no_other(aws, web, body):
    job = waiting(aws, web)
    assert deliver(aws, body, request(job)) == ["message-1"]
    assert stored(aws, job) == A_PDF


def test_a_request_with_a_field_too_many_is_not_understood():
    """An address that somebody puts into a message must not go unnoticed."""
    with pytest.raises(ValueError, match="source_url"):
        FetchRequest.model_validate(request(a_job()) | {"source_url": "https://example.com/"})


# ── what may go wrong ─────────────────────────────────────────────────────────────────────────────────────────────────

GONE = saying(b"HTTP/1.1 404 Not Found\r\n\r\n")
WRONG = {
    "gone": (GONE, "document_url_failed"),
    "forbidden": (saying(b"HTTP/1.1 403 Forbidden\r\n\r\n"), "document_url_failed"),
    "broken": (saying(b"HTTP/1.1 500 Oops\r\n\r\n"), "document_url_failed"),
    "packed": (saying(OK + b"Content-Encoding: gzip\r\n\r\n"), "document_url_failed"),
    "a loop": (saying(moved("/invoice.pdf")), "document_url_failed"),
    "moved where nobody may look": (saying(moved("https://169.254.169.254/latest/")), "document_url_unreachable"),
    "moved to http": (saying(moved("http://example.com/")), "document_url_unreachable"),
    "hung up": (saying(), "document_url_unreachable"),
    "too large": (saying(OK + b"Content-Length: 26214401\r\n\r\n"), "document_too_large"),
    "a page to log in": (document(HTML), "unsupported_media"),
    "empty": (document(b""), "unsupported_media"),
    "too short for a document": (document(b"%PDF-"), "unsupported_media"),
}


@pytest.mark.parametrize(("script", "code"), WRONG.values(), ids=WRONG)
def test_a_job_whose_document_can_not_be_had_ends_and_says_why(aws, web, script, code):
    web.script = script
    job = waiting(aws, web)
    assert deliver(aws, request(job)) == []
    assert failure_of(aws, job) == (code, Fault.DOCUMENT)
    assert versions(aws, job) == []


NOT_ASKED = """
    https://127.0.0.1/a https://localhost/a https://[::1]/a https://169.254.169.254/latest/meta-data/ http://example.com/a
    https://example.com:8443/a https://user:pass@example.com/a ftp://example.com/a nonsense
""".split()


@pytest.mark.parametrize("url", NOT_ASKED)
def test_a_job_whose_address_may_not_be_asked_ends_like_one_that_nobody_is_at(aws, web, url):
    job = a_job_at(aws, url)
    deliver(aws, request(job))
    assert failure_of(aws, job) == ("document_url_unreachable", Fault.DOCUMENT)


def test_a_test_host_is_one_only_where_it_is_named(aws, web, monkeypatch):
    monkeypatch.setenv("FETCH_TEST_HOSTS", "")
    job = waiting(aws, web)
    deliver(aws, request(job))
    assert failure_of(aws, job)[0] == "document_url_unreachable"
    assert web.accepted == 0


def test_prod_has_no_test_hosts_whatever_is_configured():
    named = {"jobs_table": "j", "documents_bucket": "d", "finish_job_function": "f", "fetch_test_hosts": "A:1, b:2,"}
    assert FetchSettings(stage="local", **named).test_hosts == {"a:1", "b:2"}
    assert FetchSettings(stage="prod", **named).test_hosts == frozenset()


def test_a_link_that_works_only_once_does_not_fail_its_job_when_the_request_is_repeated(aws, web):
    job = waiting(aws, web)
    assert deliver(aws, request(job)) == []
    web.script = GONE
    assert deliver(aws, request(job)) == []
    assert (row(aws, job).status, stored(aws, job)) == (Status.QUEUED, A_PDF)


def test_a_job_that_can_not_be_ended_now_is_fetched_for_again(aws, web):
    job, works = waiting(aws, web), web.script
    web.script = GONE

    def broken(event, context):
        raise RuntimeError

    aws.handlers["FinishJobFunction"] = broken
    assert deliver(aws, request(job)) == ["message-1"]
    aws.handlers.clear()
    assert row(aws, job).status is Status.QUEUED
    web.script = works
    assert deliver(aws, request(job)) == []
    assert stored(aws, job) == A_PDF


def test_a_document_that_can_not_be_stored_now_comes_back(aws, web):
    job = waiting(aws, web)
    with answers("PutObject", 503, "<Error><Code>SlowDown</Code></Error>"):
        assert deliver(aws, request(job)) == ["message-1"]
    assert row(aws, job).status is Status.QUEUED
    assert deliver(aws, request(job)) == []
    assert stored(aws, job) == A_PDF


def test_wherever_it_is_killed_a_document_is_stored_once_and_its_job_goes_on(aws, web):
    def check(job):
        assert (len(versions(aws, job)), stored(aws, job)) == (1, A_PDF)
        assert row(aws, job) == job
        assert aws.published() == []

    assert crash_everywhere(lambda: waiting(aws, web), lambda job: deliver(aws, request(job)), check) == 3 * 2 * 2


def test_wherever_it_is_killed_a_job_without_a_document_ends_once(aws, web):
    web.script = GONE

    def check(job):
        aws.invoke("ReconcileJobsFunction", {"check": "all"})  # FinishJob is among those that are killed
        assert row(aws, job).failure.code == "document_url_failed"
        assert len({note["Message"]["id"] for note in aws.published()}) == 1

    assert crash_everywhere(lambda: waiting(aws, web), lambda job: deliver(aws, request(job)), check) >= 12


# ── dead letters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_that_came_to_nothing_three_times_ends_its_job_as_our_fault(aws, web):
    job = waiting(aws, web)
    assert aws.invoke("FinishJobFunction", {"Records": [message(request(job))]}) == {"batchItemFailures": []}
    assert failure_of(aws, job) == ("internal_error", Fault.SERVICE)


@pytest.mark.parametrize("changes", [{"attempt": 2}, {"status": Status.COMPLETED}, {"status": Status.CANCELLED}])
def test_a_dead_request_for_a_job_that_has_moved_on_is_taken_and_ignored(aws, web, changes):
    job = waiting(aws, web, **changes)
    letter = message(request(job, attempt=1))
    assert aws.invoke("FinishJobFunction", {"Records": [letter]}) == {"batchItemFailures": []}
    assert row(aws, job) == job


@pytest.mark.parametrize("body", [{"job_id": 7}, {"job_id": None}, '{"job_id": "x", "tenant_id": "acme"}'])
def test_a_dead_request_that_nobody_can_read_comes_back_until_it_is_parked(aws, body):
    answer = aws.invoke("FinishJobFunction", {"Records": [message(body)]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}


# ── the address stays where it is ─────────────────────────────────────────────────────────────────────────────────────

_UNFORESEEN = "https://canary.example.com/canary/a.pdf?canary=1"


def test_an_address_is_in_no_log_no_message_and_no_event(aws, web, monkeypatch, capsys):
    place = web.place
    canaries = ["invoice.pdf", SECRET, "canary", place, "127.0.0.1", "169.254", "nonsense", "meta-data", "user:pass"]
    for script, _ in WRONG.values():
        web.script = script
        deliver(aws, request(waiting(aws, web)))
    for url in NOT_ASKED:
        deliver(aws, request(a_job_at(aws, url)))
    monkeypatch.setattr("fetch_document.safe_fetch.HTTPResponse", _breaking)  # a part of Python that surprises us
    job = waiting(aws, web)
    assert deliver(aws, request(job)) == ["message-1"]
    assert row(aws, job).status is Status.QUEUED

    told = capsys.readouterr().out + json.dumps(aws.published()) + json.dumps([event for _, event in aws.calls])
    for queue in ("StandardQueue", "FetchQueue", "FetchDeadLetters", "ParkedCalls"):
        told += json.dumps(aws.messages(queue))
    assert "document_url_unreachable" in told
    assert "TransientError" in told
    assert [canary for canary in canaries if canary in told] == []


def _breaking(*_, **__):
    raise RuntimeError(_UNFORESEEN)


def test_what_is_logged_tells_the_cause_to_who_runs_it(aws, web, capsys):
    deliver(aws, request(a_job_at(aws, "https://10.0.0.1/")))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [line] = [line for line in lines if line.get("message") == "document asked for"]
    assert (line["failure"], line["detail"]) == ("document_url_unreachable", "no public host name")


# ── permissions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_may_store_and_end_and_do_nothing_else(aws, web):
    """By its statements alone, which every delivery above ran under: no listing, no writing to tables."""
    job = waiting(aws, web)
    with calls() as made:
        deliver(aws, request(job))
    assert made == ["GetItem", "GetItem", "PutObject"]
    web.script, job = GONE, waiting(aws, web)
    with calls() as made:
        deliver(aws, request(job))
    assert made[:3] == ["GetItem", "HeadObject", "Invoke"]


def test_a_lost_answer_of_the_store_is_as_good_as_one(aws, web):
    job = waiting(aws, web)
    with crash(3, "after", TransientError):
        deliver(aws, request(job))
    assert deliver(aws, request(job)) == []
    assert len(versions(aws, job)) == 1


def test_the_key_of_a_request_is_the_jobs():
    job = a_job(created_at=after(minutes=1))
    assert FetchRequest.model_validate(request(job)).key == JobKey(tenant_id=job.tenant_id, job_id=job.job_id)
