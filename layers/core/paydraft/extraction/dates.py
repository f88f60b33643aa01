"""Dates as printed, and which of them are issue, due and delivery date.

"03/04/2024" has two readings. Another date of the document that can only be read one way settles it, else what
language, currency and IBAN say; what stays ambiguous has no value and both readings.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from paydraft.extraction.folding import fold

FIRST_YEAR, LAST_YEAR = 1970, 2099
_PIVOT = 70  # two-digit years below it are of this century

_NUMERIC = re.compile(
    r"(?<![\d./-])(?:(?P<y>\d{4})(?P<sy>[./-])(?P<ym>\d{1,2})(?P=sy)(?P<yd>\d{1,2})"
    r"|(?P<a>\d{1,2})\s?(?P<s>[./-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<c>\d{4}|\d{2}))(?!\d|[./-]\d)"
)
_DAY_MONTH = re.compile(
    r"(?<![\d./-])(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s/-]{0,3}(?:(?:de|of)\s)?(?P<m>[^\W\d_]{3,10})\.?,?"
    r"[\s/-]{0,3}(?:(?:de|del|of)\s)?['’]?(?P<y>\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(
    r"(?<![^\W_])(?P<m>[^\W\d_]{3,10})\.?[\s-]{1,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?,?\s{1,2}(?P<y>\d{4})(?!\d)"
)


class Order(StrEnum):
    """Which comes first where both could be a day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date on the page: one reading, or day first and month first."""

    day_first: date | None
    month_first: date | None
    start: int
    end: int

    @property
    def shows(self) -> Order | None:
        """The order it proves, if it can be read one way only and was written in digits."""
        if self.day_first and not self.month_first:
            return Order.DAY_FIRST
        return Order.MONTH_FIRST if self.month_first and not self.day_first else None

    @property
    def certain(self) -> date | None:
        """The date, where the order does not matter."""
        return self.day_first if self.day_first == self.month_first else None

    def read(self, order: Order | None) -> date | None:
        """The date in this order; None if it needs an order and there is none."""
        if self.day_first is None or self.month_first is None:
            return self.day_first or self.month_first
        if order is None:
            return self.certain
        return self.day_first if order is Order.DAY_FIRST else self.month_first


def dates_in(text: str, months: dict[str, int]) -> list[PrintedDate]:
    """Every date of a text, from left to right; ranges and dates that do not exist are left out."""
    found = [printed for match in _NUMERIC.finditer(text) if (printed := _numeric(match))]
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            month = months.get(fold(match["m"]))
            when = _date(match["y"], month, int(match["d"])) if month else None
            if when and not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(PrintedDate(when, when, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _numeric(match: re.Match[str]) -> PrintedDate | None:
    if match["y"]:
        when = _date(match["y"], int(match["ym"]), int(match["yd"]))
        return PrintedDate(when, when, match.start(), match.end()) if when else None
    first, second = int(match["a"]), int(match["b"])
    day_first, month_first = _date(match["c"], second, first), _date(match["c"], first, second)
    if match["s"] == "." and day_first:  # nobody writes 12.31.2024
        month_first = None if first != second else day_first
    if day_first is None and month_first is None:
        return None
    return PrintedDate(day_first, month_first, match.start(), match.end())


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < _PIVOT else 1900
    try:
        return date(number, month, day) if FIRST_YEAR <= number <= LAST_YEAR else None
    except ValueError:
        return None


def order_of(printed: Iterable[PrintedDate], *, hint: Order | None) -> Order | None:
    """The order the document's dates prove; the hint where they prove none; None where they prove both."""
    shown = {one.shows for one in printed} - {None}
    if len(shown) == 1:
        return shown.pop()
    return None if shown else hint


_RANGE = re.compile(r"\s{0,2}(?:-|—|bis|to|until|au|tot|al|até|a)\s{0,2}")


def is_range(text: str, one: PrintedDate, others: list[PrintedDate]) -> bool:
    """Whether a date is one end of a period ("01.05.14-31.05.14")."""
    return any(
        (other.start > one.end and _RANGE.fullmatch(text[one.end : other.start]) is not None)
        or (other.end < one.start and _RANGE.fullmatch(text[other.end : one.start]) is not None)
        for other in others
        if other is not one
    )


_DAYS = re.compile(
    r"(?<![\d.,/-])(?P<days>\d{1,3})\s{0,2}(?:kalender|calendar\s|working\s)?"
    r"(?:days?|tagen?|tage|jours?|dagen|dag|giorni|gg|d[ií]as|dias)(?![^\W\d_])",
    re.IGNORECASE,
)


def terms_in(text: str) -> list[tuple[int, int, int]]:
    """Payment periods of a text: (days, start, end)."""
    return [(int(match["days"]), match.start(), match.end()) for match in _DAYS.finditer(text)]


def after(issued: date, days: int) -> date:
    """The due date of a period in calendar days."""
    return issued + timedelta(days=days)
