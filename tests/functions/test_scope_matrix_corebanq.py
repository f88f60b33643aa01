"""Every route of Corebanq's dialect × every scope × own, foreign and unknown ids × tokens that are none.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import base64
import itertools
import re
from dataclasses import dataclass

import pytest

from api_invoices_v2.handler import api
from api_invoices_v2.operations import OPERATIONS
from paydraft.model.bank_account import Iban
from paydraft.model.credential import Scope, SubjectKind
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import Table
from tests.builders import (
    A_PDF,
    IBANS,
    NOW,
    a_counterparty,
    a_credential,
    a_document,
    a_job,
    a_place,
    a_token,
    an_account,
    an_id,
)
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Ids:
    """What a path or a body can name."""

    job: object
    upload: object
    invoice: object
    ours: object
    theirs: object


@dataclass(frozen=True)
class World:
    """A tenant with a job whose document is there, a written invoice, and two counterparties."""

    aws: object
    tenant_id: str

    def client(self, scopes, kind=SubjectKind.PERSON):
        token = a_token()
        fields = {"tenant_id": self.tenant_id, "scopes": scopes, "subject": "dora", "kind": kind}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), token)

    def ids(self):
        jobs, job = JobStore(self.aws["JobsTable"]), a_job(tenant_id=self.tenant_id, invoice_id=10**6)
        jobs.put_new(job)
        source = DocumentStore(self.aws["DocumentsBucket"]).put_new(a_place(job), A_PDF, a_document().media_type)
        jobs.begin(job.key, 1, source, owner="reader", now=NOW)
        jobs.record_document(job.key, 1, a_document(), now=NOW)
        ours, theirs = (self._party(iban) for iban in IBANS[:2])
        ids = Ids(job.job_id, job.upload_id, None, ours, theirs)
        made = self.client(tuple(Scope)).post("/v2/invoices", body_of("createInvoice", ids))
        return Ids(job.job_id, job.upload_id, made.json["id"], ours, theirs)

    def rows(self):
        """How many items the tenant has: what a refused request must not change."""
        items = Table(self.aws["JobsTable"]).query("#tenant_id = :tenant_id", tenant_id=self.tenant_id)
        return sorted(item["sk"]["S"] for item in items)

    def _party(self, iban):
        party = a_counterparty()
        CounterpartyStore(self.aws["CounterpartiesTable"]).add(
            self.tenant_id, party, [an_account(party, iban=Iban(iban))]
        )
        return party.counterparty_id


@pytest.fixture(scope="module")
def world(aws):
    return World(aws, f"cq-matrix-{next(_numbers)}")


@pytest.fixture(scope="module")
def ids(world):
    return world.ids()


def nobodys(ids):
    return Ids(an_id(), an_id(), an_id(), an_id(), an_id())


def body_of(name, ids):
    if name.startswith("submit"):
        return {"base64_file": base64.b64encode(A_PDF).decode()}
    return {
        "createInvoice": {
            "invoice_number": "INV-1",
            "source": {"counterparty_id": str(ids.ours)},
            "destination": {"counterparty_id": str(ids.theirs)},
            "amount": {"currency": "EUR"},
            "items": [{"title": "Widget", "quantity": 1, "price": "100"}],
        },
        "createUpload": {"file_name": "a.pdf", "content_type": "application/pdf", "content_length": 1000},
        "createUploadV1": {"file_name": "a.pdf", "content": base64.b64encode(A_PDF + b"1").decode()},
        "createCustomerUploadV1": {"file_name": "a.pdf", "content": base64.b64encode(A_PDF + b"2").decode()},
    }.get(name)


def ask(client, operation, ids, **headers):
    labels = {"{customer_id}": "c-1", "{file_type}": "invoice"}
    named = {"{id}": ids.job, "{upload_id}": ids.upload, "{invoice_id}": ids.invoice} | labels
    path = operation.path
    for name, value in named.items():
        path = path.replace(name, str(value))
    return client.request(operation.method, path, body_of(operation.name, ids), headers)


def expected(operation):
    return 202 if operation.name.startswith("poll") else operation.status  # the job is being read


def test_the_matrix_holds_every_route_of_the_api():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in (*api._static_routes, *api._dynamic_routes)
    }
    assert routes == {(one.method, one.path) for one in OPERATIONS}


def test_every_name_is_one_operations():
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(world, ids, operation, scope):
    before = world.rows()
    answer = ask(world.client((scope,)), operation, ids)
    if scope is operation.scope:
        assert answer.status == expected(operation)
        return
    assert (answer.status, answer.json["error"]) == (403, "scope_missing")
    assert answer.json["details"] == {"scope": str(operation.scope)}
    assert world.rows() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_all_scopes_but_its_own_are_not_enough(world, ids, operation):
    others = tuple(scope for scope in Scope if scope is not operation.scope)
    assert ask(world.client(others), operation, ids).status == 403


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_what_is_another_tenants_is_answered_byte_for_byte_as_what_never_was(aws, world, ids, operation):
    stranger = World(aws, f"{world.tenant_id}-stranger").client(tuple(Scope))
    foreign, missing = (ask(stranger, operation, one) for one in (ids, nobodys(ids)))
    names_something = re.search(r"{(upload_|invoice_)?id}", operation.path) or operation.name == "createInvoice"
    assert foreign.status == missing.status
    assert foreign.status in ({404, 422} if names_something else {operation.status})
    if names_something or operation.method == "GET":
        assert foreign.text == missing.text
        assert foreign.lasting_headers == missing.lasting_headers
        assert not [one for one in (ids.job, ids.upload, ids.invoice) if str(one) in foreign.text]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_service_may_do_all_of_it(world, ids, operation):
    """Approving alone needs a person, and nothing is approved here."""
    assert ask(world.client(tuple(Scope), SubjectKind.SERVICE), operation, ids).status == expected(operation)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.writes], ids=lambda one: one.name)
def test_a_change_is_made_once_however_often_it_is_sent_with_its_key(world, ids, operation):
    client = world.client(tuple(Scope))
    answers = [ask(client, operation, ids, **{"idempotency-key": operation.name}) for _ in range(3)]
    assert [answer.status for answer in answers] == [operation.status] * 3
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    assert len({answer.headers["location"] for answer in answers}) == 1


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer", "Bearer nonsense", "Bearer a, Bearer b"])
def test_without_a_good_token_no_route_answers(aws, world, ids, operation, header):
    headers = {} if header is None else {"authorization": header}
    before = world.rows()
    answer = ask(HttpClient(aws.guarded("ApiInvoicesV2Function")), operation, ids, **headers)
    assert (answer.status, answer.json["error"]) in {(401, "token_not_set"), (401, "token_invalid")}
    assert world.rows() == before
