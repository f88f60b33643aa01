"""The APIs' descriptions for people: Swagger UI at /docs over the generated OpenAPI files, if the stack wants it.

No token is asked for: there is nothing here that the published files do not say. Swagger UI is the copy that Powertools
brings, so that the page needs no other host; its policy lets it talk to this API alone.
"""

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from api_docs.page import PAGE, START
from paydraft.model.request_errors import RouteNotFoundError
from paydraft.runtime import corebanq
from paydraft.runtime.http import Api, ErrorAnswers
from paydraft.runtime.settings import DocsSettings

SERVICE = "api_docs"
_SWAGGER_UI = "aws_lambda_powertools.event_handler.openapi.swagger_ui"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}

api = Api(SERVICE, ErrorAnswers(corebanq.STATUSES, corebanq.error_body))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)


@api.get("/docs", compress=True)
def page() -> Response[str]:
    """The page."""
    _require_docs()
    return Response(HTTPStatus.OK, "text/html; charset=utf-8", PAGE, headers=_HEADERS)


@api.get("/docs/<name>", compress=True)
def part(name: str) -> Response[str]:
    """A part of the page, or the description of one API."""
    _require_docs()
    if name == "start.js":
        return Response(HTTPStatus.OK, "text/javascript; charset=utf-8", START, headers=_HEADERS)
    if name in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"):
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        text = _text_of(_SWAGGER_UI, name)
        return Response(HTTPStatus.OK, f"{kind}; charset=utf-8", text, headers=_HEADERS | _FOR_A_DAY)
    if name in descriptions():
        return Response(HTTPStatus.OK, "application/json", _text_of("api_docs", f"openapi/{name}"), headers=_HEADERS)
    raise RouteNotFoundError


@cache
def descriptions() -> tuple[str, ...]:
    """The names of the generated files."""
    return tuple(sorted(one.name for one in (files("api_docs") / "openapi").iterdir()))


@cache
def _text_of(package: str, name: str) -> str:
    return (files(package) / name).read_text(encoding="utf-8")


def _require_docs() -> None:
    if DocsSettings.load().api_docs != "on":
        raise RouteNotFoundError
