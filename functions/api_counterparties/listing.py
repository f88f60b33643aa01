"""Lists by offset: search, filter, sort and page over what a tenant has on file. Values compare as folded text.

Moments are ISO 8601 in UTC, so that text order is theirs. A field with several values fulfils what one of them does.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from api_counterparties.operations import MAX_LIMIT, MAX_OFFSET
from paydraft.model.transfer_errors import InvalidQueryError

_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_MAX_TERMS = 20
_MOMENTS = ("created_at", "modified_at")
_ORDERS: dict[str, Callable[[str, str], bool]] = {
    "$gt": lambda value, wanted: value > wanted,
    "$gte": lambda value, wanted: value >= wanted,
    "$lt": lambda value, wanted: value < wanted,
    "$lte": lambda value, wanted: value <= wanted,
}

type Values = Mapping[str, Sequence[str]]
type Term = Callable[[Values], bool]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is asked for."""

    limit: int
    offset: int
    sort: tuple[tuple[str, bool], ...]  # field, descending
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Found[Row]:
    """A page of rows."""

    rows: tuple[Row, ...]
    total: int
    total_unfiltered: int
    has_more: bool


def wish_of(parameters: Mapping[str, str], fields: tuple[str, ...]) -> Wish:
    """The query parameters of a list over these fields; raises InvalidQueryError that names what is wrong."""
    known = {"limit", "offset", "sort", "filter", "search._text.ilike", *(f"search.{name}" for name in fields)}
    wrong = sorted(name[:64] for name in parameters.keys() - known)
    if wrong:
        _refuse(*wrong)
    everything = (*fields, *_MOMENTS)
    terms = [_equal(name.removeprefix("search."), text) for name, text in parameters.items() if _is_search(name)]
    if "search._text.ilike" in parameters:
        terms.append(_ilike(parameters["search._text.ilike"]))
    if "filter" in parameters:
        terms += _filter(parameters["filter"], everything)
    return Wish(
        limit=_number(parameters, "limit", 20, 1, MAX_LIMIT),
        offset=_number(parameters, "offset", 0, 0, MAX_OFFSET),
        sort=_sort(parameters.get("sort", "-created_at"), everything),
        terms=tuple(terms),
    )


def found[Row](rows: Iterable[Row], values: Callable[[Row], Values], wish: Wish) -> Found[Row]:
    """The page that is wished for."""
    told = [(row, values(row)) for row in rows]
    kept = [(row, value) for row, value in told if all(term(value) for term in wish.terms)]
    kept.sort(key=lambda one: list(one[1]["id"]))  # so that rows alike in all that is sorted by keep one order
    for field, descending in reversed(wish.sort):
        kept.sort(key=_sorting_by(field), reverse=descending)
    end = wish.offset + wish.limit
    page = tuple(row for row, _ in kept[wish.offset : end])
    return Found(page, len(kept), len(told), end < len(kept))


def _sorting_by(field: str) -> Callable[[tuple[object, Values]], list[str]]:
    return lambda one: list(one[1].get(field) or [""])


def texts(value: object) -> list[str]:
    """A value as it is compared; nothing for what is absent."""
    match value:
        case None:
            return []
        case bool():
            return ["true" if value else "false"]
        case datetime():
            return [value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "z").lower()]
        case tuple() | list():
            return [text for part in value for text in texts(part)]
    return [str(value).casefold()]


def _is_search(name: str) -> bool:
    return name.startswith("search.") and name != "search._text.ilike"


def _number(parameters: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = parameters.get(name, str(default))
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        _refuse(name)
    return int(text)


def _sort(text: str, fields: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > len(fields) or any(part.removeprefix("-") not in fields for part in parts):
        _refuse("sort")
    return tuple((part.removeprefix("-"), part.startswith("-")) for part in parts)


def _equal(field: str, wanted: Any) -> Term:
    text = _as_compared(field, wanted)
    return lambda values: text in values.get(field, ())


def _ilike(pattern: str) -> Term:
    """SQL's ILIKE with % alone; without any % the text may stand anywhere."""
    pieces = pattern.casefold().split("%") if "%" in pattern else ["", pattern.casefold(), ""]
    return lambda values: any(_is_like(text, pieces) for all_of in values.values() for text in all_of)


def _is_like(text: str, pieces: Sequence[str]) -> bool:
    """Whether the text is the pieces, with anything between them."""
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _filter(text: str, fields: tuple[str, ...]) -> list[Term]:
    try:
        wanted = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("filter")
    if not isinstance(wanted, dict):
        _refuse("filter")
    terms: list[Term] = []
    for field, asked in wanted.items():
        if field not in fields:
            _refuse(f"filter.{field[:64]}")
        asked = asked if isinstance(asked, dict) else {"$eq": asked}
        terms += [_term(field, operator, value) for operator, value in asked.items()]
    if len(terms) > _MAX_TERMS:
        _refuse("filter")
    return terms


def _term(field: str, operator: str, wanted: Any) -> Term:
    plain = isinstance(wanted, str | bool | int | float)
    if operator in _ORDERS and plain:
        holds, text = _ORDERS[operator], _as_compared(field, wanted)
        return lambda values: any(holds(value, text) for value in values.get(field, ()))
    if operator == "$exists" and isinstance(wanted, bool):
        return lambda values: bool(values.get(field)) is wanted
    if operator == "$in" and isinstance(wanted, list) and len(wanted) <= 100:
        choices = {_as_compared(field, one) for one in wanted}
        return lambda values: not choices.isdisjoint(values.get(field, ()))
    if operator in ("$eq", "$ne") and (plain or wanted is None):
        text = _as_compared(field, wanted)
        equal: Term = (lambda values: not values.get(field)) if wanted is None else _equal(field, wanted)
        return equal if operator == "$eq" else lambda values: not equal(values)
    raise InvalidQueryError(details={"fields": [f"filter.{field}.{operator[:16]}"]})


def _as_compared(field: str, wanted: Any) -> str:
    text = next(iter(texts(wanted)), "")
    return re.sub(r"[\s-]", "", text) if field in ("iban", "bic") else text


def _refuse(*fields: str) -> NoReturn:
    raise InvalidQueryError(details={"fields": list(fields)})
