"""What changes rarely in MiniStack's memory (tables, queues, rules, functions, the stack itself): one file a service.

They are MiniStack's own state files, read by its own start; written when a call has changed a definition, and synced.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ministack import app as ministack
from ministack.core import persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb, sqs, stepfunctions

from infra.local.journal import write_synced

# What the product is made of, or may be. CloudFormation imports every other service MiniStack has, and loading their
# empty states would import them again at each start. Logs are shown, not kept.
_KEPT = frozenset(
    """
    apigateway cloudformation dynamodb eventbridge iam lambda s3 scheduler secretsmanager sns sqs ssm stepfunctions
    """.split()
)

type State = dict[str, Any]


class Definitions:
    """Writes the services whose definitions are not what they were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}
        self._thin: dict[str, Callable[[], State]] = {
            "dynamodb": _thin(dynamodb, "tables", _without_items),
            "sqs": _thin(sqs, "queues", _without_messages),
            "stepfunctions": _thin(stepfunctions, "executions", None),
        }

    def save(self) -> None:
        """Returns when they are on disk. In the event loop, so that none is half changed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for service, stock_state in ministack._build_persistence_save_dict().items():
            if service in _KEPT:
                self._save_service(service, _undisturbed(self._thin.get(service, stock_state)))

    def _save_service(self, service: str, state: State | None) -> None:
        if not state:
            return
        content = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
        encoded = json.dumps(content, default=persistence._json_default).encode()
        digest = hashlib.sha256(encoded).digest()
        if self._kept.get(service) != digest:
            write_synced(self._folder / f"{service}.json", encoded)
            self._kept[service] = digest


def _undisturbed(state: Callable[[], State | None]) -> State | None:
    """The state; once more if a thread of MiniStack has changed it while it was copied."""
    for _ in range(9):
        with suppress(RuntimeError):
            return state()
    return state()


def _thin(module: Any, big: str, thinned: Callable[[State], State] | None) -> Callable[[], State]:
    """The module's state, but for the contents of its big store, which the journal has: its own would copy them."""
    names = list(module.get_state())

    def state() -> State:
        stores = {name: getattr(module, f"_{name}") for name in names}
        definitions = AccountRegionScopedDict()
        if thinned is not None:
            definitions._data.update({place: thinned(value) for place, value in stores[big].all_items()})
        return stores | {big: definitions}

    return state


def _without_items(table: State) -> State:
    return {k: v for k, v in table.items() if k != dynamodb._INDEX_MEMBERS} | {"items": {}, "ItemCount": 0}


def _without_messages(queue: State) -> State:
    return queue | {"messages": []}
