"""A bearer token or api-key, and what it may do. 256 random bits; only the SHA-256 is kept."""

import hashlib
import re
import zlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from paydraft.model.document import TENANT_ID
from paydraft.model.evidence import Frozen

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"pd_[a-z0-9]{1,16}_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


class Scope(StrEnum):
    """What a credential may do."""

    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    DOCUMENTS_READ = "documents:read"
    COUNTERPARTIES_READ = "counterparties:read"
    COUNTERPARTIES_WRITE = "counterparties:write"
    TRANSFERS_READ = "transfers:read"
    TRANSFERS_WRITE = "transfers:write"
    TRANSFERS_APPROVE = "transfers:approve"
    TOKENS_ADMIN = "tokens:admin"


APP_SCOPES = (Scope.JOBS_READ, Scope.JOBS_WRITE)


class SubjectKind(StrEnum):
    """Who holds the credential; a service never approves."""

    PERSON = "person"
    SERVICE = "service"


# A client's own name for a part of itself, in lower case. It divides no data: the tenant alone does.
EntityId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class TokenState(StrEnum):
    """Whether a token opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Credential(Frozen):
    """The row of CredentialsTable, and of its TOK# item in JobsTable, by which a tenant's tokens are listed."""

    token_hash: str
    token_id: UUID
    tenant_id: str = Field(pattern=f"^{TENANT_ID}$")
    subject: str
    kind: SubjectKind
    scopes: tuple[Scope, ...] = APP_SCOPES
    entities: tuple[EntityId, ...] = ()
    label: str | None = None  # what it is for, in words for people
    last_four: str | None = None  # characters of the token, so that its holder recognises it
    created_at: datetime
    made_by: UUID | None = None  # the token that asked for it; None: the operator
    rotated_from: UUID | None = None
    rotated_to: UUID | None = None  # its successor; a token has one at most
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> TokenState:
        """What a request with the token would meet."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        over = self.expires_at is not None and self.expires_at <= now
        return TokenState.EXPIRED if over else TokenState.ACTIVE


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits.rjust(width, "0")


def mint(stage: str, randomness: bytes) -> str:
    """A token of 32 random bytes: pd_<stage>_<43 base62><6 checksum>, so that scanners find it and typos are told."""
    if len(randomness) != 32:
        raise ValueError("a token takes 32 random bytes")
    body = _base62(int.from_bytes(randomness), 43)
    return f"pd_{stage}_{body}{_base62(zlib.crc32(body.encode()), 6)}"


def is_well_formed(token: str) -> bool:
    """Whether prefix, length and checksum fit; no look-up."""
    match = _TOKEN.fullmatch(token)
    return match is not None and _base62(zlib.crc32(match[1].encode()), 6) == match[2]


def hash_of(token: str) -> str:
    """What is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()
