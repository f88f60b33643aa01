"""Amounts are exact, in a currency that exists, in whole units of its smallest coin."""

from decimal import Decimal

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paydraft.model.money import CURRENCIES, Money, decimals_of

# ISO 4217 codes that are no money: metals, bond units, testing, none.
NO_MONEY = {"XAD", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
RECENTLY_REPLACED = {"BGN", "ANG"}  # still on invoices


def test_the_currencies_are_those_of_iso_4217():
    known = {currency.alpha_3 for currency in pycountry.currencies}
    assert known - NO_MONEY <= CURRENCIES
    assert CURRENCIES - known <= RECENTLY_REPLACED


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(CURRENCIES)))
def test_minor_units_give_the_amount_back(units: int, currency: str):
    money = Money.of_minor_units(units, currency)
    assert money.minor_units == units
    assert -money.amount.as_tuple().exponent == decimals_of(currency)


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.5", "JPY"), ("1.005", "EUR"), ("NaN", "EUR"), ("Infinity", "EUR")]
)
def test_an_amount_that_no_coin_can_pay_is_refused(amount: str, currency: str):
    with pytest.raises(ValidationError):
        Money(amount=Decimal(amount), currency=currency)


def test_a_float_is_refused_even_when_it_looks_exact():
    with pytest.raises(ValidationError, match="never a float"):
        Money(amount=1.5, currency="EUR")


@pytest.mark.parametrize("currency", ["eur", "EURO", "XYZ", "XAU"])
def test_an_unknown_currency_is_refused(currency: str):
    with pytest.raises(ValidationError):
        Money(amount=Decimal(1), currency=currency)
