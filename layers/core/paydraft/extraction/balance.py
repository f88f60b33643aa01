"""The solver of amounts: net + adjustments + tax = total, total - paid = due, lines = net, rate x net = tax.

Every assignment of the best candidates is weighed: what the page calls an amount, and each sum that holds. Sums decide;
names alone are weaker. Nothing is made up: every amount of an assignment is printed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from paydraft.extraction.adjustments import TOP, bridges_of, signed, tax_sums
from paydraft.extraction.totals import Named, Role
from paydraft.model.page import Source

_MAX_PRINTED = 80  # amounts tried as net of a printed rate
_SUM_HOLDS = 4.0
_SUM_BRIDGED = 2.5  # holds with a discount, a fee or a rounding between
_DOUBTED = 0.5  # for each amount that OCR may have read wrong
_TAX_INSIDE = 3.0  # the total holds the tax of a printed rate
_SUM_NEARLY = 1.0  # a cent apart: the tax was rounded line by line
_RATE_FITS = 1.5
_LINES_FIT = 2.0
_ROWS_FIT = 2.0  # the taxes of all rates
_CENT = Decimal("0.01")
_ROUNDING = Decimal("0.05")  # Swiss cash rounding; per-line rounding of tax
_NEARLY = Decimal("0.02")
_HALF = Decimal("0.5")
_LEAST_INSIDE = Decimal("0.1")  # a tax of few cents fits any total
_SMALL = 20  # a rounding goes this often into its net amount
_FIVE_CENTS = Decimal("0.05")
_LEAST_TAX = Decimal("0.02")  # of the net amount, for a sum that nobody names


@dataclass(frozen=True, slots=True)
class Terms:
    """What the amounts of a document can be."""

    totals: tuple[Named, ...]
    dues: tuple[Named, ...]
    nets: tuple[Named, ...]
    taxes: tuple[Named, ...]
    between: tuple[Named, ...]  # discounts, fees, roundings
    printed: Mapping[Decimal, Named]  # every amount of the page without a name, by its value
    rates: frozenset[Decimal]  # every percentage of the page
    lines: Decimal | None  # the sum of the lines
    rows: tuple[Decimal, tuple[Named, ...]] | None  # net and taxes of all rows that state the tax of a rate
    twice: frozenset[Decimal]  # taxes that are named in two rows
    taxed: tuple[tuple[Decimal, Decimal], ...]  # printed amounts with the tax of a printed rate


@dataclass(frozen=True, slots=True)
class Balance:
    """One way to fill total, net and tax, and what speaks for it."""

    score: float
    gross: Named
    net: Named | None = None
    taxes: tuple[Named, ...] = ()
    between: tuple[Named, ...] = ()
    holds: bool = False
    nearly: bool = False
    checks: tuple[str, ...] = ()

    @property
    def tax(self) -> Decimal | None:
        """The tax of all rates together."""
        return sum_of(self.taxes) if self.taxes else None


def sum_of(named: Iterable[Named]) -> Decimal:
    """The sum of some amounts."""
    return sum((one.value for one in named), Decimal(0))


def solve(terms: Terms) -> list[Balance]:
    """The best assignment for each possible total, best first."""
    best: dict[Decimal, Balance] = {}
    bridges = bridges_of(terms.between)
    several = tax_sums(terms.taxes, terms.twice)
    for gross in _possible_totals(terms):
        for balance in _balances(gross, terms, bridges, several):
            known = best.get(gross.value)
            if known is None or balance.score > known.score:
                best[gross.value] = balance
    return sorted(best.values(), key=lambda one: (-one.score, -one.gross.amount.span.segment.row))


def strongest(named: Iterable[Named], *roles: Role) -> list[Named]:
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


def _possible_totals(terms: Terms) -> Iterator[Named]:
    """What is named a total or due; where nothing is, the sums of a net amount and the tax of a printed rate."""
    named = (*terms.totals, *terms.dues)
    in_rows = [one for one in named if not one.headed]
    largest = max((abs(one.value) for one in in_rows or named), default=Decimal(0))
    for one in (*terms.totals[:TOP], *terms.dues[:TOP]):
        if not one.headed or abs(one.value) >= largest:  # a row of the table of rates is a part of the total
            yield one
    if not terms.totals and not terms.dues:
        sums = {
            net.value + tax.value for net in terms.nets for tax in terms.taxes if _fits(tax.value, net.value, terms)
        }
        sums |= {net + tax for net, tax in terms.taxed}
        yield from (terms.printed[value] for value in sorted(sums, reverse=True)[:TOP] if value in terms.printed)


def taxed_amounts(printed: Iterable[Decimal], rates: frozenset[Decimal]) -> Iterator[tuple[Decimal, Decimal]]:
    """Printed amounts with the printed tax of a printed rate, give or take a cent."""
    known = frozenset(printed)
    for net in sorted(known, reverse=True)[:_MAX_PRINTED]:
        for rate in rates:
            tax = (net * rate / 100).quantize(_CENT)
            if tax >= _LEAST_TAX * net > 0:
                yield from ((net, near) for near in (tax, tax - _CENT, tax + _CENT) if near in known)


def _balances(
    gross: Named, terms: Terms, bridges: dict[Decimal, tuple[Named, ...]], several: dict[Decimal, tuple[Named, ...]]
) -> Iterator[Balance]:
    weight = gross.weight / 2 if gross.role is Role.DUE else gross.weight  # what is due may hold more than the total
    if gross.weight:
        yield Balance(weight, gross)
        yield from _without_net(gross, weight, terms)
    for net in _possible_nets(gross, terms, several):
        base = weight + net.weight / 2 + _of_lines(net.value, terms)
        gap = gross.value - net.value
        if gross.weight:
            yield Balance((base + weight) / 2, gross, net)
        filled = (one for one in _fillings(net, gap, terms, bridges, several) if _is_tax_of(net.value, one[0]))
        for taxes, between, bonus, nearly in filled:
            tax = sum_of(taxes)
            doubts = sum(one.amount.doubted for one in (gross, net, *taxes))
            if doubts and (nearly or bonus < _SUM_HOLDS or doubts > 1 + bool(_of_lines(net.value, terms))):
                continue
            score = (
                -_DOUBTED * doubts
                + base
                + sum(one.weight for one in taxes[:1]) / 2
                + bonus
                + _of_rates(net, taxes, between, terms)
            )
            if terms.rows and terms.rows[0] == net.value and sum_of(terms.rows[1]) == tax:
                score += _ROWS_FIT
            yield Balance(score, gross, net, taxes, between, holds=True, nearly=nearly, checks=("net_plus_tax",))
        if not gap:
            yield Balance(base + 0.5, gross, net)
        for tax_named in terms.taxes[:TOP]:
            if abs(tax_named.value) <= abs(net.value):
                yield Balance(base + tax_named.weight / 2 - 1.0, gross, net, (tax_named,))


def _without_net(gross: Named, weight: float, terms: Terms) -> Iterator[Balance]:
    """What confirms a total where no net amount is named: its tax is inside it, or its lines or rates make it."""
    if terms.rows is not None and terms.rows[0] + sum_of(terms.rows[1]) == gross.value:
        net = terms.printed.get(terms.rows[0])
        yield Balance(weight + _SUM_HOLDS, gross, net, taxes=terms.rows[1], holds=True, checks=("sum_of_rates",))
    for tax in terms.taxes[:TOP]:
        misread = bool(terms.nets) and gross.amount.span.segment.source is Source.OCR  # else net and tax would do
        inside = not misread and abs(tax.value) >= _LEAST_INSIDE and _is_inside(tax.value, gross.value, terms)
        added = not tax.headed and terms.lines is not None and terms.lines + tax.value == gross.value
        if tax.value and (inside or added):
            checks = ("lines_plus_tax",) if added else ("tax_in_total",)
            score = weight + tax.weight / 2 + (_SUM_HOLDS if added else _TAX_INSIDE) + _RATE_FITS
            yield Balance(score, gross, taxes=(tax,), holds=True, checks=checks)
    if terms.lines == gross.value and not any(tax.value for tax in terms.taxes):
        larger = any(one.value > gross.value > 0 and not one.headed for one in (*terms.totals, *terms.dues))
        holds = gross.role is Role.TOTAL and not larger
        yield Balance(weight + _LINES_FIT, gross, taxes=terms.taxes[:1], holds=holds, checks=("sum_of_lines",))
    net = next((one for one in terms.nets if one.value == gross.value), None)
    if net is not None and terms.lines == gross.value and net.amount.span != gross.amount.span:
        score = weight + net.weight / 2 + _LINES_FIT + 1.0
        yield Balance(score, gross, net, holds=True, checks=("sum_of_lines",))  # printed thrice: there is no tax


def _is_inside(tax: Decimal, gross: Decimal, terms: Terms) -> bool:
    return any(abs(gross * rate / (100 + rate) - tax) <= _CENT for rate in terms.rates if rate)


def _is_tax_of(net: Decimal, taxes: tuple[Named, ...]) -> bool:
    """Whether taxes can be those of a net amount: of its sign each, and half of it at most; no rate comes near that."""
    return 2 * abs(sum_of(taxes)) <= abs(net) and all(one.value * net >= 0 for one in taxes)


def _possible_nets(gross: Named, terms: Terms, several: dict[Decimal, tuple[Named, ...]]) -> Iterator[Named]:
    yield from terms.nets[:TOP]
    for one in terms.totals[:TOP]:  # "total 1,000.00, tax 190.00, invoice amount 1,190.00"
        gap = gross.value - one.value
        if not one.headed and abs(one.value) < abs(gross.value) and (gap in terms.printed or gap in several):
            yield replace(one, weight=one.weight / 2)
    if not terms.nets:
        for net, tax in terms.taxed:
            if net + tax == gross.value:
                yield terms.printed[net]


def _fillings(
    net: Named,
    gap: Decimal,
    terms: Terms,
    bridges: dict[Decimal, tuple[Named, ...]],
    several: dict[Decimal, tuple[Named, ...]],
) -> Iterator[tuple[tuple[Named, ...], tuple[Named, ...], float, bool]]:
    """The taxes and adjustments that fill the gap between net and total."""
    for tax in terms.taxes[:TOP]:
        if abs(tax.value) <= abs(net.value):
            yield from _one_tax(tax, net, gap - tax.value, terms, bridges)
    for value, taxes in several.items():
        if value == gap:
            yield taxes, (), _SUM_HOLDS, False
        elif gap - value in bridges:
            yield taxes, bridges[gap - value], _SUM_BRIDGED, False
    if terms.rows and terms.rows[0] == net.value and sum_of(terms.rows[1]) == gap:
        yield terms.rows[1], (), _SUM_HOLDS, False
    unnamed = terms.printed.get(gap)
    if unnamed is not None and gap and _fits(gap, net.value, terms):
        yield (unnamed,), (), _SUM_HOLDS, False


def _one_tax(
    tax: Named, net: Named, rest: Decimal, terms: Terms, bridges: dict[Decimal, tuple[Named, ...]]
) -> Iterator[tuple[tuple[Named, ...], tuple[Named, ...], float, bool]]:
    """What one tax leaves of the gap: nothing, adjustments, or a cent of rounding."""
    if not rest:
        yield (tax,), (), _SUM_HOLDS, False
    elif rest in bridges:
        yield (tax,), bridges[rest], _SUM_BRIDGED, False
    elif net.amount.span.segment.source is not Source.OCR:  # in pixels a cent apart is a digit misread
        yield from _rounded(tax, net, rest, terms, bridges)


def _rounded(
    tax: Named, net: Named, rest: Decimal, terms: Terms, bridges: dict[Decimal, tuple[Named, ...]]
) -> Iterator[tuple[tuple[Named, ...], tuple[Named, ...], float, bool]]:
    """A sum that misses the total by a rounding, whether it is printed or not."""
    fits = _fits(tax.value, net.value, terms)
    small = abs(rest) < 1 and abs(rest) * _SMALL <= abs(net.value)
    if abs(rest) <= _NEARLY and fits:
        yield (tax,), (), _SUM_NEARLY, True
    elif small and _is_rounded(net.value + rest + tax.value, net.value + tax.value):
        step = terms.printed.get(abs(rest))
        if step is not None:
            yield (tax,), (replace(step, role=Role.ROUNDING),), _SUM_BRIDGED, False
        elif fits and abs(rest) <= _HALF:
            yield (tax,), (), _SUM_NEARLY, True
    elif near := next((rest + cent for cent in (_CENT, -_CENT) if rest + cent in bridges), None):
        yield (tax,), bridges[near], _SUM_NEARLY, True


def _is_rounded(total: Decimal, exact: Decimal) -> bool:
    """Whether a total is in whole units, or in the five hundredths of a cash payment, and its exact sum is not."""
    return (not total % 1 and bool(exact % 1)) or (not total % _FIVE_CENTS and bool(exact % _FIVE_CENTS))


def _of_lines(net: Decimal, terms: Terms) -> float:
    return _LINES_FIT if terms.lines is not None and terms.lines == net else 0.0


def _of_rates(net: Named, taxes: tuple[Named, ...], between: tuple[Named, ...], terms: Terms) -> float:
    """Whether the tax is a printed rate of the net amount, or of what adjustments leave of it."""
    if len(taxes) != 1 or not taxes[0].value:
        return 0.0
    bases = [net.value] + [net.value + step for step in signed(between)] if between else [net.value]
    return _RATE_FITS if any(_fits(taxes[0].value, base, terms) for base in bases) else 0.0


def _fits(tax: Decimal, net: Decimal, terms: Terms) -> bool:
    whole = bool(tax) and not tax % 1 and not net % 1  # a currency without cents
    return any(abs(net * rate / 100 - tax) <= (_HALF if whole else _ROUNDING) for rate in terms.rates)
