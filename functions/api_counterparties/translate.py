"""From counterparties' files to the wire. Pure."""

from api_counterparties import schemas
from paydraft.model.counterparty import Account, Contact, FiledAddress
from paydraft.model.counterparty_file import CounterpartyFile, FileEntry
from paydraft.workflows.import_suppliers import Told


def counterparty(file: CounterpartyFile) -> schemas.Counterparty:
    """A counterparty with its parts, in the order in which they were added."""
    party = file.counterparty
    accounts = sorted(file.accounts, key=lambda one: (one.created_at, one.account_id))
    return schemas.Counterparty(
        id=party.counterparty_id,
        legal_name=party.legal_name,
        type=party.type,
        aliases=party.aliases,
        vat_number=party.vat_number,
        tax_number=party.tax_number,
        customer_id=party.customer_id,
        own=party.own,
        version=party.version,
        bank_accounts=tuple(account(one) for one in accounts),
        contacts=tuple(contact(one) for one in sorted(file.contacts, key=lambda one: (one.created_at, one.contact_id))),
        addresses=tuple(
            address(one) for one in sorted(file.addresses, key=lambda one: (one.created_at, one.address_id))
        ),
        own_accounts=tuple(
            schemas.OwnAccount(cp_account_id=one.account_id, iban=one.iban)
            for one in accounts
            if party.own and one.active
        ),
        active=party.active,
        created_at=party.created_at,
        created_by=party.created_by,
        modified_at=party.modified_at,
        modified_by=party.modified_by,
        metadata=party.metadata,
    )


def account(one: Account) -> schemas.BankAccount:
    """A bank account."""
    return schemas.BankAccount(
        id=one.account_id,
        recipient_id=one.counterparty_id,
        cp_account_id=one.account_id,
        iban=one.iban,
        bic=one.bic,
        bank=one.bank,
        intermediate_bic=one.intermediate_bic,
        intermediate_bank=one.intermediate_bank,
        intermediate_route=one.intermediate_route,
        is_primary=one.is_primary,
        is_validated=one.is_validated,
        products_allowed=(),
        counterparty_id=one.counterparty_id,
        active=one.active,
        created_at=one.created_at,
        created_by=one.created_by,
        modified_at=one.modified_at,
        modified_by=one.modified_by,
        metadata=one.metadata,
    )


def contact(one: Contact) -> schemas.Contact:
    """A contact."""
    return schemas.Contact(
        id=one.contact_id,
        counterparty_id=one.counterparty_id,
        type=one.type,
        value=one.value,
        validated=one.validated,
        preferred=one.preferred,
        active=one.active,
        created_at=one.created_at,
        created_by=one.created_by,
        modified_at=one.modified_at,
        modified_by=one.modified_by,
        metadata=one.metadata,
    )


def address(one: FiledAddress) -> schemas.Address:
    """An address."""
    return schemas.Address(
        id=one.address_id,
        cp_address_id=one.address_id,
        counterparty_id=one.counterparty_id,
        street=one.address.street,
        city=one.address.city,
        zip=one.address.postal_code,
        country=one.address.country,
        state=one.address.state,
        preferred_billing=one.preferred_billing,
        active=one.active,
        created_at=one.created_at,
        created_by=one.created_by,
        modified_at=one.modified_at,
        modified_by=one.modified_by,
        metadata=one.metadata,
    )


def event(entry: FileEntry) -> schemas.Event:
    """One line of a counterparty's history."""
    return schemas.Event(
        id=f"{entry.counterparty_id}/{entry.version}",
        counterparty_id=entry.counterparty_id,
        created_at=entry.at,
        created_by=entry.by,
        event_type=entry.action,
        version=entry.version,
        before=entry.before,
        after=entry.after,
    )


def imported_row(told: Told) -> schemas.ImportedRow:
    """What there is to say of a row that was not simply put on file."""
    return schemas.ImportedRow(
        line=told.line, outcome=told.outcome, message=told.message or "", counterparty_id=told.counterparty_id
    )
