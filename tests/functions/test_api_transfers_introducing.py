"""Approving an unknown supplier's first transfer puts it on file: once, told in its history, never on a guess."""

import itertools

import pytest

from paydraft.matching.match import match
from paydraft.model.audit import Action
from paydraft.model.bank_account import Bic, Iban, mod97
from paydraft.model.counterparty import MatchKind
from paydraft.model.counterparty_file import FileAction
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Address, Party
from paydraft.model.transfer import Creditor, FlagCode, TransferStatus
from paydraft.stores.table import Table
from paydraft.transfers.flags import flag
from tests.builders import IBANS, an_evidence, an_invoice
from tests.crash_points import crash_everywhere
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

NEW = (flag(FlagCode.NEW_COUNTERPARTY, "seller"),)
BONN = Address(street="Hauptstr. 1", postal_code="53111", city="Bonn", country="DE")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"new-{next(_numbers)}", aws)


@pytest.fixture
def bob(acme):
    return acme.person("bob")


def read(iban=IBANS[0], confidence=0.97, **fields):
    seller = Party(name="Muster GmbH", vat_number="DE123456789", address=BONN)
    made = an_invoice(seller=seller, iban=Iban(iban), **fields)
    evidence = made.evidence | {"seller.vat_number": an_evidence("DE123456789", confidence=confidence)}
    return made.model_copy(update={"evidence": evidence})


def waiting(acme, invoice=None, **fields):
    invoice = invoice or read()
    creditor = Creditor(name="Muster GmbH", iban=invoice.iban, bic=Bic("COBADEFFXXX"), address=BONN)
    defaults = {"flags": NEW, "creditor": creditor, "status": TransferStatus.PENDING_APPROVAL}
    return acme.read_draft(invoice, **(defaults | fields))


def approve(client, transfer, **headers):
    return client.post(f"/v2/transfers/{transfer.transfer_id}/approve", None, **headers)


def files(acme):
    return list(acme.payees.files(acme.name))


def next_match(acme, invoice):
    found = acme.payees.directory(acme.name, iban=invoice.iban, vat_number=invoice.seller.vat_number)
    return match(invoice, found)


def test_the_next_invoice_of_a_supplier_that_was_approved_once_is_found(acme, bob):
    assert next_match(acme, read()).kind is MatchKind.NOT_FOUND
    answer = approve(bob, waiting(acme)).json
    [file] = files(acme)
    found = next_match(acme, read())
    chosen = (str(found.counterparty_id), str(found.account_id))
    assert found.kind is MatchKind.FOUND
    assert (answer["destination"]["counterparty_id"], answer["destination"]["cp_account_id"]) == chosen
    assert file.counterparty.legal_name == "Muster GmbH"
    assert (file.counterparty.vat_number, file.counterparty.address) == ("DE123456789", BONN)
    assert [(one.iban, one.bic, one.is_primary) for one in file.accounts] == [(IBANS[0], "COBADEFFXXX", True)]
    by_vat_alone = next_match(acme, read(IBANS[1]))
    assert (by_vat_alone.kind, by_vat_alone.account_id) == (MatchKind.FOUND, None)


def test_it_is_on_file_by_the_approval_and_not_before_and_its_history_says_by_whom(acme, bob):
    transfer = waiting(acme, status=TransferStatus.DRAFT)
    acme.person("alice").post(f"/v2/transfers/{transfer.transfer_id}/finalize", None)
    assert files(acme) == []
    assert approve(bob, transfer).status == 200
    [file] = files(acme)
    [told] = acme.payees.history(acme.name, file.counterparty_id)
    assert (told.action, told.by, told.version) == (FileAction.CREATED, "bob", 1)
    assert IBANS[0] in told.after.values()
    assert acme.history(transfer)[-1] == (Action.APPROVED, "bob")


@pytest.mark.parametrize(
    "creditor",
    [Creditor(name="Somebody Else", iban=Iban(IBANS[0])), Creditor(name="Muster GmbH", iban=Iban(IBANS[1]))],
)
def test_the_vat_number_on_the_page_is_not_given_to_who_was_typed_in(acme, bob, creditor):
    approve(bob, waiting(acme, creditor=creditor))
    assert [file.counterparty.vat_number for file in files(acme)] == [None]


def test_a_vat_number_that_was_hard_to_read_is_not_put_on_file(acme, bob):
    approve(bob, waiting(acme, read(confidence=0.5)))
    assert [file.counterparty.vat_number for file in files(acme)] == [None]


def test_a_payee_who_might_be_one_on_file_and_an_assigned_claim_introduce_nobody(acme, bob):
    assigned = Finding(code="claim_assigned", severity=Severity.WARNING, message="…")
    ambiguous = waiting(acme, flags=())
    for transfer in (ambiguous, waiting(acme, read(findings=(assigned,)))):
        assert approve(bob, transfer).json["destination"] == {"counterparty_id": None, "cp_account_id": None}
    assert files(acme) == []


def test_two_first_invoices_of_one_supplier_make_one_counterparty(acme, bob):
    first, second = waiting(acme), waiting(acme)
    one, other = approve(bob, first).json, approve(bob, second).json
    assert one["destination"] == other["destination"]
    assert len(files(acme)) == 1


def test_an_account_that_has_become_another_payees_is_not_approved(acme, bob):
    transfer = waiting(acme)
    acme.payee(IBANS[0], legal_name="Ganz Andere AG")
    answer = approve(bob, transfer)
    assert (answer.status, answer.json["error"]) == (409, "payee_not_active")


def test_a_vat_number_that_has_become_another_payees_is_not_approved(acme, bob):
    """Two drafts of one supplier with two accounts: the second one is a changed account by now."""
    transfer = waiting(acme)
    acme.payee(IBANS[1], vat_number="DE123456789")
    assert approve(bob, transfer).json["error"] == "payee_not_active"
    assert acme.now(transfer).status is TransferStatus.PENDING_APPROVAL


def test_an_account_that_has_become_the_tenants_own_is_not_approved(acme, bob):
    transfer = waiting(acme)
    acme.payee(IBANS[0], legal_name="Muster GmbH", own=True)
    assert approve(bob, transfer).json["error"] == "payee_not_active"


def deactivate(acme, party):
    key = {"tenant_id": acme.name, "sk": f"CP#{party.counterparty_id}"}
    Table(acme.aws["CounterpartiesTable"]).update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)


@pytest.mark.parametrize(("known", "status"), [(True, 200), (False, 409)])
def test_a_deactivated_payee_is_approved_only_if_the_approver_was_told(acme, bob, known, status):
    party, _ = acme.payee(IBANS[0], legal_name="Muster GmbH")
    deactivate(acme, party)
    told = (flag(FlagCode.PAYEE_INACTIVE, "seller"),) if known else ()
    assert approve(bob, waiting(acme, flags=(*NEW, *told))).status == status


def test_without_the_reading_the_payee_is_put_on_file_without_a_vat_number(acme, bob):
    transfer = acme.draft(flags=NEW, status=TransferStatus.PENDING_APPROVAL)
    approve(bob, transfer)
    assert [file.counterparty.vat_number for file in files(acme)] == [None]


@pytest.mark.slow
def test_wherever_the_approval_is_killed_the_payee_is_put_on_file_once(acme, bob):
    numbers = itertools.count(1)

    def arrange():
        number = next(numbers)
        iban = f"DE{98 - mod97(f'{number:018}DE00'):02}{number:018}"
        seller = Party(name=f"Muster {number} GmbH", vat_number=f"DE{number:09}")
        invoice = an_invoice(seller=seller, iban=Iban(iban))
        return waiting(acme, invoice, creditor=Creditor(name=seller.name, iban=Iban(iban)))

    def deliver(transfer):
        return approve(bob, transfer, idempotency_key=f"k-{transfer.transfer_id}")

    def check(transfer):
        assert deliver(transfer).json["status"] == "approved"
        assert acme.history(transfer) == [(Action.DRAFTED, "paydraft"), (Action.APPROVED, "bob")]
        now = acme.now(transfer)
        accounts = acme.payees.accounts(acme.name, now.counterparty_id)
        assert [one.iban for one in accounts] == [now.creditor.iban]
        named = [one for one in files(acme) if one.counterparty.legal_name == now.creditor.name]
        assert len(named) == 1

    assert crash_everywhere(arrange, deliver, check) >= 20
