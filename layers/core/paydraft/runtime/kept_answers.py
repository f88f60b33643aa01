"""Doing once what is asked with an idempotency key: the answer that was kept is the answer to every repetition."""

from collections.abc import Mapping
from dataclasses import dataclass

from paydraft.model.errors import IdempotencyConflictError
from paydraft.model.idempotency import fingerprint_of, key_hash_of
from paydraft.runtime.json_body import to_json
from paydraft.runtime.operations import Caller, Operation
from paydraft.stores.answers import AnswerStore
from paydraft.stores.table import Put


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and whether it was given before."""

    body: str
    replayed: bool
    status: int = 200


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may be sent again. `parts` are what it asks for: two requests with the same ones are the same."""

    operation: Operation
    caller: Caller
    key: str | None  # the client's; without one nothing is kept
    parts: Mapping[str, str | None]
    answers: AnswerStore

    def earlier(self) -> Answer | None:
        """What was answered under this key; raises IdempotencyConflictError if to another request."""
        if self.key is None:
            return None
        kept = self.answers.find(self.caller.tenant_id, self._key_hash, now=self.caller.now)
        if kept is None:
            return None
        if kept.fingerprint != self._fingerprint:
            raise IdempotencyConflictError
        return Answer(kept.body, replayed=True, status=kept.status)

    def kept(self, body: str) -> list[Put]:
        """What keeps the answer, to be written in the transaction of what it tells of."""
        if self.key is None:
            return []
        to = (self.caller.tenant_id, self._key_hash, self._fingerprint)
        return [self.answers.keep(*to, self.operation.status, body, now=self.caller.now)]

    def keep(self, body: str) -> None:
        """Keep the answer by itself, where what it tells of is not done twice anyway."""
        self.answers.write(self.kept(body))

    @property
    def _key_hash(self) -> str:
        return key_hash_of(self.operation.name, self.key or "")

    @property
    def _fingerprint(self) -> str:
        return fingerprint_of(dict(self.parts))


def body_part(body: Mapping[str, object]) -> str:
    """A body as a part of what is asked for: the order of its fields does not matter."""
    return to_json(dict(sorted(body.items())))
