"""`paydraft counterparties import` and `export`: a supplier list (CSV) onto the file, and off it.

Columns are those of paydraft/workflows/supplier_rows.py; only legal_name must be there. A row that is on file already
is left as it is.
"""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress

from infra.cli import target
from paydraft.model.counterparty_errors import SupplierListError, SupplierListTooLongError
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.workflows.import_suppliers import MAX_ROWS, ON_FILE, Outcome, Told, import_list
from paydraft.workflows.supplier_rows import COLUMNS, written

__all__ = ["COLUMNS", "ON_FILE", "add_commands", "import_file"]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `counterparties import` and `export`."""
    parsers = commands.add_parser("counterparties", help="the suppliers on file").add_subparsers(required=True)
    about = f"The first line names the columns, of these: {', '.join(COLUMNS)}. "
    about += "Only legal_name must be there; own is yes for your own company, whose accounts are never payees. "
    about += f"aliases and other_ibans are separated by semicolons. At most {MAX_ROWS} rows."
    load = parsers.add_parser("import", help="put a CSV list of suppliers on file", description=about)
    load.add_argument("file", type=Path, help="a CSV file in UTF-8, separated by commas")
    save = parsers.add_parser("export", help="write the active suppliers on file as such a list")
    save.add_argument("file", type=Path, help="the file to write; it must not be there yet")
    for parser, run in ((load, _import), (save, _export)):
        target.add_arguments(parser)
        parser.add_argument("--tenant", help="whose suppliers they are (default: the served stack's tenant)")
        parser.set_defaults(run=run)


def _import(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    tenant_id = target.tenant_of(place, arguments.tenant)
    counts = dict.fromkeys(Outcome, 0)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("putting suppliers on file", total=_line_count(arguments.file))
        for told in _told(place, tenant_id, arguments.file):
            counts[told.outcome] += 1
            progress.update(task, completed=told.line)
            if told.message is not None:
                print(f"{arguments.file}:{told.line}: {told.message}")
    known, refused = counts[Outcome.ON_FILE], counts[Outcome.DIFFERS] + counts[Outcome.REFUSED]
    print(f"{counts[Outcome.ADDED]} put on file, {known} on file already, {refused} not taken")
    return 1 if refused else 0


def _export(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    tenant_id = target.tenant_of(place, arguments.tenant)
    lines = written(CounterpartyStore(place.outputs["CounterpartiesTable"]).files(tenant_id))
    try:
        with arguments.file.open("x", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as problem:
        raise target.TargetError(
            f"{arguments.file} can't be written: {problem.strerror}. Name a file that is not there yet."
        ) from None
    print(f"{arguments.file} written")
    return 0


def import_file(place: target.Target, tenant_id: str, file: Path) -> Iterator[tuple[int, str | None]]:
    """Import row by row; yields each line's number with None or what stopped that row. TargetError: no such list."""
    for told in _told(place, tenant_id, file):
        yield told.line, told.message


def _told(place: target.Target, tenant_id: str, file: Path) -> Iterator[Told]:
    store = CounterpartyStore(place.outputs["CounterpartiesTable"])
    try:
        clock = partial(datetime.now, UTC)
        yield from import_list(_text(file), store, tenant_id, by="import", clock=clock, new_id=uuid4)
    except SupplierListTooLongError:
        raise target.TargetError(f"{file} has more than {MAX_ROWS} rows. Import it in parts.") from None
    except SupplierListError:
        raise target.TargetError(
            f"{file} must be CSV and name its columns in the first line, separated by commas, legal_name among them. "
            f"Known are {', '.join(COLUMNS)}."
        ) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig", newline="")
    except OSError as problem:
        raise target.TargetError(f"{file} can't be read: {problem.strerror}. Name a CSV file.") from None
    except UnicodeDecodeError:
        raise target.TargetError(f"{file} is not CSV in UTF-8. Export the list again as 'CSV UTF-8'.") from None


def _line_count(file: Path) -> int | None:
    try:
        return file.read_bytes().count(b"\n")
    except OSError:
        return None
