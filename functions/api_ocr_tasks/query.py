"""What a list is asked for: its parameters, checked, and as they travel inside a pagination token."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import UUID

from api_ocr_tasks.operations import LIST, MAX_IDS, MAX_LIMIT
from api_ocr_tasks.schemas import TaskStatus, TaskType
from paydraft.model.ids import uuid_of
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.runtime.cursor import Signer
from paydraft.stores.job_lists import Span

_MOST_FIELDS = 200
_LIMIT = re.compile(r"[0-9]{1,4}")
# A plus sign that was not encoded arrives as a blank.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?:[Zz]|([+ -])(\d\d):(\d\d))?", re.ASCII)
_BOUNDS = ("gt", "gte", "lt", "lte")
_ALLOWED = {
    "order": ("asc", "desc"),
    "sort": ("id", "created_at"),
    "status": tuple(TaskStatus),
    "document_type": tuple(TaskType),
}


@dataclass(frozen=True, slots=True)
class Query:
    """A list, whatever its page. `text` is what it was asked by, to be asked again."""

    text: Mapping[str, str]
    span: Span
    limit: int = MAX_LIMIT
    newest_first: bool = False
    status: TaskStatus | None = None
    document_type: TaskType | None = None
    ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind this id, in the list's order or, `backwards`, against it."""

    query: Query
    behind: UUID | None = None
    backwards: bool = False

    @property
    def newest_first(self) -> bool:
        """The order in which jobs are looked at."""
        return self.query.newest_first is not self.backwards

    @property
    def span(self) -> Span:
        """The ids that are looked at."""
        span = self.query.span
        if self.behind is None:
            return span
        if self.newest_first:
            return replace(span, before=min(span.before or self.behind, self.behind))
        return replace(span, behind=max(span.behind or self.behind, self.behind))

    def onward(self, last: UUID) -> "Place":
        """The page behind `last`, in the same direction."""
        return replace(self, behind=last)

    def back(self) -> "Place | None":
        """The page that ends where this one begins; None where this one begins at the list's end."""
        if self.behind is None:
            return None
        step = -1 if self.newest_first else 1
        return replace(self, behind=UUID(int=self.behind.int + step), backwards=not self.backwards)


def parameters_of(raw: str) -> dict[str, list[str]]:
    """The parameters of a query string as the gateway hands it over; raises InvalidFieldsError for far too many."""
    try:
        return parse_qs(raw, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise _refusal([("", "too many parameters")]) from None


def place_of(parameters: Mapping[str, Sequence[str]], signer: Signer) -> Place:
    """Where the page begins that is asked for; with a pagination token nothing else is looked at.

    Raises InvalidCursorError; InvalidFieldsError that names every wrong parameter.
    """
    tokens = parameters.get("pagination_token")
    if tokens:
        return _unpacked(*signer.read(tokens[-1]))
    problems = list(_problems(parameters))
    if problems:
        raise _refusal(problems)
    text = {name: values[0] for name, values in parameters.items() if name != "id__in"}
    if "id__in" in parameters:
        text["id__in"] = _packed(UUID(one) for one in dict.fromkeys(parameters["id__in"]))
    return Place(_query(text))


def token_of(place: Place, signer: Signer) -> str:
    """The pagination token of that page."""
    told = json.dumps([str(place.behind), dict(place.query.text)], separators=(",", ":"))
    return signer.sign(told, "backwards" if place.backwards else "onwards")


def moment_of(text: str) -> datetime | None:
    """A moment as the API's description has it, UTC where no zone is named; None for anything else."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    local, sign, hours, minutes = found.groups()
    zone = f"{'-' if sign == '-' else '+'}{hours}:{minutes}" if sign else "+00:00"
    try:
        return datetime.fromisoformat(f"{local}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unpacked(told: str, direction: str) -> Place:
    behind, text = json.loads(told)
    return Place(_query(text), UUID(behind), direction == "backwards")


def _query(text: Mapping[str, str]) -> Query:
    """The list that was asked for by these words, which are right."""
    bounds = {bound: moment_of(text[f"created_at__{bound}"]) for bound in _BOUNDS if f"created_at__{bound}" in text}
    return Query(
        text=text,
        span=Span.of(**bounds),
        limit=int(text.get("limit", MAX_LIMIT)),
        newest_first=text.get("order") == "desc",
        status=TaskStatus(text["status"]) if "status" in text else None,
        document_type=TaskType(text["document_type"]) if "document_type" in text else None,
        ids=_ids(text["id__in"]) if "id__in" in text else None,
    )


def _problems(parameters: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for name, values in parameters.items():
        if name not in LIST.query:
            yield name[:64], "unknown parameter"
        elif name == "id__in":
            if len(values) > MAX_IDS or not all(uuid_of(one) for one in values):
                yield name, f"at most {MAX_IDS} UUIDs, each in a parameter of its own"
        elif len(values) > 1:
            yield name, "stands more than once"
        elif not _is_right(name, values[0]):
            yield name, _RULES.get(name) or f"must be one of: {', '.join(_ALLOWED[name])}"


_RULES = {
    "limit": f"must be a number from 1 to {MAX_LIMIT}",
    **{f"created_at__{bound}": "must be YYYY-MM-DDThh:mm[:ss[.ffffff]][Z|±hh:mm]" for bound in _BOUNDS},
}


def _is_right(name: str, text: str) -> bool:
    if name in _ALLOWED:
        return text in _ALLOWED[name]
    if name == "limit":
        return bool(_LIMIT.fullmatch(text)) and 1 <= int(text) <= MAX_LIMIT
    return moment_of(text) is not None


def _refusal(problems: Sequence[tuple[str, str]]) -> InvalidFieldsError:
    fields = [{"loc": ["query", name], "msg": told, "type": "value_error"} for name, told in problems[:20]]
    return InvalidFieldsError(details={"fields": fields})


def _packed(ids: Iterator[UUID]) -> str:
    return base64.b85encode(b"".join(one.bytes for one in ids)).decode()


def _ids(packed: str) -> tuple[UUID, ...]:
    data = base64.b85decode(packed)
    return tuple(UUID(bytes=data[at : at + 16]) for at in range(0, len(data), 16))
