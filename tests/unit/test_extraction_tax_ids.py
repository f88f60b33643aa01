"""VAT and company numbers are told by their country's structure and check digits."""

import pytest

from paydraft.extraction.company_ids import register_numbers_in
from paydraft.extraction.extract import extract
from paydraft.extraction.tax_ids import check_digits_hold, domestic_vat_number, gst_number, vat_numbers_in
from paydraft.model.media import MediaType
from paydraft.model.page import Reading, Source
from tests.typeset import a_page, read

VALID = (
    "DE136695976", "GB741485821", "FR60421938861", "NL820471616B01", "BE0508952565", "DK68082447", "CZ62533037",
    "ESB32422362", "FI13701674", "IT18369100153", "PL1023691675", "PT512289158", "SE556955384401", "SI55961649",
    "HR89818689590", "HU42878313", "EE102462669", "RO38119212", "EL057047570", "CHE985461940MWST",
)  # fmt: skip


@pytest.mark.parametrize("number", VALID)
def test_right_check_digits_hold_and_a_changed_digit_does_not(number: str):
    assert check_digits_hold(number)
    place = next(index for index, char in enumerate(number) if char.isdigit()) + 2
    changed = f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"
    assert not check_digits_hold(changed)


@pytest.mark.parametrize("number", ["CY10259033P", "BG123456789", "LI12345"])
def test_a_country_without_a_known_rule_is_never_wrong(number: str):
    assert check_digits_hold(number)


def test_a_vat_number_with_wrong_digits_is_given_as_printed_and_says_that_it_fails():
    invoice = read("VAT no. DE136695977")
    assert invoice.seller.vat_number == "DE136695977"
    assert "check_digits_wrong" in invoice.evidence["seller.vat_number"].checks


def test_on_pixels_a_vat_number_with_wrong_digits_is_offered_and_not_given():
    invoice = extract(Reading(MediaType.PNG, (a_page("VAT no. DE136695977", source=Source.OCR, confidence=0.95),)))
    assert invoice.seller.vat_number is None
    assert [one.value for one in invoice.evidence["seller.vat_number"].alternatives] == ["DE136695977"]


def test_a_word_before_the_number_is_no_country():
    assert [number for number, *_ in vat_numbers_in("USt-ID DE136695976, BTW NL820471616B01")] == [
        "DE136695976",
        "NL820471616B01",
    ]


@pytest.mark.parametrize(
    ("text", "countries", "number"),
    [
        (": 102-369-16-75", ("PL",), "PL1023691675"),
        (" B32422362", ("ES",), "ESB32422362"),
        (" 741 4858 21", ("GB", "IE"), "GB741485821"),
        (" 741 4858 22", ("GB", "IE"), None),
        (" 1023691675", (), None),
    ],
)
def test_a_number_without_prefix_belongs_to_the_first_country_it_checks_in(
    text: str, countries: tuple[str, ...], number: str | None
):
    found = domestic_vat_number(text, countries)
    assert (found[0] if found else None) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 33 537 425 048", "33537425048"), (" 33 537 425 049", None), (": 29HWFCV8680E1ZE", "29HWFCV8680E1ZE")],
)
def test_abn_and_gstin_have_check_digits(text: str, number: str | None):
    found = gst_number(text)
    assert (found[0] if found else None) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Amtsgericht Hanau, HRB 13302", "HRB 13302"),
        ("Firmenbuch FN 123456a Wien", "FN 123456a"),
        ("B 421 938 861 RCS Paris", "B 421 938 861"),
        ("Siret 53084813400017", "53084813400017"),
        ("KvK Rotterdam 24330087", "24330087"),
        ("Registered in England & Wales No. 82120011", "82120011"),
        ("Org.nr 556955-3844", "556955-3844"),
        ("Org.nr 556955-3845", None),
        ("Y-tunnus 1370167-4", "1370167-4"),
        ("Order 12345678", None),
    ],
)
def test_a_register_number_is_named_with_its_register_or_told_by_its_check_digit(text: str, number: str | None):
    assert [text[start:end] for start, end in register_numbers_in(text)] == ([number] if number else [])
