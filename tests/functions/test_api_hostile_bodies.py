"""Bodies made to break a reader: each is refused with a 4xx, and none is repeated to its sender."""

import base64
import json

import pytest

from api_invoices_v2.handler import lambda_handler
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.jobs import JobStore
from tests.builders import A_PDF, a_credential, a_token
from tests.http_client import HttpClient, http_event
from tests.moto_stack import moto_stack

PATH = "/v2/invoices/ocr"
DOCUMENT = base64.b64encode(A_PDF).decode()
FIVE_MB = 5 * 1024 * 1024


@pytest.fixture(scope="module")
def stack():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def client(stack):
    token = a_token()
    CredentialStore(stack["CredentialsTable"]).add(a_credential(token))
    return HttpClient(stack.guarded("ApiInvoicesV2Function"), token)


def jobs_of(stack):
    return list(JobStore(stack["JobsTable"]).open_jobs(due_before=None))


MALFORMED = {
    "nothing": "",
    "no JSON": "base64_file=abc",
    "half an object": '{"base64_file": "',
    "a list": f'["{DOCUMENT}"]',
    "a text": f'"{DOCUMENT}"',
    "a number": "1",
    "null": "null",
    "a comment": '{"base64_file": "a" /* b */}',
    "two objects": "{}{}",
    "NaN": '{"base64_file": NaN}',
    "Infinity": '{"base64_file": -Infinity}',
    "a number beyond a double": '{"base64_file": 1e999}',
    "a number of 100,000 digits": '{"base64_file": %s}' % ("9" * 100_000),
    "a key twice": f'{{"base64_file": "{DOCUMENT}", "base64_file": "{DOCUMENT}"}}',
    "a key twice further in": '{"base64_file": {"a": 1, "a": 2}}',
    "100,000 brackets": "[" * 100_000,
    "5 MB of brackets": "[" * FIVE_MB,
    "100,000 objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a control character": '{"base64_file": "a\x00b"}',
    "a byte order mark": "\ufeff{}",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_one_plain_object_is_malformed(stack, client, body):
    answer = client.post(PATH, body)
    assert (answer.status, answer.json["error"], answer.json["details"]) == (400, "malformed_body", {})
    assert jobs_of(stack) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"base64_file": "\xff\xfe"}',
        json.dumps({"base64_file": DOCUMENT}).encode("utf-16"),
        b"\x1f\x8b\x08\x00",
        b"\x00",
    ],
)
def test_bytes_that_are_not_utf_8_are_malformed(client, body):
    answer = client.post(PATH, body)
    assert (answer.status, answer.json["error"]) == (400, "malformed_body")


def test_a_body_marked_as_base64_that_is_not_is_malformed(stack, client):
    event = http_event("POST", PATH, "no base64!", {"authorization": f"Bearer {client.token}"})
    answer = lambda_handler(event | {"isBase64Encoded": True}, None)
    assert answer["statusCode"] == 400


WRONG_FIELDS = {
    "a lone surrogate in a key": '{"base64_file": "QQ==", "\\udfff": 1}',
    "a huge key": '{"base64_file": "QQ==", "%s": 1}' % ("k" * 1_000_000),
    "100,000 keys": json.dumps({f"key-{number}": 1 for number in range(100_000)}),
    "nesting in a field": '{"base64_file":' * 500 + "1" + "}" * 500,
    "a huge list": '{"base64_file": [%s1]}' % ("1," * 1_000_000),
    "a prototype": f'{{"base64_file": "{DOCUMENT}", "__proto__": {{"admin": true}}}}',
}


@pytest.mark.parametrize("body", WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_fields_made_to_break_a_reader_are_wrong_fields_and_the_answer_stays_small(stack, client, body):
    answer = client.post(PATH, body)
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")
    assert len(answer.text) < 5_000
    answer.text.encode("utf-8")
    assert jobs_of(stack) == []


@pytest.mark.parametrize(
    "text", ["=" * FIVE_MB, " " * FIVE_MB, "A" * (FIVE_MB + 3), "data:" + ";a" * 100_000, "é" * 10]
)
def test_documents_made_to_break_a_decoder_are_refused(stack, client, text):
    answer = client.post(PATH, {"base64_file": text})
    assert answer.status in (400, 413)
    assert jobs_of(stack) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "text/plain"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "multipart/mixed; boundary=x"),
        ("content-type", "application/json; charset=utf-16"),
        ("content-type", "application/jsonx"),
        ("content-encoding", "gzip"),
    ],
)
def test_a_body_declared_as_something_else_than_json_is_not_taken(client, name, value):
    answer = client.request("POST", PATH, {"base64_file": DOCUMENT}, {name: value})
    assert (answer.status, answer.json["error"]) == (415, "unsupported_content_type")


@pytest.mark.parametrize(
    "value", ["application/json; charset=UTF-8", "Application/JSON", 'application/json;charset="utf-8"', ""]
)
def test_json_is_taken_however_its_type_is_written(client, value):
    assert client.request("POST", PATH, {"base64_file": DOCUMENT}, {"content-type": value}).status == 202


@pytest.mark.parametrize("body", ["[" * 100_000, '{"base64_file": 7}', "x"])
def test_who_is_asking_is_asked_before_the_body_is_read(stack, body):
    assert HttpClient(lambda_handler, a_token()).post(PATH, body).status == 401
