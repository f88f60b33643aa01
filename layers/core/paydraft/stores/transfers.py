"""Draft transfers: TRF#<id>. A job's draft has an id made from the job's, so that drafting twice gives one draft."""

from uuid import UUID

from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.stores.items import read_as
from paydraft.stores.table import ConditionFailedError, Table

_KEY = {"tenant_id"}


class TransferStore:
    """Draft transfers by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def put_draft(self, draft: DraftTransfer) -> DraftTransfer:
        """Write a job's draft and answer what is stored then.

        A draft that stands is rewritten only by the same or a later attempt, and only while it is a `draft` that no
        person has edited; it keeps its first `created_at`. Else it stays, and is the answer: compare `attempt`.
        """
        values = dict(draft)
        present = {name: value for name, value in values.items() if value is not None and name not in _KEY}
        absent = sorted(values.keys() - present.keys() - _KEY)
        sets = (f"#{name} = {_first(name)}" for name in present)
        change = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(f'#{name}' for name in absent)}" if absent else "")
        try:
            item = self._table.update(
                {"tenant_id": draft.tenant_id, "sk": f"TRF#{draft.transfer_id}"},
                change,
                condition="attribute_not_exists(#sk) OR (#status = :untouched AND #attempt <= :attempt"
                " AND attribute_not_exists(#edited_by))",
                untouched=TransferStatus.DRAFT,
                **present,
            )
        except ConditionFailedError as refused:
            item = refused.standing[0] or {}
        return read_as(DraftTransfer, item)

    def get(self, tenant_id: str, transfer_id: UUID) -> DraftTransfer | None:
        """The transfer as last written."""
        item = self._table.get(tenant_id=tenant_id, sk=f"TRF#{transfer_id}")
        return read_as(DraftTransfer, item) if item else None


def _first(name: str) -> str:
    return "if_not_exists(#created_at, :created_at)" if name == "created_at" else f":{name}"
