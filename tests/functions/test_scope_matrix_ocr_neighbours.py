"""Every route of Repzo's templates and groups × every scope × own, foreign and unknown ids × keys that are none.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import itertools
import re

import pytest

from api_ocr_jobs.handler import api
from api_ocr_jobs.neighbour_operations import CREATE_GROUP, CREATE_TEMPLATE, OPERATIONS
from paydraft.model.credential import Scope
from tests.builders import a_token
from tests.moto_stack import moto_stack
from tests.repzo import RepzoTenant

pytestmark = pytest.mark.slow  # some hundred calls under the template's permissions

NEIGHBOURS = r"/ocr-invoice-job-(template|group)(/.*)?"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant(aws):
    return RepzoTenant(f"rz-neighbours-{next(_numbers)}", aws)


def is_of_groups(operation):
    return "group" in operation.path


def body_of(operation):
    if operation.takes is None:
        return None
    return {**(CREATE_GROUP if is_of_groups(operation) else CREATE_TEMPLATE).example}


def a_thing_for(tenant, operation):
    """The id of a template or group that the operation can be done to."""
    create = CREATE_GROUP if is_of_groups(operation) else CREATE_TEMPLATE
    return tenant.holder(*Scope).ask("POST", create.path, body_of(create)).json["data"]["_id"]


def ask(holder, operation, thing_id):
    return holder.ask(operation.method, re.sub(r"\{\w+\}", thing_id, operation.path), body_of(operation))


def rows(tenant):
    answer = tenant.aws.client("dynamodb").query(
        TableName=tenant.aws["JobsTable"],
        KeyConditionExpression="tenant_id = :t",
        ExpressionAttributeValues={":t": {"S": tenant.name}},
    )
    return answer["Items"]


def named(operation):
    return operation.name


def test_the_matrix_holds_every_route_of_templates_and_groups():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in (*api._static_routes, *api._dynamic_routes)
    }
    ours = {route for route in routes if re.fullmatch(NEIGHBOURS, route[1])}
    assert ours == {(one.method, one.path) for one in OPERATIONS}
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(tenant, operation, scope):
    assert operation.scope is (Scope.JOBS_WRITE if operation.writes else Scope.JOBS_READ)
    thing_id = a_thing_for(tenant, operation)
    before = rows(tenant)
    answer = ask(tenant.holder(scope), operation, thing_id)
    if scope is operation.scope:
        assert answer.status == operation.status, answer.text
        return
    assert (answer.status, answer.json["success"]) == (403, False)
    assert str(operation.scope) in answer.json["message"]
    assert rows(tenant) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_foreign_id_is_answered_byte_for_byte_as_one_that_never_was(aws, tenant, operation):
    theirs = RepzoTenant(f"{tenant.name}-other", aws)
    thing_id = a_thing_for(theirs, operation)
    before = rows(theirs)
    holder = tenant.holder(*Scope)
    foreign, missing = (ask(holder, operation, one) for one in (thing_id, "f" * 24))
    assert rows(theirs) == before
    assert thing_id not in foreign.text
    if "{" in operation.path:
        assert (foreign.status, foreign.text) == (404, missing.text)
        assert foreign.lasting_headers == missing.lasting_headers
    elif not operation.writes:
        assert foreign.text == missing.text == '{"success":true,"data":[],"total":0}'


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize(
    "headers",
    [{}, {"api-key": ""}, {"api-key": "nonsense"}, {"api-key": a_token()}, {"bearer": True}],
    ids=["none", "empty", "malformed", "unknown", "bearer"],
)
def test_without_a_good_key_no_route_answers(tenant, operation, headers):
    thing_id = a_thing_for(tenant, operation)
    holder = tenant.holder(*Scope)
    sent = {"authorization": f"Bearer {holder.key}"} if headers.get("bearer") else headers
    before = rows(tenant)
    body = body_of(operation)
    content = {"content-type": "application/json"} if body else {}
    path = re.sub(r"\{\w+\}", thing_id, operation.path)
    answer = holder.http.request(operation.method, path, body, sent | content)
    assert (answer.status, answer.json["success"]) == (401, False)
    assert rows(tenant) == before
