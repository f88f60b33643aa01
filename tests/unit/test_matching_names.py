"""What is left of a name when it is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.matching.names import likeness, likest, name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Müller & Söhne GmbH", "muller sohne"),
        ("MUELLER GmbH & Co. KG", "mueller"),
        ("Rossi S.r.l.", "rossi"),
        ("S. r. l. Rossi", "rossi"),
        ("Vestas A/S", "vestas"),
        ("Société Générale S.A.", "societe generale"),
        ("Foo (Deutschland) GmbH", "foo"),
        ("Łódź Handel sp. z o.o.", "lodz handel z oo"),
        ("AB", "ab"),
        ("(x)", "x"),
        ("!!", ""),
    ],
)
def test_case_accents_and_legal_forms_do_not_count(name, key):
    assert name_key(name) == key


def test_the_order_of_words_does_not_count():
    assert likeness("Bonn Stadtwerke", ["Stadtwerke Bonn GmbH"]) == 1.0


def test_nothing_is_like_nothing():
    assert likeness("!!", ["Muster"]) == likeness("Muster", ["!!"]) == likeness("Muster", []) == 0


def test_the_likest_come_first_and_only_the_like_come():
    keys = [name_key(name) for name in ("Ganz Anders", "Muster Bau", "Muster Bau Sued")]
    places = likest("Muster Bau GmbH", keys, at_least=0.8, most=5)
    assert {place for place, _ in places} == {1, 2}
    assert places == sorted(places, key=lambda found: -found[1])


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_likeness_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= likeness(one, [other]) <= 1
    assert likeness(one, [other]) == pytest.approx(likeness(other, [one]))
