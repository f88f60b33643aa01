"""A JSON document of the operator's own identity provider, over https. For no address that comes with a request."""

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from paydraft.model.errors import TransientError

_SECONDS = 3  # for each step of the connection
_MOST = 256 * 1024  # bytes; a set of keys has a few thousand


def https_json(url: str, *, context: ssl.SSLContext | None = None) -> dict[str, Any]:
    """The JSON object at an https address; no redirect is followed and no proxy asked. Raises TransientError.

    `context` is whom to trust, by default the public authorities.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise TransientError("not an https address")
    trusted = context or ssl.create_default_context()
    connection = http.client.HTTPSConnection(parts.hostname, parts.port or 443, timeout=_SECONDS, context=trusted)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(_MOST + 1)
    except (OSError, http.client.HTTPException) as broken:
        raise TransientError(f"the identity provider: {type(broken).__name__}") from broken
    finally:
        connection.close()
    return _object(answer.status, body)


def _object(status: int, body: bytes) -> dict[str, Any]:
    if status != http.HTTPStatus.OK or len(body) > _MOST:
        raise TransientError(f"the identity provider answered {status} with {len(body)} bytes")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise TransientError("the identity provider answered no JSON") from None
    if not isinstance(value, dict):
        raise TransientError("the identity provider answered no JSON object")
    return value
