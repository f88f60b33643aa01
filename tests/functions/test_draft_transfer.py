"""CreateDraftTransfer: one draft per job, whatever is delivered twice, late or after a crash."""

import itertools
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from create_draft_transfer.drafting import Desk, Papers, drafted
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.errors import InternalError, PermanentError
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import DocumentType, Party
from paydraft.model.status import Status
from paydraft.model.steps import Ending
from paydraft.model.transfer import FlagCode, TransferStatus
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from tests.builders import IBANS, a_counterparty, a_document, a_job, a_step, an_account, an_invoice
from tests.crash_points import crash_everywhere

NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)
_numbers = itertools.count(1)


def read(aws, invoice=None, **fields):
    """A running job whose present attempt was read as `invoice`."""
    job = a_job(**{"status": Status.PROCESSING} | fields)
    JobStore(aws["JobsTable"]).put_new(job)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, invoice or an_invoice())
    return job


def another_invoice(**fields):
    """One that resembles no other."""
    number = next(_numbers)
    return an_invoice(number=f"N{number}", issue_date=date(2026, 1, 1) + timedelta(days=10 * number), **fields)


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
    return [item for item in items if item.get("job_id", {}).get("S") == str(job.job_id)]


def history_of(aws, job):
    entries = TransferStore(aws["TransfersTable"]).audit(job.tenant_id, transfer_id_of(job.job_id))
    return [(entry.version, entry.action) for entry in entries]


def next_attempt(aws, job, invoice=None):
    """The job, read once more."""
    jobs = JobStore(aws["JobsTable"])
    later = jobs.next_attempt(jobs.get(job.key), now=job.updated_at)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, later.attempt, invoice or an_invoice())
    return later


def touched(aws, job, **changes):
    """What a person leaves behind."""
    store = TransferStore(aws["TransfersTable"])
    before = stored(aws, job)
    after = before.model_copy(update={"version": before.version + 1, "edited_by": "bob", **changes})
    store.write(before, after, AuditEntry.of(before, after, Action.EDITED, "bob"))
    return after


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


@pytest.mark.slow
def test_wherever_it_is_killed_a_job_has_one_draft_and_one_answer(aws):
    _, _, found = on_file(aws)
    answers = {}

    def deliver(job):
        answers[job.job_id] = draft(aws, job, found)

    def check(job):
        [only] = drafts_of(aws, job)
        assert only["transfer_id"]["S"] == str(transfer_id_of(job.job_id)) == answers[job.job_id]["transfer_id"]
        assert stored(aws, job).flags == ()
        assert history_of(aws, job) == [(1, Action.DRAFTED)]

    assert crash_everywhere(lambda: read(aws, another_invoice(seller=Party(name="Muster"))), deliver, check) >= 20


def test_drafting_again_changes_nothing_and_answers_the_same(aws):
    job = read(aws)
    assert draft(aws, job) == draft(aws, job)
    assert history_of(aws, job) == [(1, Action.DRAFTED)]


def test_a_job_that_ends_while_its_draft_is_made_gets_none(aws):
    """Its end came between the look at the job and the write: the write holds the job open, or is not made."""
    job = read(aws)
    jobs = JobStore(aws["JobsTable"])

    class EndsMeanwhile(TransferStore):
        def remembered(self, tenant_id, keys):
            failure = InternalError().failure
            jobs.finish(job.key, 1, Ending(status=Status.FAILED, failure=failure), now=job.updated_at)
            return super().remembered(tenant_id, keys)

    counterparties = CounterpartyStore(aws["CounterpartiesTable"])
    desk = Desk(jobs, EndsMeanwhile(aws["TransfersTable"]), counterparties)
    with pytest.raises(PermanentError):
        drafted(Papers(job, an_invoice(), NOT_FOUND), desk, now=job.updated_at)
    assert drafts_of(aws, job) == []


def test_the_next_attempt_leaves_an_edited_draft_and_flags_it_once(aws):
    job = read(aws)
    draft(aws, job)
    touched(aws, job)
    later = next_attempt(aws, job, an_invoice(number="RE-2"))
    answer = draft(aws, later)
    assert "reprocessed_differs" in answer["flags"]
    assert draft(aws, later) == answer
    assert [action for _, action in history_of(aws, job)] == [Action.DRAFTED, Action.EDITED, Action.COMPARED]
    assert stored(aws, job).remittance.text == "RE-2026-0042"


def test_a_next_attempt_that_reads_the_same_says_nothing_about_an_edited_draft(aws):
    job = read(aws)
    draft(aws, job)
    before = touched(aws, job)
    draft(aws, next_attempt(aws, job))
    assert stored(aws, job) == before


def test_a_discarded_draft_is_not_brought_back_by_another_attempt(aws):
    job = read(aws)
    draft(aws, job)
    touched(aws, job, status=TransferStatus.CANCELLED, cancelled_by="bob")
    draft(aws, next_attempt(aws, job, an_invoice(number="RE-2")))
    assert stored(aws, job).status is TransferStatus.CANCELLED


def test_a_draft_that_was_closed_with_its_job_is_revived_by_another_attempt(aws):
    job = read(aws)
    draft(aws, job)
    touched(aws, job, status=TransferStatus.CANCELLED, cancelled_by="paydraft", edited_by=None)
    draft(aws, next_attempt(aws, job, an_invoice(number="RE-2")))
    made = stored(aws, job)
    assert (made.status, made.cancelled_by, made.remittance.text) == (TransferStatus.DRAFT, None, "RE-2")


def test_a_document_that_turns_out_a_credit_note_takes_its_untouched_draft_back(aws):
    job = read(aws)
    draft(aws, job)
    credit_note = an_invoice(document_type=DocumentType.CREDIT_NOTE)
    assert draft(aws, next_attempt(aws, job, credit_note)) == {"no_draft": "credit_note", "flags": []}
    assert stored(aws, job).was_closed


def test_a_document_that_turns_out_a_credit_note_flags_the_draft_a_person_has_touched(aws):
    job = read(aws)
    draft(aws, job)
    touched(aws, job)
    answer = draft(aws, next_attempt(aws, job, an_invoice(document_type=DocumentType.CREDIT_NOTE)))
    assert "reprocessed_differs" in answer["flags"]


# ── duplicates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def flags(aws, job, match=NOT_FOUND):
    return set(draft(aws, job, match)["flags"])


def test_the_same_file_sent_again_is_flagged_and_names_the_first(aws):
    first, second = (read(aws, tenant_id="files", document=a_document()) for _ in range(2))
    assert FlagCode.POSSIBLE_DUPLICATE not in flags(aws, first)
    assert FlagCode.POSSIBLE_DUPLICATE in flags(aws, second)
    [flag] = [one for one in stored(aws, second).flags if one.code is FlagCode.POSSIBLE_DUPLICATE]
    assert transfer_id_of(first.job_id) in {proof.about for proof in flag.evidence}


def test_the_same_number_of_the_same_supplier_is_flagged_whoever_read_it_how(aws):
    seller = Party(name="Muster GmbH", vat_number="DE123456789")
    first = read(aws, an_invoice(seller=seller), tenant_id="numbers")
    again = read(
        aws,
        an_invoice(number="RE 2026 42", seller=Party(name="MUSTER GMBH"), iban=None, total=None, amount_due=None),
        tenant_id="numbers",
    )
    rescanned = read(
        aws, an_invoice(number="re20260042", seller=Party(name="MUSTER GMBH"), issue_date=None), tenant_id="numbers"
    )
    other = read(aws, an_invoice(seller=Party(name="Other"), iban=Iban(IBANS[1])), tenant_id="numbers")
    flags(aws, first)
    assert draft(aws, again)["no_draft"] == "no_total"
    assert FlagCode.POSSIBLE_DUPLICATE in flags(aws, rescanned)
    assert FlagCode.POSSIBLE_DUPLICATE not in flags(aws, other)


def test_a_cancelled_draft_is_no_reason_to_stop_the_next_one_and_a_third_is_stopped_by_the_second(aws):
    first, second, third = (read(aws, tenant_id="cancelled", document=a_document()) for _ in range(3))
    flags(aws, first)
    touched(aws, first, status=TransferStatus.CANCELLED, cancelled_by="bob")
    assert FlagCode.POSSIBLE_DUPLICATE not in flags(aws, second)
    assert FlagCode.POSSIBLE_DUPLICATE in flags(aws, third)


def test_copies_that_are_given_up_never_push_the_payment_they_copy_out_of_the_memory(aws):
    paid, *copies = (
        read(aws, an_invoice(issue_date=None), tenant_id="pushed", document=a_document()) for _ in range(42)
    )
    flags(aws, paid)
    for copy in copies:
        assert FlagCode.POSSIBLE_DUPLICATE in flags(aws, copy)
        touched(aws, copy, status=TransferStatus.CANCELLED, cancelled_by="bob")


def test_a_next_attempt_is_no_duplicate_of_the_one_before(aws):
    job = read(aws, tenant_id="attempts", document=a_document())
    flags(aws, job)
    assert FlagCode.POSSIBLE_DUPLICATE not in flags(aws, next_attempt(aws, job))


def test_nobody_elses_invoices_are_duplicates(aws):
    first, second = (read(aws, tenant_id=tenant, document=a_document()) for tenant in ("mine", "theirs"))
    flags(aws, first)
    assert FlagCode.POSSIBLE_DUPLICATE not in flags(aws, second)


def test_of_two_copies_drafted_at_the_same_moment_one_is_flagged(aws):
    """Each has looked before the other writes: the second write is refused, and looks again."""
    one, other = (read(aws, tenant_id="racers", document=a_document()) for _ in range(2))
    jobs, counterparties = JobStore(aws["JobsTable"]), CounterpartyStore(aws["CounterpartiesTable"])

    class Overtaken(TransferStore):
        overtaken = False

        def remembered(self, tenant_id, keys):
            seen = super().remembered(tenant_id, keys)
            if not self.overtaken:
                self.overtaken = True
                draft(aws, other)
            return seen

    desk = Desk(jobs, Overtaken(aws["TransfersTable"]), counterparties)
    outcome = drafted(Papers(one, an_invoice(), NOT_FOUND), desk, now=one.updated_at)
    assert FlagCode.POSSIBLE_DUPLICATE in outcome.flags
    assert FlagCode.POSSIBLE_DUPLICATE not in {flag.code for flag in stored(aws, other).flags}


def test_an_amount_out_of_proportion_to_the_suppliers_others_is_flagged(aws):
    for month, amount in enumerate(("100.00", "110.00", "120.00"), 1):
        usual = an_invoice(number=f"M{month}", issue_date=date(2026, month, 1), total=Decimal(amount), subtotal=None)
        assert FlagCode.AMOUNT_OUTLIER not in flags(aws, read(aws, usual, tenant_id="outliers"))
    high = an_invoice(number="M9", issue_date=date(2026, 9, 1), total=Decimal("330.01"), subtotal=None)
    assert FlagCode.AMOUNT_OUTLIER in flags(aws, read(aws, high, tenant_id="outliers"))


def test_a_payee_that_was_deactivated_is_warned_about(aws):
    party, _, _ = on_file(aws, active=False)
    job = read(aws)
    assert flags(aws, job) == {FlagCode.NEW_COUNTERPARTY, FlagCode.PAYEE_INACTIVE}
    [flag] = [one for one in stored(aws, job).flags if one.code is FlagCode.PAYEE_INACTIVE]
    assert party.counterparty_id in {proof.about for proof in flag.evidence}
