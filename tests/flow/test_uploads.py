"""A document by ticket, over HTTP, in the whole stack: posted to the storage itself, read, and got back as it was."""

import hashlib
import json
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.cli.client import Client
from paydraft.model.credential import Scope
from paydraft.stores.items import item_of
from tests.builders import a_credential, a_token
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[1] / "golden" / "documents" / "de_freelancer.pdf"


@pytest.fixture(scope="module")
def onlooker(stack):
    return Onlooker(stack)


@pytest.fixture(scope="module")
def alice(onlooker):
    token = a_token()
    scopes = (Scope.JOBS_READ, Scope.JOBS_WRITE, Scope.DOCUMENTS_READ, Scope.TRANSFERS_READ, Scope.TRANSFERS_WRITE)
    credential = a_credential(token, tenant_id=onlooker.tenant_id, subject="alice", scopes=scopes)
    onlooker.aws("dynamodb").put_item(TableName=onlooker.outputs["CredentialsTable"], Item=item_of(credential))
    return Client(onlooker.served["url"], token)


def ticket_for(alice, size):
    body = {"file_name": "Rechnung 42.pdf", "content_type": "application/pdf", "content_length": size}
    answer = alice.ask("POST", "/v2/uploads", body)
    assert answer.status == 201, answer.body
    return answer.body


def form(fields, data, name="any"):
    """A form as browsers write it, the file last: the body and its type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def sent(url, body, content_type, **headers):
    """The status and the body of the answer to a POST."""
    headers = {"Content-Type": content_type} | headers
    request = urllib.request.Request(url, data=body, method="POST", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def posted(ticket, data):
    return sent(ticket["url"], *form(ticket["fields"], data))[0]


def test_a_document_by_ticket_becomes_a_draft_and_the_link_gives_the_same_bytes(onlooker, alice):
    data = DOCUMENT.read_bytes()
    ticket = ticket_for(alice, len(data))
    assert posted(ticket, data) in (200, 201, 204)
    ended = Client(alice.url, alice.token).wait_until_ended(ticket["job_id"])
    assert (ended.status, ended.body["upload_id"]) == (200, ticket["upload_id"])

    path = f"/v2/uploads/{ticket['upload_id']}"
    upload = alice.ask("GET", path).body
    assert (upload["file_name"], upload["content_length"], upload["active"]) == ("Rechnung 42.pdf", len(data), False)
    link = alice.ask("GET", f"{path}/download").body
    with urllib.request.urlopen(link["url"], timeout=30) as response:
        assert response.read() == data
    assert "response-content-disposition=attachment" in link["url"]  # of one version, the emulator does not heed it

    assert posted(ticket, data[:-5] + b"later") in (200, 201, 204)
    link = alice.ask("GET", f"{path}/download").body
    with urllib.request.urlopen(link["url"], timeout=30) as response:
        assert response.read() == data
    assert onlooker.job(ticket["job_id"]).attempt == 1

    assert alice.ask("POST", f"/v2/transfers/{ended.body['transfer_id']}/finalize").status == 200
    attached = alice.ask("GET", path).body
    assert (attached["approval_status"], attached["active"]) == ("attached", True)
    assert alice.ask("GET", "/v2/uploads?limit=1").body["data"] == [attached]


def test_a_document_larger_than_its_ticket_says_is_refused_by_the_storage(onlooker, alice):
    data = DOCUMENT.read_bytes()
    ticket = ticket_for(alice, len(data) - 1)
    assert posted(ticket, data) in (400, 403)
    assert onlooker.job(ticket["job_id"]).original is None
    assert alice.poll(ticket["job_id"], wait=0).status == 202


@pytest.mark.parametrize(
    "change",
    [
        {"Content-Type": "text/html"},
        {"key": "incoming/standard/{tenant}/{job}/2"},
        {"key": "incoming/express/{tenant}/{job}/1"},
        {"key": "incoming/standard/other/{job}/1"},
        {"acl": "public-read"},
    ],
    ids=str,
)
def test_a_ticket_serves_no_other_key_type_or_right_than_its_own(onlooker, alice, change):
    data = DOCUMENT.read_bytes()
    ticket = ticket_for(alice, len(data))
    named = {"tenant": onlooker.tenant_id, "job": ticket["job_id"]}
    changed = {name: value.format(**named) for name, value in change.items()}
    assert posted({**ticket, "fields": ticket["fields"] | changed}, data) in (400, 403)
    assert onlooker.job(ticket["job_id"]).original is None


def test_a_ticket_leads_to_the_storage_and_not_to_the_api(onlooker, alice):
    ticket = ticket_for(alice, 20_000)
    assert urlsplit(ticket["url"]).netloc == urlsplit(onlooker.served["aws_endpoint"]).netloc
    assert onlooker.outputs["DocumentsBucket"] in ticket["url"]


def test_a_form_posted_to_the_api_itself_is_read_byte_for_byte(onlooker, alice):
    data = DOCUMENT.read_bytes()
    body, content_type = form({"customer_id": "c-1"}, data, "Rechnung 43.pdf")
    token = {"Authorization": f"Bearer {alice.token}"}
    status, answer = sent(f"{alice.url}/v2/invoices/ocr", body, content_type, **token)
    assert status == 202, answer
    job_id = json.loads(answer)["job_id"]
    assert alice.wait_until_ended(job_id).status == 200
    job = onlooker.job(job_id)
    assert (job.customer_id, job.document_name, job.document.size) == ("c-1", "Rechnung 43.pdf", len(data))
    assert job.document.sha256 == hashlib.sha256(data).hexdigest()
