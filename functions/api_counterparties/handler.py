"""Counterparties: who can be paid, their accounts, contacts and addresses, and their history.

A route parses, decides by editing.py, and writes by changing.py. Time and chance are read here.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from api_counterparties import editing, operations, parts, requests, schemas, translate
from api_counterparties.changing import Decided, Request, answered_earlier, changed, keep_answer
from api_counterparties.editing import Ids
from api_counterparties.errors import ANSWERS
from api_counterparties.importing import report
from api_counterparties.listing import found, wish_of
from api_counterparties.operations import PARTY_SEARCHES
from api_counterparties.query import Stores, find, values_of_file
from paydraft.model.counterparty_errors import OwnAccountsError
from paydraft.model.counterparty_file import CounterpartyFile, FileAction
from paydraft.model.ids import to_millisecond
from paydraft.runtime.http import Api, empty_response, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.kept_answers import Answer
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.polling import etag_of, is_known
from paydraft.runtime.settings import CounterpartiesSettings
from paydraft.runtime.telemetry import count, logger
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.workflows.supplier_rows import written

SERVICE = "api_counterparties"
_MARGIN_SECONDS = 6.0  # that an import leaves to its answer
api = Api(SERVICE, ANSWERS)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=CounterpartiesSettings.load, clock=_now)


def _now() -> datetime:
    return to_millisecond(datetime.now(UTC))  # as it is stored, so that nothing differs when read


@_serves(operations.LIST)
def list_counterparties(caller: Caller) -> Response[str]:
    """A page of the tenant's counterparties."""
    wish = wish_of(api.current_event.query_string_parameters or {}, PARTY_SEARCHES)
    page = found(_stores().counterparties.files(caller.tenant_id), values_of_file, wish)
    answer = schemas.CounterpartyList(
        data=tuple(translate.counterparty(file) for file in page.rows),
        total=page.total,
        total_unfiltered=page.total_unfiltered,
        has_more=page.has_more,
    )
    return json_response(HTTPStatus.OK, to_json(answer))


@_serves(operations.CREATE)
def create_counterparty(caller: Caller) -> Response[str]:
    """Put a counterparty on file."""
    sent, body = _body(operations.CREATE, requests.CounterpartyIn)

    def decide() -> Decided:
        file = editing.new_file(sent, _ids(caller), by=caller.credential.subject, at=caller.now)
        return Decided(None, file, FileAction.CREATED, _shown)

    return _answer(_request(operations.CREATE, caller, "", body), decide)


@_serves(operations.EXPORT)
def export_counterparties(caller: Caller) -> Response[str]:
    """The supplier list."""
    text = "".join(written(_stores().counterparties.files(caller.tenant_id)))
    headers = {"Content-Disposition": 'attachment; filename="suppliers.csv"'}
    return Response(HTTPStatus.OK, content_type="text/csv; charset=utf-8", body=text, headers=headers)


@_serves(operations.IMPORT)
def import_counterparties(caller: Caller) -> Response[str]:
    """Put a supplier list on file, as much of it as there is time for."""
    sent, body = _body(operations.IMPORT, requests.ImportRequest)
    request = _request(operations.IMPORT, caller, "", body)
    answer = answered_earlier(request, _stores())
    if answer is None:
        seconds = api.lambda_context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS
        told = report(sent, _stores().counterparties, caller, seconds=seconds, clock=_now, new_id=uuid4)
        answer = Answer(to_json(told), replayed=False)
        keep_answer(request, _stores(), answer.body)
        count(SERVICE, "CounterpartiesImported", value=told.added)
    return json_response(HTTPStatus.OK, answer.body, {"Idempotent-Replayed": "true"} if answer.replayed else {})


@_serves(operations.READ_ONE)
def read_counterparty(caller: Caller, counterparty_id: str) -> Response[str]:
    """One counterparty, with the tag that If-Match takes."""
    return _tagged(_shown(find(_stores(), caller.tenant_id, counterparty_id)))


@_serves(operations.EVENTS)
def list_events(caller: Caller, counterparty_id: str) -> Response[str]:
    """Its history."""
    file = find(_stores(), caller.tenant_id, counterparty_id)
    entries = _stores().counterparties.history(caller.tenant_id, file.counterparty_id)
    answer = schemas.EventList(data=tuple(translate.event(entry) for entry in entries), total=len(entries))
    return json_response(HTTPStatus.OK, to_json(answer))


@_serves(operations.EDIT)
def edit_counterparty(caller: Caller, counterparty_id: str) -> Response[str]:
    """Change a counterparty."""
    patch, body = _body(operations.EDIT, requests.CounterpartyPatch)

    def decide() -> Decided:
        before = find(_stores(), caller.tenant_id, counterparty_id)
        after = editing.edited(before, patch, by=caller.credential.subject, at=caller.now)
        return Decided(before, after, FileAction.UPDATED, _shown)

    return _answer(_request(operations.EDIT, caller, counterparty_id, body), decide)


@_serves(operations.DEACTIVATE)
def deactivate_counterparty(caller: Caller, counterparty_id: str) -> Response[str]:
    """Pay it no more."""
    return _switch(operations.DEACTIVATE, caller, counterparty_id, active=False)


@_serves(operations.REACTIVATE)
def reactivate_counterparty(caller: Caller, counterparty_id: str) -> Response[str]:
    """Let it be paid again."""
    return _switch(operations.REACTIVATE, caller, counterparty_id, active=True)


def _switch(operation: Operation, caller: Caller, counterparty_id: str, *, active: bool) -> Response[str]:
    def decide() -> Decided:
        before = find(_stores(), caller.tenant_id, counterparty_id)
        after = editing.switched(before, active, by=caller.credential.subject, at=caller.now)
        return Decided(before, after, FileAction.REACTIVATED if active else FileAction.DEACTIVATED, _shown)

    return _answer(_request(operation, caller, counterparty_id, {}), decide)


def _register_parts() -> None:
    for kind in parts.KINDS:
        list_, create, read, edit = kind.operations
        _serves(list_)(_listing(kind))
        _serves(create)(_creating(kind))
        _serves(read)(_reading(kind))
        _serves(edit)(_editing(kind))


def _listing(kind: parts.Kind) -> Served:
    def listing(caller: Caller) -> Response[str]:
        wish = wish_of(api.current_event.query_string_parameters or {}, kind.searches)
        return json_response(HTTPStatus.OK, to_json(parts.page(kind, _stores(), caller.tenant_id, wish)))

    return listing


def _reading(kind: parts.Kind) -> Served:
    def reading(caller: Caller, part_id: str) -> Response[str]:
        return _tagged(parts.read(kind, _stores(), caller.tenant_id, part_id))

    return reading


def _creating(kind: parts.Kind) -> Served:
    operation = kind.operations[1]

    def creating(caller: Caller) -> Response[str]:
        sent, body = _body(operation, kind.takes)
        request = _request(operation, caller, "", body)
        return _answer(request, lambda: parts.creation(kind, sent, _stores(), caller, _ids(caller).next()))

    return creating


def _editing(kind: parts.Kind) -> Served:
    operation = kind.operations[3]

    def editing_part(caller: Caller, part_id: str) -> Response[str]:
        patch, body = _body(operation, kind.patch)
        request = _request(operation, caller, part_id, body)
        return _answer(request, lambda: parts.edition(kind, patch, _stores(), caller, part_id))

    return editing_part


def _body[Model: BaseModel](operation: Operation, model: type[Model]) -> tuple[Model, dict[str, Any]]:
    sent = read_json_object(api.current_event.raw_event, api.current_event.headers)
    if "own_accounts" in model.model_fields and sent.get("own_accounts"):
        raise OwnAccountsError
    return parse(model, sent), sent


def _request(operation: Operation, caller: Caller, about: str, body: dict[str, Any]) -> Request:
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    return Request(operation, caller, about, body, key, api.header("if-match"))


def _answer(request: Request, decide: Callable[[], Decided]) -> Response[str]:
    answer = changed(request, _stores(), decide)
    headers = {"ETag": etag_of(answer.body)}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    else:
        count(SERVICE, "CounterpartiesChanged", operation=request.operation.name)
        logger(SERVICE).info("counterparty changed", operation=request.operation.name)
    return json_response(request.operation.status, answer.body, headers)


def _tagged(body: str) -> Response[str]:
    headers = {"ETag": etag_of(body)}
    if is_known(headers["ETag"], api.header("if-none-match")):
        return empty_response(HTTPStatus.NOT_MODIFIED, headers)
    return json_response(HTTPStatus.OK, body, headers)


def _shown(file: CounterpartyFile) -> str:
    return to_json(translate.counterparty(file))


def _ids(caller: Caller) -> Ids:
    return Ids(caller.now, int.from_bytes(secrets.token_bytes(9)))


def _stores() -> Stores:
    return _stores_of(CounterpartiesSettings.load())


@cache
def _stores_of(settings: CounterpartiesSettings) -> Stores:
    return Stores(CounterpartyStore(settings.counterparties_table), AnswerStore(settings.transient_table))


_register_parts()
