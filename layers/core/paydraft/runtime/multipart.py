"""Bodies of multipart/form-data (RFC 7578): fields of text, and files as they are."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from paydraft.model.request_errors import MalformedFormError, UnsupportedBodyError

_TYPE = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename\*?)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)
_PLAIN = {"", "binary", "8bit", "7bit"}
_MOST_PARTS = 20
_LONGEST_HEAD = 4096  # bytes
_LONGEST_FIELD = 65536  # bytes


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a form. Name and type are what the client says."""

    name: str
    media_type: str | None
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form holds, by field."""

    fields: Mapping[str, str]
    files: Mapping[str, FilePart]


def is_form(headers: Mapping[str, str]) -> bool:
    """Whether the body is said to be a form with files."""
    return (headers.get("content-type") or "").partition(";")[0].strip().lower() == _TYPE


def read_form(event: Mapping[str, Any], headers: Mapping[str, str]) -> Form:
    """The body of an HTTP API event (format 2.0) as a form, each field once.

    Raises:
        UnsupportedBodyError: it is of another type, or compressed. MalformedFormError: it is none.
    """
    if not is_form(headers) or (headers.get("content-encoding") or "identity").lower() != "identity":
        raise UnsupportedBodyError
    found = _BOUNDARY.search(headers.get("content-type") or "")
    if found is None:
        raise MalformedFormError("no boundary")
    fields, files = dict[str, str](), dict[str, FilePart]()
    for head, data in _parts(_bytes_of(event), (found[1] or found[2]).encode()):
        _take(head, data, fields, files)
    return Form(fields, files)


def _bytes_of(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedFormError(str(error)) from None


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Head and content of each part; what stands before the first and behind the last delimiter is nobody's."""
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, _MOST_PARTS + 1)
    for part in parts[:_MOST_PARTS]:
        if part.startswith(b"--"):
            return
        head, divided, data = part.lstrip(b" \t").partition(b"\r\n\r\n")
        if not divided or not head.startswith(b"\r\n") or len(head) > _LONGEST_HEAD:
            raise MalformedFormError("a part without a head")
        yield head.decode("utf-8", "replace"), data
    raise MalformedFormError("no end, or too many parts")


def _take(head: str, data: bytes, fields: dict[str, str], files: dict[str, FilePart]) -> None:
    lines = (line.partition(":") for line in head.strip().split("\r\n"))
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    disposition = headers.get("content-disposition", "")
    said = {name.lower(): _unquoted(quoted, bare) for name, quoted, bare in _PARAMETER.findall(disposition)}
    name = said.get("name")
    is_plain = headers.get("content-transfer-encoding", "").lower() in _PLAIN
    if not disposition.lower().startswith("form-data") or not name or name in fields or name in files or not is_plain:
        raise MalformedFormError("a part that is no field, stands twice or is encoded")
    extended = unquote(said.get("filename*", "").rpartition("'")[2])  # RFC 8187; not of browsers, but of libraries
    if {"filename", "filename*"} & said.keys():
        files[name] = FilePart(extended or said.get("filename", ""), headers.get("content-type"), data)
        return
    fields[name] = _text_of(data)


def _unquoted(quoted: str, bare: str) -> str:
    return quoted.replace('\\"', '"').replace("%22", '"') if quoted else bare


def _text_of(data: bytes) -> str:
    try:
        if len(data) <= _LONGEST_FIELD:
            return data.decode()
    except UnicodeDecodeError:
        pass
    raise MalformedFormError("a field that is no short text in UTF-8")
