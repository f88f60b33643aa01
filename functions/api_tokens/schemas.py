"""What the tokens' routes take and answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from paydraft.model.credential import APP_SCOPES, Scope, SubjectKind, TokenState
from paydraft.runtime.corebanq import Wire
from paydraft.workflows.tokens import MAX_DAYS, MAX_OVERLAP_HOURS

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")
]


class Token(Wire):
    """A token without its secret; `last_four` are the characters by which its holder recognises it."""

    id: UUID
    subject: str
    kind: SubjectKind
    label: str | None
    scopes: tuple[Scope, ...]
    entities: tuple[str, ...]
    last_four: str | None
    state: TokenState
    created_at: datetime
    made_by: UUID | None = Field(description="The token that asked for it; null: the operator")
    expires_at: datetime | None
    revoked_at: datetime | None
    rotated_from: UUID | None
    rotated_to: UUID | None


class NewToken(Token):
    """A token with its secret, in the one answer that ever holds it; null where that answer is repeated."""

    token: str | None


class TokenList(Wire):
    """A page of tokens."""

    data: tuple[Token, ...]
    has_more: bool
    next_cursor: str | None


class TokenRequest(Wire):
    """What a new token is for. It gets nothing that the asking token has not, and never outlives it."""

    subject: Text = Field(description="The person or service that will hold it; a person only for themselves")
    kind: SubjectKind = SubjectKind.SERVICE
    label: Text | None = None
    scopes: tuple[Scope, ...] = Field(default=APP_SCOPES, min_length=1, max_length=len(Scope))
    entities: tuple[UUID, ...] = Field(default=(), max_length=100)
    expires_in_days: int | None = Field(default=None, strict=True, ge=1, le=MAX_DAYS)


class RotateRequest(Wire):
    """How long the old token goes on beside the new one; at once over by default."""

    overlap_hours: int = Field(default=0, strict=True, ge=0, le=MAX_OVERLAP_HOURS)
