"""Every change of a transfer: what was answered before is answered again; else decide, and write all of it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api_transfers import translate
from api_transfers.query import Stores, find
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.errors import TransferChangedError
from paydraft.model.transfer import DraftTransfer
from paydraft.model.transfer_errors import VersionMismatchError
from paydraft.runtime.json_body import to_json
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation
from paydraft.runtime.polling import etag_of, is_known
from paydraft.stores.table import Write


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to be done to which transfer. `body` is as it was sent."""

    operation: Operation
    caller: Caller
    transfer_id: str
    about: str  # what the path says beside the transfer
    body: Mapping[str, Any]
    key: str | None
    if_match: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """The next version of a transfer, what to call the change, and what is written or must hold with it."""

    after: DraftTransfer
    action: Action
    note: str | None = None
    others: tuple[Write, ...] = ()


def changed(request: Request, stores: Stores, decide: Callable[[DraftTransfer], Decided | None]) -> Answer:
    """The transfer after the change that `decide` decides (None: there is nothing left to do).

    Raises what `decide` raises, TransferNotFoundError, VersionMismatchError, IdempotencyConflictError, and
    TransferChangedError if somebody else was faster.
    """
    before = find(stores, request.caller.tenant_id, request.transfer_id)
    earlier = _repeatable(request, stores).earlier()
    if earlier:
        return earlier
    if request.if_match and not is_known(etag_of(_body(before)), request.if_match):
        raise VersionMismatchError
    decided = decide(before)
    if decided is None:
        return Answer(_body(before), replayed=True)
    return _write(request, stores, before, decided)


def _write(request: Request, stores: Stores, before: DraftTransfer, decided: Decided) -> Answer:
    body = _body(decided.after)
    entry = AuditEntry.of(before, decided.after, decided.action, request.caller.credential.subject, decided.note)
    once = _repeatable(request, stores)
    try:
        stores.transfers.write(before, decided.after, entry, others=[*decided.others, *once.kept(body)])
    except TransferChangedError:
        earlier = once.earlier()  # the same request, a moment ago
        if earlier:
            return earlier
        raise
    return Answer(body, replayed=False)


def _repeatable(request: Request, stores: Stores) -> Repeatable:
    """The same request is: of the same person, about the same transfer, with the same body."""
    parts = {
        "transfer": request.transfer_id.lower(),
        "about": request.about,
        "subject": request.caller.credential.subject,
        "body": body_part(request.body),
    }
    return Repeatable(request.operation, request.caller, request.key, parts, stores.answers)


def _body(transfer: DraftTransfer) -> str:
    return to_json(translate.transfer(transfer))
