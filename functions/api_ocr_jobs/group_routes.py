"""Groups: listed, made, read, replaced, deleted, and their jobs. Whoever writes last is right: a PUT says all."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_ocr_jobs import neighbour_operations as operations
from api_ocr_jobs.defaults import document_name
from api_ocr_jobs.group_schemas import GroupInput
from api_ocr_jobs.group_wire import group, shown
from api_ocr_jobs.neighbours import (
    TRIES,
    Asked,
    created,
    listed,
    moment_field,
    number_field,
    one_text,
    text_field,
)
from api_ocr_jobs.query import page_of, wish_of
from api_ocr_jobs.schemas import Deleted
from api_ocr_jobs.template_routes import require_usable
from paydraft.model.errors import TransientError
from paydraft.model.group import Group
from paydraft.model.group_errors import GroupChangedError, GroupNotFoundError
from paydraft.model.job_summary import JobSummary
from paydraft.runtime.http import json_response
from paydraft.runtime.json_body import parse, to_json
from paydraft.stores.table import Put
from paydraft.workflows.call_waiting import call_waiting

PATH = "/ocr-invoice-job-group"
DELETED = "OCR invoice job group deleted successfully"
_TEXTS = ("_id", "name", "template", "batchNumber", "status", "priority", "createdBy", "assignedTo")
FIELDS = {
    **{name: text_field(name) for name in _TEXTS},
    **{name: number_field(name) for name in ("totalJobs", "completedJobs", "pendingJobs", "failedJobs")},
    **{name: moment_field(name) for name in ("startedAt", "completedAt", "createdAt", "updatedAt")},
}


def list_groups(asked: Asked) -> Response[str]:
    """A page of the tenant's groups."""
    rows = (shown(one) for one in asked.stores.groups.list(asked.caller.tenant_id))
    text = listed(rows, asked.parameters, FIELDS, "name", "description", "batchNumber")
    return json_response(HTTPStatus.OK, text)


def create_group(asked: Asked) -> Response[str]:
    """Make a group."""
    body = asked.body()
    made = group(_sent(asked, body), None, asked.new_id, now=asked.caller.now)

    def write(others: list[Put]) -> None:
        asked.stores.groups.add(asked.caller.tenant_id, made, others=tuple(others))

    return created(asked, body, PATH, write, one_text(shown(made)))


def read_group(asked: Asked) -> Response[str]:
    """One group."""
    return json_response(HTTPStatus.OK, one_text(shown(_found(asked))))


def replace_group(asked: Asked) -> Response[str]:
    """Write a group anew, and call who waits for a place that it has now."""
    before, stores, tenant_id = _found(asked), asked.stores, asked.caller.tenant_id
    sent = _sent(asked, asked.body())
    for _ in range(TRIES):
        try:
            after = stores.groups.rewrite(tenant_id, group(sent, before, before.group_id, now=asked.caller.now))
        except GroupChangedError:
            before = _found(asked)
            continue
        call_waiting(
            tenant_id,
            after.group_id,
            groups=stores.groups,
            jobs=stores.jobs,
            queue=stores.queue,
            now=asked.caller.now,
        )
        return json_response(HTTPStatus.OK, one_text(shown(after)))
    raise TransientError("a group kept changing")


def delete_group(asked: Asked) -> Response[str]:
    """Take a group away."""
    asked.stores.groups.delete(asked.caller.tenant_id, _found(asked))
    return json_response(HTTPStatus.OK, to_json(Deleted(success=True, message=DELETED)))


def list_members(asked: Asked) -> Response[str]:
    """A page of a group's jobs."""
    standing = _found(asked)
    wish = wish_of(asked.parameters)
    summaries = asked.stores.lists.summaries(asked.caller.tenant_id)
    page = page_of([one for one in summaries if one.group_id == standing.group_id], wish)
    data = list(_members(page.summaries))
    return json_response(HTTPStatus.OK, to_json({"success": True, "data": data, "total": page.total}))


def _members(summaries: tuple[JobSummary, ...]) -> Iterator[dict[str, Any]]:
    for one in summaries:
        yield {"jobId": one.job_id.hex[:24], "status": one.status.value, "documentName": document_name(one)}


def _sent(asked: Asked, body: dict[str, Any]) -> GroupInput:
    sent = parse(GroupInput, body)
    require_usable(asked.caller.tenant_id, sent.template.lower(), asked.stores.templates)
    return sent


def _found(asked: Asked) -> Group:
    found = asked.stores.groups.get(asked.caller.tenant_id, asked.about)
    if found is None:
        raise GroupNotFoundError
    return found


ROUTES = (
    (operations.LIST_GROUPS, list_groups),
    (operations.CREATE_GROUP, create_group),
    (operations.READ_GROUP, read_group),
    (operations.REPLACE_GROUP, replace_group),
    (operations.DELETE_GROUP, delete_group),
    (operations.LIST_MEMBERS, list_members),
)
