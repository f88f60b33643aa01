"""Uploads: a ticket lets its bearer send one document of one job; what was read is what can be got back."""

import base64
import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from api_invoices_v2 import tickets
from api_invoices_v2.upload_wire import TicketRequest
from paydraft.model.credential import Scope
from paydraft.model.document import Lane
from paydraft.model.errors import DocumentMissingError
from paydraft.model.ids import created_at
from paydraft.model.job import DOCUMENT_GRACE, Dialect, JobKey
from paydraft.model.media import MAX_DOCUMENT_BYTES, MIN_DOCUMENT_BYTES
from paydraft.model.status import Status
from paydraft.model.upload import LINK_LIFE, TICKET_LIFE
from paydraft.model.upload_errors import TicketExpiredError
from paydraft.runtime.operations import Caller
from paydraft.stores.clients import client as aws_client
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import put_together
from tests.builders import A_PDF, NOW, a_credential, a_document, a_job, a_place, a_token, after, an_id, some_bytes
from tests.http_client import HttpClient
from tests.moto_stack import CREDENTIALS, MotoStack, moto_stack

PATH = "/v2/uploads"
BODY = {"file_name": "Rechnung 42.pdf", "content_type": "application/pdf", "content_length": 300_000}
READER = (Scope.JOBS_READ, Scope.JOBS_WRITE, Scope.DOCUMENTS_READ)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Tenant:
    name: str
    aws: MotoStack

    @property
    def jobs(self):
        return JobStore(self.aws["JobsTable"], self.aws["TransientTable"])

    @property
    def documents(self):
        return DocumentStore(self.aws["DocumentsBucket"])

    def client(self, *scopes):
        token = a_token()
        fields = {"tenant_id": self.name, "scopes": scopes or READER}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), token)

    def job(self, **fields):
        job = a_job(tenant_id=self.name, **fields)
        self.jobs.put_new(job)
        return job

    def read_job(self, data=A_PDF, facts=True, **fields):
        """A job whose document has arrived and been pinned."""
        job = self.job(**fields)
        source = self.documents.put_new(a_place(job), data, a_document().media_type)
        self.jobs.begin(job.key, 1, source, owner="reader", now=NOW)
        if facts:
            self.jobs.record_document(job.key, 1, a_document(size=len(data)), now=NOW)
        return self.jobs.get(job.key)


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def client(acme):
    return acme.client()


def policy_of(ticket):
    return json.loads(base64.b64decode(ticket["fields"]["policy"]))


def moment(text):
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


# ── tickets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ticket_names_job_upload_end_and_the_way_to_ask(acme, client):
    answer = client.post(PATH, BODY | {"customer_id": "c-7"})
    assert answer.status == 201
    ticket = answer.json
    assert list(ticket) == ["upload_id", "job_id", "url", "fields", "expires_at", "max_bytes", "poll_url"]
    assert ticket["max_bytes"] == BODY["content_length"]
    assert ticket["poll_url"] == f"/v2/invoices/ocr/{ticket['job_id']}"
    assert answer.headers["location"] == f"{PATH}/{ticket['upload_id']}"
    job = acme.jobs.get(JobKey(tenant_id=acme.name, job_id=UUID(ticket["job_id"])))
    assert (job.status, job.original, job.dialect) == (Status.CREATED, None, Dialect.COREBANQ_V2)
    assert (job.customer_id, job.document_name, job.declared_type) == ("c-7", "Rechnung 42.pdf", "application/pdf")
    assert job.next_check_at > job.created_at
    assert str(job.upload_id) == ticket["upload_id"]
    assert moment(ticket["expires_at"]) == (job.created_at + TICKET_LIFE).replace(microsecond=0)
    polled = client.get(ticket["poll_url"])
    assert (polled.status, polled.headers["retry-after"]) == (202, "2")
    assert polled.json["message"].startswith("No document has arrived for this job yet.")


def test_a_ticket_is_good_for_exactly_one_key_one_type_and_no_byte_more_than_declared(acme, aws, client):
    ticket = client.post(PATH, BODY).json
    key = f"incoming/standard/{acme.name}/{ticket['job_id']}/1"
    conditions = policy_of(ticket)["conditions"]
    assert ticket["fields"]["key"] == key
    assert ticket["fields"]["Content-Type"] == "application/pdf"
    assert {"key": key} in conditions
    assert {"bucket": aws["DocumentsBucket"]} in conditions
    assert {"Content-Type": "application/pdf"} in conditions
    assert ["content-length-range", MIN_DOCUMENT_BYTES, 300_000] in conditions
    assert not [one for one in conditions if isinstance(one, list) and one[0] == "starts-with"]


def test_a_ticket_ends_when_it_says(client):
    ticket = client.post(PATH, BODY).json
    apart = moment(policy_of(ticket)["expiration"]) - moment(ticket["expires_at"])
    assert timedelta(seconds=-2) <= apart <= timedelta(seconds=2)
    assert moment(ticket["expires_at"]) - created_at(UUID(ticket["job_id"])) <= TICKET_LIFE


def test_a_ticket_is_signed_with_our_key_over_its_whole_policy(client):
    fields = client.post(PATH, BODY).json["fields"]
    secret = aws_client("s3", signing=True)._get_credentials().secret_key
    _, day, region, service, end = fields["x-amz-credential"].split("/")
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert fields["x-amz-signature"] == hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()


def test_a_form_is_posted_to_the_bucket_in_its_own_region(aws, client):
    place = urlsplit(client.post(PATH, BODY).json["url"])
    assert place.scheme == "https"
    assert place.hostname == f"{aws['DocumentsBucket']}.s3.{CREDENTIALS['AWS_DEFAULT_REGION']}.amazonaws.com"


def test_a_document_that_was_begun_in_time_has_time_to_arrive():
    assert TICKET_LIFE + timedelta(minutes=5) <= DOCUMENT_GRACE


def test_the_same_key_gives_the_same_job_until_the_same_moment(acme, client):
    first, second = (client.post(PATH, BODY, idempotency_key="k-1") for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert second.headers["idempotent-replayed"] == "true"
    for name in ("job_id", "upload_id", "expires_at", "max_bytes", "poll_url", "url"):
        assert first.json[name] == second.json[name]
    assert first.json["fields"]["key"] == second.json["fields"]["key"]
    assert len(client.get(PATH).json["data"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"file_name": "other.pdf"},
        {"content_type": "image/png"},
        {"content_length": 300_001},
        {"customer_id": "c-1"},
    ],
)
def test_the_same_key_for_another_document_is_refused(client, change):
    client.post(PATH, BODY, idempotency_key="k-1")
    answer = client.post(PATH, BODY | change, idempotency_key="k-1")
    assert (answer.status, answer.json["error"]) == (422, "idempotency_conflict")


def test_one_key_may_serve_a_ticket_and_a_document_in_a_body(client):
    body = {"base64_file": base64.b64encode(A_PDF).decode()}
    job_id = client.post("/v2/invoices/ocr", body, idempotency_key="k-1").json["job_id"]
    assert client.post(PATH, BODY, idempotency_key="k-1").json["job_id"] != job_id


def issued(acme, now, key="k-1"):
    caller = Caller(a_credential(tenant_id=acme.name), now)
    stores = {"jobs": acme.jobs, "documents": acme.documents}
    return tickets.issue(TicketRequest(**BODY), caller, **stores, randomness=some_bytes(), idempotency_key=key)


def test_a_ticket_is_signed_again_for_what_is_left_of_its_time_and_then_no_more(acme):
    first = issued(acme, NOW)
    again = issued(acme, NOW + TICKET_LIFE - timedelta(seconds=1))
    assert again.replayed
    assert (again.job.job_id, again.expires_at) == (first.job.job_id, first.expires_at)
    with pytest.raises(TicketExpiredError):
        issued(acme, NOW + TICKET_LIFE)
    assert not issued(acme, NOW + timedelta(days=1), key="k-2").replayed


def test_a_ticket_nobody_used_ends_as_document_missing(acme):
    from reconcile_jobs.plan import End, Facts, Wait, plan

    job = issued(acme, NOW).job
    assert isinstance(plan(job, Facts(), NOW + TICKET_LIFE + timedelta(minutes=4)), Wait)
    assert plan(job, Facts(), NOW + DOCUMENT_GRACE) == End(DocumentMissingError().failure)


@pytest.mark.parametrize("size", [MAX_DOCUMENT_BYTES, MIN_DOCUMENT_BYTES])
def test_the_largest_and_the_smallest_document_get_a_ticket(client, size):
    assert client.post(PATH, BODY | {"content_length": size}).json["max_bytes"] == size


def test_a_larger_document_is_refused_before_anything_is_written(client):
    answer = client.post(PATH, BODY | {"content_length": MAX_DOCUMENT_BYTES + 1})
    assert (answer.status, answer.json["error"]) == (413, "document_too_large")
    assert client.get(PATH).json["data"] == []


@pytest.mark.parametrize("kind", ["text/html", "application/x-msdownload", "image/gif", "pdf", "application/pdf; a=b"])
def test_a_type_that_is_never_read_gets_no_ticket(client, kind):
    answer = client.post(PATH, BODY | {"content_type": kind})
    assert (answer.status, answer.json["error"]) == (415, "unsupported_media")


@pytest.mark.parametrize("kind", ["image/jpeg", "image/jpg", "IMAGE/HEIC", "application/octet-stream"])
def test_a_type_that_is_read_or_not_known_gets_one_for_exactly_that_type(client, kind):
    assert client.post(PATH, BODY | {"content_type": kind}).json["fields"]["Content-Type"] == kind.lower()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file_name": ""}, "file_name"),
        ({"file_name": "  "}, "file_name"),
        ({"file_name": "a\nb.pdf"}, "file_name"),
        ({"file_name": "\ud800.pdf"}, "file_name"),
        ({"file_name": "x" * 256}, "file_name"),
        ({"file_name": None}, "file_name"),
        ({"content_length": MIN_DOCUMENT_BYTES - 1}, "content_length"),
        ({"content_length": -1}, "content_length"),
        ({"content_length": "300000"}, "content_length"),
        ({"content_length": True}, "content_length"),
        ({"content_length": 1e5}, "content_length"),
        ({"content_type": ""}, "content_type"),
        ({"customer_id": "has blanks"}, "customer_id"),
        ({"tenant_id": "other"}, "tenant_id"),
    ],
)
def test_wrong_fields_are_named(client, change, field):
    answer = client.post(PATH, BODY | change)
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")
    assert [one["loc"] for one in answer.json["details"]["fields"]] == [["body", field]]


def test_of_two_documents_under_one_ticket_the_first_that_arrives_is_read(acme):
    job = issued(acme, NOW).job
    first, second = (
        acme.aws.client("s3").put_object(Bucket=acme.aws["DocumentsBucket"], Key=str(a_place(job)), Body=data)
        for data in (A_PDF, A_PDF + b"other")
    )
    from paydraft.model.document import StoredObject
    from paydraft.model.errors import StaleJobError

    pinned = StoredObject(key=str(a_place(job)), version_id=first["VersionId"])
    acme.jobs.begin(job.key, 1, pinned, owner="one", now=NOW)
    later = StoredObject(key=str(a_place(job)), version_id=second["VersionId"])
    with pytest.raises(StaleJobError):
        acme.jobs.begin(job.key, 1, later, owner="one", now=NOW)
    assert job.lane is Lane.STANDARD
    assert acme.jobs.get(job.key).original == pinned


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_upload_is_a_draft_until_its_transfer_is_finalised(acme, client):
    job = acme.read_job(document_name="Rechnung.pdf", customer_id="c-1")
    path = f"{PATH}/{job.upload_id}"
    draft = client.get(path).json
    assert draft == {
        "id": str(job.upload_id),
        "job_id": str(job.job_id),
        "file_name": "Rechnung.pdf",
        "document_type": "invoice",
        "content_type": "application/pdf",
        "content_length": len(A_PDF),
        "file_extension": "pdf",
        "approval_status": "pending",
        "approval_needed": True,
        "approval_made": False,
        "signature_status": "not_required",
        "signature_needed": False,
        "signature_made": False,
        "active": False,
        "customer_id": "c-1",
        "metadata": {},
        "created_at": "2026-11-20T10:00:00Z",
        "created_by": "alice",
        "attached_at": None,
    }
    put_together([acme.jobs.attach_upload(acme.name, job.upload_id, at=after(hours=1))])
    attached = {"approval_status": "attached", "active": True, "attached_at": "2026-11-20T11:00:00Z"}
    assert client.get(path).json == draft | attached
    assert client.get(PATH).json["data"] == [draft | attached]


def test_what_is_not_read_yet_is_null(acme, client):
    upload = client.get(f"{PATH}/{acme.job().upload_id}").json
    assert [upload[name] for name in ("file_name", "content_type", "content_length", "file_extension")] == [None] * 4


def pages(client, query):
    path, seen = f"{PATH}?{query}", []
    while True:
        page = client.get(path).json
        seen.append([one["id"] for one in page["data"]])
        assert page["has_more"] == (page["next_cursor"] is not None)
        if not page["has_more"]:
            return seen
        path = f"{PATH}?{query}&cursor={page['next_cursor']}"


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_list_is_in_order_of_creation_page_by_page_and_leaves_out_what_was_cancelled(acme, client, order):
    ids = [str(acme.job(created_at=after(seconds=n)).upload_id) for n in range(7)]
    for n in (2, 3):
        gone = a_job(tenant_id=acme.name, created_at=after(seconds=n), status=Status.CANCELLED)
        acme.jobs.put_new(gone)
    expected = ids if order == "asc" else ids[::-1]
    assert pages(client, f"limit=3&order={order}") == [expected[:3], expected[3:6], expected[6:]]
    assert pages(client, f"limit=7&order={order}") == [expected]


def test_a_page_reads_no_more_than_it_needs(acme, client):
    for n in range(12):
        acme.job(created_at=after(seconds=n))
    read = []
    acme.aws.client("dynamodb").meta.events.register_first(
        "before-parameter-build.dynamodb.BatchGetItem",
        lambda params, **_: read.append([len(one["Keys"]) for one in params["RequestItems"].values()]),
        unique_id="count-rows",
    )
    client.get(f"{PATH}?limit=3")
    acme.aws.client("dynamodb").meta.events.unregister(
        "before-parameter-build.dynamodb.BatchGetItem", unique_id="count-rows"
    )
    assert read == [[4]]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "order=up", "cursor=x", "search=a"])
def test_a_list_asked_wrongly_is_refused(client, query):
    assert client.get(f"{PATH}?{query}").status == 400


def test_a_cursor_is_good_for_its_tenant_and_its_list_only(acme, aws, client):
    for n in range(2):
        acme.job(created_at=after(seconds=n))
    cursor = client.get(f"{PATH}?limit=1").json["next_cursor"]
    stranger = Tenant(f"{acme.name}-other", aws).client()
    assert stranger.get(f"{PATH}?limit=1&cursor={cursor}").json["error"] == "invalid_cursor"
    assert client.get(f"/v2/invoices?limit=1&cursor={cursor}").json["error"] == "invalid_cursor"
    assert client.get(f"{PATH}?limit=1&order=asc&cursor={cursor}").json["error"] == "invalid_cursor"


# ── downloads ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_leads_to_exactly_the_version_that_was_read_and_to_nothing_for_long(acme, aws, client):
    job = acme.read_job(document_name="Rechnung 42.pdf")
    aws.client("s3").put_object(Bucket=aws["DocumentsBucket"], Key=job.original.key, Body=b"something else")
    link = client.get(f"{PATH}/{job.upload_id}/download").json
    assert list(link) == ["url", "expires_at", "file_name", "content_type", "content_length"]
    assert (link["file_name"], link["content_type"]) == ("Rechnung 42.pdf", "application/pdf")
    query = {name: value for name, [value] in parse_qs(urlsplit(link["url"]).query).items()}
    assert query["versionId"] == job.original.version_id
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Expires"] == str(int(LINK_LIFE.total_seconds())) == "300"
    assert query["response-content-type"] == "application/pdf"
    assert query["response-content-disposition"] == (
        "attachment; filename=\"Rechnung 42.pdf\"; filename*=UTF-8''Rechnung%2042.pdf"
    )
    stored = aws.client("s3").get_object(
        Bucket=aws["DocumentsBucket"], Key=urlsplit(link["url"]).path[1:], VersionId=query["versionId"]
    )
    assert stored["Body"].read() == A_PDF


def test_a_document_of_a_type_nobody_could_tell_is_saved_as_just_bytes(acme, client):
    job = acme.read_job(document_name="invoice.html", facts=False)
    link = client.get(f"{PATH}/{job.upload_id}/download").json
    assert (link["file_name"], link["content_type"]) == ("invoice.html.bin", "application/octet-stream")


def test_before_the_document_has_arrived_there_is_no_link(acme, client):
    answer = client.get(f"{PATH}/{acme.job().upload_id}/download")
    assert (answer.status, answer.json["error"]) == (409, "document_not_arrived")


def test_reading_a_document_takes_a_scope_of_its_own(acme):
    job = acme.read_job()
    path = f"{PATH}/{job.upload_id}/download"
    answer = acme.client(Scope.JOBS_READ, Scope.JOBS_WRITE).get(path)
    assert (answer.status, answer.json["details"]) == (403, {"scope": "documents:read"})
    assert acme.client(Scope.DOCUMENTS_READ).get(path).status == 200


def test_neither_signatures_nor_names_of_files_are_logged(acme, client, capsys):
    ticket = client.post(PATH, BODY).json
    link = client.get(f"{PATH}/{acme.read_job(document_name='Rechnung 42.pdf').upload_id}/download").json
    signature = parse_qs(urlsplit(link["url"]).query)["X-Amz-Signature"][0]
    logged = capsys.readouterr().out
    assert "ticket issued" in logged
    for secret in (ticket["fields"]["x-amz-signature"], ticket["fields"]["policy"], signature, "Rechnung"):
        assert secret not in logged


# ── other people's ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("suffix", ["", "/download"])
@pytest.mark.parametrize("kind", ["foreign", "cancelled", "no id", "a job's id"])
def test_what_is_not_the_tenants_is_answered_byte_for_byte_as_what_never_was(acme, aws, client, suffix, kind):
    stranger = Tenant(f"{acme.name}-other", aws)
    cancelled = partial(acme.job, status=Status.CANCELLED)
    asked = {
        "foreign": lambda: stranger.read_job().upload_id,
        "cancelled": lambda: cancelled().upload_id,
        "no id": lambda: "42",
        "a job's id": lambda: acme.read_job().job_id,
    }[kind]()
    answer, missing = (client.get(f"{PATH}/{one}{suffix}") for one in (asked, an_id()))
    assert (answer.status, answer.text) == (missing.status, missing.text)
    assert answer.lasting_headers == missing.lasting_headers
    assert (missing.status, missing.json["error"]) == (404, "uploads.record_not_found")
