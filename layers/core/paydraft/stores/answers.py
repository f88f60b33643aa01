"""Answers that were given under an idempotency key, kept for a day so that a repetition gets the same one.

An answer is written in the transaction of the change that it tells of: there is no change without its answer, and no
half-done state to be stuck in.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from paydraft.model.evidence import Frozen
from paydraft.model.idempotency import KEPT
from paydraft.stores.items import item_of, read_as
from paydraft.stores.table import ConditionFailedError, Put, Table, put_together


class KeptAnswer(Frozen):
    """What was answered to the first request with a key."""

    fingerprint: str
    status: int
    body: str
    expires_at: int  # epoch seconds; expired ones stay readable for days


class AnswerStore:
    """Answers by tenant and hashed key."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def find(self, tenant_id: str, key_hash: str, *, now: datetime) -> KeptAnswer | None:
        """The answer that is still kept."""
        item = self._table.get(tenant_id=tenant_id, sk=f"IDEM#{key_hash}")
        kept = read_as(KeptAnswer, item) if item else None
        return kept if kept and kept.expires_at > now.timestamp() else None

    def write(self, answers: Sequence[Put]) -> None:
        """Keep answers by themselves; one that is kept already stays."""
        for one in answers:
            with suppress(ConditionFailedError):
                put_together([one])

    def keep(self, tenant_id: str, key_hash: str, fingerprint: str, status: int, body: str, *, now: datetime) -> Put:
        """The answer as a part of a transaction, refused while another one is kept under the key."""
        kept = {
            "fingerprint": fingerprint,
            "status": status,
            "body": body,
            "expires_at": int((now + KEPT).timestamp()),
        }
        return Put(
            self._table.name,
            item_of({"tenant_id": tenant_id, "sk": f"IDEM#{key_hash}"} | kept),
            "attribute_not_exists(#sk) OR #expires_at <= :now",
            (("now", int(now.timestamp())),),
        )
