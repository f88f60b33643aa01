"""Tokens: a tenant's administrator makes, lists, revokes and rotates them.

The only function that may write credentials. What a token opens is decided in workflows/tokens.py; the secret leaves in
one answer, and is neither stored nor logged. Time and chance are read here.
"""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_tokens import operations, schemas, translate
from api_tokens.errors import ANSWERS
from paydraft.model.credential import Credential
from paydraft.model.errors import TransientError
from paydraft.model.ids import to_millisecond, uuid_of
from paydraft.model.token_errors import NoSuchTokenError, TokenEndedError
from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.cursor import Signer
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.settings import TokensSettings
from paydraft.runtime.telemetry import count, logger
from paydraft.stores.answers import AnswerStore
from paydraft.stores.tokens import TokenStore
from paydraft.workflows.tokens import SECRET_BYTES, Chance, Made, end_of, new_token, successor

SERVICE = "api_tokens"
_LIMIT = re.compile(r"[1-9][0-9]?|100")
api = Api(SERVICE, ANSWERS)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


def _serves(operation: Operation) -> Callable[[Served], Served]:
    return serve(api, operation, settings=TokensSettings.load, clock=lambda: to_millisecond(datetime.now(UTC)))


@_serves(operations.LIST)
def list_tokens(caller: Caller) -> Response[str]:
    """A page of the tenant's tokens."""
    parameters = api.current_event.query_string_parameters or {}
    limit, order = parameters.get("limit", "50"), parameters.get("order", "desc")
    checks = {"limit": bool(_LIMIT.fullmatch(limit)), "order": order in ("desc", "asc")}
    wrong = [name for name, is_right in checks.items() if not is_right]
    unknown = [name[:64] for name in sorted(parameters.keys() - operations.LIST.query.keys())]
    if wrong or unknown:
        raise InvalidQueryError(details={"fields": wrong + unknown})
    signer = Signer(TokensSettings.load().cursor_secret, caller.tenant_id, {"list": "tokens", "order": order})
    cursor = parameters.get("cursor")
    after = UUID(signer.read(cursor)[0]) if cursor else None
    found, last = _tokens().page(caller.tenant_id, after=after, limit=int(limit), newest_first=order == "desc")
    shown = tuple(translate.token(one, now=caller.now) for one in found)
    page = schemas.TokenList(
        data=shown, has_more=last is not None, next_cursor=signer.sign(str(last)) if last else None
    )
    return json_response(HTTPStatus.OK, to_json(page))


@_serves(operations.CREATE)
def create_token(caller: Caller) -> Response[str]:
    """Make a token."""
    body = read_json_object(api.current_event.raw_event, api.current_event.headers)
    once = _once(operations.CREATE, caller, body)
    earlier = once.earlier()
    if earlier:
        return _repeated(earlier)
    wish = translate.wish(parse(schemas.TokenRequest, body))
    made = new_token(
        wish,
        caller.tenant_id,
        stage=TokensSettings.load().stage,
        now=caller.now,
        chance=_chance(),
        by=caller.credential,
    )
    try:
        _tokens().add(made.credential, others=once.kept(_kept(made, caller)))
    except TransientError:
        earlier = once.earlier()  # the same request, a moment ago
        if earlier:
            return _repeated(earlier)
        raise
    return _shown(operations.CREATE, made, caller)


@_serves(operations.REVOKE)
def revoke_token(caller: Caller, token_id: str) -> Response[str]:
    """End a token."""
    found = _find(caller, token_id)
    if found.revoked_at is None:
        _tokens().revoke(found, at=caller.now)
        found = found.model_copy(update={"revoked_at": caller.now})
        _tell(operations.REVOKE, found, caller)
    return json_response(HTTPStatus.OK, to_json(translate.token(found, now=caller.now)))


@_serves(operations.ROTATE)
def rotate_token(caller: Caller, token_id: str) -> Response[str]:
    """Put a new token in the place of another."""
    event = api.current_event.raw_event
    body = read_json_object(event, api.current_event.headers) if event.get("body") else {}
    old = _find(caller, token_id)
    once = _once(operations.ROTATE, caller, body, token=str(old.token_id))
    earlier = once.earlier()
    if earlier:
        return _repeated(earlier)
    wanted = parse(schemas.RotateRequest, body)
    made = successor(old, stage=TokensSettings.load().stage, now=caller.now, chance=_chance(), by=caller.credential)
    ends_at = end_of(old, now=caller.now, overlap_hours=wanted.overlap_hours)
    try:
        _tokens().rotate(old, made.credential, ends_at=ends_at, at=caller.now, others=once.kept(_kept(made, caller)))
    except TokenEndedError:
        earlier = once.earlier()
        if earlier:
            return _repeated(earlier)
        raise
    return _shown(operations.ROTATE, made, caller)


def _find(caller: Caller, token_id: str) -> Credential:
    """The tenant's token; raises NoSuchTokenError, for what is no UUID as well."""
    its_id = uuid_of(token_id)
    found = _tokens().get(caller.tenant_id, its_id) if its_id else None
    if found is None:
        raise NoSuchTokenError
    return found


def _once(operation: Operation, caller: Caller, body: dict[str, Any], **about: str) -> Repeatable:
    key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
    parts = {**about, "by": str(caller.credential.token_id), "body": body_part(body)}
    return Repeatable(operation, caller, key, parts, AnswerStore(TokensSettings.load().transient_table))


def _kept(made: Made, caller: Caller) -> str:
    return to_json(translate.new_token(made.credential, None, now=caller.now))


def _shown(operation: Operation, made: Made, caller: Caller) -> Response[str]:
    _tell(operation, made.credential, caller)
    body = to_json(translate.new_token(made.credential, made.token, now=caller.now))
    return json_response(HTTPStatus.CREATED, body)


def _repeated(answer: Answer) -> Response[str]:
    return json_response(answer.status, answer.body, {"Idempotent-Replayed": "true"})


def _tell(operation: Operation, concerned: Credential, caller: Caller) -> None:
    count(SERVICE, "TokensChanged", operation=operation.name)
    told: dict[str, Any] = {"token_id": str(concerned.token_id), "by_token": str(caller.credential.token_id)}
    logger(SERVICE).info("token changed", operation=operation.name, **told)


def _chance() -> Chance:
    return Chance(secrets.token_bytes(SECRET_BYTES), int.from_bytes(secrets.token_bytes(16)))


def _tokens() -> TokenStore:
    settings = TokensSettings.load()
    return _tokens_of(settings.credentials_table, settings.jobs_table)


@cache
def _tokens_of(credentials_table: str, jobs_table: str) -> TokenStore:
    return TokenStore(credentials_table, jobs_table)
