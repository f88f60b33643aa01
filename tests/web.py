"""A little web of our own: servers that do as a test says, and a network whose names and doors a test decides on.

Connections are real ones, over loopback. A door that a test does not name leads into a trap, which counts who falls in.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from fetch_document.connection import Answer, Network, connect
from tests.certificates import trusting

type Script = Callable[["Server", str], Iterator[bytes]]  # what to send upon a request, piece by piece

PUBLIC, PUBLIC_TOO, PUBLIC_V6 = "93.184.216.34", "151.101.1.140", "2606:2800:220:1:248:1893:25c8:1946"
OK = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Server:
    """Listens on a port of 127.0.0.1. With a context it speaks TLS; without a script it only accepts."""

    script: Script | None = None
    context: ssl.SSLContext | None = None
    requests: list[str] = field(default_factory=list)
    accepted: int = 0
    hung_up: int = 0
    """Answers that the client did not want to the end."""

    def __post_init__(self) -> None:
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.closing.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            with suppress(TimeoutError):
                sock, _ = self._listener.accept()
                self.accepted += 1
                self._threads.append(threading.Thread(target=self._serve, args=(sock,), daemon=True))
                self._threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(5)
        with sock:
            if self.script is None:
                self.closing.wait()
                return
            with suppress(OSError):
                if self.context is None:
                    self._talk(sock)
                    return
                with self.context.wrap_socket(sock, server_side=True) as tls:
                    self._talk(tls)

    def _talk(self, sock: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            if not (data := sock.recv(4096)):
                return
            request += data
        self.requests.append(request.decode())
        assert self.script is not None
        try:
            for piece in self.script(self, request.decode()):
                sock.sendall(piece)
        except OSError:
            self.hung_up += 1
            raise
        if isinstance(sock, ssl.SSLSocket):
            sock.unwrap()


@contextmanager
def serving_web(script: Script | None = None, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script, context)
    try:
        yield server
    finally:
        server.stop()


def saying(*pieces: bytes) -> Script:
    """The same to everybody."""
    return lambda _server, _request: iter(pieces)


def document(data: bytes) -> Script:
    return saying(OK, f"Content-Length: {len(data)}\r\n\r\n".encode(), data)


def moved(location: str, status: str = "302 Found") -> bytes:
    return f"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass
class Web:
    """Names and doors. `names` are answered in the order of the questions, the last answer again and again."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    doors: dict[str, int | None] = field(default_factory=dict)  # address → port on loopback; None: nobody there
    trap: int = 0
    asked: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def look_up(self, host: str, port: int, _seconds: float) -> list[Answer]:
        answers = self.names[host]
        found = answers[min(self.asked.count(host), len(answers) - 1)]
        self.asked.append(host)
        return [Answer(socket.AF_INET6 if ":" in ip else socket.AF_INET, (ip, port)) for ip in found]

    def connect(self, answer: Answer, seconds: float) -> socket.socket:
        self.tried.append(answer.address[0])
        port = self.doors.get(answer.address[0], self.trap)
        if port is None:
            raise ConnectionRefusedError
        return connect(Answer(socket.AF_INET, ("127.0.0.1", port)), seconds)

    @property
    def network(self) -> Network:
        return Network(self.look_up, self.connect, trusting)
