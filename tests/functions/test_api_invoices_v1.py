"""MakersHub's routes over the stack in moto: exact bodies, whose invoice it is, and when there is something to read."""

import base64
import itertools
import json

import pytest

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.credential import Scope
from paydraft.model.errors import NotAnInvoiceError
from paydraft.model.job import JobKey
from paydraft.model.job_summary import Gist
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import A_PDF, NOW, a_credential, a_document, a_job, a_token, an_invoice, an_object
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

PATH = "/v1/invoices"
BODY = {"data": base64.b64encode(A_PDF * 20).decode(), "filename": "bill.pdf"}
NOT_FOUND = {"status": "Error", "msg": "Record not found.", "result": None}
NO_DATA = {"status": "Error", "msg": "This invoice has no data extraction record.", "result": None}
PAGES = {"version": 1, "pages": [{"number": 1, "lines": [{"text": "INVOICE"}, {"text": "Total  1.190,00 €"}]}]}
_tenants = (f"acme-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant():
    return next(_tenants)


def client_of(aws, tenant, *scopes):
    token = a_token()
    scopes = scopes or (Scope.JOBS_READ, Scope.JOBS_WRITE)
    CredentialStore(aws["CredentialsTable"]).add(a_credential(token, tenant_id=tenant, scopes=scopes))
    return HttpClient(aws.guarded("ApiInvoicesV1Function"), token)


@pytest.fixture
def client(aws, tenant):
    return client_of(aws, tenant)


def jobs_of(aws):
    return JobStore(aws["JobsTable"], aws["TransientTable"])


def submitted(aws, client, tenant):
    """A job as the client made it."""
    number = client.post(PATH, BODY).json["result"]["id"]
    key = JobLists(aws["JobsTable"]).by_invoice_id(tenant, number)
    return number, jobs_of(aws).get(key)


def read(aws, job):
    """The job with its values stored, still running."""
    jobs, results = jobs_of(aws), ResultStore(aws["DocumentsBucket"])
    jobs.begin(job.key, job.attempt, an_object(job), owner="m", now=NOW)
    results.put_pages(job.key, job.attempt, json.dumps(PAGES).encode())
    results.put_invoice(job.key, job.attempt, an_invoice())
    return jobs.record_document(job.key, job.attempt, a_document(), gist=Gist.of(an_invoice()), now=NOW)


def test_a_file_becomes_a_job_and_its_integer_is_the_invoice(client, aws, tenant):
    answer = client.post(PATH, BODY)
    assert (answer.status, answer.json["status"]) == (200, "OK")
    assert answer.json["result"]["document"] == {"url": None, "name": "bill.pdf", "size": None}
    assert answer.headers["location"] == f"{PATH}/{answer.json['result']['id']}"
    key = JobLists(aws["JobsTable"]).by_invoice_id(tenant, answer.json["result"]["id"])
    assert jobs_of(aws).get(key).status is Status.QUEUED


def test_the_same_key_and_body_give_the_same_answer(client):
    first, second = (client.post(PATH, BODY, idempotency_key="k") for _ in range(2))
    assert (second.status, second.text) == (first.status, first.text)
    assert second.headers["idempotent-replayed"] == "true"
    assert client.post(PATH, BODY | {"data": base64.b64encode(A_PDF * 21).decode()}, idempotency_key="k").status == 422


def test_data_is_there_as_soon_as_it_is_read_and_not_before(client, aws, tenant):
    number, job = submitted(aws, client, tenant)
    waiting = client.get(f"{PATH}/{number}/ocr")
    assert (waiting.status, waiting.json) == (404, NO_DATA)
    assert int(waiting.headers["retry-after"]) > 0
    read(aws, job)
    answer = client.get(f"{PATH}/{number}/ocr")
    assert (answer.status, answer.json["msg"]) == (200, "Invoice OCR data retrieved.")
    assert answer.json["result"]["ocrLines"] == ["INVOICE", "Total  1.190,00 €"]
    assert '"total":1190.00' in answer.text


def test_a_completed_job_has_data_and_a_failed_one_has_none(client, aws, tenant):
    number, job = submitted(aws, client, tenant)
    read(aws, job)
    ending = Ending(status=Status.COMPLETED, match=MatchOutcome(kind=MatchKind.NOT_FOUND), draft=DraftOutcome())
    jobs_of(aws).finish(job.key, 1, ending, now=NOW)
    assert client.get(f"{PATH}/{number}/ocr").status == 200
    assert client.get(f"{PATH}/{number}").json["result"]["invoice_total"] == 1190
    number, job = submitted(aws, client, tenant)
    jobs_of(aws).finish(job.key, 1, Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure), now=NOW)
    failed = client.get(f"{PATH}/{number}/ocr")
    assert (failed.status, failed.json) == (404, NO_DATA)
    assert "retry-after" not in failed.headers
    assert client.get(f"{PATH}/{number}").json["result"]["invoice_number"] is None


def test_who_may_read_documents_gets_a_link_to_the_file_that_was_read_and_nobody_else(client, aws, tenant):
    number, job = submitted(aws, client, tenant)
    read(aws, job)
    reader = client_of(aws, tenant, Scope.JOBS_READ, Scope.DOCUMENTS_READ)
    assert client.get(f"{PATH}/{number}").json["result"]["document"]["url"] is None
    assert "versionId=" in reader.get(f"{PATH}/{number}").json["result"]["document"]["url"]


def test_a_cancelled_jobs_invoice_is_gone(client, aws, tenant):
    number, job = submitted(aws, client, tenant)
    jobs_of(aws).finish(job.key, 1, Ending(status=Status.CANCELLED), now=NOW)
    for path in (f"{PATH}/{number}", f"{PATH}/{number}/ocr"):
        assert (client.get(path).status, client.get(path).json) == (404, NOT_FOUND)


@pytest.mark.parametrize("wrong", ["0", "-1", "1.5", "x", "%20", "1e3", "9" * 13, "ocr", "١"])
def test_what_is_no_integer_from_one_is_a_400_in_the_envelope(client, wrong):
    answer = client.get(f"{PATH}/{wrong}/ocr")
    assert (answer.status, answer.json["status"], answer.json["result"]) == (400, "Error", None)


def test_access_is_asked_before_the_id_and_the_id_before_the_record(aws, client):
    for path in (f"{PATH}/x/ocr", f"{PATH}/999999/ocr"):
        answer = HttpClient(client.handler).get(path)
        assert (answer.status, answer.json["msg"]) == (401, "Bearer token is not set.")
    assert client.get(f"{PATH}/999999/ocr").json == NOT_FOUND


def test_another_tenants_invoice_is_answered_exactly_as_none(client, aws, tenant):
    number, job = submitted(aws, client, tenant)
    read(aws, job)
    stranger = client_of(aws, next(_tenants))
    for path in ("", "/ocr"):
        theirs, nobodys = stranger.get(f"{PATH}/{number}{path}"), stranger.get(f"{PATH}/987654{path}")
        assert (theirs.status, theirs.text, theirs.lasting_headers) == (404, nobodys.text, nobodys.lasting_headers)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"filename": "a.pdf"}, 400),
        ({"data": {"total": 1}, "filename": "a.pdf"}, 400),
        ({"data": "%%%", "filename": "a.pdf"}, 400),
        ({"data": "", "filename": "a.pdf"}, 400),
        (BODY | {"filename": ""}, 400),
        (BODY | {"invoice_number": "1"}, 400),
        ({"data": base64.b64encode(b"<html>" * 200).decode(), "filename": "a.pdf"}, 415),
        ("[]", 400),
    ],
)
def test_what_is_no_file_is_refused_in_the_envelope(client, body, status):
    answer = client.post(PATH, body)
    assert (answer.status, answer.json["status"], answer.json["result"]) == (status, "Error", None)
    assert answer.json["msg"].endswith(".")


def test_another_content_type_is_a_415(client):
    assert client.post(PATH, "a=1", content_type="application/x-www-form-urlencoded").status == 415


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", PATH, Scope.JOBS_WRITE),
        ("GET", f"{PATH}/1", Scope.JOBS_READ),
        ("GET", f"{PATH}/1/ocr", Scope.JOBS_READ),
    ],
)
def test_each_route_needs_its_scope_and_no_other(aws, tenant, method, path, scope):
    for held in Scope:
        answer = client_of(aws, tenant, held).request(method, path, BODY if method == "POST" else None)
        assert (answer.status == 403) == (held is not scope)


def test_a_job_of_another_dialect_has_its_integer_here_too(client, aws, tenant):
    job = a_job(tenant_id=tenant)
    jobs_of(aws).put_new(job)
    read(aws, jobs_of(aws).get(JobKey(tenant_id=tenant, job_id=job.job_id)))
    assert client.get(f"{PATH}/{job.invoice_id}/ocr").status == 200
