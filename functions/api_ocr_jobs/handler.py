"""Repzo's dialect: jobs are made of an address, started by a call of their own, and read when they have ended.

A route parses, calls one workflow or query, and translates. Time and chance are read here and passed on.
"""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_ocr_jobs import changing, group_routes, neighbours, operations, schemas, template_routes, translate
from api_ocr_jobs.errors import ANSWERS
from api_ocr_jobs.query import wish_of
from api_ocr_jobs.reading import Stores, find, invoice_of, job_text, list_text
from paydraft.model.job import Job
from paydraft.model.job_errors import NoResultsError
from paydraft.runtime.access import Carrier
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.runtime.kept_answers import Repeatable
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.polling import etag_of, retry_after, wait_seconds
from paydraft.runtime.settings import OcrJobsSettings
from paydraft.runtime.telemetry import correlated, count
from paydraft.runtime.waiting import Wait, WaitingRoom, awaited, tagged_response
from paydraft.stores.answers import AnswerStore
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.groups import GroupStore
from paydraft.stores.job_edits import JobEdits
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.templates import TemplateStore
from paydraft.stores.transfers import TransferStore
from paydraft.workflows.delete_job import Eraser, delete
from paydraft.workflows.erase_job import Remains
from paydraft.workflows.new_job import RANDOM_BYTES

SERVICE = "api_ocr_jobs"
DELETED = "OCR invoice job deleted successfully"
api = Api(SERVICE, ANSWERS, carriers=(Carrier.API_KEY,))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=OcrJobsSettings.load, clock=lambda: datetime.now(UTC))


@_serves(operations.LIST)
def list_jobs(caller: Caller) -> Response[str]:
    """A page of the tenant's jobs."""
    wish = wish_of(api.current_event.query_string_parameters or {})
    return json_response(HTTPStatus.OK, list_text(_stores(), caller.tenant_id, wish))


@_serves(operations.CREATE)
def create_job(caller: Caller) -> Response[str]:
    """Make a job of an address."""
    accepted = changing.created(
        parse(schemas.JobInput, _body()),
        caller,
        _stores(),
        randomness=secrets.token_bytes(RANDOM_BYTES),
        idempotency_key=_key(),
    )
    headers = {"Location": f"/ocr-invoice-job/{accepted.job.short_id}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    _tell(accepted.job, "job created", replayed=accepted.replayed)
    return json_response(HTTPStatus.CREATED, job_text(accepted.job, invoice_of(_stores(), accepted.job)), headers)


@_serves(operations.READ)
def read_job(caller: Caller, job_id: str) -> Response[str]:
    """How a job stands, and what was read."""
    stores = _stores()
    job, headers = find(stores, caller.tenant_id, job_id), dict[str, str]()
    if job.is_called:
        job, headers = awaited(api, job, _wait(caller), _waiting_room(), caller.credential, _etag)
    return tagged_response(api, HTTPStatus.OK, job_text(job, invoice_of(stores, job)), headers)


@_serves(operations.REPLACE)
def replace_job(caller: Caller, job_id: str) -> Response[str]:
    """Give a job that was not started other data."""
    job = find(_stores(), caller.tenant_id, job_id)
    after = changing.replaced(parse(schemas.JobInput, _body()), job, caller, _stores())
    _tell(after, "job replaced")
    return json_response(HTTPStatus.OK, job_text(after, None))


@_serves(operations.DELETE)
def delete_job(caller: Caller, job_id: str) -> Response[str]:
    """Take a job away with all that was kept of it."""
    job = find(_stores(), caller.tenant_id, job_id)
    delete(job, _stores().eraser, by=caller.credential.subject, now=caller.now)
    _tell(job, "job deleted")
    return json_response(HTTPStatus.OK, to_json_numbers(schemas.Deleted(success=True, message=DELETED)))


@_serves(operations.PROCESS)
def process_job(caller: Caller, job_id: str) -> Response[str]:
    """Start a job, or start it again."""
    job = find(_stores(), caller.tenant_id, job_id)
    once = Repeatable(operations.PROCESS, caller, _key(), {"job": job.short_id}, _stores().answers)
    answer = changing.started(once, job, _stores(), now=caller.now)
    _tell(job, "job started", replayed=answer.replayed)
    return json_response(answer.status, answer.body, {"Idempotent-Replayed": "true"} if answer.replayed else None)


@_serves(operations.RESULTS)
def read_results(caller: Caller, job_id: str) -> Response[str]:
    """What was read of a completed job's document."""
    job = find(_stores(), caller.tenant_id, job_id)
    invoice = invoice_of(_stores(), job)
    if invoice is None:
        if job.is_called and not job.status.is_final:
            api.say({"Retry-After": str(retry_after(caller.now - job.created_at))})
        raise NoResultsError
    answer = schemas.ResultsAnswer(success=True, data=translate.results(job, invoice))
    return json_response(HTTPStatus.OK, to_json_numbers(answer))


def _neighbour(operation: Operation, serving: Callable[[neighbours.Asked], Response[str]]) -> Served:
    """A route of templates or groups."""

    def served(caller: Caller, **path: str) -> Response[str]:
        asked = neighbours.Asked(
            operation,
            caller,
            about="".join(path.values()).lower(),
            parameters=api.current_event.query_string_parameters or {},
            body=_body,
            key=_key,
            new_id=secrets.token_hex(12),
            stores=_neighbours_of(OcrJobsSettings.load()),
        )
        return serving(asked)

    return served


def _body() -> dict[str, Any]:
    return read_json_object(api.current_event.raw_event, api.current_event.headers)


def _key() -> str | None:
    return idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))


def _etag(job: Job) -> str:
    """The tag of an open job's answer, which its row alone decides."""
    return etag_of(job_text(job, None))


def _wait(caller: Caller) -> Wait:
    seconds = wait_seconds(api.header("prefer"), api.lambda_context.get_remaining_time_in_millis())
    return Wait(seconds, holder=secrets.token_hex(8), now=caller.now, clock=time.monotonic, sleep=time.sleep)


def _tell(job: Job, what: str, *, replayed: bool = False) -> None:
    with correlated(SERVICE, job.job_id) as log:
        log.info(what, replayed=replayed)
    if not replayed:
        count(SERVICE, "JobsChanged", what=what.removeprefix("job "))


def _stores() -> Stores:
    return _stores_of(OcrJobsSettings.load())


def _waiting_room() -> WaitingRoom:
    return WaitingRoom(_stores().jobs, OcrJobsSettings.load().transient_table)


@cache
def _stores_of(settings: OcrJobsSettings) -> Stores:
    jobs = JobStore(settings.jobs_table, settings.transient_table)
    documents, results = DocumentStore(settings.documents_bucket), ResultStore(settings.documents_bucket)
    eraser = Eraser(
        remains=Remains(jobs, JobEdits(settings.jobs_table), documents, results),
        transfers=TransferStore(settings.transfers_table),
        completion=Completion(settings.job_completion_arn),
        exit=FinishDoor(settings.finish_job_function),
    )
    return Stores(
        jobs=jobs,
        lists=JobLists(settings.jobs_table),
        documents=documents,
        results=results,
        templates=TemplateStore(settings.jobs_table),
        queue=FetchQueue(settings.fetch_queue_url),
        answers=AnswerStore(settings.transient_table),
        eraser=eraser,
    )


@cache
def _neighbours_of(settings: OcrJobsSettings) -> neighbours.Stores:
    stores = _stores_of(settings)
    return neighbours.Stores(
        templates=stores.templates,
        groups=GroupStore(settings.jobs_table),
        jobs=stores.jobs,
        lists=stores.lists,
        queue=stores.queue,
        answers=stores.answers,
    )


for _operation, _serving in (*template_routes.ROUTES, *group_routes.ROUTES):
    _serves(_operation)(_neighbour(_operation, _serving))
