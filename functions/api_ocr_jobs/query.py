"""What a list of jobs is asked for: filter, search, order and page, over the tenant's summaries. Pure.

A filter is read into a tree of terms first; whatever is in it that nobody declared is named and refused.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from api_ocr_jobs.fields import FIELDS, Field, searched
from api_ocr_jobs.operations import DEFAULT_LIMIT, LIST, MAX_LIMIT
from paydraft.model.job_summary import JobSummary
from paydraft.model.transfer_errors import InvalidQueryError

MAX_TERMS = 20
MAX_DEPTH = 3
MAX_VALUES = 100  # of all $in together
MAX_SEARCH = 200  # characters
_MAX_NAME = 64  # characters of a client's own word that are repeated to it
_LIMIT = re.compile(r"0{0,3}[1-9][0-9]{0,2}")
_OFFSET = re.compile(r"[0-9]{1,9}")

type Test = Callable[[Any, Any], bool]

# Of a value that is there; what is not there is equal to null and to nothing else, and neither more nor less.
_OPERATORS: Mapping[str, Test] = {
    "$eq": lambda value, other: bool(value == other),
    "$ne": lambda value, other: bool(value != other),
    "$gt": lambda value, other: value is not None and other is not None and bool(value > other),
    "$gte": lambda value, other: value is not None and other is not None and bool(value >= other),
    "$lt": lambda value, other: value is not None and other is not None and bool(value < other),
    "$lte": lambda value, other: value is not None and other is not None and bool(value <= other),
    "$in": lambda value, others: value in others,
    "$exists": lambda value, is_wanted: (value is not None) is is_wanted,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on one field."""

    field: Field
    test: Test
    operand: Any

    def holds(self, one: Any) -> bool:
        """Whether it is true of a job, or of another row that has the field."""
        return self.test(self.field.value(one), self.operand)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is asked for."""

    limit: int
    offset: int
    sort: Field
    newest_first: bool
    terms: tuple[Term, ...]
    search: str


@dataclass(frozen=True, slots=True)
class Page:
    """The jobs of a page, in order, and how many fit in all."""

    summaries: tuple[JobSummary, ...]
    total: int


def wish_of(parameters: Mapping[str, str], fields: Mapping[str, Field] = FIELDS) -> Wish:
    """The query parameters of a list; raises InvalidQueryError that names the wrong ones, or what is wrong in them."""
    limit, offset = parameters.get("limit", str(DEFAULT_LIMIT)), parameters.get("offset", "0")
    order, search = parameters.get("order", "desc"), parameters.get("search", "")
    checks = {
        "limit": bool(_LIMIT.fullmatch(limit)) and int(limit) <= MAX_LIMIT,
        "offset": bool(_OFFSET.fullmatch(offset)),
        "order": order in ("asc", "desc"),
        "sort": parameters.get("sort", "createdAt") in fields,
        "search": len(search) <= MAX_SEARCH,
    }
    unknown = sorted(parameters.keys() - LIST.query.keys())
    wrong = [name for name, is_right in checks.items() if not is_right]
    if wrong or unknown:
        _refused(*wrong, *(_quoted(name) for name in unknown))
    return Wish(
        limit=int(limit),
        offset=int(offset),
        sort=fields[parameters.get("sort", "createdAt")],
        newest_first=order == "desc",
        terms=terms_of(parameters["filter"], fields) if parameters.get("filter", "").strip() else (),
        search=search.casefold(),
    )


def page_of(summaries: Sequence[JobSummary], wish: Wish) -> Page:
    """The page that is wished for. Jobs without the value that is sorted by come first, going up; ties by creation."""
    found = [one for one in summaries if _fits(one, wish)]
    found.sort(key=lambda one: one.job_id, reverse=wish.newest_first)
    found.sort(key=lambda one: _rank(wish.sort.value(one)), reverse=wish.newest_first)
    return Page(tuple(found[wish.offset : wish.offset + wish.limit]), len(found))


def terms_of(text: str, fields: Mapping[str, Field] = FIELDS) -> tuple[Term, ...]:
    """The terms of a filter, all of which must hold; raises InvalidQueryError that names what is wrong in it."""
    try:
        tree = json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_refuse, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        _refused("filter: not well-formed JSON, or a key twice")
    if not isinstance(tree, dict):
        _refused("filter: not an object")
    if _depth(tree) > MAX_DEPTH:
        _refused(f"filter: deeper than {MAX_DEPTH}")
    terms = tuple(term for name, wanted in tree.items() for term in _terms(fields, name, wanted))
    if len(terms) > MAX_TERMS:
        _refused(f"filter: more than {MAX_TERMS} terms")
    if sum(len(term.operand) for term in terms if isinstance(term.operand, tuple)) > MAX_VALUES:
        _refused(f"filter: more than {MAX_VALUES} values of $in")
    return terms


def _terms(fields: Mapping[str, Field], name: str, wanted: object) -> Iterable[Term]:
    field = fields.get(name)
    if field is None:
        _refused(f"filter: unknown field {_quoted(name)}")
    for operator, operand in (wanted if isinstance(wanted, dict) else {"$eq": wanted}).items():
        if operator not in _OPERATORS:
            _refused(f"filter: unknown operator {_quoted(operator)} of {name}")
        yield Term(field, _OPERATORS[operator], _operand(field, name, operator, operand))


def _operand(field: Field, name: str, operator: str, operand: object) -> object:
    if operator == "$exists":
        if not isinstance(operand, bool):
            _refused(f"filter: $exists of {name} takes true or false")
        return operand
    if operator == "$in":
        if not isinstance(operand, list):
            _refused(f"filter: $in of {name} takes a list")
        return tuple(_read(field, name, one) for one in operand)
    return _read(field, name, operand)


def _read(field: Field, name: str, value: object) -> object:
    if value is None:
        return None
    read = field.read(value)
    if read is None:
        _refused(f"filter: {name} is compared with {field.kind}")
    return read


def _fits(summary: JobSummary, wish: Wish) -> bool:
    if wish.search and not any(wish.search in text.casefold() for text in searched(summary)):
        return False
    return all(term.holds(summary) for term in wish.terms)


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, "" if value is None else value)


def _depth(tree: object) -> int:
    """How many levels of objects and lists there are; stops counting where there are too many."""
    level: list[object] = [tree]
    depth = 0
    while level and depth <= MAX_DEPTH:
        inner = [one for one in level if isinstance(one, dict | list)]
        depth += bool(inner)
        level = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
    return depth


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _refused(*what: str) -> NoReturn:
    raise InvalidQueryError(details={"fields": list(what)})


def _quoted(word: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in word[:_MAX_NAME])
