"""The process that imports what reading needs, once, and forks a child for each document.

It holds no credentials and no network connection, starts no thread, and never looks at a document. Its parent is
sandbox.py, at the other end of the control socket: every byte 1 with a socket attached asks for a child that serves
this socket (answered by READY), every byte 2 for the child's end (answered by its wait status). When the parent goes,
the control socket closes and the zygote ends; when the zygote goes, the kernel kills the child.
"""

import contextlib
import gc
import json
import os
import shutil
import signal
import socket
import struct
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module

from extract_document import confinement
from extract_document.options import Limits, ReadOptions
from paydraft.runtime.settings import keep_only

ENVIRONMENT = ("PATH", "LANG", "OMP_THREAD_LIMIT", "TESSDATA_PREFIX")
BEGIN, END, READY = b"\1", b"\2", b"\3"
STATUS = struct.Struct("!i")


def main(control: socket.socket, orders: str) -> None:
    """Serve until the control socket closes.

    `orders` is JSON: ReadOptions as "options", Limits as "limits", and as "child" the module that serves a document.
    """
    confinement.hide()
    told = json.loads(orders)
    options, limits = ReadOptions(**told["options"]), Limits(**told["limits"])
    # OpenBLAS would start a thread per core when numpy is imported, and a forked process inherits none of them.
    os.putenv("OPENBLAS_NUM_THREADS", "1")
    child = import_module(told["child"])
    child.warm(options)
    os.unsetenv("OPENBLAS_NUM_THREADS")
    keep_only(ENVIRONMENT)
    gc.collect()
    gc.freeze()  # a child that frees nothing of ours copies no page for it
    with contextlib.suppress(ConnectionError):  # the parent went in the middle of a document
        while channel := _next(control):
            _run(control, channel, partial(child.serve, options=options, limits=limits))


def _next(control: socket.socket) -> socket.socket | None:
    message, handles, _, _ = socket.recv_fds(control, 1, 1)
    return socket.socket(fileno=handles[0]) if message == BEGIN and handles else None


def _run(control: socket.socket, channel: socket.socket, serve: Callable[[socket.socket, str], None]) -> None:
    """Fork, wait until the parent wants the child gone, and clear away whatever is left of it."""
    folder = tempfile.mkdtemp(prefix="paydraft-")
    pid = os.fork()
    if pid == 0:
        _become_child(control, channel, folder, serve)
    channel.close()
    try:
        control.sendall(READY)
        control.recv(1)  # END, or nothing when the parent is gone: both mean the same for the child
    finally:
        status = _ended(pid)
        shutil.rmtree(folder, ignore_errors=True)
    control.sendall(STATUS.pack(status))


def _become_child(
    control: socket.socket, channel: socket.socket, folder: str, serve: Callable[[socket.socket, str], None]
) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        control.close()
        tempfile.tempdir = folder
        serve(channel, folder)
        code = 0
    finally:
        os._exit(code)


def _ended(pid: int) -> int:
    """Kill the child and every process it started, and return how it had ended (its wait status)."""
    # The child is not waited for before: until then neither its id nor that of its group can belong to somebody else.
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    return os.waitpid(pid, 0)[1]
