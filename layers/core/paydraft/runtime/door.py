"""The door of every API function: who asks, whether not too often, and whether they may. In this order.

A request counts for its token's rate as soon as the token is known, whatever becomes of it. A token that has not our
form may be a JWT of the operator's identity provider, if the deployment names one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from paydraft.model.credential import Credential, Scope
from paydraft.model.request_errors import RateLimitedError
from paydraft.runtime.access import Lookup, authenticate, require, token_of
from paydraft.runtime.http import Api
from paydraft.runtime.rate_limit import RateLimit
from paydraft.runtime.settings import DoorSettings
from paydraft.runtime.telemetry import count
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.rate_windows import RateWindows

if TYPE_CHECKING:
    from paydraft.runtime.oidc import People


@dataclass(frozen=True, slots=True)
class Door:
    """Where credentials are looked up, where requests are counted, and who vouches for strangers."""

    lookup: Lookup
    rate: RateLimit
    people: "Callable[[], People] | None"  # made when the first of them comes

    def credential(self, token: str, *, now: datetime) -> Credential:
        """Whose token it is; raises AccessError."""
        if self.people is not None and _may_be_jwt(token):
            return self.people().credential(token, now=now)
        return authenticate(token, self.lookup, now=now)


def _may_be_jwt(token: str) -> bool:
    return token.count(".") == 2  # our own have none


def admit(api: Api, settings: DoorSettings, scope: Scope, *, now: datetime) -> Credential:
    """Whose request it is that the API is answering, if they may make it; the answer tells what is left of their rate.

    Raises:
        AccessError: one of the four causes, in their order. TwoTokensError: two headers bring two tokens.
        RateLimitedError: too many requests.
        ScopeMissingError: the token does not allow this.
    """
    door = door_of(settings)
    credential = door.credential(token_of(api.header, api.carriers), now=now)
    allowance = door.rate.take(credential, now=now)
    if allowance is None:
        count("door", "RequestsUncounted")  # of all functions together: one alarm
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
    people = (lambda: _people_of(settings)) if settings.oidc_issuer else None
    return Door(CredentialStore(settings.credentials_table).get, rate, people)


@cache
def _people_of(settings: DoorSettings) -> "People":
    # Imported here: most requests bring our own tokens, and the cryptography takes longer to load than they to answer.
    from paydraft.runtime.https_json import https_json
    from paydraft.runtime.issuer_keys import IssuerKeys
    from paydraft.runtime.oidc import People, Trust

    allowed = frozenset(Scope(scope.strip()) for scope in settings.oidc_scopes.split(",") if scope.strip())
    trust = Trust(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        tenant_claim=settings.oidc_tenant_claim,
        scopes=allowed - {Scope.TOKENS_ADMIN},  # who can't be revoked makes nothing that lasts
    )
    return People(trust, IssuerKeys(trust.issuer, https_json))
