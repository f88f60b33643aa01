"""`paydraft tokens`: make and revoke the credentials of a stack. The token is shown once; only its hash is stored."""

import argparse
import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from infra.cli import target
from paydraft.model.credential import APP_SCOPES, Credential, Scope, SubjectKind, hash_of, is_well_formed, mint
from paydraft.stores.credentials import CredentialStore

MAX_DAYS = 3650


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `tokens create` and `tokens revoke`."""
    tokens = commands.add_parser("tokens", help="make and revoke access tokens").add_subparsers(required=True)
    create = tokens.add_parser("create", help="make a token and print it once")
    target.add_arguments(create)
    create.add_argument("--tenant", help="whose data the token opens (default: the served stack's tenant)")
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
    create.add_argument("--days", type=_days, help="until it expires (default: never)")
    create.set_defaults(run=_create)
    revoke = tokens.add_parser("revoke", help="end a token; works on the next request")
    target.add_arguments(revoke)
    revoke.add_argument("token")
    revoke.set_defaults(run=_revoke)


def _text(given: str) -> str:
    if not given.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return given


def _days(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MAX_DAYS}")
    return int(given)


def _create(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    tenant_id = target.tenant_of(place, arguments.tenant)
    token, now = mint(place.stage, secrets.token_bytes(32)), datetime.now(UTC)
    credential = Credential(
        token_hash=hash_of(token),
        token_id=uuid4(),
        tenant_id=tenant_id,
        subject=arguments.subject,
        kind=arguments.kind,
        scopes=tuple(arguments.scope or APP_SCOPES),
        created_at=now,
        expires_at=now + timedelta(days=arguments.days) if arguments.days else None,
    )
    CredentialStore(place.outputs["CredentialsTable"]).add(credential)
    print(token)
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    place = target.find(arguments.stack, arguments.state_dir)
    if not is_well_formed(arguments.token):
        raise target.TargetError("This is no token of ours: check that it was copied whole.")
    store = CredentialStore(place.outputs["CredentialsTable"])
    if not store.revoke(hash_of(arguments.token), at=datetime.now(UTC)):
        raise target.TargetError(
            "This stack gave out no such token, so nothing was revoked: was it made on another stack?"
        )
    print("revoked")
    return 0
