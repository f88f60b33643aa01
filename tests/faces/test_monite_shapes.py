"""Monite's answers, compared field by field with what its document prints and with the types of its own client.

`PAYDRAFT_SOURCES=<folder of the original documents>` compares the copy of the facts with the original as well.
"""

import json
import os
import re
import typing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from monite import types as theirs
from monite.core.pydantic_utilities import parse_obj_as

from api_ocr_tasks import examples, schemas, translate
from api_ocr_tasks.codes import COUNTRIES, CURRENCIES
from api_ocr_tasks.errors import ANSWERS, FailedBeforeError, wrong
from api_ocr_tasks.operations import CREATE, LIST, OPERATIONS, READ, UPLOAD
from api_ocr_tasks.schemas import TaskStatus, TaskType
from infra.tools.openapi import PUBLISHED, files
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.domestic_account import AccountScheme, DomesticAccount
from paydraft.model.errors import EngineError, error_of
from paydraft.model.invoice import AccountRole, Address, DocumentType, Invoice, LineItem, Party, PrintedAccount
from paydraft.model.money import CURRENCIES as ISO_4217
from paydraft.model.request_errors import JobNotFoundError, RateLimitedError
from paydraft.model.status import Fault, Status
from paydraft.runtime.json_numbers import to_json_numbers
from tests.builders import IBANS, a_job, an_invoice

FACTS = json.loads((Path(__file__).parent / "facts" / "monite.json").read_text())
NAME = "api_ocr_tasks.openapi.json"
DOCUMENT = json.loads((PUBLISHED / NAME).read_text())
TASK = FACTS["example"]["data"][0]


def on_the_wire(answer):
    return json.loads(to_json_numbers(answer), parse_float=Decimal)


def a_full_invoice(**fields):
    place = Address(street="Hauptstraße 1", city="Bonn", postal_code="53111", state="NRW", country="DE")
    seller = Party(
        name="Muster GmbH", vat_number="DE123456789", tax_number="205/5710/1234", email="a@muster.de", address=place
    )
    line = LineItem(
        description="Widget A",
        quantity=Decimal(10),
        unit="pcs",
        unit_price=Decimal("100.00"),
        discount=Decimal("5.00"),
        tax_rate=Decimal(19),
        net=Decimal("1000.00"),
        gross=Decimal("1190.00"),
    )
    known = {"seller": seller, "amount_paid": Decimal("10.00"), "discount": Decimal("5.00"), "line_items": (line,)}
    return an_invoice(**(known | fields))


def task(kind=TaskType.INVOICE, invoice=None):
    job = a_job(status=Status.COMPLETED, asked_type=DocumentType(kind))
    return on_the_wire(translate.task(job, invoice or a_full_invoice()))


def tree(value):
    """The names of a value, whatever stands there."""
    if isinstance(value, dict):
        return {name: tree(part) for name, part in value.items()}
    return [tree(value[0])] if isinstance(value, list) and value else None


# ── The document ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_task_has_every_field_of_the_example_and_no_other():
    assert tree(task()) == tree(TASK)


def test_its_values_are_of_the_kinds_that_the_example_shows():
    ours, shown = task()["recognized_data"], TASK["recognized_data"]
    for name in ("subtotal", "tax_amount", "tax_rate", "total_amount", "amount_paid"):
        assert isinstance(ours[name], int | Decimal)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", ours[name]) for name in ("due_date", "issue_date"))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", task()[name]) for name in ("created_at", "updated_at"))
    assert ours["type"] == shown["type"] == "invoice"
    assert ours["line_items"][0].keys() == shown["line_items"][0].keys()


def test_a_list_has_the_fields_of_the_example():
    assert list(schemas.OcrTaskList.model_fields) == list(FACTS["example"])


@pytest.mark.parametrize("kind", TaskType)
def test_each_type_has_its_own_fields_and_no_other(kind):
    data = task(kind)["recognized_data"]
    assert sorted(data) == FACTS["fields"][kind]
    assert data.keys() >= set(FACTS["required"][kind])
    for role in {"sender", "recipient"} & data.keys():
        assert list(data[role]) == FACTS["fields"]["party"]
        assert list(data[role]["address"]) == FACTS["fields"]["address"]
        assert list(data[role]["bank_account"]) == FACTS["fields"]["bank_account"]
    more = FACTS["fields"]["receipt_line_item"] if kind is TaskType.RECEIPT else []
    assert list(data["line_items"][0]) == FACTS["fields"]["line_item"] + more


@pytest.mark.parametrize("kind", TaskType)
def test_what_was_not_read_is_null_and_the_required_parts_are_there(kind):
    data = task(kind, Invoice())["recognized_data"]
    assert sorted(data) == FACTS["fields"][kind]
    assert data["line_items"] == []
    assert set(data["sender"]["address"].values()) == set(data["sender"]["bank_account"].values()) == {None}
    rest = {name: value for name, value in data.items() if not isinstance(value, dict | list) and name != "type"}
    assert set(rest.values()) == {None}


@pytest.mark.parametrize("model", ["OcrTask", "InvoiceData", "CreditNoteData", "ReceiptData", "Counterpart"])
def test_no_object_takes_a_field_that_nobody_declared(model):
    assert DOCUMENT["components"]["schemas"][model]["additionalProperties"] is False
    assert getattr(schemas, model).model_config["extra"] == "forbid"


def test_the_parameters_of_the_list_are_the_documented_ones():
    assert list(LIST.query) == list(FACTS["query"])
    for name, told in FACTS["query"].items():
        ours = LIST.query[name]
        for word, value in told.items():
            if isinstance(value, dict):
                assert value.items() <= ours[word].items()
            else:
                assert ours[word] == value


def test_the_headers_are_the_documented_ones():
    for operation in OPERATIONS:
        ours = {name: one["required"] for name, one in operation.headers.items()}
        assert ours | {"Authorization": True} == FACTS["headers"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_documented_code_can_be_answered(operation):
    path = operation.path.removeprefix("/v1")
    described = {int(code) for code in DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]}
    assert described | {405, 500} >= set(FACTS["codes"][f"{operation.method} {path}"])


def test_errors_have_the_documented_envelopes():
    assert tree(ANSWERS.body(JobNotFoundError(), 404)) == tree(FACTS["error"])
    body = ANSWERS.body(wrong("header", "x-monite-version", "field required"), 422)
    assert tree(body) == tree(FACTS["invalid"])
    assert body["detail"][0]["loc"] == FACTS["invalid"]["detail"][0]["loc"]
    assert ANSWERS.status_of(RateLimitedError) == 429


@pytest.mark.parametrize("code", FACTS["file_errors"])
def test_what_is_wrong_with_a_file_has_its_documented_code(code):
    cls = FailedBeforeError if code == FailedBeforeError.code else error_of(code)
    assert cls.code == code
    assert ANSWERS.status_of(cls) == FACTS["file_errors"][code]


def test_of_our_own_faults_nothing_is_told_but_that_a_repetition_is_safe():
    message = ANSWERS.body(EngineError("libtesseract.so.5"), 500)["error"]["message"]
    assert "tesseract" not in message
    assert "Idempotency-Key" in message


def test_the_status_table_is_the_contracts():
    told = {
        (Status(status), Fault(fault) if fault else None): TaskStatus(word) if word else None
        for status, fault, word in FACTS["statuses"]
    }
    assert told == translate.STATUSES
    assert {status for status, _ in told} == set(Status)


def test_every_type_that_is_read_has_an_answer_and_what_asks_for_no_money_is_no_invoice():
    assert set(translate.TYPES) == set(DocumentType)
    assert {kind for kind, word in translate.TYPES.items() if word is None} == {
        DocumentType.QUOTE,
        DocumentType.DELIVERY_NOTE,
        DocumentType.OTHER,
    }


@pytest.mark.parametrize("kind", [DocumentType.QUOTE, DocumentType.DELIVERY_NOTE, DocumentType.OTHER])
def test_a_document_of_no_known_type_is_successful_and_has_no_data(kind):
    job = a_job(status=Status.COMPLETED, document_type=kind)
    answer = on_the_wire(translate.task(job, an_invoice(document_type=kind)))
    assert list(answer) == FACTS["task_required"]
    asked = job.model_copy(update={"asked_type": DocumentType.INVOICE})
    assert on_the_wire(translate.task(asked, an_invoice(document_type=kind)))["recognized_data"]["type"] == "invoice"


def test_the_answer_to_a_post_stays_what_it_was():
    job = a_job(asked_type=DocumentType.RECEIPT)
    later = job.model_copy(update={"status": Status.FAILED, "failure": EngineError().failure, "attempt": 2})
    assert on_the_wire(translate.accepted(later)) == on_the_wire(translate.accepted(job))
    assert on_the_wire(translate.accepted(job))["document_type"] == "receipt"


# ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_currencies_are_the_145_of_the_schema_and_others_are_not_told():
    assert list(CURRENCIES) == FACTS["currencies"].split()
    assert len(set(CURRENCIES)) == 145
    for code in ISO_4217:
        told = task(invoice=an_invoice(currency=code))["recognized_data"]["currency"]
        assert told == (code if code in CURRENCIES else None)
    assert ISO_4217 - set(CURRENCIES)


def test_countries_are_those_of_iso_3166_and_three_more():
    assert len(set(COUNTRIES)) == FACTS["countries"]["count"]
    assert set(COUNTRIES) == {one.alpha_2 for one in pycountry.countries} | set(FACTS["countries"]["beside_iso_3166"])
    for code in FACTS["countries"]["without"]:
        party = Party(name="Prishtina", address=Address(country=code))
        assert task(invoice=an_invoice(seller=party))["recognized_data"]["sender"]["address"]["country"] is None


def test_an_address_whose_parts_are_not_known_is_told_as_printed():
    party = Party(address=Address(lines=("Hauptstraße 1", "53111 Bonn")))
    address = task(invoice=an_invoice(seller=party))["recognized_data"]["sender"]["address"]
    assert address["street_and_number"] == "Hauptstraße 1, 53111 Bonn"


def accounts(*printed, iban=None):
    found = tuple(PrintedAccount(role=role, **fields) for role, fields in printed)
    return task(invoice=an_invoice(accounts=found, iban=iban, bic=None))["recognized_data"]


def gb(number):
    return {"domestic": DomesticAccount(scheme=AccountScheme.GB, routing="601613", number=number)}


def test_the_account_to_be_paid_is_the_senders_and_the_buyers_is_the_recipients():
    data = accounts(
        (AccountRole.CREDITOR, gb("31926819")), (AccountRole.DEBTOR, {"iban": Iban(IBANS[1])}), iban=Iban(IBANS[0])
    )
    assert data["sender"]["bank_account"] == {
        "bank_account_number": "31926819",
        "iban": IBANS[0],
        "swift_bic": None,
    }
    assert data["recipient"]["bank_account"]["iban"] == IBANS[1]


def test_of_several_accounts_none_is_chosen_and_only_an_assignees_counts():
    two = accounts((AccountRole.CREDITOR, gb("31926819")), (AccountRole.CREDITOR, gb("31926820")))
    assert two["sender"]["bank_account"]["bank_account_number"] is None
    assigned = accounts((AccountRole.CREDITOR, gb("31926819")), (AccountRole.ASSIGNEE, gb("31926820")))
    assert assigned["sender"]["bank_account"]["bank_account_number"] == "31926820"
    debtors = accounts((AccountRole.DEBTOR, {"iban": Iban(IBANS[1])}), (AccountRole.DEBTOR, {"iban": Iban(IBANS[2])}))
    assert debtors["recipient"]["bank_account"]["iban"] is None


def test_a_receipts_day_is_told_by_its_beginning():
    assert task(TaskType.RECEIPT, an_invoice(issue_date=date(2026, 11, 2)))["recognized_data"]["issued_at"] == (
        "2026-11-02T00:00:00Z"
    )


AMOUNTS = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4
)


@given(kind=st.sampled_from(TaskType), amounts=st.tuples(*[AMOUNTS] * 10))
def test_every_amount_goes_out_as_the_number_that_it_is(kind, amounts):
    subtotal, tax, rate, total, paid, less, quantity, price, net, gross = amounts
    line = LineItem(quantity=quantity, unit_price=price, net=net, gross=gross, discount=less)
    invoice = Invoice(
        subtotal=subtotal, tax=tax, tax_rate=rate, total=total, amount_paid=paid, discount=less, line_items=(line,)
    )
    data = task(kind, invoice)["recognized_data"]
    (row,) = data["line_items"]
    assert [data[name] for name in ("subtotal", "tax_amount", "tax_rate", "total_amount")] == [
        subtotal,
        tax,
        rate,
        total,
    ]
    assert [row[name] for name in ("quantity", "unit_price", "subtotal", "total_amount")] == [
        quantity,
        price,
        net,
        gross,
    ]
    assert row["tax_amount"] == (None if net is None or gross is None else gross - net)
    if kind is TaskType.INVOICE:
        assert data["amount_paid"] == paid
    if kind is TaskType.RECEIPT:
        assert (data["discount"], row["discount_amount"]) == (less, less)


# ── The description, and other people's views of it ───────────────────────────────────────────────────────────────────


def test_the_file_is_what_the_code_says():
    assert (PUBLISHED / NAME).read_text(encoding="utf-8") == files()[NAME], "python -m infra.tools.openapi"


def validator(model):
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{model}", "components": DOCUMENT["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


@pytest.mark.parametrize("kind", TaskType)
@pytest.mark.parametrize("invoice", [a_full_invoice(), Invoice()], ids=["full", "empty"])
def test_every_answer_is_as_described(kind, invoice):
    answer = json.loads(to_json_numbers(translate.task(a_job(status=Status.COMPLETED, asked_type=kind), invoice)))
    validator("OcrTask").validate(answer)
    validator("OcrTaskList").validate(examples.LISTED | {"data": [answer]})


def test_the_examples_are_as_described():
    validator("CreateRequest").validate(examples.INPUT)
    for one in (examples.CREATED, examples.SUCCESSFUL):
        validator("OcrTask").validate(one)
    validator("OcrTaskList").validate(examples.LISTED)
    for operation in (CREATE, UPLOAD, READ):
        assert operation.shows


@pytest.mark.parametrize("kind", TaskType)
def test_the_types_of_monites_own_client_read_every_field(kind):
    answer = json.loads(
        to_json_numbers(translate.task(a_job(status=Status.COMPLETED, asked_type=kind), a_full_invoice()))
    )
    read = parse_obj_as(type_=theirs.OcrTaskResponseSchema, object_=answer)
    their_data = getattr(theirs, f"OcrTaskResponseSchemaRecognizedData_{''.join(map(str.title, kind.split('_')))}")
    assert isinstance(read.recognized_data, their_data)
    assert set(answer["recognized_data"]) == set(their_data.model_fields)
    assert read.recognized_data.total_amount == 1190.0
    assert read.recognized_data.sender.bank_account.swift_bic == Bic("COBADEFFXXX")


def test_the_codes_of_monites_own_client_are_ours():
    assert set(typing.get_args(typing.get_args(theirs.AllowedCountries)[0])) == set(COUNTRIES)
    assert set(typing.get_args(typing.get_args(theirs.CurrencyEnum)[0])) == set(CURRENCIES)
    for enum, ours in ((theirs.OcrTaskStatus, TaskStatus), (theirs.OcrDocumentTypeEnum, TaskType)):
        assert set(typing.get_args(typing.get_args(enum)[0])) == set(ours)


def test_the_copy_of_the_facts_is_the_originals():
    folder = os.environ.get("PAYDRAFT_SOURCES")
    if not folder:
        pytest.skip("PAYDRAFT_SOURCES names no folder")
    text = (Path(folder) / "monite-get-ocr-tasks.txt").read_text(encoding="utf-8")
    example, _ = json.JSONDecoder().raw_decode(text[text.index('{\n  "data"') :])
    assert example == FACTS["example"]
    assert FACTS["moment"] in text
    parts = text.split("Query Parameters", 1)[1].split("Response\n", 1)[0]
    assert re.findall(r"^(\w+)\n(?:enum<string>|integer|string(?:<[\w-]+>)?(?:\[\])?)$", parts, re.M) == list(
        FACTS["query"]
    )
    for name, told in FACTS["query"].items():
        said = parts.split(f"\n{name}\n", 1)[1]
        if "enum" in told:
            found = re.search(r"Available options:\n((?:\w+,\n)*\w+)", said)
            assert found[1].split(",\n") == told["enum"]
        if "default" in told:
            assert said.split("\n", 2)[1] == f"default:{told['default']}"
    assert f"Required range: {FACTS['query']['limit']['minimum']} <= x <= {FACTS['query']['limit']['maximum']}" in parts
    for name, is_required in FACTS["headers"].items():
        after = text.split(f"\n{name}\n", 1)[1].split("\n", 3)
        assert ("required" in after[:3]) is is_required
