"""Documents read by one process a core, in the order they were named.

A worker does to a document exactly what ExtractDocument's child does (extract_document/child.py). A document that kills
its worker, or takes longer than a document may, costs a line with an error: the others are read by the next worker.
"""

import os
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from extract_document import child
from extract_document.answer import Answer
from extract_document.options import Limits, ReadOptions
from paydraft.model.errors import DocumentTooLargeError, UnreadableDocumentError, UnsafeDocumentError
from paydraft.model.media import MAX_DOCUMENT_BYTES


@dataclass(frozen=True, slots=True)
class Read:
    """What a file gave, and what it took: milliseconds by the clock and of processor time, in a warm process."""

    file: Path
    answer: Answer
    ms: float
    cpu_ms: float


def read_all(files: list[Path], options: ReadOptions, limits: Limits, workers: int) -> Iterator[Read]:
    """Every file, in order, as soon as it and those before it are read."""
    waiting = deque(files)
    while waiting:
        yield from _read_until_broken(waiting, options, limits, workers)
        for _ in range(min(workers, len(waiting))):  # a worker died over one of the first: who dies again, alone?
            yield _read_alone(waiting.popleft(), options, limits)


def _read_until_broken(waiting: deque[Path], options: ReadOptions, limits: Limits, workers: int) -> Iterator[Read]:
    """Reads and takes away what is read; returns early when a worker has died."""
    pool = _pool(options, limits, min(workers, len(waiting)))
    try:
        futures: deque[Future[Read]] = deque(pool.submit(_read, file, options, limits) for file in waiting)
        while futures:
            result = futures.popleft().result()
            waiting.popleft()
            yield result
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(cancel_futures=True)


def _read_alone(file: Path, options: ReadOptions, limits: Limits) -> Read:
    begun = time.perf_counter()
    with _pool(options, limits, 1) as pool:
        try:
            return pool.submit(_read, file, options, limits).result()
        except BrokenProcessPool:
            died = Answer.of_error(UnsafeDocumentError("its reader died"))
            return Read(file, died, (time.perf_counter() - begun) * 1000, 0.0)


def _pool(options: ReadOptions, limits: Limits, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare, initargs=(options, limits))


def _prepare(options: ReadOptions, limits: Limits) -> None:
    """Make a worker ready; what native libraries print about a document goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is the parent's
    os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract takes six times as long when its threads share the cores
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    child.warm(options)
    if sys.platform != "darwin":  # where it fails
        size = limits.memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


def _read(file: Path, options: ReadOptions, limits: Limits) -> Read:
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)  # kills this process, also inside a native library
    begun, used = time.perf_counter(), _cpu_seconds()
    answer = _answer(file, options)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return Read(file, answer, (time.perf_counter() - begun) * 1000, (_cpu_seconds() - used) * 1000)


def _answer(file: Path, options: ReadOptions) -> Answer:
    try:
        if file.stat().st_size > MAX_DOCUMENT_BYTES:
            return Answer.of_error(DocumentTooLargeError())
        data = file.read_bytes()
    except OSError as error:
        return Answer.of_error(UnreadableDocumentError(error.strerror or type(error).__name__))
    return child.answer(data, options)


def _cpu_seconds() -> float:
    """Of this process and of those it waited for (the tesseract program)."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
