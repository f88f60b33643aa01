"""An invoice that was drafted before is known again; one that comes every month is not taken for it."""

from datetime import date, timedelta

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.history import Trace
from paydraft.model.invoice import Party
from paydraft.transfers.duplicates import (
    Past,
    duplicates,
    is_outlier,
    marks_of,
    number_forms,
    past_of,
    trace_of,
    usual_amount,
)
from tests.builders import IBANS, NOW, an_id, an_invoice

NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)
DAY = date(2026, 11, 2)


def a_trace(**fields):
    defaults = {"transfer_id": an_id(), "minor_units": 119_000, "currency": "EUR", "dated": DAY, "seen": NOW.date()}
    return Trace(**(defaults | fields))


def rules(trace, *earlier):
    return [rule for rule, _ in duplicates(trace, Past(supplier=earlier))]


def share_a_form(one, other):
    return bool(set(number_forms(one)) & set(number_forms(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RE-2026-0042", "RE20260042"),
        ("RE-2026-0042", "re 2026/42"),
        ("0042", "42"),
        ("No. 7", "NO-007"),
        ("RÉ-1", "RE-1"),
        ("INV#00012", "INV 12"),
    ],
)
def test_the_same_number_written_differently_shares_a_form(one, other):
    assert share_a_form(one, other)


@pytest.mark.parametrize(("one", "other"), [("1001", "1002"), ("RE-1", "RG-1"), ("10", "100"), ("2026-1", "2025-1")])
def test_different_numbers_share_no_form(one, other):
    assert not share_a_form(one, other)


def test_no_number_has_no_form():
    assert number_forms(None) == number_forms(" - ") == ()


def marks(invoice, sha256="ab", match=NOT_FOUND, counterparty_id=None):
    return marks_of(invoice, match, counterparty_id, sha256)


def test_a_scan_that_lost_vat_number_and_iban_is_still_of_the_same_supplier_by_name():
    whole = marks(an_invoice(seller=Party(name="Muster GmbH", vat_number="DE123456789")))
    poor = marks(an_invoice(seller=Party(name="MUSTER  GmbH"), iban=None))
    assert set(poor.suppliers) < set(whole.suppliers)
    assert set(poor.numbers) < set(whole.numbers)


def test_a_key_names_nobody():
    keys = marks(an_invoice(seller=Party(name="Erika Mustermann", vat_number="DE123456789"))).keys
    assert not [key for key in keys if "erika" in key.lower() or "DE1" in key or IBANS[0] in key]


def test_the_same_number_of_another_supplier_is_another_key():
    one = marks(an_invoice(seller=Party(name="A"), iban=Iban(IBANS[0])))
    other = marks(an_invoice(seller=Party(name="B"), iban=Iban(IBANS[1])))
    assert not set(one.numbers) & set(other.numbers)


def test_the_tenants_own_account_names_no_supplier():
    own = MatchOutcome(kind=MatchKind.NOT_FOUND, own_account=True)
    with_it, without = an_invoice(), an_invoice(iban=None)
    assert marks(with_it, match=own).suppliers == marks(without).suppliers


def test_what_is_cancelled_or_its_own_earlier_reading_is_left_out():
    own, gone, other = a_trace(), a_trace(), a_trace()
    its = marks(an_invoice())
    found = {its.files[0]: (own, gone, other), its.suppliers[0]: (other,), its.suppliers[1]: (other,)}
    past = past_of(its, found, frozenset({own.transfer_id, gone.transfer_id}))
    assert (past.same_file, past.supplier, past.same_number) == ((other,), (other,), ())


@pytest.mark.parametrize("days", [0, 1, 3, -3])
def test_the_same_amount_a_few_days_apart_is_a_duplicate_even_under_another_number(days):
    later = a_trace(number="RE2", dated=DAY + timedelta(days=days))
    assert rules(later, a_trace(number="RE1")) == ["same_amount"]


@pytest.mark.parametrize("days", [4, 7, 28, 31, 365])
def test_the_same_amount_later_on_is_a_recurring_invoice(days):
    assert rules(a_trace(number="RE2", dated=DAY + timedelta(days=days)), a_trace(number="RE1")) == []


def test_another_amount_or_currency_is_another_invoice():
    assert rules(a_trace(), a_trace(minor_units=119_001), a_trace(currency="CHF")) == []


def test_an_invoice_every_other_day_of_one_amount_is_flagged_until_it_is_a_series():
    series = [a_trace(number=f"L{n}", dated=DAY + timedelta(days=2 * n)) for n in range(3)]
    following = a_trace(number="L9", dated=DAY + timedelta(days=6))
    assert rules(following, *series[1:]) == ["same_amount"]
    assert rules(following, *series) == []


@pytest.mark.parametrize(
    "fields", [{"number": "L2"}, {"number": None}, {"dated": DAY + timedelta(days=4)}, {"dated": None, "number": None}]
)
def test_what_does_not_go_on_as_the_series_did_is_flagged(fields):
    series = [a_trace(number=f"L{n}", dated=DAY + timedelta(days=2 * n)) for n in range(3)]
    following = a_trace(**{"number": "L9", "dated": DAY + timedelta(days=6)} | fields)
    assert "same_amount" in rules(following, *series)


def test_an_undated_copy_counts_as_near_while_a_number_is_missing_too():
    dated, undated = a_trace(number="RE1"), a_trace(dated=None, number=None)
    assert rules(undated, dated) == ["same_amount"]
    assert rules(a_trace(dated=None, number="RE2"), dated) == []
    assert rules(undated, a_trace(seen=NOW.date() - timedelta(days=31))) == []


@pytest.mark.parametrize(("amount", "flagged"), [(30_00, False), (30_01, True), (3_00, False)])
def test_more_than_three_times_the_median_of_at_least_three_is_out_of_proportion(amount, flagged):
    earlier = tuple(a_trace(minor_units=units) for units in (9_00, 10_00, 90_00))
    assert is_outlier(a_trace(minor_units=amount), Past(supplier=earlier)) is flagged


def test_the_median_of_an_even_number_lies_between_the_middle_two():
    earlier = tuple(a_trace(minor_units=units) for units in (1, 2, 5, 9))
    assert usual_amount(a_trace(), Past(supplier=earlier)) == (7, 4)


def test_too_few_invoices_or_another_currency_are_no_measure():
    earlier = tuple(a_trace(minor_units=1, currency=currency) for currency in ("EUR", "EUR", "CHF"))
    assert not is_outlier(a_trace(), Past(supplier=earlier))


FACTORED = {"iban": Iban(IBANS[0])}


def seller_of(name, vat_number):
    return an_invoice(seller=Party(name=name, vat_number=vat_number), number="1001", **FACTORED)


def trace_by(invoice):
    return trace_of(an_id(), invoice, invoice.to_pay, NOW.date())


def test_two_sellers_who_are_paid_through_one_bank_are_two():
    one, other = seller_of("A GmbH", "DE111111111"), seller_of("B GmbH", "DE222222222")
    assert set(marks(one).numbers) & set(marks(other).numbers)
    past = Past(same_number=(trace_by(one),), supplier=tuple(trace_by(one) for _ in range(3)))
    assert duplicates(trace_by(other), past) == ()
    assert usual_amount(trace_by(other), past) is None


@pytest.mark.parametrize(
    "again", [seller_of("A GmbH", "DE111111117"), seller_of("A  gmbh.", None), seller_of(None, "DE222222222")]
)
def test_a_seller_whose_name_or_vat_number_was_misread_is_still_the_same(again):
    assert duplicates(trace_by(again), Past(same_number=(trace_by(seller_of("A GmbH", "DE111111111")),)))
