"""A value of these types is valid; anything else is None."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from schwifty.exceptions import SchwiftyException
from schwifty.iban import IBAN as ORACLE
from schwifty.registry import get_iban_spec

from paydraft.model.bank_account import IBAN_LENGTHS, Bic, CreditorReference, Iban, QrReference, mod97
from tests.builders import IBANS

# Examples of the SWIFT registry.
REGISTRY_EXAMPLES = (
    "BE68539007547034", "NO9386011117947", "MT84MALT011000012345MTLCAST001S", "LC55HEMM000100010012001200023015",
    "BR1800360305000010009795493C1", "SC18SSCB11010000000000001497USD",
    "PL61109010140000071219812874", "XK051212012345678906",
)  # fmt: skip


def letters_of(structure: str) -> str:
    return "".join(kind * int(count) for count, kind in re.findall(r"(\d+)!?([nac])", structure))


@pytest.mark.parametrize("country", sorted(IBAN_LENGTHS))
def test_length_and_structure_of_every_country_are_those_of_the_swift_registry(country: str):
    spec = get_iban_spec(country)
    assert IBAN_LENGTHS[country] == spec.iban_length
    for text in _samples(country):
        assert Iban.parse(text) is not None, spec.bban_spec


def _samples(country: str) -> list[str]:
    """Numbers with right check digits whose letters and digits are at the registry's places."""
    kinds = letters_of(get_iban_spec(country).bban_spec)
    banks = ["".join({"n": "7", "a": "K", "c": char}[kind] for kind in kinds) for char in ("3", "Q")]
    return [f"{country}{98 - mod97(f'{bank}{country}00'):02}{bank}" for bank in banks]


@pytest.mark.parametrize("text", [*REGISTRY_EXAMPLES, *IBANS])
def test_published_examples_are_valid(text: str):
    assert Iban.parse(text) == text


@given(st.sampled_from(IBANS), st.integers(0, 33), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_no_number_with_one_wrong_character_is_valid(text: str, place: int, char: str):
    place %= len(text)
    wrong = text[:place] + char + text[place + 1 :]
    assert wrong == text or Iban.parse(wrong) is None


@given(st.sampled_from(sorted(IBAN_LENGTHS)), st.text("0123456789ABCXYZ", min_size=8, max_size=32))
def test_an_accepted_number_is_accepted_by_another_implementation(country: str, rest: str):
    iban = Iban.parse(country + rest)
    if iban is None:
        return
    try:
        assert str(ORACLE(iban)) == iban
    except SchwiftyException as error:  # national check digits, which the registry does not ask for
        assert "checksum" in str(error).lower()


@pytest.mark.parametrize(
    "text", ["DE89 3704 0044 0532 0130 00", "de89370400440532013000", "DE89-3704-0044-0532-0130-00"]
)
def test_spaces_hyphens_and_small_letters_do_not_matter(text: str):
    assert Iban.parse(text) == "DE89370400440532013000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DE",
        "DE00",
        "ZZ89370400440532013000",
        "DE8937040044053201300",
        "DE8937040044053201300٠",
        "DE89370400440532O13000",
    ],
)
def test_what_is_no_iban_is_none(text: str):
    assert Iban.parse(text) is None
    with pytest.raises(ValueError, match="not a valid Iban"):
        Iban(text)


def test_an_iban_is_printed_in_groups_of_four():
    assert Iban("DE89370400440532013000").printed == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(("text", "is_qr"), [("CH4431999123000889012", True), ("CH9300762011623852957", False)])
def test_a_swiss_qr_iban_is_told_by_its_institution(text: str, is_qr: bool):
    assert Iban(text).is_qr_iban is is_qr


@pytest.mark.parametrize(
    ("text", "valid"), [("COBADEFFXXX", True), ("INGBNL2A", True), ("COBADEFXXX", False), ("1NGBNL2A", False)]
)
def test_a_bic_has_eight_or_eleven_characters(text: str, valid: bool):
    assert (Bic.parse(text) is not None) is valid


@pytest.mark.parametrize(
    ("text", "valid"), [("RF18 5390 0754 7034", True), ("RF19539007547034", False), ("RF18", False)]
)
def test_a_creditor_reference_has_right_check_digits(text: str, valid: bool):
    assert (CreditorReference.parse(text) is not None) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [("21 00000 00003 13947 14300 09017", True), ("210000000003139471430009018", False), ("17", False)],
)
def test_a_qr_reference_has_27_digits_and_a_right_last_one(text: str, valid: bool):
    assert (QrReference.parse(text) is not None) is valid


def test_a_field_of_these_types_refuses_what_is_not_valid():
    class Account(BaseModel):
        iban: Iban

    assert Account.model_validate_json('{"iban": "DE89 3704 0044 0532 0130 00"}').iban == "DE89370400440532013000"
    with pytest.raises(ValidationError):
        Account(iban="DE00")
