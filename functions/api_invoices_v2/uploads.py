"""Routes of uploads: a ticket to send a document by, what was sent, and a link to exactly the bytes that were read."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from api_invoices_v2 import operations, upload_wire
from api_invoices_v2.tickets import Issued, issue
from api_invoices_v2.upload_query import Choice, UploadStores, find, page
from paydraft.model.ids import to_millisecond
from paydraft.model.upload import LINK_LIFE, Upload
from paydraft.model.upload_errors import DocumentNotArrivedError
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.settings import DoorSettings
from paydraft.runtime.telemetry import correlated, count
from paydraft.stores.documents import DocumentStore
from paydraft.workflows.download import link_to


def register(
    api: Api,
    settings: Callable[[], DoorSettings],
    stores: Callable[[], UploadStores],
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], bytes],
) -> None:
    """Serve the routes. `chance` gives `RANDOM_BYTES` from a secure source."""

    def create(caller: Caller) -> Response[str]:
        key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
        body = read_json_object(api.current_event.raw_event, api.current_event.headers)
        request = parse(upload_wire.TicketRequest, body)
        held = stores()
        issued = issue(
            request, caller, jobs=held.jobs, documents=held.documents, randomness=chance(), idempotency_key=key
        )
        _tell(api.service, issued)
        headers = {"Location": f"/v2/uploads/{issued.job.upload_id}"}
        if issued.replayed:
            headers["Idempotent-Replayed"] = "true"
        return json_response(HTTPStatus.CREATED, to_json(_ticket(issued)), headers)

    def read(caller: Caller, upload_id: str) -> Response[str]:
        return json_response(HTTPStatus.OK, to_json(upload_wire.wire(find(stores(), caller, upload_id))))

    def listing(caller: Caller) -> Response[str]:
        parameters = api.current_event.query_string_parameters or {}
        found = page(parameters, operations.LIST_UPLOADS, Choice(), caller, stores())
        return json_response(HTTPStatus.OK, to_json(found))

    def download(caller: Caller, upload_id: str) -> Response[str]:
        held = stores()
        link = _link(find(held, caller, upload_id), held.documents, now=caller.now)
        return json_response(HTTPStatus.OK, to_json(link))

    routes: tuple[tuple[Operation, Served], ...] = (
        (operations.CREATE_UPLOAD, create),
        (operations.LIST_UPLOADS, listing),
        (operations.READ_UPLOAD, read),
        (operations.LIST_UPLOADS_V1, listing),
        (operations.READ_UPLOAD_V1, read),
        (operations.DOWNLOAD_UPLOAD, download),
    )
    for operation, route in routes:
        serve(api, operation, settings=settings, clock=clock)(route)


def _tell(service: str, issued: Issued) -> None:
    with correlated(service, issued.job.job_id) as log:
        log.info("ticket issued", replayed=issued.replayed, max_bytes=issued.max_bytes)
    if not issued.replayed:
        count(service, "TicketsIssued")


def _ticket(issued: Issued) -> upload_wire.Ticket:
    return upload_wire.Ticket(
        upload_id=issued.job.upload_id,
        job_id=issued.job.job_id,
        url=issued.form.url,
        fields=issued.form.fields,
        expires_at=issued.expires_at,
        max_bytes=issued.max_bytes,
        poll_url=f"/v2/invoices/ocr/{issued.job.job_id}",
    )


def _link(upload: Upload, documents: DocumentStore, *, now: datetime) -> upload_wire.Download:
    link, facts = link_to(upload.job, documents), upload.job.document
    if link is None:
        raise DocumentNotArrivedError
    return upload_wire.Download(
        url=link.url,
        expires_at=to_millisecond(now) + LINK_LIFE,
        file_name=link.file_name,
        content_type=link.content_type,
        content_length=facts.size if facts else None,
    )
