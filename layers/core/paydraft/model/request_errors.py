"""The part of the catalogue that refuses a request at the door; no job is concerned.

    RequestError
    ├── AccessError            TokenNotSetError  TokenInvalidError  TokenNotFoundError  TokenRevokedError
    ├── TwoTokensError  ScopeMissingError  RateLimitedError
    ├── RouteNotFoundError  MethodNotAllowedError  JobNotFoundError
    ├── UnsupportedBodyError  MalformedBodyError  MalformedFormError  InvalidFieldsError  InvalidIdempotencyKeyError
    └── InvalidBase64Error  EmptyDocumentError  InlineDocumentTooLargeError

A module of its own, so that functions without an HTTP door do not load it.
"""

from collections.abc import Mapping
from typing import Any

from paydraft.model.errors import PaydraftError
from paydraft.model.media import MAX_INLINE_BYTES
from paydraft.model.status import Fault


class RequestError(PaydraftError):
    """The request can't be served as it is; sending it again unchanged will not help."""

    code = "request_error"
    text = "The request could not be understood. Compare it with the API's description."
    fault = Fault.DOCUMENT

    def __init__(self, detail: str = "", *, details: Mapping[str, Any] | None = None) -> None:
        """`details` go to the client: limits and names of fields, never values it sent."""
        super().__init__(detail)
        self.details = dict(details or {})


class AccessError(RequestError):
    """Nobody we know is asking. The four causes, their order and wording are those of the MakersHub API."""

    code = "access_error"
    text = "Token is invalid."


class TokenNotSetError(AccessError):
    """No Authorization header, another scheme than Bearer, or no token behind it."""

    code = "token_not_set"
    text = "Bearer token is not set."


class TokenInvalidError(AccessError):
    """The token has not our form, or its time is over."""

    code = "token_invalid"
    text = "Token is invalid."


class TokenNotFoundError(AccessError):
    """The token has our form, and nobody was given it."""

    code = "token_not_found"
    text = "Token not found."


class TokenRevokedError(AccessError):
    """The token was withdrawn."""

    code = "token_revoked"
    text = "Token is revoked."


class TwoTokensError(RequestError):
    """The request brings two different tokens, each in a header of its own."""

    code = "two_tokens"
    text = "The request brings two different tokens. Send one of them, in one header."


class ScopeMissingError(RequestError):
    """The token is good, and does not allow this."""

    code = "scope_missing"
    text = "This token does not allow this call. Use a token with the scope named in details.scope."


class RateLimitedError(RequestError):
    """The token has had its requests of this moment; `details.retry_after_seconds` says when the next ones come."""

    code = "rate_limited"
    text = "This token has sent too many requests. Wait for the seconds that Retry-After names, then go on."


class RouteNotFoundError(RequestError):
    """No route has this path."""

    code = "not_found"
    text = "There is nothing at this path. Compare it with the API's description."


class MethodNotAllowedError(RequestError):
    """The path exists, with other methods."""

    code = "method_not_allowed"
    text = "This path does not take this method. Use one of details.allow."


class JobNotFoundError(RequestError):
    """The tenant has no such job: it never existed, was cancelled, or is somebody else's."""

    code = "job_not_found"
    text = "There is no such job. Use the job_id that the POST answered."


class UnsupportedBodyError(RequestError):
    """The body is declared to be something other than JSON in UTF-8."""

    code = "unsupported_content_type"
    text = "The body is not JSON in UTF-8. Send JSON with the header Content-Type: application/json."


class MalformedBodyError(RequestError):
    """The body is no JSON object, or one that readers could take in two ways (a key twice, NaN)."""

    code = "malformed_body"
    text = "The body is not a well-formed JSON object. Send one object, each key once, without NaN or Infinity."


class MalformedFormError(RequestError):
    """The body is declared to be a form with files, and is none, or one that readers could take in two ways."""

    code = "malformed_form"
    text = "The body is not a well-formed form. Send multipart/form-data with its boundary, each field once."


class InvalidFieldsError(RequestError):
    """Fields are missing, unknown or of the wrong kind."""

    code = "invalid_fields"
    text = "Some fields are missing, unknown or wrong. See details.fields, mend them and send again."


class InvalidIdempotencyKeyError(RequestError):
    """The key is empty, too long, not printable, or two headers give two keys."""

    code = "invalid_idempotency_key"
    text = "The idempotency key can't be used. Send one key of 1 to 255 printable ASCII characters."


class InvalidBase64Error(RequestError):
    """The document is not base64."""

    code = "invalid_base64"
    text = "The document is not valid base64. Encode the file's bytes with the standard alphabet and padding."


class EmptyDocumentError(RequestError):
    """The document has no bytes, or too few to be a document."""

    code = "empty_document"
    text = "The body holds no document. Check that the file has content and send it again."


class InlineDocumentTooLargeError(RequestError):
    """More bytes than a request body may carry (`media.MAX_INLINE_BYTES`)."""

    code = "inline_document_too_large"
    text = "The document is larger than 4 MiB, the most a request body carries. Send it through POST /v2/uploads."

    def __init__(self) -> None:
        """The details name the limit in bytes and the way for larger files."""
        super().__init__(details={"max_bytes": MAX_INLINE_BYTES, "upload": "POST /v2/uploads"})
