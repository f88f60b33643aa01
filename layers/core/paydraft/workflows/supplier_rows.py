"""A list of suppliers as CSV: the columns, and one row as a counterparty's file and back. Pure.

Spreadsheets run what begins with =, +, - or @: such a cell is written with an apostrophe in front, and read without it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.contact_value import parsed_value, phone_metadata
from paydraft.model.counterparty import Account, Contact, ContactType, Counterparty, CounterpartyType, FiledAddress
from paydraft.model.counterparty_errors import SupplierListError
from paydraft.model.counterparty_file import CounterpartyFile
from paydraft.model.invoice import Address

COLUMNS = (
    "legal_name", "type", "aliases", "vat_number", "tax_number", "customer_id", "iban", "bic", "bank", "other_ibans",
    "email", "phone", "website", "street", "postal_code", "city", "state", "country", "own",
)  # fmt: skip
_NAMED_ONLY = UUID("0b7f6a3e-63d1-5d0c-8a3e-5a9c1f2b7d44")
_LONGEST = 140
_COUNTRY = re.compile(r"[A-Z]{2}")
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "'")
_OF_CONTACTS = {"email": ContactType.EMAIL, "phone": ContactType.PHONE, "website": ContactType.WEBSITE}


class RowError(Exception):
    """Why a row can't be taken: a sentence for a person."""


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str] | None]]:
    """The rows by the line they end in, None for one with too many values; raises SupplierListError."""
    lines = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = [name.strip() for name in lines.fieldnames or ()]
    except csv.Error:
        raise SupplierListError(details={"reason": "no CSV"}) from None
    if "legal_name" not in columns or not set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise SupplierListError(details={"reason": "columns", "columns": list(COLUMNS), "required": ["legal_name"]})
    lines.fieldnames = columns
    try:
        for row in lines:
            whole = None not in row
            yield lines.line_num, {name: _read(value or "") for name, value in row.items()} if whole else None
    except csv.Error:
        raise SupplierListError(details={"reason": "no CSV", "line": lines.line_num}) from None


def file_from(
    row: dict[str, str], tenant_id: str, *, by: str, now: datetime, new_id: Callable[[], UUID]
) -> CounterpartyFile:
    """A new counterparty's file, its parts numbered by `new_id`; raises RowError."""
    _check_texts(row)
    party = Counterparty(
        counterparty_id=_identity(row, tenant_id, new_id),
        legal_name=row["legal_name"],
        type=_type(row.get("type", "")),
        aliases=tuple(_parts(row, "aliases")),
        **{name: row.get(name) or None for name in ("vat_number", "tax_number", "customer_id")},
        own=row.get("own", "").lower() in ("yes", "true", "1"),
        created_at=now,
        created_by=by,
    )
    made = {"counterparty_id": party.counterparty_id, "created_at": now, "created_by": by}
    return CounterpartyFile(
        counterparty=party,
        accounts=tuple(_accounts(row, made, new_id)),
        contacts=tuple(_contacts(row, made, new_id)),
        addresses=tuple(_addresses(row, made, new_id)),
    )


def written(files: Iterable[CounterpartyFile]) -> Iterator[str]:
    """The active counterparties as lines of CSV, the columns first; what was imported is on file already."""
    buffer = io.StringIO(newline="")
    lines = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    lines.writeheader()
    for file in files:
        if file.counterparty.active:
            lines.writerow({name: _written(value) for name, value in _row(file).items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _identity(row: dict[str, str], tenant_id: str, new_id: Callable[[], UUID]) -> UUID:
    """Who has nothing but a name is known by it, so that the same row again is told as on file."""
    if any(row.get(name) for name in ("vat_number", "iban", "email")):
        return new_id()
    told = [tenant_id, *(row.get(name, "").casefold() for name in ("legal_name", "postal_code", "country"))]
    return uuid5(_NAMED_ONLY, "\n".join(told))


def _check_texts(row: dict[str, str]) -> None:
    if not row.get("legal_name"):
        raise RowError("legal_name is empty: fill it in")
    for name, value in row.items():
        most = 10 * _LONGEST if name in ("aliases", "other_ibans") else _LONGEST
        if len(value) > most or not value.isprintable():
            raise RowError(f"{name} is longer than {most} characters or holds line breaks: shorten it")
    if row.get("country") and not _COUNTRY.fullmatch(row["country"]):
        raise RowError("the country is no code of two capital letters: write DE for Germany, or leave it empty")


def _type(text: str) -> CounterpartyType:
    kinds = {"": CounterpartyType.BUSINESS, "personal": CounterpartyType.INDIVIDUAL}
    kinds |= {str(kind): kind for kind in CounterpartyType}
    if text.lower() not in kinds:
        raise RowError("the type is neither business nor individual: correct it, or leave it empty")
    return kinds[text.lower()]


def _accounts(row: dict[str, str], made: dict[str, Any], new_id: Callable[[], UUID]) -> Iterator[Account]:
    bic = Bic.parse(row["bic"]) if row.get("bic") else None
    if row.get("bic") and bic is None:
        raise RowError("the BIC is none: correct it, or leave it empty")
    others = _parts(row, "other_ibans")
    if others and not row.get("iban"):
        raise RowError("other_ibans are filled in and iban is not: move one of them there")
    texts = [row["iban"], *others] if row.get("iban") else []
    ibans = [Iban.parse(text) for text in texts]
    if None in ibans:
        raise RowError("the IBAN fails its check: correct it")
    if len(set(ibans)) < len(ibans) or len(ibans) > 20:
        raise RowError("an IBAN stands there twice, or there are more than 20: correct it")
    for place, iban in enumerate(ibans):
        if iban is not None:
            first = {"bic": bic, "bank": row.get("bank") or None, "is_primary": True} if place == 0 else {}
            yield Account(account_id=new_id(), iban=iban, **first, **made)


def _contacts(row: dict[str, str], made: dict[str, Any], new_id: Callable[[], UUID]) -> Iterator[Contact]:
    for name, kind in _OF_CONTACTS.items():
        if not row.get(name):
            continue
        value = parsed_value(kind, row[name])
        if value is None:
            raise RowError(f"the {name} is none: correct it, or leave it empty")
        told = phone_metadata(value) if kind is ContactType.PHONE else {}
        yield Contact(contact_id=new_id(), type=kind, value=value, preferred=True, metadata=told, **made)


def _addresses(row: dict[str, str], made: dict[str, Any], new_id: Callable[[], UUID]) -> Iterator[FiledAddress]:
    parts = {part: row[part] for part in ("street", "postal_code", "city", "state", "country") if row.get(part)}
    if parts:
        yield FiledAddress(address_id=new_id(), address=Address(**parts), preferred_billing=True, **made)


def _row(file: CounterpartyFile) -> dict[str, str | None]:
    party, address = file.counterparty, file.billing_address or file.counterparty.address or Address()
    accounts = sorted(
        (one for one in file.accounts if one.active), key=lambda one: (not one.is_primary, one.created_at)
    )
    account = accounts[0] if accounts else None
    contacts = sorted((one for one in file.contacts if one.active), key=lambda one: not one.preferred)
    reached = {str(one.type): one.value for one in reversed(contacts)}
    return {
        "legal_name": party.legal_name,
        "type": party.type,
        "aliases": ";".join(party.aliases),
        "vat_number": party.vat_number,
        "tax_number": party.tax_number,
        "customer_id": party.customer_id,
        "iban": account.iban if account else None,
        "bic": account.bic if account else None,
        "bank": account.bank if account else None,
        "other_ibans": ";".join(one.iban for one in accounts[1:]),
        "email": reached.get("email") or party.email,
        "phone": reached.get("phone"),
        "website": reached.get("website"),
        "street": address.street,
        "postal_code": address.postal_code,
        "city": address.city,
        "state": address.state,
        "country": address.country,
        "own": "yes" if party.own else "no",
    }


def _parts(row: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in row.get(name, "").split(";") if part.strip()]


def _read(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUN_BY_SPREADSHEETS) else text


def _written(cell: str | None) -> str:
    text = cell or ""
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text
