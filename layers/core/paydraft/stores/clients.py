"""boto3 clients, and the one place that decides which of their failures are worth another try."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, HTTPClientError, IncompleteReadError

from paydraft.model.errors import TransientError

_CONNECT_SECONDS = 3
_READ_SECONDS = {"dynamodb": 5, "lambda": 35}  # a row answers in milliseconds; FinishJob may take its 30 seconds
_DEFAULT_READ_SECONDS = 10
_TRIES = 4
# What is signed for others to call names the bucket's own region: posted to the global address it would be redirected.
_BY_REGION: dict[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}}
_HURRIED_SECONDS = 0.5  # a row takes a tenth of that on a bad day

# Codes that say "later" with a status below 500; botocore retries most of them before we see them.
_TRANSIENT_CODES = frozenset(
    """
    ConditionalRequestConflict ExecutionLimitExceeded KMSThrottlingException LimitExceededException OperationAborted
    ProvisionedThroughputExceededException RequestLimitExceeded RequestThrottled RequestTimeout
    RequestTimeoutException SlowDown Throttling ThrottledException ThrottlingException TooManyRequestsException
    TransactionConflictException TransactionInProgressException
    """.split()
)
_TRANSIENT_EXCEPTIONS = (ConnectionError, HTTPClientError, IncompleteReadError)


@cache
def client(service: str, *, hurried: bool = False, signing: bool = False) -> Any:
    """The process's client of an AWS service: standard retries, explicit time-outs.

    What is left of throttles, 5xx and broken connections after the retries comes out as TransientError; every other
    failure as botocore's own exception. A `hurried` one tries once and briefly, for what may as well be left undone; a
    `signing` one makes addresses for others to call.
    """
    config = Config(
        connect_timeout=_HURRIED_SECONDS if hurried else _CONNECT_SECONDS,
        read_timeout=_HURRIED_SECONDS if hurried else _READ_SECONDS.get(service, _DEFAULT_READ_SECONDS),
        retries={"mode": "standard", "total_max_attempts": 1 if hurried else _TRIES},
        **(_how_to_sign(service) if signing else {}),
    )
    make: Any = boto3.client  # the stubs know literal names only
    built = make(service, config=config)
    built.meta.events.register("after-call", _refuse_transient_answer)
    built.meta.events.register("after-call-error", _refuse_broken_connection)
    return built


def _how_to_sign(service: str) -> dict[str, Any]:
    """An emulator has one address for all regions and buckets."""
    is_of_aws = ".amazonaws." in str(client(service).meta.endpoint_url)
    return _BY_REGION if is_of_aws else {"signature_version": "s3v4"}


@contextmanager
def reading_body() -> Iterator[None]:
    """Around the reading of a streamed body, which botocore hands over after its retries: any failure is transient."""
    try:
        yield
    except BotoCoreError as broken:
        raise TransientError(f"reading a body: {type(broken).__name__}") from broken


def _refuse_transient_answer(http_response: Any, parsed: dict[str, Any], model: Any, **_: object) -> None:
    code = parsed.get("Error", {}).get("Code", "")
    if http_response.status_code >= 500 or code in _TRANSIENT_CODES:
        raise TransientError(f"{model.name}: {code or http_response.status_code}")


def _refuse_broken_connection(exception: Exception, **_: object) -> None:
    if isinstance(exception, _TRANSIENT_EXCEPTIONS):
        raise TransientError(type(exception).__name__) from exception
