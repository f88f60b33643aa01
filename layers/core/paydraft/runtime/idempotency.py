"""The client's key that makes two requests one (draft-ietf-httpapi-idempotency-key-header)."""

import re

from paydraft.model.request_errors import InvalidIdempotencyKeyError

_KEY = re.compile(r"[\x20-\x7e]{1,255}")


def idempotency_key(*headers: str | None) -> str | None:
    """The key in any of these headers, None when none was sent; raises InvalidIdempotencyKeyError.

    Two headers that say the same are one key; two that differ are a client's mistake, not a choice for us.
    """
    keys = {header.strip() for header in headers if header is not None}
    if len(keys) > 1 or not all(_KEY.fullmatch(key) for key in keys):
        raise InvalidIdempotencyKeyError
    return next(iter(keys), None)
