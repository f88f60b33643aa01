"""The corrections MiniStack 1.5.33 needs; tests/infra/local/test_corrections.py tells when one can go.

1. Its Python worker isn't Lambda's runtime client and calls every exception `Runtime.HandlerError`, so that Retry and
   Catch of a state machine never match by name: `run_functions_in` puts our pool in its place.
2. Its AWS::ApiGatewayV2::Api ignores the OpenAPI `Body`, which is all that SAM writes, so that every route is a 404:
   `import_http_api_bodies` reads it, at creation and at updates.
3. It leaves a number that comes from a template parameter a text, and then can't compare it: event source mappings with
   a MaximumConcurrency are never polled. `read_concurrency_as_number` converts it.
4. Its pollers rebuild a queue's list of messages in their own threads while a put adds to the old list: the message is
   lost. `poll_queues_in` sends them through the event loop, where everything else happens to queues.
5. It answers 403 to an OPTIONS request where the API has no CORS (the gateway: 404, no such route) or for a foreign
   origin (204 without the allowing headers): `answer_preflights_as_the_gateway_does`.
"""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from pathlib import Path
from typing import Any

from ministack.services import apigateway as http_api
from ministack.services import lambda_svc, sqs
from ministack.services.cloudformation import provisioners

from infra.local.artifacts import folder_of
from infra.local.execution_environment import PAYLOAD_LIMIT, Configuration, Outcome, error_payload
from infra.local.function_pool import FunctionPool

_HTTP_API = "AWS::ApiGatewayV2::Api"
_INTEGRATION = "x-amazon-apigateway-integration"
_CORS = "x-amazon-apigateway-cors"

type Json = dict[str, Any]


def run_functions_in(pool: FunctionPool, python: Path, aws_endpoint: str) -> None:
    """Invocations of every kind (API, event sources, state machines, Invoke) go through the pool."""

    def execute(record: Json, config: Json, event: Json, _request_id: str, _started: float) -> Json:
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if len(payload) > PAYLOAD_LIMIT:
            return _too_large(event, len(payload))
        outcome = pool.invoke(_configuration(record, config, python, aws_endpoint), payload)
        return _result(event, outcome)

    lambda_svc._execute_function_dispatch = execute


def _configuration(record: Json, config: Json, python: Path, aws_endpoint: str) -> Configuration:
    variables = (config.get("Environment") or {}).get("Variables") or {}
    image = config.get("ImageUri") if config.get("PackageType") == "Image" else None
    image_config = (config.get("ImageConfigResponse") or config).get("ImageConfig") or {}
    handler = (image_config.get("Command") or [""])[0] if image else config.get("Handler") or ""
    layers = [lambda_svc._resolve_layer_zip(layer) for layer in config.get("Layers") or ()]
    archives = [] if image else [record["code_zip"], *layers]
    return Configuration(
        name=config["FunctionName"],
        arn=config["FunctionArn"],
        handler=handler,
        seconds=float(config.get("Timeout") or 3),
        memory_mb=int(config.get("MemorySize") or 128),
        variables=tuple(sorted({**variables, "AWS_ENDPOINT_URL": aws_endpoint}.items())),
        python=python,
        path=tuple(folder_of(archive) for archive in archives if archive),
        image=image,
    )


def _result(event: Json, outcome: Outcome) -> Json:
    if outcome.failed and _is_api_call(event):
        return {"error": True, "body": _api_answer(500, "Internal Server Error"), "log": outcome.log}
    body = json.loads(outcome.payload or b"null")
    return {"body": body, "log": outcome.log} | ({"error": True} if outcome.failed else {})


def _too_large(event: Json, size: int) -> Json:
    if _is_api_call(event):
        return {"error": True, "body": _api_answer(413, "Request Entity Too Large")}
    message = f"{size} byte payload is too large for the Invoke operation (limit {PAYLOAD_LIMIT} bytes)"
    return {"error": True, "body": json.loads(error_payload("RequestTooLargeException", message))}


def _is_api_call(event: Any) -> bool:
    return isinstance(event, dict) and "http" in event.get("requestContext", {}) and "routeKey" in event


def _api_answer(status: int, message: str) -> Json:
    """What the gateway itself says, in its own shape: MiniStack would hand out the function's error instead."""
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps({"message": message}, separators=(",", ":"))}


def read_concurrency_as_number() -> None:
    """MaximumConcurrency of an event source mapping counts, whether it was written as number or as text."""
    stock = lambda_svc._sqs_esm_concurrency

    def concurrency(mapping: Json, *details: Any) -> Any:
        scaling = mapping.get("ScalingConfig") or {}
        if isinstance(scaling.get("MaximumConcurrency"), str):
            scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
        return stock(mapping, *details)

    lambda_svc._sqs_esm_concurrency = concurrency


def poll_queues_in(loop: asyncio.AbstractEventLoop) -> None:
    """Pollers take and delete messages in the event loop, one after the other with all calls."""

    def in_loop(stock: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            done: Future[Any] = Future()
            context = copy_context()  # the account and region of the mapping

            def run() -> None:
                try:
                    done.set_result(context.run(stock, *arguments))
                except Exception as problem:
                    done.set_exception(problem)

            loop.call_soon_threadsafe(run)
            return done.result()

        return call

    sqs._receive_messages_for_esm = in_loop(sqs._receive_messages_for_esm)
    sqs._delete_messages_for_esm = in_loop(sqs._delete_messages_for_esm)


def import_http_api_bodies() -> None:
    """Routes, integrations and CORS of an HTTP API come from its OpenAPI body."""
    handlers = provisioners._RESOURCE_HANDLERS[_HTTP_API]
    stock_create, stock_update = handlers["create"], handlers["update"]

    def create(logical_id: str, properties: Json, stack: str) -> Any:
        api_id, attributes = stock_create(logical_id, properties, stack)
        _import_body(api_id, properties.get("Body") or {})
        return api_id, attributes

    def update(api_id: str, before: Json, after: Json, stack: str, logical_id: str | None = None) -> Any:
        api_id, attributes = stock_update(api_id, before, after, stack, logical_id)
        http_api._routes[api_id] = {}
        http_api._integrations[api_id] = {}
        _import_body(api_id, after.get("Body") or {})
        return api_id, attributes

    handlers |= {"create": create, "update": update}


def answer_preflights_as_the_gateway_does() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html."""
    stock = http_api._cors_preflight_response

    def preflight(cors: Json, origin: str) -> Any:
        if not cors:
            return http_api._http_api_not_found()
        if not http_api._cors_response_headers(cors, origin):
            return 204, {}, b""
        return stock(cors, origin)

    http_api._cors_preflight_response = preflight


def _import_body(api_id: str, body: Json) -> None:
    if cors := body.get(_CORS):
        texts = {key: value for key, value in cors.items() if isinstance(value, str)}  # lists out of a parameter
        lists = {key: [part.strip() for part in text.split(",")] for key, text in texts.items()}
        http_api._apis[api_id]["corsConfiguration"] = cors | lists
    for path, operations in body.get("paths", {}).items():
        for verb, operation in operations.items():
            if _INTEGRATION in operation:
                _import_route(api_id, _route_key(path, verb), operation)


def _import_route(api_id: str, route_key: str, operation: Json) -> None:
    if operation.get("security"):
        raise ValueError(f"{route_key} names an authorizer, which the local HTTP API cannot import yet")
    integration = {
        "integrationType": operation[_INTEGRATION]["type"].upper(),
        "integrationUri": operation[_INTEGRATION]["uri"],
        "payloadFormatVersion": operation[_INTEGRATION].get("payloadFormatVersion", "2.0"),
    }
    created = json.loads(http_api._create_integration(api_id, integration)[2])
    http_api._create_route(api_id, {"routeKey": route_key, "target": f"integrations/{created['integrationId']}"})


def _route_key(path: str, verb: str) -> str:
    if path == "/$default":
        return "$default"
    return f"{'ANY' if verb.startswith('x-') else verb.upper()} {path}"
