"""A fault on each side of every AWS call of a delivery; the same is delivered twice more, and invariants must hold."""

from collections.abc import Callable

from paydraft.model.errors import TransientError
from tests.fault_injection import CrashError, calls, crash

# Dead, and alive without an answer (after botocore's own tries).
FAULTS = (CrashError, TransientError)


def crash_everywhere[Subject](
    arrange: Callable[[], Subject], deliver: Callable[[Subject], object], check: Callable[[Subject], None]
) -> int:
    """Answers the number of cases. (Queries are left out: they come first, and change nothing.)"""
    subject = arrange()
    with calls() as made:
        deliver(subject)
    check(subject)
    points = [
        (number, side, fault)
        for number, operation in enumerate(made, 1)
        if operation != "Query"
        for side in ("before", "after")
        for fault in FAULTS
    ]
    for number, side, fault in points:
        subject = arrange()
        with crash(number, side, fault):
            deliver(subject)
        deliver(subject)
        deliver(subject)
        try:
            check(subject)
        except AssertionError as broken:
            raise AssertionError(f"{fault.__name__} {side} {number}. {made[number - 1]}: {broken}") from broken
    return len(points)
