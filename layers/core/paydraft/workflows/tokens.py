"""Making tokens and their successors: what is asked for, held against what the asking token has itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from paydraft.model.credential import APP_SCOPES, Credential, Scope, SubjectKind, TokenState, hash_of, mint
from paydraft.model.ids import uuid7
from paydraft.model.token_errors import GrantTooWideError, TokenEndedError

MAX_DAYS = 3650
MAX_OVERLAP_HOURS = 168
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new token is asked to be."""

    subject: str
    kind: SubjectKind = SubjectKind.SERVICE
    scopes: tuple[Scope, ...] = APP_SCOPES
    entities: tuple[str, ...] = ()
    label: str | None = None
    days: int | None = None  # until it expires; None: never, or with the token that asks for it


@dataclass(frozen=True, slots=True)
class Chance:
    """What no two tokens share: the secret itself (`SECRET_BYTES`), and at least 74 random bits for the id."""

    secret: bytes
    dice: int


@dataclass(frozen=True, slots=True)
class Made:
    """A token that nobody has seen yet, and what will be stored of it."""

    token: str
    credential: Credential


def new_token(
    wish: Wish, tenant_id: str, *, stage: str, now: datetime, chance: Chance, by: Credential | None = None
) -> Made:
    """A new token of the tenant; `by` is the token that asks, None for the operator, who may give anything.

    Raises GrantTooWideError.
    """
    token = mint(stage, chance.secret)
    wanted = now + timedelta(days=wish.days) if wish.days else None
    credential = Credential(
        token_hash=hash_of(token),
        token_id=uuid7(now, chance.dice),
        tenant_id=tenant_id,
        subject=wish.subject,
        kind=wish.kind,
        scopes=tuple(dict.fromkeys(wish.scopes)),
        entities=tuple(dict.fromkeys(wish.entities)),
        label=wish.label,
        last_four=token[-4:],
        created_at=now,
        made_by=by.token_id if by else None,
        expires_at=wanted or (by.expires_at if by else None),
    )
    _require_no_more(credential, by)
    return Made(token, credential)


def successor(old: Credential, *, stage: str, now: datetime, chance: Chance, by: Credential | None = None) -> Made:
    """A token in the place of `old`: the same rights, and from now on as long a life, unless that of `by` ends before.

    Raises TokenEndedError, and GrantTooWideError: who gets the successor has all that the old one had.
    """
    if old.state(now) is not TokenState.ACTIVE:
        raise TokenEndedError(details={"because": str(old.state(now))})
    if old.rotated_to is not None:
        raise TokenEndedError(details={"because": "rotated"})
    token = mint(stage, chance.secret)
    life = old.expires_at - old.created_at if old.expires_at else None
    expires_at = now + life if life else None
    if by is not None and by.expires_at is not None:
        expires_at = min(expires_at or by.expires_at, by.expires_at)
    changes: dict[str, object] = {
        "token_hash": hash_of(token),
        "token_id": uuid7(now, chance.dice),
        "last_four": token[-4:],
        "created_at": now,
        "made_by": by.token_id if by else None,
        "rotated_from": old.token_id,
        "expires_at": expires_at,
    }
    credential = old.model_copy(update=changes)
    _require_no_more(credential, by)
    return Made(token, credential)


def end_of(old: Credential, *, now: datetime, overlap_hours: int) -> datetime:
    """When the rotated token ends: never later than it would have."""
    ends_at = now + timedelta(hours=overlap_hours)
    return min(ends_at, old.expires_at) if old.expires_at else ends_at


def _require_no_more(wanted: Credential, by: Credential | None) -> None:
    """Raises GrantTooWideError unless `by` has all that is wanted, and for as long."""
    if by is None:
        return
    if wanted.tenant_id != by.tenant_id:
        raise GrantTooWideError(details={"because": "tenant"})
    if wanted.kind is SubjectKind.PERSON and (by.kind, by.subject) != (SubjectKind.PERSON, wanted.subject):
        # Who could make a token of a colleague's could give the second signature to what they sent themselves.
        raise GrantTooWideError(details={"because": "person"})
    scopes = [str(scope) for scope in wanted.scopes if scope not in by.scopes]
    entities = [entity for entity in wanted.entities if entity not in by.entities]
    if scopes or entities:
        raise GrantTooWideError(details={"because": "rights", "scopes": scopes, "entities": entities})
    if by.expires_at and (wanted.expires_at is None or wanted.expires_at > by.expires_at):
        raise GrantTooWideError(details={"because": "expires_at"})
