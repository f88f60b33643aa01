"""Repzo's answers, compared field by field with what its documents name.

`PAYDRAFT_SOURCES=<folder of the original documents>` compares the copy of the facts with the original as well.
"""

import json
import os
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api_ocr_jobs import operations, schemas, translate
from api_ocr_jobs.errors import ANSWERS
from api_ocr_jobs.handler import DELETED
from infra.tools.openapi import PUBLISHED
from paydraft.model.errors import EncryptedDocumentError, EngineError, JobNumberTakenError, TooManyJobsError
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Address, Invoice, LineItem, Party
from paydraft.model.job import Priority
from paydraft.model.request_errors import (
    InvalidFieldsError,
    JobNotFoundError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
)
from paydraft.model.status import Fault, Status
from paydraft.model.transfer import FlagCode, NoDraft
from paydraft.runtime.json_body import parse
from paydraft.runtime.json_numbers import to_json_numbers
from tests.builders import NOW, a_document, a_job, after, an_evidence, an_id, an_invoice

FACTS = json.loads((Path(__file__).parent / "facts" / "repzo.json").read_text())
DOCUMENT = json.loads((PUBLISHED / "api_ocr_jobs.openapi.json").read_text())
KINDS = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}
READERS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}


def a_full_invoice(**fields):
    line = LineItem(description="Widget", quantity=Decimal(10), unit_price=Decimal("100.00"), net=Decimal("1000.00"))
    defaults = {
        "language": "de",
        "seller": Party(
            name="Muster GmbH",
            vat_number="DE123456789",
            address=Address(street="Hauptstraße 1", postal_code="53111", city="Bonn", country="DE"),
        ),
        "buyer": Party(name="Acme SARL", address=Address(lines=("1 rue X", "Paris"))),
        "line_items": (line,),
        "findings": (Finding(code="f", severity=Severity.INFO, message="Look.", field="seller.name"),),
    }
    return an_invoice(**(defaults | fields))


def a_full_job(**fields):
    defaults = {
        "status": Status.COMPLETED,
        "job_number": "N-1",
        "document_name": "invoice.pdf",
        "source_url": "https://example.com/invoice.pdf",
        "declared_type": "pdf",
        "template_id": "60f7b1b3e4b0e8b3f8b3f8b4",
        "group_id": "60f7b1b3e4b0e8b3f8b3f8b5",
        "created_by": "alice",
        "metadata": '{"a":1.10}',
        "document": a_document(),
        "started_at": NOW,
        "completed_at": after(seconds=4.5),
        "flags": (FlagCode.NEW_COUNTERPARTY,),
        "extracted_attempt": 1,
    }
    return a_job(**(defaults | fields))


def on_the_wire(value):
    return json.loads(to_json_numbers(value))


def compare(wire, facts, path=""):
    """That every value on the wire is documented, and of its kind; the documented names that are not there."""
    if isinstance(facts, list):
        return {name for one in wire for name in compare(one, facts[0], f"{path}[]")}
    if isinstance(facts, dict):
        assert wire.keys() <= facts.keys(), path
        missing = {f"{path}.{name}".strip(".") for name in facts.keys() - wire.keys()}
        inner = (compare(wire[name], facts[name], f"{path}.{name}") for name in wire)
        return missing.union(*inner)
    if facts == "open":
        assert isinstance(wire, dict)
    elif facts in READERS:
        READERS[facts](wire)
    else:
        assert isinstance(wire, KINDS[facts]), path
        assert facts == "boolean" or not isinstance(wire, bool), path
    return set()


def valid(name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(value)


def test_a_completed_job_has_every_documented_field_of_its_kind_and_no_other():
    failed = on_the_wire(translate.job(a_full_job(status=Status.FAILED, failure=EngineError().failure), None))
    wire = on_the_wire(translate.job(a_full_job(), a_full_invoice())) | {"errorLog": failed["errorLog"]}
    assert compare(wire, FACTS["job"]) == set(FACTS["never_known_here"])


@pytest.mark.parametrize("row", FACTS["statuses"], ids=lambda row: f"{row['status']}-{row['fault']}")
def test_a_job_of_another_dialect_is_answered_in_every_state(row):
    errors = {None: None, "document": EncryptedDocumentError().failure, "service": EngineError().failure}
    job = a_job(status=Status(row["status"]), failure=errors[row["fault"]])
    wire = on_the_wire(translate.job(job, None))
    compare(wire, FACTS["job"])
    valid("Job", wire)
    assert wire["status"] == row["word"]
    assert (wire["jobNumber"], wire["template"], wire["documentName"]) == (str(job.job_id), "auto", "document")
    assert ("errorLog" in wire) == (row["word"] == "failed")
    assert wire["_id"] == job.job_id.hex[:24]


def test_the_status_table_is_the_contracts():
    told = {(Status(r["status"]), Fault(r["fault"]) if r["fault"] else None): r["word"] for r in FACTS["statuses"]}
    assert told == translate.STATUSES


def test_results_hold_the_documented_four():
    wire = on_the_wire(translate.results(a_full_job(), a_full_invoice()))
    assert list(wire) == FACTS["results"]
    compare(wire, {name: FACTS["job"][name] for name in FACTS["results"]})
    valid("Results", wire)
    assert wire["processingTime"] == 4.5


def test_envelopes_are_the_documented_ones():
    assert list(schemas.JobAnswer.model_fields) == FACTS["envelopes"]["one"]
    assert list(schemas.ResultsAnswer.model_fields) == FACTS["envelopes"]["one"]
    assert list(schemas.StartedAnswer.model_fields) == FACTS["envelopes"]["one"]
    assert list(schemas.JobList.model_fields) == FACTS["envelopes"]["list"]
    assert on_the_wire(schemas.Deleted(success=True, message=DELETED)) == FACTS["deleted"]


@pytest.mark.parametrize(
    "cls", [TokenNotSetError, TokenInvalidError, TokenNotFoundError, TokenRevokedError], ids=lambda cls: cls.code
)
def test_the_four_causes_of_a_401_stand_in_repzos_envelope(cls):
    number = [TokenNotSetError, TokenInvalidError, TokenNotFoundError, TokenRevokedError].index(cls)
    assert ANSWERS.status_of(cls) == 401
    assert dict(ANSWERS.body(cls(), 401)) == {"success": False, "message": FACTS["access_errors"][number]}


@pytest.mark.parametrize("cls", [JobNumberTakenError, JobNotFoundError, EngineError])
def test_a_refusal_has_an_envelope_of_two_fields(cls):
    body = ANSWERS.body(cls(), ANSWERS.status_of(cls))
    assert list(body) == FACTS["envelopes"]["message"]
    assert "{" not in body["message"]


def test_a_refusal_names_what_is_wrong_in_its_sentence():
    error = InvalidFieldsError(details={"fields": [{"loc": ["body", "jobNumber"], "msg": "Field required"}]})
    assert ANSWERS.body(error, 400)["message"].endswith(": jobNumber: Field required.")


@pytest.mark.parametrize(
    ("field", "value"), [("documentUrl", "invoice.pdf"), ("template", "mine"), ("group", "mine")], ids=lambda one: one
)
def test_a_value_of_another_form_is_refused_without_a_pattern_to_read(field, value):
    sent = {"jobNumber": "A-1", "documentName": "a", "documentUrl": "https://a.example/", "template": "auto"}
    with pytest.raises(InvalidFieldsError) as refused:
        parse(schemas.JobInput, sent | {field: value})
    assert f"again: {field}: must be " in ANSWERS.body(refused.value, 400)["message"]


def test_a_tenant_with_too_many_jobs_is_told_the_cap_and_the_list_without_one():
    status = ANSWERS.status_of(TooManyJobsError)
    told = ANSWERS.body(TooManyJobsError(), status)["message"]
    assert (status, "10,000" in told, "/v1/ocr_tasks" in told) == (400, True, True)


def test_the_input_is_as_documented():
    told = DOCUMENT["components"]["schemas"]["JobInput"]
    assert set(told["required"]) == {name for name, one in FACTS["input"].items() if one.get("required")}
    assert list(told["properties"]) == list(FACTS["input"])
    for name, fact in FACTS["input"].items():
        declared = told["properties"][name]
        kinds = [resolved(one) for one in declared.get("anyOf", [declared])]
        assert any(one.get("type", "string") == fact["type"] for one in kinds), name
        if "enum" in fact:
            assert any(one.get("enum") == fact["enum"] for one in kinds), name
        if "format" in fact:
            assert resolved(declared)["format"] == fact["format"]
        if "default" in fact:
            assert declared["default"] == fact["default"]


def resolved(schema):
    return DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def test_the_documented_example_is_taken():
    url = {"documentUrl": "https://storage.example.com/invoices/invoice_2023_001.pdf"}
    request = schemas.JobInput.model_validate(FACTS["input_example"] | url)
    assert request.priority is Priority.LOW


@pytest.mark.parametrize("fact", FACTS["operations"], ids=lambda one: one["title"])
def test_every_documented_operation_is_served_with_its_codes(fact):
    told = DOCUMENT["paths"][fact["path"].replace("{id}", "{job_id}")][fact["method"]]
    codes = {int(code) for code in told["responses"]}
    assert fact["status"] in codes
    assert set(fact["errors"]) <= codes
    assert told["security"] == [{"ApiKeyAuth": []}]


def test_the_key_comes_in_the_documented_header():
    assert DOCUMENT["components"]["securitySchemes"] == {"ApiKeyAuth": FACTS["security"]}


def test_the_list_takes_the_documented_parameters():
    schemas_of = {name: dict(schema) for name, schema in operations.LIST.query.items()}
    assert {name: {k: v for k, v in one.items() if k != "description"} for name, one in schemas_of.items()} == FACTS[
        "list_query"
    ]


# ── the meaning of single fields ──────────────────────────────────────────────────────────────────────────────────────


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_an_amount_is_printed_with_exactly_its_digits(amount):
    text = to_json_numbers(translate.job(a_full_job(), Invoice(total=amount)))
    printed = re.search(r'"total":([0-9.E+-]+)', text)
    assert Decimal(printed[1]) == amount


def test_progress_never_goes_back_while_a_job_runs():
    run = [
        a_job(status=Status.CREATED, opened_at=None),
        a_job(status=Status.QUEUED),
        a_job(status=Status.PROCESSING, started_at=NOW),
        a_job(status=Status.PROCESSING, started_at=NOW, document=a_document()),
        a_job(status=Status.PROCESSING, started_at=NOW, document=a_document(), extracted_attempt=1),
        a_full_job(),
    ]
    told = [translate.progress(job) for job in run]
    percentages = [one.percentage for one in told]
    assert percentages == sorted(set(percentages))
    assert (percentages[0], percentages[-1]) == (0, 100)
    assert {one.total_steps for one in told} == {6}
    assert [one.current_step for one in told] == list(translate.STEPS)


def test_a_failed_job_stays_where_it_failed():
    job = a_full_job(status=Status.FAILED, failure=EngineError().failure, extracted_attempt=None)
    assert (translate.progress(job).percentage, translate.progress(job).current_step) == (50, "failed")


def test_what_was_read_is_told_of_completed_jobs_only():
    assert "extractedData" not in on_the_wire(translate.job(a_full_job(status=Status.PROCESSING), None))


def test_nothing_is_sure_where_nothing_was_read():
    assert on_the_wire(translate.confidence(Invoice())) == {"overall": 0.0, "fields": {}}


def test_a_whole_is_as_sure_as_its_least_sure_part():
    evidence = {"total": an_evidence("1", confidence=0.9), "number": an_evidence("2", confidence=0.6)}
    sure = translate.confidence(Invoice(total=Decimal(1), number="2", evidence=evidence))
    assert (sure.overall, sure.fields) == (0.6, {"invoice.amounts.total": 0.9, "invoice.number": 0.6})


def test_a_blocking_flag_makes_a_job_invalid_and_stands_first():
    job = a_full_job(flags=(FlagCode.NEW_COUNTERPARTY, FlagCode.IBAN_CHANGED), no_draft=NoDraft.NO_TOTAL)
    told = translate.validation_results(job, a_full_invoice())
    assert not told.is_valid
    assert [one.severity for one in told.errors] == ["error", "warning", "info", "info"]
    assert {one.severity for one in told.errors} <= set(FACTS["severities"])
    assert (told.errors[0].field, told.errors[2].field) == ("iban", "invoice.supplier.name")


@given(st.integers(min_value=0, max_value=10**7))
def test_processing_time_is_in_seconds(milliseconds):
    job = a_full_job(completed_at=NOW + timedelta(milliseconds=milliseconds))
    assert on_the_wire(translate.job(job, None))["processingTime"] == milliseconds / 1000


@pytest.mark.parametrize(
    ("declared", "told"),
    [("PDF", "pdf"), ("image/jpeg", "jpeg"), ("jpg", "jpg"), ("text/html", None), (None, None)],
)
def test_a_file_type_is_told_in_repzos_words_or_not_at_all(declared, told):
    assert translate.job(a_job(declared_type=declared, job_id=an_id()), None).document_type == told


# ── the copy and the original ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def source():
    folder = os.environ.get("PAYDRAFT_SOURCES")
    if not folder:
        pytest.skip("PAYDRAFT_SOURCES names no folder")
    return (Path(folder) / FACTS["file"]).read_text(encoding="utf-8")


def test_the_operations_are_those_of_the_original(source):
    titles = [line for line in source.splitlines() if line in {one["title"] for one in FACTS["operations"]}]
    assert list(dict.fromkeys(titles)) == [one["title"] for one in FACTS["operations"]]
    assert source.count("Authorizations:\nApiKeyAuth") == len(FACTS["operations"])


def test_the_input_is_that_of_the_original(source):
    for name, fact in FACTS["input"].items():
        if name == "metadata":  # the page prints it without its name
            assert source.count("object\n\nAdditional metadata") == 2
            continue
        kind = f"{fact['type']} <{fact['format']}>" if "format" in fact else fact["type"]
        lines = [name, *(["required"] if fact.get("required") else []), kind]
        lines += [f'Default: "{fact["default"]}"'] if "default" in fact else []
        lines += ["Enum: " + " ".join(f'"{word}"' for word in fact["enum"])] if "enum" in fact else []
        assert source.count("\n" + "\n".join(lines) + "\n") == 2, name  # of POST and of PUT


def test_the_list_query_is_that_of_the_original(source):
    ranges = {"limit": "integer [ 1 .. 100 ]", "offset": "integer >= 0"}
    for name, fact in FACTS["list_query"].items():
        lines = [name, ranges.get(name, fact["type"])]
        if "default" in fact:
            lines.append(f"Default: {json.dumps(fact['default'])}")
        if "enum" in fact:
            lines.append("Enum: " + " ".join(f'"{word}"' for word in fact["enum"]))
        assert "\n" + "\n".join(lines) + "\n" in source, name


def test_the_examples_are_those_of_the_original(source):
    for name, value in FACTS["input_example"].items():
        if value:
            assert source.count(f'"{name}": {json.dumps(value)}') == 2
    assert f'"message": "{FACTS["deleted"]["message"]}"' in source
    assert '"success": true' in source
