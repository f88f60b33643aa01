"""A document inside a JSON body: base64 text to bytes, with the limits of that way of intake."""

import base64
import binascii
import re

from paydraft.model.media import MAX_INLINE_BYTES, MIN_DOCUMENT_BYTES
from paydraft.model.request_errors import EmptyDocumentError, InlineDocumentTooLargeError, InvalidBase64Error

_DATA_URL = re.compile(r"data:[^,;]{0,127}(?:;[^,;]{1,127}){0,4};base64,", re.IGNORECASE)
_WHITESPACE = b" \t\r\n"
_MAX_ENCODED = -(-MAX_INLINE_BYTES // 3) * 4  # base64 characters of the largest document, padding included


def read_inline_document(text: str) -> bytes:
    """The bytes of a document, whatever their type.

    Line breaks and blanks are taken (encoders wrap lines), and so is the prefix of a data URL, which browsers and
    mobile toolkits put in front; the type it names is ignored. Otherwise base64 is strict: standard alphabet, padded.

    Raises:
        InvalidBase64Error, EmptyDocumentError, InlineDocumentTooLargeError.
    """
    return checked_size(_decoded(_encoded(text)))


def checked_size(data: bytes) -> bytes:
    """The bytes of a document that came in a body; raises EmptyDocumentError or InlineDocumentTooLargeError."""
    if len(data) > MAX_INLINE_BYTES:
        raise InlineDocumentTooLargeError
    if len(data) < MIN_DOCUMENT_BYTES:
        raise EmptyDocumentError(f"{len(data)} bytes")
    return data


def _encoded(text: str) -> bytes:
    prefix = _DATA_URL.match(text)
    try:
        encoded = text[prefix.end() if prefix else 0 :].encode("ascii")
    except UnicodeEncodeError:
        raise InvalidBase64Error("not ASCII") from None  # the original error holds the text
    return encoded.translate(None, _WHITESPACE)


def _decoded(encoded: bytes) -> bytes:
    if len(encoded) > _MAX_ENCODED:  # before the work of decoding
        raise InlineDocumentTooLargeError
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise InvalidBase64Error(str(error)) from None
