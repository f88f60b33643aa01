"""The handler on the whole stack: real events, a real document, a real child process."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest

from paydraft.model.document import StoredObject
from paydraft.model.errors import PermanentError
from paydraft.model.job import Job
from paydraft.model.media import MediaType
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import a_job, a_place
from tests.executions import executions, wait_for_all
from tests.moto_stack import MotoStack
from tests.paper import LINES, a_sheet

FUNCTION = "ExtractDocumentFunction"
FOREIGN = "incoming/standard/acme/Rechnung für März + April.pdf"


def s3_event(aws: MotoStack, key: str, version_id: str = "v1") -> dict[str, Any]:
    stored = {"key": quote_plus(key, safe="/"), "versionId": version_id, "sequencer": "0A"}
    place = {"bucket": {"name": aws["DocumentsBucket"]}, "object": stored}
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": place}]}


def sqs_event(*bodies: Any) -> dict[str, Any]:
    records = [
        {"eventSource": "aws:sqs", "messageId": f"message-{number}", "body": json.dumps(body)}
        for number, body in enumerate(bodies, 1)
    ]
    return {"Records": records}


def eventbridge_event(aws: MotoStack, key: str, version_id: str = "v1") -> dict[str, Any]:
    detail = {"bucket": {"name": aws["DocumentsBucket"]}, "object": {"key": key, "version-id": version_id}}
    return {"id": "event-1", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def an_accepted_job(aws: MotoStack, data: bytes | None = None) -> tuple[Job, StoredObject]:
    job = a_job()
    JobStore(aws["JobsTable"]).put_new(job)
    documents = DocumentStore(aws["DocumentsBucket"])
    return job, documents.put_new(a_place(job), data or a_sheet(), MediaType.PDF)


@pytest.fixture(autouse=True)
def _every_execution_ends(aws: MotoStack) -> Iterator[None]:
    yield
    wait_for_all(aws)


def test_three_shapes_delivered_three_times_give_one_result_and_one_execution(aws: MotoStack):
    job, stored = an_accepted_job(aws)
    event = s3_event(aws, stored.key, stored.version_id)
    shapes = (event, sqs_event(event), eventbridge_event(aws, stored.key, stored.version_id))

    for shape in shapes * 3:
        aws.invoke(FUNCTION, shape)

    assert [execution["name"] for execution in executions(aws)] == [f"{job.job_id}-1"]
    prefix = f"results/{job.tenant_id}/{job.job_id}/1/"
    versions = aws.client("s3").list_object_versions(Bucket=aws["DocumentsBucket"], Prefix=prefix)["Versions"]
    assert sorted(version["Key"] for version in versions) == [f"{prefix}invoice.json", f"{prefix}pages.json"]


def test_pages_are_kept_with_their_words_and_boxes(aws: MotoStack):
    job, stored = an_accepted_job(aws)

    aws.invoke(FUNCTION, sqs_event(s3_event(aws, stored.key, stored.version_id)))

    key = f"results/{job.tenant_id}/{job.job_id}/1/pages.json"
    body = aws.client("s3").get_object(Bucket=aws["DocumentsBucket"], Key=key)["Body"].read()
    (page,) = json.loads(body)["pages"]
    assert [line["text"] for line in page["lines"]] == list(LINES)
    assert page["lines"][0]["words"][0][0] == "Muster"
    assert ResultStore(aws["DocumentsBucket"]).invoice(job.key, 1) is not None


@pytest.mark.parametrize("shape", ["s3", "sqs", "eventbridge"])
def test_a_key_with_a_space_and_an_umlaut_is_not_ours(aws: MotoStack, shape: str):
    shapes = {
        "s3": s3_event(aws, FOREIGN),
        "sqs": sqs_event(s3_event(aws, FOREIGN)),
        "eventbridge": eventbridge_event(aws, FOREIGN),
    }

    assert aws.invoke(FUNCTION, shapes[shape]) in ({}, {"batchItemFailures": []})
    assert executions(aws) == []


def test_the_greeting_of_s3_is_ignored(aws: MotoStack):
    greeting = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": aws["DocumentsBucket"]}

    assert aws.invoke(FUNCTION, greeting) == {}
    assert aws.invoke(FUNCTION, sqs_event(greeting)) == {"batchItemFailures": []}


def test_one_message_that_fails_is_named_and_does_not_hold_up_the_others(aws: MotoStack):
    first, first_stored = an_accepted_job(aws)
    second, second_stored = an_accepted_job(aws, b"no document at all")
    bodies = (
        s3_event(aws, first_stored.key, first_stored.version_id),
        {"not": "an event"},
        s3_event(aws, second_stored.key, second_stored.version_id),
    )

    answer = aws.invoke(FUNCTION, sqs_event(*bodies))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-2"}]}
    assert {execution["name"] for execution in executions(aws)} == {f"{first.job_id}-1", f"{second.job_id}-1"}


def test_an_event_that_is_none_fails_aloud(aws: MotoStack):
    with pytest.raises(PermanentError):
        aws.invoke(FUNCTION, {"hello": "world"})


def test_the_log_names_fields_and_reasons_but_no_value(aws: MotoStack, capsys: pytest.CaptureFixture):
    _, read = an_accepted_job(aws)
    _, refused = an_accepted_job(aws, b"no document at all")

    for stored in (read, refused):
        aws.invoke(FUNCTION, sqs_event(s3_event(aws, stored.key, stored.version_id)))

    logged = capsys.readouterr().out
    assert '"failure":"unsupported_media"' in logged
    assert "DE89" not in logged
    assert "1.190,00" not in logged
    assert logged.count('"message":"document read"') == 2
