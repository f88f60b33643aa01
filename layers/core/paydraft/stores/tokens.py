"""Tokens as a tenant sees them: made, listed, revoked and rotated by id.

A token is two rows that change in one transaction: the credential, found by its hash, which alone decides, and the
item TOK#<uuidv7> in JobsTable, by which a tenant's tokens are listed in the order in which they were made.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from paydraft.model.credential import Credential
from paydraft.model.errors import PermanentError, TransientError
from paydraft.model.token_errors import TokenEndedError
from paydraft.stores.items import Item, item_of, read_as
from paydraft.stores.paging import page_of
from paydraft.stores.table import Change, ConditionFailedError, Put, Table, Write, put_together

_REVOKED = "SET #revoked_at = if_not_exists(#revoked_at, :at)"
_UNTOUCHED = "attribute_not_exists(#revoked_at) AND attribute_not_exists(#rotated_to)"
_GOING_ON = "attribute_exists(#tenant_id) AND (attribute_not_exists(#expires_at) OR #expires_at > :at)"


class TokenStore:
    """The tokens of all tenants, by tenant and id."""

    def __init__(self, credentials_table: str, jobs_table: str) -> None:
        """Both tables are written; who may only look credentials up uses stores/credentials.py."""
        self._credentials = credentials_table
        self._listed = Table(jobs_table)

    def add(self, credential: Credential, *, others: Sequence[Write] = ()) -> None:
        """Write a new token and `others`: all or none. Raises TransientError if one of `others` was refused."""
        puts = self._both(credential)
        try:
            put_together([*puts, *others])
        except ConditionFailedError as refused:
            if any(refused.refused[: len(puts)]):
                raise PermanentError("this token is on file already") from refused
            raise TransientError("the same request was answered a moment ago") from refused

    def get(self, tenant_id: str, token_id: UUID) -> Credential | None:
        """A token of the tenant, ended ones too."""
        item = self._listed.get(tenant_id=tenant_id, sk=f"TOK#{token_id}")
        return read_as(Credential, item) if item else None

    def page(
        self, tenant_id: str, *, after: UUID | None, limit: int, newest_first: bool
    ) -> tuple[tuple[Credential, ...], UUID | None]:
        """At most `limit` tokens behind `after`, and the id behind which the next page begins; None at the end."""
        return page_of(Credential, self._listed, tenant_id, "TOK#", after=after, limit=limit, newest_first=newest_first)

    def revoke(self, credential: Credential, *, at: datetime) -> None:
        """Refuse the token from its next use on; the first moment stays. Raises PermanentError if it is not here."""
        try:
            put_together(self._changes(credential, _REVOKED, "attribute_exists(#tenant_id)", at=at))
        except ConditionFailedError as refused:
            raise PermanentError("this token is not on file, or on no list") from refused

    def rotate(
        self, old: Credential, new: Credential, *, ends_at: datetime, at: datetime, others: Sequence[Write] = ()
    ) -> None:
        """Write the successor, and let the old token end then: at once, where that is not after `at`.

        Raises TokenEndedError if the old one was revoked, rotated, or expired in the meantime.
        """
        end = "#revoked_at = :ends_at" if ends_at <= at else "#expires_at = :ends_at"
        changes = self._changes(
            old,
            f"SET #rotated_to = :rotated_to, {end}",
            f"{_UNTOUCHED} AND {_GOING_ON}",
            rotated_to=new.token_id,
            ends_at=ends_at,
            at=at,
        )
        try:
            put_together([*self._both(new), *changes, *others])
        except ConditionFailedError as refused:
            raise TokenEndedError(details={"because": "changed"}) from refused

    def _both(self, credential: Credential) -> list[Write]:
        row = item_of(credential)
        listed: Item = row | item_of({"sk": f"TOK#{credential.token_id}"})
        return [Put(self._credentials, row, "attribute_not_exists(#token_hash)"), Put(self._listed.name, listed)]

    def _changes(self, credential: Credential, change: str, condition: str, **values: object) -> list[Write]:
        told = tuple(values.items())
        row = (("token_hash", credential.token_hash),)
        listed = (("tenant_id", credential.tenant_id), ("sk", f"TOK#{credential.token_id}"))
        return [
            Change(self._credentials, row, change, condition, told),
            Change(self._listed.name, listed, change, condition, told),
        ]
