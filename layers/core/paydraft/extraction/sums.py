"""The amounts that agree, as candidates: what the solver found, and what stays open where nothing decides.

What is left without a sum keeps the confidence of its name, and two equally named totals leave the field empty.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import product

from paydraft.extraction.amounts import Amount
from paydraft.extraction.balance import Balance, Terms, solve, strongest, taxed_amounts
from paydraft.extraction.candidates import (
    CHECKED,
    CONFLICTING,
    FLOOR,
    HEADED,
    LABELLED,
    LABELLED_BELOW,
    WEAKLY_LABELLED,
    Candidate,
    derived,
    seen,
)
from paydraft.extraction.candidates import alternative as other_reading
from paydraft.extraction.numbers import Reading
from paydraft.extraction.tax_rows import TaxRow
from paydraft.extraction.totals import Named, Role
from paydraft.model.page import Source

_STRONG = 5.0  # the weight of an unmistakable name
_NAMED_IN_ROW = 3.5  # named by its own row
_CLOSE = 0.8  # between weights: equally good
_EQUAL = 0.4  # between the scores of two totals whose sums hold
_LEAST_TAX, _MOST_TAX = Decimal("0.04"), Decimal("0.28")  # of the net amount
_BETWEEN = (Role.DISCOUNT, Role.SHIPPING, Role.ROUNDING)


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that the page says in numbers: amounts with and without a name, percentages, lines, rows of taxes."""

    named: Sequence[Named]
    amounts: Sequence[Amount]
    rates: frozenset[Decimal]
    lines: Decimal | None = None  # what the lines come to
    tax_rows: Sequence[TaxRow] = ()


def total_candidates(numbers: Numbers) -> list[Candidate]:
    """The candidates for total, amount due, amount paid, subtotal, tax, discount, shipping and rounding."""
    printed = [amount for amount in numbers.amounts if amount.value and amount.precise]
    solutions = [one for one in solve(_terms(numbers, printed)) if one.gross.weight or _stands(one, printed)]
    best = solutions[0] if solutions else None
    due = strongest(numbers.named, Role.DUE)
    found: list[Candidate] = []
    if best is not None:
        found += _of_balance(best, solutions[1:], numbers, printed)
    if due:
        found.append(_due(due, best, numbers.named))
    paid = strongest(numbers.named, Role.PAID)
    if paid:
        found.append(_paid(paid, best, due))
    return found


def _terms(numbers: Numbers, printed: list[Amount]) -> Terms:
    in_rows = [one.amount for one in numbers.named if not one.headed]  # amounts without cents count where named
    unnamed = {one.value: _unnamed(one) for one in (*in_rows, *reversed(printed)) if one.value}
    return Terms(
        totals=tuple(strongest(numbers.named, Role.TOTAL)),
        dues=tuple(strongest(numbers.named, Role.DUE)),
        nets=tuple(strongest(numbers.named, Role.SUBTOTAL)),
        taxes=tuple(strongest(numbers.named, Role.TAX)),
        between=tuple(strongest(numbers.named, *_BETWEEN, Role.OTHER)),
        printed=unnamed,
        rates=numbers.rates,
        lines=numbers.lines,
        rows=_of_rows(numbers.tax_rows),
        twice=_twice(numbers.named),
        taxed=tuple(taxed_amounts(unnamed, numbers.rates)),
    )


def _twice(named: Iterable[Named]) -> frozenset[Decimal]:
    """The taxes that are named in two rows or more."""
    rows: dict[Decimal, set[int]] = {}
    for one in named:
        if one.role is Role.TAX:
            rows.setdefault(one.value, set()).add(one.amount.span.segment.row)
    return frozenset(value for value, at in rows.items() if len(at) > 1)


def _of_rows(rows: Sequence[TaxRow]) -> tuple[Decimal, tuple[Named, ...]] | None:
    """Net and taxes of all rates together, where each rate has one row."""
    if not rows or len({row.rate for row in rows}) < len(rows):
        return None
    taxes = (Amount(Reading(row.tax.values), row.tax.span, None, row.tax.precise) for row in rows)
    return sum((row.net.value or Decimal(0) for row in rows), Decimal(0)), tuple(map(_unnamed, taxes))


def _unnamed(amount: Amount) -> Named:
    return Named(Role.TOTAL, amount.value or Decimal(0), amount, 0.0, headed=False, rate=None)


def _stands(one: Balance, printed: list[Amount]) -> bool:
    """Whether a total that nobody names may be one: its sum holds, and its parts are named or nothing is larger."""
    if not one.holds or one.net is None or not one.taxes:
        return False
    parts_named = one.net.weight > 0 and one.taxes[0].weight > 0 and not (one.net.headed or one.taxes[0].headed)
    return parts_named or all(abs(amount.value or Decimal(0)) <= abs(one.gross.value) for amount in printed)


def _of_balance(best: Balance, others: list[Balance], numbers: Numbers, printed: list[Amount]) -> Iterator[Candidate]:
    named = numbers.named
    checks = best.checks if best.holds else ()
    gross = best.gross
    rivals = _equals(best, others) if best.holds else _rivals(best, named, printed)
    doubtful = bool(rivals) or (not best.holds and (_doubtful(best, named) or _outgrown(best, numbers)))
    confidence = CONFLICTING if doubtful else _certainty(best, gross)
    alternatives = tuple(other_reading(one.value, one.amount.span, _by_name(one) / 2) for one in rivals)
    yield seen("total", gross.value, gross.amount.span, confidence, checks=checks, alternatives=alternatives)
    if best.net is not None:
        yield _part("subtotal", best.net, best, checks)
    if len(best.taxes) == 1:
        yield _part("tax", best.taxes[0], best, checks)
    elif best.taxes and best.tax is not None:
        span = best.taxes[0].amount.span
        yield derived(seen("tax", best.tax, span, CHECKED, checks=(*checks, "sum_of_rates")))
    yield from _adjustments(best, checks)


def _outgrown(best: Balance, numbers: Numbers) -> bool:
    """Whether the lines come to more than the total, and no discount says why."""
    reduced = any(one.role in (Role.DISCOUNT, Role.PAID) for one in numbers.named)
    outgrown = numbers.lines is not None and numbers.lines > best.gross.value > 0
    return outgrown and (best.gross.headed or not reduced)


def _certainty(best: Balance, one: Named) -> float:
    if not best.holds:
        return _by_name(one)
    if best.nearly or any(part.amount.doubted for part in (best.gross, *best.taxes, *filter(None, [best.net]))):
        return LABELLED
    return CHECKED if best.gross.weight or (best.net and best.net.weight) else LABELLED_BELOW


def _part(field: str, part: Named, best: Balance, checks: tuple[str, ...]) -> Candidate:
    contradicted = best.net is not None and bool(best.taxes) and _from_pixels(part)  # one of three is misread
    open_ = not best.holds and (part.headed or _blurred(part) or contradicted)
    return seen(field, part.value, part.amount.span, CONFLICTING if open_ else _certainty(best, part), checks=checks)


def _adjustments(best: Balance, checks: tuple[str, ...]) -> Iterator[Candidate]:
    """Discount, shipping and rounding as they make the sum hold: a discount is given without its sign."""
    if not best.between or best.net is None:
        return
    rest = best.gross.value - best.net.value - (best.tax or Decimal(0))
    for signs in product((1, -1), repeat=len(best.between)):
        values = [sign * abs(one.value) for sign, one in zip(signs, best.between, strict=True)]
        if sum(values) == rest:
            for value, one in zip(values, best.between, strict=True):
                if one.role in _BETWEEN:
                    amount = abs(value) if one.role is Role.DISCOUNT else value
                    yield seen(one.role.value, amount, one.amount.span, CHECKED, checks=checks)
            return


def _equals(best: Balance, others: list[Balance]) -> tuple[Named, ...]:
    """Other totals whose sums hold as well."""
    return tuple(
        one.gross
        for one in others
        if one.holds and best.score - one.score < _EQUAL and not one.gross.headed and one.checks == best.checks
    )


def _rivals(best: Balance, named: Sequence[Named], printed: list[Amount]) -> tuple[Named, ...]:
    """Other amounts that could as well be the total, where no sum decides."""
    gross = best.gross
    near = tuple(
        one for one in strongest(named, Role.TOTAL) if one.value != gross.value and gross.weight - one.weight < _CLOSE
    )
    cash = {one.value for one in named if one.role is Role.OTHER}  # given, or given back
    unnamed = [amount for amount in printed if amount.value not in cash]
    return near or (_grown_by_tax(gross, unnamed) if gross.weight < _STRONG else ())


def _grown_by_tax(gross: Named, printed: list[Amount]) -> tuple[Named, ...]:
    """What a weakly named total becomes if it is the net of two amounts printed with it: a tax and the real total."""
    values = {amount.value for amount in printed}
    return tuple(
        _unnamed(amount)
        for amount in printed
        if amount.value is not None
        and amount.span.segment.row >= gross.amount.span.segment.row
        and _LEAST_TAX <= (amount.value - gross.value) / (gross.value or 1) <= _MOST_TAX
        and amount.value - gross.value in values
    )


def _doubtful(best: Balance, named: Sequence[Named]) -> bool:
    """Whether any line of a table would do as well, the sign is not the net's, or net and tax add up to another sum."""
    gross, net = best.gross, best.net
    unsigned = net is not None and gross.value * net.value < 0
    rows = [
        one for one in named if not one.headed and one.weight >= _NAMED_IN_ROW and (one.value or _from_pixels(gross))
    ]
    contradicted = {Role.SUBTOTAL, Role.TAX} <= {one.role for one in rows}
    any_line = gross.headed and len(strongest(named, Role.TOTAL)) > 1
    return unsigned or contradicted or any_line or _blurred(gross)


def _blurred(one: Named) -> bool:
    """A number that OCR may have read wrong, such as an integer: its decimal mark may be lost."""
    return one.amount.doubted or (not one.amount.precise and _from_pixels(one))


def _from_pixels(one: Named) -> bool:
    return one.amount.span.segment.source is Source.OCR


def _by_name(one: Named) -> float:
    if one.headed:
        return HEADED
    return LABELLED if one.weight >= _STRONG else WEAKLY_LABELLED


def _due(dues: list[Named], best: Balance | None, named: Iterable[Named]) -> Candidate:
    """The amount due; certain when it is the total, less what was paid or withheld."""
    fitting = _fitting_due(dues, best, named)
    due = fitting or dues[0]
    checks = ("total_less_paid",) if fitting else ()
    confidence = CHECKED if checks else _by_name(due)
    alone = best is not None and due.weight < _STRONG and due.value != best.gross.value
    if not checks and (alone or _blurred(due)):
        confidence = CONFLICTING  # prose that mentions an amount, and it is not the total
    return seen("amount_due", due.value, due.amount.span, confidence, checks=checks)


def _fitting_due(dues: list[Named], best: Balance | None, named: Iterable[Named]) -> Named | None:
    """The strongest amount due that the total explains."""
    if best is None or not best.holds:
        return None
    less = {Decimal(0), *(abs(one.value) for one in named if one.role in (Role.PAID, Role.WITHHELD))}
    less |= {one + other for one in less for other in less if one != other}
    return next((one for one in dues if best.gross.value - one.value in less or _is_rounded(one, best)), None)


def _is_rounded(due: Named, best: Balance) -> bool:
    """Whether what is due is the total in whole units."""
    return due.value != best.gross.value and due.value in (
        best.gross.value.quantize(Decimal(1), rounding) for rounding in (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING)
    )


def derived_due(totals: Sequence[Candidate], named: Iterable[Named]) -> list[Candidate]:
    """The amount due of a document that names none, and that names nothing paid: its total."""
    total = next((one for one in totals if one.field == "total" and one.confidence >= FLOOR), None)
    stated = any(one.field in ("amount_due", "amount_paid") for one in totals)
    if total is None or stated or not isinstance(total.value, Decimal) or total.value <= 0:
        return []
    if any(one.role in (Role.DUE, Role.PAID, Role.WITHHELD) for one in named):
        return []
    return [derived(replace(total, field="amount_due", checks=("nothing_paid",), alternatives=()))]


def _paid(paid: list[Named], best: Balance | None, due: list[Named]) -> Candidate:
    """What was paid; certain when it is what lies between the total and the amount due."""
    left = best.gross.value - due[0].value if best is not None and due else None
    fitting = next((one for one in paid if left and abs(one.value) == left), None)
    one = fitting or paid[0]
    checks = ("total_less_paid",) if fitting else ()
    return seen("amount_paid", abs(one.value), one.amount.span, CHECKED if fitting else WEAKLY_LABELLED, checks=checks)
