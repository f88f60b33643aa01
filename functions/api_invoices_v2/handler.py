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

from api_invoices_v2.errors import ANSWERS
from api_invoices_v2.invoices import InvoiceStores, register
from api_invoices_v2.query import Stores, reading_of
from api_invoices_v2.schemas import JobResponseV1, JobResponseV2, OcrRequestV1, OcrRequestV2
from api_invoices_v2.translate import Reading, accepted_v1, accepted_v2, response_v1, response_v2, status_code
from paydraft.model.credential import Credential, Scope
from paydraft.model.ids import uuid_of
from paydraft.model.job import Dialect, Job, JobKey, Labels
from paydraft.model.request_errors import JobNotFoundError
from paydraft.runtime.door import admit
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.inline_document import read_inline_document
from paydraft.runtime.json_body import parse, read_json_object, to_json
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
from paydraft.workflows.accept_document import Accepted, Submission, accept
from paydraft.workflows.new_job import RANDOM_BYTES

SERVICE = "api_invoices_v2"
api = Api(SERVICE, ANSWERS)


@dataclass(frozen=True, slots=True)
class Version:
    """What v1 and v2 differ in."""

    path: str
    dialect: Dialect
    request: type[OcrRequestV1]
    accepted: Callable[[Job], JobResponseV1 | JobResponseV2]
    response: Callable[[Job, Reading | None], JobResponseV1 | JobResponseV2]


V1 = Version("/v1/invoices/ocr", Dialect.COREBANQ_V1, OcrRequestV1, accepted_v1, response_v1)
V2 = Version("/v2/invoices/ocr", Dialect.COREBANQ_V2, OcrRequestV2, accepted_v2, response_v2)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


@api.post(V1.path)
def submit_v1() -> Response[str]:
    """Start a job from a base64 document."""
    return _submit(V1)


@api.post(V2.path)
def submit_v2() -> Response[str]:
    """Start a job from a base64 document, with a label of the client's."""
    return _submit(V2)


@api.get(f"{V1.path}/<job_id>")
def poll_v1(job_id: str) -> Response[str]:
    """A job's state, and what was read."""
    return _poll(V1, job_id)


@api.get(f"{V2.path}/<job_id>")
def poll_v2(job_id: str) -> Response[str]:
    """A job's state, what was read, whom it matched, and its draft."""
    return _poll(V2, job_id)


def _submit(version: Version) -> Response[str]:
    now = datetime.now(UTC)
    settings = ApiSettings.load()
    credential = _caller(Scope.JOBS_WRITE, settings, now)
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    request = parse(version.request, read_json_object(api.current_event.raw_event, api.current_event.headers))
    stores = _stores(settings)
    accepted = accept(
        Submission(
            tenant_id=credential.tenant_id,
            subject=credential.subject,
            dialect=version.dialect,
            data=read_inline_document(request.base64_file),
            labels=Labels(customer_id=getattr(request, "customer_id", None)),
        ),
        jobs=stores.jobs,
        documents=stores.documents,
        now=now,
        randomness=secrets.token_bytes(RANDOM_BYTES),
        idempotency_key=key,
    )
    _tell(accepted, version)
    headers = {"Location": f"{version.path}/{accepted.job.job_id}", "Retry-After": str(retry_after(timedelta(0)))}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_response(HTTPStatus.ACCEPTED, to_json(version.accepted(accepted.job)), headers)


def _tell(accepted: Accepted, version: Version) -> None:
    with correlated(SERVICE, accepted.job.job_id) as log:
        log.info("document accepted", dialect=version.dialect, replayed=accepted.replayed)
    if not accepted.replayed:
        count(SERVICE, "DocumentsAccepted", dialect=version.dialect.value)


def _poll(version: Version, job_id: str) -> Response[str]:
    now = datetime.now(UTC)
    settings = ApiSettings.load()
    credential = _caller(Scope.JOBS_READ, settings, now)
    stores = _stores(settings)
    job = find_job(stores.jobs, JobKey(tenant_id=credential.tenant_id, job_id=_job_id(job_id)))
    room = WaitingRoom(stores.jobs, stores.transient_table)
    job, headers = awaited(api, job, _wait(now), room, credential, lambda seen: _etag(version, seen))
    body = to_json(version.response(job, reading_of(job, stores)))
    return tagged_response(api, status_code(job), body, headers)


def _etag(version: Version, job: Job) -> str:
    """The tag of an open job's answer, which its row alone decides."""
    return etag_of(to_json(version.response(job, None)))


def _wait(now: datetime) -> Wait:
    seconds = wait_seconds(api.header("prefer"), api.lambda_context.get_remaining_time_in_millis())
    return Wait(seconds, holder=secrets.token_hex(8), now=now, clock=time.monotonic, sleep=time.sleep)


def _caller(scope: Scope, settings: ApiSettings, now: datetime) -> Credential:
    return admit(api, settings, scope, now=now)


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


register(
    api,
    ApiSettings.load,
    _invoice_stores,
    clock=lambda: datetime.now(UTC),
    chance=lambda: int.from_bytes(secrets.token_bytes(16)),
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
