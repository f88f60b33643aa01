"""The real state machine around the real functions: whatever a step does, the job ends, once, and says how."""

import pytest

from create_draft_transfer import handler as create_draft_transfer
from finish_job import handler as finish_job
from match_counterparty import handler as match_counterparty
from paydraft.model.errors import EncryptedDocumentError, PermanentError, TransientError
from paydraft.model.ids import transfer_id_of
from paydraft.model.status import Status
from paydraft.model.steps import Outcome
from paydraft.stores.completion import Completion
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from tests.builders import a_counterparty, a_job, a_step, an_account, an_invoice

MATCH, DRAFT, FINISH = "MatchCounterpartyFunction", "CreateDraftTransferFunction", "FinishJobFunction"
REAL = {MATCH: match_counterparty, DRAFT: create_draft_transfer, FINISH: finish_job}


def read(aws):
    job = a_job(status=Status.PROCESSING)
    JobStore(aws["JobsTable"]).put_new(job)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, 1, an_invoice())
    return job


def run(aws, job, **fields):
    Completion(aws["JobCompletion"]).start(a_step(job, **fields))
    return aws.execution(job.job_id)["status"]


def row(aws, job):
    return JobStore(aws["JobsTable"]).get(job.key)


def called(aws):
    return [function for function, _ in aws.calls]


def failing(aws, function, *errors):
    """The function raises these, one a call, and then works."""
    waiting = list(errors)

    def handler(event, context):
        if waiting:
            raise waiting.pop(0)
        return REAL[function].lambda_handler(event, context)

    aws.handlers[function] = handler


def test_a_read_document_is_matched_drafted_and_finished_in_this_order(aws):
    job, payee = read(aws), a_counterparty()
    CounterpartyStore(aws["CounterpartiesTable"]).add(job.tenant_id, payee, [an_account(payee)])
    assert run(aws, job) == "SUCCEEDED"
    assert called(aws) == [MATCH, DRAFT, FINISH]
    ended = row(aws, job)
    assert (ended.status, ended.match.counterparty_id) == (Status.COMPLETED, payee.counterparty_id)
    assert TransferStore(aws["TransfersTable"]).get(job.tenant_id, ended.transfer_id).account_id
    [note] = aws.published()
    assert note["Message"]["data"]["transfer_id"] == str(transfer_id_of(job.job_id))


def test_a_document_that_could_not_be_read_goes_straight_to_the_exit(aws):
    job = read(aws)
    failure = EncryptedDocumentError().failure
    assert run(aws, job, outcome=Outcome.FAILED, failure=failure) == "SUCCEEDED"
    assert called(aws) == [FINISH]
    assert (row(aws, job).status, row(aws, job).failure) == (Status.FAILED, failure)


@pytest.mark.parametrize("function", [MATCH, DRAFT])
def test_a_permanent_error_is_not_tried_again_and_fails_the_job(aws, function):
    job = read(aws)
    failing(aws, function, PermanentError("Erika Mustermann"))
    assert run(aws, job) == "SUCCEEDED"
    assert called(aws).count(function) == 1
    assert (row(aws, job).status, row(aws, job).failure.code) == (Status.FAILED, "internal_error")
    assert len(aws.published()) == 1


@pytest.mark.parametrize("function", [MATCH, DRAFT, FINISH])
def test_transient_errors_are_waited_out(aws, function):
    job = read(aws)
    failing(aws, function, TransientError(), TransientError())
    assert run(aws, job) == "SUCCEEDED"
    assert called(aws).count(function) == 3
    assert row(aws, job).status is Status.COMPLETED
    assert len(aws.published()) == 1


@pytest.mark.parametrize("function", [MATCH, DRAFT])
def test_an_unknown_error_is_tried_twice_more_and_then_fails_the_job(aws, function):
    job = read(aws)
    failing(aws, function, *(KeyError("DE89370400440532013000") for _ in range(9)))
    assert run(aws, job) == "SUCCEEDED"
    assert called(aws).count(function) == 3
    assert row(aws, job).failure.code == "internal_error"


def test_an_attempt_has_one_execution_however_often_it_is_started(aws):
    job = read(aws)
    for _ in range(3):
        assert run(aws, job) == "SUCCEEDED"
    assert called(aws) == [MATCH, DRAFT, FINISH]
    assert len(aws.published()) == 1
