"""Faults at the boundary of every AWS call, injected through botocore's own events: no product code knows of tests.

A handler is killed, or loses its connection, just before or just after its n-th call; then the event is delivered
again, twice, and the invariants must hold. `boundaries` finds out how many calls there are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from paydraft.model.errors import TransientError
from tests.moto_stack import MotoStack

SERVICES = ("dynamodb", "lambda", "s3", "sns", "sqs", "stepfunctions")
_NUMBER = "crash_point"


class Killed(BaseException):
    """The process is gone: no `except Exception` sees it."""


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """Where a fault strikes: at the n-th call (from 1), before it is sent or after it was carried out."""

    number: int
    operation: str
    when: str
    fault: type[BaseException]

    def __str__(self) -> str:
        return f"{self.fault.__name__} {self.when} {self.number}. {self.operation}"


@dataclass
class Watch:
    """The calls made so far; `struck` once the fault has happened."""

    calls: list[str] = field(default_factory=list)
    struck: bool = False


@contextmanager
def watched(aws: MotoStack, at: CrashPoint | None = None) -> Iterator[Watch]:
    """Count the calls inside the block, and strike at one of them."""
    watch = Watch()

    def strike(number: int, when: str) -> None:
        if at and (number, when) == (at.number, at.when):
            watch.struck = True
            raise at.fault(str(at))

    def before(model: Any, context: dict[str, Any], **_: Any) -> None:
        watch.calls.append(model.name)
        context[_NUMBER] = len(watch.calls)
        strike(context[_NUMBER], "before")

    def after(context: dict[str, Any], **_: Any) -> None:
        strike(context[_NUMBER], "after")

    events = [aws.client(service).meta.events for service in SERVICES]
    for one in events:
        one.register("before-call", before)
        one.register("after-call", after)
    try:
        yield watch
    finally:
        for one in events:
            one.unregister("before-call", before)
            one.unregister("after-call", after)


def boundaries(calls: list[str]) -> list[CrashPoint]:
    """Both sides of every call, by death and by a lost connection. (Queries of the index change nothing.)"""
    return [
        CrashPoint(number, operation, when, fault)
        for number, operation in enumerate(calls, 1)
        if operation != "Query"
        for when in ("before", "after")
        for fault in (Killed, TransientError)
    ]


def crash_everywhere[Subject](
    aws: MotoStack,
    arrange: Callable[[], Subject],
    deliver: Callable[[Subject], object],
    check: Callable[[Subject], None],
) -> int:
    """Strike at every boundary of `deliver`, deliver twice more, and check; answers the number of cases."""
    subject = arrange()
    with watched(aws) as watch:
        deliver(subject)
    check(subject)
    points = boundaries(watch.calls)
    for point in points:
        subject = arrange()
        with watched(aws, point) as watch, suppress(Killed, TransientError):
            deliver(subject)
        assert watch.struck, point
        deliver(subject)
        deliver(subject)
        try:
            check(subject)
        except AssertionError as broken:
            raise AssertionError(f"{point}: {broken}") from broken
    return len(points)
