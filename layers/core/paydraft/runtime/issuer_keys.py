"""The public keys of an identity provider, fetched now and then and kept for this process.

The address of the keys comes from the provider's discovery document (OpenID Connect Discovery 1.0), never from a token.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from paydraft.model.errors import TransientError

ALGORITHMS = ("RS256", "ES256")  # nothing else: no "none", and no secret that both sides know
_FRESH = timedelta(hours=1)
_KEPT = timedelta(hours=24)  # where the provider does not answer
_PAUSE = timedelta(minutes=1)  # between two attempts, however many unknown keys are asked for
_MOST_KEYS = 50
_LEAST_RSA_BITS = 2048

type Fetch = Callable[[str], Mapping[str, Any]]  # runtime/https_json.py `https_json`


class IssuerKeys:
    """The keys of one issuer by their ids."""

    def __init__(self, issuer: str, fetch: Fetch) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._keys: dict[str, PyJWK] = {}
        self._read_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._failed = False

    def key(self, kid: str, *, now: datetime) -> PyJWK | None:
        """The key of this id; None for one that the issuer does not have.

        Raises TransientError where the issuer could not be asked, so that nobody knows.
        """
        if self._is_older(_FRESH, now) or kid not in self._keys:
            self._read_again(now)
        if self._is_older(_KEPT, now):
            self._keys = {}
        if kid not in self._keys and self._failed:
            raise TransientError("the identity provider's keys can't be had")
        return self._keys.get(kid)

    def _is_older(self, age: timedelta, now: datetime) -> bool:
        return self._read_at is None or now - self._read_at >= age

    def _read_again(self, now: datetime) -> None:
        if self._tried_at is not None and now - self._tried_at < _PAUSE:
            return
        self._tried_at, self._failed = now, True
        try:
            self._keys = dict(_usable(self._published()))
        except TransientError:
            return
        self._read_at, self._failed = now, False

    def _published(self) -> Mapping[str, Any]:
        about = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self._issuer or not str(about.get("jwks_uri", "")).startswith("https://"):
            raise TransientError("the discovery document is not of this issuer, or names no https address of its keys")
        return self._fetch(str(about["jwks_uri"]))


def _usable(published: Mapping[str, Any]) -> Iterator[tuple[str, PyJWK]]:
    """Public keys that may verify signatures of our algorithms; others of the set are not ours to judge."""
    keys = published.get("keys")
    for described in keys[:_MOST_KEYS] if isinstance(keys, list) else ():
        key = _key(described) if isinstance(described, dict) else None
        if key is not None and isinstance(described.get("kid"), str):
            yield described["kid"], key


def _key(described: Mapping[str, Any]) -> PyJWK | None:
    if described.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(dict(described))
    except PyJWTError:
        return None
    is_short = described["kty"] == "RSA" and key.key.key_size < _LEAST_RSA_BITS
    return None if is_short or key.algorithm_name not in ALGORITHMS else key
