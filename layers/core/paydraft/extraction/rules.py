"""What a tenant's template asks of the values, once they are read: a broken rule is a finding and changes no value."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from paydraft.extraction.candidates import Value, shown
from paydraft.model.contact_value import parsed_value
from paydraft.model.counterparty import ContactType
from paydraft.model.evidence import Finding
from paydraft.model.invoice import Invoice
from paydraft.model.money import CURRENCIES, decimals_of
from paydraft.model.template import Rule, RuleKind

BROKEN = "template_rule"  # the code of these findings
_MAX_TEXT = 500  # characters that a pattern is tried on


def broken(invoice: Invoice, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """A finding for each rule that does not hold, in their order."""
    return tuple(_broken(invoice, rules))


def _broken(invoice: Invoice, rules: Sequence[Rule]) -> Iterator[Finding]:
    for rule in rules:
        value = _value(invoice, rule.field)
        is_kept = value is not None if rule.kind is RuleKind.REQUIRED else value is None or _holds(rule, value, invoice)
        if not is_kept:
            yield Finding(
                code=BROKEN, severity=rule.severity, message=rule.message or _sentence(rule), field=rule.field
            )


def _value(invoice: Invoice, path: str) -> Value | None:
    """What is read; None for nothing, an empty table too."""
    value: Any = invoice
    for name in path.split("."):
        value = getattr(value, name)
    return None if value == () else value


def _holds(rule: Rule, value: Value, invoice: Invoice) -> bool:
    text = shown(value)
    checks: dict[RuleKind, Callable[[], bool]] = {
        RuleKind.NUMERIC: lambda: _number(text) is not None,
        RuleKind.DATE: lambda: _is_date(text),
        RuleKind.EMAIL: lambda: parsed_value(ContactType.EMAIL, text) is not None,
        RuleKind.CURRENCY: lambda: text in CURRENCIES or _is_amount(_number(text), invoice.currency),
        RuleKind.MIN_LENGTH: lambda: len(text) >= (rule.length or 0),
        RuleKind.MAX_LENGTH: lambda: len(text) <= (rule.length or 0),
        RuleKind.PATTERN: lambda: re.fullmatch(rule.pattern or "", text[:_MAX_TEXT]) is not None,
    }
    return checks[rule.kind]()


def _number(text: str) -> Decimal | None:
    with suppress(InvalidOperation):
        number = Decimal(text)
        return number if number.is_finite() else None
    return None


def _is_date(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _is_amount(number: Decimal | None, currency: str | None) -> bool:
    """Whether it is an amount of the invoice's currency; where that is not known, of the most usual decimals."""
    return number is not None and number == round(number, decimals_of(currency or ""))


def _sentence(rule: Rule) -> str:
    """What a person is told where the tenant has written nothing."""
    return _SENTENCES[rule.kind].format(length=rule.length)


_SENTENCES = {
    RuleKind.REQUIRED: "The template asks for this value, and the document does not show it.",
    RuleKind.NUMERIC: "The template asks for a number here.",
    RuleKind.DATE: "The template asks for a date here.",
    RuleKind.EMAIL: "The template asks for an e-mail address here.",
    RuleKind.CURRENCY: "The template asks for an amount or a currency code here.",
    RuleKind.MIN_LENGTH: "The template asks for at least {length} characters here.",
    RuleKind.MAX_LENGTH: "The template asks for at most {length} characters here.",
    RuleKind.PATTERN: "The value is not of the form that the template asks for.",
}
