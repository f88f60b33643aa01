"""CreateDraftTransfer: one draft per job, whatever is delivered twice, late or after a crash."""

import json

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import PermanentError
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import DocumentType, Party
from paydraft.model.status import Status
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from tests.builders import IBANS, a_counterparty, a_job, a_step, an_account, an_invoice
from tests.crash_points import crash_everywhere

NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)


def read(aws, invoice=None, **fields):
    """A running job whose present attempt was read as `invoice`."""
    job = a_job(**{"status": Status.PROCESSING} | fields)
    JobStore(aws["JobsTable"]).put_new(job)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, invoice or an_invoice())
    return job


def on_file(aws, **fields):
    party = a_counterparty(**fields)
    account = an_account(party)
    CounterpartyStore(aws["CounterpartiesTable"]).add("acme", party, [account])
    found = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id, account_id=account.account_id)
    return party, account, found


def draft(aws, job, match=NOT_FOUND):
    return aws.invoke("CreateDraftTransferFunction", a_step(job, match=match).to_json())


def stored(aws, job):
    return TransferStore(aws["TransfersTable"]).get(job.tenant_id, transfer_id_of(job.job_id))


def drafts_of(aws, job):
    items = aws.client("dynamodb").scan(TableName=aws["TransfersTable"])["Items"]
    return [item for item in items if item["job_id"]["S"] == str(job.job_id)]


def test_a_read_invoice_becomes_a_draft_with_its_flags(aws):
    job = read(aws)
    answer = draft(aws, job)
    made = stored(aws, job)
    assert answer == {"transfer_id": str(made.transfer_id), "flags": ["new_counterparty"]}
    assert (made.amount.minor_units, made.creditor.iban) == (119_000, IBANS[0])


def test_a_found_payee_is_paid_as_on_file(aws):
    party, account, found = on_file(aws, legal_name="Muster Holding GmbH")
    job = read(aws)
    draft(aws, job, found)
    made = stored(aws, job)
    assert (made.counterparty_id, made.account_id) == (party.counterparty_id, account.account_id)
    assert made.creditor.name == "Muster Holding GmbH"


def test_a_known_payee_with_a_new_account_is_drafted_to_the_page_and_stopped(aws):
    party, _, _ = on_file(aws)
    job = read(aws, an_invoice(iban=Iban(IBANS[4])))
    answer = draft(aws, job, MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id))
    assert "iban_changed" in answer["flags"]
    assert stored(aws, job).creditor.iban == IBANS[4]


def test_a_payee_that_is_gone_since_the_match_is_drafted_as_printed(aws):
    gone = a_counterparty()
    job = read(aws)
    answer = draft(aws, job, MatchOutcome(kind=MatchKind.FOUND, counterparty_id=gone.counterparty_id))
    assert answer["flags"] == ["new_counterparty"]
    assert stored(aws, job).counterparty_id is None


def test_a_credit_note_gets_a_reason_instead_of_a_draft(aws):
    job = read(aws, an_invoice(document_type=DocumentType.CREDIT_NOTE))
    assert draft(aws, job) == {"no_draft": "credit_note", "flags": []}
    assert drafts_of(aws, job) == []


def test_the_answer_holds_codes_and_an_id_and_nothing_personal(aws):
    job = read(aws, an_invoice(seller=Party(name="Erika Mustermann")))
    text = json.dumps(draft(aws, job))
    assert "Mustermann" not in text
    assert IBANS[0] not in text


def test_a_job_that_has_ended_or_moved_on_gets_no_draft(aws):
    for changes in ({"status": Status.FAILED}, {"status": Status.CANCELLED}, {"attempt": 2}):
        job = read(aws, **changes)
        ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, 1, an_invoice())
        with pytest.raises(PermanentError):
            draft(aws, job.model_copy(update={"attempt": 1}))
        assert drafts_of(aws, job) == []


def test_an_unknown_job_an_unread_attempt_and_a_step_without_a_match_are_not_tried_again(aws):
    unread = a_job(status=Status.PROCESSING)
    JobStore(aws["JobsTable"]).put_new(unread)
    for step in (a_step(match=NOT_FOUND), a_step(unread, match=NOT_FOUND), a_step(read(aws))):
        with pytest.raises(PermanentError):
            aws.invoke("CreateDraftTransferFunction", step.to_json())


def test_a_next_attempt_rewrites_the_draft_of_the_one_before(aws):
    job = read(aws)
    draft(aws, job)
    jobs = JobStore(aws["JobsTable"])
    later = jobs.next_attempt(jobs.get(job.key), now=job.updated_at)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, 2, an_invoice(number="RE-2"))
    draft(aws, later)
    [only] = drafts_of(aws, job)
    assert only["attempt"] == {"N": "2"}
    assert stored(aws, job).remittance.text == "RE-2"


def test_wherever_it_is_killed_a_job_has_one_draft_and_one_answer(aws):
    _, _, found = on_file(aws)
    answers = {}

    def deliver(job):
        answers[job.job_id] = draft(aws, job, found)

    def check(job):
        [only] = drafts_of(aws, job)
        assert only["transfer_id"]["S"] == str(transfer_id_of(job.job_id)) == answers[job.job_id]["transfer_id"]
        assert stored(aws, job).flags == ()

    assert crash_everywhere(lambda: read(aws, an_invoice(seller=Party(name="Muster"))), deliver, check) >= 12
