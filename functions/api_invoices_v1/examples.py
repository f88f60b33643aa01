"""What a request and its answer look like, for the published description. Data only; a test holds it to the models."""

from typing import Any

# A document of one line, so that who tries the request is answered; no invoice can be read from it.
_BASE64 = "JVBERi0xLjcKJSBhIGRvY3VtZW50IG9mIGEgZmV3IGJ5dGVzCiUlRU9GCg=="
_UNKNOWN_ITEM = dict.fromkeys(
    "sku itemId customerId accountId classId poId poLineId billable departmentId entityId taxId taxInclusive".split()
)

SUBMIT: dict[str, Any] = {"data": _BASE64, "filename": "bill.pdf", "type": "application/pdf"}
OCR: dict[str, Any] = {
    "status": "OK",
    "msg": "Invoice OCR data retrieved.",
    "result": {
        "ocrLines": ["INVOICE", "Acme Corporation", "Widget A  10  100.00  1,000.00", "Total  1,000.00"],
        "lineItems": [{"description": "Widget A", "qty": 10, "price": 100.0, "total": 1000.0}],
        "summaryFields": {"invoiceNumber": "INV-2026-001", "vendorName": "Acme Corporation", "total": 1000.0},
    },
}
_EMPTY: dict[str, Any] = {
    "id": 1,
    "hash_id": "5f0c2b7e9a61417d8d3a5f0c",
    "parent_id": None,
    "supplier_info": dict.fromkeys("name web email phone_number address supplierId".split()),
    "ship_to": {"name": None, "address": None},
    "bill_to": dict.fromkeys("name address memo departmentId entityId".split()),
    "invoice_number": None,
    "po_number": None,
    "invoice_terms": None,
    "invoice_date": None,
    "invoice_due": None,
    "invoice_items": [],
    "invoice_total": None,
    "tags": None,
    "rejected": False,
    "approved": False,
    "approvers": [],
    "document": {"url": None, "name": "bill.pdf", "size": None},
    "modified": "2026-11-20T10:00:00Z",
    "created": "2026-11-20T10:00:00Z",
    "integration_id": None,
    "integration_api_id": None,
}
SUBMITTED: dict[str, Any] = {"status": "OK", "msg": "Invoice submitted.", "result": _EMPTY}
INVOICE: dict[str, Any] = {
    "status": "OK",
    "msg": "Invoice retrieved.",
    "result": _EMPTY
    | {
        "supplier_info": _EMPTY["supplier_info"] | {"name": "Acme Corporation", "address": "1 High Street, Leeds, GB"},
        "bill_to": _EMPTY["bill_to"] | {"name": "Muster GmbH"},
        "invoice_number": "INV-2026-001",
        "invoice_date": "2026-11-04",
        "invoice_due": "2026-12-04",
        "invoice_items": [
            {"id": 1, "qty": 10, "price": 100.0, "total": 1000.0, "description": "Widget A", **_UNKNOWN_ITEM}
        ],
        "invoice_total": 1000.0,
        "document": {"url": None, "name": "bill.pdf", "size": 48213},
        "modified": "2026-11-20T10:00:04Z",
    },
}
