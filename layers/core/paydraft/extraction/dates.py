"""Dates as printed, and in which order their numbers are read.

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

# No digit stands directly before or behind a date, and none of the letters that OCR makes of digits.
_BEFORE = r"(?<![\dOoQIilSsZzB|./-])"
_BEHIND = r"(?!\d|[./-]\d|[OoQIilSsZzB|])"
_NUMERIC = re.compile(
    _BEFORE + r"(?:(?P<y>\d{4})\s?(?P<sy>[./-])\s?(?P<ym>\d{1,2})\s?(?P=sy)\s?(?P<yd>\d{1,2})"
    r"|(?P<a>\d{1,2})\s?(?P<s>[./-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<c>\d{4}|\d{2})"
    r"|(?P<na>\d{1,2})\s?[/.]\s?(?P<nb>\d{1,2})\s?-\s?(?P<nc>\d{4}|\d{2})"  # Nordic: 15/11-2026
    r"|(?P<ra>\d{1,2})[./-]?\s?(?P<rb>[IVX]{1,4})[./-]?\s?(?P<rc>\d{4}))" + _BEHIND
)
_CUT_YEAR = re.compile(r"\s\d\d(?!\d|[.,/:]\d)")  # "15.11.20 26": a year that fell apart
_DAY_MONTH = re.compile(
    _BEFORE + r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s/-]{0,3}(?:(?:de|of)\s)?(?P<m>[^\W\d_]{3,13})\.?,?"
    r"[\s/-]{0,3}(?:(?:de|del|of)\s)?['’]?(?P<y>\d{4}|\d{2})" + _BEHIND + r"(?![:.,]\d|\s?(?:[Uu]hr|h|x|%)(?!\w))"
)
_MONTH_DAY = re.compile(
    r"(?<![^\W_])(?P<m>[^\W\d_]{3,13})\.?[\s-]{1,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?,?\s{1,2}(?P<y>\d{4})" + _BEHIND
)
_YEAR_MONTH = re.compile(
    _BEFORE + r"(?P<y>\d{4})\.?[\s/-]{0,2}(?P<m>[^\W\d_]{3,13})\.?[\s/-]{1,2}(?P<d>\d{1,2})" + _BEHIND
)
_ROMAN = {
    roman: month for month, roman in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), start=1)
}  # fmt: skip


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

    @property
    def readings(self) -> tuple[date, ...]:
        """Everything it can mean."""
        return tuple(dict.fromkeys(one for one in (self.day_first, self.month_first) if one is not None))

    def read(self, order: Order | None) -> date | None:
        """The date in this order; None if it needs an order and there is none."""
        if self.day_first is None or self.month_first is None:
            return self.day_first or self.month_first
        if order is None:
            return self.certain
        return self.day_first if order is Order.DAY_FIRST else self.month_first


def dates_in(text: str, months: dict[str, int]) -> list[PrintedDate]:
    """Every date of a text, from left to right; dates that do not exist, and such with a doubtful digit, are left out.

    `months` are folded names of months.
    """
    found = [printed for match in _NUMERIC.finditer(text) if (printed := _numeric(match))]
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH):
        for match in pattern.finditer(text):
            month = months.get(fold(match["m"]))
            when = _date(match["y"], month, int(match["d"])) if month else None
            if when and not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(PrintedDate(when, when, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _numeric(match: re.Match[str]) -> PrintedDate | None:
    for year, month, day in (("y", "ym", "yd"), ("nc", "nb", "na"), ("rc", "rb", "ra")):
        if match[year]:
            when = _date(match[year], _ROMAN.get(match[month]) or _number(match[month]), int(match[day]))
            return PrintedDate(when, when, match.start(), match.end()) if when else None
    if match["c"] in ("19", "20") and _CUT_YEAR.match(match.string, match.end()):
        return None
    first, second = int(match["a"]), int(match["b"])
    day_first, month_first = _date(match["c"], second, first), _date(match["c"], first, second)
    if match["s"] == "." and day_first:  # nobody writes 12.31.2024
        month_first = None if first != second else day_first
    if day_first is None and month_first is None:
        return None
    return PrintedDate(day_first, month_first, match.start(), match.end())


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() else 0


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


def after(issued: date, days: int) -> date:
    """The due date of a period in calendar days."""
    return issued + timedelta(days=days)


def end_of_month(when: date) -> date:
    """The last day of its month."""
    following = date(when.year + when.month // 12, when.month % 12 + 1, 1)
    return following - timedelta(days=1)
