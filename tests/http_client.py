"""Calls an API function's handler with the events that an HTTP API (payload format 2.0) makes of requests."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

# What differs between two answers that say the same: the request's name, and what is left of the token's rate.
OF_THE_REQUEST = {"x-request-id", "ratelimit-remaining", "ratelimit-reset", "x-ratelimit-remaining-second"}
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What the client sees; header names are in lower case. `data` are the bytes of an answer that is no text."""

    status: int
    headers: dict[str, str]
    text: str
    data: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def lasting_headers(self) -> dict[str, str]:
        """The headers without those that every request has of its own."""
        return {name: value for name, value in self.headers.items() if name not in OF_THE_REQUEST}


@dataclass(frozen=True)
class HttpClient:
    """A client of one handler. `body` may be text, bytes (sent as base64, as gateways do) or anything JSON can hold."""

    handler: Handler
    token: str | None = None
    seconds_left: float = 29.0

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        event = http_event(method, path, body, self._sent(body, headers))
        context = SimpleNamespace(
            aws_request_id="lambda-request-1", get_remaining_time_in_millis=lambda: int(self.seconds_left * 1000)
        )
        answer = self.handler(event, context)
        assert set(answer) <= {"statusCode", "headers", "body", "isBase64Encoded", "cookies"}
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        if answer["isBase64Encoded"]:
            return Answer(answer["statusCode"], headers, "", base64.b64decode(answer["body"], validate=True))
        return Answer(answer["statusCode"], headers, answer["body"])

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=_names(headers))

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.request("POST", path, body, headers=_names(headers))

    def _sent(self, body: Any, headers: dict[str, str] | None) -> dict[str, str]:
        sent = {} if body is None else {"content-type": "application/json"}
        if self.token is not None:
            sent["authorization"] = f"Bearer {self.token}"
        return sent | (headers or {})


def http_event(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The event of one request; header names come in lower case, repeated headers and parameters joined with commas."""
    path, _, query = path.partition("?")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "gateway-request-1",
            "stage": "$default",
        },
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        pairs = parse_qs(query, keep_blank_values=True)
        event["queryStringParameters"] = {name: ",".join(values) for name, values in pairs.items()}
    if isinstance(body, bytes):
        event["body"] = base64.b64encode(body).decode()
    elif body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
