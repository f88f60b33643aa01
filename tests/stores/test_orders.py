"""One order of a tenant is open at a time, a sealed one keeps its bytes; what is approved is listed until it leaves."""

from uuid import UUID

import pytest

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.errors import TransferChangedError
from paydraft.model.invoice import Address
from paydraft.model.payment_order import Debtor, Obstacle, Refusal, StoredOrder
from paydraft.model.transfer import AccountChoice, TransferStatus
from paydraft.stores.orders import OrderStore
from paydraft.stores.table import Put
from paydraft.stores.transfers import MAX_TOGETHER
from paydraft.transfers.life import exported
from tests.builders import IBANS, NOW, TENANT, a_counterparty, a_draft, a_job, after, an_account, an_id
from tests.fault_injection import lost_answers

FILE = "<Document>Süßes</Document>\n".encode() * 40


@pytest.fixture
def orders(stack):
    return OrderStore(stack["TransfersTable"])


def an_order(**fields):
    ids = (an_id(), an_id())
    debtor = Debtor(name="Acme", iban=Iban(IBANS[4]), bic=Bic("BKAUATWW"), address=Address(city="Wien", country="AT"))
    defaults = {
        "order_id": an_id(),
        "tenant_id": TENANT,
        "created_at": NOW,
        "created_by": "bob",
        "source": AccountChoice(counterparty_id=an_id(), account_id=an_id()),
        "debtor": debtor,
        "asked": ids,
        "transfer_ids": ids[:1],
        "refused": (Refusal(transfer_id=ids[1], reasons=(Obstacle.EXPORTED,), order_id=an_id()),),
    }
    return StoredOrder(**(defaults | fields))


def opened(orders, **fields):
    order = an_order(**fields)
    orders.open(order, orders.latest(order.tenant_id))
    return order


def sealed(orders, order, file=FILE):
    return orders.seal(order.sealed(order.transfer_ids, file, "ab" * 32, at=after(minutes=1)))


def test_an_order_comes_back_as_it_was_opened_and_with_its_bytes_when_it_is_sealed(orders):
    order = opened(orders)
    assert orders.get(TENANT, order.order_id) == order
    assert order.is_open
    done = sealed(orders, order)
    assert orders.get(TENANT, order.order_id) == done
    assert (done.file, done.is_open) == (FILE, False)


def test_the_latest_order_is_known_and_the_next_one_is_opened_behind_it(orders):
    assert orders.latest(TENANT).order is None
    first = sealed(orders, opened(orders))
    assert orders.latest(TENANT).order == first
    second = opened(orders)
    assert (orders.latest(TENANT).order, orders.latest(TENANT).count) == (second, 2)
    assert orders.latest("globex").order is None


def test_no_order_is_opened_while_another_is_open(orders):
    opened(orders)
    with pytest.raises(ValueError, match="is open"):
        opened(orders)


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_that_are_opened_at_once_one_is_refused_and_leaves_nothing(orders, before):
    for _ in range(before):
        sealed(orders, opened(orders))
    seen, late = orders.latest(TENANT), an_order()
    opened(orders)
    with pytest.raises(TransferChangedError):
        orders.open(late, seen)
    assert orders.get(TENANT, late.order_id) is None


def test_what_is_written_with_an_order_is_written_with_it_or_not_at_all(orders, stack):
    kept = Put(stack["TransientTable"], {"tenant_id": {"S": TENANT}, "sk": {"S": "IDEM#1"}})
    sealed(orders, opened(orders))
    order = an_order()
    orders.open(order, orders.latest(TENANT), others=[kept])
    sealed(orders, order)
    with pytest.raises(TransferChangedError):
        orders.open(an_order(), orders.latest(TENANT), others=[Put(kept.table, kept.item | {"x": {"S": "other"}})])
    assert orders.latest(TENANT).order.order_id == order.order_id


def test_a_sealed_order_keeps_its_first_bytes(orders):
    order = opened(orders)
    first = sealed(orders, order)
    assert sealed(orders, order, b"<Other/>") == first
    assert orders.get(TENANT, order.order_id).file == FILE


def test_an_order_is_not_sealed_without_what_has_left_with_it(orders, transfers):
    order = opened(orders)
    one = an_approved(transfers, 1)
    transfers.write_all([leaving(one)], others=[orders.marking(order)])
    with pytest.raises(TransferChangedError):
        sealed(orders, order)
    standing = orders.get(TENANT, order.order_id)
    assert standing.marks == 1
    assert not sealed(orders, standing).is_open


def test_nothing_leaves_with_an_order_that_is_sealed(orders, transfers):
    order = sealed(orders, opened(orders))
    one = an_approved(transfers, 1)
    with pytest.raises(TransferChangedError) as refused:
        transfers.write_all([leaving(one)], others=[orders.marking(order)])
    assert refused.value.others == (True,)
    assert transfers.get(TENANT, one.transfer_id) == one


def test_a_seal_whose_answer_was_lost_is_a_seal(orders, endpoint):
    if endpoint != "moto":
        pytest.skip("answers are lost in moto only")
    order = opened(orders)
    with lost_answers("PutItem"):
        assert sealed(orders, order).file == FILE


# ── who is approved ───────────────────────────────────────────────────────────────────────────────────────────────────


def an_approved(transfers, minute, **fields):
    job = a_job(created_at=after(minutes=minute))
    made = a_draft(job, **({"status": TransferStatus.APPROVED} | fields))
    transfers.write(None, made, AuditEntry.of(None, made, Action.DRAFTED, "paydraft"))
    return made


def leaving(transfer):
    later = exported(transfer, UUID(int=1), at=after(hours=1))
    return transfer, later, AuditEntry.of(transfer, later, Action.EXPORTED, "bob")


def test_the_approved_ones_are_listed_the_oldest_first_until_they_leave(transfers):
    made = [an_approved(transfers, minute) for minute in range(4)]
    an_approved(transfers, 9, status=TransferStatus.DRAFT)
    assert transfers.approved(TENANT, limit=10) == tuple(made)
    assert transfers.approved(TENANT, limit=2) == tuple(made[:2])
    assert transfers.approved("globex", limit=2) == ()
    transfers.write_all([leaving(made[0]), leaving(made[2])])
    assert transfers.approved(TENANT, limit=10) == (made[1], made[3])


def test_a_change_of_what_stays_approved_leaves_it_listed_once(transfers):
    before = an_approved(transfers, 1)
    compared = before.model_copy(update={"version": 2, "customer_id": "c"})
    transfers.write(before, compared, AuditEntry.of(before, compared, Action.COMPARED, "paydraft"))
    assert transfers.approved(TENANT, limit=10) == (compared,)


def test_as_many_as_may_leave_together_leave_in_one_transaction_all_or_none(transfers):
    made = [an_approved(transfers, minute) for minute in range(MAX_TOGETHER)]
    changed = made[-1].model_copy(update={"version": 2, "customer_id": "c"})
    transfers.write(made[-1], changed, AuditEntry.of(made[-1], changed, Action.COMPARED, "paydraft"))
    with pytest.raises(TransferChangedError):
        transfers.write_all([leaving(one) for one in made])
    assert len(transfers.approved(TENANT, limit=100)) == MAX_TOGETHER
    transfers.write_all([leaving(one) for one in [*made[:-1], changed]])
    assert transfers.approved(TENANT, limit=100) == ()
    rows = transfers.rows(TENANT, [one.transfer_id for one in made])
    assert {one.status for one in rows.values()} == {TransferStatus.EXPORTED}
    assert len(transfers.audit(TENANT, changed.transfer_id)) == 3


def test_rows_are_read_in_any_number(transfers):
    made = [an_approved(transfers, minute) for minute in range(101)]
    ids = [one.transfer_id for one in made]
    assert transfers.rows(TENANT, [*ids, *ids, an_id()]).keys() == set(ids)


# ── the tenant's own accounts ─────────────────────────────────────────────────────────────────────────────────────────


def test_of_many_accounts_those_that_can_be_paid_are_told_with_their_ibans(counterparties):
    them, gone, us = a_counterparty(), a_counterparty(active=False), a_counterparty(own=True)
    theirs, closed = an_account(them), an_account(them, iban=Iban(IBANS[1]), active=False)
    counterparties.add(TENANT, them, [theirs, closed])
    accounts = [theirs, closed]
    for party, iban in ((gone, IBANS[2]), (us, IBANS[3])):
        accounts.append(an_account(party, iban=Iban(iban)))
        counterparties.add(TENANT, party, accounts[-1:])
    asked = [(one.counterparty_id, one.account_id) for one in accounts]
    unknown = [(an_id(), an_id()) for _ in range(60)]
    assert counterparties.payable(TENANT, [*unknown, *asked]) == {asked[0]: IBANS[0]}
    assert counterparties.payable(TENANT, []) == {}


def test_the_tenants_own_active_accounts_are_found_among_all_others(counterparties):
    us, them = a_counterparty(own=True), a_counterparty()
    ours, closed = an_account(us), an_account(us, iban=Iban(IBANS[1]), active=False)
    counterparties.add(TENANT, us, [ours, closed])
    counterparties.add(TENANT, them, [an_account(them, iban=Iban(IBANS[2]))])
    gone = a_counterparty(own=True, active=False)
    counterparties.add(TENANT, gone, [an_account(gone, iban=Iban(IBANS[3]))])
    assert counterparties.own_accounts(TENANT) == ((us, ours),)
    assert counterparties.own_accounts("globex") == ()
