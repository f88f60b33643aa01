"""An invoice by the tenant's integer: a job's, or one that was written down."""

import re
from dataclasses import dataclass

from api_invoices_v1.errors import InvoiceIdError, RecordNotFoundError
from paydraft.model.job import Job
from paydraft.model.status import Status
from paydraft.model.stored_invoice import StoredInvoice
from paydraft.stores.documents import DocumentStore
from paydraft.stores.invoices import InvoiceStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore

_ID = re.compile(r"0{0,9}[1-9][0-9]{0,11}")  # look-ups hold twelve digits


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    jobs: JobStore
    lists: JobLists
    written: InvoiceStore
    documents: DocumentStore
    results: ResultStore
    transfers: TransferStore


def number_of(text: str) -> int:
    """The integer of a path; raises InvoiceIdError."""
    if not text.isascii() or not _ID.fullmatch(text):
        raise InvoiceIdError
    return int(text)


def find(stores: Stores, tenant_id: str, number: int) -> Job | StoredInvoice:
    """The tenant's invoice; a deleted job's is gone. Raises RecordNotFoundError."""
    key = stores.lists.by_invoice_id(tenant_id, number)
    found = stores.jobs.get(key) if key else stores.written.by_number(tenant_id, number)
    if found is None or (isinstance(found, Job) and found.status is Status.CANCELLED):
        raise RecordNotFoundError
    return found
