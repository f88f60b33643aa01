"""`paydraft counterparties import`: put a supplier list (CSV) on file.

Columns: legal_name (required), vat_number, iban, bic, email, street, postal_code, city, country, own (yes for the
tenant's own company, whose accounts are never payees). A row that is on file already is left as it is.
"""

import argparse
import csv
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


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `counterparties import`."""
    parsers = commands.add_parser("counterparties", help="the suppliers on file").add_subparsers(required=True)
    load = parsers.add_parser("import", help="put a CSV list of suppliers on file")
    load.add_argument("file", type=Path)
    load.add_argument("--stack", help="a deployed stack; without it the one that `paydraft serve` runs")
    load.add_argument("--tenant", help="whose suppliers they are (default: the served stack's tenant)")
    load.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack)
    tenant_id = target.tenant_of(place, arguments.tenant)
    problems = 0
    for number, message in import_file(place, tenant_id, arguments.file):
        problems += message is not None and not message.startswith("on file")
        if message is not None:
            print(f"{arguments.file}:{number}: {message}")
    return 1 if problems else 0


def import_file(place: target.Target, tenant_id: str, file: Path) -> Iterator[tuple[int, str | None]]:
    """Import row by row; yields each line number with None, or with what stopped that row."""
    store = CounterpartyStore(place.outputs["CounterpartiesTable"])
    with file.open(newline="", encoding="utf-8-sig") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield number, _import_row(store, tenant_id, {k: (v or "").strip() for k, v in row.items() if k})


def _import_row(store: CounterpartyStore, tenant_id: str, row: dict[str, str]) -> str | None:
    now, counterparty_id = datetime.now(UTC), uuid4()
    if not row.get("legal_name"):
        return "legal_name is empty: fill it in"
    iban = Iban.parse(row["iban"]) if row.get("iban") else None
    if row.get("iban") and iban is None:
        return "the IBAN fails its check: correct it"
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
        bic = Bic.parse(row["bic"]) if row.get("bic") else None
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
        return "on file already, left as it is"
    return None
