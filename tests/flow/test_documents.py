"""From POST to draft transfer and event, over HTTP, through every function as it is deployed."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from jsonschema import Draft7Validator

from infra.cli import suppliers
from infra.cli.target import Target
from infra.tools.published_events import completed_schema, failed_schema
from paydraft.model.ids import event_id_of, transfer_id_of
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode
from paydraft.stores.clients import client
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[1] / "golden"
KNOWN, UNKNOWN, ENCRYPTED, NO_INVOICE = (
    GOLDEN / "documents" / name
    for name in ("de_column_header.pdf", "en_label_table.pdf", "encrypted.pdf", "de_letter.pdf")
)


@pytest.fixture(scope="module")
def onlooker(stack):
    looking = Onlooker(stack)
    looking.listen()
    return looking


@pytest.fixture
def suppliers_on_file(stack, monkeypatch):
    """The samples' suppliers, by the loader that a person uses."""
    for name, value in {
        "AWS_ENDPOINT_URL": stack["aws_endpoint"],
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": stack["region"],
    }.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()
    place = Target(stack["outputs"], "local", stack["url"])
    problems = [line for _, line in suppliers.import_file(place, stack["tenant_id"], GOLDEN / "suppliers.csv")]
    client.cache_clear()
    assert all(line is None or line.startswith("on file") for line in problems)


def submitted(onlooker, document):
    answer = onlooker.api.submit(document)
    assert answer.status == 202, answer.body
    return answer.body["job_id"]


def ended(onlooker, document):
    job_id = submitted(onlooker, document)
    return job_id, onlooker.api.wait_until_ended(job_id)


def expected(document):
    return json.loads((GOLDEN / "expected" / f"{document.stem}.json").read_text())["fields"]


def the_one_event(onlooker, job_id):
    [note] = onlooker.notes([job_id])[job_id]
    return note["Message"], {name: value["Value"] for name, value in note["MessageAttributes"].items()}


def test_an_invoice_of_a_known_supplier_becomes_a_draft_to_its_account_on_file(onlooker, suppliers_on_file):
    job_id, answer = ended(onlooker, KNOWN)
    printed = expected(KNOWN)
    assert answer.status == answer.body["status"] == 200
    assert answer.body["counterparty_match"] == answer.body["recipient_match"] == "found"
    assert answer.body["result"]["total"] == printed["total"]
    assert answer.body["result"]["iban"] == printed["iban"]

    [draft] = onlooker.drafts(job_id)
    assert str(draft.transfer_id) == answer.body["transfer_id"] == str(transfer_id_of(draft.job_id))
    assert str(draft.counterparty_id) == answer.body["counterparty_id"]
    assert str(draft.account_id) == answer.body["cp_account_id"]
    assert (str(draft.amount.amount), draft.amount.currency) == (printed["total"], "EUR")
    assert (draft.creditor.iban, draft.creditor.name) == (printed["iban"], printed["seller.name"])
    assert draft.remittance.text == printed["number"]
    due = answer.body["result"]["due_date"]
    assert draft.requested_date == (max(date.fromisoformat(due), datetime.now(UTC).date()) if due else None)

    event, attributes = the_one_event(onlooker, job_id)
    Draft7Validator(completed_schema()).validate(event)
    assert event["id"] == str(event_id_of(draft.job_id, 1, "paydraft.job.completed.v1"))
    assert event["data"]["transfer_id"] == str(draft.transfer_id)
    assert (attributes["match"], attributes["env"]) == ("found", "local")
    assert printed["iban"] not in json.dumps(event)


def test_an_invoice_of_an_unknown_supplier_becomes_a_draft_as_printed(onlooker):
    job_id, answer = ended(onlooker, UNKNOWN)
    printed = expected(UNKNOWN)
    assert answer.status == 200
    assert answer.body["counterparty_match"] == "not_found"
    assert (answer.body["counterparty_id"], answer.body["cp_account_id"]) == (None, None)
    [draft] = onlooker.drafts(job_id)
    assert (draft.creditor.name, draft.creditor.iban) == (printed["seller.name"], printed["iban"])
    assert (draft.counterparty_id, draft.account_id) == (None, None)
    assert FlagCode.NEW_COUNTERPARTY in {flag.code for flag in draft.flags}
    event, attributes = the_one_event(onlooker, job_id)
    assert "new_counterparty" in event["data"]["flags"]
    assert attributes["match"] == "not_found"


@pytest.mark.parametrize(
    ("document", "code"),
    [(ENCRYPTED, "encrypted_document"), (NO_INVOICE, "not_an_invoice")],
    ids=["encrypted", "a letter"],
)
def test_a_document_that_is_at_fault_is_answered_with_422_and_what_to_do(onlooker, document, code):
    job_id, answer = ended(onlooker, document)
    assert answer.status == answer.body["status"] == 422
    assert "send" in answer.body["message"].lower() or "check" in answer.body["message"].lower()
    assert onlooker.job(job_id).failure.code == code
    assert onlooker.drafts(job_id) == []
    event, attributes = the_one_event(onlooker, job_id)
    Draft7Validator(failed_schema()).validate(event)
    assert (event["data"]["failure_code"], event["data"]["fault"]) == (code, "document")
    assert attributes["type"] == "paydraft.job.failed.v1"


# ── the same event in all its shapes ──────────────────────────────────────────────────────────────────────────────────


def raw_s3(bucket, key, version_id):
    thing = {"key": quote_plus(key, safe="/"), "versionId": version_id, "sequencer": "0055AED6DCD90281E5"}
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
                "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket}, "object": thing},
            }
        ]
    }


def in_sqs(bucket, key, version_id):
    body = json.dumps(raw_s3(bucket, key, version_id))
    return {"Records": [{"messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", "eventSource": "aws:sqs", "body": body}]}


def by_eventbridge(bucket, key, version_id):
    return {
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key, "version-id": version_id}},
    }


SHAPES = (raw_s3, in_sqs, by_eventbridge)


def deliver(onlooker, key, version_id, repeats=3):
    """All shapes, repeated, at once."""
    bucket = onlooker.outputs["DocumentsBucket"]
    events = [shape(bucket, key, version_id) for shape in SHAPES for _ in range(repeats)]
    with ThreadPoolExecutor(len(events)) as crowd:
        return list(crowd.map(lambda event: onlooker.invoke("ExtractDocumentFunction", event), events))


def assert_one_result(onlooker, job_id):
    job = onlooker.job(job_id)
    assert (job.status, job.attempt) == (Status.COMPLETED, 1)
    assert onlooker.results(job_id) == ["invoice.json", "pages.json"]
    assert onlooker.executions(job_id) == [f"{job_id}-1"]
    assert len(onlooker.drafts(job_id)) == 1


def test_three_shapes_of_an_event_three_times_each_beside_s3s_own_give_one_result(onlooker):
    job_id = submitted(onlooker, UNKNOWN)
    document = onlooker.document(job_id)
    deliver(onlooker, document.key, document.version_id)
    assert onlooker.api.wait_until_ended(job_id).status == 200
    assert_one_result(onlooker, job_id)
    the_one_event(onlooker, job_id)


def test_an_event_that_comes_after_the_end_changes_nothing(onlooker):
    job_id, _ = ended(onlooker, UNKNOWN)
    document, before = onlooker.document(job_id), onlooker.job(job_id)
    the_one_event(onlooker, job_id)
    deliver(onlooker, document.key, document.version_id)
    assert onlooker.job(job_id) == before
    assert_one_result(onlooker, job_id)
    assert onlooker.notes([job_id], seconds=3)[job_id] == []


@pytest.mark.parametrize("key", ["incoming/standard/demo/Rechnung März 1.pdf", "incoming/express/a+b%20c.pdf"])
def test_a_key_that_is_not_ours_is_ignored_in_every_shape(onlooker, key):
    before = len(onlooker.jobs())
    deliver(onlooker, key, "null", repeats=1)
    assert len(onlooker.jobs()) == before


def test_s3s_greeting_is_ignored(onlooker):
    greeting = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": onlooker.outputs["DocumentsBucket"]}
    onlooker.invoke("ExtractDocumentFunction", greeting)
    wrapped = {"messageId": "m", "eventSource": "aws:sqs", "body": json.dumps(greeting)}
    assert onlooker.invoke("ExtractDocumentFunction", {"Records": [wrapped]}) == {"batchItemFailures": []}
