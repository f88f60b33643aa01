"""What the routes of templates and groups have in common: what they are asked, lists of rows, answers given once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_ocr_jobs.fields import FIELDS, Field
from api_ocr_jobs.query import wish_of
from paydraft.model.errors import PaydraftError
from paydraft.runtime.http import json_response
from paydraft.runtime.json_body import to_json
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation
from paydraft.stores.answers import AnswerStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.groups import GroupStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import Put
from paydraft.stores.templates import TemplateStore

TRIES = 5  # of a change that others get ahead of
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes of templates and groups read and write."""

    templates: TemplateStore
    groups: GroupStore
    jobs: JobStore
    lists: JobLists
    queue: FetchQueue
    answers: AnswerStore


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: by whom, about what, with which parameters. `body` reads the body, and refuses what is no object."""

    operation: Operation
    caller: Caller
    about: str  # the id in the path, in lower case
    parameters: Mapping[str, str]
    body: Callable[[], dict[str, Any]]
    key: Callable[[], str | None]  # the Idempotency-Key
    new_id: str  # 24 hex digits, for what is made
    stores: Stores


def created(
    asked: Asked, body: Mapping[str, Any], path: str, write: Callable[[list[Put]], None], text: str
) -> Response[str]:
    """The answer to a POST: `write` puts the thing and what keeps the answer, or raises; a repetition is told so."""
    once = Repeatable(asked.operation, asked.caller, asked.key(), {"body": body_part(body)}, asked.stores.answers)
    answer = once.earlier()
    if answer is None:
        answer = _written(once, write, text)
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else {"Location": f"{path}/{asked.new_id}"}
    return json_response(HTTPStatus.CREATED, answer.body, headers)


def listed(rows: Iterable[Row], parameters: Mapping[str, str], fields: Mapping[str, Field], *searched: str) -> str:
    """A page of rows as JSON, and how many fit in all; raises InvalidQueryError."""
    wish = wish_of(parameters, fields)
    found = [
        row
        for row in rows
        if all(term.holds(row) for term in wish.terms)
        and (not wish.search or any(wish.search in str(row.get(name, "")).casefold() for name in searched))
    ]
    found.sort(key=lambda row: str(row["_id"]), reverse=wish.newest_first)
    found.sort(key=lambda row: _rank(wish.sort.value(row)), reverse=wish.newest_first)
    page = found[wish.offset : wish.offset + wish.limit]
    return to_json({"success": True, "data": page, "total": len(found)})


def one_text(row: Row) -> str:
    """One row in its envelope, as JSON."""
    return to_json({"success": True, "data": row})


def field_like(name: str, like: str, value: Callable[[Any], Any] = lambda value: value) -> Field:
    """A row's value by name, read and compared as that field of jobs."""
    model = FIELDS[like]
    return Field(lambda row: value(row[name]) if row.get(name) is not None else None, model.read, model.kind)


def text_field(name: str) -> Field:
    """A text of a row."""
    return field_like(name, "documentName")


def moment_field(name: str) -> Field:
    """A moment as answers write it."""
    return field_like(name, "createdAt", datetime.fromisoformat)


def number_field(name: str) -> Field:
    """A count."""
    return field_like(name, "retryCount", Decimal)


def switch_field(name: str) -> Field:
    """True or false."""
    return Field(lambda row: row.get(name), lambda value: value if isinstance(value, bool) else None, "true or false")


def _written(once: Repeatable, write: Callable[[list[Put]], None], text: str) -> Answer:
    try:
        write(once.kept(text))
    except PaydraftError:
        earlier = once.earlier()  # the same request, a moment ago
        if earlier is None:
            raise
        return earlier
    return Answer(text, replayed=False)


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, "" if value is None else value)
