"""Several items in one write: conflicts are tried again, refusals are not."""

import json

import pytest
from botocore.exceptions import ClientError

from paydraft.model.errors import JobExistsError, TransientError
from paydraft.stores.items import item_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import Change, Check, ConditionFailedError, Put, Table, _stretched, put_together
from tests.builders import TENANT, a_job
from tests.fault_injection import answers, lost_answers


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
    body = cancelled("ConditionalCheckFailed", "TransactionConflict", *["None"] * 3)
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


def key(name):
    return (("tenant_id", TENANT), ("sk", name))


def a_mixed_write(aws, seen=1):
    """Two tables: a look at one item, a change of another, a new one."""
    jobs, transfers = aws["JobsTable"], aws["TransfersTable"]
    return [
        Check(jobs, key("gate"), "#open = :yes", (("yes", True),)),
        Change(transfers, key("row"), "SET #n = :next", "#n = :seen", (("next", seen + 1), ("seen", seen))),
        Put(transfers, item_of({"tenant_id": TENANT, "sk": f"note-{seen}"})),
    ]


def prepare(aws, *, gate=True):
    Table(aws["JobsTable"]).put(item_of({"tenant_id": TENANT, "sk": "gate", "open": gate}), condition="#n <> :n", n=0)
    Table(aws["TransfersTable"]).put(item_of({"tenant_id": TENANT, "sk": "row", "n": 1}), condition="#n <> :n", n=9)


def test_checks_changes_and_new_items_of_two_tables_are_written_together(aws):
    prepare(aws)
    put_together(a_mixed_write(aws))
    assert Table(aws["TransfersTable"]).get(tenant_id=TENANT, sk="row")["n"] == {"N": "2"}
    assert Table(aws["TransfersTable"]).get(tenant_id=TENANT, sk="note-1")


def test_a_check_that_fails_lets_nothing_be_written_and_names_itself(aws):
    prepare(aws, gate=False)
    with pytest.raises(ConditionFailedError) as refused:
        put_together(a_mixed_write(aws))
    assert refused.value.refused == (True, False, False)
    assert Table(aws["TransfersTable"]).get(tenant_id=TENANT, sk="row")["n"] == {"N": "1"}
    assert Table(aws["TransfersTable"]).get(tenant_id=TENANT, sk="note-1") is None


def test_a_mixed_write_whose_answer_was_lost_counts_once_and_is_success(aws):
    prepare(aws)
    with lost_answers("TransactWriteItems"):
        put_together(a_mixed_write(aws))
    assert Table(aws["TransfersTable"]).get(tenant_id=TENANT, sk="row")["n"] == {"N": "2"}


def test_many_items_are_read_at_once_and_missing_ones_are_missing(aws):
    put_together(some_puts(aws, "a", "b"))
    table = Table(aws["JobsTable"])
    assert table.get_many(TENANT, ["a", "b", "c"]).keys() == {"a", "b"}
    assert table.get_many(TENANT, []) == {}


def test_a_table_that_keeps_leaving_keys_out_is_transient(aws):
    table = Table(aws["JobsTable"])
    wanted = {table.name: {"Keys": [{"tenant_id": {"S": TENANT}, "sk": {"S": "a"}}]}}
    body = json.dumps({"Responses": {}, "UnprocessedKeys": wanted})
    with answers("BatchGetItem", 200, body) as given, pytest.raises(TransientError):
        table.get_many(TENANT, ["a"])
    assert len(given) > 1
