"""What a request and its answer look like, for the published description. Data only; a test holds it to the models."""

from typing import Any

_TRANSFER = "01a1f866-0d00-7f99-9647-3183c230c489"
_JOB = "01a1f866-0d00-7002-ab54-a98ceb1f0ad2"
_UPLOAD = "01a1f866-0d00-7417-8d3a-5f0c2b7e9a61"
_SUPPLIER = "01a1e3c2-5b80-7c1e-9d2f-6a4b8e0f3c57"
_ACCOUNT = "01a1e3c2-5b80-7a90-8e15-2c7d9f4b6a03"
_US = "01a1e3c2-5b80-7f08-b1c4-7e9a2d5f6b18"
_OUR_ACCOUNT = "01a1e3c2-5b80-7e21-a7d9-4c8b1f6e2a50"
_ORDER = "5d7f2a1e-8b34-5c96-9e07-1a4c6f8b2d35"
_ITSELF = f"/v2/transfers/{_TRANSFER}"

_MONEY = {"amount_minor": "119000", "currency": "EUR", "precision": 2, "amount": "1190.00"}
_SOURCE = {"counterparty_id": _US, "cp_account_id": _OUR_ACCOUNT}
_PLACE = {
    "page": 1,
    "x0": 71.0,
    "y0": 702.5,
    "x1": 221.5,
    "y1": 713.0,
    "page_width": 595.0,
    "page_height": 842.0,
}
_FLAG: dict[str, Any] = {
    "code": "iban_changed",
    "severity": "error",
    "text": "This payee is known, but not with this account. Call a number already on file, not one from the invoice, "
    "and have the new account confirmed before you approve.",
    "field": "iban",
    "blocking": True,
    "evidence": [
        {
            "kind": "page",
            "name": "iban",
            "value": "DE89 3704 0044 0532 0130 00",
            "place": _PLACE,
            "transfer_id": None,
            "counterparty_id": None,
        }
    ],
    "cleared": None,
}
_NOTE = "Called Muster GmbH on the number on file: the account is theirs."
_CLEARED = _FLAG | {"blocking": False, "cleared": {"by": "carol", "at": "2026-11-20T11:30:00Z", "note": _NOTE}}

_DRAFT: dict[str, Any] = {
    "id": _TRANSFER,
    "status": "draft",
    "direction": "outbound",
    "version": 1,
    "customer_id": None,
    "amount": _MONEY,
    "source": {"counterparty_id": None, "cp_account_id": None},
    "destination": {"counterparty_id": _SUPPLIER, "cp_account_id": None},
    "creditor": {
        "name": "Muster GmbH",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "address": {
            "street": "Hauptstraße 1",
            "postal_code": "53111",
            "city": "Bonn",
            "state": None,
            "country": "DE",
            "lines": [],
        },
    },
    "remittance": {"kind": "text", "text": "RE-2026-0042"},
    "requested_date": "2026-12-02",
    "invoice_number": "RE-2026-0042",
    "flags": [_FLAG],
    "missing": [],
    "verification": None,
    "job_id": _JOB,
    "upload_id": _UPLOAD,
    "attempt": 1,
    "created_at": "2026-11-20T10:00:04Z",
    "created_by": "alice",
    "modified_at": "2026-11-20T10:00:04Z",
    "modified_by": None,
    "submitted_at": None,
    "submitted_by": None,
    "approved_at": None,
    "approved_by": None,
    "exported_at": None,
    "order_id": None,
    "note": None,
    "links": {
        "self": _ITSELF,
        "job": f"/v2/invoices/ocr/{_JOB}",
        "upload": f"/v2/uploads/{_UPLOAD}",
        "evidence": f"{_ITSELF}/evidence",
        "events": f"{_ITSELF}/events",
        "qr": f"{_ITSELF}/qr",
        "payment_file": f"{_ITSELF}/pain.001",
    },
}
_EDITED = _DRAFT | {
    "version": 2,
    "source": _SOURCE,
    "requested_date": "2026-12-01",
    "modified_at": "2026-11-20T11:00:00Z",
    "modified_by": "bob",
}
_SUBMITTED = _EDITED | {
    "status": "pending-approval",
    "version": 3,
    "verification": {
        "result": "not_possible",
        "provider": "none",
        "checked_at": "2026-11-20T11:15:00Z",
        "suggested_name": None,
    },
    "modified_at": "2026-11-20T11:15:00Z",
    "submitted_at": "2026-11-20T11:15:00Z",
    "submitted_by": "bob",
}
_LOOKED_INTO = _SUBMITTED | {"version": 4, "flags": [_CLEARED], "modified_at": "2026-11-20T11:30:00Z"}
_APPROVED = _LOOKED_INTO | {
    "status": "approved",
    "version": 5,
    "destination": {"counterparty_id": _SUPPLIER, "cp_account_id": _ACCOUNT},
    "modified_at": "2026-11-20T11:45:00Z",
    "approved_at": "2026-11-20T11:45:00Z",
    "approved_by": "carol",
}
_REASON = "The amount includes a discount that we did not take."
_REJECTED = _SUBMITTED | {"status": "draft", "version": 4, "modified_at": "2026-11-20T11:30:00Z", "note": _REASON}
_DISCARDED = _DRAFT | {"status": "cancelled", "version": 2, "modified_at": "2026-11-20T11:00:00Z"}

_EVENT: dict[str, Any] = {
    "id": f"{_TRANSFER}/2",
    "transfer_id": _TRANSFER,
    "created_at": "2026-11-20T11:00:00Z",
    "created_by": "bob",
    "event_type": "edited",
    "from_status": "draft",
    "to_status": "draft",
    "note": None,
    "before": {"editors": [], "requested_date": "2026-12-02"},
    "after": {
        "edited_by": "bob",
        "editors": ["bob"],
        "requested_date": "2026-12-01",
        "source": {"account_id": _OUR_ACCOUNT, "counterparty_id": _US},
    },
}
_FIELD: dict[str, Any] = {
    "field": "iban",
    "value": "DE89 3704 0044 0532 0130 00",
    "source": "text_layer",
    "confidence": 0.99,
    "checks": ["mod97"],
    "place": _PLACE,
    "alternatives": [],
}
_LEFT_OUT = "01a1f866-0d00-7a3c-8b51-6e2d9f4c7a80"
_EXPORT: dict[str, Any] = {
    "order_id": _ORDER,
    "message_id": _ORDER.replace("-", ""),
    "created_at": "2026-11-20T12:00:00Z",
    "created_by": "carol",
    "source": _SOURCE,
    "transaction_count": 1,
    "totals": [_MONEY],
    "results": [
        {
            "transfer_id": _TRANSFER,
            "status": "exported",
            "end_to_end_id": "RE-2026-0042",
            "order_id": _ORDER,
            "reasons": [],
        },
        {
            "transfer_id": _LEFT_OUT,
            "status": "refused",
            "end_to_end_id": None,
            "order_id": None,
            "reasons": [
                {
                    "code": "not_approved",
                    "message": "The transfer is not approved. Have it approved by a second person first.",
                }
            ],
        },
    ],
    "has_more": False,
    # The bytes are the first of such a file.
    "file": {
        "file_name": f"pain.001-{_ORDER.replace('-', '')}.xml",
        "content_type": "application/xml",
        "content_length": 38,
        "sha256": "3a8821c812e8bdfc5cc4b534ba7bc8a49e9712ddfe591eeb8edef92b34897346",
        "base64_file": "PD94bWwgdmVyc2lvbj0nMS4wJyBlbmNvZGluZz0ndXRmLTgnPz4=",
    },
}

# Operation → body.
REQUESTS: dict[str, dict[str, Any]] = {
    "editTransfer": {"source": _SOURCE, "requested_date": "2026-12-01"},
    "finalizeTransfer": {"amount": {"amount_minor": "119000", "currency": "EUR"}, "source": _SOURCE},
    "approveTransfer": {"note": "Compared with the order."},
    "rejectTransfer": {"note": _REASON},
    "clearTransferFlag": {"note": _NOTE},
    "exportTransfers": {"transfer_ids": [_TRANSFER, _LEFT_OUT]},
}
# Operation → answer.
ANSWERS: dict[str, dict[str, Any]] = {
    "listTransfers": {"data": [_DRAFT], "has_more": False, "next_cursor": None},
    "readTransfer": _DRAFT,
    "readTransferEvidence": {"transfer_id": _TRANSFER, "job_id": _JOB, "attempt": 1, "fields": [_FIELD]},
    "listTransferEvents": {"data": [_EVENT], "total": 1},
    "editTransfer": _EDITED,
    "discardTransfer": _DISCARDED,
    "finalizeTransfer": _SUBMITTED,
    "approveTransfer": _APPROVED,
    "rejectTransfer": _REJECTED,
    "clearTransferFlag": _LOOKED_INTO,
    "exportTransfers": _EXPORT,
}
