"""`paydraft demo`: sample documents through a throw-away stack over HTTP, as an app would send them, and what came out.

Its own state directory and port, removed at the end; a running `paydraft serve` is untouched. Exit code 0 only if every
document came out as its case says, and every one of them was announced by an event.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from infra.cli import stories, suppliers, target
from infra.cli.client import Answer, Client
from infra.cli.demo_report import print_event, print_run, print_verdict, say
from infra.cli.subscriber import Subscriber
from infra.local import environments
from infra.local.serve import running_stack
from paydraft.model.counterparty import Counterparty
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job, JobKey
from paydraft.model.transfer import DraftTransfer
from paydraft.stores.clients import client
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore

SAMPLES = Path("tests/golden")


@dataclass(frozen=True)
class Case:
    """A sample document, what it is, and how it must come out."""

    name: str
    title: str
    http_status: int = 200
    match: str | None = "not_found"
    failure: str | None = None
    has_draft: bool = True

    @property
    def document(self) -> Path:
        """Where the sample lies."""
        return next((SAMPLES / "documents").glob(f"{self.name}.*"))

    @property
    def fields(self) -> dict[str, Any]:
        """What is printed on it, by the names of the model's Invoice."""
        fields: dict[str, Any] = json.loads((SAMPLES / "expected" / f"{self.name}.json").read_text()).get("fields", {})
        return fields


CASES = (
    Case("de_column_header", "a born-digital PDF of a supplier on file", match="found"),
    Case("de_scan", "a scan of a supplier nobody knows"),
    Case("en_photo", "a photo taken with a phone"),
    Case("de_factur_x", "a PDF with the invoice embedded as XML"),
    Case("de_xrechnung", "an e-invoice without any picture"),
    Case("ch_qr_bill", "a Swiss QR-bill"),
    Case("fr_fax", "a French fax, as TIFF"),
    Case("us_without_iban", "an American invoice without an IBAN"),
    Case("de_credit_note", "a credit note: nothing to pay", match="found", has_draft=False),
    Case("encrypted", "a PDF that asks for a password", http_status=422, failure="encrypted_document", has_draft=False),
    Case("de_letter", "a letter", http_status=422, failure="not_an_invoice", has_draft=False),
)


@dataclass(frozen=True)
class Run:
    """One document's way through the stack. Times are epoch seconds."""

    case: Case
    answer: Answer
    accepted_ms: float
    job: Job
    invoice: Invoice | None
    draft: DraftTransfer | None
    counterparty: Counterparty | None
    execution_started: float | None

    def problems(self) -> Iterator[str]:
        """What did not come out as the case says."""
        answer, case = self.answer, self.case
        failure = self.job.failure.code if self.job.failure else None
        pairs = [
            ("HTTP status", answer.status, case.http_status),
            ("failure", failure, case.failure),
            ("match", answer.body.get("counterparty_match"), case.match if case.failure is None else None),
            ("draft", self.draft is not None, case.has_draft),
        ]
        yield from (f"{what} is {got}, not {wanted}" for what, got, wanted in pairs if got != wanted)
        yield from self._wrong_fields()

    def _wrong_fields(self) -> Iterator[str]:
        names = {"total": "total", "iban": "iban", "invoice_number": "number", "currency_code": "currency"}
        result = self.answer.body.get("result") or {}
        for shown, field in names.items():
            wanted = self.case.fields.get(field)
            if self.answer.status == 200 and wanted is not None and result.get(shown) != wanted:
                yield f"{shown} is {result.get(shown)!r}, not {wanted!r}"


def demo() -> int:
    """Run every case and print what came out; the exit code of the process."""
    environments.prepare()
    say("starting the stack: the real template.yaml and state machine in a throw-away folder")
    with tempfile.TemporaryDirectory(prefix="paydraft-demo-") as folder, running_stack(Path(folder)) as serve:
        place = target.use_local(serve)
        assert place.token is not None
        assert place.tenant_id is not None
        problems = [
            line for _, line in suppliers.import_file(place, place.tenant_id, SAMPLES / "suppliers.csv") if line
        ]
        subscriber = Subscriber(place.outputs["CompletionTopicArn"])
        say(f"API at {place.url}; suppliers on file from {SAMPLES / 'suppliers.csv'}")
        runs = []
        for number, case in enumerate(CASES, start=1):
            runs.append(_run(case, Client(place.url, place.token), place))
            print_run(number, runs[-1])
        problems += [f"{run.case.name}: {problem}" for run in runs for problem in run.problems()]
        events = subscriber.receive([str(run.job.job_id) for run in runs])
        print_event(events.get(str(runs[0].job.job_id)), len(events))
        problems += [f"{run.case.name}: no event arrived" for run in runs if str(run.job.job_id) not in events]
        say("\nand what becomes of drafts: alice sends documents, bob asks for approval, carol approves")
        problems += stories.tell(place)
    print_verdict(len(runs), len(stories.STORIES), problems)
    return 1 if problems else 0


def _run(case: Case, api: Client, place: target.Target) -> Run:
    begun = time.perf_counter()
    accepted = api.submit(case.document, idempotency_key=f"demo-{case.name}")
    accepted_ms = (time.perf_counter() - begun) * 1000
    if accepted.status != 202:
        raise target.TargetError(f"{case.document.name} was not accepted: {accepted.status} {accepted.body}")
    answer = api.wait_until_ended(accepted.body["job_id"])
    outputs, tenant_id = place.outputs, str(place.tenant_id)
    job = JobStore(outputs["JobsTable"]).get(JobKey(tenant_id=tenant_id, job_id=UUID(accepted.body["job_id"])))
    assert job is not None
    found = job.match.counterparty_id if job.match else None
    return Run(
        case=case,
        answer=answer,
        accepted_ms=accepted_ms,
        job=job,
        invoice=ResultStore(outputs["DocumentsBucket"]).invoice(job.key, job.attempt),
        draft=TransferStore(outputs["TransfersTable"]).get(tenant_id, job.transfer_id) if job.transfer_id else None,
        counterparty=CounterpartyStore(outputs["CounterpartiesTable"]).get(tenant_id, found) if found else None,
        execution_started=_execution_started(outputs["JobCompletionArn"], job),
    )


def _execution_started(state_machine_arn: str, job: Job) -> float | None:
    states = client("stepfunctions")
    arn = f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{job.job_id}-{job.attempt}"
    try:
        started: float = states.describe_execution(executionArn=arn)["startDate"].timestamp()
    except states.exceptions.ExecutionDoesNotExist:
        return None
    return started
