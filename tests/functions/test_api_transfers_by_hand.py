"""What a person puts in the place of the document's word is looked at by another one, until it is put back."""

import itertools
from decimal import Decimal

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.invoice import AccountRole, PrintedAccount
from paydraft.model.transfer import Creditor, FlagCode
from paydraft.transfers.flags import flag
from tests.builders import IBANS, an_invoice
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

EUROS = {"amount_minor": "119000", "currency": "EUR"}
NOTE = {"note": "Compared with the document."}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"by-hand-{next(_numbers)}", aws)


@pytest.fixture
def bob(acme):
    return acme.person("bob")


def patched(client, transfer, **body):
    """The flags after an edit, by code."""
    answer = client.request("PATCH", f"/v2/transfers/{transfer.transfer_id}", body)
    assert answer.status == 200, answer.text
    return {one["code"]: one for one in answer.json["flags"]}


@pytest.mark.parametrize("other", [{"amount_minor": "119001"}, {"currency": "CHF"}, {"amount_minor": "1"}])
def test_another_amount_or_currency_than_the_documents_is_blocked_until_it_is_put_back(acme, bob, other):
    draft = acme.read_draft()
    flags = patched(bob, draft, amount=EUROS | other)
    assert flags["amount_mismatch"]["blocking"]
    assert flags["amount_mismatch"]["field"] == "total"
    assert patched(bob, draft, amount=EUROS) == {}


def test_the_flag_shows_what_the_document_says_and_what_was_put_in(acme, bob):
    found = patched(bob, acme.read_draft(), amount=EUROS | {"amount_minor": "50000"})["amount_mismatch"]
    page, typed = found["evidence"]
    assert (page["kind"], page["name"], page["value"], page["place"]["page"]) == ("page", "total", "1190.00", 1)
    assert (typed["kind"], typed["name"], typed["value"]) == ("figure", "by_hand", "500.00 EUR")


def test_what_is_due_counts_where_a_part_is_paid_already(acme, bob):
    read = an_invoice(amount_due=Decimal("190.00"))
    draft = acme.read_draft(read, amount=read.to_pay)
    assert patched(bob, draft, amount=EUROS)["amount_mismatch"]["field"] == "amount_due"
    assert patched(bob, draft, amount=EUROS | {"amount_minor": "19000"}) == {}


def test_the_amount_that_is_put_back_does_not_take_the_documents_own_flag_away(acme, bob):
    draft = acme.read_draft(flags=(flag(FlagCode.AMOUNT_MISMATCH, "total"),))
    patched(bob, draft, amount=EUROS | {"amount_minor": "50000"})
    assert patched(bob, draft, amount=EUROS).keys() == {"amount_mismatch"}


def test_an_account_that_is_not_on_the_page_is_blocked_until_one_is_that_is_or_is_on_file(acme, bob):
    second = PrintedAccount(role=AccountRole.CREDITOR, iban=Iban(IBANS[2]))
    draft = acme.read_draft(an_invoice(accounts=(second,)))
    flags = patched(bob, draft, creditor={"iban": IBANS[1]})
    assert flags["payment_data_conflict"]["blocking"]
    assert [proof["value"] for proof in flags["payment_data_conflict"]["evidence"]] == [IBANS[0], IBANS[1]]
    assert "payment_data_conflict" in patched(bob, draft, amount=EUROS | {"amount_minor": "50000"})
    for printed in (IBANS[2], IBANS[0]):
        patched(bob, draft, creditor={"iban": IBANS[1]})
        assert "payment_data_conflict" not in patched(bob, draft, creditor={"iban": printed})


def test_an_account_on_file_that_is_not_on_the_page_is_a_choice_and_no_conflict(acme, bob):
    acme.payee(IBANS[4])
    draft = acme.read_draft(an_invoice(iban=None), creditor=Creditor(name="Muster GmbH"))
    assert "payment_data_conflict" in patched(bob, draft, creditor={"iban": IBANS[1]})
    assert "payment_data_conflict" not in patched(bob, draft, creditor={"iban": IBANS[4]})


def test_the_account_of_the_one_who_pays_is_none_of_the_payees(acme, bob):
    ours = PrintedAccount(role=AccountRole.DEBTOR, iban=Iban(IBANS[2]))
    draft = acme.read_draft(an_invoice(accounts=(ours,)))
    assert "payment_data_conflict" in patched(bob, draft, creditor={"iban": IBANS[2]})


def test_the_account_that_is_put_back_does_not_take_the_documents_own_conflict_away(acme, bob):
    draft = acme.read_draft(flags=(flag(FlagCode.PAYMENT_DATA_CONFLICT, "iban"),))
    patched(bob, draft, creditor={"iban": IBANS[1]})
    assert "payment_data_conflict" in patched(bob, draft, creditor={"iban": IBANS[0]})


def test_what_was_put_in_by_hand_is_approved_only_after_a_second_person_has_looked(acme, bob):
    draft, carol = acme.read_draft(), acme.person("carol")
    path = f"/v2/transfers/{draft.transfer_id}"
    patched(bob, draft, amount=EUROS | {"amount_minor": "50000"})
    bob.post(f"{path}/finalize", None)
    assert carol.post(f"{path}/approve", None).json["details"] == {"flags": ["amount_mismatch"]}
    assert carol.post(f"{path}/flags/amount_mismatch/clear", NOTE).status == 200
    assert carol.post(f"{path}/approve", None).json["status"] == "approved"


def test_without_the_reading_there_is_nothing_to_compare_with(acme, bob):
    assert patched(bob, acme.draft(), amount=EUROS | {"amount_minor": "50000"}) == {}
