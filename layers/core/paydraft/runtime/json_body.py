"""JSON in and out of an API function: strict at the door, and no value whose spelling nobody chose."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn
from uuid import UUID

from pydantic import BaseModel, ValidationError

from paydraft.model.request_errors import InvalidFieldsError, MalformedBodyError, UnsupportedBodyError

_MAX_REPORTED_FIELDS = 20
_MAX_NAME = 64  # characters of a field's name that are repeated to the client


def read_json_object(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """The body of an HTTP API event (format 2.0) as a JSON object; raises UnsupportedBodyError, MalformedBodyError.

    A missing Content-Type is taken as JSON; another type, another charset than UTF-8 and a compressed body are not.
    Refused as well: a key twice, NaN and Infinity, numbers beyond a double, nesting beyond the parser's depth.
    """
    _require_json(headers.get("content-type") or "application/json", headers.get("content-encoding") or "identity")
    try:
        value = json.loads(
            _text_of(event), object_pairs_hook=_each_key_once, parse_constant=_refuse, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise MalformedBodyError(type(error).__name__) from None  # the parser's message can hold the body's text
    if not isinstance(value, dict):
        raise MalformedBodyError("not an object")
    return value


def parse[Model: BaseModel](model: type[Model], value: Mapping[str, Any]) -> Model:
    """`value` as a request model; raises InvalidFieldsError that names each wrong field, never its content."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        fields = [_reported(problem) for problem in found[:_MAX_REPORTED_FIELDS]]
        raise InvalidFieldsError(f"{len(found)} fields", details={"fields": fields}) from None


def to_json(value: object) -> str:
    """JSON in ASCII, of plain values and of wire models, whose unset fields are left out; moments in UTC with Z.

    A Decimal is a TypeError on purpose: whether an amount goes out as text or as a number is the dialect's decision,
    made in its translate.py.
    """
    return json.dumps(value, default=plain, allow_nan=False, separators=(",", ":"))


def _require_json(content_type: str, encoding: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")]
    if media_type != "application/json" or charsets not in ([], ["utf-8"]) or encoding.lower() != "identity":
        raise UnsupportedBodyError


def _text_of(event: Mapping[str, Any]) -> str:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body)
    try:
        return base64.b64decode(body, validate=True).decode()
    except binascii.Error as error:
        raise MalformedBodyError(str(error)) from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number beyond a double")
    return value


def _reported(problem: Mapping[str, Any]) -> dict[str, Any]:
    place = [part[:_MAX_NAME] if isinstance(part, str) else part for part in problem["loc"]]
    return {"loc": ["body", *place], "msg": problem["msg"], "type": problem["type"]}


def plain(value: object) -> object:
    """What a value that JSON does not know is written as; TypeError where nobody decided."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"no decision how to write a {type(value).__name__} as JSON")
