"""Monite's dialect: OCR tasks are made of an address or a file, listed page by page, and read.

A route parses, calls one workflow or query, and translates. Time and chance are read here and passed on.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_ocr_tasks import listing, operations, schemas, submitting, translate
from api_ocr_tasks.errors import ANSWERS, wrong
from api_ocr_tasks.headers import entity_of, require_version
from api_ocr_tasks.query import parameters_of, place_of
from api_ocr_tasks.submitting import Sender, Stores
from paydraft.model.errors import InternalError, TransientError
from paydraft.model.ids import uuid_of
from paydraft.model.job import Job, JobKey
from paydraft.model.request_errors import JobNotFoundError
from paydraft.model.status import Phase
from paydraft.runtime.cursor import Signer
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.runtime.multipart import read_form
from paydraft.runtime.operations import Caller, Operation, serve
from paydraft.runtime.polling import etag_of, retry_after, wait_seconds
from paydraft.runtime.settings import OcrTasksSettings
from paydraft.runtime.telemetry import correlated, count
from paydraft.runtime.waiting import Wait, WaitingRoom, awaited, find_job, tagged_response
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.workflows.accept_document import Accepted
from paydraft.workflows.new_job import RANDOM_BYTES

SERVICE = "api_ocr_tasks"
api = Api(SERVICE, ANSWERS, per_second_headers=True)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request whose headers are in order."""

    caller: Caller
    entity: str | None
    settings: OcrTasksSettings

    @property
    def stores(self) -> Stores:
        """What the routes read and write."""
        return _stores(self.settings)


type Served = Callable[..., Response[str]]


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    """Register a route with and without the version in its path; it is called with an Ask."""

    def register(serving: Served) -> Served:
        def asked(caller: Caller, **path: str) -> Response[str]:
            require_version(api.header("x-monite-version"))
            entity = entity_of(api.header("x-monite-entity-id"), caller.credential)
            return serving(Ask(caller, entity, OcrTasksSettings.load()), **path)

        for one in operations.both(operation):
            serve(api, one, settings=OcrTasksSettings.load, clock=lambda: datetime.now(UTC))(asked)
        return serving

    return register


@_serves(operations.LIST)
def list_tasks(ask: Ask) -> Response[str]:
    """A page of the tenant's tasks."""
    signer = Signer(ask.settings.cursor_secret, ask.caller.tenant_id, {"list": SERVICE, "entity": ask.entity or ""})
    place = place_of(parameters_of(api.current_event.raw_query_string), signer)
    body = listing.page(place, ask.stores.lists, ask.stores.results, signer, ask.caller.tenant_id, ask.entity)
    return json_response(HTTPStatus.OK, body)


@_serves(operations.CREATE)
def create_task(ask: Ask) -> Response[str]:
    """Have a file fetched and read. What goes wrong within a few seconds is told at once."""
    request = parse(schemas.CreateRequest, read_json_object(api.current_event.raw_event, api.current_event.headers))
    kind = submitting.one_type(request.document_type, _queried_type())
    taken = submitting.by_address(request.file_url, kind, _sender(ask), ask.stores)
    if not taken.replayed:
        _tell(taken)
    with suppress(TransientError):  # the job is accepted, whether or not it can be watched
        submitting.require_fetched(taken.job, _room(ask), ask.caller.credential, _wait(ask, _patience()), ask.stores)
    return _accepted(taken)


@_serves(operations.UPLOAD)
def upload_task(ask: Ask) -> Response[str]:
    """Read a file that the request brings."""
    form = read_form(api.current_event.raw_event, api.current_event.headers)
    kind = submitting.one_type(submitting.type_field(form), _queried_type())
    taken = submitting.by_file(form, kind, _sender(ask), ask.stores)
    if not taken.replayed:
        _tell(taken)
    return _accepted(taken)


@_serves(operations.READ)
def read_task(ask: Ask, task_id: str) -> Response[str]:
    """One task."""
    its_id = uuid_of(task_id)
    if its_id is None:
        raise wrong("path", "task_id", "must be a UUID", "type_error.uuid")
    job = find_job(ask.stores.jobs, JobKey(tenant_id=ask.caller.tenant_id, job_id=its_id))
    if ask.entity and job.entity_id not in (None, ask.entity):
        raise JobNotFoundError
    seconds = wait_seconds(api.header("prefer"), api.lambda_context.get_remaining_time_in_millis())
    job, headers = awaited(api, job, _wait(ask, seconds), _room(ask), ask.caller.credential, _etag)
    return tagged_response(api, HTTPStatus.OK, _body(job, ask.stores.results), headers)


def _body(job: Job, results: ResultStore) -> str:
    if job.status.phase is not Phase.DONE:
        return to_json_numbers(translate.task(job))
    invoice = results.invoice(job.key, job.attempt)
    if invoice is None:
        raise InternalError("a completed job has no result")
    return to_json_numbers(translate.task(job, invoice))


def _etag(job: Job) -> str:
    """The tag of an open job's answer, which its row alone decides."""
    return etag_of(to_json_numbers(translate.task(job)))


def _accepted(taken: Accepted) -> Response[str]:
    path = api.current_event.path.removesuffix("/upload_from_file")
    headers = {"Location": f"{path}/{taken.job.job_id}", "Retry-After": str(retry_after(timedelta(0)))}
    if taken.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_response(HTTPStatus.ACCEPTED, to_json_numbers(translate.accepted(taken.job)), headers)


def _tell(taken: Accepted) -> None:
    with correlated(SERVICE, taken.job.job_id) as log:
        log.info("document accepted", dialect=taken.job.dialect, by_address=taken.job.source_url is not None)
    count(SERVICE, "DocumentsAccepted", dialect=taken.job.dialect.value)


def _queried_type() -> str | None:
    return (api.current_event.query_string_parameters or {}).get("document_type")


def _sender(ask: Ask) -> Sender:
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    return Sender(ask.caller, ask.entity, key, secrets.token_bytes(RANDOM_BYTES))


def _patience() -> int:
    return submitting.patience(api.header("prefer"), api.lambda_context.get_remaining_time_in_millis())


def _wait(ask: Ask, seconds: int) -> Wait:
    return Wait(seconds, holder=secrets.token_hex(8), now=ask.caller.now, clock=time.monotonic, sleep=time.sleep)


def _room(ask: Ask) -> WaitingRoom:
    return WaitingRoom(ask.stores.jobs, ask.settings.transient_table)


@cache
def _stores(settings: OcrTasksSettings) -> Stores:
    return Stores(
        jobs=JobStore(settings.jobs_table, settings.transient_table),
        lists=JobLists(settings.jobs_table),
        documents=DocumentStore(settings.documents_bucket),
        results=ResultStore(settings.documents_bucket),
        queue=FetchQueue(settings.fetch_queue_url),
        transient_table=settings.transient_table,
    )
