"""Tags, wishes to wait, and the wait itself on a clock of our own."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.runtime.polling import MAX_WAIT_SECONDS, etag_of, is_known, retry_after, wait_seconds, wait_while

PLENTY = 29_000  # milliseconds


class Clock:
    def __init__(self):
        self.time, self.naps = 1000.0, []

    def __call__(self):
        return self.time

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.time += seconds


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("wait=7", 7),
        ("WAIT = 7", 7),
        ('wait="7"', 7),
        ("respond-async, wait=7", 7),
        ("wait=7; foo=bar", 7),
        ("wait=600", MAX_WAIT_SECONDS),
        ("wait=999999999999", 0),
        ("wait=-1", 0),
        ("wait=1.5", 0),
        ("await=7", 0),
        ("wait", 0),
    ],
)
def test_a_wish_to_wait_is_read_as_it_may_be_written(prefer, seconds):
    assert wait_seconds(prefer, PLENTY) == seconds


def test_a_wait_leaves_the_function_time_to_answer():
    assert wait_seconds("wait=20", 29_000) == 20
    assert wait_seconds("wait=20", 10_000) == 7
    assert wait_seconds("wait=20", 100) == 0


@given(st.text() | st.none(), st.integers(0, 900_000))
def test_no_header_makes_a_wait_too_long(prefer, remaining):
    assert 0 <= wait_seconds(prefer, remaining) <= MAX_WAIT_SECONDS


def test_tags_are_compared_weakly_and_in_lists():
    tag = etag_of("body")
    for header in (tag, f"W/{tag}", f'"x" , {tag}', "*", f'W/"x",W/{tag}'):
        assert is_known(tag, header)
    for header in (None, "", '"x"', tag.strip('"'), f"*, {tag[:-2]}"):
        assert not is_known(tag, header)
    assert etag_of("other") != tag


def test_a_wait_ends_with_the_first_change():
    clock, seen = Clock(), iter("aaab")
    assert wait_while(lambda value: value == "a", lambda: next(seen), 20, clock=clock, sleep=clock.sleep) == "b"
    assert len(clock.naps) == 4


def test_a_wait_without_a_change_lasts_as_long_as_wished_and_looks_less_and_less_often():
    clock, looks = Clock(), []
    wait_while(lambda _: True, lambda: looks.append(clock()), 20, clock=clock, sleep=clock.sleep)
    assert clock() == pytest.approx(1020)
    assert len(looks) <= 26
    assert max(clock.naps) <= 1.0
    assert clock.naps[0] < clock.naps[3]


def test_a_job_is_asked_for_less_often_the_older_it_is():
    hints = [retry_after(timedelta(seconds=age)) for age in (0, 9, 10, 59, 60, 100_000)]
    assert hints == [2, 2, 5, 5, 10, 10]
