"""A small process that outlives the stack by a moment: when the stack dies, even by kill -9, it kills its children.

The stack tells it over a pipe which process groups and containers exist; the end of the pipe is the stack's death. It
works where Linux's parent-death signal does not: with grandchildren, with containers, and on macOS.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from threading import Lock

_DOCKER_REMOVE = ("docker", "rm", "--force")


class Warden:
    """The stack's end of the pipe."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-S", __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        self._lock = Lock()

    def watch(self, kind: str, name: str | int) -> None:
        """`kind` is group (of processes, by its leader's id) or container (by name)."""
        self._tell(f"+{kind} {name}")

    def forget(self, kind: str, name: str | int) -> None:
        """It has ended by itself; its id may belong to somebody else from now on."""
        self._tell(f"-{kind} {name}")

    def close(self) -> None:
        """Kill what is still watched, and end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with self._lock:
            if not stdin.closed:
                stdin.write(line.encode() + b"\n")
                stdin.flush()


def kill_group(leader: int) -> None:
    """Kill a process and what it started; no error if it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _remove(container: str) -> None:
    subprocess.run([*_DOCKER_REMOVE, container], capture_output=True, check=False)


def _wait_and_kill(lines: Iterable[str]) -> None:
    watched: set[tuple[str, str]] = set()
    for line in lines:
        kind, name = line[1:].split()
        (watched.add if line.startswith("+") else watched.discard)((kind, name))
    for kind, name in watched:
        kill_group(int(name)) if kind == "group" else _remove(name)


if __name__ == "__main__":
    _wait_and_kill(sys.stdin)
