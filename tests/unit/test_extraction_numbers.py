"""A number has one value, or two readings and no value."""

from decimal import Decimal

import pytest

from paydraft.extraction.amounts import amounts_of, decimal_mark_in
from paydraft.extraction.layout import arrange
from paydraft.extraction.numbers import decimal_mark_of, read_number
from tests.typeset import a_page


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234’567.05", "1234567.05"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("0,250", "0.250"),
        ("3,5000", "3.5000"),
        ("1140", "1140"),
    ],
)
def test_a_number_that_shows_its_decimal_mark_has_one_value(printed: str, value: str):
    assert read_number(printed).value == Decimal(value)


def test_one_mark_before_three_digits_has_two_readings():
    assert read_number("1.234").value is None
    assert set(read_number("1.234").values) == {Decimal(1234), Decimal("1.234")}


@pytest.mark.parametrize(("mark", "value"), [(",", "1234"), (".", "1.234")])
def test_the_other_numbers_of_the_document_settle_it(mark: str, value: str):
    assert read_number("1.234", mark).value == Decimal(value)


@pytest.mark.parametrize("printed", ["1.23.4", "1.234.56", "1,23.456,7"])
def test_what_nobody_prints_has_no_reading(printed: str):
    assert read_number(printed).values == ()


@pytest.mark.parametrize(
    ("texts", "mark"),
    [(["12,50", "7,00"], ","), (["12.50", "1,000"], "."), (["1.234", "5.678"], None), (["12,50", "12.50"], None)],
)
def test_the_document_shows_its_decimal_mark_or_none(texts: list[str], mark: str | None):
    assert decimal_mark_of(texts) == mark


def amounts(line: str) -> list[tuple[Decimal | None, str | None]]:
    layout = arrange((a_page(line),))
    return [(one.value, one.mark and one.mark.code) for one in amounts_of(layout, decimal_mark_in(layout))]


@pytest.mark.parametrize(
    ("line", "value", "currency"),
    [
        ("Total 1.190,00 EUR", "1190.00", "EUR"),
        ("€ 12,50", "12.50", "EUR"),
        ("12,50€", "12.50", "EUR"),
        ("CHF 300.--", "300", "CHF"),
        ("-50,00 €", "-50.00", "EUR"),
        ("189,00-", "-189.00", None),
        ("£1,976.40", "1976.40", None),  # of several countries
        ("310,00 EURO", "310.00", "EUR"),
    ],
)
def test_an_amount_keeps_its_sign_and_its_currency(line: str, value: str, currency: str | None):
    assert amounts(line) == [(Decimal(value), currency)]


@pytest.mark.parametrize(
    "line", ["19,00 %", "01.02.2024", "DE89 3704 0044 0532 0130 00", "12,5 kg", "8:30 Uhr", "2740-034 Colores"]
)
def test_rates_dates_accounts_and_measures_are_no_amounts(line: str):
    assert amounts(line) == []


def test_a_symbol_counts_beside_a_digit_only():
    assert amounts("VAT (S)  ($)  7.00") == [(Decimal("7.00"), None)]


def test_two_columns_are_never_one_number():
    assert [value for value, _ in amounts("1    100,00")] == [Decimal(1), Decimal(100)]
