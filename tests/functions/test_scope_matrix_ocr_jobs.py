"""Every route of Repzo's jobs × every scope × own, foreign and unknown ids × keys that are none.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import itertools
import re
from dataclasses import replace

import pytest

from api_ocr_jobs.handler import api
from api_ocr_jobs.operations import CREATE, DELETE, LIST, OPERATIONS, RESULTS
from paydraft.model.credential import Scope
from tests.builders import a_token
from tests.moto_stack import moto_stack
from tests.repzo import JOBS, RepzoTenant, an_input

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant(aws):
    return RepzoTenant(f"rz-matrix-{next(_numbers)}", aws)


def a_job_for(tenant, operation):
    """A job that the operation can be done to."""
    if operation is RESULTS:
        return tenant.completed().short_id
    return tenant.holder().ask("POST", JOBS, an_input()).json["data"]["_id"]


def ask(holder, operation, short_id, **headers):
    body = an_input(jobNumber=f"N-{next(_numbers)}") if operation.takes else None
    return holder.ask(operation.method, operation.path.replace("{job_id}", short_id), body, **headers)


def rows(tenant):
    answer = tenant.aws.client("dynamodb").query(
        TableName=tenant.aws["JobsTable"],
        KeyConditionExpression="tenant_id = :t",
        ExpressionAttributeValues={":t": {"S": tenant.name}},
    )
    return answer["Items"]


def named(operation):
    return operation.name


def test_the_matrix_holds_every_route_of_jobs():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in (*api._static_routes, *api._dynamic_routes)
    }
    of_jobs = {route for route in routes if re.fullmatch(rf"{JOBS}(/.*)?", route[1])}
    assert of_jobs == {(one.method, one.path) for one in OPERATIONS}
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_reading_takes_one_scope_and_changing_the_other(operation):
    assert operation.scope is (Scope.JOBS_WRITE if operation.writes else Scope.JOBS_READ)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(tenant, operation, scope):
    short_id = a_job_for(tenant, operation)
    before = rows(tenant)
    answer = ask(tenant.holder(scope), operation, short_id)
    if scope is operation.scope:
        assert answer.status == operation.status, answer.text
        return
    assert (answer.status, answer.json["success"]) == (403, False)
    assert str(operation.scope) in answer.json["message"]
    assert rows(tenant) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_foreign_id_is_answered_byte_for_byte_as_one_that_never_was(aws, tenant, operation):
    theirs = RepzoTenant(f"{tenant.name}-other", aws)
    short_id = a_job_for(theirs, operation)
    before = rows(theirs)
    holder = tenant.holder(*Scope)
    foreign, missing = (ask(holder, operation, one) for one in (short_id, "f" * 24))
    assert rows(theirs) == before
    assert short_id not in foreign.text
    if "{job_id}" in operation.path:
        assert (foreign.status, foreign.text) == (404, missing.text)
        assert foreign.lasting_headers == missing.lasting_headers
    elif operation is LIST:
        assert foreign.text == missing.text == '{"success":true,"data":[],"total":0}'
    else:
        assert operation is CREATE


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize(
    "headers",
    [{}, {"api-key": ""}, {"api-key": "nonsense"}, {"api-key": a_token()}, {"bearer": True}],
    ids=["none", "empty", "malformed", "unknown", "bearer"],
)
def test_without_a_good_key_no_route_answers(tenant, operation, headers):
    short_id = a_job_for(tenant, operation)
    holder = tenant.holder(*Scope)
    sent = {"authorization": f"Bearer {holder.key}"} if headers.get("bearer") else headers
    before = rows(tenant)
    body = an_input(jobNumber="N") if operation.takes else None
    path = operation.path.replace("{job_id}", short_id)
    content = {"content-type": "application/json"} if body else {}
    answer = holder.http.request(operation.method, path, body, sent | content)
    assert (answer.status, answer.json["success"]) == (401, False)
    assert rows(tenant) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_change_is_made_once_however_often_it_is_sent(tenant, operation):
    """POSTs by their Idempotency-Key; PUT and DELETE by their nature."""
    short_id = a_job_for(tenant, operation)
    holder = tenant.holder()
    path = operation.path.replace("{job_id}", short_id)
    body = an_input(jobNumber="once") if operation.takes else None
    answers = [holder.ask(operation.method, path, body, idempotency_key="once") for _ in range(3)]
    if operation is DELETE:
        assert [answer.status for answer in answers] == [200, 404, 404]
    else:
        assert {answer.status for answer in answers} == {operation.status}
    if operation.method == "POST":
        assert [one.headers.get("idempotent-replayed") for one in answers] == [None, "true", "true"]
        assert len({one.text for one in answers}) == 1
    assert len([row for row in rows(tenant) if row["sk"]["S"].startswith("SUM#")]) <= 2


def test_a_key_for_another_api_is_not_looked_at(tenant):
    """A program that sends both headers is let in by the one that this API names."""
    holder = tenant.holder()
    both = {"api-key": holder.key, "authorization": "Basic x"}
    assert replace(holder).http.request("GET", JOBS, None, both).status == 200
