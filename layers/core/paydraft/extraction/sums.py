"""Which named amounts agree: net + tax = gross decides, names alone are weaker.

Every combination of the best candidates is weighed; a sum that holds adds to its parts. What is left without a sum
keeps the confidence of its name, and two equally named totals leave the field empty.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from paydraft.extraction.amounts import Amount
from paydraft.extraction.candidates import (
    CHECKED,
    CONFLICTING,
    HEADED,
    LABELLED,
    WEAKLY_LABELLED,
    Candidate,
    derived,
    seen,
)
from paydraft.extraction.candidates import alternative as other_reading
from paydraft.extraction.totals import Named, Role
from paydraft.model.page import Source

_TOP = 8  # candidates per role worth combining
_SUM_HOLDS = 4.0
_SUM_BRIDGED = 2.0  # holds with a discount, a fee or a rounding between
_RATE_FITS = 1.5
_STRONG = 5.0  # the weight of an unmistakable name
_NAMED_IN_ROW = 3.5  # named by its own row
_CLOSE = 0.8  # between weights: equally good
_LEAST_TAX, _MOST_TAX = Decimal("0.04"), Decimal("0.28")  # of the net amount
_CENT = Decimal("0.01")
_ROUNDING = Decimal("0.05")  # Swiss cash rounding; per-line rounding of tax


@dataclass(frozen=True, slots=True)
class _Choice:
    """One way to fill total, subtotal and tax, and what speaks for it."""

    score: float
    gross: Named
    net: Named | None
    tax: Named | None
    taxes: tuple[Named, ...]  # of several rates, when only together they make the sum
    holds: bool


def total_candidates(named: list[Named], amounts: list[Amount], rates: frozenset[Decimal]) -> list[Candidate]:
    """The candidates for total, amount due, amount paid, subtotal and tax."""
    choice = _best_choice(named, amounts, rates)
    due = _best(named, Role.DUE)
    found: list[Candidate] = []
    if choice is not None:
        found += _of_choice(choice, named, [amount for amount in amounts if amount.value and amount.precise])
    if due:
        found.append(_due(due[0], choice, named))
    paid = _best(named, Role.PAID)
    if paid:
        found.append(seen("amount_paid", abs(paid[0].value), paid[0].amount.span, WEAKLY_LABELLED))
    return found


def _best(named: Iterable[Named], *roles: Role) -> list[Named]:
    """One entry a value, strongest first; a value named several times is stronger."""
    best: dict[Decimal, Named] = {}
    times: dict[Decimal, int] = {}
    for one in named:
        if one.role in roles:
            times[one.value] = times.get(one.value, 0) + 1
            if one.value not in best or one.weight > best[one.value].weight:
                best[one.value] = one
    return sorted(
        best.values(), key=lambda one: (-(one.weight + 0.35 * min(3, times[one.value])), -one.amount.span.segment.row)
    )


def _best_choice(named: list[Named], amounts: list[Amount], rates: frozenset[Decimal]) -> _Choice | None:
    nets, taxes = _best(named, Role.SUBTOTAL)[:_TOP], _best(named, Role.TAX)[:_TOP]
    others = _best(named, Role.OTHER)[:_TOP]
    plain = [amount for amount in amounts if amount.value and amount.precise]
    unnamed = _best((_unnamed(Role.TAX, amount) for amount in plain), Role.TAX)
    totals, dues = _best(named, Role.TOTAL), _best(named, Role.DUE)
    largest = max((abs(one.value) for one in (*totals, *dues) if not one.headed), default=Decimal(0))
    best: _Choice | None = None
    for gross in (*totals[:_TOP], *dues[:_TOP]) if totals or dues else _sums_printed(plain, nets, taxes, rates):
        if gross.headed and abs(gross.value) < largest:  # a row of the table of rates is a part of the total
            continue
        for choice in _choices(gross, nets, taxes, others, unnamed, rates):
            if (best is None or choice.score > best.score) and (choice.holds or gross.weight):
                best = choice
    return best


def _unnamed(role: Role, amount: Amount) -> Named:
    return Named(role, amount.value or Decimal(0), amount, 0.0, headed=False, rate=None)


def _sums_printed(plain: list[Amount], nets: list[Named], taxes: list[Named], rates: frozenset[Decimal]) -> list[Named]:
    """Amounts whose name is unreadable, but that are a named net and its tax together."""
    pairs = [(net, tax) for net in nets for tax in taxes if tax.value and not (net.headed or tax.headed)]
    sums = {net.value + tax.value for net, tax in pairs if _fits(tax.value, net.value, rates)}
    return _best((_unnamed(Role.TOTAL, amount) for amount in plain if amount.value in sums), Role.TOTAL)[:_TOP]


def _choices(
    gross: Named,
    nets: list[Named],
    taxes: list[Named],
    others: list[Named],
    unnamed: list[Named],
    rates: frozenset[Decimal],
) -> Iterator[_Choice]:
    weight = gross.weight / 2 if gross.role is Role.DUE else gross.weight  # what is due may hold more than the total
    yield _Choice(weight, gross, None, None, (), holds=False)
    for net in nets:
        score = weight + net.weight / 2
        gap = gross.value - net.value
        yield _Choice((score + weight) / 2, gross, net, None, (), holds=False)
        for tax in taxes:
            if abs(tax.value) > abs(net.value):
                continue
            fits = _fits(tax.value, net.value, rates)
            bridged = any(gap - tax.value in (other.value, -other.value) for other in others if other.value)
            holds = tax.value == gap or bridged
            bonus = _SUM_HOLDS if tax.value == gap else _SUM_BRIDGED if bridged else -1.0
            bonus += _RATE_FITS if fits and tax.value else 0.0
            yield _Choice(score + tax.weight / 2 + bonus, gross, net, tax, (), holds=holds)
        yield from _without_named_tax(gross, net, taxes, unnamed, rates, score)


def _without_named_tax(
    gross: Named, net: Named, taxes: list[Named], unnamed: list[Named], rates: frozenset[Decimal], score: float
) -> Iterator[_Choice]:
    """The gap may be the sum of several rates' taxes, or an amount that nobody named but that fits a printed rate."""
    gap = gross.value - net.value
    if not gap:
        yield _Choice(score + 0.5, gross, net, None, (), holds=False)
        return
    parts = [tax for tax in taxes if tax.value != gap]
    for count in (2, 3):
        for several in combinations(parts, count):
            if sum(tax.value for tax in several) == gap:
                yield _Choice(score + 2.0 + _SUM_HOLDS, gross, net, None, several, holds=True)
    for tax in unnamed:
        if tax.value == gap and _fits(gap, net.value, rates):
            yield _Choice(score + _SUM_HOLDS, gross, net, tax, (), holds=True)


def _fits(tax: Decimal, net: Decimal, rates: frozenset[Decimal]) -> bool:
    return any(abs(net * rate / 100 - tax) <= _ROUNDING for rate in rates)


def _of_choice(choice: _Choice, named: list[Named], printed: list[Amount]) -> Iterator[Candidate]:
    checks = ("net_plus_tax",) if choice.holds else ()
    gross = choice.gross
    rivals = () if choice.holds else _rivals(choice, named, printed)
    confidence = CHECKED if choice.holds else CONFLICTING if rivals or _doubtful(choice, named) else _by_name(gross)
    alternatives = tuple(other_reading(one.value, one.amount.span, _by_name(one) / 2) for one in rivals)
    yield seen("total", gross.value, gross.amount.span, confidence, checks=checks, alternatives=alternatives)
    for field, part in (("subtotal", choice.net), ("tax", choice.tax)):
        if part is not None:
            open_ = part.headed or _blurred(part)
            certain = CHECKED if choice.holds else CONFLICTING if open_ else _by_name(part)
            yield seen(field, part.value, part.amount.span, certain, checks=checks)
    if choice.taxes:
        together = sum((tax.value for tax in choice.taxes), Decimal(0))
        yield derived(seen("tax", together, choice.taxes[0].amount.span, CHECKED, checks=(*checks, "sum_of_rates")))


def _rivals(choice: _Choice, named: list[Named], printed: list[Amount]) -> tuple[Named, ...]:
    """Other amounts that could as well be the total, where no sum decides."""
    gross = choice.gross
    near = tuple(
        one for one in _best(named, Role.TOTAL) if one.value != gross.value and gross.weight - one.weight < _CLOSE
    )
    return near or (_grown_by_tax(gross, printed) if gross.weight < _STRONG else ())


def _grown_by_tax(gross: Named, printed: list[Amount]) -> tuple[Named, ...]:
    """What a weakly named total becomes if it is the net of two amounts printed with it: a tax and the real total."""
    values = {amount.value for amount in printed}
    return tuple(
        _unnamed(Role.TOTAL, amount)
        for amount in printed
        if amount.value is not None
        and amount.span.segment.row >= gross.amount.span.segment.row
        and _LEAST_TAX <= (amount.value - gross.value) / (gross.value or 1) <= _MOST_TAX
        and amount.value - gross.value in values
    )


def _doubtful(choice: _Choice, named: list[Named]) -> bool:
    """Whether any line of a table would do as well, the sign is not the net's, or net and tax add up to another sum."""
    gross, net = choice.gross, choice.net
    unsigned = net is not None and gross.value * net.value < 0
    rows = [one for one in named if not one.headed and one.weight >= _NAMED_IN_ROW and one.value]
    contradicted = {Role.SUBTOTAL, Role.TAX} <= {one.role for one in rows}
    any_line = gross.headed and len(_best(named, Role.TOTAL)) > 1
    return unsigned or contradicted or any_line or _blurred(gross)


def _blurred(one: Named) -> bool:
    """An integer that OCR read: its decimal mark may be lost."""
    return not one.amount.precise and one.amount.span.segment.source is Source.OCR


def _by_name(one: Named) -> float:
    if one.headed:
        return HEADED
    return LABELLED if one.weight >= _STRONG else WEAKLY_LABELLED


def _due(due: Named, choice: _Choice | None, named: list[Named]) -> Candidate:
    """The amount due; certain when it is the total, or the total less what was paid."""
    checks: tuple[str, ...] = ()
    if choice is not None and choice.holds:
        paid = {abs(one.value) for one in named if one.role is Role.PAID}
        if due.value == choice.gross.value or choice.gross.value - due.value in paid:
            checks = ("total_less_paid",)
    confidence = CHECKED if checks else _by_name(due)
    alone = choice is not None and due.weight < _STRONG and due.value != choice.gross.value
    if not checks and (alone or _blurred(due)):
        confidence = CONFLICTING  # prose that mentions an amount, and it is not the total
    return seen("amount_due", due.value, due.amount.span, confidence, checks=checks)
