"""Each minute: look after the jobs whose time for a look has come, so that none stays open, whatever died.

Several at once do no harm: the index only proposes, the row decides, and every change of a job is conditional.
"""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from paydraft.model.errors import StaleJobError
from paydraft.model.job import Job, JobKey
from paydraft.runtime.settings import ReconcileSettings
from paydraft.runtime.telemetry import correlated, count, logger
from reconcile_jobs.desk import Desk
from reconcile_jobs.plan import Wait, deadline_of, plan

SERVICE = "reconcile_jobs"
MAX_JOBS = 500  # of one run; the others are due in the next one
RESERVE_MS = 10_000  # a job's look may take this long: none is begun with less left
EVERY_JOB = {"check": "all"}  # the event that asks for a look at every open job, due or not


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Look at each open job that is due (at every one for `EVERY_JOB`); answers how often it did what."""
    desk = Desk.of(ReconcileSettings.load())
    now = datetime.now(UTC)
    everything = event.get("check") == EVERY_JOB["check"]
    done: Counter[str] = Counter()
    for key in islice(desk.jobs.open_jobs(due_before=None if everything else now), MAX_JOBS):
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            break
        done.update(_look(desk, key, now, everything=everything))
    _report(done)
    return dict(done)


def _look(desk: Desk, key: JobKey, now: datetime, *, everything: bool) -> list[str]:
    """What was done about one job, and whether it was overdue."""
    with correlated(SERVICE, key.job_id) as log:
        try:
            job = desk.jobs.get(key)
            if job is None or not (everything or _is_due(job, now)):
                return ["Passed"]
            action = plan(job, desk.facts(job), now)
            desk.carry_out(job, action, now)
        except StaleJobError:
            return ["Passed"]
        except Exception:  # one job must not hold up the others; it is due again in the next run
            log.exception("job could not be looked after")
            return ["Errors"]
        if not isinstance(action, Wait):
            log.info("job looked after", action=type(action).__name__, status=job.status, attempt=job.attempt)
        overdue = ["Overdue"] if not job.status.is_final and now >= deadline_of(job) else []
        return [type(action).__name__, *overdue]


def _is_due(job: Job, now: datetime) -> bool:
    return job.next_check_at is not None and job.next_check_at <= now


def _report(done: Counter[str]) -> None:
    """Also when nothing was due: that these figures stop tells that the reconciler has stopped."""
    count(SERVICE, "OpenJobsOverdue", done["Overdue"])
    count(SERVICE, "ReconcileErrors", done["Errors"])
    logger(SERVICE).info("open jobs looked after", actions=dict(done))
