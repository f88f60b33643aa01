"""How MakersHub's routes answer the error catalogue: its one envelope, and a status for every class."""

from collections.abc import Mapping
from typing import Any

from paydraft.model.errors import (
    DocumentError,
    PaydraftError,
    StaleJobError,
    UnsupportedMediaError,
)
from paydraft.model.request_errors import (
    InlineDocumentTooLargeError,
    InvalidFieldsError,
    MethodNotAllowedError,
    RequestError,
    ScopeMissingError,
)
from paydraft.runtime import refusals
from paydraft.runtime.http import ErrorAnswers
from paydraft.runtime.refusals import OUR_FAULT


class InvoiceIdError(RequestError):
    """An invoice id that is no integer from 1."""

    code = "invalid_invoice_id"
    text = "The invoice id must be an integer from 1."


class RecordNotFoundError(RequestError):
    """No invoice of the tenant has this id, or it was deleted."""

    code = "record_not_found"
    text = "Record not found."


class NoExtractionError(RequestError):
    """The invoice is there and nothing was read of it: not yet, or its document could not be read."""

    code = "no_extraction"
    text = "This invoice has no data extraction record."


class FieldsNotServedError(RequestError):
    """The request brings an invoice's fields instead of its file."""

    code = "fields_not_served"
    text = "Send the invoice as a file: data must be its bytes as base64 text."


STATUSES: dict[type[PaydraftError], int] = refusals.STATUSES | {
    RecordNotFoundError: 404,
    NoExtractionError: 404,
    StaleJobError: 409,
    InlineDocumentTooLargeError: 413,
    DocumentError: 400,
    UnsupportedMediaError: 415,
}


# Where other dialects point to details, which this envelope does not have.
TEXTS: dict[type[PaydraftError], str] = {
    InvalidFieldsError: "Some fields are missing, unknown or wrong. Mend them and send again",
    ScopeMissingError: "This token does not allow this call. Use one with the scope that WWW-Authenticate names.",
    MethodNotAllowedError: "This path does not take this method. Use one that the header Allow names.",
}


def error_body(error: PaydraftError, status: int) -> Mapping[str, Any]:
    """The envelope of errors, which has room for one sentence."""
    return {"status": "Error", "msg": OUR_FAULT if status >= 500 else _sentence(error), "result": None}


def _sentence(error: PaydraftError) -> str:
    text = TEXTS.get(type(error), error.text)
    if not isinstance(error, InvalidFieldsError):
        return text
    fields = error.details.get("fields", ())
    told = "; ".join(f"{'.'.join(map(str, field['loc'][1:]))}: {field['msg']}" for field in fields)
    return f"{text}: {told}." if told else f"{text}."


ANSWERS = ErrorAnswers(STATUSES, error_body)
