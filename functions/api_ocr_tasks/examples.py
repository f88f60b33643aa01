"""What the API's description shows: one task from its creation to what was read."""

from typing import Any

_ID = "01a1fde5-cbbb-73f2-a29f-5e35eb240853"
INPUT: dict[str, Any] = {"file_url": "https://files.example.com/RE-2026-0042.pdf"}
CREATED: dict[str, Any] = {
    "id": _ID,
    "created_at": "2026-11-20T10:00:00.123Z",
    "updated_at": "2026-11-20T10:00:00.123Z",
    "status": "processing",
}
_SELLER: dict[str, Any] = {
    "address": {
        "city": "Bonn",
        "country": "DE",
        "postal_code": "53111",
        "state": None,
        "street_and_number": "Hauptstraße 1",
    },
    "bank_account": {"bank_account_number": None, "iban": "DE89370400440532013000", "swift_bic": "COBADEFFXXX"},
    "email": "billing@muster.example",
    "name": "Muster GmbH",
    "tax_number": None,
    "vat_number": "DE123456789",
}
_BUYER: dict[str, Any] = {
    "address": {
        "city": "Lyon",
        "country": "FR",
        "postal_code": "69002",
        "state": None,
        "street_and_number": "2 rue de la République",
    },
    "bank_account": {"bank_account_number": None, "iban": None, "swift_bic": None},
    "email": None,
    "name": "Acme SARL",
    "tax_number": None,
    "vat_number": None,
}
SUCCESSFUL: dict[str, Any] = {
    "id": _ID,
    "created_at": "2026-11-20T10:00:00.123Z",
    "updated_at": "2026-11-20T10:00:05.482Z",
    "status": "success",
    "document_type": "invoice",
    "recognized_data": {
        "recipient": _BUYER,
        "sender": _SELLER,
        "amount_paid": None,
        "currency": "EUR",
        "document_number": "RE-2026-0042",
        "due_date": "2026-12-02",
        "issue_date": "2026-11-02",
        "line_items": [
            {
                "description": "Widget A",
                "line_reference": None,
                "name": "Widget A",
                "quantity": 10,
                "subtotal": 1000.00,
                "tax_amount": 190.00,
                "tax_rate": 19,
                "total_amount": 1190.00,
                "unit": "pcs",
                "unit_price": 100.00,
            }
        ],
        "payment_terms": None,
        "subtotal": 1000.00,
        "tax_amount": 190.00,
        "tax_rate": 19,
        "total_amount": 1190.00,
        "type": "invoice",
    },
}
LISTED: dict[str, Any] = {"data": [SUCCESSFUL], "next_pagination_token": None, "prev_pagination_token": None}
