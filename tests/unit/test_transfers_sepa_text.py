"""SEPA's character set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.transfers.sepa_text import is_identifier, sepa_text

SEPA = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


@pytest.mark.parametrize(
    ("printed", "carried"),
    [
        ("Müller & Söhne", "Muller + Sohne"),
        ("Straße 1", "Strase 1"),
        ("Łódź Çelik Ørsted Ærø", "Lodz Celik Orsted AEro"),
        ("Ελλάδα", "Ellada"),
        ("София", "Sofiya"),
        ("a\tb\nc   d", "a b c d"),
        ("“Quoted” – here", "'Quoted' - here"),
        ("ﬁne ½", "fine 1.2"),
        ("日本", ".."),
        ("", ""),
    ],
)
def test_text_becomes_what_every_bank_takes(printed, carried):
    assert sepa_text(printed, 70) == carried


def test_text_is_cut_at_its_limit_without_a_space_at_the_end():
    assert sepa_text("abc def", 4) == "abc"


@given(st.text(), st.integers(1, 140))
def test_only_sepa_characters_are_left_and_never_too_many(text, limit):
    carried = sepa_text(text, limit)
    assert set(carried) <= SEPA
    assert len(carried) <= limit
    assert sepa_text(carried, limit) == carried


@pytest.mark.parametrize("text", ["", "/a", "a/", "a//b", "ä", "x" * 36])
def test_what_no_bank_takes_as_identification(text):
    assert not is_identifier(text)


def test_an_invoice_number_is_an_identification():
    assert is_identifier("RE/2026-0042")
