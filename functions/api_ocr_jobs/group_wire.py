"""From a group on the wire to the noun, and back. Pure."""

import json
from datetime import UTC, datetime
from typing import Any

from api_ocr_jobs.group_schemas import GroupInput
from api_ocr_jobs.template_reading import own_text
from paydraft.model.group import Group

COST, COST_CURRENCY = 0, "USD"  # nothing is charged by the job
_OURS = {
    *("id", "total_jobs", "completed_jobs", "pending_jobs", "failed_jobs", "status", "started_at", "completed_at"),
    *("estimated_completion_time", "statistics", "created_at", "updated_at"),
}


def group(sent: GroupInput, before: Group | None, group_id: str, *, now: datetime) -> Group:
    """The group as its owner wants it, in the version after `before`; raises InvalidFieldsError for too much of all."""
    told = {
        "version": before.version + 1 if before else 1,
        "name": sent.name,
        "template_id": sent.template.lower(),
        "parallel_jobs": sent.processing_settings.parallel_jobs,
        "own": own_text(sent, _OURS),
        "updated_at": now,
    }
    if before:
        return before.model_copy(update=told)
    return Group.model_validate({"group_id": group_id, "created_at": now} | told)


def shown(one: Group) -> dict[str, Any]:
    """The group as it is answered; what is not known is left out."""
    made = {
        "totalJobs": one.total,
        "completedJobs": one.completed,
        "pendingJobs": one.open,
        "failedJobs": one.failed,
        "status": one.status.value,
        "startedAt": moment(one.started_at),
        "completedAt": moment(one.ended_at) if one.is_complete else None,
        "statistics": _statistics(one),
        "createdAt": moment(one.created_at),
        "updatedAt": moment(one.updated_at),
    }
    known = {name: value for name, value in made.items() if value is not None}
    return {"_id": one.group_id, **json.loads(one.own), **known}


def moment(at: datetime | None) -> str | None:
    """A moment as answers show it: in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _statistics(one: Group) -> dict[str, Any]:
    made: dict[str, Any] = {"totalDocuments": one.total, "totalPages": one.pages}
    if one.completed:
        made["averageProcessingTime"] = round(one.milliseconds / one.completed / 1000, 3)
    if one.completed + one.failed:
        made["successRate"] = round(one.completed / (one.completed + one.failed), 4)
    return made | {"totalCost": COST, "currency": COST_CURRENCY}
