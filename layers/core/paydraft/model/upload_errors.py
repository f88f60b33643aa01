"""The part of the catalogue that refuses a request about an upload.

RequestError
└── UploadNotFoundError  DocumentNotArrivedError  TicketExpiredError

A code with a dot is the one that Corebanq documents for its uploads.
"""

from paydraft.model.request_errors import RequestError


class UploadNotFoundError(RequestError):
    """The tenant has no such upload: it never existed, its job was cancelled, or it is somebody else's."""

    code = "uploads.record_not_found"
    text = "There is no such upload. Use an id that GET /v2/uploads lists."


class DocumentNotArrivedError(RequestError):
    """The upload's document is not there yet, or never came."""

    code = "document_not_arrived"
    text = "No document has arrived for this upload yet. Send it with the upload's ticket, or ask again in a moment."


class TicketExpiredError(RequestError):
    """A repetition asks for a ticket whose time is over."""

    code = "ticket_expired"
    text = "The ticket of this Idempotency-Key has expired. Ask for a new one with a new key."
