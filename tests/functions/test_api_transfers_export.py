"""Export over the stack in moto: what leaves, leaves once, in one file that a bank takes; what can't is told why."""

import hashlib
import itertools
from dataclasses import replace

import pytest

from api_transfers import handler, operations
from api_transfers.exporting import _mark, complete, export
from api_transfers.requests import ExportRequest
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Bic, Iban, mod97
from paydraft.model.counterparty_file import FileAction, FileEntry
from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.payment_order import MAX_TRANSFERS
from paydraft.model.transfer import AccountChoice, Creditor, Remittance, TransferStatus
from paydraft.runtime.kept_answers import Repeatable
from paydraft.runtime.operations import Caller
from paydraft.stores.orders import OrderStore
from paydraft.stores.table import Table
from paydraft.stores.transfers import MAX_TOGETHER
from tests.builders import IBANS, NOW, a_credential, after, an_id
from tests.exports import ALL, PATH, approved, file_in, orders_of, paid_by, paid_once, these
from tests.fault_injection import calls, crash
from tests.moto_stack import moto_stack
from tests.payment_files import texts, validated
from tests.tenants import Tenant

OURS, OTHER = IBANS[4], IBANS[2]
VIENNA = Address(city="Wien", country="AT")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"export-{next(_numbers)}", aws)


@pytest.fixture
def source(acme):
    """The account that pays; the only one of the tenant's own."""
    return acme.own(OURS, address=VIENNA)


@pytest.fixture
def bob(acme):
    return acme.person("bob")


def reasons(answer):
    told = answer.json if answer.status == 200 else answer.json["details"]
    results = {one["transfer_id"]: one for one in told["results"]}
    return {one: [why["code"] for why in result["reasons"]] for one, result in results.items() if result["reasons"]}


# ── one and several ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_approved_transfer_leaves_in_a_file_that_the_schema_allows(acme, source, bob):
    transfer = approved(acme, remittance=Remittance(kind=ReferenceKind.TEXT, text="RE-2026-0042"))
    answer = bob.post(PATH, these(transfer))
    assert answer.status == 200, answer.text
    root = validated(file_in(answer))
    assert texts(root, "DbtrAcct/Id/IBAN") == [OURS]
    assert texts(root, "CdtrAcct/Id/IBAN") == [IBANS[0]]
    assert texts(root, "Amt/InstdAmt") == ["1190.00"]
    assert texts(root, "GrpHdr/MsgId") == [answer.json["message_id"]]
    [result] = answer.json["results"]
    assert (result["status"], result["end_to_end_id"], result["reasons"]) == ("exported", "RE-2026-0042", [])
    assert answer.json["source"] == source
    assert (answer.json["transaction_count"], answer.json["totals"][0]["amount"]) == (1, "1190.00")
    now = acme.now(transfer)
    assert (now.status, str(now.order_id)) == (TransferStatus.EXPORTED, answer.json["order_id"])
    assert acme.history(transfer)[-1] == (Action.EXPORTED, "bob")


def test_of_several_those_that_can_leave_do_and_each_other_one_is_told_why(acme, source, bob):
    good, other = approved(acme), approved(acme, creditor=Creditor(name="Autre", iban=Iban(IBANS[1])))
    draft = acme.draft()
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL)
    gone = approved(acme)
    bob.post(PATH, these(gone))
    ours = approved(acme, creditor=Creditor(name="Wir", iban=Iban(OURS)))
    dollars = approved(acme, currency="USD")
    nobodys = str(an_id())
    body = these(draft, good, gone, waiting, ours, other, dollars)
    answer = bob.post(PATH, {"transfer_ids": [*body["transfer_ids"], nobodys]})
    assert paid_by(file_in(answer)) == sorted([good.transfer_id.hex, other.transfer_id.hex])
    assert reasons(answer) == {
        str(draft.transfer_id): ["not_approved"],
        str(waiting.transfer_id): ["not_approved"],
        str(gone.transfer_id): ["exported_before"],
        str(ours.transfer_id): ["creditor_is_debtor"],
        str(dollars.transfer_id): ["creditor_bic_missing", "creditor_address_missing"],
        nobodys: ["transfer_not_found"],
    }
    told = {one["transfer_id"]: one["order_id"] for one in answer.json["results"]}
    assert told[str(gone.transfer_id)] == str(acme.now(gone).order_id) != answer.json["order_id"]
    assert [one["transfer_id"] for one in answer.json["results"]] == [*body["transfer_ids"], nobodys]
    assert acme.now(draft) == draft
    assert acme.now(dollars) == dollars


def test_all_that_is_approved_leaves_the_oldest_first(acme, source, bob):
    acme.draft()
    first, second = approved(acme, "10.00"), approved(acme, "20.00")
    answer = bob.post(PATH, ALL)
    assert [one["transfer_id"] for one in answer.json["results"]] == [str(first.transfer_id), str(second.transfer_id)]
    assert answer.json["totals"][0] == {"amount_minor": "3000", "currency": "EUR", "precision": 2, "amount": "30.00"}
    assert answer.json["has_more"] is False


def test_where_nothing_can_leave_it_is_an_error_that_says_why_and_where_the_latest_file_is(acme, source, bob):
    draft, gone = acme.draft(), approved(acme)
    first = bob.post(PATH, these(gone))
    answer = bob.post(PATH, these(draft, gone))
    assert (answer.status, answer.json["error"]) == (409, "nothing_to_export")
    assert reasons(answer) == {str(draft.transfer_id): ["not_approved"], str(gone.transfer_id): ["exported_before"]}
    latest = answer.json["details"]["latest_order"]
    assert latest["order_id"] == first.json["order_id"]
    assert bob.get(latest["payment_file"]).data == file_in(first)
    assert bob.post(PATH, ALL).json["details"]["results"] == []


def test_every_reason_says_what_to_do(acme, source, bob):
    answer = bob.post(PATH, these(acme.draft()))
    [[reason]] = [one["reasons"] for one in answer.json["details"]["results"]]
    assert reason == {
        "code": "not_approved",
        "message": "The transfer is not approved. Have it approved by a second person first.",
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all_approved": False},
        {"transfer_ids": []},
        {"transfer_ids": ["x"]},
        {"transfer_ids": [str(an_id())], "all_approved": True},
        {"transfer_ids": [str(an_id())] * (MAX_TRANSFERS + 1)},
        {"all_approved": True, "debtor": {}},
        {"all_approved": True, "source": {"counterparty_id": str(an_id())}},
    ],
)
def test_what_is_to_leave_is_said_in_one_way(bob, body):
    answer = bob.post(PATH, body)
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")


# ── who pays ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_an_own_account_it_is_said_that_one_is_needed(acme, bob):
    transfer = approved(acme)
    answer = bob.post(PATH, these(transfer))
    assert (answer.status, answer.json["error"]) == (409, "debtor_account_needed")
    assert answer.json["details"] == {"accounts": []}
    assert acme.now(transfer) == transfer


def test_of_several_own_accounts_one_must_be_chosen_and_the_choice_pays(acme, source, bob):
    other, transfer = acme.own(OTHER), approved(acme)
    answer = bob.post(PATH, these(transfer))
    assert answer.json["error"] == "debtor_account_needed"
    assert sorted(answer.json["details"]["accounts"], key=str) == sorted([source, other], key=str)
    chosen = bob.post(PATH, these(transfer, source=other))
    assert texts(validated(file_in(chosen)), "DbtrAcct/Id/IBAN") == [OTHER]
    assert chosen.json["source"] == other


def test_the_only_primary_account_pays_where_nothing_is_said(acme, bob):
    us, first = acme.payee(OURS, own=True, legal_name="Acme SARL")
    file = acme.payees.file(acme.name, us.counterparty_id)
    second = first.model_copy(update={"account_id": an_id(), "iban": Iban(OTHER), "is_primary": False})
    more = file.changed(by="alice", at=after(), accounts=(*file.accounts, second))
    entry = FileEntry.of(file, more, FileAction.ACCOUNT_ADDED, by="alice", at=after())
    acme.payees.save(acme.name, file, more, entry)
    assert texts(validated(file_in(bob.post(PATH, these(approved(acme))))), "DbtrAcct/Id/IBAN") == [OURS]


def choice(source):
    return AccountChoice(counterparty_id=source["counterparty_id"], account_id=source["cp_account_id"])


def test_a_transfer_leaves_from_the_account_that_it_was_approved_with_and_no_other(acme, source, bob):
    other = acme.own(OTHER)
    transfer = approved(acme, source=choice(other))
    assert reasons(bob.post(PATH, these(transfer, source=source))) == {str(transfer.transfer_id): ["other_source"]}
    assert bob.post(PATH, these(transfer)).json["source"] == other


def test_transfers_of_two_accounts_do_not_share_a_file(acme, source, bob):
    other = acme.own(OTHER)
    one, two = approved(acme, source=choice(source)), approved(acme, source=choice(other))
    assert bob.post(PATH, ALL).json["error"] == "debtor_account_needed"
    answer = bob.post(PATH, ALL | {"source": other})
    assert paid_by(file_in(answer)) == [two.transfer_id.hex]
    assert reasons(answer) == {str(one.transfer_id): ["other_source"]}
    assert bob.post(PATH, ALL).json["source"] == source


def test_an_account_that_is_not_the_tenants_own_or_not_active_never_pays(acme, source, bob):
    party, account = acme.payee(OTHER)
    theirs = {"counterparty_id": str(party.counterparty_id), "cp_account_id": str(account.account_id)}
    transfer = approved(acme)
    answer = bob.post(PATH, these(transfer, source=theirs))
    assert answer.json["details"]["fields"][0]["loc"] == ["body", "source", "counterparty_id"]
    sk = f"CP#{source['counterparty_id']}#ACC#{source['cp_account_id']}"
    key = {"tenant_id": acme.name, "sk": sk}
    Table(acme.aws["CounterpartiesTable"]).update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)
    assert bob.post(PATH, these(transfer)).json["error"] == "debtor_account_needed"
    answer = bob.post(PATH, these(transfer, source=source))
    assert answer.json["details"]["fields"][0]["loc"] == ["body", "source", "cp_account_id"]


def to_payee(party, account):
    creditor = Creditor(name=party.legal_name, iban=account.iban)
    return {"counterparty_id": party.counterparty_id, "account_id": account.account_id, "creditor": creditor}


@pytest.mark.parametrize("what", ["payee", "account"])
def test_a_payee_that_was_deactivated_since_is_not_paid(acme, source, bob, what):
    party, account = acme.payee(IBANS[1])
    transfer = approved(acme, **to_payee(party, account))
    sk = f"CP#{party.counterparty_id}" + (f"#ACC#{account.account_id}" if what == "account" else "")
    key = {"tenant_id": acme.name, "sk": sk}
    table = Table(acme.aws["CounterpartiesTable"])
    table.update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)
    assert reasons(bob.post(PATH, these(transfer))) == {str(transfer.transfer_id): ["payee_not_active"]}
    assert payment_file(bob, transfer).json["details"]["reasons"][0]["code"] == "payee_not_active"
    table.update(key, "SET #active = :yes", condition="attribute_exists(#sk)", yes=True)
    assert bob.post(PATH, these(transfer)).status == 200


def test_a_payee_that_was_deactivated_while_an_export_was_broken_off_is_not_paid(acme, source, bob, aws):
    party, account = acme.payee(IBANS[1])
    kept, stopped = approved(acme), approved(acme, **to_payee(party, account))
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **MARKING)
    key = {"tenant_id": acme.name, "sk": f"CP#{party.counterparty_id}"}
    table = Table(acme.aws["CounterpartiesTable"])
    table.update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)
    answer = bob.post(PATH, ALL)
    assert paid_by(file_in(answer)) == [kept.transfer_id.hex]
    assert answer.json["results"][1]["status"] == "refused"
    assert acme.now(stopped).status is TransferStatus.APPROVED
    assert reasons(bob.post(PATH, ALL)) == {str(stopped.transfer_id): ["payee_not_active"]}


def test_a_payee_that_is_active_again_is_paid_though_an_export_of_it_alone_was_broken_off(acme, source, bob, aws):
    party, account = acme.payee(IBANS[1])
    stopped = approved(acme, **to_payee(party, account))
    die_before(aws=aws, client=bob, body=ALL, transfers=1, **MARKING)
    key = {"tenant_id": acme.name, "sk": f"CP#{party.counterparty_id}"}
    table = Table(acme.aws["CounterpartiesTable"])
    table.update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)
    assert bob.post(PATH, ALL).status == 409
    table.update(key, "SET #active = :yes", condition="attribute_exists(#sk)", yes=True)
    assert paid_by(file_in(bob.post(PATH, ALL))) == [stopped.transfer_id.hex]
    paid_once(acme, [stopped])


def test_a_service_may_export_what_persons_have_approved(acme, source):
    robot = acme.person("bank-connector", Scope.TRANSFERS_APPROVE, kind=SubjectKind.SERVICE)
    assert robot.post(PATH, these(approved(acme))).status == 200


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_export_asked_again_gives_the_same_answer_and_changes_nothing(acme, source, bob):
    transfers, draft = [approved(acme), approved(acme)], acme.draft()
    first = bob.post(PATH, these(*transfers, draft))
    carol = acme.person("carol")
    again = carol.post(PATH, these(draft, *reversed(transfers)))
    assert again.text == first.text
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert [len(acme.history(one)) for one in transfers] == [2, 2]


def test_the_same_key_gives_the_same_answer_even_when_more_was_approved_since(acme, source, bob):
    approved(acme)
    first = bob.post(PATH, ALL, idempotency_key="monday")
    later = approved(acme)
    again = bob.post(PATH, ALL, idempotency_key="monday")
    assert again.text == first.text
    assert again.headers["idempotent-replayed"] == "true"
    assert acme.now(later).status is TransferStatus.APPROVED


def test_a_key_that_was_used_for_another_export_is_refused(acme, source, bob):
    bob.post(PATH, these(approved(acme)), idempotency_key="k")
    answer = bob.post(PATH, ALL, idempotency_key="k")
    assert (answer.status, answer.json["error"]) == (422, "idempotency_conflict")


def test_a_part_of_what_has_left_together_does_not_leave_again(acme, source, bob):
    one, other = approved(acme), approved(acme)
    order = bob.post(PATH, these(one, other)).json["order_id"]
    answer = bob.post(PATH, these(one))
    assert answer.json["error"] == "nothing_to_export"
    assert answer.json["details"]["results"][0]["order_id"] == order


def test_another_account_is_another_export_of_what_has_left_already(acme, source, bob):
    other, transfer = acme.own(OTHER), approved(acme)
    bob.post(PATH, these(transfer, source=source))
    assert bob.post(PATH, these(transfer, source=other)).json["error"] == "nothing_to_export"


def test_a_new_transfer_among_those_that_have_left_makes_a_new_file_with_it_alone(acme, source, bob):
    old, new = approved(acme), approved(acme)
    bob.post(PATH, these(old))
    answer = bob.post(PATH, these(old, new))
    assert paid_by(file_in(answer)) == [new.transfer_id.hex]
    assert reasons(answer) == {str(old.transfer_id): ["exported_before"]}


def test_what_has_left_can_be_neither_edited_nor_taken_back_nor_approved_again(acme, source, bob):
    transfer = approved(acme)
    bob.post(PATH, these(transfer))
    now, at = acme.now(transfer), f"/v2/transfers/{transfer.transfer_id}"
    note = {"note": "Changed my mind."}
    for method, path, body in (
        ("PATCH", at, {"customer_id": "c"}),
        ("DELETE", at, None),
        ("POST", f"{at}/reject", note),
        ("POST", f"{at}/approve", None),
    ):
        assert bob.request(method, path, body).json["error"] == "transfer_state"
    assert acme.now(transfer) == now


def test_what_is_approved_may_be_taken_back_until_it_leaves(acme, source, bob):
    """A payment that no bank takes would else be stuck for ever."""
    dollars = approved(acme, currency="USD", approved_by="carol")
    bob.post(PATH, ALL)
    answer = bob.post(f"/v2/transfers/{dollars.transfer_id}/reject", {"note": "The bank's BIC is missing."})
    assert (answer.json["status"], answer.json["approved_by"]) == ("draft", None)
    assert bob.post(PATH, ALL).json["details"]["results"] == []


# ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_german_iban(number):
    bban = f"{number:018}"
    return Iban(f"DE{98 - mod97(bban + 'DE00'):02}{bban}")


def full_address(number):
    return Address(
        street=f"Straße {number} am {number:040}", postal_code=f"{number:05}", city="Musterhausen", country="DE"
    )


@pytest.mark.slow
def test_more_than_one_transaction_takes_leave_in_one_file_which_fits_into_one_item(acme, source, bob, tell):
    texts_of = (hashlib.sha512(str(number).encode()).hexdigest() for number in itertools.count())
    made = [
        approved(
            acme,
            f"{number}.01",
            creditor=Creditor(
                name=next(texts_of)[:70],
                iban=a_german_iban(number),
                bic=Bic("COBADEFFXXX"),
                address=full_address(number),
            ),
            remittance=Remittance(kind=ReferenceKind.TEXT, text=(next(texts_of) * 2)[:140]),
        )
        for number in range(1, MAX_TRANSFERS + 6)
    ]
    answer = bob.post(PATH, ALL)
    assert (answer.json["transaction_count"], answer.json["has_more"]) == (MAX_TRANSFERS, True)
    assert paid_by(file_in(answer)) == sorted(one.transfer_id.hex for one in made[:MAX_TRANSFERS])
    table = acme.aws.client("dynamodb")
    key = {"tenant_id": {"S": acme.name}, "sk": {"S": f"ORD#{answer.json['order_id']}"}}
    item = table.get_item(TableName=acme.aws["TransfersTable"], Key=key)["Item"]
    size = len(str(item))
    tell(f"{MAX_TRANSFERS} transfers: file {len(file_in(answer))} bytes, item about {size} bytes")
    assert size < 390_000
    rest = bob.post(PATH, ALL)
    assert (rest.json["transaction_count"], rest.json["has_more"]) == (5, False)


# ── broken off ────────────────────────────────────────────────────────────────────────────────────────────────────────


def die_before(operation, aws, client, body, *, transfers, nth=1):
    """Send an export whose call dies before the n-th call of an operation; found in a rehearsal by another tenant."""
    other = Tenant(f"rehearsal-{next(_numbers)}", aws)
    other.own(OURS)
    rehearsed = [approved(other) for _ in range(transfers)]
    rehearsing = other.person("bob")
    with calls() as made:
        rehearsing.post(PATH, these(*rehearsed) if "transfer_ids" in body else body)
    number = [place for place, name in enumerate(made, 1) if name == operation][nth - 1]
    with crash(number, "before"):
        client.post(PATH, body)


SEALING, MARKING = {"operation": "PutItem"}, {"operation": "TransactWriteItems", "nth": 2}
MARKING_MORE = {"operation": "TransactWriteItems", "nth": 3}


def test_an_export_that_died_between_two_transactions_of_marks_is_completed_by_its_repetition(acme, source, bob, aws):
    made = [approved(acme) for _ in range(MAX_TOGETHER + 1)]
    die_before(aws=aws, client=bob, body=these(*made), transfers=len(made), **MARKING_MORE)
    states = [acme.now(one).status for one in made]
    assert (states.count(TransferStatus.EXPORTED), states.count(TransferStatus.APPROVED)) == (MAX_TOGETHER, 1)
    assert bob.post(PATH, these(*made)).json["transaction_count"] == len(made)
    paid_once(acme, made)


def test_who_reads_the_file_of_an_export_that_was_broken_off_completes_it(acme, source, bob, aws):
    made = [approved(acme), approved(acme)]
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **SEALING)
    assert orders_of(acme)[0].is_open
    read = bob.get(f"/v2/transfers/{made[0].transfer_id}/pain.001")
    assert paid_by(read.data) == sorted(one.transfer_id.hex for one in made)
    assert bob.post(PATH, these(*made)).json["file"]["sha256"] == hashlib.sha256(read.data).hexdigest()
    paid_once(acme, made)


@pytest.mark.parametrize("where", [SEALING, MARKING], ids=["marked", "opened"])
def test_who_wants_all_gets_what_was_broken_off_first_and_is_told_that_there_is_more(acme, source, bob, aws, where):
    made = [approved(acme), approved(acme)]
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **where)
    later = approved(acme)
    first = acme.person("carol").post(PATH, ALL)
    assert paid_by(file_in(first)) == sorted(one.transfer_id.hex for one in made)
    assert (first.json["has_more"], first.json["created_by"]) == (True, "bob")
    assert {by for one in made for action, by in acme.history(one) if action is Action.EXPORTED} == {"bob"}
    assert paid_by(file_in(bob.post(PATH, ALL))) == [later.transfer_id.hex]
    paid_once(acme, [*made, later])


def test_an_export_of_others_completes_what_was_broken_off_and_makes_its_own_file(acme, source, bob, aws):
    made = [approved(acme), approved(acme)]
    die_before(aws=aws, client=bob, body=these(*made), transfers=2, **MARKING)
    later = approved(acme)
    assert paid_by(file_in(bob.post(PATH, these(later)))) == [later.transfer_id.hex]
    paid_once(acme, [*made, later])


def test_what_was_taken_back_before_it_left_is_not_in_the_file(acme, source, bob, aws):
    kept, taken = approved(acme), approved(acme)
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **MARKING)
    assert bob.post(f"/v2/transfers/{taken.transfer_id}/reject", {"note": "Not this one."}).status == 200
    answer = bob.post(PATH, ALL)
    assert paid_by(file_in(answer)) == [kept.transfer_id.hex]
    assert reasons(answer) == {str(taken.transfer_id): ["not_approved"]}
    assert answer.json["totals"][0]["amount"] == "1190.00"
    assert acme.now(taken).status is TransferStatus.DRAFT


def test_where_all_was_taken_back_before_it_left_there_is_nothing_to_export(acme, source, bob, aws):
    taken = approved(acme)
    die_before(aws=aws, client=bob, body=ALL, transfers=1, **MARKING)
    bob.post(f"/v2/transfers/{taken.transfer_id}/reject", {"note": "Not this one."})
    answer = bob.post(PATH, ALL)
    assert (answer.status, answer.json["details"]) == (409, {"results": [], "latest_order": None})
    later = approved(acme)
    assert paid_by(file_in(bob.post(PATH, ALL))) == [later.transfer_id.hex]


def test_of_two_exports_at_the_same_moment_each_pays_what_the_other_does_not(acme, source, bob):
    """Bob has planned his order; before he opens it, Carol's has been opened and sealed."""
    carol, first, second = acme.person("carol"), approved(acme), approved(acme)
    answers = []

    class Overtaken(OrderStore):
        def open(self, order, after, *, others=()):
            if not answers:
                answers.append(carol.post(PATH, these(first)))
            super().open(order, after, others=others)

    stores = replace(handler._stores(), orders=Overtaken(acme.aws["TransfersTable"]))
    caller = Caller(a_credential(tenant_id=acme.name, subject="bob"), NOW)
    once = Repeatable(operations.EXPORT, caller, None, {}, stores.answers)
    made = export(ExportRequest(all_approved=True), once, caller, stores)
    assert paid_by(made.order.file) == [second.transfer_id.hex]
    assert paid_by(file_in(answers[0])) == [first.transfer_id.hex]
    paid_once(acme, [first, second])


def test_what_was_taken_back_before_it_left_and_approved_again_leaves_with_another_order(acme, source, bob, aws):
    transfer, carol = approved(acme, approved_at=after()), acme.person("carol")
    die_before(aws=aws, client=bob, body=ALL, transfers=1, **MARKING)
    at = f"/v2/transfers/{transfer.transfer_id}"
    bob.post(f"{at}/reject", {"note": "Not yet."})
    assert bob.post(PATH, ALL).status == 409
    carol.post(f"{at}/finalize", None)
    assert bob.post(f"{at}/approve", None).json["status"] == "approved"
    answer = bob.post(PATH, these(transfer))
    assert paid_by(file_in(answer)) == [transfer.transfer_id.hex]
    empty, full = sorted(orders_of(acme), key=lambda one: len(one.paid))
    assert (empty.file, empty.order_id == full.order_id) == (b"", False)


def test_two_who_complete_the_same_order_make_the_same_file(acme, source, bob, aws):
    made = [approved(acme), approved(acme)]
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **MARKING)
    stores = handler._stores()
    [order] = orders_of(acme)
    one, other = complete(order, stores), complete(order, stores)
    assert (one, one.is_open) == (other, False)
    paid_once(acme, made)


def test_what_leaves_while_another_call_makes_the_file_is_in_it(acme, source, bob, aws):
    """A slow call would seal without what was taken back and approved again meanwhile: it looks again."""
    kept, again = approved(acme), approved(acme)
    die_before(aws=aws, client=bob, body=ALL, transfers=2, **MARKING)
    bob.post(f"/v2/transfers/{again.transfer_id}/reject", {"note": "Wait."})
    draft = acme.now(again)
    [order] = orders_of(acme)

    class Slow(OrderStore):
        def seal(self, planned):
            if acme.now(again).status is TransferStatus.DRAFT:
                after_all = draft.model_copy(update={"status": TransferStatus.APPROVED, "version": draft.version + 1})
                acme.transfers.write(draft, after_all, AuditEntry.of(draft, after_all, Action.APPROVED, "carol"))
                exporting_by_another = replace(stores, orders=OrderStore(acme.aws["TransfersTable"]))
                _mark(order, order.transfer_ids, exporting_by_another)
            return super().seal(planned)

    stores = replace(handler._stores(), orders=Slow(acme.aws["TransfersTable"]))
    assert complete(order, stores).paid == tuple(sorted((kept.transfer_id, again.transfer_id)))
    paid_once(acme, [kept, again])


# ── the file of one, and its code ─────────────────────────────────────────────────────────────────────────────────────


def payment_file(client, transfer, query=""):
    return client.get(f"/v2/transfers/{transfer.transfer_id}/pain.001{query}")


def test_the_file_of_what_has_left_is_that_of_its_order_byte_for_byte(acme, source, bob):
    one, other = approved(acme), approved(acme)
    exported = bob.post(PATH, these(one, other))
    for transfer in (one, other):
        answer = payment_file(bob, transfer)
        assert (answer.status, answer.data) == (200, file_in(exported))
        assert answer.headers["content-type"] == "application/xml"
        assert answer.headers["content-disposition"] == f'attachment; filename="{exported.json["file"]["file_name"]}"'


def test_of_what_is_approved_there_is_a_preview_that_says_so_and_changes_nothing(acme, source, bob):
    transfer = approved(acme)
    answer = payment_file(bob, transfer)
    root = validated(answer.data)
    assert b"<!-- PREVIEW, not exported" in answer.data
    assert 'filename="preview-' in answer.headers["content-disposition"]
    assert payment_file(bob, transfer).data == answer.data
    assert acme.now(transfer) == transfer
    exported = bob.post(PATH, these(transfer))
    assert texts(root, "GrpHdr/MsgId") == [exported.json["message_id"]]
    assert b"PREVIEW" not in file_in(exported)


@pytest.mark.parametrize("status", [TransferStatus.DRAFT, TransferStatus.PENDING_APPROVAL, TransferStatus.CANCELLED])
def test_of_what_nobody_approved_there_is_no_file(acme, source, bob, status):
    assert payment_file(bob, acme.draft(status=status)).json["error"] == "transfer_state"


def test_a_preview_says_what_is_missing(acme, source, bob):
    answer = payment_file(bob, approved(acme, currency="USD"))
    assert (answer.status, answer.json["error"]) == (422, "payment_obstacle")
    assert [one["code"] for one in answer.json["details"]["reasons"]] == [
        "creditor_bic_missing",
        "creditor_address_missing",
    ]


def test_a_preview_of_several_own_accounts_takes_the_one_that_is_named(acme, source, bob):
    other, transfer = acme.own(OTHER), approved(acme)
    assert payment_file(bob, transfer).json["error"] == "debtor_account_needed"
    query = f"?counterparty_id={other['counterparty_id']}&cp_account_id={other['cp_account_id']}"
    assert texts(validated(payment_file(bob, transfer, query).data), "DbtrAcct/Id/IBAN") == [OTHER]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("?counterparty_id=x&cp_account_id=y", ["counterparty_id", "cp_account_id"]),
        (f"?counterparty_id={an_id()}", ["cp_account_id"]),
        ("?debtor=x", ["debtor"]),
    ],
)
def test_a_wrong_parameter_of_a_preview_is_named(acme, source, bob, query, fields):
    answer = payment_file(bob, approved(acme), query)
    assert (answer.status, answer.json["details"]) == (400, {"fields": fields})
