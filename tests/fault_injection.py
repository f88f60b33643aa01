"""Deaths and lost answers at chosen AWS calls, by botocore's own events: product code has no hooks for tests.

Calls are counted over all clients of the stores, from 1, within one `with`. Not those of hurried clients, unless asked
for: what they do may as well be left undone, and it is left undone for a while after a failure.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import botocore_stubber

from paydraft.stores.clients import client

SERVICES = ("dynamodb", "s3", "sqs", "sns", "stepfunctions", "lambda")

_ANSWERED = "x-test-answered"


class CrashError(BaseException):
    """The process died here. No handler catches it: it is no Exception."""


@contextmanager
def calls(*, hurried: bool = False) -> Iterator[list[str]]:
    """The names of the operations called, in order."""
    seen: list[str] = []
    with _listening("before-call", lambda model, **_: seen.append(model.name), hurried=hurried):
        yield seen


@contextmanager
def crash(call: int, side: str, error: type[BaseException] = CrashError) -> Iterator[None]:
    """Die before the n-th call is sent, or after it took effect and before its answer arrives.

    With an `error` that the code under test may handle, it lives on instead, without that answer.
    """
    event = {"before": "before-call", "after": "after-call"}[side]
    count, struck = iter(range(1, 1000)), []

    def die(**_: Any) -> None:
        if next(count) == call:
            struck.append(call)
            raise error

    with suppress(error), _listening(event, die):
        yield
    assert struck, f"there was no call {call}"


@contextmanager
def lost_answers(operation: str, times: int = 1) -> Iterator[None]:
    """The operation takes effect and its connection breaks, so many times; botocore tries again. For moto only."""
    left = [times]

    def lose(event_name: str, request: Any, **_: Any) -> None:
        if event_name.endswith(f".{operation}") and left[0]:
            left[0] -= 1
            botocore_stubber(event_name, request)
            raise ConnectionClosedError(endpoint_url=request.url)

    with _listening("before-send", lose, first=True), _no_pauses():
        yield
    assert not left[0], f"{operation} was not called"


@contextmanager
def answers(operation: str, status: int, body: str, *, times: int = 1000, hurried: bool = False) -> Iterator[list[int]]:
    """The service answers this instead of doing the operation, so many times; the list grows by one each time."""
    given: list[int] = []

    def answer(event_name: str, request: Any, **_: Any) -> AWSResponse | None:
        if not event_name.endswith(f".{operation}") or len(given) == times:
            return None
        given.append(status)
        request.headers[_ANSWERED] = "yes"
        return AWSResponse(request.url, status, {}, MockRawResponse(body))

    with _listening("before-send", answer, first=True, hurried=hurried), _deaf_moto(), _no_pauses():
        yield given


@contextmanager
def cut_bodies(length: int) -> Iterator[None]:
    """S3's bodies lose their first bytes, so that fewer come than were promised."""
    with _listening("after-call.s3.GetObject", lambda parsed, **_: parsed["Body"]._raw_stream.read(length)):
        yield


@contextmanager
def flipped_bodies() -> Iterator[None]:
    """S3's bodies arrive complete, with every bit of the first byte wrong."""

    def flip(parsed: dict[str, Any], **_: Any) -> None:
        data = parsed["Body"]._raw_stream.read()
        parsed["Body"]._raw_stream = MockRawResponse(bytes([data[0] ^ 255]) + data[1:])

    with _listening("after-call.s3.GetObject", flip):
        yield


@contextmanager
def small_pages(items: int) -> Iterator[None]:
    """DynamoDB answers queries in pages of so many items, as it does by itself from a megabyte on."""
    with _listening("provide-client-params.dynamodb.Query", lambda params, **_: params | {"Limit": items}):
        yield


@contextmanager
def broken_connections(operation: str) -> Iterator[None]:
    """The operation never reaches the service."""

    def refuse(event_name: str, request: Any, **_: Any) -> None:
        if event_name.endswith(f".{operation}"):
            raise ConnectionClosedError(endpoint_url=request.url)

    with _listening("before-send", refuse, first=True), _no_pauses():
        yield


@contextmanager
def _listening(
    event: str, listener: Callable[..., Any], *, first: bool = False, hurried: bool = False
) -> Iterator[None]:
    heard = [client(service).meta.events for service in SERVICES]
    if hurried:
        heard.append(client("dynamodb", hurried=True).meta.events)
    for events in heard:
        (events.register_first if first else events.register)(event, listener)
    try:
        yield
    finally:
        for events in heard:
            events.unregister(event, listener)


def _deaf_moto() -> Any:
    # botocore asks every listener, also when the first one has answered: moto must not act as well.
    act = BotocoreStubber.process_request

    def act_unless_answered(self: BotocoreStubber, request: Any) -> Any:
        return None if _ANSWERED in request.headers else act(self, request)

    return patch.object(BotocoreStubber, "process_request", act_unless_answered)


def _no_pauses() -> Any:
    return patch("botocore.endpoint.time.sleep", lambda _: None)  # between botocore's own tries
