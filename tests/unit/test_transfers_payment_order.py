"""What keeps an approved transfer out of a payment order, and that the order's identity follows from what is in it."""

from datetime import date
from decimal import Decimal

import pytest

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import Money
from paydraft.model.payment_order import Debtor, Obstacle
from paydraft.model.transfer import Creditor, Remittance
from paydraft.transfers.payment_order import OBSTACLE_TEXT, obstacles, payment_order
from tests.builders import IBANS, NOW, a_draft

GERMAN, FRENCH, DUTCH, SWISS, AUSTRIAN, BRITISH = map(Iban, IBANS)
QR_IBAN = Iban("CH4431999123000889012")
QR_REFERENCE = Remittance(kind=ReferenceKind.QRR, text="210000000003139471430009017")
HOME = Address(street="Hauptstr. 1", postal_code="10115", city="Berlin", country="DE")


def a_debtor(iban: Iban = AUSTRIAN, **fields: object) -> Debtor:
    return Debtor(**({"name": "Acme SARL", "iban": iban} | fields))


def paying(iban: Iban | None, amount: str = "10.00", currency: str = "EUR", **creditor: object):
    money = Money(amount=Decimal(amount), currency=currency)
    return a_draft(amount=money, creditor=Creditor(**({"name": "Muster GmbH", "iban": iban} | creditor)))


def test_a_sepa_transfer_needs_a_name_and_an_iban_only():
    assert obstacles(paying(GERMAN), a_debtor()) == ()


@pytest.mark.parametrize("name", [None, "", "  ", "中文"])
def test_a_name_that_no_bank_takes_is_no_name(name):
    assert obstacles(paying(GERMAN, name=name), a_debtor()) == (Obstacle.NAME_MISSING,)


def test_without_an_iban_nothing_can_be_paid():
    assert obstacles(paying(None), a_debtor()) == (Obstacle.IBAN_MISSING,)


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1000000000.00"])
def test_an_amount_outside_of_what_sepa_carries_is_refused(amount):
    assert obstacles(paying(GERMAN, amount), a_debtor()) == (Obstacle.AMOUNT_OUT_OF_RANGE,)


def test_the_largest_and_the_smallest_amount_pass():
    assert obstacles(paying(GERMAN, "999999999.99"), a_debtor()) == obstacles(paying(GERMAN, "0.01"), a_debtor()) == ()


def test_an_account_never_pays_itself():
    assert Obstacle.OWN_ACCOUNT in obstacles(paying(AUSTRIAN), a_debtor())


def test_leaving_the_eea_needs_the_debtors_town_and_country():
    assert obstacles(paying(BRITISH), a_debtor()) == (Obstacle.DEBTOR_ADDRESS_MISSING,)
    assert obstacles(paying(BRITISH), a_debtor(address=HOME)) == ()


def test_other_currencies_need_the_payees_bank_and_address():
    missing = {Obstacle.BIC_MISSING, Obstacle.CREDITOR_ADDRESS_MISSING}
    assert set(obstacles(paying(GERMAN, currency="USD"), a_debtor())) == missing
    known = paying(GERMAN, currency="USD", bic=Bic("COBADEFFXXX"), address=HOME)
    assert obstacles(known, a_debtor()) == ()


def test_within_switzerland_neither_bic_nor_address_is_needed():
    assert obstacles(paying(SWISS, currency="CHF"), a_debtor(Iban("CH5604835012345678009"))) == ()


def test_a_qr_iban_and_a_qr_reference_go_together_or_not_at_all():
    swiss = a_debtor(SWISS)
    with_reference = paying(QR_IBAN, currency="CHF").model_copy(update={"remittance": QR_REFERENCE})
    assert obstacles(with_reference, swiss) == ()
    assert obstacles(paying(QR_IBAN, currency="CHF"), swiss) == (Obstacle.QR_REFERENCE_MISSING,)
    other = paying(Iban("CH5604835012345678009"), currency="CHF").model_copy(update={"remittance": QR_REFERENCE})
    assert obstacles(other, swiss) == (Obstacle.QR_IBAN_MISSING,)


def test_every_obstacle_says_what_to_do():
    assert set(OBSTACLE_TEXT) == set(Obstacle)
    assert all(text.endswith(".") and len(text) > 40 for text in OBSTACLE_TEXT.values())


def test_an_orders_id_follows_from_its_transfers_whatever_their_order():
    one, other = paying(GERMAN), paying(FRENCH)
    order = payment_order([one, other, one], a_debtor(), created_at=NOW)
    assert order == payment_order([other, one], a_debtor(), created_at=NOW)
    assert order.order_id != payment_order([one], a_debtor(), created_at=NOW).order_id
    assert order.order_id != payment_order([one, other], a_debtor(DUTCH), created_at=NOW).order_id
    assert len(order.transfers) == 2


def test_nothing_is_executed_before_the_order_was_made():
    order = payment_order([], a_debtor(), created_at=NOW)
    assert order.day_of(paying(GERMAN)) == NOW.date()
    past, later = date(2026, 1, 1), date(2026, 12, 24)
    assert order.day_of(paying(GERMAN).model_copy(update={"requested_date": past})) == NOW.date()
    assert order.day_of(paying(GERMAN).model_copy(update={"requested_date": later})) == later
