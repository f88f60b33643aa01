"""Put a supplier list on file, row by row: each row is a transaction of its own, and is told how it went."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from paydraft.model.counterparty_errors import SupplierListTooLongError
from paydraft.model.counterparty_file import CounterpartyFile, FileAction
from paydraft.model.errors import CounterpartyExistsError
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.workflows.supplier_rows import RowError, file_from, rows_of

MAX_ROWS = 10_000
ON_FILE = "on file already, left as it is"
TOO_MANY_VALUES = "more values than columns: put a value that holds a comma in double quotes"


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    ON_FILE = "on_file"  # all that identifies it is on file for one counterparty
    DIFFERS = "differs"  # a part of it is on file, for one counterparty or several: a person decides
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """How a row went; `line` is the one it ends in, the first is 1."""

    line: int
    outcome: Outcome
    message: str | None = None
    counterparty_id: UUID | None = None  # the new one, or the one on file


def import_list(
    text: str,
    store: CounterpartyStore,
    tenant_id: str,
    *,
    by: str,
    clock: Callable[[], datetime],
    new_id: Callable[[], UUID],
    from_line: int = 0,
) -> Iterator[Told]:
    """Put the rows from a line on, in order; raises SupplierListError, SupplierListTooLongError (before any row).

    A row that is on file is left as it is, so that the same list again changes nothing.
    """
    rows = list(rows_of(text))
    if len(rows) > MAX_ROWS:
        raise SupplierListTooLongError(details={"max_rows": MAX_ROWS})
    for line, row in rows:
        if line >= from_line:
            if row is None:
                yield _refused(line, TOO_MANY_VALUES)
            else:
                yield _put(line, row, store, tenant_id, partial(file_from, by=by, now=clock(), new_id=new_id))


def _put(
    line: int,
    row: dict[str, str],
    store: CounterpartyStore,
    tenant_id: str,
    made: Callable[[dict[str, str], str], CounterpartyFile],
) -> Told:
    try:
        file = made(row, tenant_id)
        store.add(
            tenant_id,
            file.counterparty,
            file.accounts,
            contacts=file.contacts,
            addresses=file.addresses,
            action=FileAction.IMPORTED,
        )
    except RowError as problem:
        return _refused(line, str(problem))
    except CounterpartyExistsError as exists:
        return _on_file(line, file, exists.taken)
    return Told(line, Outcome.ADDED, counterparty_id=file.counterparty_id)


def _on_file(line: int, file: CounterpartyFile, taken: dict[str, UUID]) -> Told:
    """A known VAT number beside an unknown IBAN is what a fraud looks like as well: nothing is changed by a list."""
    holders = set(taken.values())
    whose = holders.pop() if len(holders) == 1 else None
    party = file.counterparty
    given = {
        "iban": bool(file.accounts),
        "vat_number": bool(party.vat_number),
        "email": any(one.type == "email" for one in file.contacts),
    }
    new = [name for name, is_given in given.items() if is_given and name not in taken]
    if not taken:
        return Told(line, Outcome.ON_FILE, ON_FILE, file.counterparty_id)
    if whose is None:
        return Told(line, Outcome.DIFFERS, f"its {_and(taken)} are on file for different counterparties: look into it")
    if new:
        message = (
            f"its {_and(taken)} is on file, its {_and(new)} is not: change the counterparty on file if this is right"
        )
        return Told(line, Outcome.DIFFERS, message, whose)
    return Told(line, Outcome.ON_FILE, ON_FILE, whose)


def _and(names: "dict[str, UUID] | list[str]") -> str:
    return " and ".join(names)


def _refused(line: int, message: str) -> Told:
    return Told(line, Outcome.REFUSED, message)
