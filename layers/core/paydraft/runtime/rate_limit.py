"""How many requests a token may send: so many in a window of time, counted once for all environments.

The count is a courtesy among clients, not a lock: where it can't be kept, requests are served uncounted, since an
outage of the counter must not stop anybody's work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from paydraft.model.credential import Credential

_REST = timedelta(seconds=5)  # after a failure nobody waits for the counter for so long

type Hit = Callable[..., int]  # stores/rate_windows.py `hit`


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the present window; `reset` is the whole seconds until the next one, 1 at least."""

    limit: int
    used: int
    seconds: int  # the window's length
    reset: int

    @property
    def exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        """How many requests more the window takes."""
        return max(self.limit - self.used, 0)

    def headers(self) -> dict[str, str]:
        """The three headers of draft-polli-ratelimit-headers, as Monite and many gateways write them."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }

    def headers_per_second(self) -> dict[str, str]:
        """The twins that Monite adds: the same for one second, where the window may be longer."""
        limit = self.limit // self.seconds
        return {
            "X-RateLimit-Limit-Second": str(limit),
            "X-RateLimit-Remaining-Second": str(min(self.remaining, limit)),
        }


class RateLimit:
    """So many requests a second on average, and so many at once. Keeps count by `hit`."""

    def __init__(self, hit: Hit, *, per_second: int, burst: int) -> None:
        """A window takes `burst` requests (`per_second`, if that is more) and is as long as the average allows."""
        self._hit = hit
        self._limit = max(burst, per_second)
        self._seconds = ceil(self._limit / per_second)
        self._rests_until: datetime | None = None

    def take(self, credential: Credential, *, now: datetime) -> Allowance | None:
        """Count one request; None where it could not be counted."""
        if self._rests_until is not None and now < self._rests_until:
            return None
        window, passed = divmod(now.timestamp(), self._seconds)
        ends_at = int(window + 1) * self._seconds
        try:
            used = self._hit(credential.tenant_id, credential.token_id, int(window), ends_at=ends_at)
        except Exception:  # throttled, slow, or misconfigured: none of it is worth a refused payment
            self._rests_until = now + _REST
            return None
        return Allowance(self._limit, used, self._seconds, max(ceil(self._seconds - passed), 1))
