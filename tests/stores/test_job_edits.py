"""What is done to a job from outside its run, on both stand-ins of AWS."""

import pytest

from paydraft.model.errors import JobNumberTakenError, NotAnInvoiceError, StaleJobError
from paydraft.model.group_errors import GroupNotFoundError
from paydraft.model.job import Labels, Priority
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.stores.completion import Completion
from paydraft.stores.job_edits import JobEdits
from paydraft.stores.job_lists import JobLists
from tests.builders import A_PDF, NOW, TENANT, a_job, a_place, after, an_id, an_object

FAILED = Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure)
CANCELLED = Ending(status=Status.CANCELLED)


@pytest.fixture
def edits(stack):
    return JobEdits(stack["JobsTable"])


@pytest.fixture
def lists(stack):
    return JobLists(stack["JobsTable"])


def a_waiting_job(jobs, **fields):
    job = a_job(status=Status.CREATED, opened_at=None, **fields)
    jobs.put_new(job)
    return jobs.get(job.key)


def a_failed_job(jobs, *, event_out=True, **fields):
    job = a_job(**fields)
    jobs.put_new(job)
    jobs.begin(job.key, 1, an_object(job), owner="m", now=NOW)
    jobs.finish(job.key, 1, FAILED, now=after(minutes=1))
    if event_out:
        jobs.event_published(job.key, 1)
    return jobs.get(job.key)


def open_keys(jobs):
    return list(jobs.open_jobs(due_before=None))


def test_a_job_that_waits_is_given_other_labels_in_row_summary_and_number(jobs, edits, lists):
    job = a_waiting_job(jobs, job_number="N-1", created_by="bob", document_name="a.pdf")
    labels = Labels(job_number="N-2", priority=Priority.URGENT, document_name="b.pdf")
    after_it = edits.replace(job, labels, now=after(minutes=1))
    assert jobs.get(job.key) == after_it
    assert (after_it.lane, after_it.created_by, after_it.status) == ("express", None, Status.CREATED)
    [summary] = lists.summaries(TENANT)
    assert (summary.job_number, summary.document_name, summary.created_by) == ("N-2", "b.pdf", None)
    jobs.put_new(a_job(job_number="N-1"))  # free again
    with pytest.raises(JobNumberTakenError):
        jobs.put_new(a_job(job_number="N-2"))


def test_who_names_another_document_is_its_sender_and_who_changes_anything_else_is_not(jobs, edits):
    job = a_waiting_job(jobs, subject="alice", source_url="https://example.com/a.pdf")
    renamed = edits.replace(
        job, Labels(source_url=job.source_url, document_name="b.pdf"), now=after(minutes=1), by="bob"
    )
    assert jobs.get(job.key).subject == renamed.subject == "alice"
    edits.replace(renamed, Labels(source_url="https://example.com/b.pdf"), now=after(minutes=2), by="bob")
    assert jobs.get(job.key).subject == "bob"


def test_a_number_of_another_job_and_a_group_that_is_not_there_change_nothing(jobs, edits):
    job = a_waiting_job(jobs, job_number="N-1")
    jobs.put_new(a_job(job_number="N-2"))
    with pytest.raises(JobNumberTakenError):
        edits.replace(job, Labels(job_number="N-2"), now=after(minutes=1))
    with pytest.raises(GroupNotFoundError):
        edits.replace(job, Labels(job_number="N-1", group_id="0" * 24), now=after(minutes=1))
    assert jobs.get(job.key) == job


def test_of_two_replacements_that_saw_the_same_job_one_holds(jobs, edits):
    job = a_waiting_job(jobs, job_number="N-1")
    first = edits.replace(job, Labels(job_number="N-2", document_name="first"), now=after(minutes=1))
    with pytest.raises(StaleJobError):
        edits.replace(job, Labels(job_number="N-2", document_name="second"), now=after(minutes=2))
    assert jobs.get(job.key) == first


def test_a_job_that_was_called_is_not_replaced(jobs, edits):
    job = a_waiting_job(jobs)
    jobs.call_up(job, now=after(minutes=1))
    with pytest.raises(StaleJobError):
        edits.replace(job, Labels(document_name="late"), now=after(minutes=2))


def test_a_job_that_is_given_up_is_due_until_it_is_gone(jobs, edits, lists):
    job = a_failed_job(jobs)
    given_up = edits.give_up(job, now=after(minutes=2))
    assert given_up.status is Status.CANCELLED
    assert open_keys(jobs) == [job.key]
    [summary] = lists.summaries(TENANT)
    assert (summary.status, summary.fault) == (Status.CANCELLED, None)
    jobs.remove(given_up)
    assert (jobs.get(job.key), open_keys(jobs), lists.summaries(TENANT)) == (None, [], [])


def test_a_job_is_not_given_up_before_its_event_is_out_or_once_it_runs_again(jobs, edits):
    with pytest.raises(StaleJobError):
        edits.give_up(a_failed_job(jobs, event_out=False), now=after(minutes=2))
    job = a_failed_job(jobs)
    jobs.run_again(job, now=after(minutes=2))
    with pytest.raises(StaleJobError):
        edits.give_up(job, now=after(minutes=3))


def test_a_cancelled_job_stays_in_the_index_when_its_event_is_out(jobs, edits):
    job = a_job()
    jobs.put_new(job)
    jobs.finish(job.key, 1, CANCELLED, now=after(minutes=1))
    for _ in range(2):
        edits.event_published(job.key, 1, now=after(minutes=1))
    row = jobs.get(job.key)
    assert (row.event_pending, row.next_check_at, open_keys(jobs)) == (False, after(minutes=3), [job.key])


def test_nothing_leads_to_a_hidden_job_and_its_number_is_free(jobs, edits, lists):
    job = a_job(job_number="N-1")
    jobs.put_new(job)
    cancelled = jobs.finish(job.key, 1, CANCELLED, now=after(minutes=1))
    for _ in range(2):
        edits.hide(jobs.get(cancelled.key))
    assert lists.by_short_id(TENANT, job.short_id) is lists.by_invoice_id(TENANT, job.invoice_id) is None
    assert lists.summaries(TENANT) == []
    jobs.put_new(a_job(job_number="N-1"))
    jobs.remove(jobs.get(job.key))
    with pytest.raises(JobNumberTakenError):  # the second job's number is still its own
        jobs.put_new(a_job(job_number="N-1"))


def test_only_a_cancelled_job_is_hidden(jobs, edits):
    job = a_job()
    jobs.put_new(job)
    with pytest.raises(StaleJobError):
        edits.hide(job)


def test_all_versions_of_one_jobs_objects_are_erased_and_no_others(stack, documents, results):
    first, second = a_job(), a_job()
    for job in (first, second):
        stored = documents.put_new(a_place(job), A_PDF, MediaType.PDF)
        documents.copy(stored, a_place(job))
        documents.copy(stored, a_place(job, attempt=2))
        results.put_pages(job.key, 1, b"{}")
    for _ in range(2):
        documents.erase(first.lane, first.key)
        results.erase(first.key)
    assert documents.find(str(a_place(first))) is None
    assert documents.find(str(a_place(second, attempt=2)))
    assert results.lines(first.key, 1) == ()


def test_stopping_an_execution_that_is_not_there_is_success(aws):
    Completion(aws["JobCompletion"]).stop(an_id(), 1)
