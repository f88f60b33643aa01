"""Monite's routes over the stack in moto: headers, documents in, tasks out."""

import hashlib
import itertools
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api_ocr_tasks.handler import lambda_handler
from api_ocr_tasks.submitting import patience
from paydraft.model.document import IncomingKey, Lane
from paydraft.model.errors import (
    DocumentTooLargeError,
    DocumentUrlFailedError,
    DocumentUrlUnreachableError,
    EncryptedDocumentError,
    EngineError,
    TransientError,
    UnsupportedMediaError,
)
from paydraft.model.invoice import DocumentType
from paydraft.model.job import Dialect, JobKey
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.model.status import Status
from paydraft.runtime.polling import WAITS_PER_TOKEN
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.items import item_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.wait_slots import WaitSlots
from tests.builders import A_PDF, a_credential, a_job, a_token, an_id, an_invoice, an_object
from tests.fault_injection import calls, crash
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

TASKS, UPLOAD = "/v1/ocr_tasks", "/v1/ocr_tasks/upload_from_file"
URL = "https://files.example.com/invoice.pdf?signature=secret"
ENTITY, OTHER_ENTITY = "9d2b4c8f-2087-4738-ba91-7359683c49a4", "0c1a2b3c-2087-4738-ba91-7359683c49a4"
VERSION = {"x-monite-version": "2024-05-25"}
A_PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
A_JPEG = b"\xff\xd8\xff" + bytes(40)
A_TIFF = b"II*\0" + bytes(40)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    """One stack for all tests here: each has a tenant of its own."""
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Client:
    """A client of the dialect: it names a version, and by default it is in no mood to wait."""

    http: HttpClient

    def request(self, method, path, body=None, **headers):
        sent = VERSION | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, body, {k: v for k, v in sent.items() if v is not None})

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.request("POST", path, body, **headers)

    def upload(self, data=A_PDF, name="invoice.pdf", path=UPLOAD, fields=(), **headers):
        parts = [(f'form-data; name="{field}"', None, value.encode()) for field, value in fields]
        parts.append((f'form-data; name="file"; filename="{name}"', "application/pdf", data))
        return self.post(path, a_form(parts), content_type=f"multipart/form-data; boundary={BOUNDARY}", **headers)


BOUNDARY = "----WebKitFormBoundaryT3xGq0UHzW2JcYkP"


def a_form(parts, boundary=BOUNDARY):
    body = b""
    for disposition, media_type, data in parts:
        kind = f"Content-Type: {media_type}\r\n" if media_type else ""
        body += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{kind}\r\n".encode() + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


@dataclass(frozen=True)
class Tenant:
    """A tenant, with all that a test wants to see of it."""

    name: str
    aws: MotoStack

    @property
    def jobs(self):
        return JobStore(self.aws["JobsTable"], self.aws["TransientTable"])

    def client(self, seconds_left=3.0, **fields):
        token = a_token()
        CredentialStore(self.aws["CredentialsTable"]).add(
            a_credential(token, **({"tenant_id": self.name, "entities": (ENTITY,)} | fields))
        )
        return Client(HttpClient(self.aws.guarded("ApiOcrTasksFunction"), token, seconds_left))

    def job(self, **fields):
        job = a_job(**({"tenant_id": self.name, "dialect": Dialect.MONITE} | fields))
        self.jobs.put_new(job)
        return job

    def completed_job(self, invoice=None, **fields):
        invoice = invoice or an_invoice()
        job = self.job(**({"status": Status.COMPLETED, "document_type": invoice.document_type} | fields))
        ResultStore(self.aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, invoice)
        return job

    def become(self, job, **fields):
        item = item_of({"tenant_id": job.tenant_id, "sk": f"JOB#{job.job_id}"}) | item_of(job.model_copy(update=fields))
        self.aws.client("dynamodb").put_item(TableName=self.aws["JobsTable"], Item=item)

    def job_of(self, answer):
        return self.jobs.get(JobKey(tenant_id=self.name, job_id=UUID(answer.json["id"])))

    def every_job(self):
        return [key for key in self.jobs.open_jobs(due_before=None) if key.tenant_id == self.name]


@pytest.fixture
def acme(aws):
    return Tenant(f"monite-{next(_numbers)}", aws)


@pytest.fixture
def client(acme):
    return acme.client()


def problem(answer):
    """Where the one thing is that a 422 complains of."""
    assert answer.status == 422
    (detail,) = answer.json["detail"]
    assert list(detail) == ["loc", "msg", "type"]
    return detail["loc"]


# ── Headers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "path"), [("GET", TASKS), ("POST", TASKS), ("POST", UPLOAD), ("GET", f"{TASKS}/{an_id()}")]
)
@pytest.mark.parametrize("version", [None, "", "latest", "2024-13-01", "2024-5-25", "20240525", "2024-05-25T00:00:00Z"])
def test_without_a_version_that_is_a_date_nothing_is_served(acme, client, method, path, version):
    assert problem(client.request(method, path, x_monite_version=version)) == ["header", "x-monite-version"]
    assert acme.every_job() == []


@pytest.mark.parametrize("version", ["2023-09-01", "2024-01-31", "2024-05-25", "2025-06-23"])
def test_every_version_is_answered_alike(client, version):
    assert client.get(TASKS, x_monite_version=version).status == 200


def test_the_token_is_looked_at_before_the_version(acme):
    nobody = Client(HttpClient(acme.aws.guarded("ApiOcrTasksFunction")))
    answer = nobody.get(TASKS, x_monite_version=None)
    assert (answer.status, answer.json) == (401, {"error": {"message": "Bearer token is not set."}})
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_entity_of_somebody_else_is_not_there_and_none_at_all_is_all_of_them(acme, client):
    job = acme.job()
    for path in (TASKS, f"{TASKS}/{job.job_id}"):
        foreign, unknown = (client.get(path, x_monite_entity_id=one) for one in (OTHER_ENTITY, str(an_id())))
        assert (foreign.status, foreign.text) == (unknown.status, unknown.text)
        assert foreign.status == 404
        assert client.get(path, x_monite_entity_id=ENTITY.upper()).status == 200
        assert client.get(path).status == 200
    assert problem(client.get(TASKS, x_monite_entity_id="acme")) == ["header", "x-monite-entity-id"]


def test_tasks_of_another_entity_are_not_there_and_those_of_none_are_everybodys(acme):
    client = acme.client(entities=(ENTITY, OTHER_ENTITY))
    ours, theirs = (client.upload(x_monite_entity_id=one).json["id"] for one in (ENTITY, OTHER_ENTITY))
    nobodys = str(acme.job(invoice_id=900_000).job_id)
    listed = [one["id"] for one in client.get(TASKS, x_monite_entity_id=ENTITY).json["data"]]
    assert set(listed) == {ours, nobodys}
    assert client.get(f"{TASKS}/{theirs}", x_monite_entity_id=ENTITY).status == 404
    assert client.get(f"{TASKS}/{theirs}").status == 200
    assert {one["id"] for one in client.get(TASKS).json["data"]} == {ours, theirs, nobodys}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [TASKS, UPLOAD, f"{TASKS}/{an_id()}", "/ocr_tasks"])
def test_a_wrong_method_is_refused_in_this_dialects_words(client, method, path):
    answer = client.request(method, path)
    assert answer.status == 405
    assert list(answer.json) == ["error"]
    assert answer.headers["allow"]


def test_the_rate_is_told_twice_and_a_token_beyond_it_is_told_when_to_come_back(acme, monkeypatch):
    monkeypatch.setenv("REQUESTS_PER_SECOND", "1")
    monkeypatch.setenv("REQUEST_BURST", "60")
    client = acme.client()
    told = client.get(TASKS)
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= told.headers.keys()
    assert {"x-ratelimit-limit-second", "x-ratelimit-remaining-second"} <= told.headers.keys()
    refused = next(one for one in (client.get(TASKS) for _ in range(200)) if one.status == 429)
    assert list(refused.json) == ["error"]
    assert int(refused.headers["retry-after"]) >= 1


# ── A file in a form ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [UPLOAD, "/ocr_tasks/upload_from_file"])
def test_a_file_becomes_a_task_and_lies_where_its_event_starts_the_work(acme, client, path):
    answer = client.upload(path=path, x_monite_entity_id=ENTITY)
    job = acme.job_of(answer)
    assert answer.status == 202
    assert answer.json == {
        "id": str(job.job_id),
        "created_at": answer.json["created_at"],
        "updated_at": answer.json["created_at"],
        "status": "processing",
    }
    assert answer.headers["location"] == f"{path.removesuffix('/upload_from_file')}/{job.job_id}"
    assert (job.status, job.dialect, job.subject) == (Status.QUEUED, Dialect.MONITE, "alice")
    assert (job.document_name, job.declared_type, job.entity_id) == ("invoice.pdf", "application/pdf", ENTITY)
    documents = DocumentStore(acme.aws["DocumentsBucket"])
    place = IncomingKey(lane=Lane.STANDARD, tenant_id=acme.name, job_id=job.job_id, attempt=1)
    assert documents.read(documents.find(str(place)), limit=1_000) == A_PDF


@pytest.mark.parametrize("data", [A_PDF, A_PNG, A_JPEG])
def test_pdf_png_and_jpeg_are_taken_whatever_they_are_called(client, data):
    assert client.upload(data, name="document.html").status == 202


@pytest.mark.parametrize(
    "data", [A_TIFF, b"<html><script>alert(1)</script>", b"just a letter to a friend", b"%!PS-Adobe-3.0 and so on"]
)
def test_other_types_are_refused_whatever_they_are_called(acme, client, data):
    answer = client.upload(data)
    assert (answer.status, list(answer.json)) == (415, ["error"])
    assert acme.every_job() == []


@pytest.mark.parametrize("kind", ["invoice", "credit_note", "receipt"])
def test_the_type_may_stand_in_the_query_or_in_the_form(acme, client, kind):
    queried = client.upload(path=f"{UPLOAD}?document_type={kind}")
    in_form = client.upload(fields=[("document_type", kind)])
    assert queried.json["document_type"] == in_form.json["document_type"] == kind
    assert acme.job_of(queried).asked_type is DocumentType(kind)


def test_a_wrong_type_or_two_types_are_refused(acme, client):
    assert problem(client.upload(path=f"{UPLOAD}?document_type=bill")) == ["query", "document_type"]
    assert problem(client.upload(fields=[("document_type", "quote")])) == ["body", "document_type"]
    two = client.upload(path=f"{UPLOAD}?document_type=invoice", fields=[("document_type", "receipt")])
    assert problem(two) == ["query", "document_type"]
    assert acme.every_job() == []


def test_four_mebibytes_are_taken_and_one_byte_more_is_not(client):
    largest = A_PDF + bytes(MAX_INLINE_BYTES - len(A_PDF))
    assert client.upload(largest).status == 202
    answer = client.upload(largest + b"\0")
    assert answer.status == 413
    assert "POST /v2/uploads" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("parts", "loc"),
    [
        ([('form-data; name="other"; filename="a.pdf"', None, A_PDF)], ["body", "other"]),
        ([('form-data; name="file"; filename="a.pdf"', None, A_PDF), ('form-data; name="status"', None, b"success")],
         ["body", "status"]),
        ([('form-data; name="document_type"', None, b"invoice")], ["body", "file"]),
        ([('form-data; name="file"; filename="a.pdf"', None, b"")], ["body", "file"]),
        ([(f'form-data; name="file"; filename="{"a" * 256}.pdf"', None, A_PDF)], ["body", "file"]),
    ],
)  # fmt: skip
def test_a_form_that_is_not_one_file_is_refused_with_the_field(acme, client, parts, loc):
    answer = client.post(UPLOAD, a_form(parts), content_type=f"multipart/form-data; boundary={BOUNDARY}")
    assert problem(answer) == loc
    assert acme.every_job() == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", f"multipart/form-data; boundary={BOUNDARY}", 400),
        (b"\0" * 1000, f"multipart/form-data; boundary={BOUNDARY}", 400),
        (a_form([("form-data", None, A_PDF)]), f"multipart/form-data; boundary={BOUNDARY}", 400),
        (a_form([('form-data; name="file"; filename="a.pdf"', None, A_PDF)])[:-8],
         f"multipart/form-data; boundary={BOUNDARY}", 400),
        (b"--" + b"x\r\n" * 100_000, "multipart/form-data; boundary=x", 400),
        (A_PDF, "multipart/form-data", 400),
        (A_PDF, "application/pdf", 415),
        (b'{"file": "JVBERi0="}', "application/json", 415),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused(acme, client, body, content_type, status):
    answer = client.post(UPLOAD, body, content_type=content_type)
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert acme.every_job() == []


def test_a_path_in_a_file_name_is_left_out(acme, client):
    assert acme.job_of(client.upload(name="C:/fakepath/../Rechnung Müller.pdf")).document_name == "Rechnung Müller.pdf"


def a_failed_job(tenant, ago=timedelta(0)):
    """One that failed by a fault of its document."""
    fields = {"status": Status.FAILED, "failure": EncryptedDocumentError().failure}
    return tenant.job(updated_at=datetime.now(UTC) - ago, invoice_id=900_000, **fields)


def test_after_a_day_a_file_that_failed_is_tried_again(acme, client):
    failed = a_failed_job(acme, ago=timedelta(hours=25))
    acme.jobs.note_bytes(failed.key, hashlib.sha256(A_PDF).hexdigest())
    assert client.upload().status == 202


def test_the_same_file_that_failed_before_is_refused(acme, client):
    failed = a_failed_job(acme)
    acme.jobs.note_bytes(failed.key, hashlib.sha256(A_PDF).hexdigest())
    before = acme.every_job()
    answer = client.upload()
    assert answer.status == 400
    assert "was sent before" in answer.json["error"]["message"]
    assert acme.every_job() == before
    assert client.upload(A_PDF + b"\n").status == 202


@pytest.mark.parametrize(
    "fields", [{"status": Status.FAILED, "failure": EngineError().failure}, {"status": Status.COMPLETED}]
)
def test_a_file_that_was_read_or_failed_by_our_fault_may_come_again(acme, client, fields):
    earlier = acme.job(updated_at=datetime.now(UTC), invoice_id=900_000, **fields)
    acme.jobs.note_bytes(earlier.key, hashlib.sha256(A_PDF).hexdigest())
    assert client.upload().status == 202


def test_another_tenants_failures_are_nobodys_business(acme, client):
    other = Tenant("monite-other", acme.aws)
    failed = a_failed_job(other)
    other.jobs.note_bytes(failed.key, hashlib.sha256(A_PDF).hexdigest())
    assert client.upload().status == 202


def test_the_same_request_with_the_same_key_is_answered_the_same_even_when_its_job_has_failed(acme, client):
    first = client.upload(idempotency_key="once")
    job = acme.job_of(first)
    failed = {"status": Status.FAILED, "failure": EncryptedDocumentError().failure, "updated_at": datetime.now(UTC)}
    acme.become(job, **failed)
    acme.jobs.note_bytes(job.key, hashlib.sha256(A_PDF).hexdigest())
    again = client.upload(idempotency_key="once")
    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert problem(client.upload(A_PDF + b"\n", idempotency_key="once")) == ["header", "idempotency-key"]


# ── An address ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [TASKS, "/ocr_tasks"])
def test_an_address_becomes_a_task_and_a_call_to_fetch_it(acme, client, path):
    acme.aws.messages("FetchQueue")
    answer = client.post(path, {"file_url": URL, "document_type": "receipt"})
    job = acme.job_of(answer)
    assert answer.status == 202
    assert (answer.json["status"], answer.json["document_type"]) == ("processing", "receipt")
    assert answer.headers["location"] == f"{path}/{job.job_id}"
    assert (job.source_url, job.dialect, job.asked_type) == (URL, Dialect.MONITE, DocumentType.RECEIPT)
    assert acme.aws.messages("FetchQueue") == [{"tenant_id": acme.name, "job_id": str(job.job_id), "attempt": 1}]


def test_the_type_of_an_address_may_stand_in_the_query(acme, client):
    answer = client.post(f"{TASKS}?document_type=credit_note", {"file_url": URL})
    assert answer.json["document_type"] == "credit_note"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "file_url"),
        ({"file_url": None}, "file_url"),
        ({"file_url": ""}, "file_url"),
        ({"file_url": 7}, "file_url"),
        ({"file_url": "https://x.example/" + "a" * 9000}, "file_url"),
        ({"file_url": URL, "document_type": "bill"}, "document_type"),
        ({"file_url": URL, "status": "success"}, "status"),
        ({"file_url": URL, "tenant_id": "globex"}, "tenant_id"),
    ],
)
def test_a_wrong_body_is_refused_with_the_field_and_leaves_nothing_behind(acme, client, body, name):
    assert problem(client.post(TASKS, body)) == ["body", name]
    assert acme.every_job() == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DocumentUrlUnreachableError, 421),
        (DocumentUrlFailedError, 424),
        (DocumentTooLargeError, 413),
        (UnsupportedMediaError, 415),
    ],
)
def test_what_goes_wrong_while_the_client_waits_is_its_answer(acme, error, status):
    client = acme.client(seconds_left=25)
    before = set(acme.every_job())
    fetching = threading.Timer(0.7, lambda: fail_the_one_new_job(acme, before, error))
    fetching.start()
    answer = client.post(TASKS, {"file_url": URL}, idempotency_key="once")
    fetching.join()
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert "example.com" not in answer.text
    again = client.post(TASKS, {"file_url": URL}, idempotency_key="once")
    assert (again.status, again.text) == (answer.status, answer.text)
    (task,) = client.get(TASKS).json["data"]
    assert task["status"] == "error"


def fail_the_one_new_job(acme, before, error):
    (key,) = set(acme.every_job()) - before
    acme.become(acme.jobs.get(key), status=Status.FAILED, failure=error().failure)


def test_a_file_that_is_being_read_is_answered_at_once_as_processing(acme):
    client = acme.client(seconds_left=25)
    before = set(acme.every_job())

    def begin():
        (key,) = set(acme.every_job()) - before
        job = acme.jobs.get(key)
        acme.become(job, status=Status.PROCESSING, original=stored(acme, job, A_PDF))

    reading = threading.Timer(0.5, begin)
    reading.start()
    answer = client.post(TASKS, {"file_url": URL})
    reading.join()
    assert (answer.status, answer.json["status"]) == (202, "processing")


def test_a_fetched_file_that_failed_before_is_told_so(acme):
    client = acme.client(seconds_left=25)
    failed = a_failed_job(acme)
    acme.jobs.note_bytes(failed.key, hashlib.sha256(A_PDF).hexdigest())
    before = set(acme.every_job())

    def begin():
        (key,) = set(acme.every_job()) - before
        job = acme.jobs.get(key)
        acme.become(job, status=Status.PROCESSING, original=stored(acme, job, A_PDF))

    reading = threading.Timer(0.5, begin)
    reading.start()
    answer = client.post(TASKS, {"file_url": URL})
    reading.join()
    assert answer.status == 400


def stored(acme, job, data):
    key = an_object(job).key
    answer = acme.aws.client("s3").put_object(Bucket=acme.aws["DocumentsBucket"], Key=key, Body=data)
    return an_object(job, answer["VersionId"])


@pytest.mark.parametrize("error", [EncryptedDocumentError, EngineError])
def test_a_failure_that_has_nothing_to_do_with_fetching_is_the_tasks_own_story(acme, error):
    client = acme.client(seconds_left=25)
    before = set(acme.every_job())
    failing = threading.Timer(0.5, lambda: fail_the_one_new_job(acme, before, error))
    failing.start()
    answer = client.post(TASKS, {"file_url": URL})
    failing.join()
    assert answer.status == 202
    assert client.get(f"{TASKS}/{answer.json['id']}").json["status"] == "error"


@pytest.mark.parametrize(
    ("prefer", "remaining", "seconds"),
    [(None, 29_000, 6), ("wait=20", 29_000, 6), ("respond-async, wait=5", 29_000, 0), (None, 5_000, 2), (None, 900, 0)],
)
def test_fetching_is_watched_for_a_few_seconds_unless_the_client_or_the_clock_is_in_a_hurry(prefer, remaining, seconds):
    assert patience(prefer, remaining) == seconds


def test_a_token_that_waits_elsewhere_is_answered_at_once(acme):
    token = a_token()
    credential = a_credential(token, tenant_id=acme.name)
    CredentialStore(acme.aws["CredentialsTable"]).add(credential)
    slots = WaitSlots(acme.aws["TransientTable"], acme.name, credential.token_id, slots=WAITS_PER_TOKEN)
    now = datetime.now(UTC)
    assert all(slots.take(f"{n}", now=now, until=now + timedelta(seconds=60)) for n in range(WAITS_PER_TOKEN))
    client = Client(HttpClient(acme.aws.guarded("ApiOcrTasksFunction"), token, seconds_left=25))
    answer = client.post(TASKS, {"file_url": URL})
    assert (answer.status, answer.json["status"]) == (202, "processing")


def test_an_accepted_job_is_answered_even_if_it_can_not_be_watched(acme):
    client = acme.client(seconds_left=4)
    with calls() as seen:
        client.post(TASKS, {"file_url": URL})
    taking_a_slot = seen.index("PutItem") + 1
    with crash(taking_a_slot, "before", TransientError):
        answer = client.post(TASKS, {"file_url": URL})
    assert (answer.status, answer.json["status"]) == (202, "processing")


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("way", ["address", "file"])
def test_whatever_call_fails_a_repetition_with_the_same_key_completes_one_job(acme, client, way, side):
    def submit(key):
        if way == "file":
            return client.upload(idempotency_key=key)
        return client.post(TASKS, {"file_url": URL}, idempotency_key=key)

    with calls() as seen:
        submit("count")
    for number in range(2, len(seen) + 1):  # without the credential there is no request
        before = set(acme.every_job())
        with crash(number, side, TransientError):
            first = submit(f"{number}-{side}")
        again = submit(f"{number}-{side}")
        assert first.status in (202, 503), f"{seen[number - 1]}: {first.text}"
        assert again.status == 202
        assert len(set(acme.every_job()) - before) == 1


# ── One task ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": Status.CREATED}, "processing"),
        ({"status": Status.QUEUED}, "processing"),
        ({"status": Status.PROCESSING}, "processing"),
        ({"status": Status.FAILED, "failure": EncryptedDocumentError().failure}, "error"),
        ({"status": Status.FAILED, "failure": EngineError().failure}, "error"),
    ],
)
def test_a_task_that_is_not_successful_has_no_data(acme, client, fields, status):
    answer = client.get(f"{TASKS}/{acme.job(**fields).job_id}")
    assert (answer.status, answer.json["status"]) == (200, status)
    assert list(answer.json) == ["id", "created_at", "updated_at", "status"]
    assert ("retry-after" in answer.headers) is (status == "processing")


@pytest.mark.parametrize("dialect", Dialect)
def test_a_job_of_any_dialect_is_a_task(acme, client, dialect):
    job = acme.completed_job(dialect=dialect)
    for path in (f"{TASKS}/{job.job_id}", f"/ocr_tasks/{str(job.job_id).upper()}"):
        answer = client.get(path)
        assert (answer.json["status"], answer.json["document_type"]) == ("success", "invoice")
        assert answer.json["recognized_data"]["total_amount"] == 1190.0
        assert '"total_amount":1190.00' in answer.text


@pytest.mark.parametrize("task_id", ["7", "upload_from_file", "x" * 200, "01a1fde5cbbb73f2a29f5e35eb240853"])
def test_what_is_no_uuid_is_refused_with_its_place(client, task_id):
    assert problem(client.get(f"{TASKS}/{task_id}")) == ["path", "task_id"]


def test_a_cancelled_job_has_no_task(acme, client):
    gone = client.get(f"{TASKS}/{acme.job(status=Status.CANCELLED).job_id}")
    never = client.get(f"{TASKS}/{an_id()}")
    assert (gone.status, gone.text) == (never.status, never.text)
    assert gone.status == 404


def test_a_client_that_has_the_present_answer_gets_304(acme, client):
    job = acme.job()
    tag = client.get(f"{TASKS}/{job.job_id}").headers["etag"]
    answer = client.get(f"{TASKS}/{job.job_id}", if_none_match=tag)
    assert (answer.status, answer.text, answer.headers["etag"]) == (304, "", tag)


def test_a_wait_ends_as_soon_as_the_task_does(acme):
    client = acme.client(seconds_left=25)
    job = acme.job(status=Status.PROCESSING)
    ResultStore(acme.aws["DocumentsBucket"]).put_invoice(job.key, 1, an_invoice())
    ending = threading.Timer(0.5, acme.become, (job,), {"status": Status.COMPLETED})
    ending.start()
    answer = client.get(f"{TASKS}/{job.job_id}", prefer="wait=15")
    ending.join()
    assert (answer.json["status"], answer.headers["preference-applied"]) == ("success", "wait=15")


def test_the_handler_answers_a_broken_event(acme):
    answer = lambda_handler({"version": "2.0"}, None)
    assert answer["statusCode"] == 500
    assert "error" in answer["body"]
