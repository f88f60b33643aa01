"""Second step of JobCompletion: the draft transfer, or why there is none, as a DraftOutcome."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from create_draft_transfer.drafting import Desk, Papers, drafted
from paydraft.model.errors import PermanentError
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.steps import Step
from paydraft.runtime.settings import DraftSettings
from paydraft.runtime.telemetry import correlated
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore

SERVICE = "create_draft_transfer"


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The DraftOutcome of the step, as JSON; a repeated call finds its own draft and answers the same."""
    step = Step.model_validate(event)
    settings = DraftSettings.load()
    with correlated(SERVICE, step.job_id, attempt=step.attempt) as log:
        papers = _papers(step, settings)
        outcome = drafted(papers, _desk(settings), now=datetime.now(UTC))
        log.info("draft decided", no_draft=outcome.no_draft, flags=outcome.flags)
        return outcome.model_dump(mode="json", exclude_none=True)


def _desk(settings: DraftSettings) -> Desk:
    return Desk(
        jobs=JobStore(settings.jobs_table),
        transfers=TransferStore(settings.transfers_table),
        counterparties=CounterpartyStore(settings.counterparties_table),
    )


def _papers(step: Step, settings: DraftSettings) -> Papers:
    job, invoice = _running_job(step, settings), _invoice(step, settings)
    if step.match is None:
        raise PermanentError("a draft needs a match")
    return Papers(job, invoice, step.match)


def _running_job(step: Step, settings: DraftSettings) -> Job:
    job = JobStore(settings.jobs_table).get(step.key)
    if job is None or job.attempt != step.attempt or job.status.is_final:
        raise PermanentError("the job has moved on")
    return job


def _invoice(step: Step, settings: DraftSettings) -> Invoice:
    invoice = ResultStore(settings.documents_bucket).invoice(step.key, step.attempt)
    if invoice is None:
        raise PermanentError("this attempt left no result")
    return invoice
