"""Where a list goes on: opaque to the client, signed, and good only for the tenant and the query it was made for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from paydraft.model.transfer_errors import InvalidCursorError

_VERSION = 1
_LONGEST = 4000  # characters; a list's query may be inside
_SIGNATURE = 16  # bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads cursors of one tenant's one query. The secret is the deployment's."""

    secret: str
    tenant_id: str
    query: Mapping[str, str]

    def sign(self, last: str, direction: str = "next") -> str:
        """The cursor behind the key `last`."""
        payload = json.dumps([_VERSION, last, direction], separators=(",", ":")).encode()
        return _spelled(self._signature(payload) + payload)

    def read(self, cursor: str) -> tuple[str, str]:
        """The key and direction of a cursor; raises InvalidCursorError for any text that we did not make for this."""
        if len(cursor) > _LONGEST or not cursor.isascii():
            raise InvalidCursorError
        try:
            signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise InvalidCursorError from None
        if _spelled(signed) != cursor:  # bits of the last character that count for nothing
            raise InvalidCursorError
        signature, payload = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(payload)):
            raise InvalidCursorError
        version, last, direction = json.loads(payload)
        if version != _VERSION:
            raise InvalidCursorError
        return str(last), str(direction)

    def _signature(self, payload: bytes) -> bytes:
        about = json.dumps([self.tenant_id, sorted(self.query.items())], separators=(",", ":")).encode()
        return hmac.new(self.secret.encode(), about + b"\n" + payload, hashlib.sha256).digest()[:_SIGNATURE]


def _spelled(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")
