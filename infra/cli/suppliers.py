"""`paydraft counterparties import`: put a supplier list (CSV) on file.

Columns: legal_name (required), vat_number, iban, bic, email, street, postal_code, city, country, own (yes for the
tenant's own company, whose accounts are never payees). A row that is on file already is left as it is.
"""

import argparse
import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from infra.cli import target
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.counterparty import Account, Counterparty
from paydraft.model.errors import CounterpartyExistsError
from paydraft.model.invoice import Address
from paydraft.stores.counterparties import CounterpartyStore

COLUMNS = ("legal_name", "vat_number", "iban", "bic", "email", "street", "postal_code", "city", "country", "own")
ON_FILE = "on file already, left as it is"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `counterparties import`."""
    parsers = commands.add_parser("counterparties", help="the suppliers on file").add_subparsers(required=True)
    about = f"The first line names the columns, of these: {', '.join(COLUMNS)}. "
    about += "Only legal_name must be there; own is yes for your own company, whose accounts are never payees."
    load = parsers.add_parser("import", help="put a CSV list of suppliers on file", description=about)
    load.add_argument("file", type=Path, help="a CSV file in UTF-8, separated by commas")
    target.add_arguments(load)
    load.add_argument("--tenant", help="whose suppliers they are (default: the served stack's tenant)")
    load.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    tenant_id = target.tenant_of(place, arguments.tenant)
    added = known = refused = 0
    for number, message in import_file(place, tenant_id, arguments.file):
        added += message is None
        known += message == ON_FILE
        refused += message not in (None, ON_FILE)
        if message is not None:
            print(f"{arguments.file}:{number}: {message}")
    print(f"{added} put on file, {known} on file already, {refused} not taken")
    return 1 if refused else 0


def import_file(place: target.Target, tenant_id: str, file: Path) -> Iterator[tuple[int, str | None]]:
    """Import row by row; yields each line's number with None or what stopped that row. TargetError: no such list."""
    store = CounterpartyStore(place.outputs["CounterpartiesTable"])
    for number, row in _rows(file):
        if row is None:
            yield number, "more values than columns: put a value that holds a comma in double quotes"
        else:
            yield number, _import_row(store, tenant_id, row)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str] | None]]:
    try:
        lines = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig", newline=""), newline=""))
        columns = [name.strip() for name in lines.fieldnames or ()]
    except OSError as problem:
        raise target.TargetError(f"{file} can't be read: {problem.strerror}. Name a CSV file.") from None
    except (UnicodeDecodeError, csv.Error):
        raise target.TargetError(f"{file} is not CSV in UTF-8. Export the list again as 'CSV UTF-8'.") from None
    if "legal_name" not in columns or not set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise target.TargetError(
            f"{file} must name its columns in the first line, separated by commas, legal_name among them. "
            f"Known are {', '.join(COLUMNS)}."
        )
    lines.fieldnames = columns
    for row in lines:
        yield lines.line_num, None if None in row else {name: (value or "").strip() for name, value in row.items()}


def _import_row(store: CounterpartyStore, tenant_id: str, row: dict[str, str]) -> str | None:
    now, counterparty_id = datetime.now(UTC), uuid4()
    if not row.get("legal_name"):
        return "legal_name is empty: fill it in"
    iban = Iban.parse(row["iban"]) if row.get("iban") else None
    if row.get("iban") and iban is None:
        return "the IBAN fails its check: correct it"
    bic = Bic.parse(row["bic"]) if row.get("bic") else None
    if row.get("bic") and bic is None:
        return "the BIC is none: correct it, or leave it empty"
    if not re.fullmatch(r"([A-Z]{2})?", row.get("country", "")):
        return "the country is no code of two capital letters: write DE for Germany, or leave it empty"
    counterparty = Counterparty(
        counterparty_id=counterparty_id,
        legal_name=row["legal_name"],
        vat_number=row.get("vat_number") or None,
        email=row.get("email") or None,
        address=Address(**{part: row.get(part) or None for part in ("street", "postal_code", "city", "country")}),
        own=row.get("own", "").lower() in ("yes", "true", "1"),
        created_at=now,
        created_by="import",
    )
    accounts: tuple[Account, ...] = ()
    if iban is not None:
        accounts = (
            Account(
                account_id=uuid4(),
                counterparty_id=counterparty_id,
                iban=iban,
                bic=bic,
                is_primary=True,
                created_at=now,
                created_by="import",
            ),
        )
    try:
        store.add(tenant_id, counterparty, accounts)
    except CounterpartyExistsError:
        return ON_FILE
    return None
