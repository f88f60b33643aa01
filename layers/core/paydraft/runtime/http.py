"""What every API function shares: a resolver that always answers in the dialect's own envelope.

No exception, wrong path or wrong method escapes it; it carries the request id in and out and logs one line a request.
A dialect brings two things: which HTTP status an error has, and what its body looks like.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from paydraft.model.errors import InternalError, PaydraftError, TransientError
from paydraft.model.request_errors import (
    AccessError,
    MethodNotAllowedError,
    RateLimitedError,
    RouteNotFoundError,
    ScopeMissingError,
    TokenNotSetError,
)
from paydraft.runtime.access import Carrier
from paydraft.runtime.json_body import to_json
from paydraft.runtime.telemetry import count, logger

JSON = "application/json"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=-]{1,128}")
_REALM = 'Bearer realm="paydraft"'
_TRY_AGAIN_SECONDS = "2"


@dataclass(frozen=True, slots=True)
class ErrorAnswers:
    """How a dialect answers the catalogue: a status by class (the nearest base decides), and its envelope."""

    statuses: Mapping[type[PaydraftError], int]
    body: Callable[[PaydraftError, int], Mapping[str, Any]]

    def status_of(self, error: type[PaydraftError]) -> int:
        """The HTTP status. A table needs PaydraftError itself, or it has holes: KeyError."""
        return self.statuses[next((cls for cls in error.__mro__ if cls in self.statuses), PaydraftError)]


class Api(APIGatewayHttpResolver):
    """A resolver for HTTP API events (format 2.0) that always answers, and in the dialect's words."""

    def __init__(
        self,
        service: str,
        answers: ErrorAnswers,
        *,
        carriers: tuple[Carrier, ...] = (Carrier.BEARER,),
        per_second_headers: bool = False,
    ) -> None:
        """`service` is the function's folder, for logs and metrics; `carriers` are the headers that bring a token.

        `per_second_headers`: the dialect tells its rate twice, as Monite does.
        """
        super().__init__(serializer=to_json, debug=False)
        self.service = service
        self.answers = answers
        self.carriers = carriers
        self.per_second_headers = per_second_headers
        self._refusal: str | None = None  # the code of the error that the present request met
        self._said: dict[str, str] = {}  # headers that the present answer bears, whatever it will be
        self.not_found(self._answer_no_route)
        self.exception_handler(Exception)(self._answer_error)

    def resolve(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The answer to one request, whatever happens."""
        self._refusal, self._said = None, {}
        try:
            answer = super().resolve(event, context)
        except Exception as error:  # raised outside the routes: an event we can't read, a body we can't write
            answer = self._written(self._answer_error(error))
        request_id = _request_id(event, context)
        headers = {"Cache-Control": "no-store", **answer["headers"], **self._said, "X-Request-Id": request_id}
        answer["headers"] = headers
        self._log(event, answer["statusCode"], request_id)
        return answer

    def header(self, name: str) -> str | None:
        """A request header by its name in any case; None when it was not sent."""
        return self.current_event.headers.get(name)

    def say(self, headers: Mapping[str, str]) -> None:
        """Let the answer to the present request bear these headers, also if it becomes a refusal."""
        self._said.update(headers)

    def _answer_error(self, error: Exception) -> Response[str]:
        known = error if isinstance(error, PaydraftError) else InternalError()
        self._refusal = known.code
        status = self.answers.status_of(type(known))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger(self.service).error("request failed", exc_info=error)
            count(self.service, "RequestFailed", error=known.code)
        return json_response(status, to_json(self.answers.body(known, status)), _headers_of(known))

    def _answer_no_route(self, _: Exception) -> Response[str]:
        path = self.current_event.path
        allowed = {route.method for route in self._static_routes + self._dynamic_routes if route.rule.match(path)}
        if not allowed:
            return self._answer_error(RouteNotFoundError())
        return self._answer_error(MethodNotAllowedError(details={"allow": sorted(allowed)}))

    @staticmethod
    def _written(answer: Response[str]) -> dict[str, Any]:
        return {
            "statusCode": answer.status_code,
            "headers": dict(answer.headers),
            "body": answer.body,
            "isBase64Encoded": False,
        }

    def _log(self, event: Mapping[str, Any], status: int, request_id: str) -> None:
        # The route, not the path: what a stranger types into a path does not belong into a log.
        told: dict[str, Any] = {"route": event.get("routeKey"), "status": status, "request_id": request_id}
        if self._refusal is not None:
            told["error"] = self._refusal
        logger(self.service).info("request answered", **told)


def json_response(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response[str]:
    """An answer of JSON text, as `to_json` writes it."""
    return Response(status, content_type=JSON, body=text, headers=headers)


def empty_response(status: int, headers: Mapping[str, str]) -> Response[str]:
    """An answer without a body (304)."""
    return Response(status, body="", headers=headers)


def _request_id(event: Mapping[str, Any], context: LambdaContext | None) -> str:
    """The caller's X-Request-Id if it is harmless to repeat, else the gateway's id, else Lambda's."""
    headers = event.get("headers") or {}
    sent = next((value for name, value in headers.items() if name.lower() == "x-request-id"), "")
    if _REQUEST_ID.fullmatch(sent):
        return str(sent)
    ours = (event.get("requestContext") or {}).get("requestId") or getattr(context, "aws_request_id", None)
    return str(ours or "unknown")


def _headers_of(error: PaydraftError) -> dict[str, str]:
    match error:
        case TokenNotSetError():
            return {"WWW-Authenticate": _REALM}
        case AccessError():
            return {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        case ScopeMissingError():
            scope = error.details.get("scope", "")
            return {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope}"'}
        case RateLimitedError():
            return {"Retry-After": str(error.details["retry_after_seconds"])}
        case MethodNotAllowedError():
            return {"Allow": ", ".join(error.details["allow"])}
        case TransientError():
            return {"Retry-After": _TRY_AGAIN_SECONDS}
    return {}
