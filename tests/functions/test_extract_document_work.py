"""A document that has arrived is read once and its job goes on once, however often and in whatever shape it is told."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from extract_document.known import identity_keys
from extract_document.pages import PagesFile
from extract_document.sandbox import Advise, Extraction
from extract_document.trigger import Arrival
from extract_document.work import Desk, asks_for_payment, work
from paydraft.model.document import StoredObject
from paydraft.model.errors import EncryptedDocumentError, EngineError, InternalError, TransientError
from paydraft.model.hint import Hint, HintKind
from paydraft.model.invoice import DocumentType, Invoice, Party
from paydraft.model.job import LEASE, Job
from paydraft.model.media import MAX_DOCUMENT_BYTES, MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Outcome, Step
from paydraft.model.template import Advice, ReadingTemplate, Rule, RuleKind
from paydraft.stores.completion import Completion, ExecutionState
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.table import put_together
from paydraft.stores.templates import TemplateStore
from paydraft.transfers.learning import memory_keys
from tests.builders import A_PDF, IBANS, NOW, a_job, a_place, an_invoice
from tests.executions import executions, started, wait_for_all
from tests.moto_stack import MotoStack


@dataclass
class Reader:
    """Answers every document with the same invoice, or raises."""

    invoice: Invoice = field(default_factory=an_invoice)
    error: Exception | None = None
    languages: Sequence[str] = ()
    advice: Advice | None = None
    read: list[bytes] = field(default_factory=list)

    def extract(self, data: bytes, *, languages: Sequence[str], advise: Advise) -> Extraction:
        self.read.append(data)
        if self.error:
            raise self.error
        self.languages, self.advice = languages, advise(self.invoice)
        return Extraction(self.invoice, PagesFile(media_type=MediaType.PDF, pages=()))


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(aws: MotoStack, reader: Reader, clock: Clock) -> Iterator[Desk]:
    bucket = aws["DocumentsBucket"]
    yield Desk(
        bucket,
        JobStore(aws["JobsTable"]),
        DocumentStore(bucket),
        ResultStore(bucket),
        TemplateStore(aws["JobsTable"]),
        SupplierMemory(aws["TransfersTable"]),
        Completion(aws["JobCompletion"]),
        reader,
        clock,
    )
    wait_for_all(aws)


def an_accepted_job(desk: Desk, data: bytes = A_PDF) -> tuple[Job, StoredObject]:
    job = a_job()
    desk.jobs.put_new(job)
    return job, desk.documents.put_new(a_place(job), data, MediaType.PDF)


def tell(desk: Desk, job: Job, stored: StoredObject, owner: str = "message-1", **changes: object):
    told = {"bucket": desk.bucket, "key": stored.key, "version_id": stored.version_id, "owner": owner} | changes
    return work(Arrival(**told), a_place(job), desk)


def test_a_document_is_read_kept_and_passed_on(aws: MotoStack, desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk)

    report = tell(desk, job, stored)

    assert report.step == Step(
        tenant_id=job.tenant_id, job_id=job.job_id, attempt=job.attempt, outcome=Outcome.EXTRACTED
    )
    assert started(aws) == [report.step]
    assert desk.results.invoice(job.key, 1) == reader.invoice
    row = desk.jobs.get(job.key)
    assert row.source == row.original == stored
    assert (row.status, row.is_extracted) == (Status.PROCESSING, True)
    assert (row.document.media_type, row.document.size, len(row.document.sha256)) == (MediaType.PDF, len(A_PDF), 64)


def test_the_same_message_again_reads_nothing_and_starts_nothing(aws: MotoStack, desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk)

    for _ in range(3):
        tell(desk, job, stored)

    assert len(reader.read) == len(started(aws)) == 1


def test_another_message_while_the_lease_is_live_is_ignored(aws: MotoStack, desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk)
    tell(desk, job, stored)

    assert tell(desk, job, stored, owner="message-2") is None
    assert len(reader.read) == len(started(aws)) == 1


def test_another_message_after_the_lease_goes_on_with_what_was_read(aws: MotoStack, desk: Desk, reader: Reader, clock):
    job, stored = an_accepted_job(desk)
    tell(desk, job, stored)
    clock.now += LEASE + timedelta(seconds=1)

    assert tell(desk, job, stored, owner="message-2").step.outcome is Outcome.EXTRACTED
    assert len(reader.read) == len(started(aws)) == 1


def test_a_later_version_of_the_document_is_ignored(desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk)
    tell(desk, job, stored)

    assert tell(desk, job, stored, version_id="a-later-version") is None
    assert len(reader.read) == 1


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELLED])
def test_a_job_that_has_ended_is_left_alone(desk: Desk, reader: Reader, status: Status):
    job = a_job(status=status)
    desk.jobs.put_new(job)
    stored = desk.documents.put_new(a_place(job), A_PDF, MediaType.PDF)

    assert tell(desk, job, stored) is None
    assert reader.read == []


def test_an_object_in_another_bucket_or_of_no_job_is_left_alone(desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk)

    assert tell(desk, job, stored, bucket="somebody-elses") is None
    assert tell(desk, a_job(), stored) is None
    assert reader.read == []


def test_an_event_without_a_version_is_taken_for_the_latest(desk: Desk):
    job, stored = an_accepted_job(desk)

    tell(desk, job, stored, version_id=None)

    assert desk.jobs.get(job.key).source == stored


def test_an_event_without_a_version_for_what_is_not_there_is_left_alone(desk: Desk):
    job = a_job()
    desk.jobs.put_new(job)

    assert tell(desk, job, StoredObject(key=str(a_place(job)), version_id=""), version_id=None) is None


def test_a_fault_of_the_document_is_an_outcome(aws: MotoStack, desk: Desk, reader: Reader):
    reader.error = EncryptedDocumentError("a password is asked for")
    job, stored = an_accepted_job(desk)

    report = tell(desk, job, stored)

    (step,) = started(aws)
    assert step == report.step
    assert (step.outcome, step.failure.code) == (Outcome.FAILED, "encrypted_document")
    assert desk.results.invoice(job.key, 1) is None


def test_the_bytes_of_a_document_that_can_not_be_read_are_remembered(desk: Desk, reader: Reader):
    reader.error = EncryptedDocumentError("a password is asked for")
    job, stored = an_accepted_job(desk)

    tell(desk, job, stored)

    data = desk.documents.read(stored, limit=1_000)
    assert desk.jobs.first_with(job.tenant_id, hashlib.sha256(data).hexdigest()) == job.key


@pytest.mark.parametrize("error", [EngineError("no engine"), TransientError("later"), ValueError("unforeseen")])
def test_a_fault_of_ours_starts_nothing_and_comes_through(aws: MotoStack, desk: Desk, reader: Reader, error: Exception):
    reader.error = error
    job, stored = an_accepted_job(desk)

    with pytest.raises(type(error)):
        tell(desk, job, stored)

    assert started(aws) == []
    reader.error = None
    assert tell(desk, job, stored).step.outcome is Outcome.EXTRACTED


def test_a_reader_that_trips_over_a_document_ends_its_job_at_once_as_our_fault(aws: MotoStack, desk: Desk, reader):
    reader.error = InternalError("KeyError at somewhere.py:1")
    job, stored = an_accepted_job(desk)

    tell(desk, job, stored)

    (step,) = started(aws)
    assert (step.outcome, step.failure.code) == (Outcome.FAILED, "internal_error")


def test_a_document_that_is_too_large_is_not_fetched(aws: MotoStack, desk: Desk, reader: Reader):
    job, stored = an_accepted_job(desk, bytes(MAX_DOCUMENT_BYTES + 1))

    report = tell(desk, job, stored)

    assert report.step.failure.code == "document_too_large"
    assert reader.read == []


def test_what_asks_for_no_payment_is_told_so_and_what_was_read_is_kept(desk: Desk, reader: Reader):
    reader.invoice = Invoice(document_type=DocumentType.OTHER)
    job, stored = an_accepted_job(desk)

    reports = [tell(desk, job, stored) for _ in range(2)]

    assert [report.step.failure.code for report in reports] == ["not_an_invoice"] * 2
    assert len(reader.read) == 1
    assert desk.results.invoice(job.key, 1) == reader.invoice


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ({"document_type": DocumentType.OTHER}, False),
        ({"document_type": DocumentType.OTHER, "iban": IBANS[0]}, True),
        ({"document_type": DocumentType.OTHER, "total": Decimal(5)}, True),
        ({"document_type": DocumentType.OTHER, "amount_due": Decimal(5)}, True),
        ({"document_type": DocumentType.RECEIPT}, True),
    ],
)
def test_payment_is_asked_for_by_kind_account_or_amount(fields: dict, asks: bool):
    assert asks_for_payment(Invoice(**fields)) is asks


def test_the_execution_gets_no_more_than_identities_and_the_outcome(aws: MotoStack, desk: Desk):
    job, stored = an_accepted_job(desk)

    tell(desk, job, stored)

    (listed,) = executions(aws)
    text = aws.client("stepfunctions").describe_execution(executionArn=listed["executionArn"])["input"]
    assert IBANS[0] not in text
    assert desk.completion.state_of(job.job_id, 1) in ExecutionState
    assert desk.clock().tzinfo is UTC


TEMPLATE = ReadingTemplate(
    template_id="60f7b1b3e4b0e8b3f8b3f8b4",
    name="Bills",
    hints=(Hint(kind=HintKind.TEMPLATE, field="number", pattern=r"RE-\d+"),),
    languages=("de", "en"),
    least=0.9,
    rules=(Rule(field="due_date", kind=RuleKind.REQUIRED),),
    created_at=NOW,
    updated_at=NOW,
)


def read_with(desk: Desk, template_id: str | None) -> Invoice:
    job = a_job(template_id=template_id)
    desk.jobs.put_new(job)
    tell(desk, job, desk.documents.put_new(a_place(job), A_PDF, MediaType.PDF))
    return desk.results.invoice(job.key, 1)


def test_the_jobs_template_goes_to_the_reader(desk: Desk, reader: Reader):
    desk.templates.put("acme", TEMPLATE)

    assert read_with(desk, TEMPLATE.template_id) == reader.invoice
    assert (reader.languages, reader.advice) == (("de", "en"), TEMPLATE.advice)


@pytest.mark.parametrize("template_id", [None, "auto"])
def test_without_a_template_of_its_own_a_job_is_read_as_ever(desk: Desk, reader: Reader, template_id: str | None):
    assert read_with(desk, template_id) == reader.invoice
    assert (reader.languages, reader.advice) == ((), None)


@pytest.mark.parametrize("template_id", [None, "auto"])
def test_the_tenants_default_template_stands_for_auto(desk: Desk, reader: Reader, template_id: str | None):
    unread = TEMPLATE.model_copy(update={"unread": ("mood",)})
    desk.templates.put("acme", unread, default=True)
    invoice = read_with(desk, template_id)
    assert reader.languages == TEMPLATE.languages
    assert [(finding.code, finding.field) for finding in invoice.findings] == [("template_field_unknown", "mood")]


def test_a_template_that_is_not_there_or_another_tenants_is_said_to_be_missing(desk: Desk, reader: Reader):
    desk.templates.put("other", TEMPLATE)

    invoice = read_with(desk, TEMPLATE.template_id)

    assert [finding.code for finding in invoice.findings] == ["template_missing"]
    assert reader.advice is None


def test_template_and_memory_go_together_and_of_a_memory_only_what_an_invoice_has(desk: Desk, reader: Reader):
    known = Hint(kind=HintKind.MEMORY, field="number", shape="9-9")
    desk.templates.put("acme", TEMPLATE)
    keys = memory_keys(reader.invoice, None)
    put_together(desk.memory.learn("acme", keys, (known, known.model_copy(update={"field": "colour"}))))

    read_with(desk, TEMPLATE.template_id)

    assert reader.advice.hints == (*TEMPLATE.hints, known)
    assert reader.advice.rules == TEMPLATE.rules


def test_memory_is_opened_by_vat_number_and_account_and_by_no_name():
    named = an_invoice()
    vat, iban = identity_keys(named)
    assert {vat, iban} < set(memory_keys(named, None))
    assert identity_keys(named.model_copy(update={"seller": Party(name="Muster GmbH")})) == (iban,)
    assert identity_keys(an_invoice(iban=None, seller=Party(name="Muster GmbH"))) == ()
