"""The published descriptions of all API functions: complete, with true examples. Made from the operations themselves.

A function that is added is in it, and so is an operation.
"""

import importlib
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from infra.tools.openapi import PUBLISHED, SERVED, files, packed
from paydraft.model.errors import TransientError
from paydraft.model.request_errors import (
    MalformedBodyError,
    RateLimitedError,
    RouteNotFoundError,
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
    UnsupportedBodyError,
)
from paydraft.runtime.json_body import to_json
from paydraft.runtime.json_numbers import to_json_numbers
from tests.template_stack import template

FUNCTIONS = Path(__file__).parents[2] / "functions"
APIS = sorted(path.parent.name for path in FUNCTIONS.glob("api_*/operations.py"))
MODULES = {
    api: [importlib.import_module(f"{api}.{path.stem}") for path in sorted((FUNCTIONS / api).glob("*operations.py"))]
    for api in APIS
}
OPERATIONS = {api: [one for module in MODULES[api] for one in module.OPERATIONS] for api in APIS}
EVERY = [(api, one) for api in APIS for one in OPERATIONS[api]]
ANSWERS = {api: importlib.import_module(f"{api}.errors").ANSWERS for api in APIS}
DOCUMENTS = {api: json.loads((PUBLISHED / f"{api}.openapi.json").read_text(encoding="utf-8")) for api in APIS}
DESCRIBED = {
    (api, method.upper(), path): described
    for api, document in DOCUMENTS.items()
    for path, methods in document["paths"].items()
    for method, described in methods.items()
}
DOOR = (
    TokenNotSetError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenRevokedError,
    ScopeMissingError,
    RateLimitedError,
    TransientError,
)
OF_BODIES = (MalformedBodyError, UnsupportedBodyError)
# Refusals that are all about the single case: their bodies can't be shown without one.
SHOWN_BY_WORDS = {"transfer_state", "flags_not_cleared", "transfer_incomplete", "second_person_needed"}

each_operation = pytest.mark.parametrize(
    ("api", "operation"), EVERY, ids=[f"{api}-{operation.name}" for api, operation in EVERY]
)
each_api = pytest.mark.parametrize("api", APIS)


def described(api, operation):
    return DESCRIBED[api, operation.method, operation.path]


def valid(api, model, value):
    schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": DOCUMENTS[api]["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def printed(answer):
    return json.loads(to_json_numbers(answer.model_dump(by_alias=True, exclude_unset=True)))


@pytest.mark.parametrize("name", files())
def test_the_published_file_and_the_one_that_is_served_are_what_the_code_says(name):
    written = ((PUBLISHED, files()[name]), (SERVED, packed(files()[name])))
    for folder, text in written:
        assert (folder / name).read_text(encoding="utf-8") == text, "python -m infra.tools.openapi"


def test_every_api_function_is_described():
    assert {f"{api}.openapi.json" for api in APIS} == files().keys()
    assert len(EVERY) >= 79


def routes():
    """Function, method and path of every route of the template that has operations; some take any method."""
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            api = resource["Properties"].get("Handler", "").partition(".")[0]
            for event in resource["Properties"].get("Events", {}).values():
                if event["Type"] == "HttpApi" and api in APIS:
                    yield api, event["Properties"]["Method"].upper(), event["Properties"]["Path"]


def test_every_route_of_the_template_is_described_and_no_other():
    served = set(routes())
    for api, method, path in DESCRIBED:
        assert served & {(api, method, path), (api, "ANY", path)}, path
    paths = {(api, path) for api, _, path in DESCRIBED}
    assert all({(api, path), (api, f"/v1{path}")} & paths for api, _, path in served)  # one is served without /v1 too
    assert {one for one in served if one[1] != "ANY" and one not in DESCRIBED} == set()


@each_operation
def test_every_operation_has_true_examples(api, operation):
    assert (operation.example is None) == (operation.takes is None)
    assert (operation.shows is None) == (operation.answers is None)
    if operation.takes:
        operation.takes.model_validate(operation.example)
        valid(api, operation.takes, operation.example)
        assert described(api, operation)["requestBody"]["content"]["application/json"]["example"] == operation.example
    if operation.answers:
        valid(api, operation.answers, operation.shows)
        assert printed(operation.answers.model_validate(operation.shows)) == operation.shows
        told = described(api, operation)["responses"][str(operation.status)]
        assert told["content"]["application/json"]["example"] == operation.shows


@each_api
def test_no_example_is_of_a_route_that_is_gone(api):
    examples = importlib.import_module(f"{api}.examples")
    named = {*getattr(examples, "REQUESTS", ()), *getattr(examples, "ANSWERS", ())}
    assert named <= {one.name for one in OPERATIONS[api]}


@each_operation
def test_every_operation_names_its_scope_and_its_security(api, operation):
    (scheme,) = DOCUMENTS[api]["components"]["securitySchemes"]
    assert described(api, operation)["security"] == [{scheme: []}]
    assert described(api, operation)["x-scope"] == str(operation.scope)


@each_operation
def test_every_operation_names_all_its_refusals_under_their_status_and_shows_their_bodies(api, operation):
    responses = described(api, operation)["responses"]
    bodies = OF_BODIES if operation.takes or operation.form else ()
    lost = (RouteNotFoundError,) if "{" in operation.path else ()  # what stands in a path may fit no route
    for refusal in (*DOOR, *bodies, *lost, *operation.errors):
        told = responses[str(ANSWERS[api].status_of(refusal))]
        assert f"`{refusal.code}`: {refusal.text}" in told["description"]
        content = told["content"]["application/json"]
        if refusal.code not in SHOWN_BY_WORDS:
            assert content["examples"][refusal.code] == {"$ref": f"#/components/examples/{refusal.code}"}
            body = DOCUMENTS[api]["components"]["examples"][refusal.code]["value"]
            assert body == json.loads(to_json(ANSWERS[api].body(refusal(), ANSWERS[api].status_of(refusal))))
            Draft202012Validator(content["schema"] | {"components": DOCUMENTS[api]["components"]}).validate(body)
    assert all(one.get("content") for status, one in responses.items() if int(status) >= 400)


@each_operation
def test_every_operation_names_the_parameters_of_its_path_and_of_its_writing(api, operation):
    told = {(one["in"], one["name"]) for one in described(api, operation)["parameters"]}
    in_path = {("path", part.partition("}")[0]) for part in operation.path.split("{")[1:]}
    assert told >= in_path | {("query", name) for name in operation.query}
    if operation.method == "POST":
        assert ("header", "Idempotency-Key") in told
    if operation.writes:
        assert (("header", "If-Match") in told) == ("412" in described(api, operation)["responses"])


def test_every_description_is_of_the_host_that_serves_it():
    assert {json.dumps([one["url"] for one in document["servers"]]) for document in DOCUMENTS.values()} == {'["/"]'}


def test_no_two_operations_share_a_name_in_one_description():
    names = [(api, one["operationId"]) for (api, _, _), one in DESCRIBED.items()]
    assert len(set(names)) == len(names) == len(EVERY)


@each_api
def test_a_description_is_complete_in_itself(api):
    text = json.dumps(DOCUMENTS[api])
    for kind in ("schemas", "examples"):
        named = {part.split('"')[0] for part in text.split(f"#/components/{kind}/")[1:]}
        assert named
        assert named <= DOCUMENTS[api]["components"][kind].keys()
