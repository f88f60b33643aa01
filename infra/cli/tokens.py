"""`paydraft tokens`: make, list, revoke and rotate the credentials of a stack, by the operator's own rights.

A token is shown once; only its hash is stored.
"""

import argparse
import secrets
from datetime import UTC, datetime
from uuid import UUID

from infra.cli import target
from paydraft.model.credential import (
    APP_SCOPES,
    Credential,
    Scope,
    SubjectKind,
    hash_of,
    is_well_formed,
)
from paydraft.model.ids import to_millisecond, uuid_of
from paydraft.model.token_errors import TokenEndedError
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.tokens import TokenStore
from paydraft.workflows.tokens import (
    MAX_DAYS,
    MAX_OVERLAP_HOURS,
    SECRET_BYTES,
    Chance,
    Wish,
    end_of,
    new_token,
    successor,
)

_PAGE = 100
_UNKNOWN = (
    "This stack gave out no such token, so nothing was {done}: was it made on another stack, or for another tenant?"
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `tokens create`, `list`, `revoke` and `rotate`."""
    tokens = commands.add_parser("tokens", help="make, list, revoke and rotate access tokens")
    kinds = tokens.add_subparsers(required=True)
    _add_create(kinds)
    listing = kinds.add_parser("list", help="show a tenant's tokens, the newest first; never the tokens themselves")
    _add_place(listing)
    listing.set_defaults(run=_list)
    revoke = kinds.add_parser("revoke", help="end a token; works on the next request")
    _add_place(revoke)
    revoke.add_argument("token", help="the token, or its id as `list` shows it")
    revoke.set_defaults(run=_revoke)
    rotate = kinds.add_parser("rotate", help="put a new token in the place of another, and print it once")
    _add_place(rotate)
    rotate.add_argument("token", help="the old token, or its id as `list` shows it")
    rotate.add_argument(
        "--overlap", type=_hours, default=0, metavar="HOURS", help="how long the old one goes on (default: not at all)"
    )
    rotate.set_defaults(run=_rotate)


def _add_place(command: argparse.ArgumentParser) -> None:
    target.add_arguments(command)
    command.add_argument("--tenant", help="whose tokens (default: the served stack's tenant)")


def _add_create(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    create = kinds.add_parser("create", help="make a token and print it once")
    _add_place(create)
    create.add_argument("--subject", type=_text, required=True, help="the person or service that will hold it")
    create.add_argument(
        "--kind", type=SubjectKind, choices=list(SubjectKind), default=SubjectKind.SERVICE, help="default: service"
    )
    create.add_argument(
        "--scope",
        type=Scope,
        choices=list(Scope),
        action="append",
        help=f"repeat for several (default: {' and '.join(APP_SCOPES)})",
    )
    create.add_argument(
        "--entity",
        type=_entity,
        action="append",
        default=[],
        help="a UUID that x-monite-entity-id may name; repeatable",
    )
    create.add_argument("--label", type=_text, help="what it is for, in words")
    create.add_argument("--days", type=_days, help="until it expires (default: never)")
    create.set_defaults(run=_create)


def _text(given: str) -> str:
    if not given.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return given


def _days(given: str) -> int:
    return _whole(given, 1, MAX_DAYS)


def _hours(given: str) -> int:
    return _whole(given, 0, MAX_OVERLAP_HOURS)


def _whole(given: str, least: int, most: int) -> int:
    if not given.isdecimal() or not least <= int(given) <= most:
        raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
    return int(given)


def _entity(given: str) -> str:
    entity = uuid_of(given)
    if entity is None:
        raise argparse.ArgumentTypeError("must be a UUID")
    return str(entity)


def _create(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    wish = Wish(
        subject=arguments.subject,
        kind=arguments.kind,
        scopes=tuple(arguments.scope or APP_SCOPES),
        entities=tuple(arguments.entity),
        label=arguments.label,
        days=arguments.days,
    )
    print(make(place, target.tenant_of(place, arguments.tenant), wish))
    return 0


def make(place: target.Target, tenant_id: str, wish: Wish) -> str:
    """A new token, written as the operator of the stack may; it is shown nowhere else."""
    made = new_token(wish, tenant_id, stage=place.stage, now=_now(), chance=_chance())
    _tokens(place).add(made.credential)
    return made.token


def _list(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    tenant_id, now, after = target.tenant_of(place, arguments.tenant), _now(), None
    print(_line("id", "state", "kind", "…last", "expires", "subject, label and scopes"))
    while True:
        page, after = _tokens(place).page(tenant_id, after=after, limit=_PAGE, newest_first=True)
        for one in page:
            print(_described(one, now))
        if after is None:
            return 0


def _described(one: Credential, now: datetime) -> str:
    expires = one.expires_at.date().isoformat() if one.expires_at else "never"
    about = f"{one.subject}{f' ({one.label})' if one.label else ''}: {' '.join(one.scopes)}"
    return _line(str(one.token_id), one.state(now), one.kind, f"…{one.last_four or '?'}", expires, about)


def _line(token_id: str, state: str, kind: str, last: str, expires: str, about: str) -> str:
    return f"{token_id:<36}  {state:<7}  {kind:<7}  {last:<5}  {expires:<10}  {about}"


def _revoke(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    found = _found(place, arguments, done="revoked")
    if _tokens(place).get(found.tenant_id, found.token_id) is None:  # older than the list of tokens
        CredentialStore(place.outputs["CredentialsTable"]).revoke(found.token_hash, at=_now())
    else:
        _tokens(place).revoke(found, at=_now())
    print("revoked")
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    place, now = target.find(arguments.stack, arguments.state_dir), _now()
    old = _found(place, arguments, done="rotated")
    try:
        made = successor(old, stage=place.stage, now=now, chance=_chance())
        ends_at = end_of(old, now=now, overlap_hours=arguments.overlap)
        _tokens(place).rotate(old, made.credential, ends_at=ends_at, at=now)
    except TokenEndedError as ended:
        raise target.TargetError(
            f"The token can't be rotated ({ended.details['because']}). Make a new one with `paydraft tokens create`."
        ) from ended
    print(made.token)
    return 0


def _found(place: target.Target, arguments: argparse.Namespace, *, done: str) -> Credential:
    """The credential of a token, or of an id in the tenant's list; raises TargetError."""
    token_id = uuid_of(arguments.token)
    if token_id is None and not is_well_formed(arguments.token):
        raise target.TargetError("This is no token of ours and no id of one: check that it was copied whole.")
    found = _by_id(place, arguments, token_id) if token_id else _by_token(place, arguments.token)
    if found is None:
        raise target.TargetError(_UNKNOWN.format(done=done))
    return found


def _by_id(place: target.Target, arguments: argparse.Namespace, token_id: UUID) -> Credential | None:
    return _tokens(place).get(target.tenant_of(place, arguments.tenant), token_id)


def _by_token(place: target.Target, token: str) -> Credential | None:
    return CredentialStore(place.outputs["CredentialsTable"]).get(hash_of(token))


def _tokens(place: target.Target) -> TokenStore:
    return TokenStore(place.outputs["CredentialsTable"], place.outputs["JobsTable"])


def _chance() -> Chance:
    return Chance(secrets.token_bytes(SECRET_BYTES), int.from_bytes(secrets.token_bytes(16)))


def _now() -> datetime:
    return to_millisecond(datetime.now(UTC))
