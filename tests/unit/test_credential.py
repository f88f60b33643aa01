"""Tokens: told apart from typos without a look-up, and nowhere kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.credential import hash_of, is_well_formed, mint
from tests.builders import a_credential, a_token

CHANCE = st.binary(min_size=32, max_size=32)
STAGES = st.sampled_from(["local", "dev", "prod"])


@given(STAGES, CHANCE)
def test_a_minted_token_is_well_formed_and_of_fixed_length(stage, chance):
    token = mint(stage, chance)
    assert is_well_formed(token)
    assert re.fullmatch(rf"pd_{stage}_[0-9A-Za-z]{{49}}", token)


@given(CHANCE, CHANCE)
def test_two_tokens_are_the_same_only_for_the_same_chance(one, two):
    assert (mint("dev", one) == mint("dev", two)) == (one == two)


@given(CHANCE, st.integers(0, 48), st.sampled_from("0aZ9x"))
def test_a_wrong_character_is_told_by_the_checksum(chance, position, character):
    token = mint("dev", chance)
    at = len("pd_dev_") + position
    mistyped = token[:at] + character + token[at + 1 :]
    assert is_well_formed(mistyped) == (mistyped == token)


@pytest.mark.parametrize("chance", [b"", bytes(31), bytes(33)])
def test_a_token_takes_exactly_256_bits(chance):
    with pytest.raises(ValueError, match="32"):
        mint("dev", chance)


@given(st.text(max_size=80))
def test_text_that_is_no_token_is_not_well_formed(text):
    assert not is_well_formed(text)


@pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda token: token + "0", lambda token: token[:-1]])
def test_a_token_is_taken_exactly_as_it_was_given(change):
    assert not is_well_formed(change(a_token()))


def test_the_hash_is_hex_and_tells_nothing_of_the_token():
    token = a_token()
    assert re.fullmatch(r"[0-9a-f]{64}", hash_of(token))
    assert token[-10:] not in hash_of(token)


@pytest.mark.parametrize("tenant_id", ["", "Acme", "acme gmbh", "acme/2", "acme_2", "acme\n", "a" * 65])
def test_no_token_is_given_to_a_tenant_whose_documents_would_be_passed_over(tenant_id):
    """Their keys would not be ours (model/document.py): accepted, and never read."""
    with pytest.raises(ValueError, match="tenant_id"):
        a_credential(tenant_id=tenant_id)


def test_release_0_1_0_hashes_are_never_made_otherwise():
    assert hash_of("pd_dev_x") == "afee76c8614c21e2c222a5ef7214229f73a52b4930f41d6285450dba66f35021"
