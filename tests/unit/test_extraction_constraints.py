"""Fields vouch for each other, and a broken constraint leaves open what was only read."""

from datetime import date

from paydraft.extraction.constraints import CONSTRAINTS
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


def test_a_date_to_pay_that_is_surer_than_the_date_of_issue_is_kept_and_the_contradiction_said():
    text = "Muster GmbH    24.01.2026\n\nRechnung Nr. 17\n\nZahlbar bis: 06.12.2025\nRechnungsbetrag    59,50 €"
    invoice = read(text)
    assert invoice.evidence["issue_date"].confidence < invoice.evidence["due_date"].confidence
    assert invoice.due_date == date(2025, 12, 6)
    assert [one.code for one in invoice.findings] == ["dates_conflict"]


def test_an_account_vouches_for_the_currency_of_its_country():
    assert "currency_of_iban" in page().evidence["currency"].checks


def test_every_constraint_names_fields_that_it_compares():
    for rule in CONSTRAINTS:
        assert {*rule.vouches_for, *rule.leaves_open} <= set(rule.of)
        assert 0 <= rule.worth < 1
