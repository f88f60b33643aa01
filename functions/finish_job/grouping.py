"""What a job's end means to its group: a place for the next in line, and, if it was the last, an event of its own.

Done before the job's own event is noted as out: whatever dies in here is done again with it.
"""

from datetime import datetime

from paydraft.model.group_events import GroupEvent
from paydraft.model.job import Job
from paydraft.runtime.settings import FinishSettings
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.groups import GroupStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.topic import CompletionTopic
from paydraft.workflows.call_waiting import call_waiting


def tend_group(job: Job, settings: FinishSettings, *, now: datetime) -> GroupEvent | None:
    """Call who waits, and tell if all of the group's jobs have ended; the event, if this call told it."""
    if job.group_id is None:
        return None
    groups, jobs = GroupStore(settings.jobs_table), JobStore(settings.jobs_table)
    queue = FetchQueue(settings.fetch_queue_url)
    call_waiting(job.tenant_id, job.group_id, groups=groups, jobs=jobs, queue=queue, now=now)
    group = groups.begin_telling(job.tenant_id, job.group_id, teller=str(job.job_id), now=now)
    if group is None:
        return None
    event = GroupEvent.of(job.tenant_id, group, settings.stage)
    CompletionTopic(settings.completion_topic_arn).publish(event, settings.stage)
    groups.told(job.tenant_id, group)
    return event
