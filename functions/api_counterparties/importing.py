"""An import within the time of one request: what is done is told, and where to go on."""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from api_counterparties import requests, schemas, translate
from paydraft.runtime.operations import Caller
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.workflows.import_suppliers import Outcome, import_list

MOST_REPORTED = 1000  # rows of one answer, which is kept under its Idempotency-Key: an item holds 400 kB


def report(
    sent: requests.ImportRequest,
    store: CounterpartyStore,
    caller: Caller,
    *,
    seconds: float,
    clock: Callable[[], datetime],
    new_id: Callable[[], UUID],
) -> schemas.ImportReport:
    """Import from the line that was asked for, until the list, the time or the room of the answer is at its end."""
    end = time.monotonic() + seconds
    counts = dict.fromkeys(Outcome, 0)
    rows: list[schemas.ImportedRow] = []
    last, next_line = 0, None
    rows_told = import_list(
        sent.csv,
        store,
        caller.tenant_id,
        by=caller.credential.subject,
        clock=clock,
        new_id=new_id,
        from_line=sent.from_line,
    )
    for told in rows_told:
        counts[told.outcome] += 1
        last = told.line
        if told.outcome is not Outcome.ADDED:
            rows.append(translate.imported_row(told))
        if time.monotonic() > end or len(rows) == MOST_REPORTED:
            next_line = last + 1
            break
    return schemas.ImportReport(
        **{str(outcome): counts[outcome] for outcome in Outcome}, rows=tuple(rows), next_line=next_line
    )
