"""Who is asking, and what they may do. The tenant comes from the credential and from nowhere else.

The causes of a refusal are asked in this order, which is MakersHub's: not set, invalid, not found, revoked. What can
be told from the token alone (its form and checksum) is told before any table is read. An expired token is invalid;
nothing is cached, so a revocation holds from the next request on.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from paydraft.model.credential import Credential, Scope, hash_of, is_well_formed
from paydraft.model.request_errors import (
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
    TwoTokensError,
)

Header = Callable[[str], str | None]  # a request header by its name in lower case
Lookup = Callable[[str], Credential | None]  # by SHA-256 of the token: stores/credentials.py `get`


class Carrier(StrEnum):
    """The header that brings a token. Both bring tokens of the same store."""

    BEARER = "authorization"
    API_KEY = "api-key"  # Repzo's


def token_of(header: Header, carriers: Iterable[Carrier]) -> str:
    """The one token that a request brings in a header its dialect takes; raises TokenNotSetError, TwoTokensError.

    A header that the dialect does not take is not looked at.
    """
    found = {token for carrier in carriers if (token := _sent(carrier, header(carrier))) is not None}
    if not found:
        raise TokenNotSetError
    if len(found) > 1:
        raise TwoTokensError
    return found.pop()


def _sent(carrier: Carrier, value: str | None) -> str | None:
    if carrier is Carrier.API_KEY:
        return api_key(value)
    try:
        return bearer_token(value)
    except TokenNotSetError:
        return None


def api_key(value: str | None) -> str | None:
    """The token of an api-key header; None for an empty one, and for several that a gateway joined with commas."""
    token = (value or "").strip()
    return token if token and "," not in token else None


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header (RFC 6750); raises TokenNotSetError.

    A gateway joins repeated headers with commas, which no token holds: two of them are as good as none.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or "," in token:
        raise TokenNotSetError
    return token


def authenticate(token: str, lookup: Lookup, *, now: datetime) -> Credential:
    """The credential of a token; raises TokenInvalidError, TokenNotFoundError or TokenRevokedError."""
    if not is_well_formed(token):
        raise TokenInvalidError
    credential = lookup(hash_of(token))
    if credential is None:
        raise TokenNotFoundError
    if credential.expires_at is not None and credential.expires_at <= now:
        raise TokenInvalidError
    if credential.revoked_at is not None:
        raise TokenRevokedError
    return credential


def require(credential: Credential, scope: Scope) -> Credential:
    """The credential, if it has the scope; raises ScopeMissingError."""
    if scope not in credential.scopes:
        raise ScopeMissingError(details={"scope": str(scope)})
    return credential
