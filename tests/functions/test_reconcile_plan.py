"""Each way in which a job can stand still has its remedy, and whatever is found, the job ends by its deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from paydraft.model.document import StoredObject
from paydraft.model.errors import DocumentMissingError, InternalError, TimedOutError
from paydraft.model.ids import uuid7
from paydraft.model.job import MAX_ATTEMPTS
from paydraft.model.status import Status
from paydraft.stores.completion import ExecutionState
from reconcile_jobs.plan import (
    MAX_REQUEUES,
    Announce,
    CopyOriginal,
    End,
    Erase,
    Facts,
    FetchAgain,
    Leave,
    PublishAgain,
    StartNextAttempt,
    Wait,
    plan,
)
from tests.builders import a_job

ACCEPTED = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORIGINAL = StoredObject(key="incoming/standard/acme/one/1", version_id="v1")
SOURCE = StoredObject(key="incoming/standard/acme/one/2", version_id="v2")
MINUTE = timedelta(minutes=1)
DEADLINE = ACCEPTED + 30 * MINUTE
INTERNAL, TIMED_OUT, MISSING = (e().failure for e in (InternalError, TimedOutError, DocumentMissingError))
RUNNING, SUCCEEDED, FAILED = ExecutionState.RUNNING, ExecutionState.SUCCEEDED, ExecutionState.FAILED


def job(status, **changes):
    return a_job(job_id=uuid7(ACCEPTED, 7), status=status, **{"updated_at": ACCEPTED} | changes)


def reading(**changes):
    """A job whose reader holds a lease until minute 4."""
    values = {"source": SOURCE, "original": ORIGINAL, "lease_until": ACCEPTED + 4 * MINUTE, "lease_owner": "m"}
    return job(Status.PROCESSING, **values | changes)


URL = "https://files.example.com/invoice.pdf"
THERE = Facts(document=SOURCE)
NOWHERE = Facts()

CASES = {
    # name: (job, facts, minute, action)
    "final, event out": (job(Status.COMPLETED), NOWHERE, 5, Leave()),
    "final long ago, event out": (job(Status.FAILED), NOWHERE, 500, Leave()),
    "final, event pending": (job(Status.COMPLETED, event_pending=True), NOWHERE, 5, PublishAgain()),
    "cancelled, not gone yet": (job(Status.CANCELLED), NOWHERE, 5, Erase()),
    "final long ago, event pending": (job(Status.CANCELLED, event_pending=True), NOWHERE, 500, PublishAgain()),
    "created, past the deadline": (job(Status.CREATED), NOWHERE, 30, End(TIMED_OUT)),
    "queued, past the deadline": (job(Status.QUEUED), THERE, 31, End(TIMED_OUT)),
    "running, past the deadline": (reading(), Facts(execution=RUNNING), 30, End(TIMED_OUT)),
    "queued, its event lost": (job(Status.QUEUED), THERE, 1, Announce(SOURCE, ACCEPTED + 3 * MINUTE)),
    "created, the document came": (job(Status.CREATED), THERE, 1, Announce(SOURCE, ACCEPTED + 3 * MINUTE)),
    "queued for three minutes": (job(Status.QUEUED), THERE, 3, Announce(SOURCE, ACCEPTED + 6 * MINUTE)),
    "queued for twenty minutes": (job(Status.QUEUED), THERE, 20, Announce(SOURCE, DEADLINE)),
    "queued, no document yet": (job(Status.QUEUED), NOWHERE, 14, Wait(ACCEPTED + 15 * MINUTE)),
    "queued, no document came": (job(Status.QUEUED), NOWHERE, 15, End(MISSING)),
    "created, no document came": (job(Status.CREATED), NOWHERE, 16, End(MISSING)),
    "next attempt without its copy": (
        job(Status.QUEUED, attempt=2, original=ORIGINAL),
        NOWHERE,
        16,
        CopyOriginal(ORIGINAL, ACCEPTED + 17 * MINUTE),
    ),
    "next attempt without any original": (job(Status.QUEUED, attempt=2), NOWHERE, 16, End(INTERNAL)),
    "next attempt with its copy": (
        job(Status.QUEUED, attempt=2, original=ORIGINAL, updated_at=ACCEPTED + 15 * MINUTE),
        THERE,
        16,
        Announce(SOURCE, ACCEPTED + 18 * MINUTE),
    ),
    "to be fetched": (job(Status.QUEUED, source_url=URL), NOWHERE, 1, FetchAgain(ACCEPTED + 3 * MINUTE)),
    "to be fetched, created": (job(Status.CREATED, source_url=URL), NOWHERE, 1, FetchAgain(ACCEPTED + 3 * MINUTE)),
    "to be fetched for three minutes": (
        job(Status.QUEUED, source_url=URL),
        NOWHERE,
        3,
        FetchAgain(ACCEPTED + 6 * MINUTE),
    ),
    "to be fetched for long": (job(Status.QUEUED, source_url=URL), NOWHERE, 16, FetchAgain(DEADLINE)),
    "to be fetched, past the deadline": (job(Status.QUEUED, source_url=URL), NOWHERE, 30, End(TIMED_OUT)),
    "fetched, its event lost": (job(Status.QUEUED, source_url=URL), THERE, 16, Announce(SOURCE, DEADLINE)),
    "next attempt at something never fetched": (
        job(Status.QUEUED, attempt=2, source_url=URL, updated_at=ACCEPTED + 15 * MINUTE),
        NOWHERE,
        16,
        FetchAgain(ACCEPTED + 18 * MINUTE),
    ),
    "next attempt at something fetched, without its copy": (
        job(Status.QUEUED, attempt=2, source_url=URL, original=ORIGINAL),
        NOWHERE,
        16,
        CopyOriginal(ORIGINAL, ACCEPTED + 17 * MINUTE),
    ),
    "execution running": (reading(), Facts(execution=RUNNING), 9, Wait(ACCEPTED + 10 * MINUTE)),
    "execution running to the end": (reading(), Facts(execution=RUNNING), 29.5, Wait(DEADLINE)),
    "execution failed": (reading(), Facts(execution=FAILED), 3, StartNextAttempt(ORIGINAL)),
    "execution failed again": (reading(attempt=2), Facts(execution=FAILED), 3, StartNextAttempt(ORIGINAL)),
    "execution failed for the last time": (reading(attempt=MAX_ATTEMPTS), Facts(execution=FAILED), 3, End(INTERNAL)),
    "execution failed, no original": (reading(original=None), Facts(execution=FAILED), 3, End(INTERNAL)),
    "execution succeeded, job open": (reading(), Facts(execution=SUCCEEDED), 3, End(INTERNAL)),
    "reader at work": (reading(), NOWHERE, 3.9, Wait(ACCEPTED + 4 * MINUTE)),
    "reader died": (reading(), NOWHERE, 4, Announce(SOURCE, ACCEPTED + 6 * MINUTE)),
    "reader died late": (reading(), NOWHERE, 29, Announce(SOURCE, DEADLINE)),
    "reader died, no lease known": (reading(lease_until=None), NOWHERE, 2, Announce(SOURCE, ACCEPTED + 4 * MINUTE)),
    "third reader died": (reading(requeues=MAX_REQUEUES - 1), NOWHERE, 4, Announce(SOURCE, ACCEPTED + 6 * MINUTE)),
    "every reader died": (reading(requeues=MAX_REQUEUES), NOWHERE, 4, End(INTERNAL)),
}


@pytest.mark.parametrize(("a_job_", "facts", "minute", "action"), CASES.values(), ids=CASES.keys())
def test_each_standstill_has_its_remedy(a_job_, facts, minute, action):
    assert plan(a_job_, facts, ACCEPTED + minute * MINUTE) == action


@pytest.mark.parametrize("status", [status for status in Status if not status.is_final])
@pytest.mark.parametrize("execution", [None, *ExecutionState])
@pytest.mark.parametrize("document", [None, SOURCE])
@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS + 1))
@pytest.mark.parametrize("requeues", range(MAX_REQUEUES + 1))
@pytest.mark.parametrize("url", [None, URL])
def test_an_open_job_is_always_looked_at_again_by_its_deadline_and_ended_at_it(
    status, execution, document, attempt, requeues, url
):
    open_job = job(status, attempt=attempt, requeues=requeues, original=ORIGINAL, source=SOURCE, source_url=url)
    for minute in range(30):
        action = plan(open_job, Facts(document, execution), ACCEPTED + minute * MINUTE)
        assert not isinstance(action, Leave | PublishAgain)
        assert ACCEPTED + minute * MINUTE < getattr(action, "at", DEADLINE) <= DEADLINE
    assert plan(open_job, Facts(document, execution), DEADLINE) == End(TIMED_OUT)


@pytest.mark.parametrize("status", [Status.CREATED, Status.QUEUED])
@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS + 1))
def test_a_job_that_waits_for_a_fetch_is_never_told_that_nothing_arrived(status, attempt):
    to_fetch = job(status, attempt=attempt, source_url=URL)
    for minute in range(30):
        assert isinstance(plan(to_fetch, NOWHERE, ACCEPTED + minute * MINUTE), FetchAgain)


def test_a_fetch_is_asked_for_ever_more_rarely():
    """A long queue must not grow by those who wait in it."""
    to_fetch, now, asked = job(Status.QUEUED, source_url=URL), ACCEPTED + MINUTE, 0
    while now < DEADLINE:
        now, asked = plan(to_fetch, NOWHERE, now).at, asked + 1
    assert asked <= 5


def test_a_lease_is_never_cut_short():
    """The reader that holds it may still start the execution."""
    for seconds in range(0, 240, 10):
        now = ACCEPTED + timedelta(seconds=seconds)
        assert plan(reading(), NOWHERE, now) == Wait(ACCEPTED + 4 * MINUTE)
