"""Credentials: found by hash, never un-revoked."""

import pytest

from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.errors import PermanentError
from tests.builders import NOW, a_credential, after


def test_a_credential_is_found_by_the_hash_of_its_token(credentials):
    credential = a_credential(kind=SubjectKind.SERVICE, scopes=tuple(Scope), expires_at=after(days=1))
    credentials.add(credential)
    assert credentials.get(credential.token_hash) == credential


def test_an_unknown_hash_is_none(credentials):
    assert credentials.get("0" * 64) is None


def test_a_revoked_credential_says_since_when_and_the_first_moment_stays(credentials):
    credential = a_credential()
    credentials.add(credential)
    assert credentials.revoke(credential.token_hash, at=NOW)
    assert credentials.revoke(credential.token_hash, at=after(hours=1))
    assert credentials.get(credential.token_hash) == credential.model_copy(update={"revoked_at": NOW})


def test_revoking_an_unknown_token_makes_no_credential(credentials):
    assert not credentials.revoke("0" * 64, at=NOW)
    assert credentials.get("0" * 64) is None


def test_adding_a_revoked_token_again_does_not_bring_it_back(credentials):
    credential = a_credential()
    credentials.add(credential)
    credentials.revoke(credential.token_hash, at=NOW)
    with pytest.raises(PermanentError):
        credentials.add(credential)
    assert credentials.get(credential.token_hash).revoked_at == NOW


def test_adding_exactly_the_same_again_is_success(credentials):
    credential = a_credential()
    credentials.add(credential)
    credentials.add(credential)
