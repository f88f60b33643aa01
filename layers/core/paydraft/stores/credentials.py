"""Credentials by the SHA-256 of their token; the token itself is nowhere.

What every API function reads. Tokens that a tenant can list are made and ended by stores/tokens.py.
"""

from datetime import datetime

from paydraft.model.credential import Credential
from paydraft.model.errors import PermanentError
from paydraft.stores.items import item_of, read_as
from paydraft.stores.table import ConditionFailedError, Table


class CredentialStore:
    """The rows of CredentialsTable."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, token_hash: str) -> Credential | None:
        """The credential, revoked and expired ones too: a revocation counts on the next request."""
        item = self._table.get(token_hash=token_hash)
        return read_as(Credential, item) if item else None

    def add(self, credential: Credential) -> None:
        """Write one that no list shows; exactly the same again is success, another one of this token PermanentError."""
        item = item_of(credential)
        try:
            self._table.put(item, condition="attribute_not_exists(#token_hash)")
        except ConditionFailedError as refused:
            if refused.standing[0] != item:
                raise PermanentError("this token is on file already") from refused

    def revoke(self, token_hash: str, *, at: datetime) -> bool:
        """Refuse one that no list shows from its next use on; the first moment stays. False if there is none."""
        try:
            self._table.update(
                {"token_hash": token_hash},
                "SET #revoked_at = if_not_exists(#revoked_at, :at)",
                condition="attribute_exists(#token_hash)",
                at=at,
            )
        except ConditionFailedError:
            return False
        return True
