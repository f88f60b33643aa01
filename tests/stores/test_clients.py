"""Which failures of AWS are worth another try: told in one place, and told right."""

import json

import pytest
from botocore.exceptions import ClientError

from paydraft.model.document import StoredObject
from paydraft.model.errors import TransientError
from paydraft.model.media import MediaType
from paydraft.stores.bucket import Bucket
from paydraft.stores.clients import client
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from tests.builders import A_PDF, TENANT, a_job, a_place, a_step
from tests.fault_injection import answers, broken_connections, cut_bodies, flipped_bodies, lost_answers


@pytest.fixture
def jobs(aws):
    return JobStore(aws["JobsTable"], aws["TransientTable"])


@pytest.fixture
def documents(aws):
    return DocumentStore(aws["DocumentsBucket"])


def code(name):
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": "no"})


@pytest.mark.parametrize("status", [500, 503])
def test_a_service_that_stays_broken_is_transient_after_four_tries(jobs, status):
    with answers("GetItem", status, "{}") as given, pytest.raises(TransientError):
        jobs.get(a_job().key)
    assert len(given) == 4


@pytest.mark.parametrize(
    "name",
    [
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionConflictException",
    ],
)
def test_a_throttle_is_transient(jobs, name):
    with answers("UpdateItem", 400, code(name)), pytest.raises(TransientError):
        jobs.next_invoice_id(TENANT)


def test_a_short_trouble_is_not_even_noticed(jobs):
    with answers("UpdateItem", 503, "{}", times=2):
        assert jobs.next_invoice_id(TENANT) == 1


def test_a_connection_that_breaks_every_time_is_transient(jobs):
    with broken_connections("GetItem"), pytest.raises(TransientError):
        jobs.get(a_job().key)


@pytest.mark.parametrize("name", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_what_will_fail_again_keeps_its_own_name(jobs, name):
    with answers("GetItem", 400, code(name)) as given, pytest.raises(ClientError) as told:
        jobs.get(a_job().key)
    assert told.value.response["Error"]["Code"] == name
    assert len(given) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_s3_in_trouble_is_transient(documents, status):
    with answers("HeadObject", status, ""), pytest.raises(TransientError):
        documents.find("incoming/x")


def test_two_uploads_of_one_object_at_once_are_transient_for_the_one_s3_turns_away(documents):
    body = "<Error><Code>ConditionalRequestConflict</Code><Message>again</Message></Error>"
    with answers("PutObject", 409, body), pytest.raises(TransientError):
        documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)


def test_forbidden_is_not_missing(documents):
    with answers("HeadObject", 403, ""), pytest.raises(ClientError):
        documents.find("incoming/x")


def test_a_body_that_ends_early_is_transient(documents):
    stored = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    with cut_bodies(10), pytest.raises(TransientError):
        documents.read(stored, limit=1000)


def test_a_body_with_wrong_bytes_is_never_handed_on(documents):
    stored = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    with flipped_bodies(), pytest.raises(TransientError):
        documents.read(stored, limit=1000)
    assert documents.read(stored, limit=1000) == A_PDF


def test_a_full_state_machine_is_transient(aws):
    machine = Completion(aws["JobCompletion"])
    with answers("StartExecution", 400, code("ExecutionLimitExceeded")), pytest.raises(TransientError):
        machine.start(a_step())


def test_an_upload_whose_answer_is_lost_is_found_again_by_the_second_try(documents, aws):
    with lost_answers("PutObject"):
        stored = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    assert documents.find(stored.key) == stored
    versions = client("s3").list_object_versions(Bucket=aws["DocumentsBucket"])["Versions"]
    assert [version["VersionId"] for version in versions] == [stored.version_id]


def test_a_counter_whose_answer_is_lost_leaves_a_gap_and_gives_no_number_twice(jobs):
    with lost_answers("UpdateItem"):
        assert jobs.next_invoice_id(TENANT) == 2
    assert jobs.next_invoice_id(TENANT) == 3


def test_a_job_whose_answer_is_lost_is_written_once_and_not_taken_for_a_stranger(jobs):
    job = a_job()
    with lost_answers("TransactWriteItems"):
        jobs.put_new(job)
    assert jobs.get(job.key).job_id == job.job_id


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        (None, "https://a-bucket.s3.eu-west-1.amazonaws.com/"),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/a-bucket"),
        ("http://host.docker.internal:4566", "http://host.docker.internal:4566/a-bucket"),
    ],
)
def test_what_is_signed_for_others_names_the_buckets_region_or_the_emulators_one_address(
    monkeypatch, endpoint, address
):
    credentials = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    for name, value in ({"AWS_DEFAULT_REGION": "eu-west-1"} | credentials).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    client.cache_clear()
    try:
        form = Bucket("a-bucket").form("k", "application/pdf", (16, 100), seconds=60)
        obj = StoredObject(key="k", version_id="v")
        link = Bucket("a-bucket").link(obj, disposition="attachment", media_type="application/pdf", seconds=60)
    finally:
        client.cache_clear()
    assert form.url == address
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert link.startswith(f"{address.rstrip('/')}/k?")
    assert "X-Amz-Expires=60" in link
