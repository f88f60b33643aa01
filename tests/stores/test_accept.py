"""The shared intake: one job and one document for one request, whatever dies between the calls to AWS."""

import itertools

import pytest

from paydraft.model.document import Lane
from paydraft.model.errors import (
    DocumentTooLargeError,
    IdempotencyConflictError,
    StaleJobError,
    TransientError,
    UnsupportedMediaError,
)
from paydraft.model.job import CHECK_AFTER, DOCUMENT_GRACE, Dialect, Labels
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.stores.clients import client
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.workflows.accept_document import Submission, accept
from paydraft.workflows.new_job import RANDOM_BYTES
from tests.builders import A_PDF, NOW, TENANT, a_place, after, some_bytes
from tests.fault_injection import broken_connections, calls, crash, lost_answers

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def a_submission(**fields):
    defaults = {"tenant_id": TENANT, "subject": "alice", "dialect": Dialect.COREBANQ_V2, "data": A_PDF}
    return Submission(**(defaults | fields))


@pytest.fixture
def take(jobs, documents):
    """accept() with this stack's stores; each call has chance of its own, as each request has."""

    def taken(now=NOW, key=KEY, **fields):
        return accept(
            a_submission(**fields),
            jobs=jobs,
            documents=documents,
            now=now,
            randomness=some_bytes(RANDOM_BYTES),
            idempotency_key=key,
        )

    return taken


@pytest.fixture
def written(jobs, documents, stack):
    """All jobs in the table, each with the bytes of its document or None."""

    def rows():
        keys = list(jobs.open_jobs(due_before=None))
        found = [documents.find(str(a_place(jobs.get(key)))) for key in keys]
        return [
            (key, obj and documents.read(obj, limit=MAX_INLINE_BYTES)) for key, obj in zip(keys, found, strict=True)
        ]

    return rows


# ── what is taken, and what is refused ────────────────────────────────────────────────────────────────────────────────


def test_a_document_becomes_a_queued_job_with_the_document_in_its_place(take, jobs, documents):
    accepted = take(labels=Labels(customer_id="c-1"), lane=Lane.EXPRESS)
    job = accepted.job
    assert not accepted.replayed
    assert jobs.get(job.key) == job
    assert (job.status, job.attempt, job.invoice_id) == (Status.QUEUED, 1, 1)
    assert (job.tenant_id, job.subject, job.customer_id, job.lane) == (TENANT, "alice", "c-1", Lane.EXPRESS)
    assert job.created_at == job.updated_at == NOW
    assert job.job_id != job.upload_id
    stored = documents.find(f"incoming/express/{TENANT}/{job.job_id}/1")
    assert documents.read(stored, limit=1000) == A_PDF


def test_three_calls_to_aws_make_a_job(take):
    with calls() as made:
        take()
    assert made == ["UpdateItem", "TransactWriteItems", "PutObject"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"%PDF-1.7" + bytes(MAX_INLINE_BYTES), DocumentTooLargeError),
        (b"", UnsupportedMediaError),
        (b"%PDF-1.7", UnsupportedMediaError),
        (b"<html><body>an invoice</body></html>", UnsupportedMediaError),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1", UnsupportedMediaError),
    ],
    ids=["too large", "empty", "a stump", "HTML", "PostScript"],
)
def test_what_can_not_be_read_is_refused_before_anything_is_written(take, data, error):
    with calls() as made, pytest.raises(error):
        take(data=data)
    assert made == []


def test_the_largest_document_is_taken(take, documents):
    data = A_PDF + bytes(MAX_INLINE_BYTES - len(A_PDF))
    stored = documents.find(str(a_place(take(data=data).job)))
    assert len(documents.read(stored, limit=MAX_INLINE_BYTES)) == MAX_INLINE_BYTES


def test_too_little_chance_is_a_mistake_of_ours(jobs, documents):
    with pytest.raises(ValueError, match="random bytes"):
        accept(a_submission(), jobs=jobs, documents=documents, now=NOW, randomness=b"short")


def test_without_a_key_the_same_document_makes_another_job(take):
    assert take(key=None).job.job_id != take(key=None).job.job_id


# ── the same request again ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_request_again_is_told_the_first_job(take, written):
    first = take(now=after(microseconds=1234))
    again = take(now=after(hours=23, minutes=59))
    assert again.replayed
    assert again.job == first.job
    assert written() == [(first.job.key, A_PDF)]


@pytest.mark.parametrize("fields", [{"subject": "bob"}], ids=["renewed token of another subject"])
def test_what_is_not_part_of_the_request_may_differ(take, fields):
    first = take()
    assert take(**fields).job == first.job


@pytest.mark.parametrize(
    "fields",
    [{"data": A_PDF + b"\n"}, {"labels": Labels(customer_id="c-2")}, {"labels": Labels()}, {"lane": Lane.EXPRESS}],
    ids=["other bytes", "another customer", "no customer", "another lane"],
)
def test_another_request_with_a_used_key_is_refused_and_changes_nothing(take, written, fields):
    first = take(labels=Labels(customer_id="c-1"))
    with pytest.raises(IdempotencyConflictError):
        take(**({"labels": Labels(customer_id="c-1")} | fields))
    assert written() == [(first.job.key, A_PDF)]


def test_the_keys_of_two_dialects_are_strangers(take):
    assert take().job.job_id != take(dialect=Dialect.MONITE).job.job_id


def test_the_keys_of_two_tenants_are_strangers(take):
    assert take().job.job_id != take(tenant_id="other").job.job_id


def test_after_a_day_a_key_is_free_again(take):
    first = take()
    second = take(now=after(hours=24), data=A_PDF + b"\n")
    assert not second.replayed
    assert second.job.job_id != first.job.job_id


def test_a_replay_of_a_job_that_has_moved_on_tells_how_it_stands_and_stores_nothing(take, jobs, documents):
    job = take().job
    obj = documents.find(str(a_place(job)))
    jobs.begin(job.key, 1, obj, owner="message-1", now=NOW)
    with calls() as made:
        assert take().job.status is Status.PROCESSING
    assert "PutObject" not in made


def test_a_replay_of_a_job_that_was_given_up_stores_nothing(take, jobs, documents):
    with crash(3, "before"):
        take()
    (key,) = jobs.open_jobs(due_before=None)
    jobs.finish(key, 1, Ending(status=Status.FAILED), now=NOW + DOCUMENT_GRACE)
    replayed = take(now=NOW + DOCUMENT_GRACE)
    assert (replayed.replayed, replayed.job.status) == (True, Status.FAILED)
    assert documents.find(str(a_place(replayed.job))) is None


def test_a_replay_of_a_deleted_job_says_so(take, stack):
    job = take().job
    key = {"tenant_id": {"S": TENANT}, "sk": {"S": f"JOB#{job.job_id}"}}
    client("dynamodb").delete_item(TableName=stack["JobsTable"], Key=key)
    with pytest.raises(StaleJobError):
        take()


# ── the crash matrix ──────────────────────────────────────────────────────────────────────────────────────────────────

# Where the process dies (call, side of it), and what stands then: jobs, documents.
LEFT_BEHIND = {
    (1, "before"): (0, 0),  # UpdateItem: the invoice number
    (1, "after"): (0, 0),
    (2, "before"): (0, 0),  # TransactWriteItems: job, look-ups and claim
    (2, "after"): (1, 0),
    (3, "before"): (1, 0),  # PutObject: the document
    (3, "after"): (1, 1),
}
WITH_A_JOB = [boundary for boundary, (jobs, _) in LEFT_BEHIND.items() if jobs]


@pytest.mark.parametrize("boundary", LEFT_BEHIND)
def test_a_crash_anywhere_is_mended_by_trying_again_with_the_key(take, written, boundary):
    with crash(*boundary):
        take()
    left_behind = written()
    accepted = take(now=after(seconds=9))
    assert written() == [(accepted.job.key, A_PDF)]
    assert [key for key, _ in left_behind] in ([], [accepted.job.key])
    assert accepted.replayed == bool(left_behind)


@pytest.mark.parametrize(("boundary", "left"), LEFT_BEHIND.items())
def test_a_crash_without_another_try_leaves_nothing_or_a_job_the_reconciler_sees(take, written, jobs, boundary, left):
    with crash(*boundary):
        take()
    rows = written()
    assert (len(rows), sum(document == A_PDF for _, document in rows)) == left
    assert list(jobs.open_jobs(due_before=NOW + CHECK_AFTER)) == [key for key, _ in rows]
    assert all(jobs.get(key).status is Status.QUEUED for key, _ in rows)


@pytest.mark.parametrize(
    ("boundary", "again"),
    [
        *itertools.product(LEFT_BEHIND, LEFT_BEHIND),
        *itertools.product(WITH_A_JOB, [(4, "before"), (4, "after")]),  # the replay's PutObject, after its GetItem
    ],
)
def test_a_crash_of_the_second_try_is_mended_by_the_third(take, written, boundary, again):
    with crash(*boundary):
        take()
    with crash(*again):
        take()
    accepted = take()
    assert written() == [(accepted.job.key, A_PDF)]


def test_an_upload_that_fails_leaves_the_job_for_the_next_try(take, written):
    with broken_connections("PutObject"), pytest.raises(TransientError):
        take()
    assert [document for _, document in written()] == [None]
    assert take().replayed
    assert [document for _, document in written()] == [A_PDF]


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems", "PutObject"])
@pytest.mark.parametrize("times", [1, 3])
def test_an_answer_that_is_lost_once_or_often_makes_no_second_job(aws, operation, times):
    jobs, documents = JobStore(aws["JobsTable"], aws["TransientTable"]), DocumentStore(aws["DocumentsBucket"])
    chance = some_bytes(RANDOM_BYTES)
    with lost_answers(operation, times):
        accepted = accept(
            a_submission(), jobs=jobs, documents=documents, now=NOW, randomness=chance, idempotency_key=KEY
        )
    assert not accepted.replayed
    assert list(jobs.open_jobs(due_before=None)) == [accepted.job.key]
    versions = client("s3").list_object_versions(Bucket=aws["DocumentsBucket"])["Versions"]
    assert [version["Key"] for version in versions] == [str(a_place(accepted.job))]
