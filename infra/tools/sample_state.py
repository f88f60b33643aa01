"""The state of the world that events/invoke/ speaks of: a caller, his jobs, their documents and results, in any stack.

Ids and token stand in the event files as they stand here; a document's version is known only once it is stored.
"""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from infra.cli.target import Target
from paydraft.model.bank_account import Iban
from paydraft.model.credential import APP_SCOPES, Credential, Scope, SubjectKind, hash_of, mint
from paydraft.model.document import IncomingKey, Lane, StoredObject
from paydraft.model.invoice import Invoice, Party
from paydraft.model.job import Dialect, Job
from paydraft.model.media import sniff
from paydraft.model.status import Status
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore

TENANT = "demo"
TOKEN = mint("local", bytes(range(32)))  # the credential is only ever put into stacks that are thrown away
VERSION = "SAMPLE-VERSION"  # stands in the events for the version of the document
TO_READ, TO_COMPLETE = 1, 2  # numbers of sample jobs
TO_REFUSE = 8  # its document lies where nothing is fetched from
JOBS = range(1, 10)


def job_id(number: int) -> UUID:
    """The id of a sample job: made in the year 2100, so that no reconciler ever finds it overdue.

    The number stands where also the short id holds it.
    """
    return UUID(f"03bb2cc3-d800-7000-8000-{number:04}00000000")


def seed(place: Target, document: Path, *, now: datetime) -> str:
    """Put everything there; the answer is the version of the document that waits to be read."""
    CredentialStore(place.outputs["CredentialsTable"]).add(_credential(now))
    jobs = JobStore(place.outputs["JobsTable"], place.outputs["TransientTable"])
    for number in JOBS:
        jobs.put_new(_job(number, now))
    reading = _job(TO_COMPLETE, now)
    jobs.begin(reading.key, 1, StoredObject(key=str(_place_of(TO_COMPLETE)), version_id="1"), owner="sample", now=now)
    ResultStore(place.outputs["DocumentsBucket"]).put_invoice(reading.key, 1, _INVOICE)
    data = document.read_bytes()
    media_type = sniff(data)
    assert media_type is not None
    return DocumentStore(place.outputs["DocumentsBucket"]).put_new(_place_of(TO_READ), data, media_type).version_id


def _credential(now: datetime) -> Credential:
    return Credential(
        token_hash=hash_of(TOKEN),
        token_id=UUID(int=1),
        tenant_id=TENANT,
        subject="sample",
        kind=SubjectKind.SERVICE,
        scopes=(*APP_SCOPES, Scope.TRANSFERS_READ, Scope.TRANSFERS_APPROVE, Scope.COUNTERPARTIES_READ),
        created_at=now,
    )


def _job(number: int, now: datetime) -> Job:
    return Job(
        tenant_id=TENANT,
        job_id=job_id(number),
        upload_id=UUID(int=number),
        invoice_id=900_000 + number,  # far from the numbers that the counter draws
        dialect=Dialect.COREBANQ_V2,
        subject="sample",
        source_url="https://localhost/invoice.pdf" if number == TO_REFUSE else None,
        status=Status.QUEUED,
        opened_at=now,
        updated_at=now,
    )


def _place_of(number: int) -> IncomingKey:
    return IncomingKey(lane=Lane.STANDARD, tenant_id=TENANT, job_id=job_id(number), attempt=1)


_INVOICE = Invoice(
    number="RE-2026-0042",
    seller=Party(name="Muster GmbH"),
    iban=Iban("DE89370400440532013000"),
    currency="EUR",
    total=Decimal("1190.00"),
)
