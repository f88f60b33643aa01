"""What a process may do no longer. Linux by prctl and setrlimit; macOS has only part of it (and a watchdog for memory).

What this achieves, and what it does not, is written down in sandbox.py.
"""

import ctypes
import os
import resource
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38  # <linux/prctl.h>
_NOBODY = 65534
_MAX_FILES = 64
_MAX_FILE_BYTES = 64 * 1024 * 1024  # the PNG for the tesseract program; a page has 25 million pixels at most
_WATCH_SECONDS = 0.05


def hide() -> None:
    """Close /proc/<pid>/{environ,mem,fd,maps,…} and ptrace to all other processes of this user (not to root)."""
    _prctl(_PR_SET_DUMPABLE, 0)


def become_nobody(folder: str) -> None:
    """Root becomes the user nobody, who keeps `folder` and no capability; any other user has nothing to give up."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if sys.platform == "linux" and os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user clears it


def limit(memory_mb: int, cpu_seconds: int, *, may_fork: bool) -> None:
    """Caps on address space, processor time, open files, file size and (without `may_fork`) processes and threads."""
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_CPU, cpu_seconds)
    _cap(resource.RLIMIT_NOFILE, _MAX_FILES)
    _cap(resource.RLIMIT_FSIZE, _MAX_FILE_BYTES)
    if not may_fork:
        _cap(resource.RLIMIT_NPROC, 0)
    if sys.platform == "darwin":
        watch_memory(memory_mb)  # RLIMIT_AS fails there
    else:
        _cap(resource.RLIMIT_AS, memory_mb * 1024 * 1024)


def watch_memory(memory_mb: int) -> None:
    """End this process when its largest resident size passes the limit: the way on macOS (tried on Linux only)."""
    unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in

    def watch() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit <= memory_mb * 1024 * 1024:
            time.sleep(_WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _cap(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl failed")
