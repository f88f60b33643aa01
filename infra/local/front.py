"""The API where an app expects it: plain paths on one port lead to the $default stage of the stack's HTTP API."""

from collections.abc import Awaitable, Callable
from typing import Any

type Scope = dict[str, Any]
type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def front(gateway: Application, api_id: Callable[[], str | None]) -> Application:
    """An ASGI application that hands requests to `gateway` under the path of the API; 503 until there is one."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif (target := api_id()) is None:
            await _not_yet(send)
        else:
            prefix = f"/_aws/execute-api/{target}/$default"
            inside = scope | {"path": prefix + scope["path"]}
            if scope.get("raw_path"):
                inside["raw_path"] = prefix.encode() + scope["raw_path"]
            await gateway(inside, receive, send)

    return application


async def _live(receive: Receive, send: Send) -> None:
    while True:
        stage = (await receive())["type"]
        await send({"type": f"{stage}.complete"})
        if stage == "lifespan.shutdown":
            return


async def _not_yet(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"1")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"message":"Service Unavailable"}'})
