"""The door of every API function: who asks, whether not too often, and whether they may. In this order.

A request counts for its token's rate as soon as the token is known, whatever becomes of it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from paydraft.model.credential import Credential, Scope
from paydraft.model.request_errors import RateLimitedError
from paydraft.runtime.access import Lookup, authenticate, require, token_of
from paydraft.runtime.http import Api
from paydraft.runtime.rate_limit import RateLimit
from paydraft.runtime.settings import DoorSettings
from paydraft.runtime.telemetry import count
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.rate_windows import RateWindows


@dataclass(frozen=True, slots=True)
class Door:
    """Where credentials are looked up, and where requests are counted."""

    lookup: Lookup
    rate: RateLimit


def admit(api: Api, settings: DoorSettings, scope: Scope, *, now: datetime) -> Credential:
    """Whose request it is that the API is answering, if they may make it; the answer tells what is left of their rate.

    Raises:
        AccessError: one of the four causes, in their order. TwoTokensError: two headers bring two tokens.
        RateLimitedError: too many requests.
        ScopeMissingError: the token does not allow this.
    """
    door = door_of(settings)
    credential = authenticate(token_of(api.header, api.carriers), door.lookup, now=now)
    allowance = door.rate.take(credential, now=now)
    if allowance is None:
        count(api.service, "RequestsUncounted")
        return require(credential, scope)
    api.say(allowance.headers() | (allowance.headers_per_second() if api.per_second_headers else {}))
    if allowance.exceeded:
        raise RateLimitedError(details={"retry_after_seconds": allowance.reset})
    return require(credential, scope)


@cache
def door_of(settings: DoorSettings) -> Door:
    """The door that these settings describe; one for a process, so that it remembers a counter that does not answer."""
    windows = RateWindows(settings.transient_table)
    rate = RateLimit(windows.hit, per_second=settings.requests_per_second, burst=settings.request_burst)
    return Door(CredentialStore(settings.credentials_table).get, rate)
