"""Asking for a job again: entity tags, `If-None-Match`, `Prefer: wait=N`, and when to come back.

Sources: RFC 9110 §8.8.3 and §13.1.2 (entity tags), RFC 7240 (Prefer).
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

MAX_WAIT_SECONDS = 20  # the gateway gives up after 30, the function after 29
WAITS_PER_TOKEN = 2
_ANSWERING_SECONDS = 3  # kept back for the answer after a wait
_FIRST_PAUSE, _PAUSE_GROWTH, _LONGEST_PAUSE = 0.2, 1.4, 1.0  # seconds between two looks at the job
_WAIT = re.compile(r"wait\s*=\s*\"?(\d{1,6})\"?", re.IGNORECASE)

# Younger than this: come back after so many seconds. Most documents take a few seconds; a long queue takes minutes.
RETRY_AFTER = ((timedelta(seconds=10), 2), (timedelta(minutes=1), 5))
RETRY_AFTER_LATER = 10


def etag_of(body: str) -> str:
    """A strong entity tag of a representation."""
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether an If-None-Match header names this tag, compared weakly as the RFC asks; `*` names every one."""
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in known or known == ["*"]


def wait_seconds(prefer: str | None, remaining_ms: int) -> int:
    """How long the answer may be held back, from a Prefer header: 0..20, and within the function's remaining time."""
    wishes = (_WAIT.fullmatch(wish.strip()) for wish in re.split(r"[,;]", prefer or ""))
    wished = next((int(wish[1]) for wish in wishes if wish), 0)
    return max(0, min(wished, MAX_WAIT_SECONDS, remaining_ms // 1000 - _ANSWERING_SECONDS))


def retry_after(age: timedelta) -> int:
    """Seconds after which a job of this age is worth another look."""
    return next((seconds for limit, seconds in RETRY_AFTER if age < limit), RETRY_AFTER_LATER)


def wait_while[Seen](
    unchanged: Callable[[Seen], bool],
    look: Callable[[], Seen],
    seconds: float,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Seen:
    """Look again and again, until what is seen has changed or the seconds are over; the last thing seen."""
    end = clock() + seconds
    pause = _FIRST_PAUSE
    while True:
        sleep(max(0.0, min(pause, end - clock())))
        seen = look()
        if not unchanged(seen) or clock() >= end:
            return seen
        pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE)
