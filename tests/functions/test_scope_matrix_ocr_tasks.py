"""Every route of Monite's tasks × every scope × own, foreign and unknown ids × tokens that are none, by both paths.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import itertools
import re

import pytest

from api_ocr_tasks.handler import api
from api_ocr_tasks.operations import CREATE, LIST, OPERATIONS, READ, UPLOAD, both
from paydraft.model.credential import Scope
from paydraft.model.job import Dialect
from paydraft.model.status import Status
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import A_PDF, a_credential, a_job, a_token, an_id, an_invoice
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

ROUTES = [one for operation in OPERATIONS for one in both(operation)]
VERSION = {"x-monite-version": "2024-05-25"}
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + A_PDF + b"\r\n--x--\r\n",
    {"content-type": "multipart/form-data; boundary=x"},
)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


class Tenant:
    """A tenant with one completed job."""

    def __init__(self, aws, name):
        self.aws, self.name = aws, name
        job = a_job(tenant_id=name, dialect=Dialect.MONITE, status=Status.COMPLETED, invoice_id=900_000)
        JobStore(aws["JobsTable"]).put_new(job)
        ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, 1, an_invoice())
        self.task_id = str(job.job_id)

    def client(self, *scopes):
        token = a_token()
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, tenant_id=self.name, scopes=scopes))
        return HttpClient(self.aws.guarded("ApiOcrTasksFunction"), token, seconds_left=3)

    def rows(self):
        answer = self.aws.client("dynamodb").query(
            TableName=self.aws["JobsTable"],
            KeyConditionExpression="tenant_id = :t",
            ExpressionAttributeValues={":t": {"S": self.name}},
        )
        return answer["Items"]


@pytest.fixture
def tenant(aws):
    return Tenant(aws, f"tasks-matrix-{next(_numbers)}")


def ask(client, operation, task_id, **headers):
    body, kind = FORM if operation.path.endswith("upload_from_file") else (None, {})
    if operation.takes:
        body = {"file_url": f"https://files.example.com/{next(_numbers)}.pdf"}
    path = operation.path.replace("{task_id}", task_id)
    return client.request(operation.method, path, body, VERSION | kind | headers)


def named(operation):
    return operation.name


def test_the_matrix_holds_every_route_of_the_api():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in (*api._static_routes, *api._dynamic_routes)
    }
    assert routes == {(one.method, one.path) for one in ROUTES}
    assert len({one.name for one in ROUTES}) == len(ROUTES) == 8


@pytest.mark.parametrize("operation", ROUTES, ids=named)
def test_reading_takes_one_scope_and_changing_the_other(operation):
    assert operation.scope is (Scope.JOBS_WRITE if operation.writes else Scope.JOBS_READ)


@pytest.mark.parametrize("operation", ROUTES, ids=named)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(tenant, operation, scope):
    before = tenant.rows()
    answer = ask(tenant.client(scope), operation, tenant.task_id)
    if scope is operation.scope:
        assert answer.status == operation.status, answer.text
        return
    assert (answer.status, list(answer.json)) == (403, ["error"])
    assert str(operation.scope) in answer.headers["www-authenticate"]
    assert tenant.rows() == before


@pytest.mark.parametrize("operation", ROUTES, ids=named)
def test_all_scopes_but_its_own_are_not_enough(tenant, operation):
    others = tuple(scope for scope in Scope if scope is not operation.scope)
    assert ask(tenant.client(*others), operation, tenant.task_id).status == 403


@pytest.mark.parametrize("operation", both(READ), ids=named)
def test_a_foreign_task_is_answered_byte_for_byte_as_one_that_never_was(tenant, aws, operation):
    theirs = Tenant(aws, f"{tenant.name}-other")
    before = theirs.rows()
    client = tenant.client(*Scope)
    foreign, missing = (ask(client, operation, one) for one in (theirs.task_id, str(an_id())))
    assert (foreign.status, foreign.text) == (missing.status, missing.text)
    assert foreign.lasting_headers == missing.lasting_headers
    assert foreign.status == 404
    assert theirs.rows() == before
    assert ask(client, operation, tenant.task_id).status == 200


@pytest.mark.parametrize("operation", both(LIST), ids=named)
def test_a_list_holds_the_tenants_own_tasks_alone(tenant, aws, operation):
    theirs = Tenant(aws, f"{tenant.name}-other")
    client = tenant.client(*Scope)
    assert [one["id"] for one in ask(client, operation, "").json["data"]] == [tenant.task_id]
    asked = client.request("GET", f"{operation.path}?id__in={theirs.task_id}&id__in={tenant.task_id}", headers=VERSION)
    assert [one["id"] for one in asked.json["data"]] == [tenant.task_id]


@pytest.mark.parametrize("operation", [*both(CREATE), *both(UPLOAD)], ids=named)
def test_a_change_is_done_once_however_often_it_is_sent(tenant, operation):
    client = tenant.client(*Scope)
    body = {"file_url": "https://files.example.com/same.pdf"} if operation.takes else FORM[0]
    headers = VERSION | ({} if operation.takes else FORM[1]) | {"idempotency-key": "once"}
    answers = [client.request("POST", operation.path, body, headers) for _ in range(3)]
    assert [answer.status for answer in answers] == [202] * 3
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    jobs = [row for row in tenant.rows() if row["sk"]["S"].startswith("JOB#")]
    assert len(jobs) == 2


@pytest.mark.parametrize("operation", ROUTES, ids=named)
@pytest.mark.parametrize(
    ("header", "text"),
    [
        (None, "Bearer token is not set."),
        ("", "Bearer token is not set."),
        ("Basic x", "Bearer token is not set."),
        ("Bearer", "Bearer token is not set."),
        ("Bearer nonsense", "Token is invalid."),
        ("Bearer a, Bearer b", "Bearer token is not set."),
    ],
)
def test_without_a_good_token_no_route_answers(aws, operation, header, text):
    headers = {} if header is None else {"authorization": header}
    answer = ask(HttpClient(aws.guarded("ApiOcrTasksFunction")), operation, str(an_id()), **headers)
    assert (answer.status, answer.json) == (401, {"error": {"message": text}})


@pytest.mark.parametrize("operation", ROUTES, ids=named)
def test_a_token_that_nobody_was_given_and_one_that_was_taken_back_are_told_apart(tenant, operation):
    unknown = HttpClient(tenant.aws.guarded("ApiOcrTasksFunction"), a_token())
    assert ask(unknown, operation, str(an_id())).json == {"error": {"message": "Token not found."}}
    token = a_token()
    credential = a_credential(token, tenant_id=tenant.name)
    CredentialStore(tenant.aws["CredentialsTable"]).add(
        credential.model_copy(update={"revoked_at": credential.created_at})
    )
    revoked = HttpClient(tenant.aws.guarded("ApiOcrTasksFunction"), token)
    assert ask(revoked, operation, tenant.task_id).json == {"error": {"message": "Token is revoked."}}
