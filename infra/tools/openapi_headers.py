"""Headers of answers: those of every one, and those that an operation says it has."""

from typing import Any

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-Id": {"description": "Names this request in our logs", "schema": {"type": "string"}},
    "RateLimit-Limit": {"description": "How many requests the token's window takes", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "How many are left of it", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the next window", "schema": {"type": "integer"}},
    "Idempotent-Replayed": {
        "description": "`true` where nothing was done, because it had been done before",
        "schema": {"type": "string"},
    },
}
SAID: dict[str, dict[str, Any]] = {
    "Location": {"description": "Where what was made is read", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until it is worth asking again", "schema": {"type": "integer"}},
    "ETag": {"description": "Of this answer", "schema": {"type": "string"}},
}
