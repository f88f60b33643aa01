"""The event that ends a job: one id however often it is told, and nothing personal in it."""

import json

import pytest

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import EncryptedDocumentError
from paydraft.model.events import JOB_COMPLETED, JOB_FAILED, JobEvent
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode, NoDraft
from tests.builders import a_job, after, an_id


def an_ended_job(**fields):
    return a_job(**({"status": Status.COMPLETED, "completed_at": after(seconds=9), "event_pending": True} | fields))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(Status.COMPLETED, JOB_COMPLETED), (Status.FAILED, JOB_FAILED), (Status.CANCELLED, JOB_FAILED)],
)
def test_the_type_says_whether_the_job_was_completed(status, kind):
    event = JobEvent.of(an_ended_job(status=status), "prod")
    assert (event.type, event.data.status) == (kind, status)


def test_the_envelope_names_stage_job_and_moment():
    job = an_ended_job()
    event = JobEvent.of(job, "prod")
    assert (event.source, event.subject, event.time) == ("/paydraft/prod", str(job.job_id), after(seconds=9))


def test_telling_an_end_again_tells_the_same_event():
    job = an_ended_job()
    again = job.model_copy(update={"event_pending": False, "next_check_at": None})
    assert JobEvent.of(job, "prod") == JobEvent.of(again, "prod")


def test_another_attempt_is_another_event():
    job = an_ended_job()
    assert JobEvent.of(job, "prod").id != JobEvent.of(job.model_copy(update={"attempt": 2}), "prod").id


def test_what_a_subscriber_needs_is_in_the_data():
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=an_id(), account_id=an_id())
    job = an_ended_job(match=match, transfer_id=an_id(), flags=(FlagCode.IBAN_CHANGED,), customer_id="c-1")
    data = JobEvent.of(job, "prod").data
    assert (data.match, data.counterparty_id) == (MatchKind.FOUND, match.counterparty_id)
    assert (data.transfer_id, data.flags) == (job.transfer_id, job.flags)
    assert "c-1" not in data.model_dump_json()  # a label may be anything, an e-mail address too
    assert (data.job_id, data.upload_id, data.invoice_id) == (job.job_id, job.upload_id, job.invoice_id)


def test_a_failure_is_told_by_code_and_fault_without_its_sentence():
    failure = EncryptedDocumentError().failure
    event = JobEvent.of(an_ended_job(status=Status.FAILED, failure=failure), "prod")
    assert (event.data.failure_code, event.data.fault) == (failure.code, failure.fault)
    assert failure.text not in event.model_dump_json()


def test_a_job_without_a_draft_says_why():
    assert JobEvent.of(an_ended_job(no_draft=NoDraft.CREDIT_NOTE), "prod").data.no_draft is NoDraft.CREDIT_NOTE


def test_who_sent_the_document_is_not_told():
    assert "alice" not in JobEvent.of(an_ended_job(subject="alice"), "prod").model_dump_json()


def test_attributes_are_texts_that_subscriptions_can_filter_by():
    attributes = JobEvent.of(an_ended_job(), "prod").attributes("prod")
    assert attributes.keys() == {"type", "tenant_id", "status", "match", "dialect", "env"}
    assert all(isinstance(value, str) and value for value in attributes.values())
    assert attributes["match"] == "none"
    assert json.loads(json.dumps(attributes)) == attributes
