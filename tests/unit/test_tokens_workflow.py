"""Making tokens: whatever is asked for, nobody gives what they have not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.credential import APP_SCOPES, Scope, SubjectKind, TokenState, hash_of, is_well_formed
from paydraft.model.token_errors import GrantTooWideError, TokenEndedError
from paydraft.workflows.tokens import Chance, Wish, end_of, new_token, successor
from tests.builders import NOW, TENANT, a_credential, after

ENTITY, OTHER = "9d2b4c8f-5087-4738-b91d-7359fb2a8e11", "5b4daced-6b9a-4707-83c6-08193d999fab"
CHANCE = Chance(bytes(range(32)), 7)
OFTEN = st.sampled_from


def make(wish, by=None, now=NOW):
    return new_token(wish, by.tenant_id if by else TENANT, stage="dev", now=now, chance=CHANCE, by=by)


def rotate(old, by=None, now=NOW):
    return successor(old, stage="dev", now=now, chance=CHANCE, by=by)


def an_admin(**fields):
    return a_credential(**({"scopes": tuple(Scope)} | fields))


def refused(wish, by):
    with pytest.raises(GrantTooWideError) as error:
        make(wish, by)
    return error.value.details


def test_a_token_is_what_was_asked_for_and_only_its_hash_is_kept():
    made = make(Wish("robot", entities=(ENTITY,), label="invoices", days=30), an_admin(entities=(ENTITY, OTHER)))
    assert is_well_formed(made.token)
    credential = made.credential
    assert (credential.subject, credential.kind, credential.scopes) == ("robot", SubjectKind.SERVICE, APP_SCOPES)
    assert (credential.entities, credential.label) == ((ENTITY,), "invoices")
    assert (credential.token_hash, credential.last_four) == (hash_of(made.token), made.token[-4:])
    assert credential.expires_at == after(days=30)
    assert made.token not in credential.model_dump_json()
    assert made.token[10:-4] not in credential.model_dump_json()


def test_the_operator_may_give_anything():
    wish = Wish("bob", SubjectKind.PERSON, tuple(Scope), (ENTITY,))
    credential = make(wish).credential
    assert (credential.scopes, credential.entities, credential.made_by) == (tuple(Scope), (ENTITY,), None)


@given(OFTEN(list(Scope)), st.sets(OFTEN(list(Scope))))
def test_no_scope_is_given_that_the_giver_has_not(scope, has):
    wish = Wish("robot", scopes=(scope,))
    by = an_admin(scopes=tuple(has))
    if scope in has:
        assert make(wish, by).credential.made_by == by.token_id
    else:
        assert refused(wish, by)["scopes"] == [str(scope)]


@pytest.mark.parametrize(("has", "asked"), [((), (ENTITY,)), ((OTHER,), (ENTITY,)), ((ENTITY,), (ENTITY, OTHER))])
def test_no_entity_is_given_that_the_giver_has_not(has, asked):
    assert refused(Wish("robot", entities=asked), an_admin(entities=has))["entities"] == sorted({*asked} - {*has})


@pytest.mark.parametrize(
    ("subject", "by"),
    [
        ("bob", an_admin(subject="alice")),
        ("alice", an_admin(subject="alice", kind=SubjectKind.SERVICE)),
        ("Alice", an_admin(subject="alice")),
    ],
)
def test_a_persons_token_is_made_for_that_person_alone_and_never_by_a_service(subject, by):
    assert refused(Wish(subject, SubjectKind.PERSON), by) == {"because": "person"}


def test_a_person_makes_tokens_for_themselves_and_for_services():
    alice = an_admin(subject="alice")
    assert make(Wish("alice", SubjectKind.PERSON), alice).credential.kind is SubjectKind.PERSON
    assert make(Wish("robot"), alice).credential.kind is SubjectKind.SERVICE


def test_a_token_never_outlives_the_one_that_asked_for_it():
    by = an_admin(expires_at=after(days=10))
    assert make(Wish("robot"), by).credential.expires_at == after(days=10)
    assert make(Wish("robot", days=10), by).credential.expires_at == after(days=10)
    assert refused(Wish("robot", days=11), by) == {"because": "expires_at"}


def test_a_successor_has_the_same_rights_and_as_long_a_life():
    old = a_credential(scopes=APP_SCOPES, entities=(ENTITY,), label="x", created_at=NOW, expires_at=after(days=30))
    new = rotate(old, now=after(days=20)).credential
    assert (new.scopes, new.entities, new.label, new.subject) == (old.scopes, old.entities, old.label, old.subject)
    assert (new.rotated_from, new.expires_at) == (old.token_id, after(days=50))
    assert new.token_hash != old.token_hash


def test_who_rotates_gets_no_more_than_they_have():
    """The successor's secret is in their hands."""
    wide = a_credential(scopes=(Scope.TRANSFERS_APPROVE,), kind=SubjectKind.SERVICE, subject="robot")
    with pytest.raises(GrantTooWideError):
        rotate(wide, an_admin(scopes=(Scope.TOKENS_ADMIN,)))
    with pytest.raises(GrantTooWideError):
        rotate(a_credential(subject="bob"), an_admin(subject="alice"))
    assert rotate(wide, an_admin(expires_at=after(days=1))).credential.expires_at == after(days=1)


def test_a_token_that_ends_does_not_prolong_itself():
    own = an_admin(created_at=NOW, expires_at=after(days=30))
    assert rotate(own, own, now=after(days=20)).credential.expires_at == after(days=30)


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"revoked_at": NOW}, "revoked"),
        ({"expires_at": NOW}, "expired"),
        ({"rotated_to": a_credential().token_id}, "rotated"),
    ],
)
def test_what_has_ended_or_has_a_successor_gets_none(fields, because):
    with pytest.raises(TokenEndedError) as error:
        rotate(a_credential(**fields))
    assert error.value.details == {"because": because}


def test_a_rotated_token_ends_at_once_or_after_the_overlap_but_never_later_than_before():
    assert end_of(a_credential(), now=NOW, overlap_hours=0) == NOW
    assert end_of(a_credential(), now=NOW, overlap_hours=24) == after(hours=24)
    assert end_of(a_credential(expires_at=after(hours=1)), now=NOW, overlap_hours=24) == after(hours=1)


def test_a_state_is_told_by_the_moment():
    ending = a_credential(expires_at=after(hours=1))
    assert ending.state(NOW) is TokenState.ACTIVE
    assert ending.state(after(hours=1)) is TokenState.EXPIRED
    assert a_credential(revoked_at=NOW).state(NOW - timedelta(days=1)) is TokenState.REVOKED
