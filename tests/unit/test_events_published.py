"""The published contract is what the code sends, and leaves room for what may come."""

import json

import pytest
import yaml
from jsonschema import Draft7Validator, ValidationError

from infra.tools.published_events import (
    PUBLISHED,
    asyncapi,
    completed_schema,
    example,
    failed_schema,
    files,
    group_completed_schema,
)
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import InternalError
from paydraft.model.events import JobEnded, JobEvent
from paydraft.model.group_events import GroupEnded, GroupEvent
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode, NoDraft
from tests.builders import NOW, a_group, a_job

SCHEMAS = {"job_completed": completed_schema, "job_failed": failed_schema}
ENDED = {
    "completed": a_job(
        status=Status.COMPLETED, completed_at=NOW, match=MatchOutcome(kind=MatchKind.NOT_FOUND), flags=tuple(FlagCode)
    ),
    "completed without a draft": a_job(
        status=Status.COMPLETED, match=MatchOutcome(kind=MatchKind.AMBIGUOUS), no_draft=NoDraft.CREDIT_NOTE
    ),
    "failed": a_job(status=Status.FAILED, failure=InternalError().failure),
    "cancelled": a_job(status=Status.CANCELLED, customer_id="branch-7"),
}


def schema_of(event):
    return completed_schema() if event["type"].endswith("completed.v1") else failed_schema()


def test_the_files_are_what_the_generator_writes():
    """After a change of model/events.py: python -m infra.tools.published_events, and read events/README.md."""
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in PUBLISHED.iterdir()}
    assert {name: text for name, text in on_disk.items() if not name.endswith("openapi.json")} == files()


@pytest.mark.parametrize("make", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_is_a_schema(make):
    Draft7Validator.check_schema(make())


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_example_fulfils_its_schema(name):
    body = json.loads((PUBLISHED / f"{name}.v1.example.json").read_text())
    Draft7Validator(SCHEMAS[name]()).validate(body)
    assert JobEvent.model_validate(body)


@pytest.mark.parametrize("job", ENDED.values(), ids=ENDED)
def test_whatever_a_job_ends_with_fulfils_the_schema(job):
    event = example(job)
    Draft7Validator(schema_of(event)).validate(event)


@pytest.mark.parametrize("job", ENDED.values(), ids=ENDED)
def test_a_consumer_that_validates_survives_a_new_field_and_a_new_code(job):
    event = example(job)
    event["traceparent"] = "00-…"
    event["data"] |= {"pages": 3, "flags": ["a_flag_to_come"], "no_draft": "to_come", "failure_code": "to_come"}
    Draft7Validator(schema_of(event)).validate(event)


@pytest.mark.parametrize(
    ("path", "value"),
    [("type", "paydraft.job.completed.v2"), ("specversion", "0.3"), ("data.status", "failed"), ("data.match", "maybe")],
)
def test_the_schema_refuses_what_v1_never_says(path, value):
    event = example(ENDED["completed"])
    parent, _, name = path.rpartition(".")
    (event[parent] if parent else event)[name] = value
    with pytest.raises(ValidationError):
        Draft7Validator(completed_schema()).validate(event)


def test_a_cancelled_job_is_told_as_failed_with_its_status_and_without_a_reason():
    event = example(ENDED["cancelled"])
    assert event["type"] == "paydraft.job.failed.v1"
    assert event["data"]["status"] == "cancelled"
    assert "failure_code" not in event["data"]


def test_every_field_is_described():
    for make in SCHEMAS.values():
        data = make()["properties"]["data"]["properties"]
        assert [name for name, field in data.items() if not field.get("description")] == []


def test_every_field_that_the_model_sends_is_in_a_schema():
    described = set().union(*(make()["properties"]["data"]["properties"] for make in SCHEMAS.values()))
    assert described == set(JobEnded.model_fields)


def test_the_asyncapi_file_points_only_to_what_exists():
    document = yaml.safe_load((PUBLISHED / "asyncapi.yaml").read_text())
    assert document == json.loads(json.dumps(asyncapi()))
    for reference in _references(document):
        if reference.startswith("#/"):
            target = document
            for part in reference[2:].split("/"):
                target = target[part]
        else:
            assert (PUBLISHED / reference).is_file()


def _references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _references(part)


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def group_event(**fields):
    group = a_group(
        **({"group_id": "f" * 24, "total": 3, "completed": 2, "failed": 1, "endings": 4, "ended_at": NOW} | fields)
    )
    return GroupEvent.of("acme", group, "local").model_dump(mode="json", exclude_none=True)


def test_the_example_of_a_group_fulfils_its_schema():
    Draft7Validator.check_schema(group_completed_schema())
    body = json.loads((PUBLISHED / "group_completed.v1.example.json").read_text())
    Draft7Validator(group_completed_schema()).validate(body)
    assert GroupEvent.model_validate(body)


@pytest.mark.parametrize("fields", [{}, {"completed": 0, "failed": 3}, {"total": 0, "completed": 0, "failed": 0}])
def test_however_a_group_ends_its_event_fulfils_the_schema_and_leaves_room(fields):
    event = group_event(**fields)
    Draft7Validator(group_completed_schema()).validate(event)
    event["data"]["pages"] = 9
    Draft7Validator(group_completed_schema()).validate(event)


def test_every_field_of_a_groups_event_is_described_and_required():
    data = group_completed_schema()["properties"]["data"]
    assert [name for name, field in data["properties"].items() if not field.get("description")] == []
    assert set(data["required"]) == set(GroupEnded.model_fields)


def test_the_event_of_a_group_has_the_id_of_its_endings():
    assert group_event()["id"] == group_event(completed=1)["id"] != group_event(endings=5)["id"]
