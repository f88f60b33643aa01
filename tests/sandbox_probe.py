"""Stands in for the module that serves a document: does what an exploit might try, and tells what came of it.

The document is the name of one of the functions below, and perhaps an argument after a space. What it returns comes
back as the detail of a refusal.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from extract_document import child, seccomp
from extract_document.answer import Answer, Refusal
from extract_document.engines.engine import engine_of
from extract_document.options import Limits, ReadOptions
from extract_document.pages import PagesFile
from paydraft.model.errors import UnreadableDocumentError
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.template import Advice


def warm(options: ReadOptions) -> None:
    """A child that has become another user may be unable to import: what it needs is loaded here."""
    engine_of(options)


def serve(channel: socket.socket, folder: str, options: ReadOptions, limits: Limits) -> None:
    """As the real child, with another answer."""
    child.serve(channel, folder, options, limits, Probe)


class Probe:
    """Stands in for a document. "advised <name>" is read well, and does what the name says when it is advised."""

    def __init__(self, data: bytes, options: ReadOptions, languages: Sequence[str]) -> None:
        self._name, _, self._argument = data.decode().partition(" ")

    def first(self) -> Answer:
        if self._name == "advised":
            return Answer(invoice=Invoice(number="first"), pages=PagesFile(media_type=MediaType.PDF, pages=()))
        told = json.dumps(globals()[self._name](self._argument))
        return Answer(refusal=Refusal(code=UnreadableDocumentError.code, detail=told))

    def advised(self, advice: Advice) -> Answer:
        if self._argument == "second":
            return Answer(invoice=Invoice(number=" ".join(hint.field for hint in advice.hints)))
        return Answer(refusal=Refusal(code="x", detail=json.dumps(globals()[self._argument](""))))


def environment(_: str) -> dict[str, str]:
    return dict(os.environ)


def handles(_: str) -> list[str]:
    """What the open file handles are."""
    found = []
    for number in range(64):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        is_null = os.fstat(number).st_rdev == Path(os.devnull).stat().st_rdev and mode & 0o020000
        found.append("null" if is_null else "socket" if mode & 0o140000 == 0o140000 else f"other:{number}")
    return found


def identity(_: str) -> dict[str, object]:
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    names = ("CapEff", "CapPrm", "NoNewPrivs", "Threads")
    return {"uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups()} | {name: status[name] for name in names}


def ancestors(_: str) -> list[int]:
    """Process ids from this one's parent up to the first."""
    found, pid = [], os.getppid()
    while pid > 0 and len(found) < 10:
        found.append(pid)
        stat = Path(f"/proc/{pid}/stat").read_text()
        pid = int(stat.rpartition(")")[2].split()[1])
    return found


def open_file(path: str) -> str:
    try:
        return f"read {len(Path(path).read_bytes())} bytes"
    except OSError as error:
        return type(error).__name__


def signal_to(pid: str) -> str:
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return type(error).__name__
    return "could"


def take_memory(_: str) -> str:
    try:
        bytearray(4 << 30)
    except MemoryError:
        return "MemoryError"
    return "got it"


def run_out_of_memory(_: str) -> None:
    blocks = []
    while True:
        blocks.append(bytearray(1 << 20))


def limits(_: str) -> dict[str, int]:
    names = ("AS", "CPU", "NOFILE", "NPROC", "CORE", "FSIZE")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in names}


def start_process(_: str) -> str:
    try:
        return f"ended with {subprocess.run([sys.executable, '-c', ''], check=False).returncode}"
    except OSError as error:
        return type(error).__name__


def start_thread(_: str) -> str:
    try:
        threading.Thread(target=int).start()
    except RuntimeError as error:
        return type(error).__name__
    return "started"


def leave_process(path: str) -> None:
    """Start a process that outlives its parent, and then hang."""
    process = subprocess.Popen(["/bin/sleep", "600"])
    Path(path).write_text(str(process.pid))
    hang("")


def folder(_: str) -> str:
    (Path(tempfile.gettempdir()) / "left").write_text("something")
    return tempfile.gettempdir()


def hang(_: str) -> None:
    time.sleep(600)


def spin(_: str) -> None:
    while True:
        pass


def abort(_: str) -> None:
    os.abort()


def end(_: str) -> None:
    os._exit(0)


def raise_error(_: str) -> None:
    raise ValueError("DE89370400440532013000")


def talk(_: str) -> str:
    """Write to the streams that a log might be made of."""
    for stream in (1, 2):
        os.write(stream, b"DE89370400440532013000\n")
    return "written"


def much(_: str) -> str:
    return "x" * (40 << 20)


def system_call(name: str) -> str:
    """The errno of a call by its number, with arguments that mean nothing."""
    library = ctypes.CDLL(None, use_errno=True)
    column = ("x86_64", "aarch64").index(platform.machine())
    result = library.syscall(seccomp._REFUSED[name][column], 0, 0, 0, 0, 0)
    return errno.errorcode[ctypes.get_errno()] if result < 0 else f"gave {result}"


def connect(address: str) -> str:
    host, port = address.split(":")
    try:
        with socket.socket() as connection:
            connection.connect((host, int(port)))
    except OSError as error:
        return type(error).__name__
    return "connected"
