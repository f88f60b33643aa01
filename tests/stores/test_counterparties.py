"""Counterparties and the sentinels that make an IBAN or a VAT number theirs alone."""

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Account, Contact, ContactType, Directory, FiledAddress, Known
from paydraft.model.counterparty_errors import CounterpartyChangedError
from paydraft.model.counterparty_file import FileAction, FileEntry
from paydraft.model.errors import CounterpartyExistsError
from paydraft.model.invoice import Address
from paydraft.stores.counterparties import MAX_ACCOUNTS
from tests.builders import IBANS, NOW, TENANT, a_counterparty, an_account, an_id
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
        Known(counterparty_id=payee.counterparty_id, name_keys=("muster",), domains=("muster.example",)),
    )


def test_a_mail_domain_that_anybody_can_use_tells_nobody_apart(counterparties):
    on_file(counterparties, legal_name="Muster GmbH", email="muster@gmail.com")
    assert looked_up(counterparties, IBANS[1]).known[0].domains == ()


def a_contact(party, value, type_=ContactType.EMAIL, **fields):
    made = {"contact_id": an_id(), "counterparty_id": party.counterparty_id, "type": type_, "value": value}
    return Contact(**(made | {"created_at": NOW, "created_by": "alice"} | fields))


def changed(counterparties, party, action=FileAction.UPDATED, **parts):
    before = counterparties.file(TENANT, party.counterparty_id)
    after = before.changed(by="bob", at=NOW, **parts)
    counterparties.save(TENANT, before, after, FileEntry.of(before, after, action, by="bob", at=NOW))
    return after


def renumbered(counterparties, party, **fields):
    now = counterparties.get(TENANT, party.counterparty_id)
    return changed(counterparties, party, counterparty=now.model_copy(update=fields))


def test_a_file_comes_back_as_it_was_added_and_each_part_names_its_owner(counterparties):
    party = a_counterparty()
    mail = a_contact(party, "Rechnung@Muster.example")
    home = FiledAddress(
        address_id=an_id(),
        counterparty_id=party.counterparty_id,
        address=Address(city="Bonn"),
        created_at=NOW,
        created_by="alice",
    )
    account = an_account(party, iban=Iban(IBANS[0]))
    counterparties.add(TENANT, party, [account], contacts=[mail], addresses=[home])
    file = counterparties.file(TENANT, party.counterparty_id)
    assert (file.accounts, file.contacts, file.addresses) == ((account,), (mail,), (home,))
    assert (file.counterparty.email, file.counterparty.address) == ("Rechnung@Muster.example", Address(city="Bonn"))
    for kind, id_ in ((Account, account.account_id), (Contact, mail.contact_id), (FiledAddress, home.address_id)):
        assert counterparties.owner_of(TENANT, kind, id_) == party.counterparty_id
        assert counterparties.owner_of("other", kind, id_) is None


def test_files_are_told_one_by_one_whatever_a_page_cuts_through(counterparties):
    added = [on_file(counterparties, iban)[0].counterparty_id for iban in IBANS[:4]]
    with small_pages(3):
        found = list(counterparties.files(TENANT))
    assert sorted(file.counterparty_id for file in found) == sorted(added)
    assert [len(file.accounts) for file in found] == [1, 1, 1, 1]


def test_a_changed_vat_number_frees_the_old_one_and_takes_the_new_one(counterparties):
    party, _ = on_file(counterparties, vat_number="DE123456789")
    renumbered(counterparties, party, vat_number="DE987654321")
    assert looked_up(counterparties, vat_number="DE123456789").by_vat == ()
    assert looked_up(counterparties, vat_number="DE987654321").by_vat[0].counterparty_id == party.counterparty_id
    on_file(counterparties, vat_number="DE123456789")


def test_a_vat_number_written_otherwise_stays_the_same_one(counterparties):
    party, _ = on_file(counterparties, vat_number="CHE-123.456.788 MWST")
    renumbered(counterparties, party, vat_number="CHE-123.456.788 TVA")
    assert looked_up(counterparties, vat_number="CHE123456788IVA").by_vat[0].version == 2


def test_a_changed_mail_address_moves_its_look_up(counterparties):
    party = a_counterparty()
    mail = a_contact(party, "old@muster.example")
    counterparties.add(TENANT, party, [], contacts=[mail])
    changed(counterparties, party, contacts=(mail.model_copy(update={"value": "New@muster.example"}),))
    assert counterparties.holder_of(TENANT, "EMAIL", "old@muster.example") is None
    assert counterparties.holder_of(TENANT, "EMAIL", "new@muster.example") == party.counterparty_id
    assert counterparties.get(TENANT, party.counterparty_id).email == "New@muster.example"


def test_a_change_that_would_take_what_is_anothers_changes_nothing_and_names_them(counterparties):
    other, _ = on_file(counterparties, vat_number="DE123456789")
    party, _ = on_file(counterparties, vat_number="DE987654321")
    with pytest.raises(CounterpartyExistsError) as refused:
        renumbered(counterparties, party, vat_number="DE 123 456 789")
    assert refused.value.taken == {"vat_number": other.counterparty_id}
    assert counterparties.get(TENANT, party.counterparty_id) == party
    assert looked_up(counterparties, vat_number="DE987654321").by_vat == (party,)


def test_who_decided_by_an_old_version_changes_nothing(counterparties):
    party, _ = on_file(counterparties)
    before = counterparties.file(TENANT, party.counterparty_id)
    renumbered(counterparties, party, legal_name="First")
    after = before.changed(by="bob", at=NOW, counterparty=party.model_copy(update={"legal_name": "Second"}))
    with pytest.raises(CounterpartyChangedError):
        counterparties.save(TENANT, before, after, FileEntry.of(before, after, FileAction.UPDATED, by="bob", at=NOW))
    assert counterparties.get(TENANT, party.counterparty_id).legal_name == "First"


def test_deactivation_keeps_number_iban_and_mail_address_and_takes_the_name_from_the_likely_ones(counterparties):
    party = a_counterparty(vat_number="DE123456789", legal_name="Muster")
    account, mail = an_account(party, iban=Iban(IBANS[0])), a_contact(party, "a@muster.example")
    counterparties.add(TENANT, party, [account], contacts=[mail])
    renumbered(counterparties, party, active=False)
    assert counterparties.known(TENANT) == ()
    for taken in ({"vat_number": "DE123456789"}, {"vat_number": None}):
        second = a_counterparty(**taken)
        with pytest.raises(CounterpartyExistsError):
            counterparties.add(TENANT, second, [an_account(second, iban=Iban(IBANS[0]))])
    renumbered(counterparties, party, active=True, aliases=("Mustermann",))
    assert counterparties.known(TENANT)[0].name_keys == ("muster", "mustermann")


def test_every_change_leaves_one_item_of_history_with_exactly_what_differs(counterparties):
    party, (account,) = on_file(counterparties, IBANS[0], legal_name="Muster", vat_number=None)
    renumbered(counterparties, party, legal_name="Muster AG")
    closed = account.model_copy(update={"active": False})
    changed(counterparties, party, FileAction.ACCOUNT_UPDATED, accounts=(closed,))
    created, renamed, updated = counterparties.history(TENANT, party.counterparty_id)
    assert (created.action, created.version, created.before) == (FileAction.CREATED, 1, {})
    assert created.after["legal_name"] == "Muster"
    assert (renamed.before, renamed.after) == ({"legal_name": "Muster"}, {"legal_name": "Muster AG"})
    name = f"bank_accounts.{account.account_id}.active"
    assert (updated.version, updated.before, updated.after) == (3, {name: True}, {name: False})
    assert [entry.by for entry in (created, renamed, updated)] == [party.created_by, "bob", "bob"]
