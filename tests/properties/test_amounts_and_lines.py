"""What is printed in a table or below it is read back; a digit that OCR changed never gives another total."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paydraft.extraction.figures import figures_in
from paydraft.extraction.layout import arrange
from paydraft.extraction.misread import with_second_readings
from paydraft.model.page import Source
from tests.typeset import a_page, read

CENT = Decimal("0.01")
NAMES = st.sampled_from(["Blue paper", "Pens", "Consulting", "Cable 3 m", "Ink (black)", "Site visit", "Chair, oak"])
QUANTITIES = st.integers(1, 60)
PRICES = st.integers(5, 90_000).map(lambda cents: Decimal(cents) * CENT)
RATES = st.sampled_from([Decimal(rate) for rate in ("5", "7", "10", "19", "20", "25")])
STYLES = st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ",")])


def printed(amount: Decimal, style: tuple[str, str]) -> str:
    grouping, mark = style
    return f"{amount:,.2f}".replace(",", "G").replace(".", mark).replace("G", grouping)


@st.composite
def invoices(draw) -> tuple[list[tuple[str, int, Decimal]], Decimal, tuple[str, str]]:
    items = draw(st.lists(st.tuples(NAMES, QUANTITIES, PRICES), min_size=1, max_size=6))
    return items, draw(RATES), draw(STYLES)


def sums_of(items: list[tuple[str, int, Decimal]], rate: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    net = sum((quantity * price for _, quantity, price in items), Decimal(0))
    tax = (net * rate / 100).quantize(CENT)
    return net, tax, net + tax


def table(items: list[tuple[str, int, Decimal]], style: tuple[str, str]) -> str:
    rows = [
        f"{name:<24}{quantity:>6}{printed(price, style):>16}{printed(quantity * price, style):>18}"
        for name, quantity, price in items
    ]
    return "\n".join([f"{'Description':<24}{'Qty':>6}{'Unit price':>16}{'Amount':>18}", *rows])


def foot(net: Decimal, tax: Decimal, total: Decimal, rate: Decimal, style: tuple[str, str]) -> str:
    named = (("Subtotal", net), (f"VAT {rate}%", tax), ("Total GBP", total))
    return "\n".join(f"{name:<40}{printed(amount, style):>24}" for name, amount in named)


@settings(max_examples=60, deadline=None)
@given(invoices())
def test_lines_and_sums_are_read_back_in_every_style(invoice):
    items, rate, style = invoice
    net, tax, total = sums_of(items, rate)
    got = read(f"{table(items, style)}\n\n{foot(net, tax, total, rate, style)}")
    assert [(one.description, one.quantity, one.unit_price, one.net) for one in got.line_items] == [
        (name, quantity, price, quantity * price) for name, quantity, price in items
    ]
    assert (got.subtotal, got.tax, got.total) == (net, tax, total)
    assert "sum_of_lines" in got.evidence["line_items"].checks


@settings(max_examples=60, deadline=None)
@given(invoices(), st.integers(0, 2), st.integers(0, 30), st.sampled_from("0123456789"))
def test_a_digit_that_ocr_changed_never_gives_another_total(invoice, which: int, place: int, digit: str):
    items, rate, style = invoice
    sums = list(sums_of(items, rate))
    right, digits = sums[2], str(sums[which])
    at = place % len(digits)
    if digits[at] == "." or (at == 0 and digit == "0"):
        return
    sums[which] = Decimal(digits[:at] + digit + digits[at + 1 :])
    got = read(foot(*sums, rate, style), source=Source.OCR)
    assert got.total in (None, right)


@given(st.text("0123456789.,'’ -€$%CHFkgStk.|()\u00a0", max_size=60), st.sampled_from([None, ".", ","]))
def test_any_row_gives_finite_figures_that_stand_in_it(text: str, mark: str | None):
    for row in arrange((a_page(text.replace("\n", " ") or "x"),)).rows:
        for figure in figures_in(row, mark):
            assert figure.span.text in figure.span.segment.text
            assert all(value.is_finite() for value in figure.values)
            assert row.box.x0 - 1 <= figure.x0 <= figure.x1 <= row.box.x1 + 1


@given(st.text("0123456789.,'’ -€OoIlSBZ|58e", max_size=60))
def test_second_readings_are_doubted_and_only_made_of_pixels(text: str):
    layout = arrange((a_page(text or "x", source=Source.OCR),))
    assert all(one.doubted and one.value is not None for one in with_second_readings([], layout.segments))
    assert with_second_readings([], arrange((a_page(text or "x"),)).segments) == []


@pytest.mark.parametrize("text", ["1 " * 30_000, "1.00 " * 20_000, "O0," * 20_000, "Qty Price Total\n" * 2_000])
def test_hostile_tables_end(text: str):
    read(text, source=Source.OCR)
