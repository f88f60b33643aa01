"""Access tokens of the operator's identity provider: JWTs (RFC 9068's claims, as providers write them) for mobile apps.

Loaded only when such a token comes: the cryptography behind it takes 0.2 s to import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options
from pydantic import ValidationError

from paydraft.model.credential import Credential, Scope, SubjectKind, hash_of
from paydraft.model.request_errors import TokenInvalidError
from paydraft.runtime.issuer_keys import ALGORITHMS, IssuerKeys

_LONGEST = 8192  # characters; a gateway takes 10,240 bytes of headers
_LEEWAY = timedelta(seconds=30)
_LONGEST_LIFE = timedelta(hours=24)  # it can't be revoked, so that it must not last
_TYPES = {"jwt", "at+jwt", "application/at+jwt"}
_LONGEST_SUBJECT = 200
_OPTIONS: Options = {
    "require": ["iss", "aud", "sub", "exp", "iat"],
    "verify_exp": False,  # these three are held against the moment that came in, see _life
    "verify_nbf": False,
    "verify_iat": False,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are taken, and what they may open at most."""

    issuer: str
    audience: str
    tenant_claim: str
    scopes: frozenset[Scope]


class People:
    """Who a provider's tokens say is asking. They are persons, each with as many rights as token and operator agree."""

    def __init__(self, trust: Trust, keys: IssuerKeys) -> None:
        self._trust = trust
        self._keys = keys

    def credential(self, token: str, *, now: datetime) -> Credential:
        """Who is asking. Raises TokenInvalidError, and TransientError where the issuer's keys can't be had."""
        if len(token) > _LONGEST:
            raise TokenInvalidError
        try:
            claims = self._verified(token, now)
            return self._person(token, claims, *_life(claims, now))
        except (PyJWTError, ValidationError, KeyError, TypeError, ValueError, OverflowError) as wrong:
            raise TokenInvalidError(type(wrong).__name__) from None

    def _verified(self, token: str, now: datetime) -> Mapping[str, Any]:
        """The claims, signed by the issuer, for us."""
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS or str(header.get("typ", "JWT")).lower() not in _TYPES:
            raise TokenInvalidError
        if not isinstance(header.get("kid"), str):
            raise TokenInvalidError
        key = self._keys.key(header["kid"], now=now)
        if key is None:
            raise TokenInvalidError
        verified: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=self._trust.audience,
            issuer=self._trust.issuer,
            options=_OPTIONS,
        )
        return verified

    def _person(self, token: str, claims: Mapping[str, Any], issued_at: datetime, expires_at: datetime) -> Credential:
        subject = claims["sub"]
        if not subject.strip() or not subject.isprintable() or len(subject) > _LONGEST_SUBJECT:
            raise TokenInvalidError
        return Credential(
            token_hash=hash_of(token),
            token_id=uuid5(NAMESPACE_URL, f"{self._trust.issuer}#{subject}"),  # one rate for one person
            tenant_id=claims[self._trust.tenant_claim],
            subject=subject,
            kind=SubjectKind.PERSON,
            scopes=tuple(scope for scope in Scope if scope in _asked(claims) & self._trust.scopes),
            created_at=issued_at,
            expires_at=expires_at,
        )


def _life(claims: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """From when to when; raises TokenInvalidError unless that is now, and short."""
    issued_at, expires_at = _moment(claims["iat"]), _moment(claims["exp"])
    begins = max(issued_at, _moment(claims["nbf"])) if "nbf" in claims else issued_at
    if not begins - _LEEWAY <= now < expires_at + _LEEWAY or expires_at - issued_at > _LONGEST_LIFE:
        raise TokenInvalidError
    return issued_at, expires_at


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError("a moment is a number of seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _asked(claims: Mapping[str, Any]) -> frozenset[str]:
    """What the token asks for: `scope` (RFC 8693), or `scp` as some providers write it, as text or list."""
    asked = claims.get("scope", claims.get("scp", ""))
    words = asked.split() if isinstance(asked, str) else asked
    return frozenset(word for word in words if isinstance(word, str))
