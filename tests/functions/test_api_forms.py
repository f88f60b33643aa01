"""A document as a browser or an app sends it: one file of a form, with the same outcome as base64."""

import base64
import itertools
from uuid import UUID

import pytest

from paydraft.model.credential import Scope
from paydraft.model.document import IncomingKey, Lane
from paydraft.model.job import JobKey
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from tests.builders import A_PDF, a_credential, a_token
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

PATH = "/v2/invoices/ocr"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant_id():
    return f"forms-{next(_numbers)}"


@pytest.fixture
def client(aws, tenant_id):
    token = a_token()
    fields = {"tenant_id": tenant_id, "scopes": (Scope.JOBS_READ, Scope.JOBS_WRITE)}
    CredentialStore(aws["CredentialsTable"]).add(a_credential(token, **fields))
    return HttpClient(aws.guarded("ApiInvoicesV2Function"), token)


def form(data=A_PDF, name="file", filename="Rechnung 42.pdf", **fields):
    parts = [
        f'--b0undary\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'.encode()
        for field, text in fields.items()
    ]
    head = f'--b0undary\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return b"".join([*parts, head.encode(), b"Content-Type: application/pdf\r\n\r\n", data, b"\r\n--b0undary--\r\n"])


def posted(client, body, path=PATH, **headers):
    sent = {"content-type": "multipart/form-data; boundary=b0undary"} | headers
    return client.request("POST", path, body, sent)


def test_a_file_of_a_form_starts_a_job_and_is_stored_byte_for_byte(aws, tenant_id, client):
    answer = posted(client, form(customer_id="c-1", filename="C:\\scans\\Rechnung 42.pdf"))
    assert (answer.status, list(answer.json)) == (202, ["job_id", "status", "upload_id"])
    job = JobStore(aws["JobsTable"]).get(JobKey(tenant_id=tenant_id, job_id=UUID(answer.json["job_id"])))
    assert (job.customer_id, job.document_name, job.declared_type) == ("c-1", "Rechnung 42.pdf", "application/pdf")
    documents = DocumentStore(aws["DocumentsBucket"])
    place = IncomingKey(lane=Lane.STANDARD, tenant_id=tenant_id, job_id=job.job_id, attempt=1)
    assert documents.read(documents.find(str(place)), limit=10_000) == A_PDF


def test_v1_takes_a_form_too_and_no_label(client):
    assert posted(client, form(), "/v1/invoices/ocr").status == 202
    answer = posted(client, form(customer_id="c-1"), "/v1/invoices/ocr")
    assert (answer.status, answer.json["details"]["fields"][0]["loc"]) == (422, ["body", "customer_id"])


def test_one_key_for_the_same_bytes_in_a_form_and_in_base64_is_one_job(client):
    first = posted(client, form(), **{"idempotency-key": "k"})
    again = posted(client, form(filename="other.pdf"), **{"idempotency-key": "k"})
    as_text = client.post(PATH, {"base64_file": base64.b64encode(A_PDF).decode()}, idempotency_key="k")
    assert first.json["job_id"] == again.json["job_id"] == as_text.json["job_id"]
    assert posted(client, form(A_PDF + b"x"), **{"idempotency-key": "k"}).status == 422


def test_a_file_of_4_mib_is_taken_and_a_byte_more_is_shown_the_way_for_larger_ones(client):
    assert posted(client, form(A_PDF.ljust(MAX_INLINE_BYTES, b" "))).status == 202
    answer = posted(client, form(A_PDF.ljust(MAX_INLINE_BYTES + 1, b" ")))
    assert (answer.status, answer.json["error"]) == (413, "inline_document_too_large")
    assert answer.json["details"] == {"max_bytes": MAX_INLINE_BYTES, "upload": "POST /v2/uploads"}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (form(b""), 400, "empty_document"),
        (form(b"no document of any type"), 415, "unsupported_media"),
        (form(name="document"), 422, "invalid_fields"),
        (form(base64_file="x"), 422, "invalid_fields"),
        (form(color="red"), 422, "invalid_fields"),
        (form(customer_id="has blanks"), 422, "invalid_fields"),
        (b"no form", 400, "malformed_form"),
    ],
)
def test_what_is_wrong_with_a_form_is_said(client, body, status, error):
    answer = posted(client, body)
    assert (answer.status, answer.json["error"]) == (status, error)
