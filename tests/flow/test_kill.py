"""`kill -9` of the whole stack at random moments: whoever got a 202 has a job, and every job ends, once."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import pytest

from infra.cli.client import Client
from infra.local.serve import start, wait_until_served
from paydraft.model.ids import transfer_id_of
from paydraft.model.status import Status
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PAYDRAFT_KILLS", "3"))
IN_FLIGHT = 10
LATEST_KILL_SECONDS = 3.0  # about as long as ten documents take on two cores: the kills fall on every stage of the way
DOCUMENT = Path(__file__).parents[1] / "golden/documents/de_column_header.pdf"


class Served:
    """One state directory, and whichever process serves it now."""

    def __init__(self, state_dir):
        self.state_dir = state_dir
        self.process = None
        self.onlooker = None

    def up(self):
        self.process = start(self.state_dir)
        self.onlooker = Onlooker(wait_until_served(self.state_dir, self.process))
        self.onlooker.listen()
        return self.onlooker

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.onlooker = None


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    stack = Served(tmp_path_factory.mktemp("killed"))
    yield stack
    if stack.process and stack.process.poll() is None:
        stack.process.terminate()
        stack.process.wait(20)


def submit(api: Client, key: str, accepted: dict[str, str]) -> None:
    """One client's POST; a connection that breaks leaves it without an answer."""
    with suppress(OSError, HTTPException, ValueError):
        answer = api.submit(DOCUMENT, idempotency_key=key)
        if answer.status == 202:
            accepted[key] = answer.body["job_id"]


@pytest.mark.parametrize("kill", range(1, KILLS + 1))
def test_ten_jobs_in_flight_survive_the_death_of_the_stack(served, kill):
    """Odd rounds wait until all ten have their 202; even ones kill while clients still send."""
    onlooker = served.onlooker or served.up()
    keys, accepted = [f"kill-{uuid4()}" for _ in range(IN_FLIGHT)], {}
    with ThreadPoolExecutor(IN_FLIGHT) as clients:
        posts = [clients.submit(submit, onlooker.api, key, accepted) for key in keys]
        if kill % 2:
            wait(posts)
        after = random.uniform(0, LATEST_KILL_SECONDS)
        time.sleep(after)
        served.kill()
    answered = dict(accepted)

    onlooker = served.up()
    for key in keys:  # a client without an answer asks again, and one with an answer is told the same
        submit(onlooker.api, key, accepted)
    said = f"round {kill}, killed after {after:.2f} s with {len(answered)} of {IN_FLIGHT} answers"
    assert accepted.keys() == set(keys), said
    assert accepted | answered == accepted, f"{said}: a 202 was forgotten"
    assert len(set(accepted.values())) == IN_FLIGHT, said
    assert_each_ended_once(onlooker, list(accepted.values()), said)


def assert_each_ended_once(onlooker: Onlooker, job_ids: list[str], said: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        jobs = {job_id: onlooker.job(job_id) for job_id in job_ids}
        if all(job.status.is_final and not job.event_pending for job in jobs.values()):
            break
        time.sleep(0.5)
    states = {job_id: (job.status.value, job.attempt, job.failure) for job_id, job in jobs.items()}
    assert {job.status for job in jobs.values()} == {Status.COMPLETED}, f"{said}: {states}"
    for job_id, notes in onlooker.notes(job_ids).items():
        if job_id not in jobs:
            continue
        assert len({note["Message"]["id"] for note in notes}) == 1, f"{said}: {states[job_id]} {notes}"
        assert [draft.transfer_id for draft in onlooker.drafts(job_id)] == [transfer_id_of(jobs[job_id].job_id)], said
        assert onlooker.api.poll(job_id, wait=0).status == 200
