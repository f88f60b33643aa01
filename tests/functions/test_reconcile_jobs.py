"""ReconcileJobs: no job stays open, whatever died; and it never makes worse what it finds."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import unquote_plus

import pytest

from finish_job import handler as finish_job
from paydraft.model.document import Lane, StoredObject
from paydraft.model.errors import NotAnInvoiceError, PermanentError
from paydraft.model.job import MAX_ATTEMPTS
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from reconcile_jobs import handler as reconcile_jobs
from reconcile_jobs.plan import MAX_REQUEUES
from tests.builders import A_PDF, a_job, a_place, a_step
from tests.crash_points import crash_everywhere

EVERY_JOB = {"check": "all"}
MINUTE = timedelta(minutes=1)
FAILED = Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure)
LANES = {Lane.STANDARD: "StandardQueue", Lane.EXPRESS: "ExpressQueue"}


def reconcile(aws, event=None):
    return aws.invoke("ReconcileJobsFunction", event or {})


def row(aws, job):
    return JobStore(aws["JobsTable"]).get(job.key)


def is_open(aws, job):
    return job.key in list(JobStore(aws["JobsTable"]).open_jobs(due_before=None))


def announced(aws, lane=Lane.STANDARD):
    """Keys and versions in the lane, taken out of it."""
    records = [record for body in aws.messages(LANES[lane]) for record in body["Records"]]
    return [
        (unquote_plus(record["s3"]["object"]["key"]), record["s3"]["object"].get("versionId")) for record in records
    ]


def put_document(aws, place):
    stored = DocumentStore(aws["DocumentsBucket"]).put_new(place, A_PDF, MediaType.PDF)
    announced(aws, place.lane)  # S3's own event is the one that gets lost
    return stored


def standing(aws, minutes=2, **fields):
    """A queued job, accepted some minutes ago, without its document."""
    return accepted(aws, a_job(created_at=datetime.now(UTC) - minutes * MINUTE, **fields))


def accepted(aws, job):
    """The job as it is stored."""
    JobStore(aws["JobsTable"]).put_new(job)
    return row(aws, job)


def whose_event_was_lost(aws, **fields):
    job = standing(aws, **fields)
    put_document(aws, a_place(job))
    return job


def whose_reader_died(aws, *, lease=-MINUTE, attempt=1, **fields):
    """A job in reading, its lease over a minute ago."""
    job = a_job(created_at=datetime.now(UTC) - 6 * MINUTE, attempt=attempt)
    original = put_document(aws, a_place(job, attempt=1))
    source = original if attempt == 1 else put_document(aws, a_place(job))
    reading = {"status": Status.PROCESSING, "original": original, "source": source, "lease_owner": "message-1"}
    return accepted(aws, job.model_copy(update=reading | {"lease_until": datetime.now(UTC) + lease} | fields))


def whose_execution_failed(aws, **fields):
    """Read, started, and dead where no Catch sees it; the event that tells of it was lost."""
    job = whose_reader_died(aws, **fields)
    aws.handlers["FinishJobFunction"] = aws.handlers["MatchCounterpartyFunction"] = _broken
    Completion(aws["JobCompletion"]).start(a_step(job))
    assert aws.execution(job.job_id, job.attempt)["status"] == "FAILED"
    aws.handlers.clear()
    return job


def _broken(event, context):
    raise PermanentError


def whose_copy_is_missing(aws):
    """Killed between beginning the next attempt and copying the original."""
    job = whose_reader_died(aws)
    return JobStore(aws["JobsTable"]).next_attempt(job, now=datetime.now(UTC) - 2 * MINUTE)


def whose_fetch_was_never_asked_for(aws, **fields):
    """Killed between writing the job and asking."""
    return standing(aws, source_url="https://files.example.com/invoice.pdf?secret", **fields)


def whose_event_is_pending(aws):
    job = standing(aws, status=Status.PROCESSING)
    return JobStore(aws["JobsTable"]).finish(job.key, job.attempt, FAILED, now=datetime.now(UTC) - 2 * MINUTE)


# ── each loss and its remedy ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lane", Lane)
def test_a_document_whose_event_was_lost_is_announced_again_in_its_lane(aws, lane):
    job = standing(aws, lane=lane)
    stored = put_document(aws, a_place(job))
    assert reconcile(aws) == {"Announce": 1}
    assert announced(aws, lane) == [(stored.key, stored.version_id)]
    assert (row(aws, job).requeues, row(aws, job).status) == (0, Status.QUEUED)


def test_an_announcement_has_the_shape_of_s3s_own_event(aws):
    job = standing(aws)
    DocumentStore(aws["DocumentsBucket"]).put_new(a_place(job), A_PDF, MediaType.PDF)
    [by_s3] = aws.messages("StandardQueue")
    reconcile(aws)
    [by_us] = aws.messages("StandardQueue")
    of_s3, of_us = by_s3["Records"][0], by_us["Records"][0]
    assert of_us["eventSource"] == of_s3["eventSource"]
    assert of_us["s3"]["bucket"]["name"] == of_s3["s3"]["bucket"]["name"]
    assert unquote_plus(of_us["s3"]["object"]["key"]) == unquote_plus(of_s3["s3"]["object"]["key"])


def test_a_job_that_is_not_due_is_left_alone_unless_every_job_is_asked_for(aws):
    job = whose_event_was_lost(aws)
    JobStore(aws["JobsTable"]).check_again(job, at=datetime.now(UTC) + MINUTE)
    assert reconcile(aws) == {}
    assert announced(aws) == []
    assert reconcile(aws, EVERY_JOB) == {"Announce": 1}
    assert len(announced(aws)) == 1


def test_after_an_announcement_it_waits_before_the_next(aws):
    whose_event_was_lost(aws)
    reconcile(aws)
    assert reconcile(aws) == {}


def test_a_job_whose_document_never_came_fails_and_says_so(aws):
    job = standing(aws, minutes=16)
    reconcile(aws)
    assert (row(aws, job).status, row(aws, job).failure.code) == (Status.FAILED, "document_missing")
    [note] = aws.published()
    assert note["Message"]["data"]["failure_code"] == "document_missing"
    assert not is_open(aws, job)


def test_a_job_whose_document_may_still_come_is_left_waiting(aws):
    job = standing(aws, minutes=10)
    assert reconcile(aws) == {"Wait": 1}
    assert row(aws, job).status is Status.QUEUED
    assert row(aws, job).next_check_at > datetime.now(UTC)


def test_a_job_that_has_not_ended_in_thirty_minutes_fails(aws):
    job = whose_event_was_lost(aws, minutes=31)
    assert reconcile(aws) == {"End": 1, "Overdue": 1}
    assert row(aws, job).failure.code == "timed_out"
    assert len(aws.published()) == 1


def test_an_event_that_was_not_published_is_published(aws):
    job = whose_event_is_pending(aws)
    assert reconcile(aws) == {"PublishAgain": 1}
    [note] = aws.published()
    assert note["Message"]["data"]["status"] == "failed"
    assert not is_open(aws, job)


def test_a_document_whose_reader_died_is_announced_again(aws):
    job = whose_reader_died(aws)
    assert reconcile(aws, EVERY_JOB) == {"Announce": 1}
    assert announced(aws) == [(job.source.key, job.source.version_id)]


def test_a_reader_at_work_is_not_disturbed_and_looked_at_when_its_lease_ends(aws):
    job = whose_reader_died(aws, lease=MINUTE)
    assert reconcile(aws, EVERY_JOB) == {"Wait": 1}
    assert announced(aws) == []
    assert row(aws, job).next_check_at == job.lease_until


def test_a_document_that_kills_every_reader_fails_its_job(aws):
    job = whose_reader_died(aws, requeues=MAX_REQUEUES)
    reconcile(aws, EVERY_JOB)
    assert (row(aws, job).status, row(aws, job).failure.code) == (Status.FAILED, "internal_error")


def test_a_job_whose_execution_runs_is_left_to_it_even_when_its_lease_is_over(aws):
    job, seen = whose_reader_died(aws), []

    def while_it_runs(event, context):
        seen.append((reconcile(aws, EVERY_JOB), announced(aws)))
        return {"kind": "not_found"}

    aws.handlers["MatchCounterpartyFunction"] = while_it_runs
    aws.handlers["CreateDraftTransferFunction"] = lambda event, context: {"no_draft": "no_total"}
    Completion(aws["JobCompletion"]).start(a_step(job))
    assert aws.execution(job.job_id)["status"] == "SUCCEEDED"
    assert seen == [({"Wait": 1}, [])]
    assert row(aws, job).status is Status.COMPLETED


def test_a_job_whose_execution_failed_gets_another_attempt_at_the_original(aws):
    job = whose_execution_failed(aws)
    assert reconcile(aws, EVERY_JOB) == {"StartNextAttempt": 1}
    after = row(aws, job)
    assert (after.attempt, after.status, after.source, after.original) == (2, Status.QUEUED, None, job.original)
    [(key, _)] = announced(aws)  # by S3, of the copy
    assert key == str(a_place(after))
    copied = DocumentStore(aws["DocumentsBucket"]).find(key)
    assert DocumentStore(aws["DocumentsBucket"]).read(copied, limit=1000) == A_PDF


def test_the_last_attempt_whose_execution_failed_fails_the_job(aws):
    job = whose_execution_failed(aws, attempt=MAX_ATTEMPTS)
    reconcile(aws, EVERY_JOB)
    assert (row(aws, job).status, row(aws, job).failure.code) == (Status.FAILED, "internal_error")
    assert len(aws.published()) == 1


def test_an_execution_that_succeeded_without_ending_its_job_fails_it(aws):
    job = whose_reader_died(aws)
    for function in ("MatchCounterpartyFunction", "CreateDraftTransferFunction", "FinishJobFunction"):
        aws.handlers[function] = lambda event, context: {}
    Completion(aws["JobCompletion"]).start(a_step(job))
    assert aws.execution(job.job_id)["status"] == "SUCCEEDED"
    aws.handlers.clear()
    reconcile(aws, EVERY_JOB)
    assert row(aws, job).failure.code == "internal_error"


def test_a_next_attempt_that_never_got_its_copy_gets_it_now(aws):
    job = whose_copy_is_missing(aws)
    assert reconcile(aws, EVERY_JOB) == {"CopyOriginal": 1}
    assert [key for key, _ in announced(aws)] == [str(a_place(job))]


def test_a_next_attempt_whose_original_is_gone_fails(aws):
    gone = StoredObject(key="incoming/standard/acme/gone/1", version_id="00000000-0000-0000-0000-000000000000")
    job = standing(aws, attempt=2, original=gone)
    reconcile(aws)
    assert row(aws, job).failure.code == "document_missing"


@pytest.mark.parametrize("minutes", [2, 16, 29])
def test_a_document_that_is_still_to_be_fetched_is_asked_for_again(aws, minutes):
    job = whose_fetch_was_never_asked_for(aws, minutes=minutes)
    assert reconcile(aws) == {"FetchAgain": 1}
    assert aws.messages("FetchQueue") == [{"tenant_id": "acme", "job_id": str(job.job_id), "attempt": 1}]
    assert (row(aws, job).status, row(aws, job).attempt) == (Status.QUEUED, 1)
    assert reconcile(aws) == {}


def test_a_document_that_could_not_be_fetched_in_thirty_minutes_fails_its_job(aws):
    job = whose_fetch_was_never_asked_for(aws, minutes=31)
    assert reconcile(aws) == {"End": 1, "Overdue": 1}
    assert row(aws, job).failure.code == "timed_out"
    assert aws.messages("FetchQueue") == []


def test_a_document_that_was_fetched_is_announced_and_not_fetched_again(aws):
    job = whose_fetch_was_never_asked_for(aws)
    stored = put_document(aws, a_place(job))
    assert reconcile(aws) == {"Announce": 1}
    assert (announced(aws), aws.messages("FetchQueue")) == ([(stored.key, stored.version_id)], [])


# ── the run itself ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_job_that_can_not_be_helped_holds_up_no_other(aws):
    stuck, other = standing(aws, minutes=16), standing(aws, minutes=16)

    def refusing(event, context):
        if event["job_id"] == str(stuck.job_id):
            raise RuntimeError("not this one")
        return finish_job.lambda_handler(event, context)

    aws.handlers["FinishJobFunction"] = refusing
    assert reconcile(aws) == {"End": 1, "Errors": 1}
    assert (row(aws, stuck).status, row(aws, other).status) == (Status.QUEUED, Status.FAILED)
    aws.handlers.clear()
    assert reconcile(aws) == {"End": 1}
    assert row(aws, stuck).status is Status.FAILED


def test_a_job_that_another_reconciler_has_just_looked_at_is_passed(aws):
    one, jobs = standing(aws, minutes=16), JobStore(aws["JobsTable"])
    same_page = (job for _ in range(999) if (job := a_job(created_at=one.created_at)).open_shard == one.open_shard)
    both = [one, accepted(aws, next(same_page))]

    def meanwhile(event, context):
        [other] = [job for job in both if str(job.job_id) != event["job_id"]]
        jobs.check_again(other, at=datetime.now(UTC) + MINUTE)

    aws.handlers["FinishJobFunction"] = meanwhile
    assert reconcile(aws) == {"End": 1, "Passed": 1}


def test_a_run_does_a_bounded_amount_of_work_and_the_next_run_the_rest(aws, monkeypatch):
    jobs = [standing(aws, minutes=16) for _ in range(5)]
    monkeypatch.setattr(reconcile_jobs, "MAX_JOBS", 3)
    assert reconcile(aws) == {"End": 3}
    assert reconcile(aws) == {"End": 2}
    assert {row(aws, job).status for job in jobs} == {Status.FAILED}


def test_no_job_is_begun_when_the_time_is_nearly_over(aws):
    job = standing(aws, minutes=16)
    assert reconcile_jobs.lambda_handler({}, SimpleNamespace(get_remaining_time_in_millis=lambda: 9_999)) == {}
    assert row(aws, job).status is Status.QUEUED


def test_each_run_reports_how_many_open_jobs_are_overdue(aws, capsys):
    def reported():
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
        return [value for line in lines if (value := line.get("OpenJobsOverdue")) is not None]

    reconcile(aws)
    assert reported() == [[0]]
    standing(aws, minutes=40)
    standing(aws, minutes=3)
    reconcile(aws)
    assert reported() == [[1]]


def test_four_reconcilers_at_once_do_each_thing_once(aws):
    lost = [whose_event_was_lost(aws) for _ in range(6)]
    failed = [whose_execution_failed(aws) for _ in range(3)]
    missing = [standing(aws, minutes=16) for _ in range(6)]
    pending = [whose_event_is_pending(aws) for _ in range(3)]
    with ThreadPoolExecutor(4) as four:
        list(four.map(lambda _: reconcile(aws, EVERY_JOB), range(4)))
    keys = [key for key, _ in announced(aws)]
    for job in lost:
        assert 1 <= keys.count(str(a_place(job))) <= 4
    assert {row(aws, job).attempt for job in failed} == {2}
    assert {row(aws, job).status for job in missing} == {Status.FAILED}
    told = {}
    for note in aws.published():
        told.setdefault(note["Message"]["subject"], set()).add(note["Message"]["id"])
    assert {str(job.job_id): len(told.get(str(job.job_id), ())) for job in missing + pending} == {
        str(job.job_id): 1 for job in missing + pending
    }


# ── killed anywhere ───────────────────────────────────────────────────────────────────────────────────────────────────


def _put_away(aws, job):
    """So that the next case meets its own job only."""
    jobs = JobStore(aws["JobsTable"])
    standing_job = jobs.get(job.key)
    if not standing_job.status.is_final:
        jobs.finish(job.key, standing_job.attempt, Ending(status=Status.CANCELLED), now=datetime.now(UTC))
        jobs.event_published(job.key, standing_job.attempt)
    announced(aws)
    aws.published()


def _ended(aws, job, code):
    ended = row(aws, job)
    assert ended.failure.code == code
    assert not is_open(aws, job)
    assert len({note["Message"]["id"] for note in aws.published()}) == 1


def _told(aws, job):
    assert not is_open(aws, job)
    assert len({note["Message"]["id"] for note in aws.published()}) == 1


def _announced(aws, job):
    assert set(announced(aws)) == {
        (str(a_place(job)), DocumentStore(aws["DocumentsBucket"]).find(str(a_place(job))).version_id)
    }
    assert is_open(aws, job)


def _asked_for(aws, job):
    told = {(message["job_id"], message["attempt"]) for message in aws.messages("FetchQueue")}
    assert told == {(str(job.job_id), 1)}
    assert is_open(aws, job)


def _in_second_attempt(aws, job):
    after = row(aws, job)
    assert (after.attempt, after.status) == (2, Status.QUEUED)
    assert DocumentStore(aws["DocumentsBucket"]).find(str(a_place(after)))
    assert is_open(aws, job)


@pytest.mark.parametrize(
    ("arrange", "check"),
    [
        (whose_event_was_lost, _announced),
        (whose_reader_died, _announced),
        (whose_execution_failed, _in_second_attempt),
        (whose_copy_is_missing, _in_second_attempt),
        (whose_fetch_was_never_asked_for, _asked_for),
        (whose_event_is_pending, _told),
        (lambda aws: standing(aws, minutes=16), lambda aws, job: _ended(aws, job, "document_missing")),
        (lambda aws: standing(aws, minutes=31), lambda aws, job: _ended(aws, job, "timed_out")),
    ],
    ids=[
        "event lost",
        "reader died",
        "execution failed",
        "copy missing",
        "to fetch",
        "event pending",
        "no document",
        "timed out",
    ],
)
def test_wherever_it_is_killed_the_next_runs_help_the_job(aws, arrange, check):
    def check_and_put_away(job):
        check(aws, job)
        _put_away(aws, job)

    assert crash_everywhere(lambda: arrange(aws), lambda _: reconcile(aws, EVERY_JOB), check_and_put_away) >= 12
