"""A cursor leads on where it was made for, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.transfer_errors import InvalidCursorError
from paydraft.runtime.cursor import Signer

KEY = "TRF#01a1f866-0d00-7edd-9ff5-be2169fb0b1b"
SIGNER = Signer("secret", "acme", {"order": "desc"})


@given(st.text(max_size=60), st.sampled_from(["next", "previous"]))
def test_what_was_signed_is_read_back(last, direction):
    assert SIGNER.read(SIGNER.sign(last, direction)) == (last, direction)


@pytest.mark.parametrize(
    "other",
    [
        Signer("other", "acme", {"order": "desc"}),
        Signer("secret", "other", {"order": "desc"}),
        Signer("secret", "acme", {"order": "asc"}),
        Signer("secret", "acme", {}),
        Signer("secret", "acme", {"order": "desc", "status": "draft"}),
    ],
)
def test_another_deployment_tenant_or_query_does_not_read_it(other):
    with pytest.raises(InvalidCursorError):
        other.read(SIGNER.sign(KEY))


def test_no_changed_character_passes():
    cursor = SIGNER.sign(KEY)
    for place, char in enumerate(cursor):
        for other in ("A", "b", "_"):
            if other == char:
                continue
            with pytest.raises(InvalidCursorError):
                SIGNER.read(cursor[:place] + other + cursor[place + 1 :])


@given(st.text(max_size=200))
def test_any_other_text_is_refused_by_name(text):
    with pytest.raises(InvalidCursorError):
        SIGNER.read(text)


def test_an_endless_text_is_refused_before_it_is_decoded():
    with pytest.raises(InvalidCursorError):
        SIGNER.read("A" * 10_000)
