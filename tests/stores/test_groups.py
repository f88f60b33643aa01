"""Groups: counted with their jobs, never more at work than there are places, and told of once when all have ended."""

import pytest

from paydraft.model.errors import JobNumberTakenError, StaleJobError
from paydraft.model.group import Tally
from paydraft.model.group_errors import GroupBusyError, GroupChangedError, GroupNotFoundError
from paydraft.model.job import Labels
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.stores.groups import GroupStore
from paydraft.stores.job_edits import JobEdits
from tests.builders import NOW, TENANT, a_document, a_group, a_job, after, an_object

COMPLETED, FAILED, CANCELLED = (Ending(status=status) for status in (Status.COMPLETED, Status.FAILED, Status.CANCELLED))


@pytest.fixture
def groups(stack):
    return GroupStore(stack["JobsTable"])


@pytest.fixture
def edits(stack):
    return JobEdits(stack["JobsTable"])


def a_group_of(groups, **fields):
    group = a_group(**fields)
    groups.add(TENANT, group)
    return group


def a_member(jobs, group, **fields):
    """A job of the group that nobody has asked for yet."""
    made = {"status": Status.CREATED, "opened_at": None, "source_url": "https://a.example/b.pdf"}
    job = a_job(group_id=group.group_id, **(made | fields))
    jobs.put_new(job)
    return job


def members(jobs, group, count):
    return [a_member(jobs, group, created_at=after(seconds=number)) for number in range(count)]


def tally_of(groups, group):
    now = groups.get(TENANT, group.group_id)
    return now.total, now.open, now.completed, now.failed


def ended(jobs, job, ending=COMPLETED, *, at=NOW):
    return jobs.finish(job.key, job.attempt, ending, now=at)


def read(jobs, job, *, pages, seconds):
    """A called job whose document is read, and that has completed."""
    leased = jobs.begin(job.key, job.attempt, an_object(job), owner="message-0", now=NOW)
    jobs.record_document(leased.key, leased.attempt, a_document(pages=pages), now=NOW)
    return ended(jobs, leased, at=after(seconds=seconds))


def test_a_group_comes_back_as_it_was_written(groups):
    group = a_group_of(groups, own='{"tags": ["a"]}')
    assert groups.get(TENANT, group.group_id) == group
    assert list(groups.list(TENANT)) == [group]


def test_a_group_of_another_tenant_is_not_there(groups):
    group = a_group_of(groups)
    assert groups.get("other", group.group_id) is None
    assert list(groups.list("other")) == []


def test_what_its_owner_writes_leaves_the_counts_alone(groups, jobs):
    group = a_group_of(groups)
    a_member(jobs, group)
    changed = group.model_copy(update={"version": 2, "name": "Other", "parallel_jobs": 5})
    assert groups.rewrite(TENANT, changed).total == 1
    assert groups.get(TENANT, group.group_id).name == "Other"


def test_of_two_changes_of_one_version_the_second_is_refused(groups):
    group = a_group_of(groups)
    groups.rewrite(TENANT, group.model_copy(update={"version": 2, "name": "First"}))
    with pytest.raises(GroupChangedError):
        groups.rewrite(TENANT, group.model_copy(update={"version": 2, "name": "Second"}))


def test_a_job_needs_its_group(jobs):
    job = a_job(group_id="f" * 24)
    with pytest.raises(GroupNotFoundError):
        jobs.put_new(job)
    assert jobs.get(job.key) is None


def test_jobs_are_counted_from_their_first_moment_to_their_last(groups, jobs, edits):
    group = a_group_of(groups)
    one, two, three = members(jobs, group, 3)
    assert tally_of(groups, group) == (3, 3, 0, 0)
    ended(jobs, jobs.call_up(one, now=NOW))
    ended(jobs, jobs.call_up(two, now=NOW), FAILED)
    assert tally_of(groups, group) == (3, 1, 1, 1)
    jobs.event_published(two.key, 1)
    again = jobs.run_again(jobs.get(two.key), now=NOW)
    assert tally_of(groups, group) == (3, 2, 1, 0)
    ended(jobs, again)
    jobs.event_published(one.key, 1)
    jobs.remove(edits.give_up(jobs.get(one.key), now=NOW))
    jobs.remove(ended(jobs, three, CANCELLED))
    assert tally_of(groups, group) == (1, 0, 1, 0)


def test_pages_and_times_are_those_of_the_jobs_that_completed(groups, jobs, edits):
    group = a_group_of(groups)
    one, two = members(jobs, group, 2)
    first = read(jobs, jobs.call_up(one, now=NOW), pages=3, seconds=4)
    read(jobs, jobs.call_up(two, now=NOW), pages=1, seconds=2)
    now = groups.get(TENANT, group.group_id)
    assert (now.pages, now.milliseconds) == (4, 6000)
    jobs.event_published(first.key, 1)
    jobs.remove(edits.give_up(jobs.get(first.key), now=NOW))
    now = groups.get(TENANT, group.group_id)
    assert (now.pages, now.milliseconds) == (1, 2000)


def test_a_job_that_changes_its_group_is_counted_in_the_new_one(groups, jobs, edits):
    left, joined = a_group_of(groups), a_group_of(groups)
    job = a_member(jobs, left)
    labels = job.model_copy(update={"group_id": joined.group_id})
    edits.replace(job, _labels(labels), now=NOW)
    assert (tally_of(groups, left)[0], tally_of(groups, joined)[0]) == (0, 1)


def _labels(job):
    return Labels(**{name: getattr(job, name) for name in Labels.model_fields})


# ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_job_that_finds_no_place_is_queued_without_a_time_that_runs(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    one, two = members(jobs, group, 2)
    assert not jobs.call_up(one, now=NOW).is_in_line
    waiting = jobs.call_up(two, now=NOW)
    assert (waiting.status, waiting.is_in_line, waiting.opened_at) == (Status.QUEUED, True, None)
    assert list(groups.line(TENANT, group.group_id)) == [two.key]
    assert list(jobs.open_jobs(due_before=None)) == [one.key]


def test_an_end_gives_the_place_to_the_next_in_line_whose_time_begins_then(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    one, two = (jobs.call_up(job, now=NOW) for job in members(jobs, group, 2))
    assert jobs.admit(two, now=NOW) is None
    ended(jobs, one)
    begun = jobs.admit(two, now=after(minutes=40))
    assert (begun.opened_at, begun.is_in_line) == (after(minutes=40), False)
    assert list(groups.line(TENANT, group.group_id)) == []
    assert groups.get(TENANT, group.group_id).running == {str(two.job_id)}
    assert list(jobs.open_jobs(due_before=None))[-1] == two.key


def test_a_job_is_called_out_of_the_line_once(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    one, two = (jobs.call_up(job, now=NOW) for job in members(jobs, group, 2))
    ended(jobs, one)
    jobs.admit(two, now=NOW)
    with pytest.raises(StaleJobError):
        groups.rewrite(TENANT, group.model_copy(update={"version": 2, "parallel_jobs": 9}))
        jobs.admit(two, now=NOW)


def test_a_job_that_is_cancelled_in_line_leaves_it(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    _, two = (jobs.call_up(job, now=NOW) for job in members(jobs, group, 2))
    ended(jobs, two, CANCELLED)
    assert list(groups.line(TENANT, group.group_id)) == []
    assert len(groups.get(TENANT, group.group_id).running) == 1


def test_a_job_that_runs_again_waits_for_a_place_like_any_other(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    one, two = (jobs.call_up(job, now=NOW) for job in members(jobs, group, 2))
    ended(jobs, one, FAILED)
    jobs.event_published(one.key, 1)
    jobs.admit(two, now=NOW)
    again = jobs.run_again(jobs.get(one.key), now=NOW)
    assert (again.attempt, again.is_in_line, again.opened_at) == (2, True, None)
    assert one.key not in list(jobs.open_jobs(due_before=None))


def test_a_next_attempt_keeps_the_place(groups, jobs):
    group = a_group_of(groups, parallel_jobs=1)
    one = jobs.call_up(members(jobs, group, 1)[0], now=NOW)
    jobs.next_attempt(one, now=NOW)
    assert groups.get(TENANT, group.group_id).running == {str(one.job_id)}


def test_fewer_places_than_jobs_at_work_call_nobody_until_enough_have_ended(groups, jobs):
    group = a_group_of(groups, parallel_jobs=2)
    one, two, three = (jobs.call_up(job, now=NOW) for job in members(jobs, group, 3))
    groups.rewrite(TENANT, group.model_copy(update={"version": 2, "parallel_jobs": 1}))
    ended(jobs, one)
    assert jobs.admit(three, now=NOW) is None
    ended(jobs, two)
    assert jobs.admit(three, now=NOW)


def test_a_job_outlives_its_group_and_runs_again_without_it(groups, jobs):
    group = a_group_of(groups)
    job = ended(jobs, jobs.call_up(members(jobs, group, 1)[0], now=NOW), FAILED)
    jobs.event_published(job.key, 1)
    groups.delete(TENANT, groups.get(TENANT, group.group_id))
    again = jobs.run_again(jobs.get(job.key), now=NOW)
    assert not again.is_in_line
    assert ended(jobs, again).group_id == group.group_id
    assert groups.get(TENANT, group.group_id) is None


def test_a_group_with_an_open_job_stays(groups, jobs):
    group = a_group_of(groups)
    a_member(jobs, group)
    with pytest.raises(GroupBusyError):
        groups.delete(TENANT, groups.get(TENANT, group.group_id))


# ── completion ────────────────────────────────────────────────────────────────────────────────────────────────────────


def telling(groups, group, teller="job-1", at=NOW):
    return groups.begin_telling(TENANT, group.group_id, teller=teller, now=at)


def test_a_group_is_told_of_when_its_last_job_has_ended_and_not_before(groups, jobs):
    group = a_group_of(groups)
    one, two = members(jobs, group, 2)
    assert telling(groups, group) is None
    ended(jobs, jobs.call_up(one, now=NOW))
    assert telling(groups, group) is None
    ended(jobs, jobs.call_up(two, now=NOW), FAILED)
    told = telling(groups, group)
    assert (told.total, told.completed, told.failed, told.endings, told.status) == (2, 1, 1, 2, Status.COMPLETED)
    groups.told(TENANT, told)
    assert telling(groups, group) is None


def test_who_died_while_telling_may_go_on_at_once_and_another_later(groups, jobs):
    group = a_group_of(groups)
    ended(jobs, jobs.call_up(members(jobs, group, 1)[0], now=NOW))
    assert telling(groups, group)
    assert telling(groups, group)
    assert telling(groups, group, "job-2") is None
    assert telling(groups, group, "job-2", after(minutes=1))


def test_a_job_that_joins_later_makes_another_completion(groups, jobs):
    group = a_group_of(groups)
    ended(jobs, jobs.call_up(members(jobs, group, 1)[0], now=NOW))
    groups.told(TENANT, telling(groups, group))
    late = a_member(jobs, group)
    assert telling(groups, group) is None
    ended(jobs, jobs.call_up(late, now=NOW))
    assert telling(groups, group).endings == 2


def test_a_group_whose_last_open_job_is_deleted_has_ended(groups, jobs):
    group = a_group_of(groups)
    one, two = members(jobs, group, 2)
    ended(jobs, jobs.call_up(one, now=NOW))
    ended(jobs, two, CANCELLED)
    assert telling(groups, group)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, Status.CREATED),
        ({"total": 2, "open": 2}, Status.CREATED),
        ({"total": 2, "open": 2, "running": frozenset({"a"})}, Status.PROCESSING),
        ({"total": 2, "open": 1, "completed": 1, "endings": 1}, Status.QUEUED),
        ({"total": 2, "completed": 1, "failed": 1, "endings": 2}, Status.COMPLETED),
        ({"total": 2, "failed": 2, "endings": 2}, Status.FAILED),
    ],
)
def test_the_status_of_a_group_is_that_of_its_jobs_together(fields, status):
    assert a_group(**fields).status is status


def test_a_job_counts_what_it_is():
    assert Tally.of(a_job(status=Status.CANCELLED)) == Tally(total=1)
    assert Tally.of(a_job(status=Status.PROCESSING, document=a_document(pages=9))) == Tally(total=1, open=1)


def test_a_job_that_is_taken_away_twice_is_counted_off_once_and_leaves_its_number_to_the_next(groups, jobs, edits):
    group = a_group_of(groups)
    one, two = a_member(jobs, group, job_number="N-1"), a_member(jobs, group)
    cancelled = ended(jobs, one, CANCELLED)
    edits.hide(cancelled)
    again = a_member(jobs, group, job_number="N-1")
    for late in (edits.hide, jobs.remove):
        with pytest.raises(StaleJobError):
            late(cancelled)
    assert tally_of(groups, group) == (2, 2, 0, 0)
    with pytest.raises(JobNumberTakenError):
        a_member(jobs, group, job_number="N-1")
    jobs.remove(jobs.get(one.key))
    assert tally_of(groups, group) == (2, 2, 0, 0)
    assert {jobs.get(job.key) for job in (two, again)} == {two, again}
