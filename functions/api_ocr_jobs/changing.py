"""Making, replacing and starting jobs."""

import json
from datetime import datetime
from typing import NoReturn

from api_ocr_jobs import schemas, translate
from api_ocr_jobs.reading import Stores, find, find_again
from api_ocr_jobs.template_routes import require_usable
from paydraft.model.errors import StaleJobError, TransientError
from paydraft.model.group_errors import GroupNotFoundError
from paydraft.model.job import Dialect, Job, Labels
from paydraft.model.job_errors import JobStartedError
from paydraft.model.request_errors import InvalidFieldsError, JobNotFoundError
from paydraft.model.status import Status
from paydraft.runtime.json_numbers import to_json_numbers
from paydraft.runtime.kept_answers import Answer, Repeatable
from paydraft.runtime.operations import Caller
from paydraft.workflows.accept_document import Accepted
from paydraft.workflows.accept_url import UrlSubmission, accept_url
from paydraft.workflows.process_job import process

_MAX_METADATA = 16_000  # characters of JSON
_TRIES = 4


def created(
    request: schemas.JobInput, caller: Caller, stores: Stores, *, randomness: bytes, idempotency_key: str | None
) -> Accepted:
    """The new job, which waits until it is started; raises InvalidFieldsError, and what `accept_url` raises."""
    labels = _labels(request, caller, stores)
    submission = UrlSubmission(
        tenant_id=caller.tenant_id,
        subject=caller.credential.subject,
        dialect=Dialect.REPZO,
        labels=labels,
        lane=labels.priority.lane,
        waits_for_call=True,
    )
    try:
        return accept_url(
            submission,
            jobs=stores.jobs,
            queue=stores.queue,
            now=caller.now,
            randomness=randomness,
            idempotency_key=idempotency_key,
        )
    except GroupNotFoundError:
        _refuse("group", "there is no such group")


def replaced(request: schemas.JobInput, job: Job, caller: Caller, stores: Stores) -> Job:
    """The job with other data.

    Raises InvalidFieldsError, JobStartedError, JobNumberTakenError, StaleJobError, JobNotFoundError.
    """
    _require_not_started(job)
    kept = {"customer_id": job.customer_id, "entity_id": job.entity_id, "asked_type": job.asked_type}
    labels = _labels(request, caller, stores).model_copy(update=kept)
    try:
        return stores.eraser.remains.edits.replace(job, labels, now=caller.now, by=caller.credential.subject)
    except GroupNotFoundError:
        _refuse("group", "there is no such group")
    except StaleJobError:
        _require_not_started(find(stores, caller.tenant_id, job.short_id))
        raise


def started(once: Repeatable, job: Job, stores: Stores, *, now: datetime) -> Answer:
    """What starting the job answers, now or when it was asked for under this key first.

    Raises IdempotencyConflictError, DocumentMissingError, JobNotFoundError, and TransientError if it keeps changing.
    """
    earlier = once.earlier()
    if earlier:
        return earlier
    data = translate.started(_on_its_way(job, stores, now))
    body = to_json_numbers(schemas.StartedAnswer(success=True, data=data))
    once.keep(body)
    return Answer(body, replayed=False)


def _on_its_way(job: Job, stores: Stores, now: datetime) -> Job:
    for _ in range(_TRIES):
        if job.status is Status.CANCELLED:
            raise JobNotFoundError
        if job.event_pending:  # it ended a moment ago
            stores.eraser.exit.tell(job)
        try:
            return process(job, jobs=stores.jobs, documents=stores.documents, queue=stores.queue, now=now)
        except StaleJobError:
            job = find_again(stores, job)
    raise TransientError("a job kept changing while it was to be started")


def _labels(request: schemas.JobInput, caller: Caller, stores: Stores) -> Labels:
    metadata = json.dumps(request.metadata, separators=(",", ":")) if request.metadata else None
    if metadata and len(metadata) > _MAX_METADATA:
        _refuse("metadata", f"more than {_MAX_METADATA} characters of JSON")
    return Labels(
        document_name=request.document_name,
        declared_type=request.document_type,
        source_url=request.document_url,
        job_number=request.job_number,
        template_id=require_usable(caller.tenant_id, request.template.lower(), stores.templates),
        group_id=request.group and request.group.lower(),
        priority=request.priority,
        created_by=request.created_by,
        metadata=metadata,
    )


def _require_not_started(job: Job) -> None:
    if job.status is Status.CANCELLED:
        raise JobNotFoundError
    if job.status is not Status.CREATED or job.opened_at is not None:
        raise JobStartedError


def _refuse(name: str, why: str) -> NoReturn:
    raise InvalidFieldsError(details={"fields": [{"loc": ["body", name], "msg": why, "type": "value_error"}]})
