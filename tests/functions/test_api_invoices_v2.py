"""Corebanq's routes over the stack in moto: what a client sends, what it gets, and what is stored."""

import base64
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from botocore.awsrequest import AWSResponse

from api_invoices_v2.handler import lambda_handler
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.credential import Scope
from paydraft.model.document import IncomingKey, Lane
from paydraft.model.errors import EncryptedDocumentError, EngineError
from paydraft.model.job import Dialect, JobKey
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.model.status import Status
from paydraft.model.transfer import NO_DRAFT_TEXT, NoDraft
from paydraft.runtime.settings import ApiSettings
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.items import item_of
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import (
    A_PDF,
    IBANS,
    a_counterparty,
    a_credential,
    a_job,
    a_token,
    an_account,
    an_id,
    an_invoice,
)
from tests.http_client import HttpClient, http_event
from tests.moto_stack import MotoStack, moto_stack

V1, V2 = "/v1/invoices/ocr", "/v2/invoices/ocr"
DOCUMENT = base64.b64encode(A_PDF).decode()
_numbers = itertools.count(1)
CUSTOMER = "160c0c4b-9966-4dc1-a916-8407eb10d74e"


@pytest.fixture(scope="module")
def aws():
    """One stack for all tests here: each has a tenant of its own."""
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Tenant:
    """A tenant, with all that a test wants to see of it."""

    name: str
    aws: MotoStack

    @property
    def jobs(self):
        return JobStore(self.aws["JobsTable"], self.aws["TransientTable"])

    def client(self, **fields):
        token = a_token()
        credential = a_credential(token, tenant_id=self.name, **fields)
        CredentialStore(self.aws["CredentialsTable"]).add(credential)
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), token)

    def job(self, **fields):
        job = a_job(tenant_id=self.name, **fields)
        self.jobs.put_new(job)
        return job

    def completed_job(self, **fields):
        defaults = {"status": Status.COMPLETED, "match": MatchOutcome(kind=MatchKind.NOT_FOUND), "transfer_id": an_id()}
        job = self.job(**(defaults | fields))
        ResultStore(self.aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, an_invoice())
        return job

    def job_of(self, answer):
        return self.jobs.get(JobKey(tenant_id=self.name, job_id=UUID(answer.json["job_id"])))

    def open_jobs(self):
        return [key for key in self.jobs.open_jobs(due_before=None) if key.tenant_id == self.name]


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def client(acme):
    return acme.client()


@pytest.fixture
def no_stack(monkeypatch):
    """An environment whose every resource is out of reach: a call that needs one fails."""
    for name, field in ApiSettings.model_fields.items():
        if field.is_required():
            monkeypatch.setenv(name.upper(), "none")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


# ── POST ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_document_becomes_a_queued_job_and_the_answer_tells_where_to_ask(acme, client):
    answer = client.post(V2, {"base64_file": DOCUMENT, "customer_id": CUSTOMER})
    job = acme.job_of(answer)
    assert answer.status == 202
    assert answer.json == {"job_id": str(job.job_id), "status": 202, "upload_id": str(job.upload_id)}
    assert answer.headers["location"] == f"/v2/invoices/ocr/{job.job_id}"
    assert int(answer.headers["retry-after"]) > 0
    assert (job.status, job.dialect, job.subject) == (Status.QUEUED, Dialect.COREBANQ_V2, "alice")
    assert job.customer_id == CUSTOMER


def test_the_document_is_stored_where_its_event_starts_the_work(acme, client):
    job = acme.job_of(client.post(V2, {"base64_file": DOCUMENT}))
    place = IncomingKey(lane=Lane.STANDARD, tenant_id=acme.name, job_id=job.job_id, attempt=1)
    documents = DocumentStore(acme.aws["DocumentsBucket"])
    assert documents.read(documents.find(str(place)), limit=1_000) == A_PDF


def test_v1_answers_in_its_own_shape_and_place(acme, client):
    answer = client.post(V1, {"base64_file": DOCUMENT})
    assert answer.status == 202
    assert list(answer.json) == ["job_id", "status", "message"]
    assert answer.headers["location"] == f"/v1/invoices/ocr/{answer.json['job_id']}"
    assert acme.job_of(answer).dialect is Dialect.COREBANQ_V1


def test_the_tenant_comes_from_the_token_alone(acme):
    globex = Tenant("globex", acme.aws)
    answer = globex.client().post(V2, {"base64_file": DOCUMENT}, x_tenant_id=acme.name)
    assert acme.job_of(answer) is None
    assert globex.job_of(answer).tenant_id == "globex"


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT,
        f"data:application/pdf;base64,{DOCUMENT}",
        f"data:image/jpeg;name=a.jpg;base64,{DOCUMENT}",
        f"DATA:;BASE64,{DOCUMENT}",
        "\r\n".join(DOCUMENT[i : i + 76] for i in range(0, len(DOCUMENT), 76)) + "\n",
        " \t".join(DOCUMENT),
    ],
)
def test_base64_is_taken_as_encoders_and_browsers_write_it(acme, client, text):
    assert client.post(V2, {"base64_file": text}).status == 202


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", 400, "empty_document"),
        ("data:application/pdf;base64,", 400, "empty_document"),
        ("QUJD", 400, "empty_document"),
        ("no base64!", 400, "invalid_base64"),
        (DOCUMENT.rstrip("=")[:-1] + "é", 400, "invalid_base64"),
        (base64.b64encode(A_PDF + b"1").decode().rstrip("="), 400, "invalid_base64"),
        (base64.urlsafe_b64encode(b"\xff\xfe" * 20).decode(), 400, "invalid_base64"),
        ("data:application/pdf," + DOCUMENT, 400, "invalid_base64"),
        (base64.b64encode(b"just a letter to a friend").decode(), 415, "unsupported_media"),
        (base64.b64encode(b"<html><script>alert(1)</script></html>").decode(), 415, "unsupported_media"),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing_behind(acme, client, text, status, code):
    answer = client.post(V2, {"base64_file": text})
    assert (answer.status, answer.json["error"]) == (status, code)
    assert acme.open_jobs() == []


def test_four_mebibytes_are_taken_and_one_byte_more_is_sent_to_the_uploads(acme, client):
    largest = A_PDF + bytes(MAX_INLINE_BYTES - len(A_PDF))
    assert client.post(V2, {"base64_file": base64.b64encode(largest).decode()}).status == 202
    answer = client.post(V2, {"base64_file": base64.b64encode(largest + b"\0").decode()})
    assert (answer.status, answer.json["error"]) == (413, "inline_document_too_large")
    assert "POST /v2/uploads" in answer.json["message"]
    assert answer.json["details"]["max_bytes"] == MAX_INLINE_BYTES


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "base64_file"),
        ({"base64_file": None}, "base64_file"),
        ({"base64_file": 7}, "base64_file"),
        ({"base64_file": [DOCUMENT]}, "base64_file"),
        ({"base64_file": DOCUMENT, "status": 200}, "status"),
        ({"base64_file": DOCUMENT, "tenant_id": "globex"}, "tenant_id"),
        ({"base64_file": DOCUMENT, "customer_id": ""}, "customer_id"),
        ({"base64_file": DOCUMENT, "customer_id": "two words"}, "customer_id"),
        ({"base64_file": DOCUMENT, "customer_id": "x" * 65}, "customer_id"),
        ({"base64_file": DOCUMENT, "customer_id": 7}, "customer_id"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not_repeated(acme, client, body, field):
    answer = client.post(V2, body)
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")
    assert [problem["loc"] for problem in answer.json["details"]["fields"]] == [["body", field]]
    assert DOCUMENT not in answer.text
    assert "globex" not in answer.text


def test_v1_knows_no_customer(acme, client):
    answer = client.post(V1, {"base64_file": DOCUMENT, "customer_id": CUSTOMER})
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")


@pytest.mark.parametrize("label", [CUSTOMER, CUSTOMER.upper(), "c-42", None])
def test_a_customer_is_a_label_kept_as_it_was_sent(acme, client, label):
    assert acme.job_of(client.post(V2, {"base64_file": DOCUMENT, "customer_id": label})).customer_id == label


def test_a_body_that_the_gateway_encoded_is_read(acme, client):
    answer = client.post(V2, json.dumps({"base64_file": DOCUMENT}).encode())
    assert answer.status == 202


# ── Idempotency ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Idempotency-Key"])
@pytest.mark.parametrize("path", [V1, V2])
def test_the_same_request_with_the_same_key_gets_the_same_answer_and_makes_nothing(acme, client, path, header):
    first, second = (client.post(path, {"base64_file": DOCUMENT}, **{header: "key-1"}) for _ in range(2))
    assert (first.status, first.text, first.headers["location"]) == (
        second.status,
        second.text,
        second.headers["location"],
    )
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert len(acme.open_jobs()) == 1


def test_a_replay_says_the_same_when_the_job_has_ended_meanwhile(acme, client):
    first = client.post(V2, {"base64_file": DOCUMENT}, idempotency_key="key-1")
    job = acme.job_of(first)
    done = job.model_copy(update={"status": Status.COMPLETED, "transfer_id": an_id()})
    overwrite(acme.aws, done)
    assert client.post(V2, {"base64_file": DOCUMENT}, idempotency_key="key-1").text == first.text


def test_line_breaks_in_base64_do_not_make_another_request(acme, client):
    client.post(V2, {"base64_file": DOCUMENT}, idempotency_key="key-1")
    answer = client.post(V2, {"base64_file": "\n".join(DOCUMENT)}, idempotency_key="key-1")
    assert answer.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    "other", [{"base64_file": base64.b64encode(A_PDF + b"x").decode()}, {"base64_file": DOCUMENT, "customer_id": "c"}]
)
def test_the_same_key_with_another_request_is_refused(acme, client, other):
    client.post(V2, {"base64_file": DOCUMENT}, idempotency_key="key-1")
    answer = client.post(V2, other, idempotency_key="key-1")
    assert (answer.status, answer.json["error"]) == (422, "idempotency_conflict")
    assert len(acme.open_jobs()) == 1


def test_two_headers_that_agree_are_one_key_and_two_that_differ_are_a_mistake(acme, client):
    body = {"base64_file": DOCUMENT}
    assert client.post(V2, body, idempotency_key="k", x_idempotency_key="k").status == 202
    answer = client.post(V2, body, idempotency_key="k", x_idempotency_key="other")
    assert (answer.status, answer.json["error"]) == (400, "invalid_idempotency_key")


@pytest.mark.parametrize("key", ["", "   ", "x" * 256, "ключ", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(acme, client, key):
    answer = client.post(V2, {"base64_file": DOCUMENT}, idempotency_key=key)
    assert (answer.status, answer.json["error"]) == (400, "invalid_idempotency_key")


def test_without_a_key_the_same_bytes_are_another_job(acme, client):
    first, second = (client.post(V2, {"base64_file": DOCUMENT}) for _ in range(2))
    assert first.json["job_id"] != second.json["job_id"]


# ── GET ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [Status.CREATED, Status.QUEUED, Status.PROCESSING])
def test_a_job_that_has_not_ended_answers_202_with_a_tag_and_when_to_come_back(acme, client, status):
    job = acme.job(status=status)
    answer = client.get(f"{V2}/{job.job_id}")
    assert answer.status == answer.json["status"] == 202
    assert set(answer.json) == {"job_id", "status", "upload_id", "message"}
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["etag"].startswith('"')


def test_a_completed_job_answers_200_with_payee_and_draft(acme, client):
    party = a_counterparty()
    account = an_account(party)
    CounterpartyStore(acme.aws["CounterpartiesTable"]).add(acme.name, party, [account])
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id, account_id=account.account_id)
    job = acme.completed_job(match=match)
    answer = client.get(f"{V2}/{job.job_id}")
    assert answer.status == answer.json["status"] == 200
    assert answer.json["counterparty_match"] == answer.json["recipient_match"] == "found"
    assert answer.json["cp_account_id"] == str(account.account_id)
    assert answer.json["transfer_id"] == answer.json["transaction_id"] == str(job.transfer_id)
    assert answer.json["result"]["total"] == "1190.00"
    assert answer.json["recipient"]["legal_name"] == party.legal_name
    assert answer.json["recipient"]["iban"] == IBANS[0]
    assert "retry-after" not in answer.headers


def test_a_payee_deleted_since_leaves_its_ids_and_what_the_page_says(acme, client):
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=an_id(), account_id=an_id())
    job = acme.completed_job(match=match)
    answer = client.get(f"{V2}/{job.job_id}")
    assert answer.status == 200
    assert answer.json["counterparty_id"] == str(match.counterparty_id)
    assert answer.json["recipient"]["id"] is None


def test_a_completed_job_without_a_draft_says_why(acme, client):
    job = acme.completed_job(transfer_id=None, no_draft=NoDraft.CREDIT_NOTE)
    answer = client.get(f"{V2}/{job.job_id}")
    assert answer.json["message"] == NO_DRAFT_TEXT[NoDraft.CREDIT_NOTE]
    assert answer.json["transfer_id"] is None


@pytest.mark.parametrize(("error", "status"), [(EncryptedDocumentError, 422), (EngineError, 500)])
@pytest.mark.parametrize("path", [V1, V2])
def test_a_failed_job_answers_in_the_same_typed_body(acme, client, path, error, status):
    job = acme.job(status=Status.FAILED, failure=error().failure)
    answer = client.get(f"{path}/{job.job_id}")
    assert answer.status == answer.json["status"] == status
    assert answer.json["job_id"] == str(job.job_id)
    assert answer.json["message"] == error.text
    assert "etag" not in answer.headers


def test_a_job_of_one_version_is_readable_through_the_other(acme, client):
    job = acme.completed_job(dialect=Dialect.MONITE)
    assert client.get(f"{V1}/{job.job_id}").json["result"] == client.get(f"{V2}/{job.job_id}").json["result"]


def test_ids_that_exist_elsewhere_were_cancelled_or_are_no_ids_answer_all_the_same(acme, client):
    foreign = Tenant("globex", acme.aws).job()
    cancelled = acme.job(status=Status.CANCELLED)
    odd = ["nothing", "%00", "..", f"{{{cancelled.job_id}}}", cancelled.job_id.hex, f"urn:uuid:{an_id()}", "1" * 4000]
    answers = [client.get(f"{V2}/{job_id}") for job_id in (an_id(), foreign.job_id, cancelled.job_id, *odd)]
    assert {(answer.status, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].json["error"] == "job_not_found"


def test_an_id_may_be_written_in_capitals(acme, client):
    job = acme.job()
    assert client.get(f"{V2}/{str(job.job_id).upper()}").status == 202


def test_a_completed_job_whose_result_is_gone_is_our_fault(acme, client, capsys):
    job = acme.job(status=Status.COMPLETED)
    answer = client.get(f"{V2}/{job.job_id}")
    assert (answer.status, answer.json["error"]) == (500, "internal_error")


# ── Who is asking ─────────────────────────────────────────────────────────────────────────────────────────────────────

CALLS = [("POST", V1), ("POST", V2), ("GET", f"{V1}/{an_id()}"), ("GET", f"{V2}/{an_id()}")]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "ApiKey x", "Bearer a, Bearer b", "bearer,"]
)
def test_no_bearer_token_is_the_first_cause(acme, method, path, header):
    answer = HttpClient(lambda_handler).request(
        method, path, headers={} if header is None else {"Authorization": header}
    )
    assert (answer.status, answer.json["error"], answer.json["message"]) == (
        401,
        "token_not_set",
        "Bearer token is not set.",
    )
    assert answer.headers["www-authenticate"] == 'Bearer realm="paydraft"'


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("token", ["x", a_token()[:-1] + "!", a_token()[:-1], a_token() + "0", "pd_local_" + "0" * 49])
def test_a_token_of_another_form_is_invalid_and_no_table_is_asked(no_stack, method, path, token):
    answer = HttpClient(lambda_handler, token).request(method, path)
    assert (answer.status, answer.json["error"]) == (401, "token_invalid")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_token_nobody_was_given_is_not_found(acme, method, path):
    answer = HttpClient(lambda_handler, a_token()).request(method, path)
    assert (answer.status, answer.json["error"], answer.json["message"]) == (
        401,
        "token_not_found",
        "Token not found.",
    )


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_revoked_token_is_told_so(acme, method, path):
    answer = acme.client(revoked_at=datetime.now(UTC)).request(method, path)
    assert (answer.status, answer.json["error"], answer.json["message"]) == (
        401,
        "token_revoked",
        "Token is revoked.",
    )


def test_a_revocation_holds_from_the_next_request_on(acme, client):
    path = f"{V2}/{an_id()}"
    assert client.get(path).status == 404
    credentials = CredentialStore(acme.aws["CredentialsTable"])
    token_hash = a_credential(client.token).token_hash
    credentials.revoke(token_hash, at=datetime.now(UTC))
    assert client.get(path).json["error"] == "token_revoked"


def test_an_expired_token_is_invalid(acme):
    past, future = (datetime.now(UTC) + timedelta(minutes=sign) for sign in (-1, 1))
    assert acme.client(expires_at=past).get(f"{V2}/{an_id()}").json["error"] == "token_invalid"
    assert acme.client(expires_at=future).get(f"{V2}/{an_id()}").status == 404


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_token_without_the_scope_is_told_which_one(acme, method, path):
    needed = Scope.JOBS_WRITE if method == "POST" else Scope.JOBS_READ
    others = tuple(scope for scope in Scope if scope is not needed)
    answer = acme.client(scopes=others).request(method, path)
    assert (answer.status, answer.json["error"]) == (403, "scope_missing")
    assert answer.json["details"] == {"scope": needed}
    assert f'scope="{needed}"' in answer.headers["www-authenticate"]


def test_the_scheme_may_be_written_in_any_case(acme, client):
    answer = HttpClient(lambda_handler).get(f"{V2}/{an_id()}", authorization=f"bearer  {client.token}")
    assert answer.status == 404


# ── What every answer has ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_method_and_a_wrong_path_are_told_apart_in_the_envelope(acme, client):
    wrong_method = client.request("DELETE", f"{V2}/{an_id()}")
    assert (wrong_method.status, wrong_method.json["error"]) == (405, "method_not_allowed")
    assert wrong_method.headers["allow"] == "GET"
    assert "POST" in client.request("PUT", V2).headers["allow"]
    wrong_path = client.get("/v3/invoices/ocr")
    assert (wrong_path.status, wrong_path.json["error"]) == (404, "not_found")


def test_the_request_id_is_in_the_header_and_never_in_a_body(acme, client):
    answer = client.get(f"{V2}/{an_id()}", x_request_id="my-request.42")
    assert answer.headers["x-request-id"] == "my-request.42"
    assert "my-request.42" not in answer.text
    assert client.get(f"{V2}/{an_id()}").headers["x-request-id"] == "gateway-request-1"


@pytest.mark.parametrize("sent", ["two words", "x" * 129, "a\r\nSet-Cookie: b", "<script>", ""])
def test_a_request_id_that_could_do_harm_is_replaced(acme, client, sent):
    assert client.get(f"{V2}/{an_id()}", x_request_id=sent).headers["x-request-id"] == "gateway-request-1"


def test_no_answer_is_to_be_kept_by_a_cache(acme, client):
    job = acme.job()
    answers = [client.get(f"{V2}/{job.job_id}"), client.get("/nowhere"), HttpClient(lambda_handler).get(V2)]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


def test_a_fault_nobody_foresaw_is_a_500_in_the_envelope_and_says_nothing_of_the_cause(monkeypatch, capsys):
    monkeypatch.delenv("JOBS_TABLE", raising=False)
    answer = HttpClient(lambda_handler, a_token()).get(f"{V2}/{an_id()}")
    assert (answer.status, answer.json["error"], answer.json["details"]) == (500, "internal_error", {})
    assert "jobs_table" not in answer.text
    assert "jobs_table" in capsys.readouterr().out


def test_an_event_that_is_no_request_is_answered_too(capsys):
    answer = lambda_handler({"Records": []}, None)
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["error"] == "internal_error"


def test_a_table_that_does_not_answer_is_a_503_with_a_time_to_come_back(acme, client, capsys):
    events = acme.aws.client("dynamodb").meta.events
    throttled = {"message": "slow", "__type": "ThrottlingException"}
    events.register_first("before-send.dynamodb.GetItem", throttle := lambda **_: a_raw_answer(400, throttled))
    try:
        answer = client.get(f"{V2}/{an_id()}")
    finally:
        events.unregister("before-send.dynamodb.GetItem", throttle)
    assert (answer.status, answer.json["error"]) == (503, "transient_error")
    assert answer.headers["retry-after"]


def a_raw_answer(status, body):
    class Raw:
        def stream(self, **_):
            yield json.dumps(body).encode()

    return AWSResponse("http://dynamodb", status, {"content-type": "application/x-amz-json-1.0"}, Raw())


def test_a_log_holds_no_token_no_document_and_no_iban(acme, client, capsys):
    client.post(V2, {"base64_file": DOCUMENT, "customer_id": CUSTOMER}, idempotency_key="secret-key")
    job = acme.completed_job()
    client.get(f"{V2}/{job.job_id}")
    lines = capsys.readouterr().out
    assert '"message":"document accepted"' in lines
    for secret in (client.token, client.token[12:40], DOCUMENT[:40], IBANS[0], "Muster", "secret-key", CUSTOMER):
        assert secret not in lines


def overwrite(aws, job):
    item = item_of({"tenant_id": job.tenant_id, "sk": f"JOB#{job.job_id}"}) | item_of(job)
    aws.client("dynamodb").put_item(TableName=aws["JobsTable"], Item=item)


def test_the_event_of_the_tests_is_the_one_of_the_gateway():
    event = http_event("GET", V2, headers={"Accept": "*/*"})
    assert event["version"] == "2.0"
    assert event["headers"] == {"accept": "*/*"}
