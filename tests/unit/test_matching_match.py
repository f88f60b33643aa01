"""Names propose, and only an exact IBAN or VAT number on file decides."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.matching.match import match
from paydraft.matching.names import name_key
from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Directory, Known, MatchKind, MatchReason
from paydraft.model.invoice import Address, Party
from tests.builders import a_counterparty, an_account, an_invoice

IBAN = Iban("DE89370400440532013000")
OTHER_IBAN = Iban("FR1420041010050500013M02606")
VAT = "DE136695976"


def on_file(*pairs, by_vat=()):
    return Directory(by_iban=pairs, by_vat=by_vat)


def a_supplier(**changes):
    party = a_counterparty(**{"vat_number": None} | changes)
    return party, an_account(party, iban=IBAN)


def an_asking_invoice(*, iban=IBAN, vat_number=None, name="Stadtwerke Bonn"):
    return an_invoice(iban=iban, seller=Party(name=name, vat_number=vat_number))


def test_an_exact_iban_on_file_finds_counterparty_and_account():
    party, account = a_supplier()
    outcome = match(an_asking_invoice(), on_file((party, account)))
    assert outcome.kind is MatchKind.FOUND
    assert (outcome.counterparty_id, outcome.account_id) == (party.counterparty_id, account.account_id)
    assert outcome.candidates[0].reasons == (MatchReason.IBAN,)


def test_a_vat_number_on_file_without_the_iban_finds_the_counterparty_and_no_account():
    party, _ = a_supplier(vat_number=VAT)
    outcome = match(an_asking_invoice(iban=OTHER_IBAN, vat_number=VAT), on_file(by_vat=(party,)))
    assert outcome.kind is MatchKind.FOUND
    assert outcome.counterparty_id == party.counterparty_id
    assert outcome.account_id is None


@pytest.mark.parametrize("printed", ["DE 136 695 976", "de136695976", "DE-136.695.976"])
def test_a_vat_number_is_the_same_however_it_is_grouped(printed):
    party, _ = a_supplier(vat_number="DE136695976")
    assert match(an_asking_invoice(iban=None, vat_number=printed), on_file(by_vat=(party,))).kind is MatchKind.FOUND


def test_iban_and_vat_number_of_one_counterparty_leave_no_doubt():
    party, account = a_supplier(vat_number=VAT)
    outcome = match(an_asking_invoice(vat_number=VAT), on_file((party, account), by_vat=(party,)))
    assert outcome.kind is MatchKind.FOUND
    assert [(c.score, c.reasons) for c in outcome.candidates] == [(1.0, (MatchReason.IBAN, MatchReason.VAT_NUMBER))]


def test_the_iban_of_one_and_the_vat_number_of_another_are_ambiguous_with_both_as_candidates():
    payee, account = a_supplier()
    namesake = a_counterparty(vat_number=VAT)
    outcome = match(an_asking_invoice(vat_number=VAT), on_file((payee, account), by_vat=(namesake,)))
    assert outcome.kind is MatchKind.AMBIGUOUS
    assert outcome.counterparty_id is None
    assert outcome.account_id is None
    assert {(c.counterparty_id, c.account_id, c.reasons) for c in outcome.candidates} == {
        (payee.counterparty_id, account.account_id, (MatchReason.IBAN,)),
        (namesake.counterparty_id, None, (MatchReason.VAT_NUMBER,)),
    }


def test_the_tenants_own_account_is_never_a_payee_even_beside_a_known_vat_number():
    us, our_account = a_supplier(own=True)
    supplier = a_counterparty(vat_number=VAT)
    outcome = match(an_asking_invoice(vat_number=VAT), on_file((us, our_account), by_vat=(supplier,)))
    assert outcome.kind is MatchKind.NOT_FOUND
    assert outcome.own_account
    assert outcome.counterparty_id is None


def test_a_closed_account_of_the_tenant_is_still_its_own():
    us, our_account = a_supplier(own=True)
    assert match(an_asking_invoice(), on_file((us, our_account.model_copy(update={"active": False})))).own_account


def test_the_tenants_own_vat_number_makes_nobody_a_payee():
    us = a_counterparty(vat_number=VAT, own=True)
    outcome = match(an_asking_invoice(vat_number=VAT), on_file(by_vat=(us,)))
    assert outcome.kind is MatchKind.NOT_FOUND
    assert not outcome.own_account


def test_an_inactive_account_is_not_found():
    party, account = a_supplier()
    closed = account.model_copy(update={"active": False})
    assert match(an_asking_invoice(), on_file((party, closed))).kind is MatchKind.NOT_FOUND


def test_an_inactive_counterparty_is_found_neither_by_iban_nor_by_vat_number():
    party, account = a_supplier(vat_number=VAT, active=False)
    outcome = match(an_asking_invoice(vat_number=VAT), on_file((party, account), by_vat=(party,)))
    assert outcome.kind is MatchKind.NOT_FOUND


def test_a_closed_account_of_a_known_vat_number_leaves_the_counterparty_without_an_account():
    party, account = a_supplier(vat_number=VAT)
    closed = account.model_copy(update={"active": False})
    outcome = match(an_asking_invoice(vat_number=VAT), on_file((party, closed), by_vat=(party,)))
    assert (outcome.kind, outcome.account_id) == (MatchKind.FOUND, None)


def test_two_counterparties_under_one_vat_number_are_ambiguous_until_an_iban_tells_them_apart():
    one, account = a_supplier(vat_number=VAT)
    other = a_counterparty(vat_number=VAT)
    without_iban = match(an_asking_invoice(iban=None, vat_number=VAT), on_file(by_vat=(one, other)))
    assert without_iban.kind is MatchKind.AMBIGUOUS
    with_iban = match(an_asking_invoice(vat_number=VAT), on_file((one, account), by_vat=(one, other)))
    assert (with_iban.kind, with_iban.counterparty_id) == (MatchKind.FOUND, one.counterparty_id)


def test_a_name_on_file_finds_nobody():
    party = a_counterparty(legal_name="Stadtwerke Bonn", vat_number=None)
    directory = Directory(by_vat=(party,), by_iban=((party, an_account(party, iban=OTHER_IBAN)),))
    assert match(an_asking_invoice(name="Stadtwerke Bonn"), directory).kind is MatchKind.NOT_FOUND


def test_an_empty_directory_finds_nobody():
    assert match(an_asking_invoice(vat_number=VAT), Directory()).kind is MatchKind.NOT_FOUND


IBANS = st.sampled_from([None, IBAN, OTHER_IBAN])
VATS = st.sampled_from([None, VAT, "FR83404833048"])


@st.composite
def directories(draw):
    """Any directory, also one that a careless look-up filled with what nobody asked for."""
    parties = [
        a_counterparty(vat_number=draw(VATS), own=draw(st.booleans()), active=draw(st.booleans())) for _ in range(3)
    ]
    accounts = [an_account(party, iban=iban, active=draw(st.booleans())) for party in parties if (iban := draw(IBANS))]
    owners = {party.counterparty_id: party for party in parties}
    pairs = [(owners[account.counterparty_id], account) for account in accounts]
    return Directory(
        by_iban=tuple(pairs),
        by_vat=tuple(draw(st.lists(st.sampled_from(parties), unique_by=lambda one: one.counterparty_id))),
    )


@given(directories(), IBANS, VATS)
def test_whoever_is_found_is_active_foreign_and_has_this_very_iban_or_vat_number(directory, iban, vat_number):
    outcome = match(an_asking_invoice(iban=iban, vat_number=vat_number), directory)
    if outcome.kind is not MatchKind.FOUND:
        assert outcome.counterparty_id is None
        assert outcome.account_id is None
        return
    everybody = [party for party, _ in directory.by_iban] + list(directory.by_vat)
    party = next(party for party in everybody if party.counterparty_id == outcome.counterparty_id)
    accounts = {account.account_id: account for _, account in directory.by_iban}
    assert party.active
    assert not party.own
    if outcome.account_id:
        assert accounts[outcome.account_id].active
        assert accounts[outcome.account_id].iban == iban
    else:
        assert party.vat_number == vat_number


def known(name, *aliases, **fields):
    keys = tuple(map(name_key, (name, *aliases)))
    return Known(counterparty_id=a_counterparty().counterparty_id, name_keys=keys, **fields)


def asked_by(name, **fields):
    return an_invoice(iban=OTHER_IBAN, seller=Party(name=name, **fields))


def test_a_name_alone_is_never_more_than_ambiguous():
    one = known("Stadtwerke Bonn GmbH")
    outcome = match(asked_by("STADTWERKE BONN"), Directory(known=(one, known("Ganz Anders AG"))))
    assert outcome.kind is MatchKind.AMBIGUOUS
    assert (outcome.counterparty_id, outcome.account_id) == (None, None)
    assert [(c.counterparty_id, c.reasons) for c in outcome.candidates] == [(one.counterparty_id, (MatchReason.NAME,))]


def test_an_alias_proposes_as_well_as_the_legal_name_and_each_counterparty_once():
    one = known("Deutsche Telekom AG", "Telekom Deutschland GmbH", "Telekom Deutschland")
    outcome = match(asked_by("Telekom Deutschland GmbH"), Directory(known=(one,)))
    assert len(outcome.candidates) == 1


def test_mail_domain_and_postal_code_speak_for_a_name_and_are_given_as_reasons():
    plain, supported = known("Muster Bau"), known("Muster Bau", domains=("muster.example",), postal_codes=("53113",))
    invoice = asked_by("Muster Bau", email="rechnung@muster.example", address=Address(postal_code="53113"))
    first, second = match(invoice, Directory(known=(plain, supported))).candidates
    assert first.counterparty_id == supported.counterparty_id
    assert first.reasons == (MatchReason.NAME, MatchReason.EMAIL, MatchReason.ADDRESS)
    assert first.score > second.score
    assert first.score < 0.8, "no name says as much as a VAT number"


def test_the_mail_address_on_file_or_the_same_website_supports_a_name():
    by_mail, by_site, neither = (
        known("Muster Bau"),
        known("Muster Bau", domains=("muster.example",)),
        known("Muster Bau"),
    )
    invoice = asked_by("Muster Bau", email="muster@gmail.com", website="https://www.Muster.example/kontakt")
    outcome = match(invoice, Directory(known=(neither, by_mail, by_site), by_email=by_mail.counterparty_id))
    reasons = {candidate.counterparty_id: candidate.reasons for candidate in outcome.candidates}
    assert reasons == {
        by_mail.counterparty_id: (MatchReason.NAME, MatchReason.EMAIL),
        by_site.counterparty_id: (MatchReason.NAME, MatchReason.EMAIL),
        neither.counterparty_id: (MatchReason.NAME,),
    }
    assert outcome.kind is MatchKind.AMBIGUOUS


def test_a_mail_address_on_file_without_a_likely_name_proposes_nobody():
    one = known("Muster Bau")
    directory = Directory(known=(one,), by_email=one.counterparty_id)
    assert match(asked_by("Ganz Anders AG", email="a@muster.example"), directory).candidates == ()


@pytest.mark.parametrize(
    "printed", ["CHE-123.456.788 MWST", "CHE-123.456.788 TVA", "CHE-123.456.788 IVA", "CHE 123 456 788", "CHE123456788"]
)
def test_a_swiss_vat_number_is_the_same_in_every_language(printed):
    party, _ = a_supplier(vat_number="CHE-123.456.788 TVA")
    assert match(an_asking_invoice(iban=None, vat_number=printed), on_file(by_vat=(party,))).kind is MatchKind.FOUND


def test_a_name_unlike_all_on_file_is_not_found():
    assert match(asked_by("Ganz Anders AG"), Directory(known=(known("Muster Bau"),))).kind is MatchKind.NOT_FOUND


def test_without_a_printed_name_nobody_is_proposed():
    assert match(asked_by(None), Directory(known=(known("Muster Bau"),))).kind is MatchKind.NOT_FOUND


def test_at_most_five_are_proposed_however_many_are_alike():
    many = tuple(known(f"Muster Bau {number}") for number in range(50))
    assert len(match(asked_by("Muster Bau"), Directory(known=many)).candidates) == 5


def test_a_payee_found_by_iban_carries_how_alike_the_printed_name_is():
    party, account = a_supplier(legal_name="Stadtwerke Bonn GmbH", aliases=("SWB",))
    assert match(an_asking_invoice(name="SWB"), on_file((party, account))).name_likeness == 1.0
    assert match(an_asking_invoice(name="Ganz Anders"), on_file((party, account))).name_likeness < 0.5
    assert match(an_asking_invoice(name=None), on_file((party, account))).name_likeness is None


CONFUSED = {"o": "0", "l": "1", "n": "m", "i": "l", "s": "5", "e": "c", "u": "v", "a": "o"}


LOOK_ALIKES = 300
WORDS = "stadtwerke energie wasser bonn hansen logistik nord sued bau handel service".split()


def a_look_alike(dice):
    """A name on file, and one that differs in a character that is easily taken for another."""
    name = " ".join(dice.sample(WORDS, dice.randint(2, 4)))
    place = dice.choice([place for place, char in enumerate(name) if char in CONFUSED])
    return name, name[:place] + CONFUSED[name[place]] + name[place + 1 :]


def test_three_hundred_look_alike_names_are_never_found(tell):
    kinds = Counter()
    for seed in range(LOOK_ALIKES):
        name, alike = a_look_alike(random.Random(seed))
        outcome = match(asked_by(alike.title()), Directory(known=(known(f"{name.title()} GmbH"),)))
        assert outcome.counterparty_id is None
        kinds[outcome.kind] += 1
    tell(f"{LOOK_ALIKES} look-alike names, {kinds[MatchKind.FOUND]} found, {kinds[MatchKind.AMBIGUOUS]} ambiguous")
    assert kinds == {MatchKind.AMBIGUOUS: LOOK_ALIKES}
