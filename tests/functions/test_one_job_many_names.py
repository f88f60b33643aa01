"""A job made in one dialect is read in all four, in every state, in exactly the words of the table.

What each dialect says in which state stands in tests/faces/facts/job_statuses.json, to which the dialects' tables and
the README are held as well (tests/faces/test_status_tables.py).
"""

import base64
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.credential import Scope
from paydraft.model.errors import EncryptedDocumentError, EngineError
from paydraft.model.job import Job, JobKey
from paydraft.model.job_summary import Gist
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import A_PDF, a_credential, a_document, a_place, a_token, an_id, an_invoice, an_object
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack
from tests.repzo import JOBS, an_input

pytestmark = pytest.mark.slow  # 200 calls under the template's permissions
FACTS = json.loads((Path(__file__).parents[1] / "faces" / "facts" / "job_statuses.json").read_text())
AGREED = {(row["status"], row["fault"]): row for row in FACTS["table"]}
DOCUMENT = base64.b64encode(A_PDF * 20).decode()
PAGES = b'{"version": 1, "pages": [{"number": 1, "lines": [{"text": "INVOICE"}]}]}'
OCR, TASKS, INVOICES = "/v2/invoices/ocr", "/v1/ocr_tasks", "/v1/invoices"
BOUNDARY = "----a-boundary"
FORM = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
).encode()
FORM += A_PDF * 20 + f"\r\n--{BOUNDARY}--\r\n".encode()
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass
class Client:
    """One program that speaks all four dialects, for a tenant of its own."""

    aws: MotoStack
    tenant: str = field(default_factory=lambda: f"names-{next(_numbers)}")
    token: str = field(default_factory=a_token)

    def __post_init__(self):
        credential = a_credential(self.token, tenant_id=self.tenant, scopes=(Scope.JOBS_READ, Scope.JOBS_WRITE))
        CredentialStore(self.aws["CredentialsTable"]).add(credential)

    @property
    def jobs(self):
        return JobStore(self.aws["JobsTable"], self.aws["TransientTable"])

    @property
    def lists(self):
        return JobLists(self.aws["JobsTable"])

    def corebanq(self, method, path, body=None):
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), self.token).request(method, path, body)

    def makershub(self, method, path, body=None):
        return HttpClient(self.aws.guarded("ApiInvoicesV1Function"), self.token).request(method, path, body)

    def repzo(self, method, path, body=None):
        headers = {"api-key": self.token, "content-type": "application/json"}
        return HttpClient(self.aws.guarded("ApiOcrJobsFunction")).request(method, path, body, headers)

    def monite(self, method, path, body=None, **headers):
        sent = {"x-monite-version": "2024-05-25"} | headers
        return HttpClient(self.aws.guarded("ApiOcrTasksFunction"), self.token).request(method, path, body, sent)

    def row(self, job_id) -> Job:
        job = self.jobs.get(JobKey(tenant_id=self.tenant, job_id=UUID(job_id)))
        assert job
        return job

    def put(self, job) -> Job:
        """The job, its document put where a fetch or a sender's form would have put it."""
        DocumentStore(self.aws["DocumentsBucket"]).put_new(a_place(job), A_PDF * 20, MediaType.PDF)
        return self.jobs.get(job.key)


# ── The four ways in ──────────────────────────────────────────────────────────────────────────────────────────────────


def by_corebanq(client):
    answer = client.corebanq("POST", OCR, {"base64_file": DOCUMENT})
    assert answer.status == 202
    return client.row(answer.json["job_id"])


def by_makershub(client):
    answer = client.makershub("POST", INVOICES, {"data": DOCUMENT, "filename": "bill.pdf"})
    assert answer.status == 200
    return client.jobs.get(client.lists.by_invoice_id(client.tenant, answer.json["result"]["id"]))


def by_monite(client):
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    answer = client.monite("POST", f"{TASKS}/upload_from_file", FORM, **{"content-type": kind})
    assert answer.status == 202
    return client.row(answer.json["id"])


def created_by_repzo(client):
    answer = client.repzo("POST", JOBS, an_input(jobNumber=f"N-{next(_numbers)}"))
    assert answer.status == 201
    return client.jobs.get(client.lists.by_short_id(client.tenant, answer.json["data"]["_id"]))


def by_repzo(client):
    job = created_by_repzo(client)
    assert client.repzo("POST", f"{JOBS}/{job.short_id}/process").json["data"]["status"] == "queued"
    return client.put(client.jobs.get(job.key))


def created_by_ticket(client):
    wish = {"file_name": "a.pdf", "content_type": "application/pdf", "content_length": 900}
    return client.row(client.corebanq("POST", "/v2/uploads", wish).json["job_id"])


WAYS = {"corebanq": by_corebanq, "makershub": by_makershub, "monite": by_monite, "repzo": by_repzo}
UNSENT = {"repzo": created_by_repzo, "a ticket": created_by_ticket}


# ── What becomes of a job ─────────────────────────────────────────────────────────────────────────────────────────────


def begin(client, job):
    client.jobs.begin(job.key, 1, an_object(job), owner="message", now=datetime.now(UTC))


def extract(client, job):
    begin(client, job)
    results, invoice = ResultStore(client.aws["DocumentsBucket"]), an_invoice()
    results.put_pages(job.key, 1, PAGES)
    results.put_invoice(job.key, 1, invoice)
    client.jobs.record_document(job.key, 1, a_document(), gist=Gist.of(invoice), now=datetime.now(UTC))


def complete(client, job):
    extract(client, job)
    match = MatchOutcome(kind=MatchKind.NOT_FOUND)
    end(client, job, Ending(status=Status.COMPLETED, match=match, draft=DraftOutcome()))


def end(client, job, ending):
    client.jobs.finish(job.key, 1, ending, now=datetime.now(UTC))
    client.jobs.event_published(job.key, 1)


def fail_by(error):
    return lambda client, job: end(client, job, Ending(status=Status.FAILED, failure=error.failure))


def cancel(client, job):
    end(client, job, Ending(status=Status.CANCELLED))


# State → how a job that waits gets there, its row of the table, and whether its values are stored.
STATES = {
    "queued": (lambda client, job: None, ("queued", None), False),
    "processing": (begin, ("processing", None), False),
    "extracted": (extract, ("processing", None), True),
    "completed": (complete, ("completed", None), True),
    "failed, document": (fail_by(EncryptedDocumentError()), ("failed", "document"), False),
    "failed, service": (fail_by(EngineError()), ("failed", "service"), False),
    "cancelled": (cancel, ("cancelled", None), False),
}


def hold(client, job, row, *, extracted):
    """Every dialect tells the job in the words of the row."""
    job = client.jobs.get(job.key)
    hold_corebanq(client, job, row["corebanq"])
    hold_repzo(client, job, row["repzo"])
    hold_monite(client, job, row["monite"])
    word = row["makershub"]
    if word == "data once extracted":
        word = "data" if extracted else "no data"
    told = client.makershub("GET", f"{INVOICES}/{job.invoice_id}/ocr")
    assert [told.status, told.json["msg"]] == FACTS["makershub"][word]
    envelope = client.makershub("GET", f"{INVOICES}/{job.invoice_id}")
    assert envelope.status == (404 if word == "no record" else 200)


def hold_corebanq(client, job, code):
    for version in ("v1", "v2"):
        told = client.corebanq("GET", f"/{version}/invoices/ocr/{job.job_id}")
        assert told.status == code
        if code == 404:
            assert told.text == client.corebanq("GET", f"/{version}/invoices/ocr/{an_id()}").text
        else:
            assert told.json["status"] == code
            assert job.failure is None or told.json["message"] == job.failure.text


def hold_repzo(client, job, status):
    told = client.repzo("GET", f"{JOBS}/{job.short_id}")
    assert (told.status, told.json["data"]["status"]) == (200, status)
    assert told.json["data"].get("errorLog") == (job.failure.text if job.failure else None)
    results = client.repzo("GET", f"{JOBS}/{job.short_id}/results")
    assert results.status == (200 if status == "completed" else 404)


def hold_monite(client, job, status):
    told = client.monite("GET", f"{TASKS}/{job.job_id}")
    if status == "404":
        assert (told.status, told.text) == (404, client.monite("GET", f"{TASKS}/{an_id()}").text)
    else:
        assert (told.status, told.json["status"]) == (200, status)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", WAYS)
def test_a_job_made_in_one_dialect_is_told_in_all_in_the_words_of_the_table(aws, way, state):
    client = Client(aws)
    become, row, extracted = STATES[state]
    job = WAYS[way](client)
    become(client, job)
    hold(client, job, AGREED[row], extracted=extracted)


@pytest.mark.parametrize("way", UNSENT)
def test_a_job_whose_document_nobody_has_sent_is_told_in_all(aws, way):
    client = Client(aws)
    hold(client, UNSENT[way](client), AGREED["created", None], extracted=False)


def test_every_row_of_the_table_was_tried():
    assert {row for _, row, _ in STATES.values()} | {("created", None)} == AGREED.keys()


@pytest.mark.parametrize("way", WAYS)
def test_what_was_read_is_the_same_in_all(aws, way):
    client, read = Client(aws), an_invoice()
    job = WAYS[way](client)
    complete(client, job)
    corebanq = client.corebanq("GET", f"{OCR}/{job.job_id}").json["result"]
    repzo = client.repzo("GET", f"{JOBS}/{job.short_id}/results").json["data"]["extractedData"]["invoice"]
    monite = client.monite("GET", f"{TASKS}/{job.job_id}").json["recognized_data"]
    makershub = client.makershub("GET", f"{INVOICES}/{job.invoice_id}/ocr").json["result"]["summaryFields"]
    numbers = (corebanq["invoice_number"], repzo["number"], monite["document_number"], makershub["invoiceNumber"])
    totals = (corebanq["total"], repzo["amounts"]["total"], monite["total_amount"], makershub["total"])
    assert set(numbers) == {read.number}
    assert {float(total) for total in totals} == {float(read.total)}


@pytest.mark.parametrize("way", WAYS)
def test_a_job_deleted_in_one_dialect_is_gone_in_all(aws, way):
    client = Client(aws)
    job = WAYS[way](client)
    complete(client, job)
    assert client.repzo("DELETE", f"{JOBS}/{job.short_id}").status == 200
    answers = (
        client.corebanq("GET", f"{OCR}/{job.job_id}"),
        client.repzo("GET", f"{JOBS}/{job.short_id}"),
        client.monite("GET", f"{TASKS}/{job.job_id}"),
        client.makershub("GET", f"{INVOICES}/{job.invoice_id}"),
    )
    assert [answer.status for answer in answers] == [404] * 4


def test_the_lists_of_all_dialects_hold_the_jobs_of_all(aws):
    client = Client(aws)
    jobs = [way(client) for way in WAYS.values()]
    assert [job.invoice_id for job in jobs] == [1, 2, 3, 4]
    assert [one["_id"] for one in client.repzo("GET", JOBS).json["data"]] == [job.short_id for job in jobs][::-1]
    assert [one["id"] for one in client.monite("GET", TASKS).json["data"]] == [str(job.job_id) for job in jobs]
    uploads = client.corebanq("GET", "/v2/uploads").json["data"]
    assert [one["job_id"] for one in uploads] == [str(job.job_id) for job in jobs][::-1]
