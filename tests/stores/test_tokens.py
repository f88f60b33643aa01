"""Tokens by tenant: two rows that never disagree, a list in the order of making, one successor at most."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from paydraft.model.credential import TokenState
from paydraft.model.errors import PermanentError
from paydraft.model.ids import uuid7
from paydraft.model.token_errors import TokenEndedError
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.tokens import TokenStore
from tests.builders import NOW, TENANT, a_credential, after


@pytest.fixture
def tokens(stack):
    return TokenStore(stack["CredentialsTable"], stack["JobsTable"])


def made(tokens, number=0, **fields):
    fields = {"created_at": after(seconds=number), "token_id": uuid7(after(seconds=number), number)} | fields
    credential = a_credential(**fields)
    tokens.add(credential)
    return credential


def both(tokens, credentials, credential):
    """The token as its holder's request meets it, and as the list shows it: always the same."""
    found = credentials.get(credential.token_hash)
    assert tokens.get(credential.tenant_id, credential.token_id) == found
    return found


def test_a_token_is_found_by_its_hash_and_by_its_id(tokens, credentials):
    credential = made(tokens, label="app", last_four="abcd", entities=("9d2b4c8f-5087-4738-b91d-7359fb2a8e11",))
    assert both(tokens, credentials, credential) == credential


def test_a_token_is_no_other_tenants(tokens):
    credential = made(tokens)
    assert tokens.get("other", credential.token_id) is None
    assert tokens.page("other", after=None, limit=10, newest_first=True) == ((), None)


def test_a_token_is_added_once(tokens, credentials):
    credential = made(tokens)
    tokens.add(credential)
    with pytest.raises(PermanentError):
        tokens.add(credential.model_copy(update={"subject": "mallory"}))
    assert both(tokens, credentials, credential).subject == "alice"


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_hold_every_token_once_in_the_order_of_making(tokens, newest_first):
    ids = [made(tokens, number).token_id for number in range(7)]
    seen, behind, pages = [], None, 0
    while True:
        found, behind = tokens.page(TENANT, after=behind, limit=3, newest_first=newest_first)
        seen += [one.token_id for one in found]
        pages += 1
        if behind is None:
            break
    assert (seen, pages) == (ids[::-1] if newest_first else ids, 3)


def test_a_revocation_is_in_both_rows_and_the_first_moment_stays(tokens, credentials):
    credential = made(tokens)
    tokens.revoke(credential, at=NOW)
    tokens.revoke(credential, at=after(hours=1))
    assert both(tokens, credentials, credential).revoked_at == NOW


def test_what_is_on_no_list_is_not_half_revoked(tokens, credentials):
    credential = a_credential()
    credentials.add(credential)
    with pytest.raises(PermanentError):
        tokens.revoke(credential, at=NOW)
    assert credentials.get(credential.token_hash) == credential


def test_a_rotation_ends_the_old_token_at_once(tokens, credentials):
    old = made(tokens)
    new = a_credential(rotated_from=old.token_id)
    tokens.rotate(old, new, ends_at=NOW, at=NOW)
    ended = both(tokens, credentials, old)
    assert (ended.state(NOW), ended.rotated_to) == (TokenState.REVOKED, new.token_id)
    assert both(tokens, credentials, new) == new


def test_a_rotation_with_an_overlap_lets_the_old_one_expire(tokens, credentials):
    old = made(tokens, expires_at=after(days=9))
    tokens.rotate(old, a_credential(), ends_at=after(hours=2), at=NOW)
    ending = both(tokens, credentials, old)
    assert (ending.expires_at, ending.revoked_at) == (after(hours=2), None)


def test_a_revocation_in_the_meantime_leaves_no_successor(tokens, credentials):
    old, new = made(tokens), a_credential()
    tokens.revoke(old, at=NOW)
    with pytest.raises(TokenEndedError):
        tokens.rotate(old, new, ends_at=NOW, at=NOW)
    assert credentials.get(new.token_hash) is None
    assert tokens.get(TENANT, new.token_id) is None


def test_an_expired_token_gets_no_successor(tokens, credentials):
    old, new = made(tokens, expires_at=NOW), a_credential()
    with pytest.raises(TokenEndedError):
        tokens.rotate(old, new, ends_at=NOW, at=NOW)
    assert credentials.get(new.token_hash) is None


def test_of_many_who_rotate_one_token_one_has_its_successor(tokens, credentials):
    old = made(tokens)
    successors = [a_credential(rotated_from=old.token_id) for _ in range(8)]

    def rotate(new):
        try:
            tokens.rotate(old, new, ends_at=after(hours=1), at=NOW)
        except TokenEndedError:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        won = [new for new, has in zip(successors, crowd.map(rotate, successors), strict=True) if has]
    assert len(won) == 1
    assert both(tokens, credentials, old).rotated_to == won[0].token_id
    assert [new for new in successors if credentials.get(new.token_hash)] == won


def test_a_reader_of_credentials_sees_what_was_made_here(stack, tokens):
    credential = made(tokens)
    assert CredentialStore(stack["CredentialsTable"]).get(credential.token_hash) == credential
