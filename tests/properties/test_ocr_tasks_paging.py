"""Paging through OCR tasks while others make and delete jobs: what was there and stayed is told once, in its order."""

import itertools
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_ocr_tasks import listing
from api_ocr_tasks.query import Place, parameters_of, place_of, token_of
from paydraft.model.job import Job
from paydraft.model.status import Status
from paydraft.runtime.cursor import Signer
from paydraft.stores.job_lists import Span
from tests.builders import NOW, TENANT, a_job

SIGNER = Signer("secret", TENANT, {"list": "ocr_tasks"})
DONE, OPEN, GONE = Status.COMPLETED, Status.QUEUED, Status.CANCELLED
counted = {"runs": 0, "pages": 0, "made": 0, "deleted": 0, "empty pages": 0}


@dataclass
class Lists:
    """A table of jobs as stores/job_lists.py reads it: in order of ids, a few at once, each few as of then."""

    rows: list[tuple[UUID, Job]] = field(default_factory=list)

    def add(self, number: int, status: Status) -> UUID:
        job = a_job(created_at=NOW + timedelta(milliseconds=number), status=status)
        insort(self.rows, (job.job_id, job), key=lambda row: row[0])
        return job.job_id

    def delete(self, job_id: UUID) -> None:
        self.rows = [row for row in self.rows if row[0] != job_id]

    def jobs(self, tenant_id: str, span: Span, *, newest_first: bool, page_size: int) -> Iterator[Job]:
        last: UUID | None = None
        while True:
            few = list(itertools.islice(self._within(span, newest_first, last), page_size))
            yield from few
            if len(few) < page_size:
                return
            last = few[-1].job_id

    def _within(self, span: Span, newest_first: bool, last: UUID | None) -> Iterator[Job]:
        for job_id, job in self.rows[::-1] if newest_first else self.rows:
            if (span.behind and job_id <= span.behind) or (span.before and job_id >= span.before):
                continue
            if last is None or (job_id < last if newest_first else job_id > last):
                yield job


@dataclass(frozen=True)
class Page:
    """A page as a client sees it."""

    ids: list[UUID]
    onward: str | None
    back: str | None


def page(lists: Lists, query: str) -> Page:
    place: Place = place_of(parameters_of(query), SIGNER)
    seen = listing.look(place, lists, TENANT)
    ids = [job.job_id for job in seen.jobs]
    onward, back = (place.onward(seen.onward_from) if seen.onward_from else None), place.back()
    if place.backwards:
        ids, onward, back = ids[::-1], back, onward
    return Page(ids, *(token_of(one, SIGNER) if one else None for one in (onward, back)))


def follow(lists: Lists, token: str) -> Page:
    return page(lists, f"pagination_token={token}")


@pytest.fixture(scope="module", autouse=True)
def short_rounds():
    """So that filters that thin a page out meet the bound."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "_ROUND", 3)
        patch.setattr(listing, "_ROUNDS", 3)
        yield


@settings(max_examples=300, deadline=None)
@given(
    statuses=st.lists(st.sampled_from([DONE, OPEN, OPEN, GONE]), min_size=5, max_size=20),
    limit=st.integers(1, 3),
    order=st.sampled_from(["asc", "desc"]),
    wanted=st.sampled_from(["", "success", "processing"]),
    backwards=st.booleans(),
    data=st.data(),
)
def test_every_job_that_was_there_and_stayed_is_told_once_in_both_directions(
    statuses, limit, order, wanted, backwards, data
):
    lists, numbers = Lists(), itertools.count()
    made = {lists.add(next(numbers), status): status for status in statuses}
    query = f"limit={limit}&order={order}" + (f"&status={wanted}" if wanted else "")
    if backwards:
        present = page(lists, query)
        while present.onward:
            present = follow(lists, present.onward)
    else:
        present = page(lists, query)
    told, deleted = [present.ids], set[UUID]()
    while token := present.back if backwards else present.onward:
        if len(told) <= 8:  # a list whose end runs away as fast as one pages has none
            deleted |= disturbed(lists, list(made), numbers, data)
        present = follow(lists, token)
        assert len(present.ids) <= limit
        told.append(present.ids)
        counted["pages"] += 1
        counted["empty pages"] += not present.ids
        assert len(told) < 200, "the list has no end"
    seen = [one for ids in (told[::-1] if backwards else told) for one in ids]
    fits = {"": (DONE, OPEN), "success": (DONE,), "processing": (OPEN,)}[wanted]
    stayed = [one for one, status in made.items() if status in fits and one not in deleted]
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one in set(stayed)] == (stayed if order == "asc" else stayed[::-1])
    counted["runs"] += 1


def disturbed(lists, made, numbers, data):
    """Between two pages others make jobs and delete some; the ids that are gone."""
    for status in data.draw(st.lists(st.sampled_from([DONE, OPEN]), max_size=3), label="made"):
        lists.add(next(numbers), status)
        counted["made"] += 1
    gone = data.draw(st.lists(st.sampled_from(made), max_size=3, unique=True), label="deleted") if made else []
    for one in gone:
        lists.delete(one)
    counted["deleted"] += len(gone)
    return set(gone)


@given(count=st.integers(0, 25), limit=st.integers(1, 6), order=st.sampled_from(["asc", "desc"]))
def test_while_nobody_writes_the_pages_back_are_the_pages_there(count, limit, order):
    lists = Lists()
    for number in range(count):
        lists.add(number, OPEN)
    pages = [page(lists, f"limit={limit}&order={order}")]
    while pages[-1].onward:
        pages.append(follow(lists, pages[-1].onward))
    back = [pages[-1]]
    while back[-1].back:
        back.append(follow(lists, back[-1].back))
    assert [one.ids for one in back[::-1]] == [one.ids for one in pages]
    assert (pages[0].back, pages[-1].onward, back[-1].back) == (None, None, None)


def test_the_property_met_writers(tell):
    if counted["runs"]:
        tell(f"OCR tasks, paging while others write: {counted}")
        assert all(counted.values())
