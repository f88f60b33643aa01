"""A job whose document lies on the web, from the message to the draft transfer, through every function as deployed."""

import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft7Validator

from infra.tools.published_events import completed_schema, failed_schema
from paydraft.model.ids import to_millisecond
from paydraft.model.status import Fault, Status
from paydraft.stores.clients import client
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.jobs import JobStore
from tests.builders import a_job
from tests.flow.conftest import DOCUMENTS
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

SECRET = "signature=cafe0123"
NAME = "en_label_table"


@pytest.fixture(scope="module")
def onlooker(stack):
    looking = Onlooker(stack)
    looking.listen()
    return looking


@pytest.fixture
def submit(stack, onlooker, monkeypatch):
    """Writes a job with an address, as an API function does, and asks for its document if nobody says otherwise."""
    for name, value in {
        "AWS_ENDPOINT_URL": stack["aws_endpoint"],
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": stack["region"],
    }.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()

    def write(url, *, ask=True):
        jobs, tenant_id = JobStore(stack["outputs"]["JobsTable"]), stack["tenant_id"]
        number = jobs.next_invoice_id(tenant_id)
        job = a_job(
            tenant_id=tenant_id, created_at=to_millisecond(datetime.now(UTC)), source_url=url, invoice_id=number
        )
        jobs.put_new(job)
        if ask:
            FetchQueue(stack["outputs"]["FetchQueueUrl"]).ask(job.key, job.attempt)
        return str(job.job_id)

    yield write
    client.cache_clear()


def the_one_event(onlooker, job_id):
    [note] = onlooker.notes([job_id])[job_id]
    return note["Message"]


def test_a_document_on_the_web_becomes_a_draft(onlooker, submit, document_host):
    job_id = submit(f"http://{document_host}/{NAME}.pdf?{SECRET}")
    answer = onlooker.api.wait_until_ended(job_id)
    assert answer.status == 200, answer.body
    assert onlooker.job(job_id).status is Status.COMPLETED
    assert onlooker.document(job_id).key == f"incoming/standard/{onlooker.tenant_id}/{job_id}/1"
    [draft] = onlooker.drafts(job_id)
    expected = json.loads((DOCUMENTS.parent / f"expected/{NAME}.json").read_text())["fields"]
    assert str(draft.amount.amount) == expected["total"]
    event = the_one_event(onlooker, job_id)
    Draft7Validator(completed_schema()).validate(event)
    assert SECRET not in json.dumps(event)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://{host}/not-there.pdf", "document_url_failed"),
        ("http://{host}/", "unsupported_media"),  # a page that lists files
        ("https://127.0.0.1/a.pdf", "document_url_unreachable"),
        ("https://localhost/a.pdf", "document_url_unreachable"),
        ("http://169.254.169.254/latest/meta-data/", "document_url_unreachable"),
    ],
)
def test_a_document_that_can_not_be_had_fails_its_job_and_says_why(onlooker, submit, document_host, url, code):
    job_id = submit(url.format(host=document_host))
    answer = onlooker.api.wait_until_ended(job_id)
    assert answer.status == answer.body["status"] == 422
    job = onlooker.job(job_id)
    assert (job.failure.code, job.failure.fault) == (code, Fault.DOCUMENT)
    assert answer.body["message"] == job.failure.text
    assert onlooker.drafts(job_id) == []
    event = the_one_event(onlooker, job_id)
    Draft7Validator(failed_schema()).validate(event)
    assert event["data"]["failure_code"] == code


def test_a_document_nobody_asked_for_is_asked_for_by_the_reconciler(onlooker, submit, document_host):
    job_id = submit(f"http://{document_host}/{NAME}.pdf", ask=False)
    onlooker.invoke("ReconcileJobsFunction", {"check": "all"})
    assert onlooker.api.wait_until_ended(job_id).status == 200


def test_a_request_that_comes_three_times_gives_one_document_and_one_draft(onlooker, submit, document_host, stack):
    job_id = submit(f"http://{document_host}/{NAME}.pdf")
    job = onlooker.job(job_id)
    for _ in range(2):
        FetchQueue(stack["outputs"]["FetchQueueUrl"]).ask(job.key, job.attempt)
    assert onlooker.api.wait_until_ended(job_id).status == 200
    onlooker.document(job_id)  # fails unless there is one version
    assert len(onlooker.drafts(job_id)) == 1
    the_one_event(onlooker, job_id)
