"""Nothing is answered before it is on disk: no call to any AWS service, whether it changed something or saw a change.

Changes go to a journal, one sync for all calls that wait; definitions go to files: decisions/0009-local-durability.md.
"""

import asyncio
import json
import sys
from pathlib import Path

from ministack import app as ministack
from ministack.core import persistence
from ministack.services import lambda_svc

from infra.local.changes import Change, Changes
from infra.local.definitions import Definitions
from infra.local.front import Application, Message, Receive, Scope, Send
from infra.local.journal import Journal
from infra.local.requests import Beginning, may_define, may_touch_queues

# Behind a call that defines something, CloudFormation may still be at work; pollers and state machines change things
# that nobody waits for. Both are kept soon.
_TICK_SECONDS = 0.2
_DEFINING_SECONDS = 5.0
# A journal is shortened when it is this much longer than what it says: at every start, and while it grows.
_SHORTEN_FACTOR = 4
_SHORTEN_FROM_BYTES = 8 << 20


class Saver:
    """Keeps MiniStack's state in a folder. `restore` takes the place of MiniStack's own loading."""

    def __init__(self, state_dir: Path) -> None:
        self._definitions = Definitions(state_dir / "services")
        self._journal = Journal(state_dir / "journal")
        self._changes = Changes()
        self._lines: list[bytes] = []
        self._made = self._kept = 0
        self._writing: asyncio.Task[None] | None = None
        self._defining_until = 0.0
        self._shorten_at = _SHORTEN_FROM_BYTES
        self._stock_load = ministack._load_persisted_state
        ministack._load_persisted_state = self.restore

    def restore(self) -> None:
        """Definitions, then the journal; event sources are polled only after that."""
        poll, lambda_svc._ensure_poller = lambda_svc._ensure_poller, lambda: None
        self._stock_load()
        for line in self._journal.lines(persistence._json_object_hook):
            for change in line:
                self._changes.replay(change)
        self._changes.begin_again()
        self._shorten_if_long()
        lambda_svc._ensure_poller = poll
        if lambda_svc._esms.has_any():
            poll()

    def keeping(self, inner: Application) -> Application:
        """The application, which answers when all that has happened so far is on disk."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_kept(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await self.keep(defining=may_define(scope, seen.body), messages=may_touch_queues(scope))
                await send(message)

            seen = Beginning(receive)
            await inner(scope, seen.receive, send_kept if scope["type"] == "http" else send)

        return application

    async def keep(self, *, defining: bool = False, messages: bool = True) -> None:
        """Returns when what has happened so far is on disk; with `defining` and `messages`, in these too."""
        loop = asyncio.get_running_loop()
        if defining:
            self._definitions.save()
            self._defining_until = loop.time() + _DEFINING_SECONDS
        self._collect(messages)
        wanted = self._made
        while self._kept < wanted:
            if self._writing is None:
                self._writing = loop.create_task(self._write())
            await asyncio.shield(self._writing)

    async def keep_on(self) -> None:
        """For ever: keep what nobody waits for."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                await self.keep()
                if asyncio.get_running_loop().time() < self._defining_until:
                    self._definitions.save()
            except OSError as problem:
                print(f"paydraft: the state can't be written, so no call is answered: {problem}", file=sys.stderr)

    def _collect(self, messages: bool) -> None:
        if changes := self._changes.take(messages=messages):
            self._lines.append(_line(changes))
            self._made += 1

    async def _write(self) -> None:
        lines, made, self._lines = self._lines, self._made, []
        try:
            await asyncio.to_thread(self._journal.append, b"".join(lines))
            self._kept = made
            self._shorten_if_long()
        except OSError:
            self._lines = lines + self._lines
            raise
        finally:
            self._writing = None

    def _shorten_if_long(self) -> None:
        if self._journal.size > self._shorten_at:
            self._journal.rewrite(_line([change]) for change in self._changes.everything())
            self._lines, self._kept = [], self._made
            self._shorten_at = max(_SHORTEN_FROM_BYTES, self._journal.size * _SHORTEN_FACTOR)


def _line(changes: list[Change]) -> bytes:
    return json.dumps(changes, default=persistence._json_default, separators=(",", ":")).encode() + b"\n"
