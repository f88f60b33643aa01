"""Counterparties and the sentinels that make an IBAN or a VAT number theirs alone."""

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Directory, Known
from paydraft.model.errors import CounterpartyExistsError
from paydraft.model.invoice import Address
from paydraft.stores.counterparties import MAX_ACCOUNTS
from tests.builders import IBANS, TENANT, a_counterparty, an_account, an_id
from tests.fault_injection import small_pages


def on_file(counterparties, *ibans, tenant=TENANT, **fields):
    counterparty = a_counterparty(**fields)
    accounts = tuple(an_account(counterparty, iban=Iban(iban)) for iban in ibans)
    counterparties.add(tenant, counterparty, accounts)
    return counterparty, accounts


def looked_up(counterparties, iban=None, vat_number=None, tenant=TENANT):
    return counterparties.directory(tenant, iban=iban and Iban(iban), vat_number=vat_number)


def test_a_counterparty_and_its_accounts_come_back_as_they_were_added(counterparties):
    address = Address(street="Rue 1", city="Lyon", country="FR")
    counterparty, accounts = on_file(counterparties, *IBANS[:2], aliases=("Muster", "MUSTER AG"), address=address)
    assert counterparties.get(TENANT, counterparty.counterparty_id) == counterparty
    assert sorted(counterparties.accounts(TENANT, counterparty.counterparty_id), key=str) == sorted(accounts, key=str)
    for account in accounts:
        assert counterparties.account(TENANT, counterparty.counterparty_id, account.account_id) == account


def test_accounts_are_read_to_the_last_page(counterparties):
    counterparty, accounts = on_file(counterparties, *IBANS)
    with small_pages(2):
        assert len(counterparties.accounts(TENANT, counterparty.counterparty_id)) == len(accounts)


def test_what_is_not_on_file_is_none(counterparties):
    assert counterparties.get(TENANT, an_id()) is None
    assert counterparties.account(TENANT, an_id(), an_id()) is None
    assert counterparties.accounts(TENANT, an_id()) == ()
    assert looked_up(counterparties, IBANS[0], "DE1") == Directory()


def test_an_iban_finds_its_holder_and_that_account(counterparties):
    counterparty, accounts = on_file(counterparties, *IBANS[:3])
    found = looked_up(counterparties, IBANS[1])
    assert found.by_iban == ((counterparty, accounts[1]),)
    assert found.by_vat == ()


def test_a_vat_number_finds_its_holder_however_it_is_printed(counterparties):
    counterparty, _ = on_file(counterparties, IBANS[0], vat_number="DE 123.456.789")
    found = looked_up(counterparties, vat_number="de123456789")
    assert (found.by_iban, found.by_vat) == ((), (counterparty,))


def test_an_iban_and_a_vat_number_of_two_parties_name_both(counterparties):
    one, ones_accounts = on_file(counterparties, IBANS[0])
    two, _ = on_file(counterparties, IBANS[1], vat_number="FR12345678901")
    found = looked_up(counterparties, IBANS[0], "FR12345678901")
    assert found.by_iban == ((one, ones_accounts[0]),)
    assert found.by_vat == (two,)


def test_the_tenants_own_iban_is_told_as_its_own(counterparties):
    on_file(counterparties, IBANS[0], own=True)
    ((holder, _),) = looked_up(counterparties, IBANS[0]).by_iban
    assert holder.own


def test_inactive_entries_are_told_too_because_matching_decides(counterparties):
    on_file(counterparties, IBANS[0], active=False)
    ((holder, _),) = looked_up(counterparties, IBANS[0]).by_iban
    assert not holder.active


def test_another_tenants_file_is_closed(counterparties):
    counterparty, _ = on_file(counterparties, IBANS[0], vat_number="DE123456789")
    assert looked_up(counterparties, IBANS[0], "DE123456789", tenant="other") == Directory()
    assert counterparties.get("other", counterparty.counterparty_id) is None
    on_file(counterparties, IBANS[0], vat_number="DE123456789", tenant="other")


def test_an_iban_belongs_to_one_counterparty(counterparties):
    on_file(counterparties, IBANS[0])
    second = a_counterparty()
    with pytest.raises(CounterpartyExistsError):
        counterparties.add(TENANT, second, [an_account(second, iban=Iban(IBANS[0]))])
    assert counterparties.get(TENANT, second.counterparty_id) is None


def test_a_vat_number_belongs_to_one_counterparty(counterparties):
    on_file(counterparties, vat_number="DE123456789")
    with pytest.raises(CounterpartyExistsError):
        on_file(counterparties, IBANS[0], vat_number="DE 123456789")
    assert looked_up(counterparties, IBANS[0]).by_iban == ()


def test_an_identity_is_used_once(counterparties):
    counterparty, _ = on_file(counterparties)
    with pytest.raises(CounterpartyExistsError):
        counterparties.add(TENANT, counterparty.model_copy(update={"legal_name": "Other"}), [])
    assert counterparties.get(TENANT, counterparty.counterparty_id) == counterparty


def test_two_accounts_of_one_counterparty_can_not_share_an_iban(counterparties):
    with pytest.raises(CounterpartyExistsError):
        on_file(counterparties, IBANS[0], IBANS[0])


def test_adding_exactly_the_same_again_is_success(counterparties):
    counterparty, accounts = on_file(counterparties, IBANS[0])
    counterparties.add(TENANT, counterparty, accounts)


def test_a_counterparty_without_a_vat_number_or_accounts_is_fine(counterparties):
    first, _ = on_file(counterparties, vat_number=None)
    on_file(counterparties, vat_number="  ")
    assert counterparties.get(TENANT, first.counterparty_id) == first


def test_an_account_of_somebody_else_is_refused(counterparties):
    counterparty = a_counterparty()
    with pytest.raises(ValueError, match="belongs"):
        counterparties.add(TENANT, counterparty, [an_account(a_counterparty())])


def test_more_accounts_than_one_transaction_takes_are_refused_with_the_limit(counterparties):
    counterparty = a_counterparty()
    with pytest.raises(ValueError, match=str(MAX_ACCOUNTS)):
        counterparties.add(TENANT, counterparty, [an_account(counterparty)] * (MAX_ACCOUNTS + 1))


def test_the_names_of_all_who_can_be_paid_are_there_where_nothing_exact_is_on_file(counterparties):
    payee, _ = on_file(
        counterparties, IBANS[0], legal_name="Muster GmbH", aliases=("Muster",), email="a@Muster.example"
    )
    on_file(counterparties, legal_name="Acme", own=True)
    on_file(counterparties, legal_name="Gone", active=False)
    assert looked_up(counterparties, IBANS[0]).known == ()
    assert looked_up(counterparties, IBANS[1]).known == (
        Known(counterparty_id=payee.counterparty_id, names=("Muster GmbH", "Muster"), email_domain="muster.example"),
    )


def test_a_mail_domain_that_anybody_can_use_tells_nobody_apart(counterparties):
    on_file(counterparties, legal_name="Muster GmbH", email="muster@gmail.com")
    assert looked_up(counterparties, IBANS[1]).known[0].email_domain is None
