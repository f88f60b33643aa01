"""Every dialect answers the whole catalogue of errors, and the README says so."""

import json
from pathlib import Path

import pytest

from api_counterparties.errors import ANSWERS as COUNTERPARTIES
from api_invoices_v1.errors import ANSWERS as MAKERSHUB
from api_invoices_v2.errors import ANSWERS as COREBANQ
from api_invoices_v2.translate import STATUS_CODES, message, status_code
from api_ocr_jobs.errors import ANSWERS as REPZO
from api_ocr_tasks.errors import ANSWERS as MONITE
from api_tokens.errors import ANSWERS as TOKENS
from api_transfers.errors import ANSWERS as TRANSFERS
from infra.tools.error_table import README, catalogue, rewritten
from paydraft.model.errors import DocumentError, PaydraftError, ServiceError
from paydraft.model.request_errors import AccessError, InlineDocumentTooLargeError
from paydraft.model.status import PHASE_OF, Fault, Phase, Status
from paydraft.model.transfer import FlagCode
from paydraft.runtime.json_body import to_json
from tests.builders import a_draft, a_job

CONTRACT = json.loads((Path(__file__).parent / "facts" / "corebanq_contract.json").read_text())
DIALECTS = {
    "corebanq": COREBANQ,
    "makershub": MAKERSHUB,
    "repzo": REPZO,
    "monite": MONITE,
    "transfers": TRANSFERS,
    "tokens": TOKENS,
    "counterparties": COUNTERPARTIES,
}
EVERY_ERROR = catalogue()
CONCERNS = {
    "transfer_state": a_draft(),
    "flags_not_cleared": (FlagCode.IBAN_CHANGED,),
    "transfer_incomplete": ("creditor.iban",),
    "second_person_needed": "uploader",
}


def an_error(cls):
    try:
        return cls()
    except TypeError:  # one that needs to be told what it concerns
        return cls(CONCERNS.get(cls.code) or a_job().key)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("cls", EVERY_ERROR, ids=lambda cls: cls.code)
def test_every_dialect_answers_every_error(dialect, cls):
    answers = DIALECTS[dialect]
    status = answers.status_of(cls)
    assert 400 <= status <= 599
    assert json.loads(to_json(answers.body(an_error(cls), status)))


def test_no_two_errors_share_a_code():
    codes = [cls.code for cls in EVERY_ERROR]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("cls", EVERY_ERROR, ids=lambda cls: cls.code)
def test_every_sentence_is_a_sentence_and_says_what_to_do(cls):
    assert cls.text.endswith(".")
    assert issubclass(cls, AccessError) or cls.code == "already_accepted" or cls.text.count(". ") >= 1


@pytest.mark.parametrize("cls", EVERY_ERROR, ids=lambda cls: cls.code)
def test_corebanqs_codes_and_envelope_are_the_agreed_ones(cls):
    status = COREBANQ.status_of(cls)
    assert status in {*CONTRACT["error_codes"], 405, 500, 503}
    body = COREBANQ.body(an_error(cls), status)
    assert list(body) == CONTRACT["error_fields"]
    assert body["error"] == cls.code


def test_the_four_causes_of_a_401_have_makershubs_wording():
    found = [{"error": cls.code, "message": cls.text} for cls in EVERY_ERROR if issubclass(cls, AccessError)]
    assert [cause for cause in found if cause["error"] != AccessError.code] == CONTRACT["access_errors"]


def test_a_document_too_large_for_a_body_is_told_the_way_for_larger_ones():
    assert COREBANQ.status_of(InlineDocumentTooLargeError) == 413
    assert "POST /v2/uploads" in InlineDocumentTooLargeError.text


def test_the_status_table_is_the_contracts():
    told = {
        (Status(row["status"]), Fault(row["fault"]) if row["fault"] else None): row["code"]
        for row in CONTRACT["status_codes"]
    }
    assert told == STATUS_CODES


def test_every_status_a_job_can_have_is_in_the_status_table():
    faults = {Status.FAILED: [Fault.DOCUMENT, Fault.SERVICE]}
    assert set(STATUS_CODES) == {(status, fault) for status in Status for fault in faults.get(status, [None])}


def test_the_status_table_agrees_with_the_phases():
    codes = {
        phase: {code for (status, _), code in STATUS_CODES.items() if PHASE_OF[status] is phase} for phase in Phase
    }
    assert codes == {Phase.WAITING: {202}, Phase.RUNNING: {202}, Phase.DONE: {200}, Phase.ENDED: {404, 422, 500}}


@pytest.mark.parametrize(
    "cls", [cls for cls in EVERY_ERROR if issubclass(cls, DocumentError | ServiceError)], ids=lambda cls: cls.code
)
def test_a_job_may_fail_by_any_error_and_its_get_says_whose_fault_it_is(cls):
    job = a_job(status=Status.FAILED, failure=cls().failure)
    assert status_code(job) == (422 if cls.fault is Fault.DOCUMENT else 500)
    assert message(job) == cls.text


def test_a_failure_written_by_a_later_release_is_answered_too():
    failure = DocumentError().failure.model_copy(update={"code": "from_the_future"})
    job = a_job(status=Status.FAILED, failure=failure)
    assert status_code(job) == 422
    assert message(job)


def test_the_readme_lists_every_error_as_it_is_answered():
    text = README.read_text(encoding="utf-8")
    assert rewritten(text) == text, "python -m infra.tools.error_table"


def test_an_error_nobody_listed_is_ours():
    class NobodyListedThisError(PaydraftError):
        code = "nobody_listed_this"

    assert COREBANQ.status_of(NobodyListedThisError) == 500
