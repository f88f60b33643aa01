"""The routes of tokens as data."""

from dataclasses import replace

from api_tokens import examples, schemas
from paydraft.model.credential import Scope
from paydraft.model.errors import IdempotencyConflictError, PaydraftError
from paydraft.model.request_errors import InvalidFieldsError, InvalidIdempotencyKeyError
from paydraft.model.token_errors import GrantTooWideError, NoSuchTokenError, TokenEndedError
from paydraft.model.transfer_errors import InvalidCursorError, InvalidQueryError
from paydraft.runtime.operations import Operation

MAX_LIMIT = 100
_ALL = "/v1/tokens"
_ONE = "/v1/tokens/{token_id}"
_OF_CHANGES: tuple[type[PaydraftError], ...] = (
    InvalidFieldsError,
    InvalidIdempotencyKeyError,
    IdempotencyConflictError,
)

LIST = Operation(
    "listTokens",
    "GET",
    _ALL,
    Scope.TOKENS_ADMIN,
    "A page of the tenant's tokens, the newest first; ended ones too",
    answers=schemas.TokenList,
    query={
        "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 50},
        "cursor": {"type": "string", "description": "next_cursor of the page before, with the same parameters"},
        "order": {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
    },
    errors=(InvalidCursorError, InvalidQueryError),
)
CREATE = Operation(
    "createToken",
    "POST",
    _ALL,
    Scope.TOKENS_ADMIN,
    "Make a token; its secret is in this answer and nowhere else",
    status=201,
    takes=schemas.TokenRequest,
    answers=schemas.NewToken,
    errors=(*_OF_CHANGES, GrantTooWideError),
)
REVOKE = Operation(
    "revokeToken",
    "DELETE",
    _ONE,
    Scope.TOKENS_ADMIN,
    "End a token with its next use; one that has ended stays as it is",
    answers=schemas.Token,
    errors=(NoSuchTokenError,),
)
ROTATE = Operation(
    "rotateToken",
    "POST",
    f"{_ONE}/rotate",
    Scope.TOKENS_ADMIN,
    "Put a new token in the place of another; the secret is in this answer and nowhere else",
    status=201,
    takes=schemas.RotateRequest,
    body_required=False,
    answers=schemas.NewToken,
    errors=(*_OF_CHANGES, NoSuchTokenError, TokenEndedError, GrantTooWideError),
)

_EVERY = (LIST, CREATE, REVOKE, ROTATE)
OPERATIONS = tuple(
    replace(one, example=examples.REQUESTS.get(one.name), shows=examples.ANSWERS.get(one.name)) for one in _EVERY
)
