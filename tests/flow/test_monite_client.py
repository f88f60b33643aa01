"""Monite's own Python client on the whole stack; then what a browser and curl send, byte for byte."""

import json
import shutil
import subprocess
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import httpx
import pytest
from monite import Monite
from monite.core.api_error import ApiError
from monite.errors import NotFoundError, UnauthorizedError, UnprocessableEntityError, UnsupportedMediaTypeError

from tests.flow.conftest import DOCUMENTS

pytestmark = pytest.mark.slow

VERSION = "2024-05-25"
NAME = "en_label_table"
FACTS = json.loads((DOCUMENTS.parent / f"expected/{NAME}.json").read_text())["fields"]
SECONDS = 120
ENDED = ("success", "error")


@pytest.fixture(scope="module")
def clients(stack):
    """Makes a client; its connections are closed in the end."""
    with httpx.Client(timeout=60) as connections:

        def make(path: str = "/v1", **fields: str) -> Monite:
            known = {"token": stack["token"], "monite_version": VERSION}
            return Monite(base_url=stack["url"] + path, httpx_client=connections, **(known | fields))

        yield make


@pytest.fixture(scope="module")
def client(clients):
    return clients()


def ended(client, task_id):
    """The task when it has ended, asked for as its maker's documents say: again and again."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        task = client.ocr.get_ocr_tasks_id(task_id)
        if task.status in ENDED:
            return task
        assert task.recognized_data is None
        time.sleep(0.5)
    raise AssertionError(f"not ended after {SECONDS} s")


def is_read(task):
    assert (task.status, task.document_type) == ("success", "invoice")
    data = task.recognized_data
    assert (data.type, data.document_number) == ("invoice", FACTS["number"])
    assert f"{data.total_amount:.2f}" == FACTS["total"]
    assert data.currency == FACTS["currency"]
    assert data.sender.bank_account.iban == FACTS["iban"]
    assert data.recipient.address is not None
    return True


def test_a_file_on_the_web_is_made_a_task_and_read(client, document_host):
    made = client.ocr.post_ocr_tasks(file_url=f"http://{document_host}/{NAME}.pdf")
    assert (made.status, made.recognized_data) == ("processing", None)
    assert is_read(ended(client, made.id))


def test_a_file_is_uploaded_and_read(client):
    data = (DOCUMENTS / f"{NAME}.pdf").read_bytes()
    made = client.ocr.post_ocr_tasks_upload_from_file(file=(f"{NAME}.pdf", data, "application/pdf"))
    assert is_read(ended(client, made.id))


def test_a_picture_is_taken_for_what_the_client_says(client):
    data = (DOCUMENTS / "en_photo.jpg").read_bytes()
    made = client.ocr.post_ocr_tasks_upload_from_file(file=("photo.jpg", data), document_type="receipt")
    task = ended(client, made.id)
    assert (task.status, task.document_type, task.recognized_data.type) == ("success", "receipt", "receipt")
    assert task.recognized_data.sender.bank_account is not None


def test_tasks_are_listed_page_by_page_and_back(client):
    before = datetime.now(UTC) - timedelta(milliseconds=5)
    data = (DOCUMENTS / f"{NAME}.pdf").read_bytes()
    made = [client.ocr.post_ocr_tasks_upload_from_file(file=("a.pdf", data)).id for _ in range(3)]
    first = client.ocr.get_ocr_tasks(limit=2, order="asc", sort="created_at", created_at_gt=before)
    assert [task.id for task in first.data] == made[:2]
    assert first.prev_pagination_token is None
    last = client.ocr.get_ocr_tasks(pagination_token=first.next_pagination_token)
    assert [task.id for task in last.data] == made[2:]
    assert last.next_pagination_token is None
    again = client.ocr.get_ocr_tasks(pagination_token=last.prev_pagination_token)
    assert [task.id for task in again.data] == made[:2]
    named = client.ocr.get_ocr_tasks(id_in=[made[2], made[0]], order="desc")
    assert [task.id for task in named.data] == [made[2], made[0]]
    for one in made:
        assert is_read(ended(client, one))
    done = client.ocr.get_ocr_tasks(created_at_gte=before, status="success", document_type="invoice")
    assert [task.id for task in done.data] == made
    assert is_read(done.data[0])
    assert client.ocr.get_ocr_tasks(created_at_lt=before, id_in=made).data == []


def test_what_can_not_be_fetched_is_told_in_the_documented_codes(client, document_host):
    for url, status in (
        ("http://127.0.0.1:9/invoice.pdf", 421),
        ("https://169.254.169.254/latest/meta-data", 421),
        (f"http://{document_host}/no-such-file.pdf", 424),
    ):
        with pytest.raises(ApiError) as refused:
            client.ocr.post_ocr_tasks(file_url=url)
        assert refused.value.status_code == status, url
        assert list(refused.value.body) == ["error"]
        assert not any(word in str(refused.value.body) for word in ("127.0.0.1", "169.254", "no-such-file"))


def test_the_clients_own_errors_are_raised(client, clients):
    with pytest.raises(UnsupportedMediaTypeError):
        client.ocr.post_ocr_tasks_upload_from_file(file=("a.pdf", b"just a letter to a friend"))
    with pytest.raises(NotFoundError):
        client.ocr.get_ocr_tasks_id("3c90c3cc-0d44-4b50-8888-8dd25736052a")
    with pytest.raises(UnprocessableEntityError):
        client.ocr.get_ocr_tasks(limit=0)
    with pytest.raises(UnprocessableEntityError):
        client.ocr.get_ocr_tasks(pagination_token="forged")
    with pytest.raises(UnauthorizedError):
        clients(token="nobody's").ocr.get_ocr_tasks()
    with pytest.raises(UnprocessableEntityError):
        clients(monite_version="latest").ocr.get_ocr_tasks()


def test_the_path_without_a_version_serves_the_same_client(client, clients):
    assert clients(path="").ocr.get_ocr_tasks(limit=3).data == client.ocr.get_ocr_tasks(limit=3).data


def test_a_file_that_failed_is_refused_when_it_comes_again(client):
    data = (DOCUMENTS / "encrypted.pdf").read_bytes() + b"\n% these bytes were sent by nobody before"
    made = client.ocr.post_ocr_tasks_upload_from_file(file=("encrypted.pdf", data))
    assert ended(client, made.id).status == "error"
    with pytest.raises(ApiError) as refused:
        client.ocr.post_ocr_tasks_upload_from_file(file=("again.pdf", data))
    assert refused.value.status_code == 400


# ── A browser and curl ────────────────────────────────────────────────────────────────────────────────────────────────


def a_browsers_form(data: bytes) -> tuple[bytes, str]:
    """What fetch() sends for a FormData with a file and a text, as Chromium writes it."""
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    head = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="document_type"\r\n'
        "\r\n"
        "invoice\r\n"
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="file"; filename="Rechnung %22Müller%22.pdf"\r\n'
        "Content-Type: application/pdf\r\n"
        "\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def sent(stack, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"authorization": f"Bearer {stack['token']}", "x-monite-version": VERSION}
    try:
        with urlopen(Request(stack["url"] + path, body, named, method=method), timeout=40) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_browsers_fetch_uploads_a_file(client, stack):
    body, kind = a_browsers_form((DOCUMENTS / f"{NAME}.pdf").read_bytes())
    status, task = sent(stack, "POST", "/v1/ocr_tasks/upload_from_file", body, content_type=kind)
    assert status == 202, task
    assert is_read(ended(client, task["id"]))


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/v1/ocr_tasks", "/ocr_tasks/upload_from_file"])
def test_a_wrong_method_is_refused_in_this_dialects_words(stack, method, path):
    status, body = sent(stack, method, path)
    assert (status, list(body)) == (405, ["error"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl_sends_base64_in_json_and_a_file_in_a_form(client, stack, tmp_path):
    document = DOCUMENTS / f"{NAME}.pdf"
    body = tmp_path / "base64.json"
    body.write_text(json.dumps({"base64_file": b64encode(document.read_bytes()).decode()}))
    headers = ["-H", f"Authorization: Bearer {stack['token']}", "-H", f"x-monite-version: {VERSION}"]
    json_body = ["-H", "Content-Type: application/json", "--data-binary", f"@{body}"]
    job = curl(*headers, *json_body, f"{stack['url']}/v2/invoices/ocr")
    task = curl(*headers, "-F", f"file=@{document}", f"{stack['url']}/v1/ocr_tasks/upload_from_file")
    assert is_read(ended(client, job["job_id"]))  # made in one dialect, read in another
    assert is_read(ended(client, task["id"]))


def curl(*arguments: str) -> Any:
    done = subprocess.run(["curl", "--silent", "--show-error", *arguments], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)
