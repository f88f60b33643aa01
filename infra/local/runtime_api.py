"""The Lambda Runtime API of one execution environment: where the real runtime client gets events and leaves answers.

Protocol: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. No extensions, X-Ray or response streams.
"""

import queue
import socket
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ROOT = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Invocation:
    """One event on its way to a function."""

    payload: bytes
    seconds: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Kind(Enum):
    """What an execution environment may tell."""

    READY = auto()
    """Initialised, and asking for the first event or the next one."""
    RESPONSE = auto()
    ERROR = auto()
    INIT_ERROR = auto()
    EXIT = auto()


@dataclass(frozen=True)
class Happening:
    """The payload is the function's answer, or AWS's error object, or for EXIT the process's status as text."""

    kind: Kind
    payload: bytes = b""


class RuntimeApi:
    """A server on a port of its own; `address` is what AWS_LAMBDA_RUNTIME_API says."""

    def __init__(self, function_arn: str) -> None:
        self.function_arn = function_arn
        self.current: Invocation | None = None
        self._events: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._happenings: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self._server = _Server(self)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve, daemon=True, name="runtime-api").start()

    def offer(self, invocation: Invocation) -> None:
        """The event for the next time the runtime asks."""
        self._events.put(invocation)

    def wait(self, seconds: float, *, past_ready: bool = False) -> Happening | None:
        """The next happening (`past_ready`: that is not READY), or None after `seconds`."""
        end = time.monotonic() + seconds
        with suppress(queue.Empty):
            while True:
                happening = self._happenings.get(timeout=max(0.0, end - time.monotonic()))
                if not (past_ready and happening.kind is Kind.READY):
                    return happening
        return None

    def next_event(self) -> Invocation | None:
        """Blocks until there is one; None when the environment is to end."""
        self.tell(Happening(Kind.READY))
        self.current = self._events.get()
        return self.current

    def tell(self, happening: Happening) -> None:
        """Something has happened in the environment."""
        self._happenings.put(happening)

    def close(self) -> None:
        """Stop serving; the runtime's pending question is answered with 410."""
        self._events.put(None)
        self._server.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        self._closing = False
        super().__init__(("127.0.0.1", 0), _Handler)

    def serve(self) -> None:
        """Until `close`. Unlike serve_forever it doesn't wake up to see whether it should end: there are many of us."""
        with self:
            while not self._closing:
                self.handle_request()

    def close(self) -> None:
        """Knock at the own door, so that `serve` looks up."""
        self._closing = True
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_address[1])).close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A runtime that is killed resets its connection: nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """No access log."""

    def do_GET(self) -> None:
        event = self.server.api.next_event() if self.path == _ROOT + "invocation/next" else None
        if event is None:
            self._answer(410)
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": event.id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + event.seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.server.api.function_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
        }
        self._answer(200, event.payload, headers)

    def do_POST(self) -> None:
        api, body = self.server.api, self._body()
        match self.path.removeprefix(_ROOT).split("/"):
            case ["init", "error"]:
                api.tell(Happening(Kind.INIT_ERROR, body))
            case ["invocation", id, ("response" | "error") as what] if api.current and id == api.current.id:
                api.current = None
                api.tell(Happening(Kind.RESPONSE if what == "response" else Kind.ERROR, body))
            case _:
                self._answer(400, b'{"errorType":"InvalidRequestID"}')
                return
        self._answer(202, b'{"status":"OK"}')

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
