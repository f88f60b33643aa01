"""An answer is kept with the change it tells of, for a day, and gives way after that."""

from datetime import timedelta

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.hint import Hint, HintKind
from paydraft.stores.answers import AnswerStore
from paydraft.stores.items import item_of
from paydraft.stores.payees import PayeeConditions
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.table import ConditionFailedError, Put, Table, put_together
from tests.builders import IBANS, NOW, TENANT, a_counterparty, an_account, an_id


@pytest.fixture
def answers(stack):
    return AnswerStore(stack["TransientTable"])


@pytest.fixture
def memory(stack):
    return SupplierMemory(stack["TransfersTable"])


def keep(answers, body="{}", fingerprint="f", now=NOW, tenant_id=TENANT):
    put_together([answers.keep(tenant_id, "key", fingerprint, 200, body, now=now)])


def test_an_answer_is_kept_for_a_day(answers):
    keep(answers, '{"a":1}')
    kept = answers.find(TENANT, "key", now=NOW + timedelta(hours=23))
    assert (kept.body, kept.status, kept.fingerprint) == ('{"a":1}', 200, "f")
    assert answers.find(TENANT, "key", now=NOW + timedelta(hours=24)) is None
    assert answers.find("other", "key", now=NOW) is None
    assert answers.find(TENANT, "another", now=NOW) is None


def test_a_second_answer_under_a_live_key_is_refused_and_under_an_old_one_taken(answers):
    keep(answers)
    with pytest.raises(ConditionFailedError):
        keep(answers, "[]", now=NOW + timedelta(hours=23))
    keep(answers, "[]", now=NOW + timedelta(hours=25))
    assert answers.find(TENANT, "key", now=NOW + timedelta(hours=25)).body == "[]"


# ── payees ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def payees(stack):
    return PayeeConditions(stack["CounterpartiesTable"], TENANT)


def holds(check):
    """Whether the condition holds beside some other write."""
    other = Put(check.table, item_of({"tenant_id": TENANT, "sk": str(an_id())}))
    try:
        put_together([check, other])
    except ConditionFailedError:
        return False
    return True


@pytest.mark.parametrize(
    ("fields", "expected"), [({}, True), ({"active": False}, False), ({"own": True}, False)], ids=str
)
def test_a_payee_is_active_and_not_the_tenant_itself(payees, counterparties, fields, expected):
    party = a_counterparty(**fields)
    counterparties.add(TENANT, party, [])
    assert holds(payees.is_active(party.counterparty_id)) is expected


def test_a_payee_that_is_not_there_is_not_active(payees):
    assert not holds(payees.is_active(an_id()))


@pytest.mark.parametrize(("active", "iban", "expected"), [(True, 0, True), (False, 0, False), (True, 1, False)])
def test_an_account_is_active_and_has_the_iban(payees, counterparties, active, iban, expected):
    party = a_counterparty()
    account = an_account(party, active=active)
    counterparties.add(TENANT, party, [account])
    check = payees.has_account(party.counterparty_id, account.account_id, Iban(IBANS[iban]))
    assert holds(check) is expected


# ── what is learned ───────────────────────────────────────────────────────────────────────────────────────────────────


def a_hint(field, label):
    return Hint(kind=HintKind.MEMORY, field=field, labels=(label,))


def test_the_latest_hint_of_a_field_stays_and_the_surer_name_of_the_supplier_wins(memory):
    put_together(memory.learn(TENANT, ["MEM#vat", "MEM#name"], [a_hint("total", "a"), a_hint("iban", "b")]))
    put_together(memory.learn(TENANT, ["MEM#name"], [a_hint("total", "c")]))
    by_field = {hint.field: hint.labels for hint in memory.hints(TENANT, ["MEM#vat", "MEM#name"])}
    assert by_field == {"total": ("a",), "iban": ("b",)}
    assert {hint.labels for hint in memory.hints(TENANT, ["MEM#name"])} == {("b",), ("c",)}
    assert memory.hints("other", ["MEM#vat"]) == ()


def test_who_learned_without_seeing_the_latest_is_refused(memory):
    first = memory.learn(TENANT, ["MEM#vat"], [a_hint("total", "a")])
    put_together(memory.learn(TENANT, ["MEM#vat"], [a_hint("iban", "b")]))
    with pytest.raises(ConditionFailedError):
        put_together(first)


def test_a_hint_that_is_no_longer_understood_is_passed_over(memory, stack):
    put_together(memory.learn(TENANT, ["MEM#vat"], [a_hint("total", "a"), a_hint("iban", "b")]))
    item = Table(stack["TransfersTable"]).get(tenant_id=TENANT, sk="MEM#vat")
    later = item["hints"]["S"].replace('"labels": ["a"]', '"labels": "a"')
    Table(stack["TransfersTable"]).put(item | {"hints": {"S": later}}, condition="attribute_exists(#sk)")
    assert [hint.field for hint in memory.hints(TENANT, ["MEM#vat"])] == ["iban"]


def test_nothing_to_learn_is_nothing_to_write(memory):
    assert memory.learn(TENANT, ["MEM#vat"], []) == []
