"""A document from an address that a stranger chose: from the public internet only, within a time and a size.

https on port 443 with a valid certificate; no credentials, cookies or proxies; no more than three redirects, each
judged as the first address was; one deadline over everything, also name resolution, handshake and headers that drip.
"""

from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, cast

from fetch_document.connection import Deadline, Network, Wire, opened
from fetch_document.link import Link
from paydraft.model.errors import DocumentTooLargeError, DocumentUrlFailedError, DocumentUrlUnreachableError
from paydraft.model.media import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    import socket

SECONDS = 20.0
MAX_REDIRECTS = 3
_CHUNK = 64 * 1024  # bytes
_OVERHEAD = 1024 * 1024  # bytes of headers, and of what frames the chunks of a document of the full size
_REDIRECTS = {301, 302, 303, 307, 308}
_REQUEST = (
    "GET {target} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: paydraft\r\nAccept: */*\r\n"
    "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
)


def fetch(
    url: str,
    *,
    test_hosts: frozenset[str] = frozenset(),
    network: Network | None = None,
    limit: int = MAX_DOCUMENT_BYTES,
    seconds: float = SECONDS,
) -> bytes:
    """The bytes at `url`, whatever they are.

    `test_hosts` are exact pairs `host:port` to which the rules about scheme, port and network do not apply.

    Raises:
        DocumentUrlUnreachableError: not to be asked, or no whole answer in `seconds`; the same for every cause.
        DocumentUrlFailedError: asked, and answered with an error, an encoding nobody asked for, or endless redirects.
        DocumentTooLargeError: more than `limit` bytes.
    """
    network, deadline = network or Network(), Deadline(seconds)
    try:
        link = Link.parse(url, test_hosts)
        for _ in range(MAX_REDIRECTS + 1):
            answer = _asked(link, network, deadline, limit)
            if isinstance(answer, bytes):
                return answer
            link = link.follow(answer, test_hosts)
    except (OSError, HTTPException) as broken:  # their texts name hosts and addresses
        raise DocumentUrlUnreachableError(type(broken).__name__) from None
    raise DocumentUrlFailedError("too many redirects")


def _asked(link: Link, network: Network, deadline: Deadline, limit: int) -> bytes | str:
    """The document, or the address it is said to be at instead."""
    with opened(link, network, deadline, limit + limit // 8 + _OVERHEAD) as wire:
        wire.send(_REQUEST.format(target=link.target, authority=link.authority).encode("ascii"))
        with _answer(wire) as response:
            if response.status in _REDIRECTS:
                return _location(response)
            if response.status != 200:
                raise DocumentUrlFailedError(f"status {response.status}")
            _expect_plain(response)
            return _body(response, limit)


def _answer(wire: Wire) -> HTTPResponse:
    response = HTTPResponse(cast("socket.socket", wire), method="GET")  # of a socket it uses makefile only
    try:
        response.begin()
    except BaseException:
        response.close()
        raise
    return response


def _location(response: HTTPResponse) -> str:
    try:
        # Header bytes are handed over as Latin-1; what servers send beyond ASCII is UTF-8.
        return response.headers["Location"].encode("latin-1").decode()
    except (AttributeError, UnicodeError):
        raise DocumentUrlFailedError("a redirect to nowhere") from None


def _expect_plain(response: HTTPResponse) -> None:
    encodings = {value.strip().lower() for value in response.headers.get_all("Content-Encoding", [])}
    if encodings - {"identity", ""}:
        raise DocumentUrlFailedError("an encoded answer")
    if "Transfer-Encoding" in response.headers and not response.chunked:
        raise DocumentUrlFailedError("a transfer encoding")


def _body(response: HTTPResponse, limit: int) -> bytes:
    if (response.length or 0) > limit:
        raise DocumentTooLargeError(f"{response.length} bytes, at most {limit}")
    data = bytearray()
    while chunk := response.read(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise DocumentTooLargeError(f"more than {limit} bytes")
    if response.length:  # http.client says nothing about bytes that were promised and did not come
        raise IncompleteRead(b"", response.length)
    return bytes(data)
