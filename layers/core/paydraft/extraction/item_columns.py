"""Which column of a table holds what: told by the heads over them and by arithmetic (quantity x price = line total).

Arithmetic outweighs a head: "Amount" heads quantities on one invoice and money on the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from paydraft.extraction.figures import Figure
from paydraft.extraction.item_heads import HeadCell
from paydraft.extraction.labels.columns import Column

MAX_COLUMNS = 10
_MAX_SAMPLE = 12  # rows whose arithmetic is tried
_REACH = 60.0  # points between a head and numbers that it can still head
_UNHEADED = 25.0  # the cost of a column without a head, in points
_UNUSED = 4.0  # ... of a head without a column
_CENT = Decimal("0.0101")
_HUNDRED = Decimal(100)
_SUMS = (Column.NET, Column.GROSS, Column.TOTAL)
_MOST_ROWS = 0.5  # the share of rows in which a product must come out
_ARITHMETIC = 4.0  # what holds in every row, against one fitting head


@dataclass(frozen=True, slots=True)
class Strip:
    """A column of numbers: where it stands, and what its head can mean."""

    x0: float
    x1: float
    kinds: frozenset[Column]


@dataclass(frozen=True, slots=True)
class Roles:
    """What each column holds, by its index; `proven` says that quantity x price came out in the rows tried."""

    strips: tuple[Strip, ...]
    of: dict[Column, int]
    line_total: int
    proven: bool

    def figure(self, cells: dict[int, Figure], column: Column) -> Figure | None:
        """The number of a row in a column."""
        index = self.of.get(column)
        return None if index is None else cells.get(index)


def strips_of(rows: Iterable[Sequence[Figure]], heads: Sequence[HeadCell]) -> tuple[Strip, ...]:
    """The columns of numbers in some rows, from left to right, each under the head that fits it."""
    spread: list[list[float]] = []
    for figure in sorted((one for row in rows for one in row), key=lambda one: one.x0):
        if spread and figure.x0 < spread[-1][1] - 1.0:
            spread[-1][1] = max(spread[-1][1], figure.x1)
        else:
            spread.append([figure.x0, figure.x1])
    spread = spread[-MAX_COLUMNS:]
    kinds = _headed([(x0, x1) for x0, x1 in spread], heads)
    return tuple(Strip(x0, x1, kind) for (x0, x1), kind in zip(spread, kinds, strict=True))


def _headed(places: list[tuple[float, float]], heads: Sequence[HeadCell]) -> list[frozenset[Column]]:
    """Heads and columns in the same order with the least distance between them."""
    heads = heads[:24]
    best: list[list[tuple[float, int]]] = [[(_UNUSED * count, -2) for count in range(len(heads) + 1)]]
    for x0, x1 in places:
        above, row = best[-1], [(best[-1][0][0] + _UNHEADED, -1)]
        for count, head in enumerate(heads, 1):
            gap = max(0.0, head.x0 - x1, x0 - head.x1)
            taken = above[count - 1][0] + gap if gap <= _REACH else 1e9
            row.append(min((taken, count - 1), (above[count][0] + _UNHEADED, -1), (row[-1][0] + _UNUSED, -2)))
        best.append(row)
    kinds: list[frozenset[Column]] = []
    count = len(heads)
    for row in reversed(best[1:]):
        while row[count][1] == -2:
            count -= 1
        choice = row[count][1]
        kinds.append(heads[choice].kinds if choice >= 0 else frozenset())
        count = choice if choice >= 0 else count
    return kinds[::-1]


def place(figures: Iterable[Figure], strips: Sequence[Strip]) -> dict[int, Figure]:
    """The numbers of a row by the column they stand in."""
    cells: dict[int, Figure] = {}
    for figure in figures:
        overlaps = [(min(figure.x1, strip.x1) - max(figure.x0, strip.x0), at) for at, strip in enumerate(strips)]
        most, at = max(overlaps, default=(0.0, 0))
        if most > 0:
            cells.setdefault(at, figure)
    return cells


def roles_of(strips: tuple[Strip, ...], rows: Sequence[dict[int, Figure]]) -> Roles | None:
    """The likeliest meaning of the columns; None if no column can hold what a line comes to."""
    best: tuple[float, dict[Column, int], int, bool] | None = None
    for total in _line_totals(strips, rows):
        tried = [row for row in rows if total in row][:_MAX_SAMPLE]
        others = [at for at in range(len(strips)) if at != total and sum(at in row for row in tried) * 3 >= len(tried)]
        score = _headed_score(strips, total, *_SUMS)
        for weight, of in _factors(strips, tried, total, others):
            if best is None or score + weight > best[0]:
                best = (score + weight, of, total, weight >= _ARITHMETIC / 2)
    if best is None:
        return None
    _, of, total, proven = best
    of = {**_rest(strips, rows, {*of.values(), total}), **of}
    kind = next((kind for kind in _SUMS if kind in strips[total].kinds), Column.TOTAL)
    return Roles(strips, {**of, kind: total}, total, proven)


def _line_totals(strips: tuple[Strip, ...], rows: Sequence[dict[int, Figure]]) -> list[int]:
    """The columns that may hold line totals: headed so, else the last one with money."""
    money = [at for at in range(len(strips)) if any(at in row and not row[at].percent for row in rows)]
    headed = [at for at in money if strips[at].kinds & frozenset(_SUMS)]
    precise = [at for at in money if any(at in row and row[at].precise for row in rows)]
    return sorted({*headed, *precise[-1:]} or set(money[-1:]))


def _headed_score(strips: tuple[Strip, ...], at: int, *wanted: Column) -> float:
    kinds = strips[at].kinds
    return 1.0 if kinds & frozenset(wanted) else -1.0 if kinds else 0.0


def _factors(
    strips: tuple[Strip, ...], rows: list[dict[int, Figure]], total: int, others: list[int]
) -> Iterable[tuple[float, dict[Column, int]]]:
    """Every way to name quantity, price and discount, and what speaks for it."""
    headed: dict[Column, int] = {}
    for column in (Column.QUANTITY, Column.UNIT_PRICE, Column.DISCOUNT):
        under = [at for at in others if column in strips[at].kinds]
        if under:
            headed[column] = under[-1]
    yield 0.5 * len(headed), headed
    for quantity, price in permutations(others, 2):
        share, discount = _best_share(rows, quantity, price, total, others)
        if share >= _MOST_ROWS:
            of = {Column.QUANTITY: quantity, Column.UNIT_PRICE: price}
            if discount is None:
                discount = headed.get(Column.DISCOUNT)
            if discount is not None and discount not in (quantity, price):
                of[Column.DISCOUNT] = discount
            yield _ARITHMETIC * share + _named_score(strips, rows, quantity, price), of


def _named_score(strips: tuple[Strip, ...], rows: list[dict[int, Figure]], quantity: int, price: int) -> float:
    """Whether heads, looks and order say quantity and price: prices have decimals, and stand behind quantities."""
    score = _headed_score(strips, quantity, Column.QUANTITY) + _headed_score(strips, price, Column.UNIT_PRICE)
    exact = [sum(row[at].precise for row in rows if at in row) for at in (quantity, price)]
    return score + (0.4 if exact[0] < exact[1] else 0.0) + (0.2 if quantity < price else 0.0)


def _best_share(
    rows: list[dict[int, Figure]], quantity: int, price: int, total: int, others: list[int]
) -> tuple[float, int | None]:
    """The share of rows in which two columns make the total, and the column of discounts that it takes."""
    best, discount = _share(rows, quantity, price, None, total), None
    for at in others if 0 < best < 1 or len(others) > 2 else ():
        if best < 1 and at not in (quantity, price) and (share := _share(rows, quantity, price, at, total)) > best:
            best, discount = share, at
    return best, discount


def _share(rows: list[dict[int, Figure]], quantity: int, price: int, discount: int | None, total: int) -> float:
    """The share of the rows with both factors in which they make the line total."""
    full = [row for row in rows if quantity in row and price in row]
    held = sum(
        multiplies(row[quantity], row[price], row.get(discount) if discount is not None else None, row[total])
        for row in full
    )
    return held / len(full) if full else 0.0


def multiplies(quantity: Figure, price: Figure, discount: Figure | None, total: Figure) -> bool:
    """Whether quantity x price, less the discount, is the line total."""
    return product(quantity, price, discount, total) is not None


def product(
    quantity: Figure, price: Figure, discount: Figure | None, total: Figure
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Quantity, price and total as the readings that multiply; None if none do."""
    if quantity.percent or price.percent or total.percent:
        return None
    for one in quantity.values:
        for other in price.values:
            whole = one * other
            for result in total.values:
                if any(abs(less - result) <= _CENT for less in _reduced(whole, one, discount)):
                    return one, other, result
    return None


def _reduced(whole: Decimal, quantity: Decimal, discount: Figure | None) -> list[Decimal]:
    if discount is None or discount.value is None:
        return [whole]
    less = abs(discount.value)
    reduced = [] if less > _HUNDRED else [whole * (1 - less / _HUNDRED)]
    if not discount.percent:
        reduced += [whole - less, whole - quantity * less]
    return reduced


def _rest(strips: tuple[Strip, ...], rows: Sequence[dict[int, Figure]], taken: set[int]) -> dict[Column, int]:
    """The columns that only their heads tell: tax, net and gross, position, code."""
    rest: dict[Column, int] = {}
    for at, strip in enumerate(strips):
        if at in taken:
            continue
        for column in (
            Column.TAX_RATE,
            Column.TAX,
            Column.NET,
            Column.GROSS,
            Column.POSITION,
            Column.CODE,
            Column.DATE,
        ):
            if column in strip.kinds and column not in rest:
                rest[column] = at
                break
    if Column.TAX_RATE not in rest:
        percent = [
            at
            for at in range(len(strips))
            if at not in taken and any(at in row for row in rows) and all(row[at].percent for row in rows if at in row)
        ]
        if percent:
            rest[Column.TAX_RATE] = percent[0]
    return rest
