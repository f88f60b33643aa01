"""The end of a job in a group: its place goes to the next in line, and when the last has ended that is told once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from jsonschema import Draft7Validator

from infra.tools.published_events import group_completed_schema
from paydraft.model.errors import InternalError
from paydraft.model.ids import group_event_id_of
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import Outcome
from paydraft.stores.clients import client
from paydraft.stores.documents import DocumentStore
from paydraft.stores.fetch_queue import FetchQueue
from paydraft.stores.groups import GroupStore
from paydraft.stores.jobs import JobStore
from paydraft.workflows.process_job import process
from tests.builders import A_PDF, NOW, TENANT, a_group, a_job, a_place, a_step, after
from tests.crash_points import crash_everywhere
from tests.fault_injection import CrashError, crash

GROUP_COMPLETED = "paydraft.group.completed.v1"


class World:
    """A group with jobs that nobody has asked for yet, and hands on them."""

    def __init__(self, aws, *, places, jobs):
        self.aws = aws
        self.jobs, self.groups = JobStore(aws["JobsTable"]), GroupStore(aws["JobsTable"])
        self.group = a_group(parallel_jobs=places)
        self.groups.add(TENANT, self.group)
        self.members = [self._member(number) for number in range(jobs)]

    def _member(self, number):
        job = a_job(
            group_id=self.group.group_id,
            status=Status.CREATED,
            opened_at=None,
            created_at=after(seconds=number),
            source_url="https://a.example/b.pdf",
        )
        self.jobs.put_new(job)
        return job

    def process(self, job):
        documents, queue = DocumentStore(self.aws["DocumentsBucket"]), FetchQueue(self.aws["FetchQueue"])
        return process(self.row(job), jobs=self.jobs, documents=documents, queue=queue, now=NOW)

    def start(self):
        for job in self.members:
            self.process(job)
        return self

    def end(self, job, outcome=Outcome.FAILED):
        step = a_step(self.row(job), outcome=outcome, failure=InternalError().failure)
        return self.aws.invoke("FinishJobFunction", step.to_json())

    def row(self, job):
        return self.jobs.get(job.key)

    def asked_for(self):
        """The jobs whose documents were asked for since the last call, by their numbers."""
        asked = [message["job_id"] for message in self.aws.messages("FetchQueue")]
        return sorted(number for number, job in enumerate(self.members) if str(job.job_id) in asked)

    def told(self):
        """The events of groups since the last call."""
        return [one for one in self.aws.published() if one["Message"]["type"] == GROUP_COMPLETED]

    def running(self):
        return self.groups.get(TENANT, self.group.group_id).running


def test_as_many_jobs_are_asked_for_as_there_are_places(aws):
    world = World(aws, places=2, jobs=4).start()
    assert world.asked_for() == [0, 1]
    assert [world.row(job).is_in_line for job in world.members] == [False, False, True, True]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.CANCELLED])
def test_the_end_of_one_calls_the_next_in_order_of_creation(aws, outcome):
    world = World(aws, places=2, jobs=4).start()
    world.asked_for()
    world.end(world.members[1], outcome)
    assert world.asked_for() == [2]
    assert world.running() == {str(world.members[0].job_id), str(world.members[2].job_id)}


def test_a_job_that_waited_has_its_whole_time_from_its_call_on(aws):
    world = World(aws, places=1, jobs=2).start()
    before = world.row(world.members[1])
    world.end(world.members[0])
    called = world.row(world.members[1])
    assert (before.opened_at, before.next_check_at) == (None, None)
    assert called.opened_at > NOW
    assert called.next_check_at > called.opened_at


def test_a_job_in_line_that_is_asked_for_again_stays_there(aws):
    world = World(aws, places=1, jobs=2).start()
    world.asked_for()
    assert world.process(world.members[1]).is_in_line
    assert world.asked_for() == []


def test_the_last_end_is_told_as_the_groups_and_no_other(aws):
    world = World(aws, places=2, jobs=3).start()
    for job in world.members[:2]:
        world.end(job)
    assert world.told() == []
    world.end(world.members[2])
    [note] = world.told()
    event = note["Message"]
    Draft7Validator(group_completed_schema()).validate(event)
    assert event["id"] == str(group_event_id_of(world.group.group_id, 3, GROUP_COMPLETED))
    assert event["subject"] == world.group.group_id
    data = {"total_jobs": 3, "completed_jobs": 0, "failed_jobs": 3, "status": "failed"}
    assert {name: event["data"][name] for name in data} == data
    assert {name: value["Value"] for name, value in note["MessageAttributes"].items()} == {
        "type": GROUP_COMPLETED,
        "tenant_id": TENANT,
        "env": "local",
    }


def test_the_end_of_an_end_tells_nothing_twice(aws):
    world = World(aws, places=2, jobs=1).start()
    for _ in range(3):
        world.end(world.members[0])
    assert len(world.told()) == 1


def test_a_job_that_runs_again_makes_another_completion(aws):
    world = World(aws, places=2, jobs=1).start()
    world.end(world.members[0])
    world.process(world.members[0])
    world.end(world.members[0])
    first, second = (note["Message"]["id"] for note in world.told())
    assert first != second


def test_a_waiting_job_whose_document_is_stored_is_due_for_the_reconciler_at_once(aws):
    world = World(aws, places=1, jobs=2).start()
    first, second = world.members
    source = DocumentStore(aws["DocumentsBucket"]).put_new(a_place(first), A_PDF, MediaType.PDF)
    world.jobs.begin(first.key, 1, source, owner="message-0", now=NOW)
    world.end(first)
    assert world.process(first).is_in_line
    world.asked_for()
    world.end(second)
    called = world.row(first)
    assert (called.attempt, called.is_in_line, world.asked_for()) == (2, False, [])
    assert called.next_check_at == called.opened_at


def test_the_reconciler_calls_the_next_where_the_exit_died_after_the_end(aws):
    world = World(aws, places=1, jobs=2).start()
    world.asked_for()
    with crash(4, "after"), pytest.raises(CrashError):  # the row read here, then by the exit, its group, the end
        world.end(world.members[0])
    assert world.row(world.members[0]).status is Status.FAILED
    assert world.row(world.members[1]).is_in_line
    aws.invoke("ReconcileJobsFunction", {"check": "all"})
    assert not world.row(world.members[1]).is_in_line
    assert world.asked_for() == [1]


@pytest.mark.slow
def test_wherever_it_is_killed_the_next_is_called_and_the_end_is_told(aws):
    """Repeated by whoever finds the event still pending."""

    def arrange():
        return World(aws, places=1, jobs=2).start()

    def check(world):
        if world.row(world.members[1]).is_in_line:
            raise AssertionError("nobody called the next")
        assert world.running() <= {str(world.members[1].job_id)}

    cases = crash_everywhere(arrange, lambda world: world.end(world.members[0]), check)
    assert cases >= 40


@pytest.mark.slow
def test_wherever_it_is_killed_one_distinct_event_tells_of_the_group(aws):
    def check(world):
        assert len({note["Message"]["id"] for note in world.told()}) == 1

    cases = crash_everywhere(
        lambda: World(aws, places=1, jobs=1).start(), lambda world: world.end(world.members[0]), check
    )
    assert cases >= 40


@pytest.mark.parametrize("places", [1, 3])
def test_when_many_end_at_once_no_place_is_given_twice_no_job_is_forgotten_and_one_event_tells_it(aws, places):
    for service in ("dynamodb", "sns", "sqs", "s3"):
        client(service)  # boto3 makes clients in one thread only
    world = World(aws, places=places, jobs=8).start()
    most = [0]

    def at_work():
        return [job for job in world.members if str(job.job_id) in world.running()]

    def end(job, line):
        line.wait()
        ended(world, job)
        most[0] = max(most[0], len(world.running()))

    for _ in range(40):
        present = at_work()
        if not present:
            break
        line = threading.Barrier(len(present))
        with ThreadPoolExecutor(len(present)) as pool:
            for result in [pool.submit(end, job, line) for job in present]:
                result.result()
    assert all(world.row(job).status is Status.FAILED for job in world.members)
    assert most[0] <= places
    group = world.groups.get(TENANT, world.group.group_id)
    assert (group.open, group.failed, group.running, group.told) == (0, 8, frozenset(), 8)
    assert len({note["Message"]["id"] for note in world.told()}) == 1


def ended(world, job):
    """As Lambda and the state machine do: tried again while others are in the way."""
    for _ in range(10):
        try:
            return world.end(job)
        except Exception as error:
            if type(error).__name__ != "TransientError":
                raise
    raise AssertionError("never ended")
