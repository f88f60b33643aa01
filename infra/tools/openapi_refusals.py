"""How the operations of an API refuse: by status, each code with its sentence and with the body that tells it."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from paydraft.model.errors import PaydraftError, TransientError
from paydraft.model.request_errors import (
    MalformedBodyError,
    RateLimitedError,
    RouteNotFoundError,
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
    UnsupportedBodyError,
)
from paydraft.runtime.http import ErrorAnswers
from paydraft.runtime.operations import Operation

type Schema = dict[str, Any]
type Refusal = type[PaydraftError]

_EVERYWHERE: tuple[Refusal, ...] = (
    TokenNotSetError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenRevokedError,
    ScopeMissingError,
    RateLimitedError,
    TransientError,
)
_WITH_BODY: tuple[Refusal, ...] = (MalformedBodyError, UnsupportedBodyError)


def refusals(operation: Operation, answers: ErrorAnswers, error: type[BaseModel]) -> Schema:
    """By status: which codes it can have, what each says, and how it looks."""
    by_status: dict[int, list[Refusal]] = {}
    for one in _of(operation):
        by_status.setdefault(answers.status_of(one), []).append(one)
    return {str(status): _refusal(by_status[status], error) for status in sorted(by_status)}


def our_fault(error: type[BaseModel]) -> Schema:
    """The refusal that needs no listing: something broke on our side."""
    return {"description": "Our fault", "content": _content(error)}


def bodies(operations: Sequence[Operation], answers: ErrorAnswers) -> Schema:
    """The bodies by code, for the description's components; what they say of the single case is left out."""
    every = {one.code: one for operation in operations for one in _of(operation)}
    told = ((code, _made(every[code])) for code in sorted(every))
    return {code: {"value": answers.body(error, answers.status_of(type(error)))} for code, error in told if error}


def _of(operation: Operation) -> Iterator[Refusal]:
    every = (
        *_EVERYWHERE,
        *operation.errors,
        *(_WITH_BODY if operation.takes or operation.form else ()),
        *((RouteNotFoundError,) if "{" in operation.path else ()),  # a path that no route's rule takes
    )
    return iter(dict.fromkeys(every))


def _made(refusal: Refusal) -> PaydraftError | None:
    """One of its kind; None of a kind that must be told what it concerns."""
    try:
        return refusal()
    except TypeError:
        return None


def _refusal(several: Sequence[Refusal], error: type[BaseModel]) -> Schema:
    content = _content(error)
    shown = {one.code: {"$ref": f"#/components/examples/{one.code}"} for one in several if _made(one)}
    if shown:
        content["application/json"]["examples"] = shown
    return {"description": "\n".join(f"* `{one.code}`: {one.text}" for one in several), "content": content}


def _content(error: type[BaseModel]) -> Schema:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{error.__name__}"}}}
