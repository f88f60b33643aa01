"""Amounts of money on the page: where they stand, what they can mean, and the currency beside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from paydraft.extraction.currencies import MARK, CurrencyMark, mark_of
from paydraft.extraction.layout import Layout, Segment, Span
from paydraft.extraction.numbers import NUMBER, Reading, decimal_mark_of, read_number

MAX_SCANNED = 400  # characters of a segment; amounts stand in short ones or at sentence starts
_AMOUNT = re.compile(
    rf"(?:(?<![^\W\d_])(?P<before>{MARK})\s{{0,2}})?"
    rf"(?P<sign>(?<!\w)[-+]\s?)?(?P<after_sign>[€$£₹]\s?)?(?<![\w.,/:'’])(?P<number>{NUMBER})"
    r"(?P<dashes>[.,][-—]{1,2})?(?P<minus>-)?(?![\d:/])(?![.,'’]\d)"
    rf"(?:\s{{0,2}}(?P<after>{MARK}))?"
)
_ODD_DECIMALS = re.compile(r"[.,](?:\d|\d{4,})$")  # no money, unless a currency says so
_LABEL = re.compile(r"[^\d]*[^\W\d_]{2}\W*")
_NOT_MONEY = re.compile(r"\s{0,2}(?:%|‰|°|(?i:prozent|percent|uhr|kg|km|mm|cm|ml|kwh|stk|std|min|pcs|gb|mb|x\s)\b)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be money."""

    reading: Reading  # signed
    span: Span  # the number with its sign and currency
    mark: CurrencyMark | None
    precise: bool  # two decimals, or a currency beside it
    doubted: bool = False  # OCR may have read it wrong: it counts only in a sum that holds

    @property
    def value(self) -> Decimal | None:
        """The amount, if it can be read one way only."""
        return self.reading.value


def amounts_in(segment: Segment, decimal_mark: str | None) -> Iterator[Amount]:
    """Every number of a segment that could be money, from left to right; a bare integer only at the segment's end."""
    for match in _AMOUNT.finditer(segment.text[:MAX_SCANNED]):
        if _NOT_MONEY.match(segment.text, match.end("number")):
            continue
        printed = match["number"]
        reading = read_number(printed, decimal_mark)
        decimals = bool(re.search(r"[.,]\d\d$", printed)) or match["dashes"] is not None
        mark = next(
            (
                found
                for side in ("before", "after_sign", "after")
                if (found := mark_of((match[side] or "").strip(), precise=decimals))
            ),
            None,
        )
        negative = "-" in (match["sign"] or "") or match["minus"] is not None
        precise = decimals or mark is not None
        before = segment.text[: match.start()].strip()
        if not decimals and match["after"] is None and segment.text[match.end() : match.end() + 1].isalpha():
            continue  # "KR3M" is an article
        whole = match.end() == len(segment.text.rstrip()) and not printed.startswith("0")
        whole = whole and (not before or bool(_LABEL.fullmatch(before))) and not _ODD_DECIMALS.search(printed)
        if not reading.values or (match["minus"] and not decimals) or not (precise or whole):
            continue
        values = tuple(-value if negative else value for value in reading.values)
        start = match.start("number") if mark is None and not match["sign"] else match.start()
        end = match.end() if mark else match.end("minus") if match["minus"] else match.end("number")
        yield Amount(Reading(values), segment.span(start, end), mark, precise)


def decimal_mark_in(layout: Layout) -> str | None:
    """The decimal mark that the numbers of a document show."""
    return decimal_mark_of(segment.text[:MAX_SCANNED] for segment in layout.segments)


def money_rows(amounts: Iterable[Amount]) -> frozenset[int]:
    """The rows of the document that hold money."""
    return frozenset(amount.span.segment.row for amount in amounts if amount.precise)


def amounts_of(layout: Layout, mark: str | None) -> list[Amount]:
    """Every possible amount of a document, read by its decimal mark."""
    return [amount for segment in layout.segments for amount in amounts_in(segment, mark)]
