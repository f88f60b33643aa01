"""v1's uploads: a document in base64 with a name and a kind, and lists by the client's own label."""

import base64
import itertools
from dataclasses import dataclass
from uuid import UUID

import pytest

from paydraft.model.credential import Scope
from paydraft.model.document import IncomingKey, Lane
from paydraft.model.job import Dialect, JobKey
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.model.status import Status
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import put_together
from paydraft.stores.uploads import UploadStore
from tests.builders import A_PDF, a_credential, a_job, a_token, after
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

PATH = "/v1/uploads"
BODY = {"file_name": "Rechnung.pdf", "content": base64.b64encode(A_PDF).decode(), "document_type": "invoice"}
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

    def client(self):
        token = a_token()
        fields = {"tenant_id": self.name, "scopes": (Scope.JOBS_READ, Scope.JOBS_WRITE)}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), token)

    def upload(self, seconds, customer_id=None, attached=False):
        job = a_job(tenant_id=self.name, created_at=after(seconds=seconds), customer_id=customer_id)
        self.jobs.put_new(job)
        if attached:
            put_together([self.jobs.attach_upload(self.name, job.upload_id, at=after(hours=1))])
        return str(job.upload_id)


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def client(acme):
    return acme.client()


def test_a_document_sent_is_a_draft_upload_whose_job_is_on_its_way(acme, client):
    answer = client.post(PATH, BODY)
    assert answer.status == 201
    upload = answer.json
    assert (upload["file_name"], upload["document_type"]) == ("Rechnung.pdf", "invoice")
    assert (upload["content_length"], upload["file_extension"]) == (len(A_PDF), "pdf")
    assert (upload["approval_status"], upload["active"]) == ("pending", False)
    assert answer.headers["location"] == f"{PATH}/{upload['id']}"
    job = acme.jobs.get(JobKey(tenant_id=acme.name, job_id=UUID(upload["job_id"])))
    assert (job.status, job.dialect, job.document_name) == (Status.QUEUED, Dialect.COREBANQ_V2, "Rechnung.pdf")
    documents = DocumentStore(acme.aws["DocumentsBucket"])
    place = IncomingKey(lane=Lane.STANDARD, tenant_id=acme.name, job_id=job.job_id, attempt=1)
    assert documents.read(documents.find(str(place)), limit=10_000) == A_PDF


def test_what_is_said_of_approval_signature_and_activity_has_no_effect(client):
    said = {"approval_needed": False, "approval_made": True, "signature_needed": True, "active": True}
    upload = client.post(PATH, BODY | said).json
    assert (upload["approval_made"], upload["signature_needed"], upload["active"]) == (False, False, False)


def test_a_customers_upload_bears_the_label_of_its_path(client):
    upload = client.post(f"{PATH}/customer/c-7", BODY).json
    assert upload["customer_id"] == "c-7"
    assert client.get(f"{PATH}/{upload['id']}").json["customer_id"] == "c-7"
    assert client.post(f"{PATH}/customer/c-7", BODY | {"customer_id": "c-8"}).status == 422
    assert client.post(f"{PATH}/customer/{'x' * 65}", BODY).status == 422


def test_a_repetition_with_its_key_is_answered_as_before(client):
    first, again = (client.post(PATH, BODY, idempotency_key="k") for _ in range(2))
    assert first.text == again.text
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("kind", ["bylaws", "avatar", "contract", "Invoice"])
def test_another_kind_of_document_is_refused_and_the_kinds_are_told(client, kind):
    answer = client.post(PATH, BODY | {"document_type": kind})
    assert (answer.status, answer.json["error"]) == (400, "uploads.invalid_document_type")
    assert answer.json["details"] == {"allowed_types": ["invoice"]}
    answer = client.get(f"{PATH}/customer/c-1/file/type/{kind}")
    assert (answer.status, answer.json["details"]) == (400, {"allowed_types": ["invoice"]})


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"content": "%"}, 400, "invalid_base64"),
        ({"content": ""}, 400, "empty_document"),
        ({"content": base64.b64encode(b"of no type that is read").decode()}, 415, "unsupported_media"),
        ({"content": base64.b64encode(bytes(MAX_INLINE_BYTES + 1)).decode()}, 413, "inline_document_too_large"),
        ({"content": None}, 422, "invalid_fields"),
        ({"file_name": ""}, 422, "invalid_fields"),
        ({"approval_made": "perhaps"}, 422, "invalid_fields"),
        ({"colour": "red"}, 422, "invalid_fields"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said(client, change, status, error):
    answer = client.post(PATH, BODY | change)
    assert (answer.status, answer.json["error"]) == (status, error)


def listed(client, query="", customer_id="c-1"):
    return [one["id"] for one in client.get(f"{PATH}/customer/{customer_id}/file/type/invoice{query}").json["data"]]


def test_one_customers_uploads_are_listed_as_asked_and_nobody_elses(acme, client):
    draft = acme.upload(1, "c-1")
    attached = acme.upload(2, "c-1", attached=True)
    acme.upload(3, "c-2")
    acme.upload(4)
    assert listed(client) == [attached, draft]
    assert listed(client, "?is_approved=true") == [attached]
    assert listed(client, "?is_approved=false&is_signed=false") == [draft]
    assert listed(client, "?is_signed=true") == []
    assert listed(client, customer_id="c-3") == []
    stranger = Tenant(f"{acme.name}-other", acme.aws).client()
    assert listed(stranger) == []


def test_a_customers_list_goes_on_behind_its_own_cursor_only(acme, client):
    ids = [acme.upload(n, f"c-{n % 2}") for n in range(6)]
    path = f"{PATH}/customer/c-1/file/type/invoice?limit=2"
    first = client.get(path).json
    rest = client.get(f"{path}&cursor={first['next_cursor']}").json
    assert [one["id"] for one in first["data"] + rest["data"]] == [ids[5], ids[3], ids[1]]
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    for other in ("/v1/uploads?limit=2", f"{PATH}/customer/c-0/file/type/invoice?limit=2", f"{path}&is_approved=false"):
        assert client.get(f"{other}&cursor={first['next_cursor']}").json["error"] == "invalid_cursor"


@pytest.mark.parametrize("query", ["?is_signed=perhaps", "?is_approved=1", "?limit=0", "?sort=name"])
def test_a_list_asked_wrongly_is_refused(client, query):
    assert client.get(f"{PATH}/customer/c-1/file/type/invoice{query}").status == 400


def test_where_little_is_found_a_page_ends_before_it_is_full_and_the_next_goes_on(acme):
    ids = [acme.upload(n, "rare" if n in (0, 8) else None) for n in range(9)]
    store, after_id, found = UploadStore(acme.aws["JobsTable"], most_looked_at=4), None, []
    for _ in range(3):
        some, after_id = store.page(
            acme.name,
            after=after_id,
            limit=5,
            newest_first=True,
            keep=lambda one: one.job.customer_id == "rare",
        )
        found.append([str(one.upload_id) for one in some])
    assert found == [[ids[8]], [], [ids[0]]]
    assert after_id is None


def test_the_twins_of_v1_tell_what_v2_tells(acme, client):
    upload_id = acme.upload(1, "c-1")
    assert client.get(f"{PATH}/{upload_id}").text == client.get(f"/v2/uploads/{upload_id}").text
    assert client.get(PATH).text == client.get("/v2/uploads").text
