"""How many requests a token has sent: a counter for each window of time in the transient table, gone soon after it."""

from uuid import UUID

from paydraft.stores.clients import client
from paydraft.stores.items import encode, item_of

_KEPT_SECONDS = 60  # after its end, so that no clock that is a little off counts from zero


class RateWindows:
    """The counters. One write for one request, tried once and briefly."""

    def __init__(self, table: str) -> None:
        self._table = table

    def hit(self, tenant_id: str, token_id: UUID, window: int, *, ends_at: int) -> int:
        """The token's requests in this window, this one among them; `ends_at` in epoch seconds.

        Raises TransientError where the table is busy; the request may have been counted nevertheless.
        """
        answer = client("dynamodb", hurried=True).update_item(
            TableName=self._table,
            Key=item_of({"tenant_id": tenant_id, "sk": f"RATE#{token_id}#{window}"}),
            UpdateExpression="SET #expires_at = :expires_at ADD #used :one",
            ExpressionAttributeNames={"#expires_at": "expires_at", "#used": "used"},
            ExpressionAttributeValues={":expires_at": encode(ends_at + _KEPT_SECONDS), ":one": encode(1)},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["used"]["N"])
