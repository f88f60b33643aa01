"""A transfer's life over the stack in moto: who may do what to it, what is written, and what the answer says next."""

import itertools
from types import SimpleNamespace
from uuid import UUID

import pytest

from api_transfers import operations
from api_transfers.changing import Decided, Request, changed
from paydraft.model.audit import Action
from paydraft.model.bank_account import Bic, Iban, mod97
from paydraft.model.counterparty_file import FileAction
from paydraft.model.credential import SubjectKind
from paydraft.model.errors import TransferChangedError
from paydraft.model.hint import shape_of
from paydraft.model.invoice import Address, Party
from paydraft.model.transfer import Creditor, FlagCode, TransferStatus
from paydraft.runtime.operations import Caller
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.table import Table
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.flags import flag
from paydraft.transfers.learning import memory_keys
from paydraft.transfers.life import Actor, approved
from tests.builders import (
    IBANS,
    NOW,
    a_credential,
    a_job,
    after,
    an_id,
    an_invoice,
)
from tests.crash_points import crash_everywhere
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

PATH = "/v2/transfers"
NOTE = {"note": "Called the number on file, the account is right."}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    """One stack for all tests here: each has a tenant of its own."""
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def alice(acme):
    return acme.person("alice")


@pytest.fixture
def bob(acme):
    return acme.person("bob")


@pytest.fixture
def carol(acme):
    return acme.person("carol")


def at(transfer, *rest):
    return "/".join((PATH, str(transfer.transfer_id), *rest))


def error_of(answer):
    return answer.status, answer.json["error"]


def flagged(*codes):
    return {"flags": tuple(flag(code, "iban") for code in codes)}


# ── the way to approval ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_submitted_by_one_and_approved_by_another(acme, alice, bob):
    draft = acme.draft()
    assert alice.post(at(draft, "finalize"), None).json["status"] == "pending-approval"
    answer = bob.post(at(draft, "approve"), None)
    assert (answer.status, answer.json["status"], answer.json["approved_by"]) == (200, "approved", "bob")
    assert acme.now(draft).status is TransferStatus.APPROVED
    assert acme.history(draft) == [
        (Action.DRAFTED, "paydraft"),
        (Action.FINALIZED, "alice"),
        (Action.APPROVED, "bob"),
    ]


@pytest.mark.parametrize(
    ("subject", "fields", "because"),
    [
        ("alice", {}, "uploader"),
        ("ALICE ", {}, "uploader"),
        ("bob", {"editors": ("bob", "dora"), "edited_by": "dora"}, "editor"),
        ("carol", {"submitted_by": "carol"}, "submitter"),
    ],
)
@pytest.mark.parametrize("what", ["approve", "reject", "flags/iban_changed/clear"])
def test_who_had_a_hand_in_it_neither_approves_nor_rejects_nor_clears(acme, what, subject, fields, because):
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL, **flagged(FlagCode.IBAN_CHANGED), **fields)
    answer = acme.person(subject).post(at(waiting, what), NOTE)
    assert error_of(answer) == (403, "second_person_needed")
    assert answer.json["details"] == {"because": because}
    assert acme.now(waiting) == waiting


def test_a_service_never_approves(acme):
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL)
    robot = acme.person("robot", kind=SubjectKind.SERVICE)
    answer = robot.post(at(waiting, "approve"), None)
    assert (error_of(answer), answer.json["details"]) == ((403, "second_person_needed"), {"because": "service"})


def test_blocking_flags_are_cleared_one_by_one_with_a_note_before_it_is_approved(acme, alice, bob):
    draft = acme.draft(**flagged(FlagCode.IBAN_CHANGED, FlagCode.POSSIBLE_DUPLICATE, FlagCode.DUE_DATE_PAST))
    alice.post(at(draft, "finalize"), None)
    refused = bob.post(at(draft, "approve"), None)
    assert error_of(refused) == (409, "flags_not_cleared")
    assert refused.json["details"] == {"flags": ["iban_changed", "possible_duplicate"]}
    bob.post(at(draft, "flags", "iban_changed", "clear"), NOTE)
    assert bob.post(at(draft, "approve"), None).json["details"] == {"flags": ["possible_duplicate"]}
    cleared = bob.post(at(draft, "flags", "possible_duplicate", "clear"), NOTE).json
    [first, second, advice] = cleared["flags"]
    assert (first["blocking"], first["cleared"]["by"], first["cleared"]["note"]) == (False, "bob", NOTE["note"])
    assert (second["blocking"], advice["blocking"], advice["cleared"]) == (False, False, None)
    assert bob.post(at(draft, "approve"), None).status == 200
    assert [action for action, _ in acme.history(draft)][2:] == [Action.FLAG_CLEARED] * 2 + [Action.APPROVED]


@pytest.mark.parametrize("code", ["due_date_past", "payment_data_conflict", "no_such_flag"])
def test_only_a_blocking_flag_that_is_there_can_be_cleared(acme, bob, code):
    fields = flagged(FlagCode.IBAN_CHANGED, FlagCode.DUE_DATE_PAST)
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL, **fields)
    answer = bob.post(at(waiting, "flags", code, "clear"), NOTE)
    assert (error_of(answer), answer.json["details"]) == ((404, "flag_not_found"), {"flags": ["iban_changed"]})


@pytest.mark.parametrize("body", [None, {}, {"note": ""}, {"note": "  "}, {"note": None}, {"note": "ok", "by": "x"}])
@pytest.mark.parametrize("what", ["reject", "flags/iban_changed/clear"])
def test_clearing_and_rejecting_take_a_reason(acme, bob, what, body):
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL, **flagged(FlagCode.IBAN_CHANGED))
    assert bob.post(at(waiting, what), body).status in (400, 422)
    assert acme.now(waiting) == waiting


def test_a_rejected_transfer_is_a_draft_again_with_the_reason_and_its_flags_open(acme, alice, bob):
    draft = acme.draft(**flagged(FlagCode.IBAN_CHANGED))
    alice.post(at(draft, "finalize"), None)
    bob.post(at(draft, "flags", "iban_changed", "clear"), NOTE)
    answer = bob.post(at(draft, "reject"), {"note": "The amount is wrong."}).json
    assert (answer["status"], answer["note"]) == ("draft", "The amount is wrong.")
    assert answer["flags"][0]["blocking"]
    assert alice.post(at(draft, "finalize"), None).json["status"] == "pending-approval"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"creditor": Creditor(name="Muster GmbH")}, ["creditor.iban"]),
        ({"creditor": Creditor(iban=Iban(IBANS[0]))}, ["creditor.name"]),
        ({"creditor": Creditor()}, ["creditor.name", "creditor.iban"]),
    ],
)
def test_what_could_not_be_paid_is_neither_submitted_nor_approved(acme, alice, bob, fields, missing):
    """A payee found by its VAT number, on a document without any IBAN, for one."""
    draft, waiting = acme.draft(**fields), acme.draft(status=TransferStatus.PENDING_APPROVAL, **fields)
    for answer in (alice.post(at(draft, "finalize"), None), bob.post(at(waiting, "approve"), None)):
        assert (error_of(answer), answer.json["details"]) == ((422, "transfer_incomplete"), {"fields": missing})
    assert alice.get(at(draft)).json["missing"] == missing


STATES = {
    "finalize": {"draft", "pending-approval", "approved", "exported"},
    "approve": {"pending-approval"},
    "reject": {"pending-approval", "approved"},
    "flags/iban_changed/clear": {"pending-approval"},
    "PATCH": {"draft"},
    "DELETE": {"draft", "cancelled"},
}


@pytest.mark.parametrize("status", TransferStatus)
@pytest.mark.parametrize("what", STATES)
def test_in_any_other_state_the_answer_says_what_can_be_done(acme, carol, what, status):
    transfer = acme.draft(status=status, **(flagged(FlagCode.IBAN_CHANGED) if "flags" in what else {}))
    if what.isupper():
        answer = carol.request(what, at(transfer), {"customer_id": "c-1"} if what == "PATCH" else None)
    else:
        answer = carol.post(at(transfer, what), NOTE if what != "finalize" else None)
    if status in STATES[what]:
        assert answer.status == 200
        return
    assert error_of(answer) == (409, "transfer_state")
    assert answer.json["details"]["status"] == status
    assert answer.json["details"]["next"].endswith(".")
    assert acme.now(transfer) == transfer


def test_asking_for_approval_again_answers_the_same_and_changes_nothing(acme, alice, bob):
    draft = acme.draft()
    first, again = alice.post(at(draft, "finalize"), None), bob.post(at(draft, "finalize"), None)
    assert first.text == again.text
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(acme.history(draft)) == 2


def test_what_finalize_says_of_the_payment_must_be_as_the_draft_says(acme, alice):
    draft = acme.draft(customer_id="c-1")
    right = {"amount": {"amount_minor": "119000", "currency": "EUR"}, "customer_id": "c-1", "channel": "web"}
    for name, value in (
        ("amount", {"amount_minor": "119001", "currency": "EUR"}),
        ("destination", {"counterparty_id": str(an_id()), "cp_account_id": None}),
        ("source", {"counterparty_id": str(an_id()), "cp_account_id": str(an_id())}),
        ("customer_id", "c-2"),
    ):
        answer = alice.post(at(draft, "finalize"), right | {name: value})
        assert error_of(answer) == (422, "invalid_fields")
        assert [one["loc"] for one in answer.json["details"]["fields"]] == [["body", name]]
    assert alice.post(at(draft, "finalize"), right | {"metadata": {"a": "b"}}).status == 200


def test_finalizing_attaches_the_upload(acme, alice):
    draft = acme.read_draft()
    alice.post(at(draft, "finalize"), None)
    row = Table(acme.aws["JobsTable"]).get(tenant_id=acme.name, sk=f"UPL#{draft.upload_id}")
    assert row["attached_at"]["S"]


def test_the_answer_of_the_payees_bank_is_kept_and_promises_nothing(acme, alice):
    draft = acme.draft()
    told = alice.post(at(draft, "finalize"), None).json["verification"]
    assert (told["result"], told["provider"], told["suggested_name"]) == ("not_possible", "none", None)


def test_the_answer_of_the_payees_bank_is_not_kept_for_another_payee(acme, alice, bob):
    draft = acme.draft()
    alice.post(at(draft, "finalize"), None)
    assert bob.post(at(draft, "reject"), NOTE).json["verification"]["result"] == "not_possible"
    assert patch(alice, draft, customer_id="c-1").json["verification"]["result"] == "not_possible"
    assert patch(alice, draft, creditor={"iban": IBANS[1]}).json["verification"] is None


def test_a_discarded_draft_is_cancelled_and_discarding_it_again_is_no_error(acme, alice):
    draft = acme.draft()
    first = alice.request("DELETE", at(draft))
    again = alice.request("DELETE", at(draft))
    assert (first.status, first.json["status"], again.text) == (200, "cancelled", first.text)
    assert acme.history(draft)[1:] == [(Action.DISCARDED, "alice")]
    assert acme.now(draft).cancelled_by == "alice"


# ── the payee's account ───────────────────────────────────────────────────────────────────────────────────────────────


def accounts_of(acme, party):
    return {account.iban for account in acme.payees.accounts(acme.name, party.counterparty_id)}


def test_a_new_account_is_put_on_file_by_its_approval_and_not_before(acme, alice, bob):
    party, _ = acme.payee(IBANS[0])
    creditor = Creditor(name=party.legal_name, iban=Iban(IBANS[1]), bic=Bic("COBADEFFXXX"))
    draft = acme.draft(counterparty_id=party.counterparty_id, creditor=creditor, **flagged(FlagCode.IBAN_CHANGED))
    alice.post(at(draft, "finalize"), None)
    bob.post(at(draft, "flags", "iban_changed", "clear"), NOTE)
    assert accounts_of(acme, party) == {IBANS[0]}
    account_id = bob.post(at(draft, "approve"), None).json["destination"]["cp_account_id"]
    assert accounts_of(acme, party) == {IBANS[0], IBANS[1]}
    added = acme.payees.account(acme.name, party.counterparty_id, UUID(account_id))
    assert (added.iban, added.bic, added.created_by, added.active) == (IBANS[1], "COBADEFFXXX", "bob", True)
    directory = acme.payees.directory(acme.name, iban=Iban(IBANS[1]), vat_number=None)
    assert [owner.counterparty_id for owner, _ in directory.by_iban] == [party.counterparty_id]
    [_, told] = acme.payees.history(acme.name, party.counterparty_id)
    assert (told.action, told.by, told.version) == (FileAction.ACCOUNT_ADDED, "bob", 2)


def test_the_account_that_is_approved_is_the_one_on_file(acme, alice, bob):
    party, account = acme.payee(IBANS[0])
    draft = acme.draft(counterparty_id=party.counterparty_id, account_id=account.account_id)
    alice.post(at(draft, "finalize"), None)
    assert bob.post(at(draft, "approve"), None).status == 200
    assert accounts_of(acme, party) == {IBANS[0]}


def deactivate(acme, sk):
    key = {"tenant_id": acme.name, "sk": sk}
    Table(acme.aws["CounterpartiesTable"]).update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)


@pytest.mark.parametrize("what", ["payee", "account"])
def test_a_payee_or_account_that_was_deactivated_meanwhile_is_not_approved(acme, alice, bob, what):
    party, account = acme.payee(IBANS[0])
    draft = acme.draft(counterparty_id=party.counterparty_id, account_id=account.account_id)
    alice.post(at(draft, "finalize"), None)
    deactivate(acme, f"CP#{party.counterparty_id}" + (f"#ACC#{account.account_id}" if what == "account" else ""))
    assert error_of(bob.post(at(draft, "approve"), None)) == (409, "payee_not_active")
    assert acme.now(draft).status is TransferStatus.PENDING_APPROVAL


def test_an_account_that_another_payee_got_meanwhile_is_not_approved(acme, alice, bob):
    party, _ = acme.payee(IBANS[0])
    creditor = Creditor(name=party.legal_name, iban=Iban(IBANS[1]))
    draft = acme.draft(counterparty_id=party.counterparty_id, creditor=creditor)
    alice.post(at(draft, "finalize"), None)
    acme.payee(IBANS[1])
    assert error_of(bob.post(at(draft, "approve"), None)) == (409, "payee_not_active")
    assert accounts_of(acme, party) == {IBANS[0]}


# ── editing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def patch(client, transfer, **body):
    return client.request("PATCH", at(transfer), body)


def codes(answer):
    return {one["code"] for one in answer.json["flags"]}


def test_an_edit_changes_what_was_sent_and_remembers_who_and_what_it_was_before(acme, bob):
    draft = acme.draft(customer_id="c-1")
    answer = patch(
        bob,
        draft,
        amount={"amount_minor": "50000", "currency": "EUR"},
        remittance={"kind": "rf", "text": "rf18 5390 0754 7034"},
        requested_date="2999-01-31",
    )
    assert answer.status == 200
    assert answer.json["amount"] == {"amount_minor": "50000", "currency": "EUR", "precision": 2, "amount": "500.00"}
    assert answer.json["remittance"] == {"kind": "rf", "text": "RF18539007547034"}
    assert (answer.json["modified_by"], answer.json["customer_id"], answer.json["version"]) == ("bob", "c-1", 2)
    [_, edit] = acme.transfers.audit(acme.name, draft.transfer_id)
    assert edit.before["amount"] == {"amount": "1190.00", "currency": "EUR"}
    assert edit.after["amount"] == {"amount": "500.00", "currency": "EUR"}
    assert edit.by == "bob"


def test_an_edit_that_changes_nothing_is_none(acme, bob):
    draft = acme.draft()
    answer = patch(bob, draft, amount={"amount_minor": "119000", "currency": "EUR"})
    assert (answer.status, answer.json["version"]) == (200, 1)
    assert acme.now(draft) == draft


WRONG = [
    ({"amount": None}, "amount"),
    ({"amount": {"amount_minor": "0", "currency": "EUR"}}, "amount.amount_minor"),
    ({"amount": {"amount_minor": "-5", "currency": "EUR"}}, "amount.amount_minor"),
    ({"amount": {"amount_minor": "1.5", "currency": "EUR"}}, "amount.amount_minor"),
    ({"amount": {"amount_minor": "100000000000", "currency": "EUR"}}, "amount.amount_minor"),
    ({"amount": {"amount_minor": "5", "currency": "ZZZ"}}, "amount.currency"),
    ({"amount": {"amount_minor": "5"}}, "amount.currency"),
    ({"creditor": {"iban": "DE89370400440532013001"}}, "creditor.iban"),
    ({"creditor": {"bic": "NOBIC"}}, "creditor.bic"),
    ({"creditor": {"name": "a\nb"}}, "creditor.name"),
    ({"remittance": {"kind": "rf", "text": "RF19539007547034"}}, "remittance.text"),
    ({"remittance": {"kind": "qrr", "text": "1"}}, "remittance.text"),
    ({"remittance": {"kind": "text", "text": "x" * 141}}, "remittance.text"),
    ({"requested_date": "2020-01-01"}, "requested_date"),
    ({"requested_date": "tomorrow"}, "requested_date"),
    ({"customer_id": "with blank"}, "customer_id"),
    ({"destination": {"counterparty_id": str(an_id())}}, "destination.counterparty_id"),
    ({"source": {"counterparty_id": str(an_id()), "cp_account_id": str(an_id())}}, "source.counterparty_id"),
    ({"status": "approved"}, "status"),
    ({"approved_by": "bob"}, "approved_by"),
    ({"flags": []}, "flags"),
    ({"tenant_id": "other"}, "tenant_id"),
]


@pytest.mark.parametrize(("body", "field"), WRONG, ids=[f"{field}-{n}" for n, (_, field) in enumerate(WRONG)])
def test_a_wrong_field_is_named_and_nothing_is_changed(acme, bob, body, field):
    draft = acme.draft()
    answer = patch(bob, draft, **body)
    assert error_of(answer) == (422, "invalid_fields")
    assert answer.json["details"]["fields"][0]["loc"] == ["body", *field.split(".")]
    assert acme.now(draft) == draft


def choice(party, account=None):
    chosen = {"counterparty_id": str(party.counterparty_id)}
    return chosen | ({"cp_account_id": str(account.account_id)} if account else {})


def test_choosing_an_account_on_file_settles_doubts_about_the_payee_and_no_others(acme, bob):
    party, account = acme.payee(IBANS[1], address=Address(city="Bonn", country="DE"))
    draft = acme.draft(**flagged(FlagCode.IBAN_INVALID, FlagCode.PAYMENT_DATA_CONFLICT, FlagCode.NEW_COUNTERPARTY))
    answer = patch(bob, draft, destination=choice(party, account))
    assert codes(answer) == {"payment_data_conflict"}
    assert answer.json["creditor"]["name"] == party.legal_name
    assert answer.json["creditor"]["iban"] == IBANS[1]
    assert answer.json["creditor"]["address"]["city"] == "Bonn"
    assert answer.json["destination"]["cp_account_id"] == str(account.account_id)


def test_choosing_a_payee_without_its_account_keeps_the_iban_and_says_that_it_is_new(acme, bob):
    party, _ = acme.payee(IBANS[1])
    answer = patch(bob, acme.draft(**flagged(FlagCode.NEW_COUNTERPARTY)), destination=choice(party))
    assert (codes(answer), answer.json["creditor"]["iban"]) == ({"iban_changed"}, IBANS[0])
    assert answer.json["destination"]["cp_account_id"] is None


def test_choosing_the_payee_whose_account_the_iban_is_finds_the_account(acme, bob):
    party, account = acme.payee(IBANS[0])
    answer = patch(bob, acme.draft(), destination=choice(party))
    assert answer.json["destination"]["cp_account_id"] == str(account.account_id)
    assert codes(answer) == set()


def test_detaching_the_payee_does_not_shed_a_blocking_flag(acme, bob):
    party, _ = acme.payee(IBANS[1])
    draft = acme.draft(counterparty_id=party.counterparty_id, **flagged(FlagCode.IBAN_CHANGED))
    answer = patch(bob, draft, destination=None, creditor={"iban": IBANS[2]})
    assert "iban_changed" in codes(answer)
    assert answer.json["destination"] == {"counterparty_id": None, "cp_account_id": None}


def test_an_edit_that_leaves_the_account_as_it_is_does_not_shed_a_blocking_flag(acme, bob):
    party, account = acme.payee(IBANS[1])
    creditor = Creditor(name=party.legal_name, iban=account.iban)
    paid = {"counterparty_id": party.counterparty_id, "account_id": account.account_id, "creditor": creditor}
    draft = acme.draft(**paid, **flagged(FlagCode.IBAN_OTHER_COUNTERPARTY))
    answer = patch(bob, draft, creditor={"bic": "BKAUATWW"})
    assert answer.json["creditor"]["bic"] == "BKAUATWW"
    assert codes(answer) == {"iban_other_counterparty"}


def test_an_iban_of_another_payee_on_file_is_flagged(acme, bob):
    acme.payee(IBANS[2])
    party, _ = acme.payee(IBANS[1])
    draft = acme.draft(counterparty_id=party.counterparty_id)
    assert "iban_other_counterparty" in codes(patch(bob, draft, creditor={"iban": IBANS[2]}))


def test_another_payee_than_the_page_names_by_its_vat_number_is_flagged(acme, bob):
    named, _ = acme.payee(IBANS[0], vat_number="DE123456789")
    other, account = acme.payee(IBANS[1])
    answer = patch(bob, acme.read_draft(an_invoice(iban=None)), destination=choice(other, account))
    assert "iban_other_counterparty" in codes(answer)
    [proof] = answer.json["flags"][0]["evidence"]
    assert (proof["name"], proof["counterparty_id"]) == ("vat_number", str(named.counterparty_id))


def test_another_payee_than_the_one_whose_iban_the_page_shows_is_flagged_until_it_is_chosen_again(acme, bob):
    shown, its_account = acme.payee(IBANS[0])
    other, account = acme.payee(IBANS[1])
    draft = acme.read_draft(counterparty_id=shown.counterparty_id, account_id=its_account.account_id)
    redirected = patch(bob, draft, destination=choice(other, account))
    assert codes(redirected) == {"iban_other_counterparty"}
    assert redirected.json["flags"][0]["evidence"][0]["name"] == "iban_on_page"
    assert codes(patch(bob, draft, destination=choice(shown, its_account))) == set()


def test_a_payee_on_file_whom_the_page_does_not_name_is_flagged_for_a_second_look(acme, bob):
    other, account = acme.payee(IBANS[1], legal_name="Ganz Andere Spedition AG", vat_number=None)
    draft = acme.read_draft(an_invoice(seller=Party(name="Lampen Huber"), iban=None, bic=None))
    redirected = patch(bob, draft, destination=choice(other, account))
    assert codes(redirected) == {"iban_other_counterparty"}
    assert redirected.json["flags"][0]["blocking"]


def test_going_to_another_payee_and_back_sheds_no_doubt_about_the_name(acme, bob):
    other, its_account = acme.payee(IBANS[2], legal_name="Lampen Huber GmbH", vat_number=None)
    holder, account = acme.payee(IBANS[1], legal_name="Ganz Andere Spedition AG", vat_number=None)
    invoice = an_invoice(seller=Party(name="Lampen Huber"), iban=Iban(IBANS[1]))
    held = {"counterparty_id": holder.counterparty_id, "account_id": account.account_id}
    draft = acme.read_draft(invoice, flags=(flag(FlagCode.IBAN_OTHER_COUNTERPARTY, "iban"),), **held)
    patch(bob, draft, destination=choice(other, its_account))
    assert "iban_other_counterparty" in codes(patch(bob, draft, destination=choice(holder, account)))


def test_an_iban_that_is_typed_in_and_on_file_names_its_holder(acme, bob):
    party, account = acme.payee(IBANS[2])
    answer = patch(bob, acme.draft(), creditor={"iban": f" {Iban(IBANS[2]).printed} "})
    assert answer.json["destination"] == {
        "counterparty_id": str(party.counterparty_id),
        "cp_account_id": str(account.account_id),
    }
    assert answer.json["creditor"]["name"] == party.legal_name


def test_the_tenants_own_account_is_never_a_payee(acme, bob):
    own, account = acme.payee(IBANS[3], own=True)
    for body, field in (
        ({"creditor": {"iban": IBANS[3]}}, "iban"),
        ({"destination": choice(own, account)}, "counterparty_id"),
    ):
        answer = patch(bob, acme.draft(), **body)
        assert answer.status == 422
        assert answer.json["details"]["fields"][0]["loc"][-1] == field


def test_the_account_that_pays_is_one_of_the_tenants_own(acme, bob):
    own, account = acme.payee(IBANS[3], own=True)
    party, foreign = acme.payee(IBANS[2])
    draft = acme.draft()
    assert patch(bob, draft, source=choice(party, foreign)).status == 422
    answer = patch(bob, draft, source=choice(own, account))
    assert answer.json["source"] == choice(own, account)
    assert patch(bob, draft, source=None).json["source"] == {"counterparty_id": None, "cp_account_id": None}


@pytest.mark.parametrize("what", ["payee", "account"])
def test_what_is_deactivated_or_another_tenants_can_not_be_chosen(acme, bob, aws, what):
    elsewhere = Tenant(f"{acme.name}-other", aws)
    theirs = elsewhere.payee(IBANS[4])
    party, account = acme.payee(IBANS[4])
    deactivate(acme, f"CP#{party.counterparty_id}" + (f"#ACC#{account.account_id}" if what == "account" else ""))
    refusals = {patch(bob, acme.draft(), destination=choice(*pair)).text for pair in ((party, account), theirs)}
    assert all('"invalid_fields"' in text for text in refusals)
    if what == "payee":
        assert len(refusals) == 1


def test_another_iban_takes_the_old_bank_away(acme, bob):
    draft = acme.draft(creditor=Creditor(name="Muster", iban=Iban(IBANS[0]), bic=Bic("COBADEFFXXX")))
    assert patch(bob, draft, creditor={"iban": IBANS[1]}).json["creditor"]["bic"] is None


def test_a_payees_name_is_not_edited_beside_a_payee_on_file(acme, bob):
    party, account = acme.payee(IBANS[0])
    draft = acme.draft(counterparty_id=party.counterparty_id, account_id=account.account_id)
    assert patch(bob, draft, creditor={"name": "Somebody Else"}).status == 422


def test_another_currency_is_flagged_and_the_right_one_takes_the_flag_away(acme, bob):
    draft = acme.draft()
    francs = patch(bob, draft, amount={"amount_minor": "119000", "currency": "CHF"})
    assert codes(francs) == {"currency_not_sepa"}
    assert codes(patch(bob, draft, amount={"amount_minor": "119000", "currency": "EUR"})) == set()


# ── what is learned of a supplier ─────────────────────────────────────────────────────────────────────────────────────

PLACE = {"page": 2, "x0": 59.5, "y0": 84.2, "x1": 119, "y1": 168.4, "page_width": 595, "page_height": 842}


def learned_by(acme, draft):
    keys = memory_keys(an_invoice(), draft.counterparty_id)
    return {hint.field: hint for hint in SupplierMemory(acme.aws["TransfersTable"]).hints(acme.name, keys)}


def test_an_approval_teaches_where_the_confirmed_fields_stood_and_nothing_before_it_does(acme, alice, bob):
    draft = acme.read_draft(invoice_number="RE-2026-0042")
    alice.post(at(draft, "finalize"), None)
    assert learned_by(acme, draft) == {}
    assert bob.post(at(draft, "approve"), None).status == 200
    hints = learned_by(acme, draft)
    assert hints.keys() == {"total", "currency", "iban", "number"}
    assert (hints["total"].zone.page, hints["number"].shape) == (1, shape_of("RE-2026-0042"))


def test_a_field_that_was_changed_teaches_nothing_unless_it_is_said_where_it_stands(acme, alice, bob):
    draft = acme.read_draft()
    right = Iban("DE02120300000000202051")
    patch(bob, draft, amount={"amount_minor": "50000", "currency": "EUR"}, creditor={"iban": right})
    told = {"field": "iban", "raw": right.printed, "place": PLACE, "label": "Konto"}
    assert patch(bob, draft, corrections=[told]).status == 200
    alice.post(at(draft, "finalize"), None)
    carol = acme.person("carol")
    for code in ("amount_mismatch", "payment_data_conflict"):
        carol.post(at(draft, "flags", code, "clear"), NOTE)
    assert carol.post(at(draft, "approve"), None).status == 200
    hints = learned_by(acme, draft)
    assert hints.keys() == {"iban"}
    assert (hints["iban"].labels, hints["iban"].zone.page, hints["iban"].zone.x0) == (("Konto",), 2, 0.1)


@pytest.mark.parametrize("change", [{"x1": 1}, {"y0": 900}, {"x1": 600}, {"page": 0}, {"page_width": 0}])
def test_a_correction_points_at_a_place_on_a_page(acme, bob, change):
    told = {"field": "iban", "raw": "DE", "place": PLACE | change}
    assert patch(bob, acme.draft(), corrections=[told]).status == 422


# ── idempotency and versions ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["idempotency_key", "x_idempotency_key"])
def test_the_same_request_with_the_same_key_is_answered_the_same_and_done_once(acme, alice, bob, header):
    draft = acme.draft(**flagged(FlagCode.IBAN_CHANGED))
    alice.post(at(draft, "finalize"), None)
    clear = at(draft, "flags", "iban_changed", "clear")
    first = bob.post(clear, NOTE, **{header: "k-1"})
    bob.post(at(draft, "approve"), None)
    again = bob.post(clear, NOTE, **{header: "k-1"})
    assert (again.status, again.text) == (200, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(acme.history(draft)) == 4


def test_a_key_that_was_used_for_another_request_is_refused(acme, alice, bob):
    one, other = acme.draft(), acme.draft()
    patched = {"customer_id": "c-1"}
    bob.request("PATCH", at(one), patched, {"idempotency-key": "k"})
    for client, transfer, body in ((bob, one, {"customer_id": "c-2"}), (bob, other, patched), (alice, one, patched)):
        answer = client.request("PATCH", at(transfer), body, {"idempotency-key": "k"})
        assert error_of(answer) == (422, "idempotency_conflict")
    assert acme.now(other) == other


def test_a_refused_request_leaves_its_key_free(acme, alice, bob):
    draft = acme.draft()
    refused = bob.post(at(draft, "approve"), None, idempotency_key="k")
    alice.post(at(draft, "finalize"), None)
    assert (refused.status, bob.post(at(draft, "approve"), None, idempotency_key="k").status) == (409, 200)


def test_the_key_in_finalizes_body_is_the_one_in_the_header(acme, alice):
    draft = acme.draft()
    answer = alice.post(at(draft, "finalize"), {"idempotency_key": "a"}, x_idempotency_key="b")
    assert error_of(answer) == (400, "invalid_idempotency_key")
    assert alice.post(at(draft, "finalize"), {"idempotency_key": "a"}, x_idempotency_key="a").status == 200


def test_who_decides_by_an_old_version_is_told_so(acme, alice, bob):
    draft = acme.draft()
    alice.post(at(draft, "finalize"), None)
    seen = bob.get(at(draft)).headers["etag"]
    bob.post(at(draft, "reject"), NOTE)
    alice.request("PATCH", at(draft), {"customer_id": "c-1"})
    alice.post(at(draft, "finalize"), None)
    carol = acme.person("carol")
    assert error_of(carol.post(at(draft, "approve"), None, if_match=seen)) == (412, "precondition_failed")
    now = carol.get(at(draft)).headers["etag"]
    assert carol.post(at(draft, "approve"), None, if_match=now).status == 200


def test_of_two_persons_at_the_same_moment_one_is_told_that_it_was_changed(acme):
    """Bob decides by what he has seen; before he writes, Carol has approved."""
    waiting = acme.draft(status=TransferStatus.PENDING_APPROVAL)
    carol = acme.person("carol")

    class Overtaken(TransferStore):
        def write(self, *args, **kwargs):
            carol.post(at(waiting, "approve"), None)
            return super().write(*args, **kwargs)

    stores = SimpleNamespace(transfers=Overtaken(acme.aws["TransfersTable"]), answers=None)
    caller = Caller(a_credential(tenant_id=acme.name, subject="bob"), NOW)
    request = Request(operations.APPROVE, caller, str(waiting.transfer_id), "", {}, key=None, if_match=None)
    approving = Actor("bob", is_person=True)
    with pytest.raises(TransferChangedError):
        changed(request, stores, lambda seen: Decided(approved(seen, approving, at=NOW), Action.APPROVED))
    assert acme.now(waiting).approved_by == "carol"
    assert len(acme.history(waiting)) == 2


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_transfer_leads_to_its_job_upload_evidence_and_history(acme, alice):
    draft = acme.draft()
    links = alice.get(at(draft)).json["links"]
    assert links == {
        "self": at(draft),
        "job": f"/v2/invoices/ocr/{draft.job_id}",
        "upload": f"/v2/uploads/{draft.upload_id}",
        "evidence": at(draft, "evidence"),
        "events": at(draft, "events"),
        "qr": at(draft, "qr"),
        "payment_file": at(draft, "pain.001"),
    }


def test_a_transfer_that_is_known_is_not_sent_again(acme, alice):
    draft = acme.draft()
    etag = alice.get(at(draft)).headers["etag"]
    assert alice.get(at(draft), if_none_match=etag).status == 304


def test_the_evidence_shows_where_each_field_stands(acme, alice):
    draft = acme.read_draft()
    fields = {one["field"]: one for one in alice.get(at(draft, "evidence")).json["fields"]}
    assert fields["iban"]["value"] == IBANS[0]
    assert fields["iban"]["place"]["page"] == 1
    assert fields["total"]["confidence"] == pytest.approx(0.97)


def test_a_draft_whose_result_is_gone_has_no_evidence(acme, alice):
    assert alice.get(at(acme.draft(), "evidence")).json["fields"] == []


def test_the_history_tells_who_did_what_when_and_what_it_was_before(acme, alice):
    draft = acme.draft()
    alice.request("PATCH", at(draft), {"customer_id": "c-1"})
    answer = alice.get(at(draft, "events")).json
    assert answer["total"] == 2
    event = answer["data"][1]
    assert (event["event_type"], event["created_by"], event["from_status"]) == ("edited", "alice", "draft")
    assert (event["before"].get("customer_id"), event["after"]["customer_id"]) == (None, "c-1")
    assert acme.name not in str(answer)


def ids(answer):
    return [one["id"] for one in answer.json["data"]]


def some_drafts(acme, count, **fields):
    jobs = [a_job(tenant_id=acme.name, created_at=after(minutes=next(_numbers))) for _ in range(count)]
    return [str(acme.draft(job, **fields).transfer_id) for job in jobs]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_list_is_walked_by_its_cursor(acme, alice, order):
    made = some_drafts(acme, 5)
    found, cursor = [], ""
    while cursor is not None:
        answer = alice.get(f"{PATH}?limit=2&order={order}{cursor and '&cursor=' + cursor}")
        found, cursor = found + ids(answer), answer.json["next_cursor"]
        assert answer.json["has_more"] is (cursor is not None)
    assert found == (made if order == "asc" else made[::-1])


def test_a_list_is_filtered_by_status_payee_and_job(acme, alice):
    some_drafts(acme, 2)
    party = an_id()
    [approved] = some_drafts(acme, 1, status=TransferStatus.APPROVED, counterparty_id=party)
    job_id = str(acme.transfers.get(acme.name, UUID(approved)).job_id).upper()
    for query in (
        "status=approved",
        f"counterparty_id={party}",
        f"job_id={job_id}",
        f"status=approved&job_id={job_id}",
    ):
        assert ids(alice.get(f"{PATH}?{query}")) == [approved]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("limit=0", ["limit"]),
        ("limit=101", ["limit"]),
        ("limit=x", ["limit"]),
        ("order=up", ["order"]),
        ("status=done", ["status"]),
        ("counterparty_id=1", ["counterparty_id"]),
        ("job_id=", ["job_id"]),
        ("tenant_id=other", ["tenant_id"]),
        ("limit=0&offset=1", ["limit", "offset"]),
    ],
)
def test_a_wrong_or_unknown_parameter_is_named(alice, query, fields):
    answer = alice.get(f"{PATH}?{query}")
    assert error_of(answer) == (400, "invalid_query")
    assert answer.json["details"] == {"fields": fields}


def test_a_cursor_is_good_for_its_own_tenant_and_list_only(acme, alice, aws):
    some_drafts(acme, 3)
    cursor = alice.get(f"{PATH}?limit=1").json["next_cursor"]
    stranger = Tenant(f"{acme.name}-other", aws).person("alice")
    forged = [
        f"{PATH}?limit=1&cursor={cursor[:n]}{'A' if cursor[n] != 'A' else 'B'}{cursor[n + 1 :]}" for n in range(9)
    ]
    assert alice.get(f"{PATH}?limit=1&cursor={cursor}").status == 200
    for client, path in (
        (alice, f"{PATH}?limit=1&cursor=x"),
        (alice, f"{PATH}?limit=1&cursor=%C3%A9"),
        (alice, f"{PATH}?limit=1&cursor={'A' * 2000}"),
        (alice, f"{PATH}?limit=1&order=asc&cursor={cursor}"),
        (stranger, f"{PATH}?limit=1&cursor={cursor}"),
        *((alice, path) for path in forged),
    ):
        assert error_of(client.get(path)) == (400, "invalid_cursor")


# ── who is asking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_it_writes_to_the_log_names_no_payee(acme, alice, bob, capsys):
    party, _ = acme.payee(IBANS[0])
    draft = acme.draft(creditor=Creditor(name="Erika Mustermann", iban=Iban(IBANS[1])))
    patch(bob, draft, destination=choice(party), creditor={"iban": IBANS[2]})
    alice.post(at(draft, "finalize"), None)
    said = capsys.readouterr().out
    assert "transfer changed" in said
    assert not [secret for secret in ("Mustermann", *IBANS[:3], alice.token) if secret in said]


def test_every_request_under_the_functions_own_permissions_ends_without_a_5xx(acme, alice):
    draft = acme.draft()
    for method, path, body in (
        ("POST", at(draft, "finalize"), "{"),
        ("POST", at(draft, "finalize"), "[]"),
        ("PATCH", at(draft), '{"amount": {"amount_minor": 1e400}}'),
        ("PATCH", at(draft), None),
        ("PUT", at(draft), {}),
        ("GET", f"{PATH}/", None),
        ("GET", f"{PATH}/not-a-uuid", None),
        ("POST", f"{PATH}/not-a-uuid/finalize", None),
    ):
        assert 400 <= alice.request(method, path, body).status < 500


# ── killed anywhere ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_wherever_an_approval_is_killed_the_account_is_added_once_and_told_once(acme, bob):
    """The client sends it again with its key: dead or deaf, the same answer and one line of history."""
    ibans = (f"DE{98 - mod97(f'{number:018}DE00'):02}{number:018}" for number in itertools.count(1))

    def waiting():
        party, _ = acme.payee(next(ibans))
        creditor = Creditor(name=party.legal_name, iban=Iban(next(ibans)))
        return acme.read_draft(
            status=TransferStatus.PENDING_APPROVAL, counterparty_id=party.counterparty_id, creditor=creditor
        )

    def approve(draft):
        return bob.post(at(draft, "approve"), None, idempotency_key=f"k-{draft.transfer_id}")

    def check(draft):
        assert approve(draft).json["status"] == "approved"
        assert acme.history(draft) == [(Action.DRAFTED, "paydraft"), (Action.APPROVED, "bob")]
        now = acme.now(draft)
        accounts = acme.payees.accounts(acme.name, now.counterparty_id)
        assert [one.iban for one in accounts].count(now.creditor.iban) == 1

    assert crash_everywhere(waiting, approve, check) >= 28


def test_wherever_asking_for_approval_is_killed_it_is_asked_for_once(acme, alice):
    def check(draft):
        assert alice.get(at(draft)).json["status"] == "pending-approval"
        assert [action for action, _ in acme.history(draft)] == [Action.DRAFTED, Action.FINALIZED]

    assert crash_everywhere(acme.read_draft, lambda draft: alice.post(at(draft, "finalize"), None), check) >= 16
