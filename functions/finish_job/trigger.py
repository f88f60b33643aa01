"""The three ways in which FinishJob is called, each turned into the same Step.

A state of the machine (or another function) sends a Step as it is. A dead-letter queue sends what came to nothing in
three receives: the S3 event of a document that could not be read, or a request to fetch one. EventBridge tells of an
execution that ended where no Catch sees it.
What can't be understood raises PermanentError: the call is repeated and then parked for a person, never dropped.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from pydantic import ValidationError

from paydraft.model.document import IncomingKey
from paydraft.model.errors import InternalError, PermanentError
from paydraft.model.fetch import FetchRequest
from paydraft.model.steps import Outcome, Step

Event = Mapping[str, Any]

_GREETING = "s3:TestEvent"  # S3's, when a notification is set up


def dead_letters(event: Event) -> list[Event] | None:
    """The messages of a batch from SQS; None if the event is of another kind."""
    records = event.get("Records")
    return records if isinstance(records, list) else None


def steps_of_dead_letter(message: Event) -> list[Step]:
    """One failed Step for each of our documents named in the message; none for keys that are not ours."""
    try:
        body = json.loads(message["body"])
        if "job_id" in body:
            request = FetchRequest.model_validate(body)
            return [_failed(request.tenant_id, request.job_id, request.attempt)]
        records = [] if body.get("Event") == _GREETING else body["Records"]
        keys = [unquote_plus(record["s3"]["object"]["key"]) for record in records]
    except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
        raise PermanentError("a dead letter that is neither an S3 event nor a request to fetch") from unreadable
    ours = (IncomingKey.parse(key) for key in keys)
    return [_failed(key.tenant_id, key.job_id, key.attempt) for key in ours if key]


def step_of(event: Event) -> Step:
    """The Step of a direct call, or of an execution that failed, timed out or was aborted."""
    try:
        if event.get("source") != "aws.states":
            return Step.model_validate(event)
        step = Step.model_validate_json(event["detail"]["input"])
    except (KeyError, TypeError, ValidationError) as unreadable:
        # A validation error quotes its input; the name of its class is enough.
        raise PermanentError(f"not a call of FinishJob: {type(unreadable).__name__}") from None
    return step if step.outcome is Outcome.FAILED else _failed(step.tenant_id, step.job_id, step.attempt)


def _failed(tenant_id: str, job_id: UUID, attempt: int) -> Step:
    return Step(
        tenant_id=tenant_id, job_id=job_id, attempt=attempt, outcome=Outcome.FAILED, failure=InternalError().failure
    )
