"""What all dialects answer alike when they refuse: the statuses of the door, and the sentence for what is our fault."""

from paydraft.model.errors import IdempotencyConflictError, PaydraftError, TransientError
from paydraft.model.request_errors import (
    AccessError,
    MethodNotAllowedError,
    RateLimitedError,
    RequestError,
    RouteNotFoundError,
    ScopeMissingError,
    UnsupportedBodyError,
)

# The nearest base class decides; a dialect's table adds what it tells apart.
STATUSES: dict[type[PaydraftError], int] = {
    PaydraftError: 500,
    RequestError: 400,
    AccessError: 401,
    ScopeMissingError: 403,
    RouteNotFoundError: 404,
    MethodNotAllowedError: 405,
    UnsupportedBodyError: 415,
    IdempotencyConflictError: 422,
    RateLimitedError: 429,
    TransientError: 503,
}
OUR_FAULT = (
    "The service could not answer this request. Send it again in a moment: with an Idempotency-Key nothing is done "
    "twice. If it fails again, contact support with the X-Request-Id of this answer."
)
