"""What may stand between net amount and total, put together: adjustments, and the taxes of several rates."""

from decimal import Decimal
from itertools import combinations

from paydraft.extraction.totals import Named, Role

TOP = 8  # candidates per role worth combining


def bridges_of(between: tuple[Named, ...]) -> dict[Decimal, tuple[Named, ...]]:
    """Every sum of up to three adjustments: a discount lowers, a fee raises, the rest may do either."""
    bridges: dict[Decimal, tuple[Named, ...]] = {}
    usable = [one for one in between if one.value][:TOP]
    for count in (1, 2, 3):
        for chosen in combinations(usable, count):
            if count > 1 and any(one.role is Role.OTHER for one in chosen):
                continue
            for total in signed(chosen):
                if total:
                    bridges.setdefault(total, chosen)
    return bridges


def signed(chosen: tuple[Named, ...]) -> list[Decimal]:
    """Every sum of some adjustments with the signs that their roles allow."""
    sums = [Decimal(0)]
    for one in chosen:
        size = abs(one.value)
        signs = {Role.DISCOUNT: (-size,), Role.SHIPPING: (size,)}.get(one.role, (size, -size))
        sums = [known + step for known in sums for step in signs]
    return sums


def tax_sums(taxes: tuple[Named, ...], twice: frozenset[Decimal]) -> dict[Decimal, tuple[Named, ...]]:
    """The sums of two and three taxes, and of two equal ones: state and federal tax are often the same."""
    equal = {2 * one.value: (one, one) for one in taxes if one.value in twice}
    return equal | {
        sum((one.value for one in chosen), Decimal(0)): chosen
        for count in (3, 2)
        for chosen in combinations(taxes[:TOP], count)
    }
