"""What changes all the time in MiniStack's memory (items, messages, executions), as after-images that can be replayed.

An after-image is the new content of one item, message or execution; replayed in order they give the last state, however
often. Definitions (tables, queues, rules, …) change rarely and are kept whole: see definitions.py.
"""

import threading
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from ministack.services import dynamodb, sqs, stepfunctions

type Place = tuple[str, str, str]
"""Account, region, and the name of a table, the URL of a queue or the ARN of an execution."""
type Change = list[Any]
"""What, its place, and: a table's id | an item's two keys and the item | a message's id and the message | an execution.
None for an item or message that is gone."""
type Table = dict[str, Any]


class What(StrEnum):
    """What an after-image is of."""

    TABLE = "table"
    """A table of that id begins, empty: one of the same name may have been deleted before."""
    ITEM = "item"
    MESSAGE = "message"
    EXECUTION = "execution"


class Changes:
    """Watches from the moment it is made. `take` what has changed since the last time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: list[Change] = []
        self._tables: dict[Place, str] = {}
        self._messages: dict[Place, dict[str, int]] = {}
        self._watch_items()
        self._watch_executions()

    def take(self, *, messages: bool = True) -> list[Change]:
        """The changes since the last call. Call it in the event loop: there no transaction is half done.

        `messages`: look through all queues, too. That takes a millisecond for 1500 messages.
        """
        if messages:
            self._add(*self._compare_messages())
        with self._lock:
            taken, self._changes = self._changes, []
        return taken

    def everything(self) -> Iterator[Change]:
        """The whole present state, as changes to nothing. In the event loop, like `take`, which it makes void."""
        self.take()
        for place, table in dynamodb._tables.all_items():
            yield [What.TABLE, *place, table["TableId"]]
            yield from _items_of(place, table)
        for place, queue in sqs._queues.all_items():
            for message in queue["messages"]:
                yield [What.MESSAGE, *place, message["id"], message]
        for place, execution in stepfunctions._executions.all_items():
            yield [What.EXECUTION, *place, _kept_of(execution)]

    def replay(self, change: Change) -> None:
        """Make a change again; void if what it belongs to is gone."""
        what, account, region, name, *content = change
        place = (account, region, name)
        match what:
            case What.EXECUTION:
                stepfunctions._executions.set_scoped(*place, content[0])
            case What.MESSAGE if queue := sqs._queues.get_scoped(*place):
                _replay_message(queue, *content)
            case What.TABLE if table := dynamodb._tables.get_scoped(*place):
                self._tables[place] = content[0]
                table["items"].clear()
                dynamodb._update_counts(table)
            case What.ITEM if table := dynamodb._tables.get_scoped(*place):
                hash_key, range_key, item = content
                if item is None:
                    self._stock_remove(table, hash_key, range_key)
                else:
                    self._stock_set(table, hash_key, range_key, item)

    def begin_again(self) -> None:
        """After the replay: messages that were in flight are visible again, executions that ran have failed."""
        for queue in sqs._queues.all_values():
            for message in queue["messages"]:
                if message["receive_count"]:
                    message |= {"visible_at": 0.0, "receipt_handle": None}
        stepfunctions._restore_state({"executions": {}})
        self._messages = {place: _receive_counts(queue) for place, queue in sqs._queues.all_items()}

    def _add(self, *changes: Change) -> None:
        with self._lock:
            self._changes += changes

    def _watch_items(self) -> None:
        self._stock_set, self._stock_remove = dynamodb._set_item, dynamodb._remove_item
        stock_replaced = dynamodb._items_replaced

        def set_item(table: Table, hash_key: str, range_key: str, item: Table) -> Any:
            old = self._stock_set(table, hash_key, range_key, item)
            self._add_to(table, [What.ITEM, *_place_of(table), hash_key, range_key, item])
            return old

        def remove_item(table: Table, hash_key: str, range_key: str) -> Any:
            old = self._stock_remove(table, hash_key, range_key)
            self._add_to(table, [What.ITEM, *_place_of(table), hash_key, range_key, None])
            return old

        def items_replaced(table: Table) -> None:
            stock_replaced(table)
            self._tables.pop(_place_of(table), None)
            self._add_to(table, *_items_of(_place_of(table), table))

        dynamodb._set_item, dynamodb._remove_item = set_item, remove_item
        dynamodb._items_replaced = items_replaced

    def _add_to(self, table: Table, *changes: Change) -> None:
        """Under one lock: a beginning that is told twice would void what was told between."""
        place, table_id = _place_of(table), table["TableId"]
        with self._lock:
            if self._tables.get(place) != table_id:
                self._tables[place] = table_id
                self._changes.append([What.TABLE, *place, table_id])
            self._changes += changes

    def _watch_executions(self) -> None:
        stock = stepfunctions._emit_execution_status_event

        def emit(execution: dict[str, Any]) -> None:
            stock(execution)
            _, _, _, region, account, *_ = execution["executionArn"].split(":")
            self._add([What.EXECUTION, account, region, execution["executionArn"], _kept_of(execution)])

        stepfunctions._emit_execution_status_event = emit

    def _compare_messages(self) -> list[Change]:
        """Messages are changed in a dozen places of MiniStack, so the queues are compared with what they were."""
        changes: list[Change] = []
        present = dict(sqs._queues.all_items())
        for place in self._messages.keys() - present.keys():
            del self._messages[place]
        for place, queue in present.items():
            known, now = self._messages.get(place, {}), _receive_counts(queue)
            if known == now:
                continue
            self._messages[place] = now
            changes += [
                [What.MESSAGE, *place, message["id"], message]
                for message in queue["messages"]
                if known.get(message["id"]) != message["receive_count"]
            ]
            changes += [[What.MESSAGE, *place, gone, None] for gone in known.keys() - now.keys()]
        return changes


def _place_of(table: Table) -> Place:
    _, _, _, region, account, resource = table["TableArn"].split(":", 5)
    return account, region, resource.removeprefix("table/")


def _items_of(place: Place, table: Table) -> list[Change]:
    return [
        [What.ITEM, *place, hash_key, range_key, item]
        for hash_key, items in table["items"].items()
        for range_key, item in items.items()
    ]


def _kept_of(execution: dict[str, Any]) -> dict[str, Any]:
    """The history of a success is most of it, and nobody looks for it in the next run."""
    return execution | {"events": []} if execution["status"] == "SUCCEEDED" else execution


def _receive_counts(queue: dict[str, Any]) -> dict[str, int]:
    for message in queue["messages"]:
        sqs._ensure_msg_fields(message)
    return {message["id"]: message["receive_count"] for message in queue["messages"]}


def _replay_message(queue: dict[str, Any], message_id: str, message: dict[str, Any] | None) -> None:
    others = [other for other in queue["messages"] if other["id"] != message_id]
    queue["messages"] = others if message is None else [*others, message]
