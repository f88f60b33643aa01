"""Corebanq's dialect: documents in, jobs out, in the shapes of v1 and v2.

A route parses, calls one workflow or query, and translates. Time and chance are read here and passed on.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_invoices_v2 import invoices, operations, uploads, uploads_v1
from api_invoices_v2.errors import ANSWERS
from api_invoices_v2.invoices import InvoiceStores
from api_invoices_v2.query import Stores, reading_of
from api_invoices_v2.schemas import JobResponseV1, JobResponseV2, OcrRequestV1, OcrRequestV2
from api_invoices_v2.submission import read_submission
from api_invoices_v2.translate import Reading, accepted_v1, accepted_v2, response_v1, response_v2, status_code
from api_invoices_v2.upload_query import UploadStores
from paydraft.model.ids import uuid_of
from paydraft.model.job import Dialect, Job, JobKey
from paydraft.model.request_errors import JobNotFoundError
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import to_json
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.polling import etag_of, retry_after, wait_seconds
from paydraft.runtime.settings import ApiSettings
from paydraft.runtime.telemetry import correlated, count
from paydraft.runtime.waiting import Wait, WaitingRoom, awaited, find_job, tagged_response
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.invoices import InvoiceStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.uploads import UploadStore
from paydraft.workflows.accept_document import Accepted, Submission, accept
from paydraft.workflows.new_job import RANDOM_BYTES

SERVICE = "api_invoices_v2"
api = Api(SERVICE, ANSWERS)


@dataclass(frozen=True, slots=True)
class Version:
    """What v1 and v2 differ in."""

    submit: Operation
    dialect: Dialect
    request: type[OcrRequestV1]
    accepted: Callable[[Job], JobResponseV1 | JobResponseV2]
    response: Callable[[Job, Reading | None], JobResponseV1 | JobResponseV2]


V1 = Version(operations.SUBMIT_V1, Dialect.COREBANQ_V1, OcrRequestV1, accepted_v1, response_v1)
V2 = Version(operations.SUBMIT_V2, Dialect.COREBANQ_V2, OcrRequestV2, accepted_v2, response_v2)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _now() -> datetime:
    return datetime.now(UTC)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=ApiSettings.load, clock=_now)


@_serves(operations.SUBMIT_V1)
def submit_v1(caller: Caller) -> Response[str]:
    """Start a job from a document."""
    return _submit(V1, caller)


@_serves(operations.SUBMIT_V2)
def submit_v2(caller: Caller) -> Response[str]:
    """Start a job from a document, with a label of the client's."""
    return _submit(V2, caller)


@_serves(operations.POLL_V1)
def poll_v1(caller: Caller, **path: str) -> Response[str]:
    """A job's state, and what was read."""
    return _poll(V1, caller, path["id"])


@_serves(operations.POLL_V2)
def poll_v2(caller: Caller, **path: str) -> Response[str]:
    """A job's state, what was read, whom it matched, and its draft."""
    return _poll(V2, caller, path["id"])


def _submit(version: Version, caller: Caller) -> Response[str]:
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    sent = read_submission(api.current_event.raw_event, api.current_event.headers, version.request)
    stores = _stores(ApiSettings.load())
    accepted = accept(
        Submission(
            tenant_id=caller.tenant_id,
            subject=caller.credential.subject,
            dialect=version.dialect,
            data=sent.data,
            labels=sent.labels,
        ),
        jobs=stores.jobs,
        documents=stores.documents,
        now=caller.now,
        randomness=secrets.token_bytes(RANDOM_BYTES),
        idempotency_key=key,
    )
    _tell(accepted, version)
    place = f"{version.submit.path}/{accepted.job.job_id}"
    headers = {"Location": place, "Retry-After": str(retry_after(timedelta(0)))}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_response(HTTPStatus.ACCEPTED, to_json(version.accepted(accepted.job)), headers)


def _tell(accepted: Accepted, version: Version) -> None:
    with correlated(SERVICE, accepted.job.job_id) as log:
        log.info("document accepted", dialect=version.dialect, replayed=accepted.replayed)
    if not accepted.replayed:
        count(SERVICE, "DocumentsAccepted", dialect=version.dialect.value)


def _poll(version: Version, caller: Caller, job_id: str) -> Response[str]:
    stores = _stores(ApiSettings.load())
    job = find_job(stores.jobs, JobKey(tenant_id=caller.tenant_id, job_id=_job_id(job_id)))
    room = WaitingRoom(stores.jobs, stores.transient_table)
    job, headers = awaited(api, job, _wait(caller.now), room, caller.credential, lambda seen: _etag(version, seen))
    body = to_json(version.response(job, reading_of(job, stores)))
    return tagged_response(api, status_code(job), body, headers)


def _etag(version: Version, job: Job) -> str:
    """The tag of an open job's answer, which its row alone decides."""
    return etag_of(to_json(version.response(job, None)))


def _wait(now: datetime) -> Wait:
    seconds = wait_seconds(api.header("prefer"), api.lambda_context.get_remaining_time_in_millis())
    return Wait(seconds, holder=secrets.token_hex(8), now=now, clock=time.monotonic, sleep=time.sleep)


def _job_id(text: str) -> UUID:
    """The id in a path; what is no UUID is nobody's job. Raises JobNotFoundError."""
    job_id = uuid_of(text)
    if job_id is None:
        raise JobNotFoundError
    return job_id


def _invoice_stores() -> InvoiceStores:
    return _invoice_stores_of(ApiSettings.load())


@cache
def _invoice_stores_of(settings: ApiSettings) -> InvoiceStores:
    return InvoiceStores(
        invoices=InvoiceStore(settings.jobs_table),
        jobs=JobStore(settings.jobs_table),
        counterparties=CounterpartyStore(settings.counterparties_table),
        answers=AnswerStore(settings.transient_table),
        cursor_secret=settings.cursor_secret,
    )


invoices.register(
    api, ApiSettings.load, _invoice_stores, clock=_now, chance=lambda: int.from_bytes(secrets.token_bytes(16))
)


def _upload_stores() -> UploadStores:
    return _upload_stores_of(ApiSettings.load())


@cache
def _upload_stores_of(settings: ApiSettings) -> UploadStores:
    return UploadStores(
        uploads=UploadStore(settings.jobs_table),
        jobs=JobStore(settings.jobs_table, settings.transient_table),
        documents=DocumentStore(settings.documents_bucket),
        cursor_secret=settings.cursor_secret,
    )


for version in (uploads, uploads_v1):
    version.register(
        api, ApiSettings.load, _upload_stores, clock=_now, chance=lambda: secrets.token_bytes(RANDOM_BYTES)
    )


@cache
def _stores(settings: ApiSettings) -> Stores:
    return Stores(
        jobs=JobStore(settings.jobs_table, settings.transient_table),
        documents=DocumentStore(settings.documents_bucket),
        results=ResultStore(settings.documents_bucket),
        counterparties=CounterpartyStore(settings.counterparties_table),
        transient_table=settings.transient_table,
    )
