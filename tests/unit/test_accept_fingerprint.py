"""What makes two requests the same one."""

from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.errors import PaydraftError
from paydraft.model.idempotency import AlreadyAcceptedError, fingerprint_of, key_hash_of
from tests.builders import a_job

PARTS = st.dictionaries(st.text(max_size=9), st.none() | st.text(max_size=9), max_size=4)


@given(PARTS, PARTS)
def test_fingerprints_are_equal_exactly_for_equal_parts(one, two):
    present = [{name: value for name, value in parts.items() if value is not None} for parts in (one, two)]
    assert (fingerprint_of(one) == fingerprint_of(two)) == (present[0] == present[1])


def test_the_order_of_the_parts_does_not_count():
    assert fingerprint_of({"a": "1", "b": "2"}) == fingerprint_of({"b": "2", "a": "1"})


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_keys_of_two_operations_never_meet(operation, key, other, other_key):
    same = (operation, key) == (other, other_key)
    assert (key_hash_of(operation, key) == key_hash_of(other, other_key)) == same


def test_neither_hash_shows_what_went_in():
    assert "secret" not in key_hash_of("op", "secret") + fingerprint_of({"a": "secret"})


def test_the_hashes_of_release_0_1_0_are_never_made_otherwise():
    assert key_hash_of("accept_document/corebanq_v2", "k")[:16] == "51edfe2e45884528"
    assert fingerprint_of({"document": "ab", "customer_id": None})[:16] == "8fb47f8bf6eef25f"


def test_a_repeated_request_names_the_job_and_is_of_the_catalogue():
    job = a_job()
    error = AlreadyAcceptedError(job.key)
    assert error.job_key == job.key
    assert isinstance(error, PaydraftError)
