"""Pages of uploads while others write and delete: what was there from start to end is shown once, in either order."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paydraft.stores.job_items import removals_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import put_together
from paydraft.stores.uploads import UploadStore
from tests.builders import a_job, after
from tests.moto_stack import moto_stack

_numbers = itertools.count(1)
# What others do between two pages: an upload at that second, or the n-th of those there taken away.
OTHERS = st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 40)), max_size=3)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seconds=st.lists(st.integers(0, 40), max_size=9),
    limit=st.integers(1, 4),
    newest_first=st.booleans(),
    others=st.lists(OTHERS, max_size=6),
)
def test_an_upload_that_was_there_all_the_time_is_shown_once_and_in_order(aws, seconds, limit, newest_first, others):
    tenant_id = f"pages-{next(_numbers)}"
    table = aws["JobsTable"]
    there = []

    def add(second):
        job = a_job(tenant_id=tenant_id, created_at=after(seconds=second))
        JobStore(table).put_new(job)
        there.append(job)

    for second in seconds:
        add(second)
    stayed = {job.upload_id for job in there}
    shown, position = [], None
    for happening in itertools.chain(others, itertools.repeat([])):
        found, position = UploadStore(table).page(tenant_id, after=position, limit=limit, newest_first=newest_first)
        assert len(found) <= limit
        shown += [one.upload_id for one in found]
        if position is None:
            break
        for what, number in happening:
            if what == "add":
                add(number)
            elif there:
                gone = there.pop(number % len(there))
                put_together(removals_of(table, gone))
                stayed.discard(gone.upload_id)
    assert shown == sorted(shown, reverse=newest_first)
    assert len(set(shown)) == len(shown)
    assert stayed <= set(shown)
