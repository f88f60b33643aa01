"""First step of JobCompletion: who is to be paid, as a MatchOutcome."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from paydraft.matching.match import match
from paydraft.model.errors import PermanentError
from paydraft.model.steps import Step
from paydraft.runtime.settings import MatchSettings
from paydraft.runtime.telemetry import correlated
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.results import ResultStore

SERVICE = "match_counterparty"


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The MatchOutcome of the step's invoice, as JSON; raises only what the state machine retries by name."""
    step = Step.model_validate(event)
    settings = MatchSettings.load()
    with correlated(SERVICE, step.job_id, attempt=step.attempt) as log:
        invoice = ResultStore(settings.documents_bucket).invoice(step.key, step.attempt)
        if invoice is None:
            raise PermanentError("this attempt left no result")
        directory = CounterpartyStore(settings.counterparties_table).directory(
            step.tenant_id, iban=invoice.iban, vat_number=invoice.seller.vat_number, email=invoice.seller.email
        )
        outcome = match(invoice, directory)
        log.info("payee matched", match=outcome.kind, own_account=outcome.own_account)
        return outcome.model_dump(mode="json", exclude_none=True)
