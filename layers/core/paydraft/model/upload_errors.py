"""The part of the catalogue that refuses a request about an upload.

RequestError
└── UploadNotFoundError  InvalidDocumentTypeError  DocumentNotArrivedError  TicketExpiredError

A code with a dot is the one that Corebanq documents for its uploads.
"""

from paydraft.model.request_errors import RequestError
from paydraft.model.upload import DOCUMENT_TYPES


class UploadNotFoundError(RequestError):
    """The tenant has no such upload: it never existed, its job was cancelled, or it is somebody else's."""

    code = "uploads.record_not_found"
    text = "There is no such upload. Use an id that GET /v2/uploads lists."


class InvalidDocumentTypeError(RequestError):
    """An upload is said to be a kind of document that this service does not keep."""

    code = "uploads.invalid_document_type"
    text = "Documents of this type are not kept here. Send one of details.allowed_types."

    def __init__(self, detail: str = "") -> None:
        """The details name what is kept."""
        super().__init__(detail, details={"allowed_types": list(DOCUMENT_TYPES)})


class DocumentNotArrivedError(RequestError):
    """The upload's document is not there yet, or never came."""

    code = "document_not_arrived"
    text = "No document has arrived for this upload yet. Send it with the upload's ticket, or ask again in a moment."


class TicketExpiredError(RequestError):
    """A repetition asks for a ticket whose time is over."""

    code = "ticket_expired"
    text = "The ticket of this Idempotency-Key has expired. Ask for a new one with a new key."
