"""A draft proposes what the page asks for, from file where the payee is known, and never more than was read."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.evidence import Finding, Severity
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import Address, DocumentType, Party, ReferenceKind
from paydraft.model.money import Money
from paydraft.model.transfer import NoDraft, Remittance
from paydraft.transfers.draft import draft
from tests.builders import IBANS, NOW, a_counterparty, a_job, an_account, an_invoice

NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)
TODAY = NOW.date()
PAYEE = a_counterparty(legal_name="Muster Holding GmbH", address=Address(city="Köln", country="DE"))
ACCOUNT = an_account(PAYEE, bic=Bic("COBADEFF"))
FOUND = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=PAYEE.counterparty_id, account_id=ACCOUNT.account_id)


def drafted(invoice=None, match=NOT_FOUND, counterparty=None, account=None, job=None):
    return draft(job or a_job(), invoice or an_invoice(), match, counterparty, account, now=NOW, today=TODAY)


def test_the_amount_is_what_is_due_and_else_the_total():
    assert drafted(an_invoice(total=Decimal("1190"))).amount == Money(amount="1190.00", currency="EUR")
    assert drafted(an_invoice(total=Decimal("1190"), amount_due=Decimal("690.00"))).amount.amount == Decimal("690.00")


def test_a_draft_belongs_to_its_job_and_its_uploader():
    job = a_job(subject="bob", customer_id="branch-7", attempt=2)
    made = drafted(job=job)
    assert made.transfer_id == transfer_id_of(job.job_id)
    assert (made.tenant_id, made.job_id, made.attempt, made.upload_id) == (job.tenant_id, job.job_id, 2, job.upload_id)
    assert (made.created_by, made.customer_id) == ("bob", "branch-7")


def test_the_same_input_gives_the_same_draft():
    job, invoice = a_job(), an_invoice()
    assert drafted(invoice, job=job) == drafted(invoice, job=job)


@pytest.mark.parametrize(
    ("document_type", "reason"),
    [
        (DocumentType.CREDIT_NOTE, NoDraft.CREDIT_NOTE),
        (DocumentType.RECEIPT, NoDraft.NOT_PAYABLE),
        (DocumentType.DIRECT_DEBIT, NoDraft.NOT_PAYABLE),
        (DocumentType.PAID_INVOICE, NoDraft.NOT_PAYABLE),
        (DocumentType.QUOTE, NoDraft.NOT_PAYABLE),
        (DocumentType.DELIVERY_NOTE, NoDraft.NOT_PAYABLE),
    ],
)
def test_what_asks_for_no_transfer_gets_none_even_with_all_payment_data(document_type, reason):
    assert drafted(an_invoice(document_type=document_type)) is reason


@pytest.mark.parametrize("document_type", [DocumentType.INVOICE, DocumentType.REMINDER, DocumentType.OTHER])
def test_an_invoice_a_reminder_and_a_bare_payment_slip_get_a_draft(document_type):
    assert not isinstance(drafted(an_invoice(document_type=document_type)), NoDraft)


def test_every_document_type_is_either_drafted_or_refused_for_a_reason():
    for document_type in DocumentType:
        assert drafted(an_invoice(document_type=document_type)) is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"total": None}, NoDraft.NO_TOTAL),
        ({"total": None, "currency": None}, NoDraft.NO_TOTAL),
        ({"currency": None}, NoDraft.NO_CURRENCY),
        ({"currency": None, "total": None, "amount_due": Decimal(5)}, NoDraft.NO_CURRENCY),
        ({"currency": "JPY", "total": Decimal("11.90")}, NoDraft.NO_TOTAL),
        ({"amount_due": Decimal(0)}, NoDraft.NOT_PAYABLE),
        ({"total": Decimal("-20.00")}, NoDraft.CREDIT_NOTE),
    ],
)
def test_without_a_positive_amount_in_a_currency_there_is_no_draft(changes, reason):
    assert drafted(an_invoice(**changes)) is reason


def test_several_invoices_in_one_file_get_no_draft():
    several = Finding(code="several_invoices", severity=Severity.ERROR, message="Pages 1-2, 3.")
    assert drafted(an_invoice(findings=(several,))) is NoDraft.SEVERAL_INVOICES


def test_a_payee_on_file_is_paid_as_on_file():
    made = drafted(an_invoice(bic=Bic("DEUTDEFF")), FOUND, PAYEE, ACCOUNT)
    assert (made.counterparty_id, made.account_id) == (PAYEE.counterparty_id, ACCOUNT.account_id)
    assert (made.creditor.name, made.creditor.iban, made.creditor.bic) == ("Muster Holding GmbH", IBANS[0], "COBADEFF")
    assert made.creditor.address == PAYEE.address


def test_a_bic_from_the_page_never_goes_with_an_account_on_file():
    account = ACCOUNT.model_copy(update={"bic": None})
    assert drafted(an_invoice(bic=Bic("DEUTDEFF")), FOUND, PAYEE, account).creditor.bic is None


def test_a_payee_without_this_account_on_file_keeps_its_name_beside_the_account_of_the_page():
    found = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=PAYEE.counterparty_id)
    made = drafted(an_invoice(iban=Iban(IBANS[1]), bic=None), found, PAYEE)
    assert (made.counterparty_id, made.account_id) == (PAYEE.counterparty_id, None)
    assert (made.creditor.name, made.creditor.iban) == ("Muster Holding GmbH", IBANS[1])


@pytest.mark.parametrize("kind", [MatchKind.NOT_FOUND, MatchKind.AMBIGUOUS])
def test_an_unknown_payee_is_drafted_as_printed_and_without_ids(kind):
    seller = Party(name="Neu & Söhne", address=Address(city="Bonn"))
    made = drafted(an_invoice(seller=seller), MatchOutcome(kind=kind))
    assert (made.counterparty_id, made.account_id) == (None, None)
    assert (made.creditor.name, made.creditor.address) == ("Neu & Söhne", Address(city="Bonn"))
    assert (made.creditor.iban, made.creditor.bic) == (IBANS[0], "COBADEFFXXX")


def test_the_tenants_own_account_is_left_out_of_the_draft():
    made = drafted(match=MatchOutcome(kind=MatchKind.NOT_FOUND, own_account=True))
    assert (made.creditor.iban, made.creditor.bic) == (None, None)


def test_an_invoice_without_an_account_still_gets_a_draft_for_a_person_to_complete():
    assert drafted(an_invoice(iban=None, bic=None)).creditor.iban is None


@pytest.mark.parametrize(
    ("kind", "reference", "number", "expected"),
    [
        (ReferenceKind.RF, "RF18 5390 0754 7034", "7", (ReferenceKind.RF, "RF18539007547034")),
        (ReferenceKind.RF, "RF19 5390 0754 7034", "7", (ReferenceKind.TEXT, "RF19 5390 0754 7034")),
        (
            ReferenceKind.QRR,
            "21 00000 00003 13947 14300 09017",
            "7",
            (ReferenceKind.QRR, "210000000003139471430009017"),
        ),
        (
            ReferenceKind.QRR,
            "21 00000 00003 13947 14300 09018",
            "7",
            (ReferenceKind.TEXT, "21 00000 00003 13947 14300 09018"),
        ),
        (ReferenceKind.NATIONAL, "+++090/9337/55493+++", "7", (ReferenceKind.NATIONAL, "+++090/9337/55493+++")),
        (ReferenceKind.TEXT, "Kunde 4711\n Rechnung 8", "7", (ReferenceKind.TEXT, "Kunde 4711 Rechnung 8")),
        (None, "4711", "7", (ReferenceKind.TEXT, "4711")),
        (None, None, "RE-7", (ReferenceKind.TEXT, "RE-7")),
        (ReferenceKind.TEXT, "  ", "RE-7", (ReferenceKind.TEXT, "RE-7")),
        (None, None, None, None),
        (None, "x" * 200, "7", (ReferenceKind.TEXT, "x" * 140)),
    ],
)
def test_the_reference_is_structured_when_its_check_holds_and_else_text(kind, reference, number, expected):
    made = drafted(an_invoice(reference=reference, reference_kind=kind, number=number))
    assert made.remittance == (Remittance(kind=expected[0], text=expected[1]) if expected else None)


@pytest.mark.parametrize(
    ("due", "requested"),
    [(date(2026, 12, 2), date(2026, 12, 2)), (TODAY, TODAY), (date(2026, 10, 1), TODAY), (None, None)],
)
def test_payment_is_requested_for_the_due_date_and_never_in_the_past(due, requested):
    assert drafted(an_invoice(due_date=due)).requested_date == requested


@given(st.decimals(min_value="0.01", max_value="999999999.99", places=2))
def test_an_amount_reaches_the_draft_exactly(amount):
    assert drafted(an_invoice(total=amount)).amount.amount == amount


@given(st.text(max_size=300), st.sampled_from([None, *ReferenceKind]))
def test_a_remittance_always_fits_the_payment_message(reference, kind):
    made = drafted(an_invoice(reference=reference, reference_kind=kind))
    assert 1 <= len(made.remittance.text) <= 140
