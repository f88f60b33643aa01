"""Every change of a file: what was answered before is answered again; else decide, and write all of it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api_counterparties.query import Stores
from paydraft.model.counterparty_errors import CounterpartyChangedError, CounterpartyVersionError
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, FileEntry
from paydraft.model.errors import CounterpartyExistsError
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation
from paydraft.runtime.polling import etag_of, is_known
from paydraft.stores.table import put_together

type Show = Callable[[CounterpartyFile], str]


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to be done to what. `body` is as it was sent."""

    operation: Operation
    caller: Caller
    about: str  # what the path names
    body: Mapping[str, Any]
    key: str | None
    if_match: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The file before and after, what to call the change, and how the answer is made of the file."""

    before: CounterpartyFile | None
    after: CounterpartyFile
    action: FileAction
    show: Show


def changed(request: Request, stores: Stores, decide: Callable[[], Decided]) -> Answer:
    """The answer after the change that `decide` decides; where nothing differs, nothing is written.

    Raises what `decide` raises, IdempotencyConflictError, CounterpartyVersionError, CounterpartyExistsError, and
    CounterpartyChangedError if somebody else was faster.
    """
    earlier = answered_earlier(request, stores)
    if earlier:
        return earlier
    decided = decide()
    before, body = decided.before, decided.show(decided.after)
    if before is not None and decided.after == before:
        _require_version(request, decided.show(before))
        return Answer(body, replayed=True)
    if before is not None and request.operation.method != "POST":
        _require_version(request, decided.show(before))
    entry = FileEntry.of(
        before, decided.after, decided.action, by=request.caller.credential.subject, at=request.caller.now
    )
    try:
        stores.counterparties.save(
            request.caller.tenant_id, before, decided.after, entry, others=_repeatable(request, stores).kept(body)
        )
    except (CounterpartyChangedError, CounterpartyExistsError):
        earlier = answered_earlier(request, stores)  # the same request, a moment ago
        if earlier:
            return earlier
        raise
    return Answer(body, replayed=False)


def answered_earlier(request: Request, stores: Stores) -> Answer | None:
    """What was answered under this key; raises IdempotencyConflictError if to another request."""
    return _repeatable(request, stores).earlier()


def keep_answer(request: Request, stores: Stores, body: str) -> None:
    """Remember an answer that tells of many changes, after them: a repetition of those changes nothing."""
    kept = _repeatable(request, stores).kept(body)
    if kept:
        put_together(kept)


def _require_version(request: Request, body: str) -> None:
    if request.if_match and not is_known(etag_of(body), request.if_match):
        raise CounterpartyVersionError


def _repeatable(request: Request, stores: Stores) -> Repeatable:
    """The same request is: of the same person, about the same thing, with the same body."""
    parts = {
        "about": request.about.lower(),
        "subject": request.caller.credential.subject,
        "body": body_part(request.body),
    }
    return Repeatable(request.operation, request.caller, request.key, parts, stores.answers)
