"""The claim on an Idempotency-Key: written with the job or not at all, and worth something for a day."""

from datetime import timedelta

import pytest

from paydraft.model.errors import IdempotencyConflictError, JobExistsError
from paydraft.model.idempotency import AlreadyAcceptedError, IdempotencyClaim
from paydraft.stores.jobs import JobStore
from tests.builders import NOW, a_job

A_DAY = timedelta(hours=24)


def a_claim(**fields):
    return IdempotencyClaim(**({"key_hash": "k" * 64, "fingerprint": "f" * 64, "expires_at": NOW + A_DAY} | fields))


def test_the_same_request_with_the_same_key_is_told_its_first_job(jobs):
    first, second = a_job(), a_job()
    jobs.put_new(first, claim=a_claim())
    with pytest.raises(AlreadyAcceptedError) as told:
        jobs.put_new(second, claim=a_claim())
    assert told.value.job_key == first.key
    assert jobs.get(second.key) is None


def test_another_request_with_the_same_key_is_refused_and_leaves_no_trace(jobs):
    first, second = a_job(), a_job()
    jobs.put_new(first, claim=a_claim())
    with pytest.raises(IdempotencyConflictError):
        jobs.put_new(second, claim=a_claim(fingerprint="0" * 64))
    assert jobs.get(second.key) is None
    third = a_job(upload_id=second.upload_id, invoice_id=second.invoice_id)
    jobs.put_new(third)


def test_two_tenants_may_use_the_same_key(jobs):
    jobs.put_new(a_job(), claim=a_claim())
    jobs.put_new(a_job(tenant_id="other"), claim=a_claim(fingerprint="0" * 64))


def test_a_claim_that_has_expired_counts_as_absent_though_it_can_still_be_read(jobs):
    jobs.put_new(a_job(), claim=a_claim())
    second = a_job(created_at=NOW + A_DAY)
    jobs.put_new(second, claim=a_claim(fingerprint="0" * 64, expires_at=NOW + 2 * A_DAY))
    with pytest.raises(AlreadyAcceptedError) as told:
        jobs.put_new(a_job(created_at=NOW + A_DAY), claim=a_claim(fingerprint="0" * 64))
    assert told.value.job_key == second.key


def test_a_claim_counts_to_its_last_second(jobs):
    jobs.put_new(a_job(), claim=a_claim())
    with pytest.raises(AlreadyAcceptedError):
        jobs.put_new(a_job(created_at=NOW + A_DAY - timedelta(seconds=1)), claim=a_claim())


def test_a_refused_job_leaves_its_key_unclaimed(jobs):
    first = a_job()
    jobs.put_new(first)
    with pytest.raises(JobExistsError):
        jobs.put_new(a_job(invoice_id=first.invoice_id), claim=a_claim())
    jobs.put_new(a_job(), claim=a_claim())


def test_a_claim_that_was_written_with_this_very_job_is_success_because_an_answer_may_be_lost(jobs):
    job = a_job()
    jobs.put_new(job, claim=a_claim())
    jobs.put_new(job, claim=a_claim())


def test_a_store_without_a_transient_table_says_so_at_once(stack):
    with pytest.raises(ValueError, match="transient table"):
        JobStore(stack["JobsTable"]).put_new(a_job(), claim=a_claim())


def test_the_record_carries_the_time_that_dynamodb_tidies_up_by(jobs, stack):
    jobs.put_new(a_job(), claim=a_claim())
    item = jobs._jobs._db.scan(TableName=stack["TransientTable"])["Items"][0]
    assert item["expires_at"] == {"N": str(int((NOW + A_DAY).timestamp()))}
