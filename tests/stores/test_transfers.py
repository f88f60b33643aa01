"""A transfer changes by one write with one item of history, or not at all."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Bic
from paydraft.model.errors import TransferChangedError
from paydraft.model.evidence import Area, Severity
from paydraft.model.history import Trace
from paydraft.model.invoice import ReferenceKind
from paydraft.model.money import Money
from paydraft.model.status import Status
from paydraft.model.transfer import Clearing, Creditor, Flag, FlagCode, FlagEvidence, Proof, Remittance
from paydraft.stores.items import item_of
from paydraft.stores.transfers import Remembrance
from tests.builders import NOW, TENANT, a_draft, a_job, after, an_id
from tests.fault_injection import lost_answers


def euros(amount):
    return Money(amount=Decimal(amount), currency="EUR")


def put(transfers, draft):
    """A new transfer with the first item of its history."""
    transfers.write(None, draft, AuditEntry.of(None, draft, Action.DRAFTED, "paydraft"))
    return draft


def edit(transfers, before, **changes):
    """What a person's edit leaves behind."""
    after = before.model_copy(update={"version": before.version + 1, "updated_at": after_a_minute(before), **changes})
    transfers.write(before, after, AuditEntry.of(before, after, Action.EDITED, "bob", changes.get("note")))
    return after


def after_a_minute(before):
    return before.updated_at + timedelta(minutes=1)


def test_a_draft_comes_back_as_it_was_made(transfers):
    draft = a_draft(
        creditor=Creditor(name="Müller & Söhne", bic=Bic("COBADEFFXXX")),
        remittance=Remittance(kind=ReferenceKind.TEXT, text="RE-1"),
        flags=(
            Flag(
                code=FlagCode.IBAN_CHANGED,
                severity=Severity.ERROR,
                text="Call them.",
                evidence=(
                    FlagEvidence(
                        kind=Proof.PAGE,
                        name="iban",
                        value="DE…",
                        area=Area(page=1, x0=12, y0=1.5, x1=2, y1=3, page_width=595, page_height=842),
                    ),
                ),
                cleared=Clearing(by="carol", at=NOW, note="called them"),
            ),
        ),
        account_id=an_id(),
    )
    put(transfers, draft)
    assert transfers.get(TENANT, draft.transfer_id) == draft


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("1190.00", "EUR", "119000"), ("500", "JPY", "500"), ("1.234", "KWD", "1234"), ("-3.10", "CHF", "-310")],
)
def test_money_is_stored_in_minor_units(transfers, stack, amount, currency, units):
    draft = a_draft(amount=Money(amount=Decimal(amount), currency=currency))
    put(transfers, draft)
    key = {"tenant_id": {"S": TENANT}, "sk": {"S": f"TRF#{draft.transfer_id}"}}
    item = transfers._table._db.get_item(TableName=stack["TransfersTable"], Key=key)["Item"]
    assert item["amount"] == {"M": {"minor_units": {"N": units}, "currency": {"S": currency}}}
    assert transfers.get(TENANT, draft.transfer_id).amount == draft.amount


def test_a_change_sets_what_differs_removes_what_is_gone_and_keeps_the_rest(transfers):
    before = put(transfers, a_draft(account_id=an_id(), customer_id="c-1"))
    after = edit(transfers, before, account_id=None, amount=euros("5.00"), edited_by="bob", editors=("bob",))
    assert transfers.get(TENANT, before.transfer_id) == after
    assert after.customer_id == "c-1"


def test_every_change_makes_one_item_of_history_with_exactly_what_differs(transfers):
    before = put(transfers, a_draft())
    after = edit(transfers, before, amount=euros("5.00"), note="misread")
    first, second = transfers.audit(TENANT, before.transfer_id)
    assert (first.version, first.action, first.by, first.before) == (1, Action.DRAFTED, "paydraft", {})
    assert (second.version, second.action, second.by, second.at) == (2, Action.EDITED, "bob", after.updated_at)
    assert second.before == {"amount": {"amount": "1190.00", "currency": "EUR"}}
    assert second.after == {"amount": {"amount": "5.00", "currency": "EUR"}, "note": "misread"}


def test_of_two_changes_of_one_version_the_second_is_refused_and_leaves_no_trace(transfers):
    before = put(transfers, a_draft())
    after = edit(transfers, before, amount=euros("5.00"))
    with pytest.raises(TransferChangedError):
        edit(transfers, before, amount=euros("6.00"))
    assert transfers.get(TENANT, before.transfer_id) == after
    assert len(transfers.audit(TENANT, before.transfer_id)) == 2


def test_a_transfer_is_made_once(transfers):
    draft = put(transfers, a_draft())
    with pytest.raises(TransferChangedError):
        put(transfers, draft.model_copy(update={"amount": euros("5.00")}))
    assert transfers.get(TENANT, draft.transfer_id) == draft


def test_what_must_hold_elsewhere_is_named_when_it_does_not(transfers, jobs):
    job = a_job(status=Status.FAILED)
    jobs.put_new(job)
    draft = a_draft(job)
    with pytest.raises(TransferChangedError) as refused:
        transfers.write(
            None,
            draft,
            AuditEntry.of(None, draft, Action.DRAFTED, "paydraft"),
            others=[jobs.still_open(job.key, job.attempt)],
        )
    assert refused.value.others == (True,)
    assert transfers.get(TENANT, draft.transfer_id) is None


def test_a_change_whose_answer_was_lost_counts_once(transfers, endpoint):
    if endpoint != "moto":
        pytest.skip("answers are lost in moto only")
    before = put(transfers, a_draft())
    with lost_answers("TransactWriteItems"):
        after = edit(transfers, before, amount=euros("5.00"))
    assert transfers.get(TENANT, before.transfer_id) == after
    assert len(transfers.audit(TENANT, before.transfer_id)) == 2


def test_a_draft_of_an_earlier_release_has_no_version_and_is_changed_all_the_same(transfers, stack):
    draft = a_draft()
    old = item_of({"tenant_id": TENANT, "sk": f"TRF#{draft.transfer_id}"}) | item_of(draft)
    del old["version"], old["editors"]
    transfers._table.put(old, condition="attribute_not_exists(#sk)")
    before = transfers.get(TENANT, draft.transfer_id)
    assert edit(transfers, before, amount=euros("5.00")).version == 2
    with pytest.raises(TransferChangedError):
        edit(transfers, before, amount=euros("6.00"))


def test_what_a_later_release_wrote_on_a_draft_survives_a_change(transfers, stack):
    draft = put(transfers, a_draft())
    key = {"tenant_id": TENANT, "sk": f"TRF#{draft.transfer_id}"}
    transfers._table.update(key, "SET #mood = :mood", condition="attribute_exists(#sk)", mood="sunny")
    edit(transfers, draft, amount=euros("5.00"))
    assert transfers._table.get(**key)["mood"] == {"S": "sunny"}


def test_a_transfer_is_none_under_another_tenant(transfers):
    draft = put(transfers, a_draft())
    assert transfers.get("other", draft.transfer_id) is None
    assert transfers.get(TENANT, UUID(int=0)) is None
    assert transfers.audit("other", draft.transfer_id) == ()


# ── memory ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_trace(transfer_id=None):
    return Trace(transfer_id=transfer_id or an_id(), number="RE1", minor_units=1, currency="EUR", seen=NOW.date())


def remember(transfers, trace, *keys, seen=None):
    draft = a_draft()
    remembrance = Remembrance(trace, keys, seen or transfers.remembered(TENANT, keys))
    transfers.write(None, draft, AuditEntry.of(None, draft, Action.DRAFTED, "paydraft"), remember=remembrance)


def test_what_is_remembered_comes_back_under_its_key_in_order(transfers):
    one, other = a_trace(), a_trace()
    remember(transfers, one, "DUP#FILE#a", "HIS#b")
    remember(transfers, other, "HIS#b")
    assert transfers.remembered(TENANT, ["DUP#FILE#a", "HIS#b", "HIS#c"]).traces == {
        "DUP#FILE#a": (one,),
        "HIS#b": (one, other),
    }
    assert transfers.remembered("other", ["HIS#b"]).traces == {}


def test_a_transfer_is_remembered_once_as_last_read(transfers):
    trace = a_trace()
    remember(transfers, trace, "HIS#b")
    later = trace.model_copy(update={"minor_units": 2})
    remember(transfers, later, "HIS#b")
    assert transfers.remembered(TENANT, ["HIS#b"]).traces == {"HIS#b": (later,)}


def test_memory_has_an_end(transfers):
    for _ in range(12):
        remember(transfers, a_trace(), "DUP#FILE#a")
    assert len(transfers.remembered(TENANT, ["DUP#FILE#a"]).traces["DUP#FILE#a"]) == 10


def test_who_has_not_seen_the_latest_memory_writes_nothing(transfers):
    nothing_seen = transfers.remembered(TENANT, ["HIS#b"])
    remember(transfers, a_trace(), "HIS#b")
    with pytest.raises(TransferChangedError):
        remember(transfers, a_trace(), "HIS#b", seen=nothing_seen)
    once_seen = transfers.remembered(TENANT, ["HIS#b"])
    remember(transfers, a_trace(), "HIS#b")
    with pytest.raises(TransferChangedError):
        remember(transfers, a_trace(), "HIS#b", seen=once_seen)


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def some_transfers(transfers, count):
    return [put(transfers, a_draft(a_job(created_at=after(minutes=n)))) for n in range(count)]


def walk(transfers, **wishes):
    found, last, pages = [], None, 0
    while pages == 0 or last:
        page = transfers.page(TENANT, **{"after": last, "limit": 2, "newest_first": False} | wishes)
        found, last, pages = [*found, *page.transfers], page.last, pages + 1
        wishes["after"] = last
    return found


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_show_every_transfer_once_in_order_of_creation(transfers, newest_first):
    made = some_transfers(transfers, 5)
    expected = made[::-1] if newest_first else made
    assert walk(transfers, newest_first=newest_first) == expected


def test_a_page_that_is_just_full_is_the_last(transfers):
    some_transfers(transfers, 2)
    assert transfers.page(TENANT, after=None, limit=2, newest_first=True).last is None


def test_a_list_holds_transfers_only_and_only_the_tenants(transfers):
    [made] = some_transfers(transfers, 1)
    edit(transfers, made, amount=euros("5.00"))
    remember(transfers, a_trace(), "DUP#FILE#a", "HIS#b")
    assert len(walk(transfers)) == 2
    assert transfers.page("other", after=None, limit=9, newest_first=True).transfers == ()


def test_only_what_is_kept_counts_for_a_page(transfers):
    made = some_transfers(transfers, 6)
    assert walk(transfers, keep=lambda one: one == made[5]) == [made[5]]
