"""Second step of JobCompletion: the draft transfer, or why there is none, as a DraftOutcome."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from paydraft.model.counterparty import Account, Counterparty, MatchOutcome
from paydraft.model.errors import PermanentError
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.steps import DraftOutcome, Step
from paydraft.model.transfer import NoDraft
from paydraft.runtime.settings import DraftSettings
from paydraft.runtime.telemetry import correlated
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.draft import draft

SERVICE = "create_draft_transfer"


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The DraftOutcome of the step, as JSON; a repeated call finds its own draft and answers the same."""
    step = Step.model_validate(event)
    settings = DraftSettings.load()
    now = datetime.now(UTC)
    with correlated(SERVICE, step.job_id, attempt=step.attempt) as log:
        job, invoice, match = _running_job(step, settings), _invoice(step, settings), _match(step)
        counterparty, account = _payee(step.tenant_id, match, settings)
        proposal = draft(job, invoice, match, counterparty, account, now=now, today=now.date())
        if isinstance(proposal, NoDraft):
            outcome = DraftOutcome(no_draft=proposal)
        else:
            stored = TransferStore(settings.transfers_table).put_draft(proposal)
            outcome = DraftOutcome(transfer_id=stored.transfer_id, flags=tuple(flag.code for flag in stored.flags))
        log.info("draft decided", no_draft=outcome.no_draft, flags=outcome.flags)
        return outcome.model_dump(mode="json", exclude_none=True)


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


def _match(step: Step) -> MatchOutcome:
    if step.match is None:
        raise PermanentError("a draft needs a match")
    return step.match


def _payee(tenant_id: str, match: MatchOutcome, settings: DraftSettings) -> tuple[Counterparty | None, Account | None]:
    """The counterparty and account that were found, as they stand now; either may be gone since."""
    if match.counterparty_id is None:
        return None, None
    store = CounterpartyStore(settings.counterparties_table)
    counterparty = store.get(tenant_id, match.counterparty_id)
    if counterparty is None or not counterparty.active:
        return None, None
    account = store.account(tenant_id, match.counterparty_id, match.account_id) if match.account_id else None
    return counterparty, account if account and account.active else None
