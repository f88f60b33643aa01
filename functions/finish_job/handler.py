"""The one exit of every job: write its final status, give up the draft of a failed one, publish its event, note that.

The end of a job in a group calls the next in its line, and the last one's is told as the group's (grouping.py).

An outbox: the status is written together with `event_pending`, so that whoever is called next, after a crash at any
point, does the rest again, and publishes the same event.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from finish_job.closing import close_draft
from finish_job.ending import ending_of
from finish_job.grouping import tend_group
from finish_job.trigger import Event, dead_letters, step_of, steps_of_dead_letter
from paydraft.model.errors import StaleJobError
from paydraft.model.events import JobEvent
from paydraft.model.job import Job
from paydraft.model.status import Status
from paydraft.model.steps import Step
from paydraft.runtime.settings import FinishSettings
from paydraft.runtime.telemetry import correlated, count, logger
from paydraft.stores.job_edits import JobEdits
from paydraft.stores.jobs import JobStore
from paydraft.stores.topic import CompletionTopic
from paydraft.stores.transfers import TransferStore

SERVICE = "finish_job"


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """End the jobs named by any of the three shapes of trigger.py.

    Answers `{"status": …}` with the job's final status (null if there is no such job), to SQS the messages to be
    delivered again.
    """
    settings = FinishSettings.load()
    messages = dead_letters(event)
    if messages is None:
        return {"status": _finish(step_of(event), settings)}
    failed = [message["messageId"] for message in messages if not _is_handled(message, settings)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_handled(message: Event, settings: FinishSettings) -> bool:
    try:
        for step in steps_of_dead_letter(message):
            _finish(step, settings)
            count(SERVICE, "DeadLettersEnded")
    except Exception:  # one message must not hold up the others; SQS delivers it again, and parks it in the end
        logger(SERVICE).exception("dead letter not handled", message_id=message["messageId"])
        return False
    return True


def _finish(step: Step, settings: FinishSettings) -> str | None:
    with correlated(SERVICE, step.job_id, attempt=step.attempt) as log:
        jobs = JobStore(settings.jobs_table)
        job = _ended(step, jobs)
        if job is None or not job.event_pending:
            log.info("job had moved on", status=job.status if job else None)
            return job.status.value if job else None
        if job.status is not Status.COMPLETED:
            close_draft(job, TransferStore(settings.transfers_table), now=datetime.now(UTC))
        event = JobEvent.of(job, settings.stage)
        CompletionTopic(settings.completion_topic_arn).publish(event, settings.stage)
        group_event = tend_group(job, settings, now=datetime.now(UTC))
        _noted(job, jobs, settings)
        if group_event:
            log.info("group ended", group_id=group_event.subject, event_id=str(group_event.id))
        log.info("job ended", status=job.status, failure=job.failure and job.failure.code, event_id=str(event.id))
        count(SERVICE, "JobsEnded", status=job.status.value)
        return job.status.value


def _noted(job: Job, jobs: JobStore, settings: FinishSettings) -> None:
    """The event is out; a cancelled job stays in the index of open jobs until its deletion is complete."""
    if job.status is Status.CANCELLED:
        JobEdits(settings.jobs_table).event_published(job.key, job.attempt, now=datetime.now(UTC))
    else:
        jobs.event_published(job.key, job.attempt)


def _ended(step: Step, jobs: JobStore) -> Job | None:
    """The job after this step, or as it stands if it had ended or moved on before."""
    try:
        return jobs.finish(step.key, step.attempt, ending_of(step), now=datetime.now(UTC))
    except StaleJobError:
        return jobs.get(step.key)
