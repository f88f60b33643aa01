"""Which amounts are named what: total, amount due, subtotal, tax, paid. `sums` then asks which of them agree.

An amount is named by the words left of it in its row, by the words right behind it ("29.99 € TTC"), or by the nearest
head above it in its column. Words are weighed by kind, so that "Total excl. VAT" needs no entry of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from paydraft.extraction.amounts import Amount
from paydraft.extraction.folding import Token, tokens
from paydraft.extraction.labels.vocabulary import AmountWord as W
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Layout, Segment
from paydraft.extraction.relations import Labelled
from paydraft.model.money import CURRENCIES

_HEAD_REACH = 14  # rows between a column head and its last amount
_LEAST_ROUNDED = 5  # in any currency that rounds to whole units
_SENTENCE = 8  # words; a longer phrase is prose that mentions an amount
_WORDS = re.compile(r"[^\W_]+")
_LONG_NUMBER = re.compile(r"\d{4}")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s{0,2}%")


class Role(StrEnum):
    """What an amount is on an invoice."""

    TOTAL = "total"
    DUE = "amount_due"
    SUBTOTAL = "subtotal"
    TAX = "tax"
    PAID = "amount_paid"
    DISCOUNT = "discount"
    SHIPPING = "shipping"
    ROUNDING = "rounding"
    WITHHELD = "withheld"  # tax that the buyer pays to the state instead
    OTHER = "other"  # a price, a fee: may join a sum, is never the total


@dataclass(frozen=True, slots=True)
class Named:
    """An amount with a role, and how strongly the page says so."""

    role: Role
    value: Decimal
    amount: Amount
    weight: float
    headed: bool  # named by its column's head only
    rate: Decimal | None  # percent printed in its row's label


@dataclass(frozen=True, slots=True)
class _Head:
    """A phrase above a column."""

    row: int
    sheet: int
    x0: float
    x1: float
    kinds: frozenset[W]
    of_items: bool  # heads the table of items


def named_amounts(labelled: Labelled, amounts: list[Amount], lexicon: Lexicon) -> list[Named]:
    """Every amount of the document that is named; one amount may have two roles where its words allow both."""
    layout, heads = labelled.layout, _Heads(labelled, lexicon)
    by_segment: dict[int, list[Amount]] = {}
    for amount in amounts:
        by_segment.setdefault(id(amount.span.segment), []).append(amount)
    named: list[Named] = []
    for row in layout.rows:
        has_amounts = any(amount.precise for segment in row.segments for amount in by_segment.get(id(segment), []))
        for segment in row.segments:
            inside = by_segment.get(id(segment), [])
            for amount in inside:  # second readings lie over first ones
                start = max((one.span.end for one in inside if one.span.end <= amount.span.start), default=0)
                behind = (one.span.start for one in inside if one.span.start >= amount.span.end)
                following = min(behind, default=len(segment.text))
                named += _name(layout, amount, segment.text[start : amount.span.start], following, heads, lexicon)
            if not has_amounts:  # else it labels its row
                heads.remember(segment)
    return named


def _name(
    layout: Layout, amount: Amount, before: str, following: int, heads: "_Heads", lexicon: Lexicon
) -> Iterator[Named]:
    value = amount.value
    if value is None:
        return
    segment = amount.span.segment
    label = before if _has_words(before) else _label_left(layout, segment)
    behind = tokens(segment.text[amount.span.end : following])
    words = tokens(label)
    own = kinds = kinds_of((*words, *behind[:3]), lexicon)
    if not amount.precise and lexicon.labels(label):  # "VAT no. 123456": an integer behind the label of something else
        return
    rate = _rate(label)
    prose = len(words) > _SENTENCE or len(behind) > 3
    head = frozenset[W]() if prose or _has_words(before) else heads.above(amount, of_items=not kinds)
    headed = not kinds and bool(head)
    if headed and not amount.precise:  # an integer in a column: a quantity, a rate
        return
    if kinds <= {W.SUM, W.STRONG} or headed:
        kinds = kinds | head
    place = segment.row / max(1, len(layout.rows))
    roles = _roles(kinds, headed=headed)
    if own and own <= {W.SUM, W.STRONG} and roles[:1] == [(Role.SUBTOTAL, 4.0)]:
        roles.append((Role.TOTAL, 2.0))  # the foot of a net column is the total where there is no tax
    for role, weight in roles:
        if role is Role.ROUNDING and abs(value) >= _LEAST_ROUNDED:  # "rounded total", no difference
            role, weight = Role.DUE, 5.5
        weight *= (0.6 if headed else 1.0) * (0.5 if prose else 1.0) * (1.0 if amount.precise else 0.7)
        yield Named(role, value, amount, weight + place, headed, rate)


def _roles(kinds: frozenset[W], *, headed: bool) -> list[tuple[Role, float]]:
    """What words together make of an amount, and how strongly."""
    if W.TAX in kinds and W.INCL in kinds and not kinds & {W.PAID, W.OTHER, W.DISCOUNT, W.DUE}:
        # "incl. 19% VAT 12.00" is the tax inside, "total incl. VAT 75.00" the sum
        whole = headed or kinds & {W.SUM, W.GROSS, W.NET}
        return [(Role.TOTAL, 6.0)] if whole else [(Role.TAX, 3.0)]
    if W.WITHHELD in kinds and not kinds & {W.DUE, W.EXCL}:
        return [(Role.WITHHELD, 2.0)]
    apart = _apart(kinds)
    if apart:
        return [(apart, 1.0)]
    if W.DUE in kinds and W.PAID in kinds and not kinds & {W.OTHER, W.DISCOUNT}:
        return [(Role.DUE, 6.0)]
    if W.NET in kinds and W.TAX in kinds and not kinds & {W.PAID, W.OTHER, W.DISCOUNT, W.DUE, W.EXCL, W.SUB}:
        return [(Role.SUBTOTAL, 3.0)]  # the taxable amount of one rate
    return next(([(role, weight)] for any_of, role, weight in _BY_WORDS if kinds & any_of), _plain_sum(kinds))


def _apart(kinds: frozenset[W]) -> Role | None:
    """What stands between the lines and the total: a discount, a fee for shipping, a rounding."""
    if kinds & {W.PAID, W.DUE, W.NET, W.SUB, W.EXCL, W.GROSS}:
        return None
    order = ((W.ROUNDING, Role.ROUNDING), (W.DISCOUNT, Role.DISCOUNT), (W.SHIPPING, Role.SHIPPING))
    return next((role for kind, role in order if kind in kinds), None)


def _plain_sum(kinds: frozenset[W]) -> list[tuple[Role, float]]:
    if W.SUM not in kinds:
        return []
    return [(Role.TOTAL, 6.0 if kinds & {W.STRONG, W.INCL} else 3.0)]


# The first row that shares a word decides.
_BY_WORDS: tuple[tuple[frozenset[W], Role, float], ...] = (
    (frozenset({W.PAID}), Role.PAID, 4.0),
    (frozenset({W.OTHER, W.DISCOUNT, W.SHIPPING, W.ROUNDING, W.CARRIED}), Role.OTHER, 1.0),
    (frozenset({W.DUE}), Role.DUE, 6.0),
    (frozenset({W.EXCL, W.SUB}), Role.SUBTOTAL, 4.0),
    (frozenset({W.NET}), Role.SUBTOTAL, 4.0),
    (frozenset({W.TAX}), Role.TAX, 4.0),
    (frozenset({W.GROSS}), Role.TOTAL, 6.0),
)


def kinds_of(words: tuple[Token, ...], lexicon: Lexicon) -> frozenset[W]:
    """What the words beside an amount say of it, all together; of a longer text only the last words count."""
    kinds: set[W] = set()
    for word in words[-12:]:
        kinds |= lexicon.amount_word(word.text)
    for first, second in pairwise(words[-12:]):  # "sub total", "B.T.W."
        kinds |= lexicon.amount_word(first.text + second.text)
    if len(words) >= 3 and all(len(word.text) == 1 for word in words[:3]):
        kinds |= lexicon.amount_word("".join(word.text for word in words[:3]))
    return frozenset(kinds)


def _label_left(layout: Layout, segment: Segment) -> str:
    """The nearest words in the row's cells to the left; cells with numbers and currency codes only are skipped."""
    for _ in range(5):
        left = layout.left_of(segment)
        if left is None:
            return ""
        if _has_words(left.text):
            return left.text
        segment = left
    return ""


def _has_words(text: str) -> bool:
    """Whether a cell says something: not just numbers, a unit's single letter or a currency."""
    letters = [word for word in _WORDS.findall(text) if not word.isdecimal() and word.upper() not in CURRENCIES]
    return sum(map(len, letters)) > 1


def _rate(label: str) -> Decimal | None:
    rates = _PERCENT.findall(label)
    return Decimal(rates[0].replace(",", ".")) if len(rates) == 1 else None


class _Heads:
    """Phrases without amounts seen so far: the possible heads of the columns below them."""

    def __init__(self, labelled: Labelled, lexicon: Lexicon) -> None:
        self._labelled = labelled
        self._lexicon = lexicon
        self._heads: list[_Head] = []

    def remember(self, segment: Segment) -> None:
        words = tokens(segment.text)
        if not words or len(words) > 6 or not _has_words(segment.text) or _LONG_NUMBER.search(segment.text):
            return
        kinds = kinds_of(words, self._lexicon)
        if kinds == {W.TAX} and "%" in segment.text and not _PERCENT.search(segment.text):  # a column of rates
            kinds = frozenset()
        box = segment.box
        of_items = self._labelled.in_items(segment)
        self._heads.append(_Head(segment.row, segment.sheet.number, box.x0, box.x1, kinds, of_items))

    def above(self, amount: Amount, *, of_items: bool) -> frozenset[W]:
        """The kinds of the nearest head over an amount; two stacked lines of a head count together.

        Without `of_items` the head of the table of items does not count: what a row calls its total is no item.
        """
        box, row, sheet = amount.span.box, amount.span.segment.row, amount.span.segment.sheet.number
        best: dict[int, tuple[float, _Head]] = {}  # row → the head that covers most of the amount
        for head in reversed(self._heads[-120:]):
            if head.sheet != sheet or row - head.row > _HEAD_REACH or (best and min(best) - head.row > 1):
                break
            overlap = min(head.x1, box.x1) - max(head.x0, box.x0)
            if head.row < row and overlap > 0 and overlap > best.get(head.row, (0.0, head))[0]:
                if not best and not head.kinds:
                    break
                best[head.row] = (overlap, head)
        heads = [head for _, head in best.values()]
        if not of_items and any(head.of_items for head in heads):
            return frozenset()
        return frozenset[W]().union(*(head.kinds for head in heads))


def rates_in(text: str) -> frozenset[Decimal]:
    """Every percentage of a text, between 0 and 99.999."""
    return frozenset(Decimal(rate.replace(",", ".")) for rate in _PERCENT.findall(text))
