"""Routes of v1's uploads: a document in base64, which starts its job, and lists by the client's own label."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_invoices_v2 import operations, upload_wire
from api_invoices_v2.upload_query import Choice, UploadStores, page
from paydraft.model.job import Dialect, Job, Labels
from paydraft.model.media import EXTENSIONS, sniff
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.model.upload import DOCUMENT_TYPES, Upload
from paydraft.model.upload_errors import InvalidDocumentTypeError
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.inline_document import read_inline_document
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.settings import DoorSettings
from paydraft.runtime.telemetry import correlated, count
from paydraft.workflows.accept_document import Accepted, Submission, accept

_YES_OR_NO = {None: None, "true": True, "false": False}


def register(
    api: Api,
    settings: Callable[[], DoorSettings],
    stores: Callable[[], UploadStores],
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], bytes],
) -> None:
    """Serve the routes. `chance` gives `RANDOM_BYTES` from a secure source."""

    def send(caller: Caller) -> Response[str]:
        return _sent(api, parse(upload_wire.UploadRequest, _body(api)), caller, stores(), chance())

    def send_of_customer(caller: Caller, customer_id: str) -> Response[str]:
        body = _body(api)
        parse(upload_wire.CustomerUploadRequest, body)
        request = parse(upload_wire.UploadRequest, body | {"customer_id": customer_id})
        return _sent(api, request, caller, stores(), chance())

    def of_customer(caller: Caller, customer_id: str, file_type: str) -> Response[str]:
        if file_type not in DOCUMENT_TYPES:
            raise InvalidDocumentTypeError
        parameters = api.current_event.query_string_parameters or {}
        choice = _choice(customer_id, parameters)
        found = page(parameters, operations.LIST_CUSTOMERS_UPLOADS, choice, caller, stores())
        return json_response(HTTPStatus.OK, to_json(found))

    routes: tuple[tuple[Operation, Served], ...] = (
        (operations.SEND_UPLOAD, send),
        (operations.SEND_CUSTOMERS_UPLOAD, send_of_customer),
        (operations.LIST_CUSTOMERS_UPLOADS, of_customer),
    )
    for operation, route in routes:
        serve(api, operation, settings=settings, clock=clock)(route)


def _body(api: Api) -> dict[str, Any]:
    return read_json_object(api.current_event.raw_event, api.current_event.headers)


def _sent(
    api: Api, request: upload_wire.UploadRequest, caller: Caller, stores: UploadStores, randomness: bytes
) -> Response[str]:
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    data = _document(request)
    accepted = accept(
        Submission(
            tenant_id=caller.tenant_id,
            subject=caller.credential.subject,
            dialect=Dialect.COREBANQ_V2,
            data=data,
            labels=Labels(customer_id=request.customer_id, document_name=request.file_name),
        ),
        jobs=stores.jobs,
        documents=stores.documents,
        now=caller.now,
        randomness=randomness,
        idempotency_key=key,
    )
    _tell(api.service, accepted)
    headers = {"Location": f"/v1/uploads/{accepted.job.upload_id}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_response(HTTPStatus.CREATED, to_json(_as_sent(accepted.job, data)), headers)


def _document(request: upload_wire.UploadRequest) -> bytes:
    if request.document_type not in DOCUMENT_TYPES:
        raise InvalidDocumentTypeError
    return read_inline_document(request.content)


def _tell(service: str, accepted: Accepted) -> None:
    with correlated(service, accepted.job.job_id) as log:
        log.info("document accepted", dialect=Dialect.COREBANQ_V2, replayed=accepted.replayed)
    if not accepted.replayed:
        count(service, "DocumentsAccepted", dialect=Dialect.COREBANQ_V2.value)


def _as_sent(job: Job, data: bytes) -> upload_wire.Upload:
    """The upload as it was when its document came, whatever has become of its job since: a replay repeats it."""
    media_type = sniff(data)
    known = {
        "content_type": media_type,
        "content_length": len(data),
        "file_extension": EXTENSIONS[media_type][0] if media_type else None,
    }
    return upload_wire.wire(Upload(job=job)).model_copy(update=known)


def _choice(customer_id: str, parameters: Mapping[str, str]) -> Choice:
    """One customer's uploads. Nothing is ever signed here; approved is what a finalised transfer has attached."""
    asked = {name: parameters.get(name) for name in ("is_signed", "is_approved")}
    wrong = [name for name, value in asked.items() if value not in _YES_OR_NO]
    if wrong:
        raise InvalidQueryError(details={"fields": wrong})
    signed, approved = (_YES_OR_NO[value] for value in asked.values())

    def keep(upload: Upload) -> bool:
        is_approved = upload.attached_at is not None
        return upload.job.customer_id == customer_id and not signed and approved in (None, is_approved)

    return Choice(json.dumps([customer_id, signed, approved]), keep)
