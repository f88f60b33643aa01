"""Scores become shares of right values, and what is not sure enough stays empty."""

import pytest

from paydraft.extraction.calibration import AGREED, ALONE, Calibration, Group, fitted, group_of
from paydraft.extraction.extract import extract
from paydraft.model.page import Source
from tests.typeset import a_reading, read

PAGE = """Rechnungsnummer: 471102
Rechnungsdatum: 05.03.2026
Nettobetrag    100,00 €
MwSt 19%    19,00 €
Bruttosumme    119,00 €"""
LEVEL = Calibration(1.0, 0.5, {}, {"xml": 0.97}, {"payment": 0.9})


def test_a_higher_score_is_never_less_sure():
    shares = [fitted().share("total", Source.TEXT, score / 100, 1.0) for score in range(50, 100)]
    assert shares == sorted(shares)
    assert shares[-1] < ALONE < AGREED < 1


def test_a_rule_that_does_not_know_is_believed():
    assert fitted().share("total", Source.TEXT, 0.4, 1.0) == 0.4


def test_what_was_read_badly_is_less_sure():
    assert LEVEL.share("seller.name", Source.OCR, 0.9, 0.3) < LEVEL.share("seller.name", Source.OCR, 0.9, 0.95)


def test_what_an_e_invoice_states_is_as_sure_as_was_counted():
    assert LEVEL.share("total", Source.XML, 0.98, 1.0) == 0.97


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("total", Group.AMOUNT),
        ("seller.vat_number", Group.IDENTITY),
        ("buyer.address", Group.ADDRESS),
        ("line_items.3.net", Group.WHOLE),
        ("accounts.0", Group.WHOLE),
        ("document_type", Group.WHOLE),
    ],
)
def test_every_path_has_its_group(path, group):
    assert group_of(path) is group


def test_a_value_below_the_floor_of_its_field_is_only_offered():
    assert read(PAGE).number == "471102"
    strict = Calibration(1.0, 0.0, {}, {}, {"payment": 0.98})
    invoice = extract(a_reading(PAGE), calibration=strict)
    assert invoice.number is None
    assert [other.value for other in invoice.evidence["number"].alternatives] == ["471102"]
