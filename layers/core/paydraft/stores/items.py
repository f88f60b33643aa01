"""Values as DynamoDB items and back.

Text, ids, dates and enumerations are strings; a moment is ISO 8601 in UTC with milliseconds, so that strings compare
as moments do; Money is {minor_units, currency}; any other Decimal (a rate) is a string; None is left out. An attribute
that a later release wrote is passed over when read, and survives because updates name what they change.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from paydraft.model.money import Money

Item = dict[str, dict[str, Any]]  # attribute name -> {type: value}


def iso(moment: datetime) -> str:
    """An aware moment as it is stored, cut to the millisecond."""
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode(value: object) -> dict[str, Any]:
    """One attribute value."""
    match value:
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case Money():
            return encode({"minor_units": value.minor_units, "currency": value.currency})
        case BaseModel():
            return encode(dict(value))
        case Mapping():
            return {"M": item_of(value)}
        case tuple() | list():
            return {"L": [encode(part) for part in value]}
        case frozenset():
            return {"SS": sorted(map(_text, value))}
        case _:
            return {"S": _text(value)}


def item_of(values: Mapping[str, object] | BaseModel) -> Item:
    """The attributes of a value, absent ones left out."""
    return {name: encode(value) for name, value in dict(values).items() if value is not None}


def plain(value: Mapping[str, Any]) -> Any:
    """The reverse of `encode` in JSON's types; the model that validates it makes moments, ids and enumerations."""
    kind, content = next(iter(value.items()))
    if kind == "M":
        content = {name: plain(part) for name, part in content.items()}
        return _money(content) if content.keys() == {"minor_units", "currency"} else content
    if kind == "L":
        return [plain(part) for part in content]
    return _number(content) if kind == "N" else content


def read_as[Model: BaseModel](model: type[Model], item: Item) -> Model:
    """The stored value; attributes that the model does not know are passed over."""
    return model.model_validate({name: plain(value) for name, value in item.items()}, extra="ignore")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | UUID | Decimal):
        return str(value)
    raise TypeError(f"no attribute value for {type(value).__name__}")


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _money(parts: dict[str, Any]) -> Money:
    return Money.of_minor_units(parts["minor_units"], parts["currency"])
