"""Repzo's templates and groups, compared field by field with what its documents name."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from api_ocr_jobs import group_schemas, neighbour_operations, template_schemas
from infra.tools.openapi import PUBLISHED

FACTS = json.loads((Path(__file__).parent / "facts" / "repzo_neighbours.json").read_text())
DOCUMENT = json.loads((PUBLISHED / "api_ocr_jobs.openapi.json").read_text())
OURS = {
    "template": {"_id", "createdAt", "updatedAt", "extractionRules.fields[].labels"},
    "group": {"_id", "createdAt", "updatedAt"},
}
OPEN = {"metadata"}


def resolved(schema):
    """Without references, and without null where a field may be left out."""
    if "$ref" in schema:
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        return resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]) | rest
    if "anyOf" in schema:
        values = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(values) == 1:
            rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
            return resolved(values[0]) | rest
    return schema


def leaves(schema, path="", required=True):
    """Every field that holds no others, by its path, with whether it must be there."""
    schema = resolved(schema)
    if path.rpartition(".")[2] in OPEN or not (schema.get("properties") or schema.get("items")):
        return {path: (schema, required)}
    if schema.get("items") and not resolved(schema["items"]).get("properties"):
        return {path: (schema, required)}
    if schema.get("items"):
        return leaves(schema["items"], f"{path}[]")
    found = {}
    for name, value in schema["properties"].items():
        inner = f"{path}.{name}".strip(".")
        found |= leaves(value, inner, name in schema.get("required", ()))
    return found


def schema_of(name):
    return DOCUMENT["components"]["schemas"][name]


def named(name):
    """The documented leaves; what only holds others is there if they are."""
    return {
        path: fact
        for path, fact in FACTS[name].items()
        if not any(other.startswith((f"{path}.", f"{path}[]")) for other in FACTS[name])
    }


@pytest.mark.parametrize(("name", "model"), [("template", "TemplateInput"), ("group", "GroupInput")])
def test_a_request_has_every_documented_field_and_no_other(name, model):
    assert leaves(schema_of(model)).keys() - OURS[name] == named(name).keys()


@pytest.mark.parametrize(
    ("name", "model"), [("template", "TemplateInput"), ("group", "GroupInput"), ("group_answer", "Group")]
)
def test_every_field_has_the_documented_type_range_words_and_default(name, model):
    told = leaves(schema_of(model))
    for path, fact in named(name).items():
        schema, is_required = told[path]
        same = {key: value for key, value in fact.items() if key != "required"}
        assert {key: schema.get(key) for key in same} == same, path
        assert is_required or not fact.get("required"), path


@pytest.mark.parametrize(("name", "model"), [("template", "TemplateInput"), ("group", "GroupInput")])
def test_the_documented_fields_and_no_others_are_required(name, model):
    required = {path for path, fact in FACTS[name].items() if fact.get("required")}
    assert set(schema_of(model)["required"]) == required


@pytest.mark.parametrize("kind", ["template", "group"])
def test_the_documented_operations_and_no_others_are_served(kind):
    served = {
        (one.method.lower(), one.path.replace(f"{{{kind}_id}}", "{id}"), one.status)
        for one in neighbour_operations.OPERATIONS
        if one.path.startswith(f"/ocr-invoice-job-{kind}")
    }
    assert served == {tuple(one) for one in FACTS["operations"][kind]}


@pytest.mark.parametrize("operation", neighbour_operations.OPERATIONS, ids=lambda one: one.name)
def test_an_answer_has_the_documented_envelope(operation):
    kind = "message" if operation.method == "DELETE" else "list" if "list" in operation.name else "one"
    assert list(operation.shows) == FACTS["envelopes"][kind]
    assert set(schema_of(operation.answers.__name__)["required"]) == set(FACTS["envelopes"][kind])


@pytest.mark.parametrize("operation", neighbour_operations.OPERATIONS, ids=lambda one: one.name)
def test_the_examples_that_the_file_shows_are_as_it_describes_them(operation):
    for model, example in ((operation.answers, operation.shows), (operation.takes, operation.example)):
        if model:
            schema = {"$ref": f"#/components/schemas/{model.__name__}", "components": DOCUMENT["components"]}
            Draft202012Validator(schema).validate(example)


def test_a_job_of_a_group_is_told_by_the_documented_fields():
    assert {field.alias or name for name, field in group_schemas.Member.model_fields.items()} == set(FACTS["member"])


def test_no_two_models_share_a_name_in_the_file():
    ours = [
        one.__name__
        for module in (group_schemas, template_schemas)
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    ]
    assert len(set(ours)) == len(ours)
