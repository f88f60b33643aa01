"""The part of the catalogue about making and ending tokens (the four causes of a 401 are in request_errors.py)."""

from paydraft.model.request_errors import RequestError


class NoSuchTokenError(RequestError):
    """The tenant has no token of this id: it never existed, or is somebody else's."""

    code = "no_such_token"
    text = "There is no such token. Use an id that GET /v1/tokens lists."


class GrantTooWideError(RequestError):
    """A token would get more than the one that asks for it has."""

    code = "grant_too_wide"
    text = "A token can't give what it does not have itself. Ask for less, see details, or ask the operator."


class TokenEndedError(RequestError):
    """The token was revoked, has expired, or was rotated before."""

    code = "token_ended"
    text = "The token can't be rotated, since it has ended or has a successor; see details. Make a new one instead."
