"""What is printed is read back; what is not, is none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.extraction.amounts import amounts_in
from paydraft.extraction.dates import FIRST_YEAR, LAST_YEAR, Order, dates_in
from paydraft.extraction.ibans import ibans_in
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.extraction.layout import arrange
from paydraft.extraction.numbers import decimal_mark_of, read_number
from paydraft.extraction.references import reference_kind_of
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.model.bank_account import IBAN_LENGTHS, CreditorReference, Iban, QrReference, mod97
from tests.typeset import a_page

CENTS = st.integers(0, 10**11).map(lambda units: Decimal(units).scaleb(-2))
STYLES = [(".", ","), (",", "."), (" ", ","), ("'", "."), ("’", "."), ("", ","), ("", "."), ("\u00a0", ",")]


def printed(amount: Decimal, grouping: str, mark: str) -> str:
    return f"{amount:,.2f}".replace(",", "G").replace(".", mark).replace("G", grouping)


@given(CENTS, st.sampled_from(STYLES))
def test_an_amount_is_read_back_in_every_style(amount: Decimal, style: tuple[str, str]):
    assert read_number(printed(amount, *style)).value == amount


@given(st.lists(CENTS, min_size=1, max_size=8), st.sampled_from(STYLES))
def test_amounts_with_cents_show_the_decimal_mark(amounts: list[Decimal], style: tuple[str, str]):
    assert decimal_mark_of([printed(amount, *style) for amount in amounts]) == style[1]


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(",."))
def test_three_digits_behind_one_mark_are_never_decided_alone(head: int, tail: int, mark: str):
    reading = read_number(f"{head}{mark}{tail:03}")
    assert reading.value is None
    assert set(reading.values) == {Decimal(head * 1000 + tail), Decimal(f"{head}.{tail:03}")}


@given(st.text("0123456789.,'’ -€$%CHF\u00a0", max_size=60), st.sampled_from([None, ".", ","]))
def test_any_text_gives_amounts_that_it_contains_or_none(text: str, mark: str | None):
    for segment in arrange((a_page(text.replace("\n", " ") or "x"),)).segments:
        for amount in amounts_in(segment, mark):
            assert amount.span.text in segment.text
            assert all(value.is_finite() for value in amount.reading.values)


DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
NAMES = {
    1: "January",
    2: "février",
    3: "März",
    4: "aprile",
    5: "mayo",
    6: "Juni",
    7: "juillet",
    8: "agosto",
    9: "september",
    10: "Oktober",
    11: "novembro",
    12: "décembre",
}


@given(
    DAYS,
    st.sampled_from(
        [
            "{d}.{m}.{y}",
            "{d:02}.{m:02}.{y}",
            "{y}-{m:02}-{d:02}",
            "{d} {name} {y}",
            "{d}. {name} {y}",
            "{name} {d}, {y}",
            "{y}. {m:02}. {d:02}.",
            "{y}.{m:02}.{d:02}.",
            "{y}. {name} {d}.",
            "{d}/{m}-{y}",
            "{d} {roman} {y}",
        ]
    ),
)
def test_a_date_is_read_back_in_every_style(day: date, style: str):
    roman = "I II III IV V VI VII VIII IX X XI XII".split()[day.month - 1]
    text = style.format(d=day.day, m=day.month, y=day.year, name=NAMES[day.month], roman=roman)
    (found,) = dates_in(f"Datum: {text} in Bonn", vocabulary().months())
    assert found.read(None) == day


@given(DAYS, st.sampled_from("/-"))
def test_a_date_in_digits_is_one_of_its_two_readings(day: date, mark: str):
    (found,) = dates_in(f"{day.day}{mark}{day.month}{mark}{day.year}", vocabulary().months())
    assert found.read(Order.DAY_FIRST) == day
    if day.day <= 12 and day.day != day.month:
        assert found.read(None) is None
    else:
        assert found.read(None) == day


@given(st.text("0123456789./- JanFebMärzof,", max_size=60))
def test_any_text_gives_dates_that_exist_or_none(text: str):
    for found in dates_in(text, vocabulary().months()):
        assert 0 <= found.start < found.end <= len(text)
        for day in (found.day_first, found.month_first):
            assert day is None or FIRST_YEAR <= day.year <= LAST_YEAR


@given(DAYS, st.integers(0, 9), st.sampled_from("OoIlSZB"))
def test_a_date_with_a_letter_for_a_digit_is_never_another_date(day: date, place: int, letter: str):
    text = f"{day:%d.%m.%Y}"
    place += place in (2, 5)  # not the dots
    blurred = text[:place] + letter + text[place + 1 :]
    assert all(day in found.readings for found in dates_in(f"am {blurred} in", vocabulary().months()))


@st.composite
def ibans(draw) -> Iban:
    country = draw(st.sampled_from(["DE", "AT", "BE", "ES", "PL", "PT", "SE", "DK", "FI", "CZ"]))  # digits only
    bank = "".join(
        draw(
            st.lists(
                st.sampled_from("0123456789"), min_size=IBAN_LENGTHS[country] - 4, max_size=IBAN_LENGTHS[country] - 4
            )
        )
    )
    return Iban(f"{country}{98 - mod97(f'{bank}{country}00'):02}{bank}")


@given(
    ibans(), st.sampled_from(["{}", "IBAN: {}", "IBAN {} BIC COBADEFF", "Konto {}, Bank", "IBAN:{}."]), st.booleans()
)
def test_an_iban_is_found_wherever_it_stands(iban: Iban, frame: str, grouped: bool):
    text = frame.format(iban.printed if grouped else iban)
    found = [one for segment in arrange((a_page(text),)).segments for one, _ in ibans_in(segment)]
    assert found == [iban]


@given(ibans(), st.integers(2, 33), st.sampled_from("0123456789"))
def test_an_iban_with_a_wrong_digit_is_never_found(iban: Iban, place: int, digit: str):
    place = 2 + (place - 2) % (len(iban) - 2)
    wrong = iban[:place] + digit + iban[place + 1 :]
    found = [one for segment in arrange((a_page(f"IBAN {wrong}"),)).segments for one, _ in ibans_in(segment)]
    assert wrong == iban or found == []


@given(st.text("DEATFR0123456789 OIl|-.", max_size=60))
def test_any_text_gives_valid_ibans_or_none(text: str):
    for segment in arrange((a_page(text or "x"),)).segments:
        for iban, span in ibans_in(segment):
            assert Iban.parse(iban) == iban
            assert Iban.parse(span.text) == iban


@given(st.text("RF0123456789ABC ", max_size=30))
def test_a_structured_reference_is_valid_or_it_is_text(text: str):
    kind = reference_kind_of(text)
    assert (kind == "rf") == (CreditorReference.parse(text) is not None)
    assert (kind == "qrr") == (QrReference.parse(text) is not None and kind != "rf")


@given(st.text("DEATUNLBCH0123456789 .-", max_size=40))
def test_a_vat_number_has_no_separators_and_stands_in_the_text(text: str):
    for number, start, end in vat_numbers_in(text):
        assert number.isalnum()
        assert [char for char in text[start:end] if char.isalnum()] == list(number)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1." * 50_000, "1 " * 50_000, "-" * 100_000, "DE12" * 25_000, "a@" * 50_000]
)
def test_hostile_text_ends(text: str):
    list(arrange((a_page(text),)).segments)
    for segment in arrange((a_page(text),)).segments:
        list(amounts_in(segment, None))
        list(ibans_in(segment))
        dates_in(segment.text[:600], vocabulary().months())
        vat_numbers_in(segment.text)
