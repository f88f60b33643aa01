"""How the tokens' routes answer the error catalogue: Corebanq's envelope, and a status for every class."""

from paydraft.model.errors import PaydraftError
from paydraft.model.token_errors import GrantTooWideError, NoSuchTokenError, TokenEndedError
from paydraft.runtime import corebanq
from paydraft.runtime.http import ErrorAnswers

STATUSES: dict[type[PaydraftError], int] = corebanq.STATUSES | {
    GrantTooWideError: 403,
    NoSuchTokenError: 404,
    TokenEndedError: 409,
}

ANSWERS = ErrorAnswers(STATUSES, corebanq.error_body)
