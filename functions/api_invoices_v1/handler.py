"""MakersHub's dialect: an invoice's file in, and by its integer what was read of it."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_invoices_v1 import operations, schemas, translate
from api_invoices_v1.errors import ANSWERS, FieldsNotServedError, NoExtractionError
from api_invoices_v1.query import Stores, find, number_of
from paydraft.model.credential import Scope
from paydraft.model.errors import InternalError
from paydraft.model.invoice import Invoice
from paydraft.model.job import Dialect, Job, Labels
from paydraft.model.stored_invoice import StoredInvoice
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.inline_document import read_inline_document
from paydraft.runtime.json_body import parse, read_json_object
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.polling import retry_after
from paydraft.runtime.settings import InvoicesV1Settings
from paydraft.runtime.telemetry import correlated, count
from paydraft.stores.documents import DocumentStore
from paydraft.stores.invoices import InvoiceStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from paydraft.workflows.accept_document import Submission, accept
from paydraft.workflows.download import link_to
from paydraft.workflows.new_job import RANDOM_BYTES

SERVICE = "api_invoices_v1"
api = Api(SERVICE, ANSWERS)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=InvoicesV1Settings.load, clock=lambda: datetime.now(UTC))


@_serves(operations.SUBMIT)
def submit_invoice(caller: Caller) -> Response[str]:
    """Queue a file; the answer has its integer."""
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    body = read_json_object(api.current_event.raw_event, api.current_event.headers)
    if not isinstance(body.get("data"), str):
        raise FieldsNotServedError
    request = parse(schemas.SubmitRequest, body)
    stores = _stores(InvoicesV1Settings.load())
    accepted = accept(
        Submission(
            tenant_id=caller.tenant_id,
            subject=caller.credential.subject,
            dialect=Dialect.MAKERSHUB,
            data=read_inline_document(request.data),
            labels=Labels(document_name=request.filename, declared_type=request.type),
        ),
        jobs=stores.jobs,
        documents=stores.documents,
        now=caller.now,
        randomness=secrets.token_bytes(RANDOM_BYTES),
        idempotency_key=key,
    )
    with correlated(SERVICE, accepted.job.job_id) as log:
        log.info("document accepted", dialect=Dialect.MAKERSHUB, replayed=accepted.replayed)
    if not accepted.replayed:
        count(SERVICE, "DocumentsAccepted", dialect=Dialect.MAKERSHUB.value)
    headers = {"Location": f"/v1/invoices/{accepted.job.invoice_id}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return _ok("Invoice submitted.", translate.of_job(_as_accepted(accepted.job), None, None), headers)


@_serves(operations.READ)
def read_invoice(caller: Caller, invoice_id: str) -> Response[str]:
    """An invoice as far as it was read."""
    stores = _stores(InvoicesV1Settings.load())
    found = find(stores, caller.tenant_id, number_of(invoice_id))
    if isinstance(found, StoredInvoice):
        return _ok("Invoice retrieved.", translate.of_written(found))
    invoice = _invoice(found, stores) if translate.has_data(found) else None
    transfer = stores.transfers.get(found.tenant_id, found.transfer_id) if found.transfer_id else None
    may_download = Scope.DOCUMENTS_READ in caller.credential.scopes
    link = link_to(found, stores.documents) if may_download else None
    url = link.url if link else None
    return _ok("Invoice retrieved.", translate.of_job(found, invoice, transfer, document_url=url))


@_serves(operations.READ_OCR)
def read_invoice_ocr(caller: Caller, invoice_id: str) -> Response[str]:
    """The lines and values that were read."""
    stores = _stores(InvoicesV1Settings.load())
    found = find(stores, caller.tenant_id, number_of(invoice_id))
    if isinstance(found, StoredInvoice) or not translate.has_data(found):
        if isinstance(found, Job) and not found.status.is_final:
            api.say({"Retry-After": str(retry_after(caller.now - found.created_at))})
        raise NoExtractionError
    lines = stores.results.lines(found.key, found.attempt)
    return json_response(HTTPStatus.OK, to_json_numbers(translate.ocr(_invoice(found, stores), lines)))


def _invoice(job: Job, stores: Stores) -> Invoice:
    invoice = stores.results.invoice(job.key, job.attempt)
    if invoice is None:
        raise InternalError("an extracted job has no result")
    return invoice


def _as_accepted(job: Job) -> Job:
    """The job as it was when it was accepted, so that a replay gives the same answer."""
    return job.model_copy(update={"updated_at": job.created_at, "document": None})


def _ok(msg: str, invoice: schemas.Invoice, headers: dict[str, str] | None = None) -> Response[str]:
    answer = schemas.InvoiceAnswer(status="OK", msg=msg, result=invoice)
    return json_response(HTTPStatus.OK, to_json_numbers(answer), headers)


@cache
def _stores(settings: InvoicesV1Settings) -> Stores:
    return Stores(
        jobs=JobStore(settings.jobs_table, settings.transient_table),
        lists=JobLists(settings.jobs_table),
        written=InvoiceStore(settings.jobs_table),
        documents=DocumentStore(settings.documents_bucket),
        results=ResultStore(settings.documents_bucket),
        transfers=TransferStore(settings.transfers_table),
    )
