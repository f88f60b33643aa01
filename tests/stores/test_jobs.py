"""The conditional writes of a job: who wins, and what the others are told."""

from datetime import timedelta

import pytest

from paydraft.model.counterparty import Candidate, MatchKind, MatchOutcome, MatchReason
from paydraft.model.errors import JobExistsError, NotAnInvoiceError, StaleJobError
from paydraft.model.job import CHECK_AFTER, LEASE, JobKey
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.model.transfer import FlagCode, NoDraft
from tests.builders import NOW, TENANT, a_document, a_job, after, an_id, an_object
from tests.fault_injection import small_pages

FAILED = Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure)


def a_queued_job(jobs, **fields):
    job = a_job(**fields)
    jobs.put_new(job)
    return jobs.get(job.key)


def a_running_job(jobs, **fields):
    job = a_queued_job(jobs, **fields)
    return jobs.begin(job.key, 1, an_object(job), owner="message-1", now=NOW)


def a_finished_job(jobs, **fields):
    job = a_running_job(jobs, **fields)
    return jobs.finish(job.key, 1, FAILED, now=NOW)


def listed(jobs, at=None):
    return list(jobs.open_jobs(due_before=at))


# ── put_new, get ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_comes_back_as_it_was_written(jobs):
    job = a_job(customer_id="c-1", next_check_at=after(minutes=1))
    jobs.put_new(job)
    assert jobs.get(job.key) == job


def test_a_job_that_nobody_wrote_is_none(jobs):
    assert jobs.get(a_job().key) is None


def test_a_job_is_not_found_under_another_tenant(jobs):
    job = a_queued_job(jobs)
    assert jobs.get(JobKey(tenant_id="other", job_id=job.job_id)) is None


@pytest.mark.parametrize("shared", ["job_id", "upload_id", "invoice_id"])
def test_no_two_jobs_of_a_tenant_share_an_identity(jobs, shared):
    first = a_queued_job(jobs)
    second = a_job(**{shared: getattr(first, shared)})
    with pytest.raises(JobExistsError):
        jobs.put_new(second)
    assert jobs.get(first.key) == first
    assert second.job_id == first.job_id or jobs.get(second.key) is None


def test_two_tenants_may_use_the_same_invoice_id(jobs):
    first = a_queued_job(jobs)
    jobs.put_new(a_job(tenant_id="other", invoice_id=first.invoice_id))


def test_writing_exactly_the_same_job_again_is_success_because_an_answer_may_be_lost(jobs):
    job = a_queued_job(jobs)
    jobs.put_new(job)
    assert jobs.get(job.key) == job


def test_invoice_ids_count_from_one_in_each_tenant(jobs):
    assert [jobs.next_invoice_id(TENANT) for _ in range(3)] == [1, 2, 3]
    assert jobs.next_invoice_id("other") == 1


# ── begin ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_beginning_takes_the_lease_and_fixes_the_version(jobs):
    job = a_queued_job(jobs)
    running = jobs.begin(job.key, 1, an_object(job), owner="message-1", now=NOW)
    assert running.status is Status.PROCESSING
    assert running.source == running.original == an_object(job)
    assert (running.lease_owner, running.lease_until) == ("message-1", NOW + LEASE)
    assert running.started_at == NOW
    assert jobs.get(job.key) == running


def test_a_redelivered_message_takes_over_its_own_lease_at_once(jobs):
    job = a_running_job(jobs)
    again = jobs.begin(job.key, 1, an_object(job), owner="message-1", now=after(seconds=5))
    assert again.lease_until == after(seconds=5) + LEASE
    assert again.started_at == NOW


def test_another_message_is_stale_while_the_lease_lives(jobs):
    job = a_running_job(jobs)
    with pytest.raises(StaleJobError):
        jobs.begin(job.key, 1, an_object(job), owner="message-2", now=NOW + LEASE - timedelta(milliseconds=1))
    assert jobs.get(job.key) == job


def test_another_message_takes_over_when_the_lease_has_ended(jobs):
    job = a_running_job(jobs)
    taken = jobs.begin(job.key, 1, an_object(job), owner="message-2", now=NOW + LEASE)
    assert taken.lease_owner == "message-2"


@pytest.mark.parametrize("wait", [timedelta(0), 2 * LEASE], ids=["while leased", "after the lease"])
def test_a_second_version_under_the_same_key_is_never_read(jobs, wait):
    job = a_running_job(jobs)
    with pytest.raises(StaleJobError):
        jobs.begin(job.key, 1, an_object(job, "version-2"), owner="message-1", now=NOW + wait)
    assert jobs.get(job.key).source.version_id == "version-1"


@pytest.mark.parametrize("attempt", [2, 99])
def test_an_attempt_that_is_not_the_jobs_can_not_begin(jobs, attempt):
    job = a_queued_job(jobs)
    with pytest.raises(StaleJobError):
        jobs.begin(job.key, attempt, an_object(job), owner="message-1", now=NOW)
    assert jobs.get(job.key) == job


def test_a_final_job_does_not_begin_again(jobs):
    job = a_finished_job(jobs)
    with pytest.raises(StaleJobError):
        jobs.begin(job.key, 1, an_object(job), owner="message-1", now=after(hours=1))


def test_an_event_for_a_job_that_does_not_exist_writes_nothing(jobs):
    job = a_job()
    with pytest.raises(StaleJobError):
        jobs.begin(job.key, 1, an_object(job), owner="message-1", now=NOW)
    assert jobs.get(job.key) is None


# ── record_document ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_facts_of_the_document_are_kept(jobs):
    job = a_running_job(jobs)
    assert jobs.record_document(job.key, 1, a_document(), now=NOW).document == a_document()


def test_the_same_bytes_may_be_recorded_again(jobs):
    job = a_running_job(jobs)
    jobs.record_document(job.key, 1, a_document(), now=NOW)
    assert jobs.record_document(job.key, 1, a_document(pages=2), now=NOW).document.pages == 2


def test_other_bytes_are_refused(jobs):
    job = a_running_job(jobs)
    jobs.record_document(job.key, 1, a_document(), now=NOW)
    with pytest.raises(StaleJobError):
        jobs.record_document(job.key, 1, a_document(sha256="cd" * 32), now=NOW)


@pytest.mark.parametrize("state", [a_queued_job, a_finished_job])
def test_a_document_is_recorded_only_while_it_is_read(jobs, state):
    job = state(jobs)
    with pytest.raises(StaleJobError):
        jobs.record_document(job.key, 1, a_document(), now=NOW)


# ── finish, event_published ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_completed_job_keeps_match_and_draft_and_owes_its_event(jobs):
    job = a_running_job(jobs)
    match = MatchOutcome(
        kind=MatchKind.AMBIGUOUS,
        candidates=(Candidate(counterparty_id=an_id(), score=0.85, reasons=(MatchReason.NAME, MatchReason.EMAIL)),),
    )
    draft = DraftOutcome(transfer_id=an_id(), flags=(FlagCode.NEW_COUNTERPARTY, FlagCode.DUE_DATE_PAST))
    ending = Ending(status=Status.COMPLETED, match=match, draft=draft)
    ended = jobs.finish(job.key, 1, ending, now=after(seconds=9))
    assert (ended.status, ended.match, ended.transfer_id) == (Status.COMPLETED, match, draft.transfer_id)
    assert ended.flags == draft.flags
    assert ended.completed_at == after(seconds=9)
    assert ended.event_pending
    assert ended.lease_owner is None
    assert ended.lease_until is None
    assert jobs.get(job.key) == ended


def test_a_job_without_a_draft_says_why(jobs):
    job = a_running_job(jobs)
    draft = DraftOutcome(no_draft=NoDraft.CREDIT_NOTE)
    ended = jobs.finish(job.key, 1, Ending(status=Status.COMPLETED, draft=draft), now=NOW)
    assert (ended.no_draft, ended.transfer_id) == (NoDraft.CREDIT_NOTE, None)


@pytest.mark.parametrize("state", [a_queued_job, a_running_job])
def test_any_open_job_can_be_failed(jobs, state):
    job = state(jobs)
    ended = jobs.finish(job.key, 1, FAILED, now=NOW)
    assert (ended.status, ended.failure) == (Status.FAILED, FAILED.failure)


def test_a_job_ends_once(jobs):
    job = a_finished_job(jobs)
    with pytest.raises(StaleJobError):
        jobs.finish(job.key, 1, Ending(status=Status.COMPLETED), now=after(hours=1))
    assert jobs.get(job.key) == job


def test_an_attempt_that_was_given_up_can_not_end_the_job(jobs):
    job = jobs.next_attempt(a_running_job(jobs), now=NOW)
    with pytest.raises(StaleJobError):
        jobs.finish(job.key, 1, FAILED, now=NOW)
    assert jobs.get(job.key) == job


@pytest.mark.parametrize("status", [Status.CREATED, Status.QUEUED, Status.PROCESSING])
def test_an_ending_ends(status):
    with pytest.raises(ValueError, match="ends nothing"):
        Ending(status=status)


def test_a_job_that_does_not_exist_can_not_end(jobs):
    job = a_job()
    with pytest.raises(StaleJobError):
        jobs.finish(job.key, 1, FAILED, now=NOW)
    assert jobs.get(job.key) is None


def test_a_published_event_is_no_longer_owed_however_often_it_is_said(jobs):
    job = a_finished_job(jobs)
    jobs.event_published(job.key, 1)
    once = jobs.get(job.key)
    jobs.event_published(job.key, 1)
    assert not once.event_pending
    assert jobs.get(job.key) == once


def test_the_event_of_another_attempt_leaves_the_job_as_it_is(jobs):
    job = a_finished_job(jobs)
    jobs.event_published(job.key, 2)
    assert jobs.get(job.key) == job


def test_an_open_job_owes_no_event(jobs):
    job = a_running_job(jobs)
    jobs.event_published(job.key, 1)
    assert jobs.get(job.key) == job


# ── next_attempt, check_again ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_next_attempt_starts_afresh_and_keeps_the_original(jobs):
    job = a_running_job(jobs)
    jobs.check_again(job, at=after(minutes=3), requeued=True)
    job = jobs.record_document(job.key, 1, a_document(), now=NOW)
    queued = jobs.next_attempt(job, now=after(minutes=3))
    assert (queued.status, queued.attempt, queued.requeues) == (Status.QUEUED, 2, 0)
    assert queued.source is queued.lease_owner is queued.lease_until is queued.started_at is None
    assert (queued.original, queued.document) == (an_object(job), a_document())
    assert queued.next_check_at == after(minutes=3) + CHECK_AFTER


def test_a_next_attempt_reads_a_version_of_its_own(jobs):
    job = jobs.next_attempt(a_running_job(jobs), now=NOW)
    copied = an_object(job, "copy-1")
    running = jobs.begin(job.key, 2, copied, owner="message-2", now=NOW)
    assert running.source == copied
    assert running.original.version_id == "version-1"


def test_a_final_job_has_no_next_attempt(jobs):
    with pytest.raises(StaleJobError):
        jobs.next_attempt(a_finished_job(jobs), now=NOW)


def test_of_two_reconcilers_one_starts_the_next_attempt(jobs):
    job = a_running_job(jobs)
    jobs.next_attempt(job, now=NOW)
    with pytest.raises(StaleJobError):
        jobs.next_attempt(job, now=NOW)
    assert jobs.get(job.key).attempt == 2


def test_a_job_taken_up_again_is_not_given_a_next_attempt_by_what_was_seen_before(jobs):
    seen = a_running_job(jobs)
    jobs.begin(seen.key, 1, an_object(seen), owner="message-1", now=after(seconds=30))
    with pytest.raises(StaleJobError):
        jobs.next_attempt(seen, now=after(seconds=31))


def test_announcements_are_counted_and_pauses_are_not(jobs):
    job = a_queued_job(jobs)
    jobs.check_again(job, at=after(minutes=2), requeued=True)
    job = jobs.get(job.key)
    jobs.check_again(job, at=after(minutes=3))
    assert (jobs.get(job.key).requeues, jobs.get(job.key).next_check_at) == (1, after(minutes=3))


@pytest.mark.parametrize("requeued", [True, False])
def test_of_two_reconcilers_one_may_announce(jobs, requeued):
    job = a_queued_job(jobs)
    jobs.check_again(job, at=after(minutes=2), requeued=requeued)
    with pytest.raises(StaleJobError):
        jobs.check_again(job, at=after(minutes=2), requeued=requeued)


def test_a_job_whose_event_went_out_meanwhile_is_not_put_back_into_the_index(jobs):
    job = a_finished_job(jobs)
    jobs.event_published(job.key, 1)
    with pytest.raises(StaleJobError):
        jobs.check_again(job, at=after(minutes=2))
    assert listed(jobs) == []


# ── open_jobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (a_queued_job, NOW + CHECK_AFTER),
        (a_running_job, NOW + LEASE),
        (a_finished_job, NOW + CHECK_AFTER),
        (lambda jobs: jobs.next_attempt(a_running_job(jobs), now=NOW), NOW + CHECK_AFTER),
    ],
    ids=["queued", "processing", "final with its event pending", "next attempt queued"],
)
def test_a_job_is_in_the_index_until_its_event_is_out(jobs, state, due):
    job = state(jobs)
    assert listed(jobs) == [job.key]
    assert listed(jobs, due) == [job.key]
    assert listed(jobs, due - timedelta(milliseconds=1)) == []


def test_a_job_leaves_the_index_with_its_event(jobs):
    job = a_finished_job(jobs)
    jobs.event_published(job.key, 1)
    assert listed(jobs) == []


def test_a_job_written_as_final_without_an_event_is_never_in_the_index(jobs):
    a_queued_job(jobs, status=Status.CANCELLED, next_check_at=NOW)
    assert listed(jobs) == []


def test_the_index_covers_all_tenants_and_shards(jobs):
    made = [a_queued_job(jobs, tenant_id=tenant).key for tenant in ("acme", "other") for _ in range(20)]
    assert sorted(listed(jobs), key=str) == sorted(made, key=str)


def test_the_longest_due_job_is_proposed_first_whatever_its_shard(jobs):
    made = [a_queued_job(jobs, next_check_at=after(minutes=minutes)) for minutes in (5, 1, 4, 2, 3, 9, 7, 8, 6)]
    in_order = sorted(made, key=lambda job: job.next_check_at)
    assert listed(jobs) == [job.key for job in in_order]
    assert listed(jobs, after(minutes=3)) == [job.key for job in in_order[:3]]


def test_the_index_is_read_to_its_last_page(jobs):
    made = [a_queued_job(jobs).key for _ in range(40)]
    with small_pages(2):
        assert sorted(listed(jobs), key=str) == sorted(made, key=str)


def test_look_ups_and_counters_are_not_in_the_index(jobs, stack):
    jobs.next_invoice_id(TENANT)
    job = a_queued_job(jobs)
    assert listed(jobs) == [job.key]


# ── which job had these bytes first ───────────────────────────────────────────────────────────────────────────────────


def read_by(jobs, **fields):
    job = a_job(**fields)
    jobs.put_new(job)
    jobs.begin(job.key, 1, an_object(job), owner="w", now=NOW)
    jobs.record_document(job.key, 1, a_document(), now=NOW)
    return job


def test_the_first_job_with_some_bytes_stays_the_first_and_nobody_is_refused(jobs):
    first = read_by(jobs)
    second = read_by(jobs)
    assert jobs.first_with(TENANT, a_document().sha256) == first.key
    assert jobs.get(second.key).document == a_document()


def test_bytes_are_first_within_a_tenant(jobs):
    read_by(jobs)
    assert jobs.first_with("other", a_document().sha256) is None
    other = read_by(jobs, tenant_id="other")
    assert jobs.first_with("other", a_document().sha256) == other.key
