"""Logs and metrics: one JSON line per fact, written at the shell; metrics as CloudWatch EMF lines.

IBANs, names and tokens are never logged: pass a value through `mask` where a hint of it helps. As a second fence
every line is searched for what looks like an IBAN, one of our tokens or a JWT before it leaves.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "paydraft"
_IBAN = r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"
_TOKEN = r"\bpd_[a-z0-9]{1,16}_[0-9A-Za-z]{20,}"  # noqa: S105 - a pattern, not a token
_JWT = r"\beyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]*"
_SECRETS = re.compile(f"{_IBAN}|{_TOKEN}|{_JWT}")


def mask(value: str | None) -> str | None:
    """The first two characters and the length: enough to tell two values apart in a log, too little to use one."""
    return None if value is None else f"{value[:2] if len(value) > 4 else ''}…({len(value)})"


class _CurrentStdout:
    """Standard output as it is when a line is written: loggers outlive a redirection of it."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def _to_line(fields: dict[str, Any]) -> str:
    text = json.dumps(fields, default=str, ensure_ascii=False, separators=(",", ":"))
    return _SECRETS.sub(lambda match: mask(match[0]) or "", text)


@cache
def logger(service: str) -> Logger:
    """The process's logger of a function; its level comes from POWERTOOLS_LOG_LEVEL."""
    return Logger(
        service=service,
        stream=_CurrentStdout(),  # type: ignore[arg-type]  # write and flush are all a handler uses
        utc=True,
        use_rfc3339=True,
        json_serializer=_to_line,
    )


@contextmanager
def correlated(service: str, job_id: UUID | str, **fields: str | int) -> Iterator[Logger]:
    """The function's logger, whose lines inside the block carry the job as correlation_id, and `fields`."""
    log = logger(service)
    with log.append_context_keys(correlation_id=str(job_id), **fields):
        yield log


def count(service: str, name: str, value: float = 1, *, unit: str = "Count", **dimensions: str) -> None:
    """Write one metric by `service` and `dimensions`: few distinct values each, every mix is a metric that costs."""
    by = {"service": service, **dimensions}
    with single_metric(name, MetricUnit(unit), value, namespace=NAMESPACE, default_dimensions=by):
        pass
