"""OpenAPI 3.1 files of API functions, made from their operations (runtime/operations.py) and wire models.

`python -m infra.tools.openapi` writes `events/published/<function>.openapi.json` and the copies that `/docs` serves;
tests compare, so that no contract changes by accident.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api_counterparties import errors as counterparties_errors
from api_counterparties.operations import OPERATIONS as COUNTERPARTIES
from api_invoices_v1 import errors as invoices_v1_errors
from api_invoices_v1 import schemas as invoices_v1_schemas
from api_invoices_v1.operations import OPERATIONS as INVOICES_V1
from api_invoices_v2 import errors as invoices_v2_errors
from api_invoices_v2.operations import OPERATIONS as INVOICES_V2
from api_ocr_jobs import errors as ocr_jobs_errors
from api_ocr_jobs import schemas as ocr_jobs_schemas
from api_ocr_jobs.neighbour_operations import OPERATIONS as OCR_JOB_NEIGHBOURS
from api_ocr_jobs.operations import OPERATIONS as OCR_JOBS
from api_ocr_tasks import errors as ocr_tasks_errors
from api_ocr_tasks import schemas as ocr_tasks_schemas
from api_ocr_tasks.operations import OPERATIONS as OCR_TASKS
from api_tokens import errors as tokens_errors
from api_tokens.operations import OPERATIONS as TOKENS
from api_transfers import errors as transfers_errors
from api_transfers.operations import OPERATIONS as TRANSFERS
from infra.tools.openapi_habits import by_api_key, with_details
from infra.tools.openapi_headers import HEADERS, SAID
from infra.tools.openapi_refusals import bodies, our_fault, refusals
from paydraft.runtime.corebanq import ErrorBody
from paydraft.runtime.http import ErrorAnswers
from paydraft.runtime.operations import Operation

Schema = dict[str, Any]

PUBLISHED = Path(__file__).parents[2] / "events" / "published"
SERVED = Path(__file__).parents[2] / "functions" / "api_docs" / "openapi"  # a function holds what it serves
_REF = "#/components/schemas/{model}"
_NOT_THAT_VERSION = 412
_OURS = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One API function, as its description tells of it."""

    function: str
    title: str
    description: str
    operations: Sequence[Operation]
    answers: ErrorAnswers
    error: type[BaseModel] = ErrorBody
    habit: Callable[[Schema], Schema] = lambda made: made  # what its dialect does otherwise


_PARTS = (
    Part(
        "api_counterparties",
        "paydraft counterparties",
        "Who can be paid: bank accounts, contacts, addresses, and supplier lists. "
        "Offset pages may repeat or skip entries while others write.",
        COUNTERPARTIES,
        counterparties_errors.ANSWERS,
    ),
    Part(
        "api_invoices_v1",
        "paydraft, MakersHub's dialect",
        "An invoice's file in, and by its integer what was read of it.",
        INVOICES_V1,
        invoices_v1_errors.ANSWERS,
        invoices_v1_schemas.ErrorBody,
    ),
    Part(
        "api_ocr_jobs",
        "paydraft, Repzo's dialect",
        "Jobs are made of an address, started, and read when they have ended; templates say where values stand, groups "
        "how many run at once. Offset pages may repeat or skip jobs while others write. "
        "Beyond 10,000 jobs use GET /v1/ocr_tasks.",
        (*OCR_JOBS, *OCR_JOB_NEIGHBOURS),
        ocr_jobs_errors.ANSWERS,
        ocr_jobs_schemas.ErrorBody,
        by_api_key,
    ),
    Part(
        "api_ocr_tasks",
        "paydraft, Monite's dialect",
        "OCR tasks are made of an address or a file, listed page by page, and read. "
        "Each path is served without /v1 as well.",
        OCR_TASKS,
        ocr_tasks_errors.ANSWERS,
        ocr_tasks_schemas.ErrorBody,
        partial(with_details, ocr_tasks_schemas.ValidationBody),
    ),
    Part(
        "api_tokens",
        "paydraft tokens",
        "An administrator of a tenant makes, lists, revokes and rotates its tokens. A secret is shown once.",
        TOKENS,
        tokens_errors.ANSWERS,
    ),
    Part(
        "api_invoices_v2",
        "paydraft, Corebanq's dialect",
        "Documents in, jobs out: what was read, whom to pay, a draft transfer. Uploads, and invoices by hand.",
        INVOICES_V2,
        invoices_v2_errors.ANSWERS,
    ),
    Part(
        "api_transfers",
        "paydraft transfers",
        "Drafts are edited, checked by a second person, approved, exported. No money moves here.",
        TRANSFERS,
        transfers_errors.ANSWERS,
    ),
)


def files() -> dict[str, str]:
    """Every generated file, by name."""
    return {
        f"{one.function}.openapi.json": _text(
            one.habit(document(one.title, one.description, one.operations, one.answers, one.error))
        )
        for one in _PARTS
    }


def document(
    title: str, description: str, operations: Sequence[Operation], answers: ErrorAnswers, error: type[BaseModel]
) -> Schema:
    """The description of some operations that answer errors in one envelope."""
    paths: Schema = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, answers, error)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "2", "description": description},
        "servers": [{"url": "/", "description": "The host that serves this description"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations, error),
            "examples": bodies(operations, answers),
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, answers: ErrorAnswers, error: type[BaseModel]) -> Schema:
    made: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{"bearerAuth": []}],
        "x-scope": str(operation.scope),
        "parameters": list(_parameters(operation, answers)),
        "responses": _responses(operation, answers, error),
    }
    content: Schema = {}
    if operation.takes:
        content["application/json"] = _body(operation.takes, operation.example)
    if operation.form:
        content["multipart/form-data"] = {"schema": _form(operation)}
    if content:
        made["requestBody"] = {"required": operation.body_required, "content": content}
    return made


def _responses(operation: Operation, answers: ErrorAnswers, error: type[BaseModel]) -> Schema:
    """By status. A status that a refusal has as well as an answer may come in either shape."""
    made: Schema = {str(operation.status): _answer(operation), **refusals(operation, answers, error)}
    if operation.can_wait:
        made["304"] = {"description": "Nothing has changed since the ETag in If-None-Match"}
    for status, why in operation.also.items():
        told = _answer(operation, example=False) | {"description": why}
        refused = made.get(str(status)) or (our_fault(error) if status >= _OURS else None)
        if refused:
            kinds = [one["content"]["application/json"]["schema"] for one in (told, refused)]
            content = refused["content"]["application/json"] | {"schema": {"anyOf": kinds}}
            told["content"] = {"application/json": content}
            told["description"] = f"{why}\n{refused['description']}"
        made[str(status)] = told
    return dict(sorted(made.items()))


def _body(model: type[BaseModel], example: Mapping[str, Any] | None) -> Schema:
    made: Schema = {"schema": {"$ref": _REF.format(model=model.__name__)}}
    return made | ({"example": dict(example)} if example else {})


def _form(operation: Operation) -> Schema:
    required = [name for name, schema in operation.form.items() if schema.get("format") == "binary"]
    return {"type": "object", "properties": {**operation.form}, "required": required, "additionalProperties": False}


def _parameters(operation: Operation, answers: ErrorAnswers) -> Iterable[Schema]:
    for name in re.findall(r"\{(\w+)\}", operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name, schema in operation.query.items():
        yield {"name": name, "in": "query", "required": False, "schema": dict(schema)}
    for name, parameter in operation.headers.items():
        yield {"name": name, "in": "header", **parameter}
    if operation.writes:
        yield _header("Idempotency-Key", "Makes repetitions of this request one; kept for 24 hours")
        if any(answers.status_of(one) == _NOT_THAT_VERSION for one in operation.errors):
            yield _header("If-Match", "The ETag that the decision rests on")
    if operation.can_wait:
        yield _header("Prefer", "wait=N: hold the answer for up to N seconds (20 at most), until it changes")
        yield _header("If-None-Match", "An ETag that was answered before; 304 while it is the present one")


def _header(name: str, description: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}


def _answer(operation: Operation, *, example: bool = True) -> Schema:
    said = {name: SAID[name] for name in operation.says}
    made: Schema = {"description": operation.summary, "headers": HEADERS | said}
    if operation.answers:
        made["content"] = {operation.media_type: _body(operation.answers, operation.shows if example else None)}
    elif operation.media_type != "application/json":
        kinds = (operation.media_type, *operation.more_media_types)
        made["content"] = {kind: {"schema": {"type": "string"}} for kind in kinds}
    return made


def _schemas(operations: Sequence[Operation], error: type[BaseModel]) -> Schema:
    taken = [(one.takes, "validation") for one in operations if one.takes]
    answered = [(one.answers, "serialization") for one in operations if one.answers]
    models: Any = dict.fromkeys([*taken, *answered, (error, "serialization")])
    _, definitions = models_json_schema(list(models), ref_template=_REF)
    made: Schema = definitions["$defs"]
    return made


def _text(value: Schema) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files, and the copies that api_docs serves."""
    for name, text in files().items():
        (PUBLISHED / name).write_text(text, encoding="utf-8")
        (SERVED / name).write_text(packed(text), encoding="utf-8")


def packed(text: str) -> str:
    """A file as it is served: the same on one line, since only machines read it there."""
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
