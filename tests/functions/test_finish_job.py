"""FinishJob: the one exit. One final status, one distinct event, whoever calls, however often, whatever dies."""

import json
from urllib.parse import quote_plus

import pytest
from jsonschema import Draft7Validator

from finish_job.closing import close_draft
from infra.tools.published_events import completed_schema, failed_schema
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import EncryptedDocumentError, InternalError, PermanentError, TransientError
from paydraft.model.ids import event_id_of, transfer_id_of
from paydraft.model.status import Fault, Status
from paydraft.model.steps import CaughtError, DraftOutcome, Outcome
from paydraft.model.transfer import FlagCode, NoDraft, TransferStatus
from paydraft.stores.jobs import JobStore
from paydraft.stores.transfers import TransferStore
from tests.builders import a_draft, a_job, a_place, a_step
from tests.crash_points import crash_everywhere
from tests.fault_injection import crash

FOUND = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=a_job().job_id, account_id=a_job().job_id)
INTERNAL = InternalError().failure


def running(aws, **fields):
    job = a_job(**{"status": Status.PROCESSING} | fields)
    JobStore(aws["JobsTable"]).put_new(job)
    return job


def completed_step(job, **fields):
    draft = DraftOutcome(transfer_id=transfer_id_of(job.job_id), flags=(FlagCode.DUE_DATE_PAST,))
    return a_step(job, **{"match": FOUND, "draft": draft} | fields)


def failed_step(job, failure=None):
    return a_step(job, outcome=Outcome.FAILED, failure=failure)


def finish(aws, step):
    return aws.invoke("FinishJobFunction", step.to_json())


def row(aws, job):
    return JobStore(aws["JobsTable"]).get(job.key)


def is_open(aws, job):
    return job.key in list(JobStore(aws["JobsTable"]).open_jobs(due_before=None))


def dead_letter(*keys, message_id="message-1"):
    body = {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": quote_plus(key)}}} for key in keys]}
    return {"messageId": message_id, "eventSource": "aws:sqs", "body": json.dumps(body)}


def execution_status(step, status="FAILED", **detail):
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {"status": status, "input": json.dumps(step.to_json())} | detail,
    }


# ── how a job ends ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_extracted_job_completes_with_match_transfer_and_flags(aws):
    job = running(aws)
    assert finish(aws, completed_step(job)) == {"status": "completed"}
    ended = row(aws, job)
    assert (ended.status, ended.match, ended.flags) == (Status.COMPLETED, FOUND, (FlagCode.DUE_DATE_PAST,))
    assert ended.transfer_id == transfer_id_of(job.job_id)
    assert not ended.event_pending
    assert not is_open(aws, job)


def test_a_completed_job_without_a_draft_says_why(aws):
    job = running(aws)
    finish(aws, completed_step(job, draft=DraftOutcome(no_draft=NoDraft.CREDIT_NOTE)))
    assert (row(aws, job).no_draft, row(aws, job).transfer_id) == (NoDraft.CREDIT_NOTE, None)


def test_a_failed_job_keeps_its_reason(aws):
    job = running(aws)
    finish(aws, failed_step(job, EncryptedDocumentError().failure))
    assert (row(aws, job).status, row(aws, job).failure.code) == (Status.FAILED, "encrypted_document")


def test_a_failure_without_a_reason_is_ours(aws):
    job = running(aws)
    finish(aws, failed_step(job))
    assert row(aws, job).failure == INTERNAL


def test_a_cancelled_job_is_cancelled_and_told_as_failed_with_that_status(aws):
    job = running(aws)
    finish(aws, a_step(job, outcome=Outcome.CANCELLED))
    assert (row(aws, job).status, row(aws, job).failure) == (Status.CANCELLED, None)
    [note] = aws.published()
    assert note["Message"]["type"] == "paydraft.job.failed.v1"
    assert note["MessageAttributes"]["status"]["Value"] == "cancelled"


@pytest.mark.parametrize("missing", ["match", "draft"])
def test_a_job_is_never_completed_by_a_step_that_was_left_out(aws, missing):
    job = running(aws)
    finish(aws, completed_step(job, **{missing: None}))
    assert (row(aws, job).status, row(aws, job).failure) == (Status.FAILED, INTERNAL)


@pytest.mark.parametrize("name", ["PermanentError", "TransientError", "ValidationError", "States.Timeout", "KeyError"])
def test_an_error_that_the_state_machine_caught_is_an_internal_one_and_its_words_are_not_kept(aws, name):
    job = running(aws)
    cause = json.dumps({"errorMessage": "DE89370400440532013000 Erika Mustermann"})
    finish(aws, a_step(job, error=CaughtError(Error=name, Cause=cause)))
    assert row(aws, job).failure == INTERNAL
    assert "Mustermann" not in row(aws, job).model_dump_json() + json.dumps(aws.published())


def test_a_caught_fault_of_the_document_keeps_its_name(aws):
    job = running(aws)
    finish(aws, a_step(job, error=CaughtError(Error="DocumentMissingError")))
    assert (row(aws, job).failure.code, row(aws, job).failure.fault) == ("document_missing", Fault.DOCUMENT)


# ── the event ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_event_is_a_cloud_event_of_the_published_contract_with_attributes_to_filter_by(aws):
    job = running(aws, customer_id="branch-7")
    finish(aws, completed_step(job))
    [note] = aws.published()
    event = note["Message"]
    Draft7Validator(completed_schema()).validate(event)
    assert event["id"] == str(event_id_of(job.job_id, 1, "paydraft.job.completed.v1"))
    assert (event["source"], event["subject"]) == ("/paydraft/local", str(job.job_id))
    assert (event["data"]["match"], event["data"]["flags"]) == ("found", ["due_date_past"])
    assert {name: value["Value"] for name, value in note["MessageAttributes"].items()} == {
        "type": "paydraft.job.completed.v1",
        "tenant_id": "acme",
        "status": "completed",
        "match": "found",
        "dialect": "corebanq_v2",
        "env": "local",
    }


def test_a_failure_is_told_by_code_and_fault(aws):
    job = running(aws)
    finish(aws, failed_step(job, EncryptedDocumentError().failure))
    [note] = aws.published()
    Draft7Validator(failed_schema()).validate(note["Message"])
    assert (note["Message"]["data"]["failure_code"], note["Message"]["data"]["fault"]) == (
        "encrypted_document",
        "document",
    )
    assert note["MessageAttributes"]["match"]["Value"] == "none"


# ── late, repeated and stale calls ────────────────────────────────────────────────────────────────────────────────────


def test_a_repeated_call_changes_nothing_and_says_nothing(aws):
    job = running(aws)
    finish(aws, completed_step(job))
    ended = row(aws, job)
    aws.published()
    assert finish(aws, completed_step(job)) == {"status": "completed"}
    assert finish(aws, failed_step(job, INTERNAL)) == {"status": "completed"}
    assert row(aws, job) == ended
    assert aws.published() == []


def test_a_call_of_an_earlier_attempt_changes_nothing(aws):
    job = running(aws, attempt=2)
    assert finish(aws, failed_step(job.model_copy(update={"attempt": 1}))) == {"status": "processing"}
    assert row(aws, job).status is Status.PROCESSING
    assert aws.published() == []


def test_a_call_for_a_job_that_is_deleted_makes_none(aws):
    job = a_job()
    assert finish(aws, completed_step(job)) == {"status": None}
    assert row(aws, job) is None
    assert aws.published() == []


def test_a_final_job_whose_event_is_pending_publishes_that_event_whatever_the_step_says(aws):
    job = running(aws)
    with crash(3, "before"):  # between status and event
        finish(aws, completed_step(job))
    assert row(aws, job).event_pending
    assert is_open(aws, job)
    assert aws.published() == []
    assert finish(aws, failed_step(job, INTERNAL)) == {"status": "completed"}
    [note] = aws.published()
    assert note["Message"]["type"] == "paydraft.job.completed.v1"
    assert not row(aws, job).event_pending
    assert not is_open(aws, job)


@pytest.mark.parametrize("step_of", [completed_step, failed_step], ids=["completed", "failed"])
def test_wherever_it_is_killed_a_job_ends_once_and_its_event_gets_out(aws, step_of):
    def check(job):
        ended = row(aws, job)
        expected = Status.COMPLETED if step_of is completed_step else Status.FAILED
        assert (ended.status, ended.event_pending) == (expected, False)
        assert not is_open(aws, job)
        told = [note["Message"] for note in aws.published()]
        assert len(told) >= 1
        assert all(event == told[0] for event in told)
        assert told[0]["subject"] == str(job.job_id)

    cases = crash_everywhere(lambda: running(aws), lambda job: finish(aws, step_of(job)), check)
    assert cases == (5 if step_of is completed_step else 6) * 2 * 2  # a failed job's draft is looked for


# ── the draft of a job that came to nothing ───────────────────────────────────────────────────────────────────────────


def with_draft(aws, **fields):
    """A running job whose draft is written already."""
    job = running(aws)
    made = a_draft(job, **fields)
    drafts(aws).write(None, made, AuditEntry.of(None, made, Action.DRAFTED, "paydraft"))
    return job


def drafts(aws):
    return TransferStore(aws["TransfersTable"])


def draft_of(aws, job):
    return drafts(aws).get(job.tenant_id, transfer_id_of(job.job_id))


def history_of(aws, job):
    return [entry.action for entry in drafts(aws).audit(job.tenant_id, transfer_id_of(job.job_id))]


def test_an_untouched_draft_goes_with_its_failed_job_and_says_why(aws):
    job = with_draft(aws)
    finish(aws, failed_step(job))
    draft = draft_of(aws, job)
    assert (draft.status, draft.cancelled_by, draft.was_closed) == (TransferStatus.CANCELLED, "paydraft", True)
    assert draft.note == row(aws, job).failure.code
    assert history_of(aws, job) == [Action.DRAFTED, Action.CLOSED]


def test_the_draft_of_a_completed_job_stays(aws):
    job = with_draft(aws)
    finish(aws, completed_step(job))
    assert draft_of(aws, job).status is TransferStatus.DRAFT


@pytest.mark.parametrize(
    "touched",
    [
        {"edited_by": "bob", "editors": ("bob",)},
        {"status": TransferStatus.PENDING_APPROVAL, "submitted_by": "bob"},
        {"status": TransferStatus.APPROVED, "approved_by": "carol"},
    ],
    ids=lambda touched: next(iter(touched)),
)
def test_a_draft_that_a_person_has_touched_outlives_its_job(aws, touched):
    job = with_draft(aws, **touched)
    finish(aws, failed_step(job))
    assert draft_of(aws, job).status is touched.get("status", TransferStatus.DRAFT)


def test_a_call_that_comes_late_leaves_the_draft_of_the_next_attempt_alone(aws):
    job = with_draft(aws, attempt=2)
    close_draft(job, drafts(aws), now=job.updated_at)
    assert draft_of(aws, job).status is TransferStatus.DRAFT


def test_wherever_it_is_killed_a_failed_job_leaves_no_draft_and_one_line_in_its_history(aws):
    def check(job):
        assert draft_of(aws, job).was_closed
        assert history_of(aws, job) == [Action.DRAFTED, Action.CLOSED]

    assert crash_everywhere(lambda: with_draft(aws), lambda job: finish(aws, failed_step(job)), check) >= 20


# ── the three shapes ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dead_letter_ends_its_job_as_our_fault(aws):
    job = running(aws)
    assert aws.invoke("FinishJobFunction", {"Records": [dead_letter(str(a_place(job)))]}) == {"batchItemFailures": []}
    assert (row(aws, job).status, row(aws, job).failure) == (Status.FAILED, INTERNAL)
    assert len(aws.published()) == 1


def test_a_dead_letter_of_an_earlier_attempt_or_of_a_finished_job_is_taken_and_ignored(aws):
    later, done = running(aws, attempt=2), running(aws)
    finish(aws, completed_step(done))
    letters = [dead_letter(str(a_place(later, attempt=1))), dead_letter(str(a_place(done)))]
    assert aws.invoke("FinishJobFunction", {"Records": letters}) == {"batchItemFailures": []}
    assert row(aws, later).status is Status.PROCESSING
    assert row(aws, done).status is Status.COMPLETED


@pytest.mark.parametrize("key", ["incoming/standard/acme/Rechnung März.pdf", "results/acme/x/1/invoice.json"])
def test_a_dead_letter_about_a_key_that_is_not_ours_is_taken_and_ignored(aws, key):
    assert aws.invoke("FinishJobFunction", {"Records": [dead_letter(key)]}) == {"batchItemFailures": []}


def test_s3s_test_event_is_taken_and_ignored(aws):
    letter = {"messageId": "m", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})}
    assert aws.invoke("FinishJobFunction", {"Records": [letter]}) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "body", ["", "not json", "[]", '"text"', "null", "{}", '{"Records": [{"s3": {}}]}', '{"Records": 7}']
)
def test_a_dead_letter_that_nobody_can_read_comes_back_until_it_is_parked_and_holds_up_no_other(aws, body):
    job = running(aws)
    letters = [{"messageId": "bad", "body": body}, dead_letter(str(a_place(job)), message_id="good")]
    answer = aws.invoke("FinishJobFunction", {"Records": letters})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert row(aws, job).status is Status.FAILED


def test_a_dead_letter_whose_job_can_not_be_written_now_comes_back(aws):
    job = running(aws)
    event = {"Records": [dead_letter(str(a_place(job)))]}
    with crash(1, "before", TransientError):
        assert len(aws.invoke("FinishJobFunction", event)["batchItemFailures"]) == 1
    assert aws.invoke("FinishJobFunction", event) == {"batchItemFailures": []}
    assert row(aws, job).status is Status.FAILED


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_that_ended_where_no_catch_sees_it_ends_its_job(aws, status):
    job = running(aws)
    assert aws.invoke("FinishJobFunction", execution_status(a_step(job), status)) == {"status": "failed"}
    assert row(aws, job).failure == INTERNAL


def test_an_execution_that_could_not_report_a_failure_reports_that_failure_now(aws):
    job = running(aws)
    aws.invoke("FinishJobFunction", execution_status(failed_step(job, EncryptedDocumentError().failure)))
    assert row(aws, job).failure.code == "encrypted_document"


def test_an_aborted_execution_of_a_cancelled_job_changes_nothing(aws):
    job = running(aws)
    finish(aws, a_step(job, outcome=Outcome.CANCELLED))
    aws.published()
    aws.invoke("FinishJobFunction", execution_status(a_step(job), "ABORTED"))
    assert row(aws, job).status is Status.CANCELLED
    assert aws.published() == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"tenant_id": "acme"},
        {"source": "aws.states", "detail": {"status": "FAILED", "input": None}},
        {"source": "aws.states", "detail": {"status": "FAILED", "inputDetails": {"included": False}}},
        {"source": "aws.states", "detail": {"status": "FAILED", "input": '{"iban": "DE89370400440532013000"}'}},
    ],
)
def test_a_call_that_nobody_understands_is_refused_without_quoting_it(aws, event):
    with pytest.raises(PermanentError) as refused:
        aws.invoke("FinishJobFunction", event)
    assert "DE89" not in str(refused.value)
