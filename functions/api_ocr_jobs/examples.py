"""What the API's description shows: one job from its creation to its results."""

from typing import Any

_ID = "60f7b1b3e4b0e8b3f8b3f8b3"
INPUT: dict[str, Any] = {
    "jobNumber": "OCR-2023-001",
    "documentName": "invoice_2023_001.pdf",
    "documentUrl": "https://storage.example.com/invoices/invoice_2023_001.pdf",
    "documentType": "pdf",
    "template": "auto",
    "priority": "low",
    "createdBy": "60f7b1b3e4b0e8b3f8b3f8b6",
    "metadata": {},
}
_CREATED: dict[str, Any] = {
    "_id": _ID,
    **INPUT,
    "status": "created",
    "progress": {"percentage": 0, "currentStep": "created", "totalSteps": 6},
    "cost": 0,
    "currency": "USD",
    "retryCount": 0,
    "createdAt": "2023-01-15T08:00:00Z",
    "updatedAt": "2023-01-15T08:00:00Z",
}
_READ: dict[str, Any] = {
    "extractedData": {
        "invoice": {
            "number": "INV-2023-001",
            "date": "2023-01-10",
            "dueDate": "2023-02-10",
            "supplier": {"name": "Muster GmbH", "address": "Hauptstraße 1, 53111 Bonn, DE", "taxId": "DE123456789"},
            "customer": {"name": "Acme SARL"},
            "amounts": {"subtotal": 1000.00, "tax": 190.00, "total": 1190.00, "currency": "EUR"},
        },
        "lineItems": [{"description": "Widget A", "quantity": 10, "unitPrice": 100.00, "amount": 1000.00}],
    },
    "confidence": {"overall": 0.97, "fields": {"invoice.number": 0.97, "invoice.amounts.total": 0.99}},
    "validationResults": {
        "isValid": True,
        "errors": [
            {
                "field": "invoice.supplier.name",
                "message": "The payee is not on file. Compare name and account with the document before you approve.",
                "severity": "warning",
            }
        ],
    },
    "processingTime": 4.2,
}
CREATED = {"success": True, "data": _CREATED}
COMPLETED = {
    "success": True,
    "data": {
        **_CREATED,
        "status": "completed",
        "progress": {"percentage": 100, "currentStep": "done", "totalSteps": 6},
        "startedAt": "2023-01-15T08:00:01Z",
        "completedAt": "2023-01-15T08:00:05Z",
        "documentInfo": {"pages": 1, "size": 48213, "format": "pdf", "language": "en"},
        **_READ,
        "updatedAt": "2023-01-15T08:00:05Z",
    },
}
PAGE = {"success": True, "data": [COMPLETED["data"]], "total": 1}
STARTED = {"success": True, "data": {"jobId": _ID, "status": "queued"}}
RESULTS = {"success": True, "data": _READ}
DELETED = {"success": True, "message": "OCR invoice job deleted successfully"}
