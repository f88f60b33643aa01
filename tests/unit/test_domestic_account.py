"""A domestic account has the form of its scheme, and its check digits hold; a value of the type is a valid value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paydraft.model import check_digits
from paydraft.model.domestic_account import AccountScheme, DomesticAccount

ROUTED = st.one_of(st.none(), st.text(max_size=12))


@given(st.sampled_from(AccountScheme), st.text(max_size=30), ROUTED)
def test_any_text_is_an_account_that_survives_storage_or_none(scheme: AccountScheme, number: str, routing: str | None):
    account = DomesticAccount.parse(scheme, number, routing)
    assert account is None or DomesticAccount.model_validate_json(account.model_dump_json()) == account


@pytest.mark.parametrize(
    ("scheme", "number", "routing"),
    [
        (AccountScheme.US, "12345678", "021000022"),
        (AccountScheme.US, "12345678", "991000028"),
        (AccountScheme.GB, "1234567", "204577"),
        (AccountScheme.GB, "12345678", None),
        (AccountScheme.NO, "86011117948", None),
        (AccountScheme.MX, "032180000118359719", "021000021"),
        (AccountScheme.HU, "0" * 16, None),
    ],
)
def test_what_does_not_fit_its_scheme_is_refused(scheme: AccountScheme, number: str, routing: str | None):
    assert DomesticAccount.parse(scheme, number, routing) is None
    with pytest.raises(ValidationError):
        DomesticAccount(scheme=scheme, number=number, routing=routing)


@pytest.mark.parametrize(
    ("holds", "digits"),
    [
        (check_digits.luhn, "50501055"),
        (check_digits.mod10_recursive, "010391391"),
        (check_digits.mod11, "86011117947"),
        (check_digits.finnish, "1232"),
        (check_digits.aba, "021000021"),
        (check_digits.clabe, "032180000118359719"),
        (check_digits.czech, "2000145399"),
        (check_digits.hungarian, "11773016"),
        (check_digits.mod11_open, "12345678909"),
        (check_digits.serbian, "845000000040484987"),
    ],
)
def test_a_check_digit_holds_and_no_other_last_digit_does(holds, digits: str):
    assert [last for last in "0123456789" if holds(digits[:-1] + last)] == [digits[-1]]
