"""Transfers: drafts are edited, checked by a second person, approved, exported. No money moves here.

A route parses, decides by paydraft/transfers/life.py, and writes by changing.py. Time and chance are read here.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from api_transfers import codes, operations, requests, schemas, translate
from api_transfers.agreement import require_agreement
from api_transfers.changing import Decided, Request, changed
from api_transfers.confirming import confirmed, lessons
from api_transfers.editing import changes_of
from api_transfers.errors import ANSWERS
from api_transfers.exporting import export
from api_transfers.order_wire import export_of, obstacle_error
from api_transfers.payment_files import file_of
from api_transfers.query import Stores, find, page, wish_of
from paydraft.model.audit import Action
from paydraft.model.credential import SubjectKind
from paydraft.model.invoice import Invoice
from paydraft.model.job import JobKey
from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.http import Api, empty_response, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.polling import etag_of, is_known
from paydraft.runtime.settings import TransfersSettings
from paydraft.runtime.telemetry import count, logger
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.orders import OrderStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.transfers import TransferStore
from paydraft.transfers import life
from paydraft.transfers.epc_qr import epc_obstacle
from paydraft.transfers.pain001 import MEDIA_TYPE
from paydraft.transfers.verification import NobodyToAsk

SERVICE = "api_transfers"
api = Api(SERVICE, ANSWERS)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=TransfersSettings.load, clock=lambda: datetime.now(UTC))


@_serves(operations.LIST)
def list_transfers(caller: Caller) -> Response[str]:
    """A page of the tenant's transfers."""
    wish = wish_of(api.current_event.query_string_parameters or {})
    answer = page(_stores(), caller.tenant_id, wish, TransfersSettings.load().cursor_secret)
    return json_response(HTTPStatus.OK, to_json(answer))


@_serves(operations.READ)
def read_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """One transfer, with the tag that If-Match takes."""
    body = to_json(translate.transfer(find(_stores(), caller.tenant_id, transfer_id)))
    headers = {"ETag": etag_of(body)}
    if is_known(headers["ETag"], api.header("if-none-match")):
        return empty_response(HTTPStatus.NOT_MODIFIED, headers)
    return json_response(HTTPStatus.OK, body, headers)


@_serves(operations.EVIDENCE)
def read_evidence(caller: Caller, transfer_id: str) -> Response[str]:
    """Where the fields of its document stand."""
    transfer = find(_stores(), caller.tenant_id, transfer_id)
    key = JobKey(tenant_id=caller.tenant_id, job_id=transfer.job_id)
    invoice = _stores().results.invoice(key, transfer.attempt) or Invoice()
    return json_response(HTTPStatus.OK, to_json(translate.evidence(transfer, invoice)))


@_serves(operations.EVENTS)
def list_events(caller: Caller, transfer_id: str) -> Response[str]:
    """Its history."""
    transfer = find(_stores(), caller.tenant_id, transfer_id)
    entries = _stores().transfers.audit(caller.tenant_id, transfer.transfer_id)
    answer = schemas.EventList(data=tuple(translate.event(entry) for entry in entries), total=len(entries))
    return json_response(HTTPStatus.OK, to_json(answer))


@_serves(operations.EDIT)
def edit_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """Change a draft."""
    patch, body = _body(operations.EDIT, requests.TransferPatch)

    def decide(before: DraftTransfer) -> Decided | None:
        after = life.edited(before, _actor(caller), {}, at=caller.now)  # first of all it must be a draft
        changes = changes_of(patch, before, _stores(), by=caller.credential.subject, today=caller.now.date())
        return Decided(after.model_copy(update=changes), Action.EDITED) if changes else None

    return _answer(_request(operations.EDIT, caller, transfer_id, body), decide)


@_serves(operations.DISCARD)
def discard_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """Give a draft up."""

    def decide(before: DraftTransfer) -> Decided | None:
        if before.status is TransferStatus.CANCELLED:
            return None
        return Decided(life.discarded(before, _actor(caller), at=caller.now), Action.DISCARDED)

    return _answer(_request(operations.DISCARD, caller, transfer_id, {}), decide)


@_serves(operations.FINALIZE)
def finalize_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """Ask for approval."""
    wanted, body = _body(operations.FINALIZE, requests.FinalizeRequest)

    def decide(before: DraftTransfer) -> Decided | None:
        if life.is_finalized(before):
            return None
        require_agreement(wanted, before)
        stores = _stores()
        verification = stores.verifier.verify(before.creditor, at=caller.now)
        after = life.finalized(before, _actor(caller), verification, at=caller.now)
        attached = stores.jobs.attach_upload(caller.tenant_id, before.upload_id, at=caller.now)
        return Decided(after, Action.FINALIZED, others=(attached,) if attached else ())

    request = _request(operations.FINALIZE, caller, transfer_id, body, key=wanted.idempotency_key)
    return _answer(request, decide)


@_serves(operations.APPROVE)
def approve_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """Approve it; a new account of a known payee is put on file by this."""
    wanted, body = _body(operations.APPROVE, requests.Decision)

    def decide(before: DraftTransfer) -> Decided:
        after = life.approved(before, _actor(caller), at=caller.now)
        dice = int.from_bytes(secrets.token_bytes(16))
        after, others = confirmed(after, caller, _stores(), randomness=dice)
        return Decided(after, Action.APPROVED, wanted.note, (*others, *lessons(after, _stores())))

    return _answer(_request(operations.APPROVE, caller, transfer_id, body), decide)


@_serves(operations.REJECT)
def reject_transfer(caller: Caller, transfer_id: str) -> Response[str]:
    """Make it a draft again."""
    wanted, body = _body(operations.REJECT, requests.Explained)

    def decide(before: DraftTransfer) -> Decided:
        return Decided(life.rejected(before, _actor(caller), wanted.note, at=caller.now), Action.REJECTED, wanted.note)

    return _answer(_request(operations.REJECT, caller, transfer_id, body), decide)


@_serves(operations.CLEAR)
def clear_flag(caller: Caller, transfer_id: str, code: str) -> Response[str]:
    """Say what a look into a blocking flag has found."""
    wanted, body = _body(operations.CLEAR, requests.Explained)

    def decide(before: DraftTransfer) -> Decided:
        after = life.cleared(before, code, _actor(caller), wanted.note, at=caller.now)
        return Decided(after, Action.FLAG_CLEARED, wanted.note)

    return _answer(_request(operations.CLEAR, caller, transfer_id, body, about=code), decide)


@_serves(operations.EXPORT)
def export_transfers(caller: Caller) -> Response[str]:
    """Let approved transfers leave as one payment file."""
    wanted, body = _body(operations.EXPORT, requests.ExportRequest)
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    parts = {"subject": caller.credential.subject, "body": body_part(body)}
    stores = _stores()
    made = export(wanted, Repeatable(operations.EXPORT, caller, key, parts, stores.answers), caller, stores)
    answer = export_of(made.order, stores.transfers.rows(caller.tenant_id, made.order.paid))
    if not made.replayed:
        count(SERVICE, "TransfersExported", value=len(made.order.paid))
        logger(SERVICE).info("transfers exported", order_id=made.order.order_id, transfers=len(made.order.paid))
    return json_response(HTTPStatus.OK, to_json(answer), {"Idempotent-Replayed": "true"} if made.replayed else {})


@_serves(operations.PAYMENT_FILE)
def read_payment_file(caller: Caller, transfer_id: str) -> Response[str]:
    """The file that a transfer has left with, or a preview of one."""
    transfer = find(_stores(), caller.tenant_id, transfer_id)
    file = file_of(transfer, api.current_event.query_string_parameters or {}, _stores(), now=caller.now)
    return _attached(file.data, MEDIA_TYPE, f'attachment; filename="{file.name}"')


@_serves(operations.QR)
def read_code(caller: Caller, transfer_id: str) -> Response[str]:
    """The transfer as a code for a banking app."""
    transfer = find(_stores(), caller.tenant_id, transfer_id)
    parameters = api.current_event.query_string_parameters or {}
    if unknown := sorted(parameters.keys() - operations.QR.query.keys()):
        raise InvalidQueryError(details={"fields": [name[:64] for name in unknown]})
    media_type = codes.media_type_of(parameters.get("format"), api.header("accept"))
    codes.require_scannable(transfer)
    if obstacle := epc_obstacle(transfer):
        raise obstacle_error((obstacle,))
    name = f"transfer-{transfer.transfer_id}.{'svg' if media_type == codes.SVG else 'png'}"
    return _attached(codes.drawn(transfer, media_type), media_type, f'inline; filename="{name}"')


def _attached(data: bytes, media_type: str, disposition: str) -> Response[str]:
    """Bytes, which the gateway is handed in base64."""
    body: Any = data
    headers = {"Content-Disposition": disposition, "Vary": "Accept", "X-Content-Type-Options": "nosniff"}
    return Response(HTTPStatus.OK, content_type=media_type, body=body, headers=headers)


def _body[Model: BaseModel](operation: Operation, model: type[Model]) -> tuple[Model, dict[str, Any]]:
    event = api.current_event.raw_event
    sent = read_json_object(event, api.current_event.headers) if operation.body_required or event.get("body") else {}
    return parse(model, sent), sent


def _request(
    operation: Operation,
    caller: Caller,
    transfer_id: str,
    body: dict[str, Any],
    *,
    key: str | None = None,
    about: str = "",
) -> Request:
    keys = (api.header("idempotency-key"), api.header("x-idempotency-key"), key)
    return Request(operation, caller, transfer_id, about, body, idempotency_key(*keys), api.header("if-match"))


def _answer(request: Request, decide: Callable[[DraftTransfer], Decided | None]) -> Response[str]:
    answer: Answer = changed(request, _stores(), decide)
    headers = {"ETag": etag_of(answer.body)}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    else:
        count(SERVICE, "TransfersChanged", operation=request.operation.name)
        logger(SERVICE).info("transfer changed", operation=request.operation.name, transfer_id=request.transfer_id)
    return json_response(answer.status, answer.body, headers)


def _actor(caller: Caller) -> life.Actor:
    return life.Actor(caller.credential.subject, caller.credential.kind is SubjectKind.PERSON)


def _stores() -> Stores:
    return _stores_of(TransfersSettings.load())


@cache
def _stores_of(settings: TransfersSettings) -> Stores:
    return Stores(
        transfers=TransferStore(settings.transfers_table),
        orders=OrderStore(settings.transfers_table),
        jobs=JobStore(settings.jobs_table),
        counterparties=CounterpartyStore(settings.counterparties_table),
        counterparties_table=settings.counterparties_table,
        results=ResultStore(settings.documents_bucket),
        answers=AnswerStore(settings.transient_table),
        memory=SupplierMemory(settings.transfers_table),
        verifier=NobodyToAsk(),
    )
