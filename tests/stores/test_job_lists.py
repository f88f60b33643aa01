"""Jobs by their other names, lists of them, and what lists are told when a job changes."""

from datetime import timedelta
from uuid import UUID

import pytest

from paydraft.model.errors import JobNumberTakenError, NotAnInvoiceError, StaleJobError, TooManyJobsError
from paydraft.model.ids import created_at
from paydraft.model.invoice import DocumentType
from paydraft.model.job import Priority
from paydraft.model.job_summary import Gist
from paydraft.model.status import Fault, Status
from paydraft.model.steps import Ending
from paydraft.stores.job_lists import JobLists, Span
from tests.builders import NOW, TENANT, a_document, a_job, after, an_id, an_invoice, an_object

FAILED = Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure)


@pytest.fixture
def lists(stack):
    return JobLists(stack["JobsTable"])


def only(lists, tenant=TENANT):
    (summary,) = lists.summaries(tenant)
    return summary


def page(lists, span, *, newest_first=False):
    return [job.job_id for job in lists.jobs(TENANT, span, newest_first=newest_first, page_size=3)]


def test_a_job_is_found_by_its_integer_and_by_the_beginning_of_its_id(jobs, lists):
    job = a_job()
    jobs.put_new(job)
    assert lists.by_invoice_id(TENANT, job.invoice_id) == job.key
    assert lists.by_short_id(TENANT, job.job_id.hex[:24]) == job.key


def test_another_tenants_names_lead_nowhere(jobs, lists):
    job = a_job()
    jobs.put_new(job)
    assert lists.by_invoice_id("other", job.invoice_id) is None
    assert lists.by_short_id("other", job.short_id) is None


def test_a_number_is_one_jobs_alone_in_its_tenant(jobs, lists):
    jobs.put_new(a_job(job_number="N-1"))
    with pytest.raises(JobNumberTakenError):
        jobs.put_new(a_job(job_number="N-1"))
    jobs.put_new(a_job(job_number="N-1", tenant_id="other"))
    assert len(lists.summaries(TENANT)) == 1


def test_a_summary_follows_its_job(jobs, lists):
    job = a_job(job_number="N-1", document_name="scan.pdf", priority=Priority.URGENT)
    jobs.put_new(job)
    made = only(lists)
    assert (made.job_id, made.status, made.job_number, made.priority) == (
        job.job_id,
        Status.QUEUED,
        "N-1",
        Priority.URGENT,
    )
    jobs.begin(job.key, 1, an_object(job), owner="m", now=after(minutes=1))
    assert (only(lists).status, only(lists).updated_at) == (Status.PROCESSING, after(minutes=1))
    invoice = an_invoice()
    jobs.record_document(job.key, 1, a_document(), gist=Gist.of(invoice), now=after(minutes=2))
    read = only(lists)
    assert (read.seller_name, read.invoice_number, read.total) == ("Muster GmbH", invoice.number, invoice.to_pay)
    assert jobs.get(job.key).is_extracted
    assert jobs.get(job.key).document_type is DocumentType.INVOICE
    jobs.finish(job.key, 1, FAILED, now=after(minutes=3))
    ended = only(lists)
    assert (ended.status, ended.fault, ended.completed_at) == (Status.FAILED, Fault.DOCUMENT, after(minutes=3))


def a_failed_job(jobs, **fields):
    job = a_job(**fields)
    jobs.put_new(job)
    jobs.finish(job.key, 1, FAILED, now=after(minutes=3))
    jobs.event_published(job.key, 1)
    return jobs.get(job.key)


def test_a_job_that_has_ended_runs_again_as_its_next_attempt_with_a_new_half_hour(jobs, lists):
    again = jobs.run_again(a_failed_job(jobs), now=after(hours=1))
    assert (again.status, again.attempt, again.reruns, again.opened_at) == (Status.QUEUED, 2, 1, after(hours=1))
    assert (again.failure, again.completed_at) == (None, None)
    assert (only(lists).status, only(lists).fault, only(lists).completed_at) == (Status.QUEUED, None, None)
    assert list(jobs.open_jobs(due_before=None)) == [again.key]


def test_a_job_whose_event_is_not_out_or_that_somebody_else_started_does_not_run_again(jobs):
    job = a_job()
    jobs.put_new(job)
    pending = jobs.finish(job.key, 1, FAILED, now=NOW)
    with pytest.raises(StaleJobError):
        jobs.run_again(pending, now=NOW)
    seen = a_failed_job(jobs)
    jobs.run_again(seen, now=NOW)
    with pytest.raises(StaleJobError):
        jobs.run_again(seen, now=NOW)


def test_a_job_that_waits_for_a_call_is_looked_after_only_from_then_on(jobs):
    job = a_job(status=Status.CREATED, opened_at=None)
    jobs.put_new(job)
    assert list(jobs.open_jobs(due_before=None)) == []
    called = jobs.call_up(job, now=after(hours=5))
    assert (called.status, called.attempt, called.opened_at) == (Status.QUEUED, 1, after(hours=5))
    assert list(jobs.open_jobs(due_before=None)) == [job.key]
    with pytest.raises(StaleJobError):
        jobs.call_up(job, now=after(hours=6))


def test_a_removed_job_leaves_nothing_that_leads_to_it(jobs, lists):
    job = a_failed_job(jobs, job_number="N-1")
    jobs.remove(job)
    assert (jobs.get(job.key), lists.by_short_id(TENANT, job.short_id), lists.summaries(TENANT)) == (None, None, [])
    assert lists.by_invoice_id(TENANT, job.invoice_id) is None
    jobs.put_new(a_job(job_number="N-1"))
    with pytest.raises(StaleJobError):
        jobs.remove(job)


def test_a_page_begins_behind_an_id_and_ends_before_one_in_both_directions(jobs, lists):
    made = [a_job(created_at=NOW + timedelta(seconds=n)) for n in range(7)]
    for job in made:
        jobs.put_new(job)
    ids = [job.job_id for job in made]
    assert page(lists, Span()) == ids
    assert page(lists, Span(), newest_first=True) == ids[::-1]
    assert page(lists, Span(behind=ids[1], before=ids[5])) == ids[2:5]
    assert page(lists, Span(behind=ids[6])) == []


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        ({"gt": NOW}, (1, 2)),
        ({"gte": NOW}, (0, 1, 2)),
        ({"lt": after(seconds=2)}, (0, 1)),
        ({"lte": after(seconds=2)}, (0, 1, 2)),
        ({"gt": NOW, "lt": after(seconds=2)}, (1,)),
        ({"gte": NOW + timedelta(microseconds=5)}, (1, 2)),
        ({"lt": after(seconds=1) + timedelta(microseconds=5)}, (0, 1)),
        ({"gte": after(seconds=3)}, ()),
    ],
)
def test_a_stretch_of_time_holds_the_jobs_made_in_it(limits, kept):
    ids = [an_id(NOW + timedelta(seconds=n)) for n in range(3)]
    span = Span.of(**limits)
    low, high = span.behind or UUID(int=0), span.before or UUID(int=2**128 - 1)
    assert tuple(n for n, one in enumerate(ids) if low < one < high) == kept
    assert [created_at(one) for one in ids] == [NOW + timedelta(seconds=n) for n in range(3)]


def test_a_tenant_with_more_jobs_than_lists_hold_is_told_so(jobs, lists):
    for _ in range(3):
        jobs.put_new(a_job())
    with pytest.raises(TooManyJobsError):
        lists.summaries(TENANT, most=2)
    assert len(lists.summaries(TENANT, most=3)) == 3
