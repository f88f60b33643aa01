"""Who is asking, and what they may do. The tenant comes from the credential and from nowhere else.

The causes of a refusal are asked in this order, which is MakersHub's: not set, invalid, not found, revoked. What can
be told from the token alone (its form and checksum) is told before any table is read. An expired token is invalid;
nothing is cached, so a revocation holds from the next request on.
"""

from collections.abc import Callable
from datetime import datetime

from paydraft.model.credential import Credential, Scope, hash_of, is_well_formed
from paydraft.model.request_errors import (
    ScopeMissingError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
)

Lookup = Callable[[str], Credential | None]  # by SHA-256 of the token: stores/credentials.py `get`


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
