"""Every route × every kind of id × another tenant's token: status and body bytes are those of an id that nobody has.

Made from the routes themselves. A tenant has one of everything, made as a client makes it; a stranger asks for each by
each of its names, in every place of a path, in bodies and in parameters, and must not be able to tell it from nothing.
"""

import base64
import itertools
import re
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from api_counterparties.operations import OPERATIONS as COUNTERPARTIES
from api_invoices_v1.operations import OPERATIONS as MAKERSHUB
from api_invoices_v2.operations import OPERATIONS as COREBANQ
from api_ocr_jobs.neighbour_operations import OPERATIONS as NEIGHBOURS
from api_ocr_jobs.operations import OPERATIONS as REPZO_JOBS
from api_ocr_tasks.operations import OPERATIONS as MONITE
from api_tokens.operations import OPERATIONS as TOKENS
from api_transfers.operations import OPERATIONS as TRANSFERS
from paydraft.model.credential import Scope, SubjectKind
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.tokens import TokenStore
from tests.builders import A_PDF, IBANS, a_credential, a_token, an_id
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

pytestmark = pytest.mark.slow  # 1,200 calls under the template's permissions
REPZO = (*REPZO_JOBS, *NEIGHBOURS)
FUNCTIONS = {
    "ApiCounterpartiesFunction": COUNTERPARTIES,
    "ApiInvoicesV1Function": MAKERSHUB,
    "ApiInvoicesV2Function": COREBANQ,
    "ApiOcrJobsFunction": REPZO,
    "ApiOcrTasksFunction": MONITE,
    "ApiTokensFunction": TOKENS,
    "ApiTransfersFunction": TRANSFERS,
}
ROUTES = [(function, one) for function, operations in FUNCTIONS.items() for one in operations]
# A customer_id is a label that a client makes up; it names nothing of ours.
WITH_ID = [(function, one) for function, one in ROUTES if "{" in one.path and "{customer_id}" not in one.path]
DOCUMENT = base64.b64encode(A_PDF * 20).decode()
NOTE = {"note": "Looked into it, all is well."}
# What is sent where a route needs a body to come as far as the id; others bring their own example.
BODIES = {
    "editCounterparty": {"legal_name": "Changed"},
    "editCounterpartyBankAccount": {"bank": "Changed"},
    "editCounterpartyContact": {"value": "changed@muster.example"},
    "editCounterpartyAddress": {"city": "Changed"},
    "editTransfer": {"customer_id": "c-9"},
    "rejectTransfer": NOTE,
    "clearTransferFlag": NOTE,
    "rotateToken": {},
}
REPZO_JOB = {
    "documentUrl": "https://a.example/b.pdf",
    "documentName": "b.pdf",
    "documentType": "pdf",
    "jobNumber": "N-1",
    "template": "auto",
}
TEMPLATE = {"name": "t", "ocrEngine": "tesseract", "documentType": "invoice", "extractionRules": {"fields": []}}
MONITE_HEADERS = {"x-monite-version": "2024-05-25"}
_numbers = itertools.count(1)


@dataclass
class Client:
    """A tenant's credential at every function, with the headers that one of the dialects wants."""

    aws: object
    tenant: str
    token: str = field(default_factory=a_token)

    def __post_init__(self):
        fields = {"tenant_id": self.tenant, "kind": SubjectKind.PERSON, "scopes": tuple(Scope), "token_id": an_id()}
        store = TokenStore(self.aws["CredentialsTable"], self.aws["JobsTable"])
        store.add(a_credential(self.token, **fields))

    def ask(self, function, method, path, body=None):
        headers = {"api-key": self.token} if function == "ApiOcrJobsFunction" else {}
        headers |= MONITE_HEADERS if function == "ApiOcrTasksFunction" else {}
        if body is not None:
            headers["content-type"] = "application/json"
        return HttpClient(self.aws.guarded(function), self.token).request(method, path, body, headers)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def ours(aws):
    """The ids of one of everything, by kind."""
    tenant = f"ours-{next(_numbers)}"
    client = Client(aws, tenant)
    counterparties = "/v1/counterparties"

    def made(function, path, body, status=(200, 201, 202)):
        answer = client.ask(function, "POST", path, body)
        assert answer.status in status, answer.text
        return answer.json

    payee = made("ApiCounterpartiesFunction", counterparties, {"legal_name": "Muster GmbH"})["id"]
    own = made("ApiCounterpartiesFunction", counterparties, {"legal_name": "We", "own": True})["id"]
    part = {"counterparty_id": payee}
    account = made("ApiCounterpartiesFunction", f"{counterparties}/bank-accounts", part | {"iban": IBANS[0]})
    mail = part | {"type": "email", "value": "a@muster.example"}
    job = UUID(made("ApiInvoicesV2Function", "/v2/invoices/ocr", {"base64_file": DOCUMENT})["job_id"])
    row = JobStore(aws["JobsTable"]).get(JobLists(aws["JobsTable"]).by_short_id(tenant, job.hex[:24]))
    draft = Tenant(tenant, aws).draft(row)
    selectors = {"source": {"counterparty_id": own}, "destination": {"counterparty_id": payee}}
    written = an_example(COREBANQ, "/v2/invoices") | selectors
    return {
        "counterparty": payee,
        "account": account["id"],
        "contact": made("ApiCounterpartiesFunction", f"{counterparties}/contacts", mail)["id"],
        "address": made("ApiCounterpartiesFunction", f"{counterparties}/addresses", part | {"city": "Bonn"})["id"],
        "job": str(job),
        "upload": str(row.upload_id),
        "transfer": str(draft.transfer_id),
        "written": made("ApiInvoicesV2Function", "/v2/invoices", written)["id"],
        "token": made("ApiTokensFunction", "/v1/tokens", {"subject": "app"})["id"],
        "short": made("ApiOcrJobsFunction", "/ocr-invoice-job", REPZO_JOB)["data"]["_id"],
        "template": made("ApiOcrJobsFunction", "/ocr-invoice-job-template", TEMPLATE)["data"]["_id"],
        "group": made("ApiOcrJobsFunction", "/ocr-invoice-job-group", {"name": "g", "template": "auto"})["data"]["_id"],
        "number": str(row.invoice_id),
    }


def an_example(operations, path):
    return dict(next(one.example for one in operations if (one.method, one.path) == ("POST", path)))


@pytest.fixture(scope="module")
def stranger(aws):
    return Client(aws, f"stranger-{next(_numbers)}")


def nobodys(an_example):
    """An id of the same form that nobody has."""
    if an_example.isdecimal() and len(an_example) < 13:
        return "9" * len(an_example)
    if re.fullmatch("[0-9a-f]{24}", an_example):
        return an_id().hex[:24]
    return str(an_id())


def paths(operation, one):
    """The route's path with the id in each of its places; the others hold what anybody may write there."""
    places = re.findall(r"\{(\w+)\}", operation.path)
    for place in places:
        parts = {name: "invoice" if name == "file_type" else nobodys(one) for name in places} | {place: one}
        yield operation.path.format(**parts)


def same(answer):
    return answer.status, answer.text, answer.lasting_headers


@pytest.mark.parametrize(("function", "operation"), WITH_ID, ids=lambda one: getattr(one, "name", one))
def test_a_strangers_id_is_answered_as_one_that_nobody_has(stranger, ours, function, operation):
    body = BODIES.get(operation.name, operation.example)
    for kind, one in ours.items():
        none = nobodys(one)
        for theirs, empty in zip(paths(operation, one), paths(operation, none), strict=True):
            answers = [stranger.ask(function, operation.method, path, body) for path in (theirs, empty)]
            assert same(answers[0]) == same(answers[1]), f"{operation.name}, {kind}"
            assert answers[0].status < 500


_PARTS = "/v1/counterparties"
IN_BODIES = [
    ("ApiCounterpartiesFunction", f"{_PARTS}/bank-accounts", {"counterparty_id": "?", "iban": IBANS[1]}),
    ("ApiCounterpartiesFunction", f"{_PARTS}/contacts", {"counterparty_id": "?", "type": "other", "value": "x"}),
    ("ApiCounterpartiesFunction", f"{_PARTS}/addresses", {"counterparty_id": "?", "city": "Bonn"}),
    ("ApiTransfersFunction", "/v2/transfers/export", {"transfer_ids": ["?"]}),
    ("ApiOcrJobsFunction", "/ocr-invoice-job", REPZO_JOB | {"template": "?"}),
    ("ApiOcrJobsFunction", "/ocr-invoice-job", REPZO_JOB | {"group": "?"}),
    ("ApiOcrJobsFunction", "/ocr-invoice-job-group", {"name": "g", "template": "?"}),
]
IN_QUERIES = [
    ("ApiTransfersFunction", "/v2/transfers?job_id=?"),
    ("ApiTransfersFunction", "/v2/transfers?counterparty_id=?"),
    ("ApiCounterpartiesFunction", "/v1/counterparties/bank-accounts?search.counterparty_id=?"),
    ("ApiCounterpartiesFunction", "/v1/counterparties/bank-accounts?search.id=?"),
    ("ApiOcrTasksFunction", "/v1/ocr_tasks?id__in=?"),
    ("ApiOcrJobsFunction", '/ocr-invoice-job?filter={"group":"?"}'),
]


def filled(value, one):
    if isinstance(value, dict):
        return {name: filled(part, one) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, one) for part in value]
    return one if value == "?" else value


@pytest.mark.parametrize(("function", "path", "body"), IN_BODIES)
def test_a_strangers_id_in_a_body_is_answered_as_one_that_nobody_has(stranger, ours, function, path, body):
    for kind, one in ours.items():
        none = nobodys(one)
        told = [(stranger.ask(function, "POST", path, filled(body, each)), each) for each in (one, none)]
        seen = [(answer.status, answer.text.replace(f'"{each}"', "?")) for answer, each in told]  # some repeat it
        assert seen[0] == seen[1], kind
        assert seen[0][0] >= 400, kind


@pytest.mark.parametrize(("function", "path"), IN_QUERIES)
def test_a_strangers_id_in_a_query_finds_what_one_finds_that_nobody_has(stranger, ours, function, path):
    before, _, after = path.rpartition("?")
    for kind, one in ours.items():
        told = [stranger.ask(function, "GET", f"{before}{each}{after}") for each in (one, nobodys(one))]
        assert (told[0].status, told[0].text) == (told[1].status, told[1].text), kind


def test_every_route_was_asked_for_every_kind(ours, tell):
    asked = sum(len(re.findall(r"\{\w+\}", one.path)) for _, one in WITH_ID) * len(ours)
    tell(f"{asked} ids of another tenant in {len(WITH_ID)} routes, {len(ours)} kinds: all answered as nobody's")
    assert asked >= 500
