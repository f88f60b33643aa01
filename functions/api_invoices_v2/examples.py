"""What a request and its answer look like, for the published description. Data only; a test holds it to the models."""

from typing import Any

_JOB = "01a1f866-0d00-7002-ab54-a98ceb1f0ad2"
_UPLOAD = "01a1f866-0d00-7417-8d3a-5f0c2b7e9a61"
_TRANSFER = "01a1f866-0d00-7f99-9647-3183c230c489"
_SUPPLIER = "01a1e3c2-5b80-7c1e-9d2f-6a4b8e0f3c57"
_ACCOUNT = "01a1e3c2-5b80-7a90-8e15-2c7d9f4b6a03"
_INVOICE = "01a1f867-3c40-7b2d-a6e8-9f1c4d7b0e35"
_US = "01a1e3c2-5b80-7f08-b1c4-7e9a2d5f6b18"
_BASE64 = "JVBERi0xLjcKJSBhIGRvY3VtZW50Cg=="

_RESULT = {
    "total": "1190.00",
    "customer_name": "Muster GmbH",
    "customer_email": "rechnung@muster.example",
    "currency_code": "EUR",
    "currency_symbol": "€",
    "due_date": "2026-12-02",
    "subtotal": "1000.00",
    "sales_tax_percentage": "19.00",
    "sales_tax_amount": "190.00",
    "invoice_number": "RE-2026-0042",
    "reference": "",
    "bic": "COBADEFFXXX",
    "iban": "DE89370400440532013000",
}
_RECIPIENT = {
    "id": _SUPPLIER,
    "legal_name": "Muster GmbH",
    "email": "rechnung@muster.example",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "type": "business",
    "customer_id": None,
    "address": {"street": "Hauptstraße 1", "city": "Bonn", "zip": "53111", "country": "DE", "state": ""},
    "created_at": "2026-11-17T08:00:00Z",
}
_FOUND = "The counterparty was found on file, and a draft transfer to it was prepared."
_READ_V2 = {
    "job_id": _JOB,
    "status": 200,
    "upload_id": _UPLOAD,
    "transfer_id": _TRANSFER,
    "recipient_match": "found",
    "counterparty_match": "found",
    "counterparty_id": _SUPPLIER,
    "cp_account_id": _ACCOUNT,
    "result": _RESULT,
    "recipient": _RECIPIENT,
    "transaction_id": _TRANSFER,
    "message": _FOUND,
    "candidates": [],
    "review": [],
}
_WRITTEN = {
    "invoice_number": "INV-V3-000001",
    "description": None,
    "reference": None,
    "status": "draft",
    "customer_id": None,
    "issue_date": "2026-11-20",
    "due_date": "2026-12-20",
    "source": {"counterparty_id": _US, "cp_account_id": None, "cp_address_id": None},
    "destination": {"counterparty_id": _SUPPLIER, "cp_account_id": _ACCOUNT, "cp_address_id": None},
}
_SHOWN_INVOICE = _WRITTEN | {
    "id": _INVOICE,
    "invoice_id": 7,
    "amount": {
        "currency": "EUR",
        "precision": 2,
        "subtotal": "25000",
        "discount": "0",
        "shipping": "500",
        "vat": "4845",
        "total": "30345",
    },
    "rates": {"discount": "0", "vat": "19"},
    "items": [{"title": "Widget", "description": None, "quantity": "2.5", "price": "10000", "total_price": "25000"}],
    "active": True,
    "created_at": "2026-11-20T10:00:00Z",
    "created_by": "alice",
}
_SHOWN_UPLOAD = {
    "id": _UPLOAD,
    "file_name": "Rechnung 42.pdf",
    "document_type": "invoice",
    "approval_status": "pending",
    "approval_needed": True,
    "approval_made": False,
    "signature_status": "not_required",
    "signature_needed": False,
    "signature_made": False,
    "content_length": 300000,
    "file_extension": "pdf",
    "active": False,
    "metadata": {},
    "created_at": "2026-11-20T10:00:00Z",
    "created_by": "alice",
    "job_id": _JOB,
    "customer_id": None,
    "content_type": "application/pdf",
    "attached_at": None,
}
_SENT_UPLOAD = _SHOWN_UPLOAD | {"content_length": 22}  # as many bytes as the base64 above holds
_STORAGE = "https://paydraft-dev-documents-123456789012-eu-west-1.s3.eu-west-1.amazonaws.com/"
_PLACE = f"incoming/standard/acme/{_JOB}/1"

# Operation → body.
REQUESTS: dict[str, dict[str, Any]] = {
    "submitInvoiceOcrV1": {"base64_file": _BASE64},
    "submitInvoiceOcrV2": {"base64_file": _BASE64, "customer_id": "160c0c4b-9966-4dc1-a916-8407eb10d74e"},
    "createInvoice": _WRITTEN
    | {
        "amount": {"currency": "EUR", "shipping": "500"},
        "rates": {"discount": "0", "vat": "19"},
        "items": [{"title": "Widget", "quantity": "2.5", "price": "10000"}],
    },
    "createUpload": {
        "file_name": "Rechnung 42.pdf",
        "content_type": "application/pdf",
        "content_length": 300000,
        "customer_id": "160c0c4b-9966-4dc1-a916-8407eb10d74e",
    },
}
REQUESTS["createUploadV1"] = {"file_name": "Rechnung 42.pdf", "content": _BASE64, "document_type": "invoice"}
REQUESTS["createCustomerUploadV1"] = REQUESTS["createUploadV1"]
# Operation → answer.
ANSWERS: dict[str, dict[str, Any]] = {
    "submitInvoiceOcrV1": {
        "job_id": _JOB,
        "status": 202,
        "message": "The document is waiting to be read. Ask again after the seconds in Retry-After.",
    },
    "pollInvoiceOcrV1": {"job_id": _JOB, "status": 200, "result": _RESULT, "message": _FOUND},
    "submitInvoiceOcrV2": {"job_id": _JOB, "status": 202, "upload_id": _UPLOAD},
    "pollInvoiceOcrV2": _READ_V2,
    "createInvoice": _SHOWN_INVOICE,
    "listInvoices": {"data": [_SHOWN_INVOICE], "has_more": False, "next_cursor": None},
    "readInvoice": _SHOWN_INVOICE,
    "createUpload": {
        "upload_id": _UPLOAD,
        "job_id": _JOB,
        "url": _STORAGE,
        "fields": {
            "Content-Type": "application/pdf",
            "key": _PLACE,
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": "EXAMPLE/20261120/eu-west-1/s3/aws4_request",
            "x-amz-date": "20261120T100000Z",
            "policy": "eyJleHBpcmF0aW9uIjogIuKApiJ9",
            "x-amz-signature": "0123456789abcdef",
        },
        "expires_at": "2026-11-20T10:10:00Z",
        "max_bytes": 300000,
        "poll_url": f"/v2/invoices/ocr/{_JOB}",
    },
    "listUploads": {"data": [_SHOWN_UPLOAD], "has_more": False, "next_cursor": None},
    "readUpload": _SHOWN_UPLOAD,
    "createUploadV1": _SENT_UPLOAD,
    "createCustomerUploadV1": _SENT_UPLOAD | {"customer_id": "160c0c4b-9966-4dc1-a916-8407eb10d74e"},
    "listUploadsV1": {"data": [_SHOWN_UPLOAD], "has_more": False, "next_cursor": None},
    "readUploadV1": _SHOWN_UPLOAD,
    "listCustomerUploadsV1": {"data": [_SHOWN_UPLOAD], "has_more": False, "next_cursor": None},
    "downloadUpload": {
        "url": f"{_STORAGE}{_PLACE}?versionId=3sL4kqtJlcpXroDTDmJ&X-Amz-Expires=300&X-Amz-Signature=0123456789abcdef",
        "expires_at": "2026-11-20T10:15:00Z",
        "file_name": "Rechnung 42.pdf",
        "content_type": "application/pdf",
        "content_length": 300000,
    },
}
