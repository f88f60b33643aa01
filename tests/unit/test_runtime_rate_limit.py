"""The rate of a token: so many requests in a window, told in headers, and never in the way when it can't be counted."""

from collections import Counter
from datetime import timedelta

import pytest

from paydraft.model.errors import TransientError
from paydraft.runtime.rate_limit import RateLimit
from tests.builders import NOW, a_credential


class Windows:
    """Counters in memory, as the store keeps them."""

    def __init__(self):
        self.used = Counter()
        self.failing = None

    def hit(self, tenant_id, token_id, window, *, ends_at):
        if self.failing is not None:
            self.failing -= 1
            raise TransientError
        self.used[tenant_id, token_id, window, ends_at] += 1
        return self.used[tenant_id, token_id, window, ends_at]


@pytest.fixture
def windows():
    return Windows()


ALICE, BOB = a_credential(), a_credential(subject="bob")


@pytest.mark.parametrize(
    ("per_second", "burst", "limit", "seconds"),
    [(30, 30, 30, 1), (30, 60, 60, 2), (30, 61, 61, 3), (30, 1, 30, 1), (1, 10, 10, 10)],
)
def test_a_window_takes_the_burst_and_is_as_long_as_the_average_allows(windows, per_second, burst, limit, seconds):
    rate = RateLimit(windows.hit, per_second=per_second, burst=burst)
    at = NOW.replace(second=0, microsecond=0)
    answers = [rate.take(ALICE, now=at) for _ in range(limit + 5)]
    assert sum(not one.exceeded for one in answers) == limit
    assert [one.remaining for one in answers] == [*reversed(range(limit)), 0, 0, 0, 0, 0]
    assert {one.seconds for one in answers} == {seconds}
    assert limit / seconds <= max(per_second, limit if seconds == 1 else 0)


def test_a_new_window_begins_by_the_clock_and_one_token_is_no_others(windows):
    rate = RateLimit(windows.hit, per_second=2, burst=2)
    at = NOW.replace(microsecond=0)
    taken = [rate.take(who, now=at + timedelta(seconds=s)).exceeded for who, s in
             [(ALICE, 0), (ALICE, 0.5), (ALICE, 0.999), (BOB, 0.999), (ALICE, 1)]]  # fmt: skip
    assert taken == [False, False, True, False, False]


def test_over_ten_seconds_of_flood_exactly_the_rate_is_let_in(windows):
    rate = RateLimit(windows.hit, per_second=30, burst=30)
    at = NOW.replace(microsecond=0)
    let_in = sum(not rate.take(ALICE, now=at + timedelta(milliseconds=5 * n)).exceeded for n in range(2000))
    assert let_in == 300


@pytest.mark.parametrize(("passed", "reset"), [(0, 2), (0.25, 2), (1, 1), (1.75, 1), (1.999, 1)])
def test_the_headers_say_the_limit_what_is_left_and_when_the_next_window_begins(windows, passed, reset):
    rate = RateLimit(windows.hit, per_second=5, burst=10)
    at = NOW.replace(second=10, microsecond=0)
    allowance = rate.take(ALICE, now=at + timedelta(seconds=passed))
    assert allowance.headers() == {
        "RateLimit-Limit": "10",
        "RateLimit-Remaining": "9",
        "RateLimit-Reset": str(reset),
    }
    assert allowance.headers_per_second() == {
        "X-RateLimit-Limit-Second": "5",
        "X-RateLimit-Remaining-Second": "5",
    }


def test_a_counter_that_does_not_answer_stops_nobody_and_is_left_alone_for_a_while(windows):
    rate = RateLimit(windows.hit, per_second=1, burst=1)
    windows.failing = 0
    assert [rate.take(ALICE, now=NOW + timedelta(seconds=s)) for s in (0, 1, 4.9)] == [None] * 3
    assert windows.failing == -1  # asked once
    assert rate.take(ALICE, now=NOW + timedelta(seconds=5)) is None
    assert windows.failing == -2
    windows.failing = None
    assert rate.take(ALICE, now=NOW + timedelta(seconds=11)).used == 1


def test_whatever_goes_wrong_with_the_counter_nobody_is_stopped():
    def hit(*_, **__):
        raise KeyError("Attributes")

    assert RateLimit(hit, per_second=1, burst=1).take(ALICE, now=NOW) is None
