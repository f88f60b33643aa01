"""Invoices that clients wrote down: IVC#<uuidv7> in JobsTable, found by their number through INV#<n> as jobs are."""

from collections.abc import Sequence
from uuid import UUID

from paydraft.model.errors import JobExistsError
from paydraft.model.stored_invoice import StoredInvoice
from paydraft.stores.items import item_of, plain, read_as
from paydraft.stores.paging import page_of
from paydraft.stores.table import ConditionFailedError, Put, Table, Write, put_together


class InvoiceStore:
    """Invoices by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def put_new(self, invoice: StoredInvoice, *, others: Sequence[Write] = ()) -> None:
        """Write the invoice, its number's look-up and `others`: all or none. Raises JobExistsError if one is taken."""
        key = {"tenant_id": invoice.tenant_id}
        number = item_of(key | {"sk": f"INV#{invoice.invoice_id:012}", "stored_invoice": invoice.id})
        row = item_of(key | {"sk": f"IVC#{invoice.id}"}) | item_of(invoice)
        try:
            put_together([Put(self._table.name, row), Put(self._table.name, number), *others])
        except ConditionFailedError as refused:
            raise JobExistsError(f"invoice {invoice.invoice_id}") from refused

    def get(self, tenant_id: str, invoice_id: UUID) -> StoredInvoice | None:
        """The invoice as written."""
        item = self._table.get(tenant_id=tenant_id, sk=f"IVC#{invoice_id}")
        return read_as(StoredInvoice, item) if item else None

    def by_number(self, tenant_id: str, number: int) -> StoredInvoice | None:
        """The invoice with the tenant's integer; None for a number that is free or a job's."""
        item = self._table.get(tenant_id=tenant_id, sk=f"INV#{number:012}")
        if item is None or "stored_invoice" not in item:
            return None
        return self.get(tenant_id, UUID(plain(item["stored_invoice"])))

    def page(
        self, tenant_id: str, *, after: UUID | None, limit: int, newest_first: bool
    ) -> tuple[tuple[StoredInvoice, ...], UUID | None]:
        """At most `limit` invoices behind `after`, and the id behind which the next page begins; None at the end."""
        return page_of(
            StoredInvoice, self._table, tenant_id, "IVC#", after=after, limit=limit, newest_first=newest_first
        )
