"""Every step of a transfer's life is the next version; none is skipped, and none is taken twice."""

import pytest

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.evidence import Severity
from paydraft.model.transfer import Clearing, Flag, FlagCode, TransferStatus, Verification, VerificationResult
from paydraft.model.transfer_errors import NEXT, TransferStateError
from paydraft.transfers.life import (
    Actor,
    approved,
    discarded,
    edited,
    exported,
    finalized,
    is_finalized,
    rejected,
)
from paydraft.transfers.verification import NobodyToAsk
from tests.builders import NOW, a_draft, after, an_id

LATER = after(minutes=1)
ALICE, BOB = Actor("alice", is_person=True), Actor("bob", is_person=True)
ASKED = Verification(result=VerificationResult.NOT_POSSIBLE, provider="none", checked_at=NOW)
STEPS = {
    "edited": (lambda one: edited(one, BOB, {"customer_id": "c"}, at=LATER), {TransferStatus.DRAFT}),
    "finalized": (lambda one: finalized(one, BOB, ASKED, at=LATER), {TransferStatus.DRAFT}),
    "discarded": (lambda one: discarded(one, BOB, at=LATER), {TransferStatus.DRAFT}),
    "approved": (lambda one: approved(one, BOB, at=LATER), {TransferStatus.PENDING_APPROVAL}),
    "rejected": (
        lambda one: rejected(one, BOB, "why", at=LATER),
        {TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED},
    ),
    "exported": (lambda one: exported(one, an_id(), at=LATER), {TransferStatus.APPROVED}),
}


@pytest.mark.parametrize("name", ["Jos\u00e9", "Jose\u0301", " JOSE\u0301 ", "JOS\u00c9", "\uff2aos\u00e9"])
def test_two_spellings_of_one_name_are_one_person(name):
    assert Actor("Jos\u00e9", is_person=True).is_called(name)
    assert not Actor("Jose", is_person=True).is_called(name)


@pytest.mark.parametrize("status", TransferStatus)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_from_its_own_states_only_and_makes_the_next_version(name, status):
    step, states = STEPS[name]
    before = a_draft(status=status, version=4)
    if status not in states:
        with pytest.raises(TransferStateError) as refused:
            step(before)
        assert refused.value.details == {"status": status, "next": NEXT[status]}
        return
    later = step(before)
    assert (later.version, later.updated_at) == (5, LATER)
    assert AuditEntry.of(before, later, Action.EDITED, "bob").after  # something was changed beside the version


def test_every_state_says_what_can_follow():
    assert NEXT.keys() == set(TransferStatus)


def test_what_was_asked_for_stays_asked_for_until_it_is_rejected():
    asked = {status for status in TransferStatus if is_finalized(a_draft(status=status))}
    assert asked == {TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED, TransferStatus.EXPORTED}


def test_editors_are_remembered_all_and_once_each():
    draft = a_draft()
    for actor in (BOB, ALICE, BOB):
        draft = edited(draft, actor, {}, at=LATER)
    assert (draft.editors, draft.edited_by) == (("bob", "alice"), "bob")


def test_an_exported_transfer_knows_its_payment_order():
    order_id = an_id()
    sent = exported(a_draft(status=TransferStatus.APPROVED), order_id, at=LATER)
    assert (sent.status, sent.order_id, sent.exported_at) == (TransferStatus.EXPORTED, order_id, LATER)


def test_a_rejected_transfer_is_touched_and_outlives_its_job():
    asked = finalized(a_draft(), BOB, ASKED, at=LATER)
    carol = Actor("carol", is_person=True)
    assert not rejected(asked, carol, "why", at=LATER).is_untouched


def test_a_flag_blocks_while_it_is_an_error_that_nobody_cleared():
    open_one = Flag(code=FlagCode.IBAN_CHANGED, severity=Severity.ERROR, text="…")
    cleared = open_one.model_copy(update={"cleared": Clearing(by="carol", at=NOW, note="called")})
    advice = Flag(code=FlagCode.DUE_DATE_PAST, severity=Severity.WARNING, text="…")
    assert [open_one.blocks, cleared.blocks, advice.blocks] == [True, False, False]


def test_by_default_nobody_can_be_asked_about_a_payee():
    told = NobodyToAsk().verify(a_draft().creditor, at=NOW)
    assert (told.result, told.checked_at, told.suggested_name) == (VerificationResult.NOT_POSSIBLE, NOW, None)
