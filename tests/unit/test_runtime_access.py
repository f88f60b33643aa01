"""Tokens: the four causes in their order, each told as early as it can be."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.credential import Scope, hash_of
from paydraft.model.request_errors import (
    AccessError,
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
    TwoTokensError,
)
from paydraft.runtime.access import Carrier, authenticate, bearer_token, require, token_of
from tests.builders import NOW, a_credential, a_token


def nowhere(token_hash):
    raise AssertionError("a table was read")


def on_file(token, **fields):
    credential = a_credential(token, **fields)
    return {credential.token_hash: credential}.get


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER   abc  "])
def test_the_token_stands_behind_its_scheme(header):
    assert bearer_token(header) == "abc"


@pytest.mark.parametrize("header", [None, "", " ", "Bearer", "Bearer ", "abc", "Basic abc", "Bearer a, Bearer b"])
def test_no_header_another_scheme_no_token_and_two_headers_are_no_token(header):
    with pytest.raises(TokenNotSetError):
        bearer_token(header)


BOTH = tuple(Carrier)


@pytest.mark.parametrize(
    ("headers", "carriers"),
    [
        ({"authorization": "Bearer abc"}, BOTH),
        ({"api-key": "abc"}, BOTH),
        ({"api-key": " abc "}, [Carrier.API_KEY]),
        ({"authorization": "Bearer abc", "api-key": "abc"}, BOTH),
        ({"authorization": "Basic eA==", "api-key": "abc"}, BOTH),
        ({"authorization": "Bearer abc", "api-key": ""}, BOTH),
        ({"authorization": "Bearer abc", "api-key": "other"}, [Carrier.BEARER]),
        ({"authorization": "Bearer other", "api-key": "abc"}, [Carrier.API_KEY]),
    ],
)
def test_a_token_comes_in_a_header_that_the_dialect_takes(headers, carriers):
    assert token_of(headers.get, carriers) == "abc"


@pytest.mark.parametrize(
    ("headers", "carriers"),
    [
        ({}, BOTH),
        ({"api-key": " "}, BOTH),
        ({"api-key": "a,b"}, BOTH),
        ({"api-key": "abc"}, [Carrier.BEARER]),
        ({"authorization": "Bearer abc"}, [Carrier.API_KEY]),
    ],
)
def test_a_header_that_the_dialect_does_not_take_is_no_token(headers, carriers):
    with pytest.raises(TokenNotSetError):
        token_of(headers.get, carriers)


def test_two_different_tokens_are_refused_whichever_would_be_good():
    with pytest.raises(TwoTokensError):
        token_of({"authorization": "Bearer abc", "api-key": "abd"}.get, BOTH)


@given(st.text(max_size=80))
def test_any_header_is_a_token_or_a_typed_refusal(header):
    try:
        token = bearer_token(header)
    except TokenNotSetError:
        return
    with pytest.raises(TokenInvalidError):
        authenticate(token, nowhere, now=NOW)


def test_what_has_not_our_form_is_refused_before_any_table_is_read():
    for token in ("x", a_token()[:-1], a_token() + "0", a_token().upper()):
        with pytest.raises(TokenInvalidError):
            authenticate(token, nowhere, now=NOW)


def test_one_wrong_character_fails_the_checksum():
    token = a_token()
    wrong = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    with pytest.raises(TokenInvalidError):
        authenticate(wrong, nowhere, now=NOW)


def test_a_good_token_gives_its_credential_and_only_its_hash_is_looked_up():
    token, asked = a_token(), []

    def lookup(token_hash):
        asked.append(token_hash)
        return on_file(token)(token_hash)

    assert authenticate(token, lookup, now=NOW).subject == "alice"
    assert asked == [hash_of(token)]


def test_unknown_expired_and_revoked_are_told_apart_in_this_order():
    token, past = a_token(), NOW - timedelta(seconds=1)
    with pytest.raises(TokenNotFoundError):
        authenticate(token, {}.get, now=NOW)
    with pytest.raises(TokenInvalidError):
        authenticate(token, on_file(token, expires_at=past, revoked_at=past), now=NOW)
    with pytest.raises(TokenRevokedError):
        authenticate(token, on_file(token, revoked_at=past), now=NOW)


def test_a_token_ends_at_the_very_moment_it_expires():
    token = a_token()
    with pytest.raises(TokenInvalidError):
        authenticate(token, on_file(token, expires_at=NOW), now=NOW)
    assert authenticate(token, on_file(token, expires_at=NOW + timedelta(milliseconds=1)), now=NOW)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_is_had_or_missing(scope):
    assert require(a_credential(scopes=(scope,)), scope)
    others = tuple(other for other in Scope if other is not scope)
    with pytest.raises(ScopeMissingError) as refused:
        require(a_credential(scopes=others), scope)
    assert refused.value.details == {"scope": scope.value}
    assert not isinstance(refused.value, AccessError)
