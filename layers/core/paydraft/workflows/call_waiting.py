"""Calling the jobs in a group's line while it has places: after one was given back, or there became more of them."""

from datetime import datetime

from paydraft.model.errors import StaleJobError
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.groups import GroupStore
from paydraft.stores.jobs import JobStore


def call_waiting(
    tenant_id: str, group_id: str, *, groups: GroupStore, jobs: JobStore, queue: FetchQueue, now: datetime
) -> int:
    """How many were called. Several callers call different ones; a request that is lost, the reconciler repeats."""
    called = 0
    for key in groups.line(tenant_id, group_id):
        job = jobs.get(key)
        if job is None or not job.is_in_line:
            continue
        try:
            begun = jobs.admit(job, now=now)
        except StaleJobError:
            continue
        if begun is None:
            break
        called += 1
        if begun.original is None:
            queue.ask(begun.key, begun.attempt)
    return called
