"""The tax rate, where there is one only, and the tax of each rate."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, seen, seen_over
from paydraft.extraction.layout import Layout, Span
from paydraft.extraction.tax_rows import PERCENT, TaxRow
from paydraft.extraction.totals import Named, Role
from paydraft.model.invoice import TaxLine

_ROUNDED = Decimal("0.011")


def tax_candidates(
    layout: Layout,
    named: Iterable[Named],
    totals: Iterable[Candidate],
    rates: frozenset[Decimal],
    rows: Sequence[TaxRow],
) -> list[Candidate]:
    """The candidates for the tax rate and for the tax of each rate."""
    values = {one.field: one.value for one in totals if one.confidence >= sure.FLOOR and isinstance(one.value, Decimal)}
    several = _agreeing(rows, values)
    if len(several) > 1:
        return [_lines(several)]
    fitting = _fitting(values, rates | {row.rate for row in several})
    found = [_lines(several)] if several else []
    if len(fitting) == 1:
        rate = fitting[0]
        return [*found, seen("tax_rate", rate, _spot(layout, rate), sure.CHECKED, checks=("net_times_rate",))]
    labelled = {one.rate: one for one in named if one.role is Role.TAX and one.rate is not None}
    if len(labelled) == 1:
        rate, one = next(iter(labelled.items()))
        found.append(seen("tax_rate", rate, one.amount.span, sure.WEAKLY_LABELLED))
    return found


def _fitting(values: dict[str, Decimal], rates: frozenset[Decimal]) -> list[Decimal]:
    """The printed rates that the tax is of the net amount, or of what the total holds beside the tax."""
    net, total = values.get("subtotal"), values.get("total")
    tax = values.get("tax")
    if tax is None and net is not None and total is not None:
        tax = total - net  # printed as a rate only
    if not tax:
        return []
    bases = {base for base in (net, total - tax if total is not None else None) if base}
    return [rate for rate in rates if rate and any(abs(base * rate / 100 - tax) <= _ROUNDED for base in bases)]


def _spot(layout: Layout, rate: Decimal) -> Span:
    """Where a rate is printed last: with the totals, below the lines."""
    spots = [
        segment.span(match.start(), match.end())
        for segment in layout.segments
        if "%" in segment.text
        for match in PERCENT.finditer(segment.text)
        if Decimal(match[1].replace(",", ".")) == rate
    ]
    return spots[-1] if spots else next(layout.segments).span()


def _agreeing(rows: Sequence[TaxRow], values: dict[str, Decimal]) -> list[TaxRow]:
    """The rows of all rates, if together they are the tax of the document."""
    tax = values.get("tax")
    if tax is None or not rows or len({row.rate for row in rows}) < len(rows):
        return []
    return list(rows) if sum((row.tax.value or Decimal(0) for row in rows), Decimal(0)) == tax else []


def _lines(rows: Sequence[TaxRow]) -> Candidate:
    """The tax of each rate as one value, and the evidence of its parts under "taxes.N.field"."""
    lines = tuple(TaxLine(rate=row.rate, net=row.net.value, tax=row.tax.value) for row in rows)
    spans = [row.tax.span for row in rows if row.tax.span.segment.sheet is rows[0].tax.span.segment.sheet]
    parts = [
        seen(f"taxes.{number}.{name}", figure.value, figure.span, sure.CHECKED, checks=("net_times_rate",))
        for number, row in enumerate(rows)
        for name, figure in (("net", row.net), ("tax", row.tax))
    ]
    whole = seen_over("taxes", lines, spans, sure.CHECKED)
    return replace(whole, checks=("sum_of_rates",), parts=tuple(parts))
