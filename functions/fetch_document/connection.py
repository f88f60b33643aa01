"""A connection to a checked address, on which every wait counts against one deadline.

The name is resolved once, every answer is judged, and the socket goes to an answer that was judged: nothing resolves
the name a second time. Proxy variables and .netrc are read by nobody here.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Buffer, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue

from fetch_document.link import Link
from fetch_document.public_address import is_public
from paydraft.model.errors import DocumentTooLargeError, DocumentUrlUnreachableError

_CONNECT_SECONDS = 5.0  # to one address; another may answer
_MAX_TRIED = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One address that a name resolves to."""

    family: socket.AddressFamily
    address: tuple[str, int]  # what connect takes; an IPv6 one needs no more than these two


class Deadline:
    """The moment by which all must be over."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """The seconds that remain; raises TimeoutError when there are none."""
        seconds = self._end - self._clock()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def look_up(host: str, port: int, seconds: float) -> list[Answer]:
    """All answers of the system's resolver. It can't be stopped: after `seconds` (TimeoutError) it is left behind."""
    outcome: SimpleQueue[list[Answer] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome.put([Answer(family, (str(address[0]), port)) for family, *_, address in found])
        except Exception as unknown:  # whatever it is, it belongs to who waits
            outcome.put(unknown)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answers = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answers, Exception):
        raise answers
    return answers


def connect(answer: Answer, seconds: float) -> socket.socket:
    """A TCP connection to that address and to no other; raises OSError."""
    sock = socket.socket(answer.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect(answer.address)
    except BaseException:
        sock.close()
        raise
    return sock


@cache
def public_authorities() -> ssl.SSLContext:
    """TLS 1.2 or newer, certificates of the system's authorities, names compared."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


@dataclass(frozen=True, slots=True)
class Network:
    """The ways out. Tests hand in resolvers that lie and authorities of their own."""

    look_up: Callable[[str, int, float], list[Answer]] = look_up
    connect: Callable[[Answer, float], socket.socket] = connect
    authorities: Callable[[], ssl.SSLContext] = public_authorities


class Wire:
    """A connected socket whose every wait is bounded by the deadline, and which gives at most `limit` bytes."""

    def __init__(self, sock: socket.socket, deadline: Deadline, limit: int) -> None:
        self._sock, self._deadline, self._limit = sock, deadline, limit

    def send(self, data: bytes) -> None:
        """All of it."""
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_Incoming(self._sock, self._deadline, self._limit))


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline, limit: int) -> None:
        self._sock, self._deadline, self._left = sock, deadline, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self._left -= count
        if self._left < 0:  # whatever a length or a chunk's size may claim
            raise DocumentTooLargeError("more than a document can be")
        return count


@contextmanager
def opened(link: Link, network: Network, deadline: Deadline, limit: int) -> Iterator[Wire]:
    """A wire to the link's host while the block runs. Raises DocumentUrlUnreachableError, OSError."""
    with _connected(_judged(link, network, deadline), network, deadline) as sock:
        if link.scheme == "http":
            yield Wire(sock, deadline, limit)
            return
        sock.settimeout(deadline.left())  # for the handshake as a whole
        # A connection that breaks off must not pass for one that was closed: the document would be cut.
        with network.authorities().wrap_socket(sock, server_hostname=link.host, suppress_ragged_eofs=False) as tls:
            yield Wire(tls, deadline, limit)


def _judged(link: Link, network: Network, deadline: Deadline) -> list[Answer]:
    answers = network.look_up(link.host, link.port, deadline.left())
    if not link.is_test_host and not all(is_public(answer.address[0]) for answer in answers):
        raise DocumentUrlUnreachableError("an address that is not public")
    return list(dict.fromkeys(answers))[:_MAX_TRIED]


def _connected(answers: list[Answer], network: Network, deadline: Deadline) -> socket.socket:
    for answer in answers:
        try:
            return network.connect(answer, min(deadline.left(), _CONNECT_SECONDS))
        except OSError:
            continue
    deadline.left()
    raise DocumentUrlUnreachableError("no connection")
