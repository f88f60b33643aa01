"""What a request and its answer look like, for the published description. Data only; a test holds it to the models."""

from typing import Any

_PARTY = "01a1e3c2-5b80-7c1e-9d2f-6a4b8e0f3c57"
_ACCOUNT = "01a1e3c2-5b80-7a90-8e15-2c7d9f4b6a03"
_CONTACT = "01a1e3c2-5b80-7d34-b6f1-4e8a2c9d7b15"
_ADDRESS = "01a1e3c2-5b80-7e62-a3c8-9d5f1b7e4a28"
_MADE: dict[str, Any] = {
    "active": True,
    "created_at": "2026-11-17T08:00:00Z",
    "created_by": "alice",
    "modified_at": None,
    "modified_by": None,
    "metadata": {},
}
_CHANGED = {"modified_at": "2026-11-20T10:00:00Z", "modified_by": "bob"}

_BANK = {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "bank": "Commerzbank"}
_MAIL = {"type": "email", "value": "rechnung@muster.example"}
_STREET = {"street": "Hauptstraße 1", "city": "Bonn", "zip": "53111", "country": "DE"}
_NAMES = {
    "legal_name": "Muster GmbH",
    "type": "business",
    "aliases": ["Muster"],
    "vat_number": "DE136695976",
    "customer_id": "160c0c4b-9966-4dc1-a916-8407eb10d74e",
}

_BANK_ACCOUNT: dict[str, Any] = {
    **_MADE,
    "id": _ACCOUNT,
    "recipient_id": _PARTY,
    "cp_account_id": _ACCOUNT,
    **_BANK,
    "intermediate_bic": None,
    "intermediate_bank": None,
    "intermediate_route": None,
    "is_primary": True,
    "is_validated": False,
    "products_allowed": [],
    "counterparty_id": _PARTY,
}
_ONE_CONTACT: dict[str, Any] = {
    **_MADE,
    "id": _CONTACT,
    "counterparty_id": _PARTY,
    **_MAIL,
    "validated": False,
    "preferred": True,
}
_ONE_ADDRESS: dict[str, Any] = {
    **_MADE,
    "id": _ADDRESS,
    "cp_address_id": _ADDRESS,
    "counterparty_id": _PARTY,
    **_STREET,
    "state": None,
    "preferred_billing": True,
}
_COUNTERPARTY: dict[str, Any] = {
    **_MADE,
    "id": _PARTY,
    **_NAMES,
    "tax_number": None,
    "own": False,
    "version": 1,
    "bank_accounts": [_BANK_ACCOUNT],
    "contacts": [_ONE_CONTACT],
    "addresses": [_ONE_ADDRESS],
    "own_accounts": [],
}
_EVENT: dict[str, Any] = {
    "id": f"{_PARTY}/2",
    "counterparty_id": _PARTY,
    "created_at": "2026-11-20T10:00:00Z",
    "created_by": "bob",
    "event_type": "bank_account_updated",
    "version": 2,
    "before": {f"bank_accounts.{_ACCOUNT}.is_validated": False},
    "after": {f"bank_accounts.{_ACCOUNT}.is_validated": True},
}


def _page(one: dict[str, Any]) -> dict[str, Any]:
    return {"data": [one], "total": 1, "total_unfiltered": 214, "has_more": False}


# Operation → body.
REQUESTS: dict[str, dict[str, Any]] = {
    "createCounterparty": {**_NAMES, "bank_accounts": [_BANK], "contacts": [_MAIL], "addresses": [_STREET]},
    "editCounterparty": {"aliases": ["Muster", "Muster Handel"], "version": 1},
    "importCounterparties": {
        "csv": "legal_name,vat_number,iban,bic,email\n"
        "Muster GmbH,DE136695976,DE89370400440532013000,COBADEFFXXX,rechnung@muster.example\n"
    },
    "createCounterpartyBankAccount": {"counterparty_id": _PARTY, **_BANK},
    "editCounterpartyBankAccount": {"is_validated": True},
    "createCounterpartyContact": {"counterparty_id": _PARTY, **_MAIL},
    "editCounterpartyContact": {"value": "buchhaltung@muster.example"},
    "createCounterpartyAddress": {"counterparty_id": _PARTY, **_STREET},
    "editCounterpartyAddress": {"street": "Hauptstraße 2"},
}
# Operation → answer.
ANSWERS: dict[str, dict[str, Any]] = {
    "listCounterparties": _page(_COUNTERPARTY),
    "createCounterparty": _COUNTERPARTY,
    "readCounterparty": _COUNTERPARTY,
    "listCounterpartyEvents": {"data": [_EVENT], "total": 1},
    "editCounterparty": {**_COUNTERPARTY, **_CHANGED, "aliases": ["Muster", "Muster Handel"], "version": 2},
    "deactivateCounterparty": {**_COUNTERPARTY, **_CHANGED, "active": False, "version": 2},
    "reactivateCounterparty": {**_COUNTERPARTY, **_CHANGED, "version": 3},
    "importCounterparties": {
        "added": 118,
        "on_file": 1,
        "differs": 0,
        "refused": 1,
        "rows": [
            {
                "line": 7,
                "outcome": "refused",
                "message": "the IBAN fails its check: correct it",
                "counterparty_id": None,
            }
        ],
        "next_line": None,
    },
    "getAllCounterpartyBankAccounts": _page(_BANK_ACCOUNT),
    "createCounterpartyBankAccount": _BANK_ACCOUNT,
    "readCounterpartyBankAccount": _BANK_ACCOUNT,
    "editCounterpartyBankAccount": {**_BANK_ACCOUNT, **_CHANGED, "is_validated": True},
    "getAllCounterpartyContacts": _page(_ONE_CONTACT),
    "createCounterpartyContact": _ONE_CONTACT,
    "readCounterpartyContact": _ONE_CONTACT,
    "editCounterpartyContact": {**_ONE_CONTACT, **_CHANGED, "value": "buchhaltung@muster.example"},
    "getAllCounterpartyAddresses": _page(_ONE_ADDRESS),
    "createCounterpartyAddress": _ONE_ADDRESS,
    "readCounterpartyAddress": _ONE_ADDRESS,
    "editCounterpartyAddress": {**_ONE_ADDRESS, **_CHANGED, "street": "Hauptstraße 2"},
}
