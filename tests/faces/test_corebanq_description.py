"""The published description of Corebanq's dialect, beside what is held of every dialect's (test_descriptions.py)."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api_invoices_v2.upload_wire import wire
from infra.tools.openapi import PUBLISHED
from paydraft.model.upload import Upload
from paydraft.runtime.json_body import to_json
from tests.builders import NOW, a_document, a_job, an_object

DOCUMENT = json.loads((PUBLISHED / "api_invoices_v2.openapi.json").read_text(encoding="utf-8"))
BY_NAME = {one["operationId"]: one for path in DOCUMENT["paths"].values() for one in path.values()}


def valid(name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def test_a_polled_job_answers_in_one_shape_under_four_statuses():
    responses = BY_NAME["pollInvoiceOcrV2"]["responses"]
    assert responses.keys() >= {"200", "202", "304", "404", "422", "500"}
    assert responses["202"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/JobResponseV2"}}
    }
    either = responses["500"]["content"]["application/json"]["schema"]["anyOf"]
    assert [one["$ref"].rpartition("/")[2] for one in either] == ["JobResponseV2", "ErrorBody"]


def test_a_document_may_come_as_json_or_as_a_form():
    content = BY_NAME["submitInvoiceOcrV2"]["requestBody"]["content"]
    assert content.keys() == {"application/json", "multipart/form-data"}
    form = content["multipart/form-data"]["schema"]
    assert (form["required"], list(form["properties"])) == (["file"], ["file", "customer_id"])


@pytest.mark.parametrize("attached_at", [None, NOW])
@pytest.mark.parametrize("is_read", [True, False])
def test_an_upload_is_as_described(attached_at, is_read):
    job = a_job()
    known = {"document": a_document(), "original": an_object(job), "document_name": "a.pdf"} if is_read else {}
    valid("Upload", json.loads(to_json(wire(Upload(job=job.model_copy(update=known), attached_at=attached_at)))))
