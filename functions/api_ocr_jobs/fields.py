"""What lists sort, filter and search by: Repzo's names of what a summary knows, each with its kind of value. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from api_ocr_jobs.defaults import document_name, file_type, job_number, template
from paydraft.model.job import Priority
from paydraft.model.job_summary import JobSummary
from paydraft.model.status import Status

_MAX_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a row: how it is compared, and how a client's value becomes one; None for a wrong one."""

    value: Callable[[Any], Any]
    read: Callable[[object], Any]
    kind: str


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() and abs(number.adjusted()) < _MAX_DIGITS else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rank_in(words: type[StrEnum]) -> Callable[[object], int | None]:
    ranks = {str(word): rank for rank, word in enumerate(words)}
    return lambda value: ranks.get(value) if isinstance(value, str) else None


def _texts(value: Callable[[JobSummary], str | None]) -> Field:
    return Field(value, _text, "text")


def _moments(value: Callable[[JobSummary], datetime | None]) -> Field:
    """As answers show them: to the second."""
    return Field(lambda one: _whole_second(value(one)), _moment, "an ISO 8601 moment as text")


def _whole_second(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None


def _words(value: Callable[[JobSummary], StrEnum], words: type[StrEnum]) -> Field:
    rank = _rank_in(words)
    return Field(lambda one: rank(str(value(one))), rank, "one of " + ", ".join(words))


FIELDS: Mapping[str, Field] = {
    "_id": _texts(lambda one: one.job_id.hex[:24]),
    "jobNumber": _texts(job_number),
    "documentName": _texts(document_name),
    "documentType": _texts(file_type),
    "template": _texts(template),
    "group": _texts(lambda one: one.group_id),
    "status": _words(lambda one: one.status, Status),
    "priority": _words(lambda one: one.priority, Priority),
    "createdBy": _texts(lambda one: one.created_by),
    "retryCount": Field(lambda one: Decimal(one.reruns), _number, "a number"),
    "createdAt": _moments(lambda one: one.created_at),
    "updatedAt": _moments(lambda one: one.updated_at),
    "completedAt": _moments(lambda one: one.completed_at),
    "extractedData.invoice.number": _texts(lambda one: one.invoice_number),
    "extractedData.invoice.supplier.name": _texts(lambda one: one.seller_name),
    "extractedData.invoice.amounts.total": Field(
        lambda one: one.total.amount if one.total else None, _number, "a number"
    ),
    "extractedData.invoice.amounts.currency": _texts(lambda one: one.total.currency if one.total else None),
}


def searched(summary: JobSummary) -> Iterator[str]:
    """The texts that `search` looks into."""
    yield job_number(summary)
    yield document_name(summary)
    yield summary.seller_name or ""
    yield summary.invoice_number or ""
