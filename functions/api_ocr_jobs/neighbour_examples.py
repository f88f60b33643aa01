"""What the API's description shows of templates and groups."""

from typing import Any

_TEMPLATE_ID, _GROUP_ID = "60f7b1b3e4b0e8b3f8b3f8b4", "60f7b1b3e4b0e8b3f8b3f8b5"
_MOMENTS = {"createdAt": "2023-01-15T08:00:00Z", "updatedAt": "2023-01-15T08:00:00Z"}
TEMPLATE_INPUT: dict[str, Any] = {
    "name": "Bills of Muster GmbH",
    "ocrEngine": "tesseract",
    "documentType": "invoice",
    "extractionRules": {
        "fields": [
            {"name": "invoiceNumber", "type": "text", "required": True, "pattern": "RE-[0-9]{4}-[0-9]+"},
            {
                "name": "total",
                "type": "currency",
                "required": True,
                "coordinates": {"x": 0.6, "y": 0.7, "width": 0.35, "height": 0.1},
            },
        ]
    },
    "preprocessingSettings": {
        "imageEnhancement": True,
        "deskew": True,
        "denoising": True,
        "binarization": False,
        "resolutionDPI": 300,
    },
    "postprocessingSettings": {
        "spellCheck": False,
        "confidenceThreshold": 0.8,
        "validationRules": [{"field": "supplier.taxId", "rule": "required", "message": "A VAT number is missing."}],
    },
    "languages": ["de", "en"],
    "isActive": True,
    "isDefault": False,
}
_TEMPLATE = {"_id": _TEMPLATE_ID, **TEMPLATE_INPUT, **_MOMENTS}
TEMPLATE = {"success": True, "data": _TEMPLATE}
TEMPLATES = {"success": True, "data": [_TEMPLATE], "total": 1}
TEMPLATE_DELETED = {"success": True, "message": "OCR invoice job template deleted successfully"}
GROUP_INPUT: dict[str, Any] = {
    "name": "January",
    "template": "auto",
    "batchNumber": "B-2023-01",
    "priority": "medium",
    "processingSettings": {"parallelJobs": 2, "retryCount": 2, "timeoutMinutes": 30},
    "notifications": {"onCompletion": False, "onFailure": True, "recipients": []},
    "tags": ["suppliers"],
}
_GROUP = {
    "_id": _GROUP_ID,
    **GROUP_INPUT,
    "totalJobs": 5,
    "completedJobs": 4,
    "pendingJobs": 0,
    "failedJobs": 1,
    "status": "completed",
    "startedAt": "2023-01-15T08:00:00Z",
    "completedAt": "2023-01-15T08:01:00Z",
    "statistics": {
        "totalDocuments": 5,
        "totalPages": 9,
        "averageProcessingTime": 4.2,
        "successRate": 0.8,
        "totalCost": 0,
        "currency": "USD",
    },
    **_MOMENTS,
}
_NO_JOBS = {
    "totalJobs": 0,
    "completedJobs": 0,
    "pendingJobs": 0,
    "failedJobs": 0,
    "status": "created",
    "statistics": {"totalDocuments": 0, "totalPages": 0, "totalCost": 0, "currency": "USD"},
}
GROUP_CREATED = {"success": True, "data": {"_id": _GROUP_ID, **GROUP_INPUT, **_NO_JOBS, **_MOMENTS}}
GROUP = {"success": True, "data": _GROUP}
GROUPS = {"success": True, "data": [_GROUP], "total": 1}
GROUP_DELETED = {"success": True, "message": "OCR invoice job group deleted successfully"}
MEMBERS = {
    "success": True,
    "data": [{"jobId": "60f7b1b3e4b0e8b3f8b3f8b3", "status": "completed", "documentName": "invoice_2023_001.pdf"}],
    "total": 1,
}
