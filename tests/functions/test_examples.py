"""What a description shows is what happens: each example of a POST is sent, and answered as the example of its answer.

Ids, moments, numbers drawn from counters, signatures and secrets are of the case; all else must be the same.
"""

import itertools
import json
import re

import pytest

from api_counterparties.operations import OPERATIONS as COUNTERPARTIES
from api_invoices_v1.operations import OPERATIONS as MAKERSHUB
from api_invoices_v2.operations import OPERATIONS as COREBANQ
from api_ocr_jobs.neighbour_operations import OPERATIONS as NEIGHBOURS
from api_ocr_jobs.operations import OPERATIONS as REPZO
from api_tokens.operations import OPERATIONS as TOKENS
from paydraft.model.credential import Scope, SubjectKind
from paydraft.stores.tokens import TokenStore
from tests.builders import a_credential, a_token
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

FUNCTIONS = {
    "ApiCounterpartiesFunction": COUNTERPARTIES,
    "ApiInvoicesV1Function": MAKERSHUB,
    "ApiInvoicesV2Function": COREBANQ,
    "ApiOcrJobsFunction": (*REPZO, *NEIGHBOURS),
    "ApiTokensFunction": TOKENS,
}
# Posts that need something on file first, by their own ids or a longer list: other tests send them.
NEED_OTHERS = {
    "createCounterpartyBankAccount",
    "createCounterpartyContact",
    "createCounterpartyAddress",
    "createInvoice",
    "importCounterparties",
    "rotateToken",
}
POSTS = [
    (function, one)
    for function, operations in FUNCTIONS.items()
    for one in operations
    if one.method == "POST" and one.example and one.name not in NEED_OTHERS
]
OF_THE_CASE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{24}\b|\d{4}-\d\d-\d\dT[\d:.]+Z|\bpd_\w+_\S{31,50}"
)
# A secret and its end; where and how a ticket's document is sent.
NAMES_OF_THE_CASE = {"token", "last_four", "url", "fields"}
CUSTOMER = "160c0c4b-9966-4dc1-a916-8407eb10d74e"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


def general(value):
    """The value without what is of the case."""
    if isinstance(value, dict):
        return {name: "…" if name in NAMES_OF_THE_CASE else general(part) for name, part in value.items()}
    if isinstance(value, list):
        return [general(part) for part in value]
    return OF_THE_CASE.sub("…", value) if isinstance(value, str) else value


@pytest.mark.parametrize(("function", "operation"), POSTS, ids=lambda one: getattr(one, "name", one))
def test_the_example_of_a_post_is_answered_as_the_example_of_its_answer(aws, function, operation):
    token = a_token()
    fields = {"tenant_id": f"shown-{next(_numbers)}", "subject": "alice", "kind": SubjectKind.PERSON}
    fields |= {"scopes": tuple(Scope), "entities": tuple(operation.example.get("entities", ()))}
    TokenStore(aws["CredentialsTable"], aws["JobsTable"]).add(a_credential(token, **fields))
    headers = {"content-type": "application/json"}
    headers |= {"api-key": token} if function == "ApiOcrJobsFunction" else {"authorization": f"Bearer {token}"}
    client = HttpClient(aws.guarded(function))
    path = operation.path.format(customer_id=CUSTOMER)
    answer = client.request("POST", path, json.dumps(operation.example), headers)
    assert answer.status == operation.status, answer.text
    assert general(answer.json) == general(json.loads(json.dumps(operation.shows)))
