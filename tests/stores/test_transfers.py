"""A job has one draft, however often and by whichever attempt it is drafted."""

from decimal import Decimal
from uuid import UUID

import pytest

from paydraft.model.bank_account import Bic
from paydraft.model.evidence import Severity
from paydraft.model.invoice import ReferenceKind
from paydraft.model.money import Money
from paydraft.model.transfer import Creditor, Flag, FlagCode, Remittance, TransferStatus
from tests.builders import TENANT, a_draft, a_job, after, an_id


def euros(amount):
    return Money(amount=Decimal(amount), currency="EUR")


def changed(transfers, stack, draft, **values):
    """What a person's edit or approval leaves behind."""
    transfers._table.update(
        {"tenant_id": draft.tenant_id, "sk": f"TRF#{draft.transfer_id}"},
        "SET " + ", ".join(f"#{name} = :{name}" for name in values),
        condition="attribute_exists(#sk)",
        **values,
    )


def test_a_draft_comes_back_as_it_was_made(transfers):
    draft = a_draft(
        creditor=Creditor(name="Müller & Söhne", bic=Bic("COBADEFFXXX")),
        remittance=Remittance(kind=ReferenceKind.TEXT, text="RE-1"),
        flags=(Flag(code=FlagCode.IBAN_CHANGED, severity=Severity.ERROR, text="Call them."),),
        account_id=an_id(),
    )
    assert transfers.put_draft(draft) == draft
    assert transfers.get(TENANT, draft.transfer_id) == draft


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("1190.00", "EUR", "119000"), ("500", "JPY", "500"), ("1.234", "KWD", "1234"), ("-3.10", "CHF", "-310")],
)
def test_money_is_stored_in_minor_units(transfers, stack, amount, currency, units):
    draft = a_draft(amount=Money(amount=Decimal(amount), currency=currency))
    transfers.put_draft(draft)
    key = {"tenant_id": {"S": TENANT}, "sk": {"S": f"TRF#{draft.transfer_id}"}}
    item = transfers._table._db.get_item(TableName=stack["TransfersTable"], Key=key)["Item"]
    assert item["amount"] == {"M": {"minor_units": {"N": units}, "currency": {"S": currency}}}
    assert transfers.get(TENANT, draft.transfer_id).amount == draft.amount


def test_drafting_again_gives_the_same_draft(transfers):
    job = a_job()
    first, second = a_draft(job), a_draft(job, created_at=after(seconds=9), updated_at=after(seconds=9))
    assert first.transfer_id == second.transfer_id
    transfers.put_draft(first)
    stored = transfers.put_draft(second)
    assert (stored.created_at, stored.updated_at) == (first.created_at, second.updated_at)


def test_a_later_attempt_rewrites_an_untouched_draft_completely(transfers):
    job = a_job()
    transfers.put_draft(a_draft(job, account_id=an_id(), customer_id="c-1"))
    later = a_draft(job.model_copy(update={"attempt": 2}), amount=euros("5.00"))
    assert transfers.put_draft(later) == later
    assert transfers.get(TENANT, later.transfer_id).account_id is None


def test_an_attempt_that_was_given_up_does_not_overwrite_its_successors_draft(transfers):
    job = a_job()
    later = transfers.put_draft(a_draft(job.model_copy(update={"attempt": 2}), amount=euros("5.00")))
    assert transfers.put_draft(a_draft(job)) == later
    assert transfers.get(TENANT, later.transfer_id) == later


def test_a_draft_that_a_person_edited_stays_as_it_is(transfers, stack):
    job = a_job()
    draft = transfers.put_draft(a_draft(job))
    changed(transfers, stack, draft, edited_by="bob", amount=euros("7.00"))
    stored = transfers.put_draft(a_draft(job.model_copy(update={"attempt": 2})))
    assert (stored.attempt, stored.edited_by, stored.amount) == (1, "bob", euros("7.00"))


@pytest.mark.parametrize("status", [status for status in TransferStatus if status is not TransferStatus.DRAFT])
def test_only_a_draft_is_rewritten(transfers, stack, status):
    job = a_job()
    draft = transfers.put_draft(a_draft(job))
    changed(transfers, stack, draft, status=status)
    assert transfers.put_draft(a_draft(job.model_copy(update={"attempt": 2}))).status is status
    assert transfers.get(TENANT, draft.transfer_id).attempt == 1


def test_what_a_later_release_wrote_on_a_draft_survives_a_rewrite(transfers, stack):
    job = a_job()
    draft = transfers.put_draft(a_draft(job))
    changed(transfers, stack, draft, mood="sunny")
    transfers.put_draft(a_draft(job))
    key = {"tenant_id": {"S": TENANT}, "sk": {"S": f"TRF#{draft.transfer_id}"}}
    assert transfers._table._db.get_item(TableName=stack["TransfersTable"], Key=key)["Item"]["mood"] == {"S": "sunny"}


def test_a_transfer_is_none_under_another_tenant(transfers):
    draft = transfers.put_draft(a_draft())
    assert transfers.get("other", draft.transfer_id) is None
    assert transfers.get(TENANT, UUID(int=0)) is None
