"""Several items in one write: conflicts are tried again, refusals are not."""

import json

import pytest
from botocore.exceptions import ClientError

from paydraft.model.errors import JobExistsError, TransientError
from paydraft.stores.items import item_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import Put, _stretched, put_together
from tests.builders import TENANT, a_job
from tests.fault_injection import answers


def cancelled(*codes):
    reasons = [{"Code": code} for code in codes]
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    return json.dumps({"__type": kind, "Message": "cancelled", "CancellationReasons": reasons})


def some_puts(aws, *names):
    return [Put(aws["JobsTable"], item_of({"tenant_id": TENANT, "sk": name})) for name in names]


@pytest.mark.parametrize("conflicts", [1, 5])
def test_a_conflict_is_tried_again_after_a_growing_pause(aws, conflicts):
    puts, pauses = some_puts(aws, "a", "b"), []
    with answers("TransactWriteItems", 400, cancelled("TransactionConflict", "None"), times=conflicts):
        put_together(puts, pause=pauses.append)
    assert len(pauses) == conflicts
    assert pauses == sorted(pauses)


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_conflict_without_end_is_transient(aws, code):
    pauses = []
    with answers("TransactWriteItems", 400, cancelled("None", code)) as given, pytest.raises(TransientError):
        put_together(some_puts(aws, "a", "b"), pause=pauses.append)
    assert (len(given), len(pauses)) == (6, 5)
    assert sum(pauses) < 2


def test_a_refusal_outranks_a_conflict_and_is_not_tried_again(aws):
    jobs = JobStore(aws["JobsTable"])
    body = cancelled("ConditionalCheckFailed", "TransactionConflict", "None")
    with answers("TransactWriteItems", 400, body) as given, pytest.raises(JobExistsError):
        jobs.put_new(a_job())
    assert len(given) == 1


def test_a_transaction_that_is_wrong_in_itself_keeps_its_own_name(aws):
    with answers("TransactWriteItems", 400, cancelled("ValidationError", "None")) as given, pytest.raises(ClientError):
        put_together(some_puts(aws, "a", "b"))
    assert len(given) == 1


def test_competitors_pause_for_different_times(aws):
    pauses = {_stretched(0.1, some_puts(aws, name)) for name in "abcdefgh"}
    assert len(pauses) == 8
    assert all(0.1 <= pause <= 0.2 for pause in pauses)
