"""The way hostile bytes are read: in a child process that has nothing to lose and nothing to steal.

    this process ── starts once ──► zygote (zygote.py) ── forks for each document ──► child (child.py)
      credentials, boto3               imports and models loaded (0.7 s, once)            6 ms, then killed
             └──── a socket pair per document: bytes in, JSON out; advice in, JSON out ──────┘

What holds, and is tested (tests/functions/test_sandbox_*.py, tests/faults/):
* The child's environment is PATH, LANG, OMP_THREAD_LIMIT and TESSDATA_PREFIX; it inherits one socket and nothing else.
* Its address space, processor time, files, and by this process's timer its time are limited; it is killed with every
  process it started, its temporary folder is removed. Its answer is limited in length and validated.
* This process is not dumpable, so that the child, which has the same user in Lambda, can't read its environment or
  memory (/proc/<pid>/environ, mem, fd; ptrace). Where this process is root, the child becomes nobody first.
* A dead child costs one document. A dead zygote is replaced once per document.
* What the caller knows of such documents (a template, the memory of a supplier) is told to the child only after its
  first answer, by a caller who looks it up under his own tenant; a child that lies gets hints of another supplier of
  the same tenant, which hold places and labels and no values. A child that fails at them costs nothing: its first
  answer stands.
* Where the kernel has seccomp it can open no connection (in Lambda not even to the runtime's local API), send no signal
  to another process and trace none.

What does not hold: a child of the same user can write where that user can write (in Lambda only /tmp), and on macOS it
is a child process with a watchdog for memory and no more. Lambda itself, its microVM and arm64 were not tried.

The zygote's import path is this process's `sys.path`, handed over as arguments with `python -I`: the environment stays
as small as above, and no PYTHON* variable is obeyed.
"""

import atexit
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extract_document import confinement, tessdata, wire, zygote
from extract_document.answer import MAX_ANSWER_BYTES, Answer
from extract_document.options import Limits, ReadOptions
from extract_document.orders import Orders
from extract_document.pages import PagesFile
from paydraft.model.errors import DocumentError, EngineError, InternalError, UnsafeDocumentError, error_of
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Invoice
from paydraft.model.template import Advice

_START_SECONDS = 30  # from exec to the first child; 1 s here
_END_SECONDS = 10  # for killing a child
_MAX_INVOICE_BYTES = 8 * 1024 * 1024
_TRIES = 2
_BOOT = (
    "import sys, socket; sys.path[:] = sys.argv[3:]; from extract_document.zygote import main;"
    " main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])"
)


_NOT_FOLLOWED = Finding(
    code="advice_not_followed",
    severity=Severity.WARNING,
    message="The values were read without the template and without what earlier documents of this supplier taught.",
)

type Advise = Callable[[Invoice], Advice | None]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a document gave."""

    invoice: Invoice
    pages: PagesFile


def no_advice(_: Invoice) -> None:
    """For documents of which nothing is known from elsewhere."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One document and what goes with it."""

    data: bytes
    orders: Orders
    advise: Advise


class _ZygoteLostError(Exception):
    """The zygote has died, or does not answer."""


class Sandbox:
    """One zygote and, one after the other, its children. Safe to call from several threads: they take turns."""

    def __init__(
        self, options: ReadOptions, limits: Limits, *, path: str, child: str = "extract_document.child"
    ) -> None:
        """`path` is the PATH on which the tesseract program is found; `child` the module that serves a document."""
        data = tessdata.find(options.tessdata)
        self._limits = limits
        self._orders = {"options": asdict(options) | {"tessdata": data}, "limits": asdict(limits), "child": child}
        self._environment = dict(zip(zygote.ENVIRONMENT, (path, "C.UTF-8", "1", data), strict=True))
        self._zygote: _Zygote | None = None
        self._turn = threading.Lock()

    def start(self) -> None:
        """Begin to load what reading needs, and return at once."""
        with self._turn:
            self._running()

    def extract(self, data: bytes, *, languages: Sequence[str] = (), advise: Advise = no_advice) -> Extraction:
        """The values and pages of a document.

        `languages` are those it is known to be in. `advise` is asked once, after the first reading, what is known of
        such documents; if there is something, the values are those that were read with it. What it raises comes
        through.

        Raises:
            DocumentError: why it can't be read; UnsafeDocumentError if it broke a limit or killed its reader.
            EngineError: the reader could not be started, or Tesseract is missing.
            InternalError: the reader failed in a way nobody foresaw; the detail says where.
        """
        with self._turn:
            return self._extraction(Errand(data, Orders(languages=tuple(languages)), advise))

    def close(self) -> None:
        """End the zygote; the next document would start another."""
        with self._turn:
            self._drop()

    def _extraction(self, errand: Errand) -> Extraction:
        for _ in range(_TRIES):
            try:
                return self._running().extraction(errand, self._limits)
            except _ZygoteLostError:
                self._drop()
        raise EngineError("the reading process died twice")

    def _running(self) -> "_Zygote":
        if self._zygote is None:
            self._zygote = _Zygote(self._orders, self._environment)
        return self._zygote

    def _drop(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


class _Zygote:
    """A running zygote, as seen from the process that started it."""

    def __init__(self, orders: dict[str, Any], environment: dict[str, str]) -> None:
        confinement.hide()
        import_path = (entry or str(Path.cwd()) for entry in sys.path)
        self._control, theirs = socket.socketpair()
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-c", _BOOT, str(handle), json.dumps(orders), *import_path],
                env=environment,
                pass_fds=[handle],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # ctrl-C in a terminal is for us to handle
                cwd="/",
            )

    def extraction(self, errand: Errand, limits: Limits) -> Extraction:
        """What a fresh child says of the document; raises UnsafeDocumentError if it breaks off or breaks a limit."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._begin(theirs)
            deadline = wire.Deadline(limits.seconds)
            try:
                message = _first(ours, errand, deadline)
            except wire.BrokenWireError as broken:
                raise UnsafeDocumentError(f"{broken}; {self._end()}") from broken
            try:
                first = _told(message)
                advice = errand.advise(first.invoice)
                return _advised(ours, first, advice, deadline.within(limits.advised_seconds)) if advice else first
            finally:
                self._end()

    def close(self) -> None:
        """End it, with whatever child it has."""
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _begin(self, channel: socket.socket) -> None:
        try:
            self._control.settimeout(_START_SECONDS)
            socket.send_fds(self._control, [zygote.BEGIN], [channel.fileno()])
            if self._control.recv(1) != zygote.READY:
                raise _ZygoteLostError
        except OSError as error:
            raise _ZygoteLostError from error

    def _end(self) -> str:
        """Have the child killed; how it had ended."""
        try:
            self._control.settimeout(_END_SECONDS)
            self._control.sendall(zygote.END)
            message = self._control.recv(zygote.STATUS.size)
            (status,) = zygote.STATUS.unpack(message)
        except (OSError, struct.error) as error:
            raise _ZygoteLostError from error
        code = os.waitstatus_to_exitcode(status)
        return f"killed by signal {-code}" if code < 0 else f"ended with code {code}"


def _first(channel: socket.socket, errand: Errand, deadline: wire.Deadline) -> bytes:
    wire.send(channel, errand.orders.model_dump_json().encode(), deadline)
    wire.send(channel, errand.data, deadline)
    return wire.receive(channel, MAX_ANSWER_BYTES, deadline)


def _told(message: bytes) -> Extraction:
    """What the child says, checked; raises what it refuses with."""
    try:
        answer = Answer.model_validate_json(message)
    except ValidationError as error:
        raise InternalError(f"the child's answer has {error.error_count()} errors") from None
    if answer.refusal is not None:
        raise _error(answer.refusal.code, answer.refusal.detail)
    if answer.invoice is None or answer.pages is None:
        raise InternalError("the child said neither yes nor no")
    return Extraction(answer.invoice, answer.pages)


def _advised(channel: socket.socket, first: Extraction, advice: Advice, deadline: wire.Deadline) -> Extraction:
    """The extraction with the values of a second round; with the first ones if that fails."""
    try:
        wire.send(channel, advice.model_dump_json().encode(), deadline)
        invoice = Answer.model_validate_json(wire.receive(channel, _MAX_INVOICE_BYTES, deadline)).invoice
    except (wire.BrokenWireError, ValidationError):
        invoice = None
    if invoice is None:
        findings = (*first.invoice.findings, _NOT_FOLLOWED)
        invoice = first.invoice.model_copy(update={"findings": findings})
    return Extraction(invoice, first.pages)


def _error(code: str, detail: str) -> DocumentError | EngineError | InternalError:
    """The child may refuse the document or name a missing engine; anything else it says is an internal error."""
    kind = error_of(code)
    return kind(detail) if issubclass(kind, (DocumentError, EngineError)) else InternalError(detail)


@cache
def sandbox_of(options: ReadOptions, limits: Limits, path: str) -> Sandbox:
    """The process's sandbox for these settings; it ends with the process."""
    sandbox = Sandbox(options, limits, path=path)
    atexit.register(sandbox.close)
    return sandbox
