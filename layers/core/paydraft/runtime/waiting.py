"""Telling of a job that is asked for again: held back while its client wishes, not sent twice, when to come back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from paydraft.model.credential import Credential
from paydraft.model.errors import TransientError
from paydraft.model.job import Job, JobKey
from paydraft.model.request_errors import JobNotFoundError
from paydraft.model.status import Status
from paydraft.runtime.http import Api, empty_response, json_response
from paydraft.runtime.polling import WAITS_PER_TOKEN, etag_of, is_known, retry_after, wait_while
from paydraft.stores.jobs import JobStore
from paydraft.stores.wait_slots import WaitSlots

_SLACK = timedelta(seconds=2)  # a slot outlives its wait by this, if its holder dies


@dataclass(frozen=True, slots=True)
class Wait:
    """A client's wish to wait, with the time and chance that the handler has."""

    seconds: int  # runtime/polling.py `wait_seconds`
    holder: str  # an id nobody else has
    now: datetime
    clock: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Where jobs are looked at again, and where those who wait are counted."""

    jobs: JobStore
    transient_table: str


def find_job(jobs: JobStore, key: JobKey) -> Job:
    """The tenant's job; a cancelled one is gone. Raises JobNotFoundError."""
    job = jobs.get(key)
    if job is None or job.status is Status.CANCELLED:
        raise JobNotFoundError
    return job


def awaited(
    api: Api, job: Job, wait: Wait, room: WaitingRoom, credential: Credential, tag: Callable[[Job], str]
) -> tuple[Job, dict[str, str]]:
    """The job to tell of, after the wait that its client wishes for, and the headers that say when to come back.

    `tag` is the entity tag of an open job's answer, which its row alone decides. With If-None-Match a client waits
    while its tag is the present one. Raises JobNotFoundError for a job that is cancelled meanwhile.
    """
    headers = dict[str, str]()
    etag = tag(job)
    if wait.seconds and is_known(etag, api.header("if-none-match") or etag):
        job, waited = after_change(job, wait, room, credential, lambda seen: tag(seen) == etag)
        headers |= {"Preference-Applied": f"wait={wait.seconds}"} if waited else {}
    if not job.status.is_final:
        headers["Retry-After"] = str(retry_after(wait.now - job.created_at))
    return job, headers


def tagged_response(api: Api, status: int, body: str, headers: dict[str, str]) -> Response[str]:
    """The body with its tag, or 304 where the client has it; an answer that is an error bears no tag."""
    if status not in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
        return json_response(status, body, headers)
    headers = headers | {"ETag": etag_of(body)}
    if is_known(headers["ETag"], api.header("if-none-match")):
        return empty_response(HTTPStatus.NOT_MODIFIED, headers)
    return json_response(status, body, headers)


def after_change(
    job: Job, wait: Wait, room: WaitingRoom, credential: Credential, unchanged: Callable[[Job], bool]
) -> tuple[Job, bool]:
    """The job when it has changed or the wait is over, and whether it was waited for.

    No wait for a job that has ended, and none while the token holds its share of waits: the job as it is, at once.
    """
    if job.status.is_final:
        return job, False
    slots = WaitSlots(room.transient_table, job.tenant_id, credential.token_id, slots=WAITS_PER_TOKEN)
    slot = slots.take(wait.holder, now=wait.now, until=wait.now + timedelta(seconds=wait.seconds) + _SLACK)
    if slot is None:
        return job, False
    try:
        seen = wait_while(
            unchanged, lambda: find_job(room.jobs, job.key), wait.seconds, clock=wait.clock, sleep=wait.sleep
        )
    finally:
        with suppress(TransientError):  # the lease ends alone
            slots.give_back(slot, wait.holder, now=wait.now)
    return seen, True
