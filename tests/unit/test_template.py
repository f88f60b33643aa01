"""A template says no more than can be kept and obeyed; its rules say what is wrong and change nothing."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from paydraft.extraction.rules import BROKEN, broken
from paydraft.model.evidence import Severity
from paydraft.model.hint import Hint, HintKind
from paydraft.model.invoice import Party
from paydraft.model.template import FIELDS, ReadingTemplate, Rule, RuleKind
from tests.builders import NOW, an_invoice

ID = "60f7b1b3e4b0e8b3f8b3f8b4"


def a_template(**fields) -> ReadingTemplate:
    return ReadingTemplate(**({"template_id": ID, "name": "Bills", "created_at": NOW, "updated_at": NOW} | fields))


def a_hint(field="number", kind=HintKind.TEMPLATE) -> Hint:
    return Hint(kind=kind, field=field)


def test_a_template_gives_its_hints_floor_and_rules_as_advice():
    rule = Rule(field="number", kind=RuleKind.REQUIRED)
    template = a_template(hints=(a_hint(),), least=0.8, rules=(rule,))
    assert (template.advice.hints, template.advice.least, template.advice.rules) == ((a_hint(),), 0.8, (rule,))


@pytest.mark.parametrize(
    "fields",
    [
        {"template_id": "auto"},
        {"template_id": ID.upper()},
        {"name": ""},
        {"least": 1.1},
        {"hints": (a_hint("colour"),)},
        {"hints": (a_hint(kind=HintKind.MEMORY),)},
        {"hints": (a_hint(),) * 101},
        {"languages": ("../../etc",)},
        {"languages": ("de",) * 11},
        {"own": "x" * 100_001},
    ],
)
def test_what_can_not_be_kept_or_obeyed_is_refused(fields):
    with pytest.raises(ValidationError):
        a_template(**fields)


@pytest.mark.parametrize(
    "rule",
    [
        {"field": "colour", "kind": "required"},
        {"field": "number", "kind": "min_length"},
        {"field": "number", "kind": "required", "length": 3},
        {"field": "number", "kind": "pattern"},
        {"field": "number", "kind": "pattern", "pattern": "(a+)+"},
        {"field": "number", "kind": "date", "pattern": "a"},
        {"field": "line_items", "kind": "numeric"},
    ],
)
def test_a_rule_has_what_its_kind_needs_and_no_more(rule):
    with pytest.raises(ValidationError):
        Rule(**rule)


def test_rules_and_hints_are_about_single_values_the_tables_and_both_parties():
    assert {"number", "total", "seller.name", "buyer.address", "line_items", "taxes"} <= FIELDS
    assert FIELDS.isdisjoint({"evidence", "findings", "seller", "accounts", "document_type"})


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        ({"kind": "required"}, {"number": "4711"}, True),
        ({"kind": "required"}, {"number": None}, False),
        ({"kind": "required", "field": "line_items"}, {}, False),
        ({"kind": "numeric"}, {"number": "4711"}, True),
        ({"kind": "numeric"}, {"number": "RE-4711"}, False),
        ({"kind": "numeric"}, {"number": "NaN"}, False),
        ({"kind": "numeric"}, {"number": None}, True),
        ({"kind": "numeric", "field": "total"}, {}, True),
        ({"kind": "date", "field": "due_date"}, {}, True),
        ({"kind": "date"}, {"number": "2026-11-02"}, True),
        ({"kind": "date"}, {"number": "2026-13-02"}, False),
        ({"kind": "email", "field": "seller.email"}, {"seller": Party(email="a@b.example")}, True),
        ({"kind": "email"}, {"number": "4711"}, False),
        ({"kind": "currency", "field": "currency"}, {}, True),
        ({"kind": "currency", "field": "total"}, {"total": Decimal("10.25")}, True),
        ({"kind": "currency", "field": "total"}, {"total": Decimal("10.255")}, False),
        ({"kind": "currency", "field": "total"}, {"total": Decimal("10.5"), "currency": "JPY"}, False),
        ({"kind": "currency"}, {"number": "EURO"}, False),
        ({"kind": "min_length", "length": 4}, {"number": "4711"}, True),
        ({"kind": "min_length", "length": 5}, {"number": "4711"}, False),
        ({"kind": "max_length", "length": 4}, {"number": "4711"}, True),
        ({"kind": "max_length", "length": 3}, {"number": "4711"}, False),
        ({"kind": "pattern", "pattern": r"RE-\d+"}, {"number": "RE-4711"}, True),
        ({"kind": "pattern", "pattern": r"RE-\d+"}, {"number": "xRE-4711"}, False),
        ({"kind": "pattern", "pattern": r"RE-\d+"}, {"number": None}, True),
    ],
)
def test_a_rule_holds_or_is_a_finding(rule, value, holds):
    invoice = an_invoice(**value)
    findings = broken(invoice, (Rule(**({"field": "number"} | rule)),))
    assert [one.code for one in findings] == ([] if holds else [BROKEN])
    assert all(one.field == rule.get("field", "number") and one.message for one in findings)


def test_a_broken_rule_speaks_in_the_tenants_words_and_with_his_weight():
    rule = Rule(field="number", kind=RuleKind.MAX_LENGTH, length=3, message="Too long!", severity=Severity.WARNING)
    (finding,) = broken(an_invoice(), (rule,))
    assert (finding.message, finding.severity) == ("Too long!", Severity.WARNING)


@pytest.mark.parametrize("kind", RuleKind)
def test_every_kind_of_rule_has_words_of_its_own(kind):
    more = {"length": 7} if "length" in kind else {"pattern": "x"} if kind is RuleKind.PATTERN else {}
    number = None if kind is RuleKind.REQUIRED else "abc" if kind is RuleKind.MIN_LENGTH else "a text of some length"
    (finding,) = broken(an_invoice(number=number), (Rule(field="number", kind=kind, **more),))
    assert "{" not in finding.message
    assert ("7" in finding.message) is ("length" in kind)
