"""Templates and memories: one more witness of where a value stands, and never the only one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from paydraft.extraction.calibration import fitted
from paydraft.extraction.candidates import PLACED, Candidate
from paydraft.extraction.conflicts import Printed
from paydraft.extraction.extract import extract
from paydraft.extraction.reconcile import reconcile
from paydraft.model.evidence import Alternative
from paydraft.model.hint import Hint, HintKind, Zone, remembered, shape_of
from paydraft.model.page import Source, View
from tests.builders import IBANS
from tests.typeset import a_reading, read

PAGE = """Muster GmbH
Rechnungsnummer: RE-2026-17
Rechnungsdatum: 05.03.2026

Ihr Zeichen lautet
QX-4411

Nettobetrag    100,00 €
MwSt 19%    19,00 €
Bruttosumme    119,00 €
IBAN: DE89 3704 0044 0532 0130 00"""
TOP = Zone(page=1, x0=0, y0=0, x1=1, y1=0.08)


def template(field, **how):
    return Hint(kind=HintKind.TEMPLATE, field=field, **how)


def given(*hints, page=PAGE):
    return extract(a_reading(page), hints)


def test_without_hints_nothing_changes():
    assert given() == read(PAGE)


def test_a_template_that_agrees_with_the_page_makes_a_field_surer():
    invoice = given(template("number", labels=("Rechnungsnummer",), pattern=r"RE-\d{4}-\d+"))
    assert invoice.number == "RE-2026-17"
    assert "agrees:template" in invoice.evidence["number"].checks
    assert invoice.evidence["number"].confidence > read(PAGE).evidence["number"].confidence


def test_what_only_a_hint_proposes_is_offered_and_not_given():
    hint = template("purchase_order", labels=("Ihr Zeichen lautet",), pattern=r"[A-Z]{2}-\d{4}")
    invoice = given(hint)
    assert invoice.purchase_order is None
    assert [other.value for other in invoice.evidence["purchase_order"].alternatives] == ["QX-4411"]


def test_words_that_a_hint_takes_for_a_number_do_not_vouch_for_themselves_as_the_reference():
    reference = "RF18539007547034"
    page = f"Rechnung\n\n\n\nReferenz: {reference}\nRechnungsdatum: 05.03.2026"
    assert read(page).number is None
    invoice = given(template("number", pattern=r"RF\d+"), page=page)
    assert invoice.number is None
    assert [other.value for other in invoice.evidence["number"].alternatives] == [reference]


def test_a_template_and_a_memory_are_two_witnesses():
    hints = (
        template("purchase_order", pattern=r"QX-\d{4}"),
        Hint(kind=HintKind.MEMORY, field="purchase_order", labels=("Ihr Zeichen lautet",), shape="A-9"),
    )
    assert given(*hints).purchase_order == "QX-4411"


def test_a_memory_made_of_confirmed_evidence_finds_the_next_documents_value():
    proof = read(PAGE).evidence["number"]
    hint = remembered("number", proof.raw, proof.area, label="Rechnungsnummer")
    assert hint is not None
    invoice = given(hint, page=PAGE.replace("RE-2026-17", "RE-2026-1804"))
    assert invoice.number == "RE-2026-1804"
    assert "agrees:memory" in invoice.evidence["number"].checks


def test_a_hint_decides_between_readings_that_the_page_leaves_open():
    page = "Rechnung Nr. 4\nTotal    119,00 €\n\n\n\nTotal    229,00 €"
    assert read(page).total is None
    zone = Zone(page=-1, x0=0, y0=0.1, x1=1, y1=0.2)
    assert given(template("total", zone=zone), page=page).total == Decimal("229.00")


def test_a_hint_never_overrules_what_the_page_says_for_certain():
    invoice = given(template("total", labels=("Nettobetrag",)))
    assert invoice.total == Decimal("119.00")
    assert "100.00" in [other.value for other in invoice.evidence["total"].alternatives]


def test_a_tenant_may_ask_for_more_confidence_than_we_do():
    assert given(template("number", least=0.999)).number is None


def test_a_place_with_several_values_is_no_place():
    hint = template("total", zone=Zone(page=1, x0=0, y0=0, x1=1, y1=1))
    assert given(hint).evidence["total"].checks == read(PAGE).evidence["total"].checks


@pytest.mark.parametrize("wrong", ["(", "(a+)+", "(a*)*b", "(x{2,}){3}", "a" * 300, ""])
def test_a_pattern_that_is_none_or_takes_forever_is_refused(wrong):
    with pytest.raises(ValidationError):
        template("number", pattern=wrong)


@pytest.mark.parametrize(("text", "shape"), [("RE-2026-17", "A-9-9"), ("12  34", "9 9"), (" Ä1 ", "A9")])
def test_the_shape_of_a_value_is_what_it_is_made_of(text, shape):
    assert shape_of(text) == shape


OPEN = """Muster GmbH
Rechnung

Belegnummer    2026-4711
Belegnummer    88-26/A

Rechnungsdatum: 05.03.2026
Bruttosumme    119,00 €"""


def memory(field, **how):
    return Hint(kind=HintKind.MEMORY, field=field, **how)


def test_what_a_hint_decides_says_so_and_keeps_the_other_reading_on_offer():
    assert read(OPEN).number is None
    invoice = given(memory("number", shape="9-9", zone=Zone(page=1, x0=0, y0=0, x1=1, y1=0.105)), page=OPEN)
    assert invoice.number == "2026-4711"
    assert invoice.evidence["number"].checks == ("agrees:memory",)
    assert [other.value for other in invoice.evidence["number"].alternatives] == ["88-26/A"]


def test_a_remembered_place_alone_proposes_no_amount_because_tables_grow():
    place = Zone(page=1, x0=0, y0=0.1, x1=1, y1=0.2)
    page = "Rechnung Nr. 4\nTotal    119,00 €\n\n\n\nTotal    229,00 €"
    assert given(template("total", zone=place), page=page).total == Decimal("229.00")
    assert given(memory("total", zone=place), page=page).total is None


@pytest.mark.parametrize("least", [0.0, 0.97, 1.0])
def test_a_tenants_least_confidence_holds_for_every_single_value(least):
    invoice = extract(a_reading(PAGE), least=least)
    for field in ("number", "issue_date", "total", "iban", "currency"):
        proof, plain = invoice.evidence[field], read(PAGE).evidence[field]
        assert (getattr(invoice, field) is not None) == (plain.confidence >= least)
        assert proof.confidence in (plain.confidence, 0.0)
    assert invoice.document_type == read(PAGE).document_type


@pytest.mark.parametrize("wrong", ["((a*))*", "(a|a)*b", "(a?)+", "(?:a|b){2,}", "([(]x+)*", r"(\)a*)+"])
def test_a_group_that_matches_in_several_ways_may_not_be_repeated(wrong):
    with pytest.raises(ValidationError):
        template("number", pattern=wrong)


@pytest.mark.parametrize(
    "fine", [r"(?:RE|INV)-\d+", r"(\d{2})+", r"[(+*]+x", r"\(a+\)*", r"(?P<year>\d{4})?-\d+", "a{,3}"]
)
def test_a_pattern_without_such_a_group_is_taken(fine):
    assert template("number", pattern=fine).pattern == fine


def test_a_value_too_long_for_a_shape_is_remembered_by_its_place():
    proof = read(PAGE).evidence["number"]
    assert remembered("number", "a-1 " * 100, proof.area).shape is None


def a_candidate(field, value, confidence, **how):
    return Candidate(field, value, str(value), Source.TEXT, confidence, **how)


def reconciled(*candidates):
    return reconcile(candidates, Printed(frozenset(), frozenset()), fitted())


def test_a_hint_that_differs_takes_nothing_from_a_value_that_the_page_decides_on_with_little_to_spare():
    page, hint = date(2026, 2, 4), date(2026, 1, 5)
    for kind in HintKind:
        picked = reconciled(a_candidate("issue_date", page, 0.59), a_candidate("issue_date", hint, PLACED, hint=kind))
        assert picked.values == {"issue_date": page}


@pytest.mark.parametrize(
    ("field", "values"), [("number", ("4711", "88")), ("reference", ("4711", "88")), ("iban", IBANS[:2])]
)
def test_a_hint_decides_between_two_readings_but_never_between_two_accounts(field, values):
    readings = tuple(Alternative(value=one, raw=one, source=Source.TEXT, confidence=0.4) for one in values)
    picked = reconciled(
        a_candidate(field, None, 0.4, alternatives=readings),
        a_candidate(field, values[0], PLACED, hint=HintKind.MEMORY),
    )
    assert picked.values == ({} if field == "iban" else {field: values[0]})
    assert {other.value for other in picked.evidence[field].alternatives} == set(values) - set(picked.values.values())


def test_what_two_hints_agree_on_is_whole_and_one_alone_is_offered():
    template, memory = (a_candidate("number", "4711", PLACED, hint=kind) for kind in HintKind)
    assert reconciled(template, memory).values == {"number": "4711"}
    assert reconciled(template).values == reconciled(memory, memory).values == {}


def test_of_two_places_with_the_same_label_the_one_in_the_zone_is_meant():
    label = {"labels": ("Belegnummer",), "pattern": r"[\d/A-]+"}
    assert given(template("number", **label), page=OPEN).number is None
    low = Zone(page=1, x0=0, y0=0.118, x1=1, y1=0.13)
    assert given(template("number", zone=low, **label), page=OPEN).number == "88-26/A"
    elsewhere = Zone(page=1, x0=0, y0=0.8, x1=1, y1=0.9)
    assert given(template("number", zone=elsewhere, **label), page=OPEN).number is None


def test_a_zone_is_one_of_the_page_as_a_person_sees_it_or_of_the_page_as_it_was_read():
    upright = a_reading(OPEN)
    upside_down = View(595.0, 842.0, (-1, 0, 595.0, 0, -1, 842.0, 0, 0, 1))
    turned = replace(upright, pages=tuple(replace(page, view=upside_down) for page in upright.pages))
    as_read, as_seen = (Zone(page=1, x0=0, y0=y0, x1=1, y1=y1) for y0, y1 in ((0, 0.105), (0.895, 1)))

    for reading, zone, found in (
        (upright, as_read, "2026-4711"),
        (turned, as_read, "2026-4711"),
        (turned, as_seen, "2026-4711"),
        (upright, as_seen, None),
    ):
        assert extract(reading, (memory("number", zone=zone, shape="9-9"),)).number == found
