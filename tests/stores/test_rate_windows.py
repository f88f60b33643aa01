"""The counters of requests: one for a token and a window, exact under a crowd, gone by themselves."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from paydraft.model.errors import TransientError
from paydraft.stores.rate_windows import RateWindows
from paydraft.stores.table import Table
from tests.builders import TENANT, an_id
from tests.fault_injection import answers


@pytest.fixture
def windows(stack):
    return RateWindows(stack["TransientTable"])


def test_a_counter_counts_from_one_for_each_token_and_window(windows):
    one, other = an_id(), an_id()
    hits = [windows.hit(TENANT, token, window, ends_at=100) for token, window in
            [(one, 7), (one, 7), (other, 7), (one, 8), (one, 7)]]  # fmt: skip
    assert hits == [1, 2, 1, 1, 3]


def test_no_count_is_lost_in_a_crowd(windows):
    token = an_id()
    with ThreadPoolExecutor(4) as crowd:  # more would make a slow machine too slow for the hurried client
        seen = list(crowd.map(lambda _: windows.hit(TENANT, token, 1, ends_at=100), range(200)))
    assert sorted(seen) == list(range(1, 201))


def test_a_counter_goes_away_a_minute_after_its_window(windows, stack):
    token = an_id()
    windows.hit(TENANT, token, 50, ends_at=100)
    assert Table(stack["TransientTable"]).get(tenant_id=TENANT, sk=f"RATE#{token}#50")["expires_at"] == {"N": "160"}


def test_a_busy_table_is_asked_once_and_no_more(aws):
    busy = '{"__type": "ProvisionedThroughputExceededException"}'
    with answers("UpdateItem", 400, busy, hurried=True) as given, pytest.raises(TransientError):
        RateWindows(aws["TransientTable"]).hit(TENANT, an_id(), 1, ends_at=100)
    assert len(given) == 1
