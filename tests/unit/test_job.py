"""A job's phases, its place in the index, and the keys of its document."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from paydraft.model.document import IncomingKey, Lane
from paydraft.model.job import CHECK_AFTER, DEADLINE, DOCUMENT_GRACE, LEASE, JobKey
from paydraft.model.status import FINAL_STATUSES, PHASE_OF, Phase, Status
from tests.builders import NOW, a_job, a_place, an_id


def test_every_status_belongs_to_a_phase():
    assert PHASE_OF.keys() == set(Status)


def test_completed_failed_and_cancelled_are_final():
    assert set(FINAL_STATUSES) == {Status.COMPLETED, Status.FAILED, Status.CANCELLED}
    assert {status.phase for status in FINAL_STATUSES} == {Phase.DONE, Phase.ENDED}


def test_a_job_was_created_in_the_millisecond_of_its_id():
    assert a_job(created_at=NOW).created_at == NOW


def test_the_key_of_a_job_is_its_tenant_and_id():
    job = a_job()
    assert job.key == JobKey(tenant_id=job.tenant_id, job_id=job.job_id)


def test_jobs_spread_over_the_shards_of_the_index():
    shards = Counter(a_job().open_shard for _ in range(800))
    assert shards.keys() == set(range(8))
    assert max(shards.values()) < 200


def test_the_times_of_a_job_leave_room_for_one_another():
    reader = timedelta(seconds=90)  # the time-out of ExtractDocument
    assert reader < LEASE
    assert timedelta(minutes=2) >= 2 * CHECK_AFTER, "a lost event is found within two minutes"
    assert DOCUMENT_GRACE < DEADLINE
    assert DOCUMENT_GRACE + 3 * LEASE < DEADLINE


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("attempt", [1, 2, 9999])
def test_a_documents_key_tells_all_its_parts_again(lane, attempt):
    place = a_place(a_job(lane=lane, attempt=attempt))
    assert IncomingKey.parse(str(place)) == place
    assert re.fullmatch(r"[a-z0-9/-]+", str(place))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "incoming/standard/acme",
        "results/standard/acme/{id}/1",
        "incoming/slow/acme/{id}/1",
        "incoming/standard/acme/{id}/0",
        "incoming/standard/acme/{id}/01",
        "incoming/standard/acme/{id}/1/x",
        "incoming/standard/acme/{id}/10000",
        "incoming/standard/Acme/{id}/1",
        "incoming/standard/a b/{id}/1",
        "incoming/standard/acme/00000000-0000-0000-0000-00000000000/1",
        "incoming/standard/acme/------------------------------------/1",
        "incoming/standard/acme/{id}/1\n",
        "incoming/standard/acme/{id}/١",
        "incoming/standard/rechnung für müller/{id}/1",
    ],
)
def test_any_other_key_is_not_ours(key):
    assert IncomingKey.parse(key.replace("{id}", str(an_id()))) is None
