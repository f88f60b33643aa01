"""Deleting a job: whatever it was doing, and wherever the deletion is killed, nothing of it is left or comes back."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.credential import Scope
from paydraft.model.errors import NotAnInvoiceError
from paydraft.model.ids import transfer_id_of
from paydraft.model.job import DOCUMENT_GRACE, LEASE
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Ending, Outcome
from paydraft.model.transfer import TransferStatus
from paydraft.stores.completion import Completion
from paydraft.stores.documents import DocumentStore
from paydraft.stores.transfers import TransferStore
from paydraft.workflows.erase_job import is_in_use
from tests.builders import A_PDF, NOW, a_document, a_draft, a_job, a_place, a_step, after, an_object
from tests.crash_points import crash_everywhere
from tests.moto_stack import moto_stack
from tests.repzo import APP, JOBS, RepzoTenant, an_input

DELETED = {"success": True, "message": "OCR invoice job deleted successfully"}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def fresh():
    """A stack of one's own: what a hundred cases leave behind makes the stand-in slow."""
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def tenant(aws):
    return RepzoTenant(f"delete-{next(_numbers)}", aws)


@pytest.fixture
def client(tenant):
    return tenant.holder()


def waiting(tenant):
    """A job that nobody has started."""
    return tenant.row(tenant.holder().ask("POST", JOBS, an_input()).json["data"]["_id"])


def being_fetched(tenant):
    job = waiting(tenant)
    tenant.holder().ask("POST", f"{JOBS}/{job.short_id}/process")
    return tenant.jobs.get(job.key)


STATES = {
    "created": waiting,
    "being fetched": being_fetched,
    "queued": RepzoTenant.queued,
    "being read": RepzoTenant.reading,
    "extracted": RepzoTenant.extracted,
    "completed": RepzoTenant.completed,
}


def drafted(tenant, job, **fields):
    transfers = TransferStore(tenant.aws["TransfersTable"])
    made = a_draft(job, transfer_id=transfer_id_of(job.job_id), **fields)
    transfers.write(None, made, AuditEntry.of(None, made, Action.DRAFTED, "paydraft"))
    return made


def transfer_of(tenant, job):
    return TransferStore(tenant.aws["TransfersTable"]).get(tenant.name, transfer_id_of(job.job_id))


def look_ups(tenant, job):
    """What leads to the job; not that some document had these bytes first, which names no content."""
    return [sk for sk in tenant.items(job) if not sk.startswith("SHA#")]


def gone(tenant, job):
    """That nothing of the job is left but, for a while, the mark for who still works on it."""
    assert tenant.objects(job) == []
    assert set(look_ups(tenant, job)) <= {f"JOB#{job.job_id}"}
    assert tenant.lists.by_short_id(tenant.name, job.short_id) is None
    assert tenant.lists.summaries(tenant.name) == []
    row = tenant.jobs.get(job.key)
    assert row is None or row.status is Status.CANCELLED


def later(tenant, job):
    """The reconciler's run after a reader's lease is over; the row's moments are moved instead of the clock."""
    row = tenant.jobs.get(job.key)
    if row:
        past = {name: getattr(row, name) and getattr(row, name) - 2 * LEASE for name in ("updated_at", "completed_at")}
        expression = "SET updated_at = :u, completed_at = :u, next_check_at = :u"
        tenant.aws.client("dynamodb").update_item(
            TableName=tenant.aws["JobsTable"],
            Key={"tenant_id": {"S": tenant.name}, "sk": {"S": f"JOB#{job.job_id}"}},
            UpdateExpression=expression,
            ExpressionAttributeValues={":u": {"S": past["updated_at"].isoformat().replace("+00:00", "Z")}},
        )
    tenant.aws.invoke("ReconcileJobsFunction", {"check": "all"})


@pytest.mark.parametrize("state", STATES)
def test_a_deleted_job_is_gone_whatever_it_was_doing(tenant, client, state):
    job = STATES[state](tenant)
    answer = client.ask("DELETE", f"{JOBS}/{job.short_id}")
    assert (answer.status, answer.json) == (200, DELETED)
    gone(tenant, job)
    missing = client.get(f"{JOBS}/{'0' * 24}")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/process"), ("GET", "/results")):
        answer = client.ask(method, f"{JOBS}/{job.short_id}{path}")
        assert (answer.status, answer.text) == (404, missing.text)
    later(tenant, job)
    assert look_ups(tenant, job) == []


@pytest.mark.parametrize("state", STATES)
def test_every_dialect_answers_404_afterwards(tenant, client, state):
    job = STATES[state](tenant)
    client.ask("DELETE", f"{JOBS}/{job.short_id}")
    asked = {
        "ApiInvoicesV2Function": (f"/v1/invoices/ocr/{job.job_id}", f"/v2/invoices/ocr/{job.job_id}"),
        "ApiInvoicesV1Function": (f"/v1/invoices/{job.invoice_id}/ocr", f"/v1/invoices/{job.invoice_id}"),
        "ApiOcrTasksFunction": (f"/v1/ocr_tasks/{job.job_id}",),
    }
    for function, paths in asked.items():
        holder = tenant.holder(*APP, Scope.DOCUMENTS_READ, function=function)
        for path in paths:
            headers = {"authorization": f"Bearer {holder.key}", "x-monite-version": "2024-05-25"}
            assert holder.http.request("GET", path, None, headers).status == 404, path
    tasks = tenant.holder(*APP, function="ApiOcrTasksFunction")
    headers = {"authorization": f"Bearer {tasks.key}", "x-monite-version": "2024-05-25"}
    assert tasks.http.request("GET", "/v1/ocr_tasks", None, headers).json["data"] == []


def test_a_number_is_free_as_soon_as_its_job_is_deleted(client, tenant):
    job = being_fetched(tenant)
    client.ask("DELETE", f"{JOBS}/{job.short_id}")
    second = client.ask("POST", JOBS, an_input()).json["data"]["_id"]
    later(tenant, job)  # takes the old row away, and nothing of the new job
    assert client.get(f"{JOBS}/{second}").status == 200
    assert client.ask("POST", JOBS, an_input()).status == 400


def test_a_late_reader_a_late_event_and_a_late_end_change_nothing(aws, tenant, client):
    job = tenant.reading()
    client.ask("DELETE", f"{JOBS}/{job.short_id}")
    event = {"tenant_id": tenant.name, "job_id": str(job.job_id), "attempt": 1}
    aws.invoke("FinishJobFunction", event | {"outcome": "failed"})
    with pytest.raises(Exception, match="job"):
        tenant.jobs.record_document(job.key, 1, a_document(), now=datetime.now(UTC))
    with pytest.raises(Exception, match="job"):
        tenant.jobs.begin(job.key, 1, an_object(job), owner="late", now=datetime.now(UTC) + LEASE)
    tenant.results.put_pages(job.key, 1, b"{}")  # written by a reader that has not noticed yet
    gone_but_pages = [key for key in tenant.objects(job) if not key.endswith("pages.json")]
    assert gone_but_pages == []
    later(tenant, job)
    assert (tenant.objects(job), look_ups(tenant, job)) == ([], [])
    aws.invoke("FinishJobFunction", event | {"outcome": "failed"})
    assert look_ups(tenant, job) == []


def test_the_execution_of_a_deleted_job_is_stopped_after_the_job_was_marked(aws, tenant, client):
    job = tenant.extracted()
    step = a_step(job, outcome=Outcome.EXTRACTED)
    marks = []

    def slow_match(event, _):
        client.ask("DELETE", f"{JOBS}/{job.short_id}")
        row = tenant.jobs.get(job.key)
        marks.append(row and row.status)
        return {"kind": "not_found"}

    aws.handlers["MatchCounterpartyFunction"] = slow_match
    try:
        Completion(aws["JobCompletion"]).start(step)
        ended = aws.execution(job.job_id)
    finally:
        del aws.handlers["MatchCounterpartyFunction"]
    assert ended["status"] == "ABORTED"
    assert marks == [None]
    gone(tenant, job)


# ── its transfer ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [TransferStatus.APPROVED, TransferStatus.EXPORTED])
def test_a_job_whose_payment_was_approved_stays(tenant, client, status):
    job = tenant.completed()
    drafted(tenant, job, status=status)
    kept = (tenant.objects(job), tenant.items(job), transfer_of(tenant, job))
    answer = client.ask("DELETE", f"{JOBS}/{job.short_id}")
    assert (answer.status, answer.json["success"]) == (400, False)
    assert "approved or exported" in answer.json["message"]
    assert (tenant.objects(job), tenant.items(job), transfer_of(tenant, job)) == kept


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"edited_by": "bob", "editors": ("bob",)},
        {"status": TransferStatus.PENDING_APPROVAL, "submitted_by": "bob", "submitted_at": NOW},
    ],
    ids=["untouched", "edited", "pending"],
)
def test_any_other_transfer_is_given_up_with_its_history(tenant, client, fields):
    job = tenant.completed()
    before = drafted(tenant, job, **fields)
    assert client.ask("DELETE", f"{JOBS}/{job.short_id}").status == 200
    closed = transfer_of(tenant, job)
    assert (closed.status, closed.note, closed.version) == (
        TransferStatus.CANCELLED,
        "job_deleted",
        before.version + 1,
    )
    entries = TransferStore(tenant.aws["TransfersTable"]).audit(tenant.name, closed.transfer_id)
    assert [(one.action, one.by) for one in entries] == [(Action.DRAFTED, "paydraft"), (Action.CLOSED, "alice")]


# ── killed anywhere ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow  # some hundred deletions
@pytest.mark.parametrize("state", ["created", "being read", "completed"])
def test_wherever_a_deletion_is_killed_the_next_one_completes_it(fresh, state):
    aws, clients = fresh, {}

    def arrange():
        tenant = RepzoTenant(f"delete-{next(_numbers)}", aws)
        job = STATES[state](tenant)
        drafted(tenant, job)
        clients[job.job_id] = tenant, tenant.holder()
        return job

    def deliver(job):
        clients[job.job_id][1].ask("DELETE", f"{JOBS}/{job.short_id}")

    def check(job):
        tenant = clients[job.job_id][0]
        gone(tenant, job)
        assert transfer_of(tenant, job).status is TransferStatus.CANCELLED
        aws.published()

    assert crash_everywhere(arrange, deliver, check) >= 20


@pytest.mark.slow  # some hundred deletions
@pytest.mark.parametrize("state", ["being read", "completed"])
def test_wherever_a_deletion_is_killed_the_reconciler_completes_what_was_begun(fresh, state):
    aws, tenants, begun = fresh, {}, set()

    def arrange():
        tenant = RepzoTenant(f"delete-{next(_numbers)}", aws)
        job = STATES[state](tenant)
        tenants[job.job_id] = tenant
        return job

    def deliver(job):
        """First the deletion, then runs of the reconciler."""
        tenant = tenants[job.job_id]
        if job.job_id not in begun:
            begun.add(job.job_id)
            tenant.holder().ask("DELETE", f"{JOBS}/{job.short_id}")
        elif (row := tenant.jobs.get(job.key)) and row.status is Status.CANCELLED:
            later(tenant, job)

    def check(job):
        tenant = tenants[job.job_id]
        row = tenant.jobs.get(job.key)
        if row is None:  # else the deletion died before it had begun, or is not told apart from a running one
            assert (tenant.objects(job), look_ups(tenant, job)) == ([], [])
        else:
            assert row.status is not Status.CANCELLED or is_in_use(row, datetime.now(UTC))

    assert crash_everywhere(arrange, deliver, check) >= 12


def test_a_job_that_was_started_again_is_deleted_too(tenant, client):
    job = tenant.completed()
    client.ask("POST", f"{JOBS}/{job.short_id}/process")
    running = tenant.jobs.get(job.key)
    assert running.attempt == 2
    assert client.ask("DELETE", f"{JOBS}/{job.short_id}").status == 200
    gone(tenant, job)


@pytest.mark.parametrize(
    ("fields", "in_use"),
    [
        ({"started_at": NOW, "original": True}, True),
        ({"original": None, "source_url": "https://example.com/a.pdf"}, True),  # a fetch may be on its way
        ({"original": True}, False),  # in its queue: whoever takes it up finds the job cancelled
        ({"started_at": NOW, "original": True, "extracted_attempt": 1}, False),
        ({"original": None, "opened_at": None}, False),
        ({"started_at": NOW, "original": True, "completed_at": after(minutes=-9)}, False),  # had ended by itself
    ],
)
def test_a_row_stays_only_while_somebody_may_write_for_it(fields, in_use):
    job = a_job(status=Status.CANCELLED, completed_at=NOW)
    original = an_object(job) if fields.pop("original") else None
    job = job.model_copy(update=fields | {"original": original})
    assert is_in_use(job, NOW + timedelta(seconds=1)) is in_use
    assert not is_in_use(job, NOW + LEASE)


def test_a_job_that_ended_a_moment_ago_tells_so_before_it_goes(aws, tenant, client):
    job = tenant.reading()
    tenant.jobs.finish(
        job.key, 1, Ending(status=Status.FAILED, failure=NotAnInvoiceError().failure), now=datetime.now(UTC)
    )
    aws.published()
    assert client.ask("DELETE", f"{JOBS}/{job.short_id}").status == 200
    gone(tenant, job)
    assert [note["Message"]["data"]["status"] for note in aws.published()] == ["failed"]


def test_a_document_that_comes_late_by_its_ticket_is_erased_too(tenant, client):
    job = a_job(tenant_id=tenant.name, status=Status.CREATED, created_at=datetime.now(UTC))
    tenant.jobs.put_new(job)
    client.ask("DELETE", f"{JOBS}/{job.short_id}")
    DocumentStore(tenant.aws["DocumentsBucket"]).put_new(a_place(job), A_PDF, MediaType.PDF)
    row = tenant.jobs.get(job.key)
    assert is_in_use(row, row.updated_at + DOCUMENT_GRACE - timedelta(seconds=1))
    assert not is_in_use(row, row.updated_at + DOCUMENT_GRACE)
    tenant.aws.invoke("ReconcileJobsFunction", {"check": "all"})
    assert (tenant.objects(job), look_ups(tenant, job)) == ([], [f"JOB#{job.job_id}"])


def test_another_jobs_objects_stay(tenant, client):
    first, second = tenant.completed(), tenant.completed()
    client.ask("DELETE", f"{JOBS}/{first.short_id}")
    assert len(tenant.objects(second)) == 3
    assert client.get(f"{JOBS}/{second.short_id}").status == 200


def test_all_versions_of_a_document_go(tenant, client):
    job = tenant.completed()
    tenant.aws.client("s3").put_object(Bucket=tenant.aws["DocumentsBucket"], Key=job.original.key, Body=b"again")
    tenant.aws.client("s3").delete_object(Bucket=tenant.aws["DocumentsBucket"], Key=job.original.key)
    assert len(tenant.objects(job)) == 5
    client.ask("DELETE", f"{JOBS}/{job.short_id}")
    assert tenant.objects(job) == []
    assert DocumentStore(tenant.aws["DocumentsBucket"]).find(job.original.key) is None
    assert json.loads(client.list().text)["total"] == 0
