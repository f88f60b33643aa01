"""Any interleaving of late events, dead readers, reconcilers and exits: a job's row obeys its rules after every step.

Chance draws the steps; a model of a few lines says what each must do. Snapshots are kept and used late, as a reconciler
does that read the row before others wrote it.
"""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from paydraft.model.errors import StaleJobError
from paydraft.model.job import LEASE
from paydraft.model.status import FINAL_STATUSES, Status
from paydraft.model.steps import Ending
from paydraft.stores.jobs import JobStore
from tests.builders import NOW, a_document, a_job, an_object
from tests.moto_stack import moto_stack

ATTEMPTS = st.integers(1, 3)
OWNERS = st.sampled_from(["message-1", "message-2"])
VERSIONS = st.sampled_from(["version-1", "version-2"])


class JobLife(RuleBasedStateMachine):
    """One job and everybody who may write on it."""

    def __init__(self):
        super().__init__()
        self.open = ExitStack()
        aws = self.open.enter_context(moto_stack())
        self.jobs = JobStore(aws["JobsTable"])
        self.now = NOW
        self.jobs.put_new(a_job())
        (key,) = self.jobs.open_jobs(due_before=None)
        self.row = self.jobs.get(key)
        self.snapshots = [self.row]
        self.ended = []  # attempts that were ended: at most once each

    def teardown(self):
        try:
            assert list(self.jobs.open_jobs(due_before=None)) == ([self.row.key] if self.is_watched() else [])
        finally:
            self.open.close()

    def attempted(self, write, *, allowed):
        """Do it; it must succeed exactly if `allowed`, and leave the row untouched otherwise."""
        before = self.row
        try:
            write()
        except StaleJobError:
            assert not allowed
        else:
            assert allowed
        self.row = self.jobs.get(before.key)
        assert allowed or self.row == before
        self.snapshots.append(self.row)

    @rule(seconds=st.integers(1, 200))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(attempt=ATTEMPTS, owner=OWNERS, version=VERSIONS)
    def an_event_arrives(self, attempt, owner, version):
        row = self.row
        source = an_object(row.model_copy(update={"attempt": attempt}), version)
        allowed = (
            attempt == row.attempt
            and not row.status.is_final
            and row.source in (None, source)
            and (row.lease_owner in (None, owner) or row.lease_until <= self.now)
        )
        self.attempted(lambda: self.jobs.begin(row.key, attempt, source, owner=owner, now=self.now), allowed=allowed)
        if allowed:
            assert (self.row.lease_owner, self.row.lease_until) == (owner, self.now + LEASE)

    @rule(attempt=ATTEMPTS)
    def a_reader_notes_the_document(self, attempt):
        allowed = attempt == self.row.attempt and self.row.status is Status.PROCESSING
        self.attempted(
            lambda: self.jobs.record_document(self.row.key, attempt, a_document(), now=self.now), allowed=allowed
        )

    @rule(attempt=ATTEMPTS, status=st.sampled_from(FINAL_STATUSES))
    def somebody_ends_the_job(self, attempt, status):
        allowed = attempt == self.row.attempt and not self.row.status.is_final
        ending = Ending(status=status)
        self.attempted(lambda: self.jobs.finish(self.row.key, attempt, ending, now=self.now), allowed=allowed)
        if allowed:
            self.ended.append(attempt)

    @rule(attempt=ATTEMPTS)
    def somebody_says_the_event_is_out(self, attempt):
        owed = self.row.event_pending and attempt == self.row.attempt
        before = self.row
        self.jobs.event_published(self.row.key, attempt)
        self.row = self.jobs.get(self.row.key)
        assert self.row.event_pending == (before.event_pending and not owed)
        assert owed or self.row == before

    @rule(late=st.integers(0, 3), requeued=st.booleans())
    def a_reconciler_puts_the_job_off(self, late, requeued):
        seen = self.snapshots[-1 - late % len(self.snapshots)]
        at = self.now + timedelta(minutes=1)
        write = lambda: self.jobs.check_again(seen, at=at, requeued=requeued)  # noqa: E731
        self.attempted(write, allowed=self.decides(seen) and self.is_watched())

    @precondition(lambda self: self.row.attempt < 3)
    @rule(late=st.integers(0, 3))
    def a_reconciler_starts_the_next_attempt(self, late):
        seen = self.snapshots[-1 - late % len(self.snapshots)]
        allowed = self.decides(seen) and not self.row.status.is_final
        self.attempted(lambda: self.jobs.next_attempt(seen, now=self.now), allowed=allowed)

    def decides(self, seen):
        """Whether what the reconciler saw is how the row still stands, as far as it matters."""
        facts = ("attempt", "status", "requeues", "lease_until", "next_check_at")
        return all(getattr(seen, name) == getattr(self.row, name) for name in facts)

    def is_watched(self):
        return not self.row.status.is_final or self.row.event_pending

    @invariant()
    def the_row_is_in_the_index_until_its_event_is_out(self):
        item = self.jobs._jobs.get(tenant_id=self.row.tenant_id, sk=f"JOB#{self.row.job_id}")
        assert ("open_shard" in item) == ("next_check_at" in item) == self.is_watched()

    @invariant()
    def an_attempt_ends_once_and_only_an_ended_job_owes_an_event(self):
        assert len(self.ended) == len(set(self.ended)) <= 1
        assert self.row.status.is_final == bool(self.ended)
        assert self.row.status.is_final or not self.row.event_pending

    @invariant()
    def what_is_fixed_stays_fixed(self):
        for earlier in self.snapshots:
            assert earlier.attempt <= self.row.attempt
            assert earlier.original in (None, self.row.original)
            if earlier.attempt == self.row.attempt:
                assert earlier.source in (None, self.row.source)


TestJobLife = JobLife.TestCase
TestJobLife.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)


@pytest.mark.slow
class TestALongJobLife(JobLife.TestCase):
    settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
