"""MakersHub's answers, compared field by field with what its document prints.

`PAYDRAFT_SOURCES=<folder of the original documents>` compares the copy of the facts with the originals as well.
"""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from api_invoices_v1 import schemas, translate
from api_invoices_v1.errors import ANSWERS, NoExtractionError, RecordNotFoundError
from api_invoices_v1.operations import OPERATIONS, READ_OCR
from infra.tools.openapi import PUBLISHED
from paydraft.model.invoice import Invoice, LineItem, Party
from paydraft.model.request_errors import (
    InvalidFieldsError,
    MethodNotAllowedError,
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
)
from paydraft.model.status import Fault, Status
from paydraft.runtime.json_body import parse
from paydraft.runtime.json_numbers import to_json_numbers
from tests.builders import NOW, a_draft, a_job, an_invoice

FACTS = json.loads((Path(__file__).parent / "facts" / "makershub.json").read_text())
REFUSALS = {
    cls.code: cls
    for cls in (
        TokenNotSetError,
        TokenInvalidError,
        TokenNotFoundError,
        TokenRevokedError,
        RecordNotFoundError,
        NoExtractionError,
    )
}
DOCUMENT = json.loads((PUBLISHED / "api_invoices_v1.openapi.json").read_text())


def on_the_wire(answer):
    return json.loads(to_json_numbers(answer))


def acme():
    return Invoice(
        number="INV-2024-001",
        issue_date=NOW.date().replace(2024, 1, 15),
        seller=Party(name="Acme Corporation"),
        total=Decimal("1000.00"),
        line_items=(
            LineItem(description="Widget A", quantity=Decimal(10), unit_price=Decimal("100.0"), net=Decimal("1000.0")),
        ),
    )


def test_the_documented_example_comes_out_as_it_is_printed():
    example = FACTS["example"]
    assert on_the_wire(translate.ocr(acme(), tuple(example["result"]["ocrLines"]))) == example


@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_has_exactly_the_documented_body(code):
    body = FACTS["refusals"][code]
    status = ANSWERS.status_of(REFUSALS[code])
    assert dict(ANSWERS.body(REFUSALS[code](), status)) == body
    assert status == (401 if code.startswith("token") else 404)


def test_what_is_wrong_with_a_body_stands_in_the_sentence():
    with pytest.raises(InvalidFieldsError) as refused:
        parse(schemas.SubmitRequest, {"data": "JVBERi0x"})
    assert ANSWERS.body(refused.value, 400)["msg"] == (
        "Some fields are missing, unknown or wrong. Mend them and send again: filename: Field required."
    )


def test_no_sentence_points_to_details_which_the_envelope_does_not_have():
    raised = {cls for operation in OPERATIONS for cls in operation.errors}
    for cls in raised | {ScopeMissingError, MethodNotAllowedError}:
        assert "details" not in ANSWERS.body(cls(), ANSWERS.status_of(cls))["msg"], cls


def test_an_invoice_has_every_documented_field_and_no_other():
    one = on_the_wire(translate.of_job(a_job(status=Status.COMPLETED), an_invoice(), a_draft()))
    item = on_the_wire(translate.of_job(a_job(), acme(), None))["invoice_items"][0]
    assert list(one) == FACTS["invoice_fields"]
    assert list(one["supplier_info"]) == FACTS["supplier_fields"]
    assert list(one["ship_to"]) == FACTS["ship_to_fields"]
    assert set(one["bill_to"]) == set(FACTS["bill_to_fields"])
    assert list(item) == FACTS["item_fields"]
    assert list(one["document"]) == FACTS["document_fields"]
    assert list(schemas.Approver.model_fields) == FACTS["approver_fields"]


def test_a_file_is_sent_under_the_documented_names():
    fields = schemas.SubmitRequest.model_fields
    told = {name: "required" if field.is_required() else field.default for name, field in fields.items()}
    assert told == FACTS["submit_fields"]


def test_every_status_says_whether_there_is_data_and_only_a_running_job_depends():
    faults = {Status.FAILED: [Fault.DOCUMENT, Fault.SERVICE]}
    every = {(status, fault) for status in Status for fault in faults.get(status, [None])}
    assert every - translate.HAS_DATA.keys() == {(Status.CANCELLED, None)}
    running = a_job(status=Status.PROCESSING, attempt=2)
    assert not translate.has_data(running.model_copy(update={"extracted_attempt": 1}))
    assert translate.has_data(running.model_copy(update={"extracted_attempt": 2}))


def test_what_is_answered_is_what_the_published_file_says():
    shapes = DOCUMENT["components"]["schemas"]
    for name, answer in (
        ("OcrAnswer", translate.ocr(acme(), ("a line",))),
        (
            "InvoiceAnswer",
            schemas.InvoiceAnswer(status="OK", msg="x", result=translate.of_job(a_job(), acme(), a_draft())),
        ),
    ):
        shape = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": shapes}}
        assert list(Draft202012Validator(shape).iter_errors(on_the_wire(answer))) == []


def test_the_copy_of_the_facts_is_what_the_original_says():
    folder = os.environ.get("PAYDRAFT_SOURCES")
    if folder is None:
        assert set(FACTS["refusals"]) == set(REFUSALS)  # all that can be told without the original
        return
    original = (Path(folder) / "makershub-invoice-ocr-data.txt").read_text()
    printed = list(json_objects(original))
    assert [FACTS["example"], *FACTS["refusals"].values()] == printed
    assert FACTS["operation"]["path"] in original
    assert READ_OCR.path.replace("invoice_id", "invoiceId") == FACTS["operation"]["path"]
    assert all(f"\n{code}\n" in original for code in FACTS["codes"])


def json_objects(text):
    decoder, at = json.JSONDecoder(), 0
    while (begin := text.find("{", at)) >= 0:
        try:
            value, length = decoder.raw_decode(text[begin:])
        except ValueError:
            at = begin + 1
            continue
        at = begin + length
        yield value
