"""What is sent becomes the next version of a file. A wrong field is named by InvalidFieldsError."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from api_counterparties import requests
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.contact_value import parsed_value, phone_metadata
from paydraft.model.counterparty import (
    Account,
    Contact,
    ContactType,
    Counterparty,
    CounterpartyType,
    FiledAddress,
    Held,
)
from paydraft.model.counterparty_errors import CounterpartyStateError, CounterpartyVersionError, FileFullError
from paydraft.model.counterparty_file import CounterpartyFile, id_of
from paydraft.model.ids import uuid7
from paydraft.model.invoice import Address
from paydraft.model.request_errors import InvalidFieldsError

MOST_PARTS = 48  # of one kind; so the one change that touches all of them still is one transaction
# Where a bank's BIC names another country than its IBANs (ISO 13616 registry: territories under the mother country).
_BIC_COUNTRIES = {
    "FR": frozenset("GF GP MQ RE PM YT BL MF NC PF WF TF MC".split()),
    "GB": frozenset({"GG", "IM", "JE"}),
    "FI": frozenset({"AX"}),
}


class Ids:
    """Fresh UUIDv7s of one moment, made of `randomness` (bits that nobody else has)."""

    def __init__(self, at: datetime, randomness: int) -> None:
        self._at, self._randomness = at, randomness

    def next(self) -> UUID:
        """Another one."""
        self._randomness += 1
        return uuid7(self._at, self._randomness)


def new_file(sent: requests.CounterpartyIn, ids: Ids, *, by: str, at: datetime) -> CounterpartyFile:
    """The first version of a counterparty's file."""
    party = Counterparty(
        counterparty_id=ids.next(),
        legal_name=sent.legal_name,
        type=_type(sent.type),
        aliases=sent.aliases,
        vat_number=sent.vat_number,
        tax_number=sent.tax_number,
        customer_id=sent.customer_id,
        own=sent.own,
        metadata=sent.metadata,
        created_at=at,
        created_by=by,
    )
    file = CounterpartyFile(counterparty=party)
    for account in sent.bank_accounts:
        file = with_part(file, new_account(file, account, ids.next(), by=by, at=at))
    for contact in sent.contacts:
        file = with_part(file, new_contact(file, contact, ids.next(), by=by, at=at))
    for address in sent.addresses:
        file = with_part(file, new_address(file, address, ids.next(), by=by, at=at))
    return file.settled()


def edited(before: CounterpartyFile, patch: requests.CounterpartyPatch, *, by: str, at: datetime) -> CounterpartyFile:
    """The file after a PATCH of the counterparty."""
    require_active(before)
    if patch.version is not None and patch.version != before.counterparty.version:
        raise CounterpartyVersionError
    sent = {name: getattr(patch, name) for name in patch.model_fields_set - {"version", "own_accounts"}}
    if "type" in sent:
        sent["type"] = _type(patch.type)
    return _next(before, by, at, counterparty=before.counterparty.model_copy(update=sent))


def switched(before: CounterpartyFile, active: bool, *, by: str, at: datetime) -> CounterpartyFile:
    """The file with its counterparty active, or not."""
    return _next(before, by, at, counterparty=before.counterparty.model_copy(update={"active": active}))


def added(before: CounterpartyFile, part: Held, *, by: str, at: datetime) -> CounterpartyFile:
    """The file with one part more."""
    after = with_part(before, part)
    return _next(before, by, at, accounts=after.accounts, contacts=after.contacts, addresses=after.addresses)


def replaced(before: CounterpartyFile, part: Held, *, by: str, at: datetime) -> CounterpartyFile:
    """The file with a part in the place of the one with its id; where it is preferred, the others are no more."""
    present = next(one for one in _siblings(before, part) if id_of(one) == id_of(part))
    if part == present:
        return before
    stamped = part.model_copy(update={"modified_at": at, "modified_by": by})
    after = with_part(before, stamped)
    return _next(before, by, at, accounts=after.accounts, contacts=after.contacts, addresses=after.addresses)


def new_account(
    file: CounterpartyFile, sent: requests.BankAccountInline, id_: UUID, *, by: str, at: datetime
) -> Account:
    """An account of the file's counterparty."""
    iban = Iban.parse(sent.iban)
    if iban is None:
        _refuse("iban", "not a valid IBAN")
    first = not any(one.is_primary for one in file.accounts)
    return _checked_account(
        Account(
            account_id=id_,
            counterparty_id=file.counterparty_id,
            iban=iban,
            bic=_bic("bic", sent.bic),
            bank=sent.bank,
            intermediate_bic=_bic("intermediate_bic", sent.intermediate_bic),
            intermediate_bank=sent.intermediate_bank,
            intermediate_route=sent.intermediate_route,
            is_primary=first if sent.is_primary is None else sent.is_primary,
            is_validated=sent.is_validated,
            metadata=sent.metadata,
            created_at=at,
            created_by=by,
        )
    )


def edited_account(account: Account, patch: requests.BankAccountPatch) -> Account:
    """An account after a PATCH; an inactive one is nobody's primary one."""
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    sent |= {name: _bic(name, sent[name]) for name in ("bic", "intermediate_bic") if name in sent}
    after = account.model_copy(update=sent)
    if not after.active:
        after = after.model_copy(update={"is_primary": False})
    return _checked_account(after)


def new_contact(file: CounterpartyFile, sent: requests.ContactInline, id_: UUID, *, by: str, at: datetime) -> Contact:
    """A contact of the file's counterparty."""
    kind = ContactType(sent.type)
    value = _contact_value(kind, sent.value)
    first = not any(one.preferred and one.type is kind for one in file.contacts)
    return Contact(
        contact_id=id_,
        counterparty_id=file.counterparty_id,
        type=kind,
        value=value,
        validated=sent.validated,
        preferred=first if sent.preferred is None else sent.preferred,
        metadata=sent.metadata | (phone_metadata(value) if kind is ContactType.PHONE else {}),
        created_at=at,
        created_by=by,
    )


def edited_contact(contact: Contact, patch: requests.ContactPatch) -> Contact:
    """A contact after a PATCH; another value loses its validation, an inactive one is not preferred."""
    sent: dict[str, Any] = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "value" in sent:
        sent["value"] = _contact_value(contact.type, patch.value)
        if sent["value"] != contact.value:
            sent = {"validated": False} | sent
    if contact.type is ContactType.PHONE and sent.keys() & {"value", "metadata"}:
        sent["metadata"] = sent.get("metadata", contact.metadata) | phone_metadata(sent.get("value", contact.value))
    after = contact.model_copy(update=sent)
    return after if after.active else after.model_copy(update={"preferred": False})


def new_address(
    file: CounterpartyFile, sent: requests.AddressInline, id_: UUID, *, by: str, at: datetime
) -> FiledAddress:
    """An address of the file's counterparty."""
    first = not any(one.preferred_billing for one in file.addresses)
    return FiledAddress(
        address_id=id_,
        counterparty_id=file.counterparty_id,
        address=_address(Address(), sent, sent.model_fields_set),
        preferred_billing=first if sent.preferred_billing is None else sent.preferred_billing,
        metadata=sent.metadata,
        created_at=at,
        created_by=by,
    )


def edited_address(filed: FiledAddress, patch: requests.AddressPatch) -> FiledAddress:
    """An address after a PATCH; an inactive one is not preferred."""
    sent = {name: getattr(patch, name) for name in patch.model_fields_set & {"preferred_billing", "active", "metadata"}}
    address = _address(filed.address, patch, patch.model_fields_set)
    after = filed.model_copy(update=sent | {"address": address})
    return after if after.active else after.model_copy(update={"preferred_billing": False})


def with_part(file: CounterpartyFile, part: Held) -> CounterpartyFile:
    """The file with a part, new or in the place of the one with its id; raises FileFullError."""
    others = [one for one in _siblings(file, part) if id_of(one) != id_of(part)]
    if len(others) >= MOST_PARTS:
        raise FileFullError(details={"most": MOST_PARTS})
    parts = (*(_giving_way(one, part) for one in others), part)
    match part:
        case Account():
            return file.model_copy(update={"accounts": parts})
        case Contact():
            return file.model_copy(update={"contacts": parts})
    return file.model_copy(update={"addresses": parts})


def require_active(file: CounterpartyFile) -> None:
    """Raises CounterpartyStateError."""
    if not file.counterparty.active:
        raise CounterpartyStateError


def _next(before: CounterpartyFile, by: str, at: datetime, **parts: Any) -> CounterpartyFile:
    """The next version; the same one where nothing differs."""
    after = before.changed(by=by, at=at, **parts)
    same = {name: getattr(before.counterparty, name) for name in ("version", "modified_at", "modified_by")}
    unstamped = after.model_copy(update={"counterparty": after.counterparty.model_copy(update=same)})
    return before if unstamped == before else after


def _siblings(file: CounterpartyFile, part: Held) -> Sequence[Held]:
    if isinstance(part, Account):
        return file.accounts
    return file.contacts if isinstance(part, Contact) else file.addresses


def _giving_way(other: Held, part: Held) -> Held:
    match other, part:
        case Account(), Account() if part.is_primary:
            return other.model_copy(update={"is_primary": False})
        case Contact(), Contact() if part.preferred and part.type is other.type:
            return other.model_copy(update={"preferred": False})
        case FiledAddress(), FiledAddress() if part.preferred_billing:
            return other.model_copy(update={"preferred_billing": False})
    return other


def _checked_account(account: Account) -> Account:
    country = account.iban.country
    if account.bic and account.bic.country not in {country, *_BIC_COUNTRIES.get(country, ())}:
        _refuse("bic", "of another country than the IBAN")
    return account


def _bic(field: str, text: str | None) -> Bic | None:
    bic = Bic.parse(text) if text is not None else None
    if text is not None and bic is None:
        _refuse(field, "not a valid BIC")
    return bic


def _contact_value(kind: ContactType, text: str) -> str:
    value = parsed_value(kind, text)
    if value is None:
        _refuse("value", f"not of the type {kind}")
    return value


def _address(before: Address, sent: requests.AddressInline | requests.AddressPatch, fields: "set[str]") -> Address:
    names = {"street": "street", "city": "city", "zip": "postal_code", "country": "country", "state": "state"}
    changes = {names[name]: getattr(sent, name) for name in fields & names.keys()}
    after = before.model_copy(update=changes)
    if after == Address():
        _refuse("city", "an address has at least one of street, city, zip, country and state")
    return after


def _type(text: str) -> CounterpartyType:
    return CounterpartyType.BUSINESS if text == "business" else CounterpartyType.INDIVIDUAL


def _refuse(field: str, message: str) -> NoReturn:
    raise InvalidFieldsError(
        field, details={"fields": [{"loc": ["body", field], "msg": message, "type": "value_error"}]}
    )
