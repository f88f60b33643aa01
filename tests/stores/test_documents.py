"""Documents and results in S3: written once, read by version."""

import pytest

from paydraft.model.document import StoredObject
from paydraft.model.errors import DocumentMissingError, DocumentTooLargeError
from paydraft.model.media import MediaType
from tests.builders import A_PDF, a_job, a_place, an_invoice


def test_a_document_is_found_and_read_under_its_version(documents):
    place = a_place(a_job())
    stored = documents.put_new(place, A_PDF, MediaType.PDF)
    assert stored.key == str(place)
    assert documents.find(str(place)) == stored
    assert documents.read(stored, limit=len(A_PDF)) == A_PDF


def test_a_second_document_in_the_same_place_is_not_written_and_the_first_is_named(documents):
    place = a_place(a_job())
    first = documents.put_new(place, A_PDF, MediaType.PDF)
    assert documents.put_new(place, b"%PDF-1.4 something else", MediaType.PDF) == first
    assert documents.read(first, limit=1000) == A_PDF


def test_a_place_without_a_document_is_none(documents):
    assert documents.find(str(a_place(a_job()))) is None


def test_a_version_is_read_though_a_later_one_lies_over_it(documents, stack):
    place = a_place(a_job())
    first = documents.put_new(place, A_PDF, MediaType.PDF)
    documents._bucket._s3.put_object(Bucket=stack["DocumentsBucket"], Key=str(place), Body=b"later")
    assert documents.find(str(place)) != first
    assert documents.read(first, limit=1000) == A_PDF


def test_a_document_above_the_limit_is_refused(documents):
    stored = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    with pytest.raises(DocumentTooLargeError):
        documents.read(stored, limit=len(A_PDF) - 1)


def test_a_version_that_is_gone_is_a_missing_document(documents, stack):
    stored = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    documents._bucket._s3.delete_object(Bucket=stack["DocumentsBucket"], Key=stored.key, VersionId=stored.version_id)
    with pytest.raises(DocumentMissingError):
        documents.read(stored, limit=1000)


def test_a_key_that_never_was_is_a_missing_document(documents):
    other = documents.put_new(a_place(a_job()), A_PDF, MediaType.PDF)
    with pytest.raises(DocumentMissingError):
        documents.read(StoredObject(key=str(a_place(a_job())), version_id=other.version_id), limit=1000)


def test_the_original_is_copied_into_the_next_attempts_place(documents):
    job = a_job()
    original = documents.put_new(a_place(job), A_PDF, MediaType.PDF)
    documents.copy(original, a_place(job, attempt=2))
    copied = documents.find(str(a_place(job, attempt=2)))
    assert documents.read(copied, limit=1000) == A_PDF


def test_a_copy_is_made_of_the_version_and_not_of_what_lies_over_it(documents, stack):
    job = a_job()
    original = documents.put_new(a_place(job), A_PDF, MediaType.PDF)
    documents._bucket._s3.put_object(Bucket=stack["DocumentsBucket"], Key=original.key, Body=b"later")
    documents.copy(original, a_place(job, attempt=2))
    assert documents.read(documents.find(str(a_place(job, attempt=2))), limit=1000) == A_PDF


def test_an_original_that_is_gone_can_not_be_copied(documents, stack):
    job = a_job()
    original = documents.put_new(a_place(job), A_PDF, MediaType.PDF)
    documents._bucket._s3.delete_object(
        Bucket=stack["DocumentsBucket"], Key=original.key, VersionId=original.version_id
    )
    with pytest.raises(DocumentMissingError):
        documents.copy(original, a_place(job, attempt=2))


def test_an_invoice_comes_back_as_it_was_read(results):
    job = a_job()
    results.put_invoice(job.key, 1, an_invoice())
    assert results.invoice(job.key, 1) == an_invoice()


def test_an_attempt_without_an_invoice_is_none(results):
    assert results.invoice(a_job().key, 1) is None


def test_each_attempt_has_results_of_its_own(results):
    job = a_job()
    results.put_invoice(job.key, 1, an_invoice(number="1"))
    results.put_invoice(job.key, 2, an_invoice(number="2"))
    assert [results.invoice(job.key, attempt).number for attempt in (1, 2)] == ["1", "2"]


def test_the_first_result_of_an_attempt_stands(results):
    job = a_job()
    for number in ("first", "second"):
        results.put_invoice(job.key, 1, an_invoice(number=number))
    assert results.invoice(job.key, 1).number == "first"


def test_pages_lie_beside_the_invoice_as_they_were_given(results, stack):
    job = a_job()
    results.put_pages(job.key, 1, b'{"pages": []}')
    key = f"results/{job.tenant_id}/{job.job_id}/1/pages.json"
    answer = results._bucket._s3.get_object(Bucket=stack["DocumentsBucket"], Key=key)
    assert answer["Body"].read() == b'{"pages": []}'
    assert answer["ContentType"] == "application/json"


def test_a_field_of_an_invoice_that_a_later_release_wrote_is_passed_over(results, stack):
    job = a_job()
    text = an_invoice().model_dump_json().replace('{"document_type"', '{"mood": "sunny", "document_type"', 1)
    key = f"results/{job.tenant_id}/{job.job_id}/1/invoice.json"
    results._bucket._s3.put_object(Bucket=stack["DocumentsBucket"], Key=key, Body=text.encode())
    assert results.invoice(job.key, 1) == an_invoice()
