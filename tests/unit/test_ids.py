"""Ids: ordered by creation, the same for the same input, and of the shapes that others expect."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.ids import (
    created_at,
    event_id_of,
    execution_name,
    to_millisecond,
    transfer_id_of,
    uuid7,
    uuid_of,
)
from tests.builders import NOW, after, an_id

MILLISECONDS = st.integers(0, 4_000_000_000_000)
CHANCE = st.integers(0, (1 << 80) - 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(milliseconds):
    return EPOCH + timedelta(milliseconds=milliseconds)


@given(MILLISECONDS, CHANCE)
def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond(milliseconds, chance):
    made = uuid7(moment(milliseconds), chance)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert created_at(made) == moment(milliseconds)


@given(MILLISECONDS, MILLISECONDS, CHANCE, CHANCE)
def test_ids_sort_as_their_moments_whatever_the_chance_and_as_text_too(one, two, chance, other):
    if one < two:
        first, second = uuid7(moment(one), chance), uuid7(moment(two), other)
        assert first < second
        assert str(first) < str(second)


@given(CHANCE, CHANCE)
def test_different_chance_makes_different_ids(one, two):
    same = one & ((1 << 74) - 1) == two & ((1 << 74) - 1)
    assert (uuid7(NOW, one) == uuid7(NOW, two)) == same


def test_microseconds_are_cut_off():
    assert created_at(uuid7(after(microseconds=1999), 1)) == after(milliseconds=1)


def test_a_job_has_one_transfer_id_in_creation_order():
    early, late = an_id(NOW), an_id(after(seconds=1))
    assert transfer_id_of(early) == transfer_id_of(early)
    assert transfer_id_of(early) < transfer_id_of(late)
    assert created_at(transfer_id_of(early)) == NOW
    assert transfer_id_of(early) not in (early, transfer_id_of(an_id(NOW)))


def test_the_id_of_an_event_depends_on_job_attempt_and_type_alone():
    job = an_id()
    assert event_id_of(job, 1, "a.v1") == event_id_of(job, 1, "a.v1")
    ids = {
        event_id_of(job, 1, "a.v1"),
        event_id_of(job, 2, "a.v1"),
        event_id_of(job, 1, "b.v1"),
        event_id_of(an_id(), 1, "a.v1"),
    }
    assert len(ids) == 4


def test_the_ids_of_release_0_1_0_are_never_made_otherwise():
    job = uuid7(NOW, 12345678901234567890)
    assert str(job) == "01a1f866-0d00-7002-ab54-a98ceb1f0ad2"
    assert str(transfer_id_of(job)) == "01a1f866-0d00-7f99-9647-3183c230c489"
    assert str(event_id_of(job, 1, "paydraft.job.completed.v1")) == "c30dd900-4ec0-5459-847a-2455377de26e"


def test_an_execution_is_named_by_job_and_attempt_within_step_functions_limits():
    name = execution_name(an_id(), 9999)
    assert re.fullmatch(r"[0-9a-f-]{36}-9999", name)
    assert len(name) <= 80


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("01a1f866-0d00-7002-ab54-a98ceb1f0ad2", True),
        ("01A1F866-0D00-7002-AB54-A98CEB1F0AD2", True),
        ("01a1f8660d007002ab54a98ceb1f0ad2", False),
        ("{01a1f866-0d00-7002-ab54-a98ceb1f0ad2}", False),
        ("urn:uuid:01a1f866-0d00-7002-ab54-a98ceb1f0ad2", False),
        (" 01a1f866-0d00-7002-ab54-a98ceb1f0ad2", False),
        ("01a1f866-0d00-7002-ab54-a98ceb1f0ad2\n", False),
        ("٠1a1f866-0d00-7002-ab54-a98ceb1f0ad2", False),
        ("", False),
    ],
)
def test_only_the_usual_spelling_is_an_id(text, is_one):
    found = uuid_of(text)
    assert (found is not None) == is_one
    assert found is None or found == UUID("01a1f866-0d00-7002-ab54-a98ceb1f0ad2")


def test_a_moment_is_cut_to_the_millisecond_and_never_rounded_up():
    assert to_millisecond(after(microseconds=1999)) == after(milliseconds=1)
    assert to_millisecond(NOW) == NOW
