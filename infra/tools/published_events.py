"""Writes `events/published/`: JSON Schema and example of each event, and the AsyncAPI file, from model/*events.py.

`python -m infra.tools.published_events` writes; a test compares, so that no contract changes by accident. The schemas
leave room for fields and codes to come (events/README.md, "What may change"): a consumer that validates keeps working.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from infra.tools.event_descriptions import DESCRIPTIONS, GROUP_DESCRIPTIONS
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import EncryptedDocumentError
from paydraft.model.events import JOB_COMPLETED, JOB_FAILED, JobEvent
from paydraft.model.group import Group
from paydraft.model.group_events import GROUP_COMPLETED, GroupEvent
from paydraft.model.ids import transfer_id_of, uuid7
from paydraft.model.job import Dialect, Job
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode

Schema = dict[str, Any]

PUBLISHED = Path(__file__).parents[2] / "events" / "published"
STAGE = "prod"  # of the examples
OPEN_VOCABULARIES = frozenset({"FlagCode", "NoDraft", "Dialect"})  # more values may come within v1

_OF_COMPLETED = ("match", "counterparty_id", "transfer_id", "flags", "no_draft")
_OF_FAILED = ("failure_code", "fault")


def files() -> dict[str, str]:
    """Every generated file of `events/published/`, by name."""
    return {
        "job_completed.v1.schema.json": _json(completed_schema()),
        "job_completed.v1.example.json": _json(example(_completed_job())),
        "job_failed.v1.schema.json": _json(failed_schema()),
        "job_failed.v1.example.json": _json(example(_failed_job())),
        "group_completed.v1.schema.json": _json(group_completed_schema()),
        "group_completed.v1.example.json": _json(_group_body()),
        "asyncapi.yaml": yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120),
    }


def completed_schema() -> Schema:
    """The contract of `paydraft.job.completed.v1`."""
    schema = _event_schema(JOB_COMPLETED, [Status.COMPLETED], without=_OF_FAILED)
    data = schema["properties"]["data"]
    data["properties"]["match"] |= {"type": "string", "enum": list(MatchKind)}
    data["required"].append("match")
    return schema


def failed_schema() -> Schema:
    """The contract of `paydraft.job.failed.v1`."""
    return _event_schema(JOB_FAILED, [Status.FAILED, Status.CANCELLED], without=_OF_COMPLETED)


def group_completed_schema() -> Schema:
    """The contract of `paydraft.group.completed.v1`."""
    schema = _envelope(GroupEvent.model_json_schema(), GROUP_COMPLETED, GROUP_DESCRIPTIONS)
    status = schema["properties"]["data"]["properties"]["status"]
    status["enum"] = [Status.COMPLETED, Status.FAILED]
    return schema


def _event_schema(event_type: str, statuses: list[Status], without: tuple[str, ...]) -> Schema:
    schema = _envelope(JobEvent.model_json_schema(), event_type, DESCRIPTIONS)
    data = schema["properties"]["data"]
    data["properties"]["status"] = {"enum": list(statuses), "description": DESCRIPTIONS["data.status"]}
    data["properties"] = {name: value for name, value in data["properties"].items() if name not in without}
    return schema


def _envelope(raw: Schema, event_type: str, descriptions: Mapping[str, str]) -> Schema:
    schema = _described(_opened(raw, raw["$defs"]), descriptions)
    always = [name for name in ("type", "specversion", "datacontenttype") if name not in schema["required"]]
    schema["required"] = [*schema["required"], *always]
    schema["properties"]["type"] = {"const": event_type, "description": descriptions["type"]}
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": event_type}
    return head | {"description": "CloudEvents 1.0, structured mode, JSON."} | schema


def _opened(schema: Schema, definitions: Schema) -> Schema:
    """`schema` without references, titles and defaults, and without a ban on fields that are not known yet."""
    if "$ref" in schema:
        return _resolved(schema["$ref"].rpartition("/")[2], definitions)
    if "anyOf" in schema:
        value, _null = schema["anyOf"]  # what is not known is left out when published, never null
        return _opened(value, definitions)
    plain = {key: value for key, value in schema.items() if key in ("type", "format", "const", "enum", "required")}
    if "items" in schema:
        plain["items"] = _opened(schema["items"], definitions)
    if "properties" in schema:
        plain["properties"] = {name: _opened(value, definitions) for name, value in schema["properties"].items()}
    return plain


def _resolved(name: str, definitions: Schema) -> Schema:
    if name in OPEN_VOCABULARIES:
        return {"type": "string", "examples": definitions[name]["enum"]}
    return _opened(definitions[name], definitions)


def _described(schema: Schema, descriptions: Mapping[str, str], path: str = "") -> Schema:
    """With what each field means; items of lists have none of their own."""
    made = dict(schema)
    if "properties" in schema:
        prefix = f"{path}." if path else ""
        fields = schema["properties"].items()
        made["properties"] = {name: _described(value, descriptions, prefix + name) for name, value in fields}
    return made | ({"description": descriptions[path]} if path in descriptions else {})


def asyncapi() -> Schema:
    """The topic and its messages, for tools that generate consumers."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "paydraft events",
            "version": "1.0.0",
            "description": "One event for each job that ends, and for each group when its last job has ended. "
            "Delivered at least once; see events/README.md.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "completion": {
                "address": "CompletionTopic",
                "description": "The SNS topic whose ARN is the stack's output CompletionTopicArn.",
                "messages": {
                    "jobCompleted": {"$ref": "#/components/messages/jobCompleted"},
                    "jobFailed": {"$ref": "#/components/messages/jobFailed"},
                    "groupCompleted": {"$ref": "#/components/messages/groupCompleted"},
                },
                "bindings": {"sns": {"name": "CompletionTopic", "bindingVersion": "1.0.0"}},
            }
        },
        "operations": {
            "endJob": _sending("jobCompleted", "jobFailed"),
            "endGroup": _sending("groupCompleted"),
        },
        "components": {
            "messages": {
                "jobCompleted": _job_message("job_completed", "A document was read to the end.", _completed_job()),
                "jobFailed": _job_message(
                    "job_failed", "A job ended without a result, or was cancelled.", _failed_job()
                ),
                "groupCompleted": _message(
                    "group_completed",
                    "All jobs of a group have ended.",
                    _group_body(),
                    _group_event().attributes(STAGE),
                    trait="groupAttributes",
                ),
            },
            "messageTraits": {
                "snsAttributes": {
                    "headers": _attributes_schema(JobEvent.of(_completed_job(), STAGE).attributes(STAGE))
                },
                "groupAttributes": {"headers": _attributes_schema(_group_event().attributes(STAGE))},
            },
        },
    }


def _sending(*messages: str) -> Schema:
    references = [{"$ref": f"#/channels/completion/messages/{message}"} for message in messages]
    return {"action": "send", "channel": {"$ref": "#/channels/completion"}, "messages": references}


def _job_message(file: str, summary: str, job: Job) -> Schema:
    return _message(file, summary, example(job), _attributes(job), trait="snsAttributes")


def _attributes(job: Job) -> Mapping[str, str]:
    return JobEvent.of(job, STAGE).attributes(STAGE)


def _message(file: str, summary: str, payload: Schema, attributes: Mapping[str, str], *, trait: str) -> Schema:
    headers = {name: str(value) for name, value in attributes.items()}
    return {
        "name": payload["type"],
        "summary": summary,
        "traits": [{"$ref": f"#/components/messageTraits/{trait}"}],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"./{file}.v1.schema.json"},
        },
        "examples": [{"headers": headers, "payload": payload}],
    }


def _attributes_schema(attributes: Mapping[str, str]) -> Schema:
    names = sorted(attributes)
    return {
        "type": "object",
        "description": "SNS message attributes, for filter policies.",
        "properties": {name: {"type": "string"} for name in names},
        "required": names,
    }


def example(job: Job) -> Schema:
    """The message body for `job`, as published."""
    return JobEvent.of(job, STAGE).model_dump(mode="json", exclude_none=True)


def _ended_job(status: Status, randomness: int) -> Job:
    created, ended = datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 30, 4, tzinfo=UTC)
    return Job(
        tenant_id="acme",
        job_id=uuid7(created, randomness),
        upload_id=uuid7(created, randomness + 1),
        invoice_id=42,
        dialect=Dialect.COREBANQ_V2,
        subject="mobile-app",
        status=status,
        updated_at=ended,
        completed_at=ended,
    )


def _completed_job() -> Job:
    job = _ended_job(Status.COMPLETED, randomness=0x2A5F1C3D7E9B8A6F4C21)
    match = MatchOutcome(
        kind=MatchKind.FOUND,
        counterparty_id=UUID("019a9f3c-5d00-7c1e-8a54-2f6b8d1e9c70"),
        account_id=UUID("019a9f3c-5d00-7d2f-9b65-3a7c9e2f0d81"),
    )
    found = {"match": match, "transfer_id": transfer_id_of(job.job_id), "flags": (FlagCode.DUE_DATE_PAST,)}
    return job.model_copy(update=found)


def _failed_job() -> Job:
    job = _ended_job(Status.FAILED, randomness=0x13579BDF02468ACE1234)
    return job.model_copy(update={"failure": EncryptedDocumentError().failure})


def _group_event() -> GroupEvent:
    made, ended = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 20, 9, 31, tzinfo=UTC)
    group = Group(
        group_id="60f7b1b3e4b0e8b3f8b3f8b5",
        name="November",
        template_id="auto",
        total=5,
        completed=4,
        failed=1,
        endings=5,
        created_at=made,
        updated_at=made,
        ended_at=ended,
    )
    return GroupEvent.of("acme", group, STAGE)


def _group_body() -> Schema:
    return _group_event().model_dump(mode="json", exclude_none=True)


def _json(value: Schema) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every file."""
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (PUBLISHED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
