"""What smells about a draft is said with it, and what smells of fraud stops it."""

from datetime import date
from decimal import Decimal

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Candidate, MatchKind, MatchOutcome, MatchReason
from paydraft.model.evidence import Alternative, Finding, Severity
from paydraft.model.history import Trace
from paydraft.model.invoice import DocumentType, Party
from paydraft.model.page import Source
from paydraft.model.transfer import BLOCKING_FLAGS, FlagCode, Proof
from paydraft.transfers.checks import CHECKS
from paydraft.transfers.draft import draft
from paydraft.transfers.duplicates import Past
from paydraft.transfers.flags import FLAG_OF_FINDING, TEXTS, flag
from tests.builders import IBANS, NOW, a_counterparty, a_job, an_account, an_evidence, an_id, an_invoice

GERMAN, FRENCH = Iban(IBANS[0]), Iban(IBANS[1])
PAYEE = a_counterparty(vat_number="DE123456789")
ACCOUNT = an_account(PAYEE)
BOTH = (MatchReason.IBAN, MatchReason.VAT_NUMBER)
NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)
LATER = {FlagCode.REPROCESSED_DIFFERS}


def found(*reasons, account=True):
    ids = {"counterparty_id": PAYEE.counterparty_id, "account_id": ACCOUNT.account_id if account else None}
    return MatchOutcome(kind=MatchKind.FOUND, candidates=(Candidate(score=1, reasons=reasons, **ids),), **ids)


def flags_of(invoice=None, match=None, counterparty=PAYEE, account=ACCOUNT, **known):
    invoice = invoice or an_invoice()
    made = draft(a_job(), invoice, match or found(*BOTH), counterparty, account, now=NOW, today=NOW.date(), **known)
    return {one.code: one for one in made.flags}


def from_vat(*vat_number, country_iban=GERMAN):
    """An unknown payee's invoice with this VAT number and account."""
    seller = Party(name="Neu", vat_number=vat_number[0] if vat_number else None)
    return flags_of(an_invoice(seller=seller, iban=country_iban), NOT_FOUND, None, None)


def test_a_known_payee_with_its_own_account_and_a_clean_invoice_raises_no_flag():
    assert flags_of() == {}


def test_a_known_payee_with_a_new_account_is_flagged():
    flags = flags_of(an_invoice(iban=FRENCH), found(MatchReason.VAT_NUMBER, account=False), PAYEE, None)
    assert FlagCode.IBAN_CHANGED in flags


def test_the_same_account_written_differently_is_no_change():
    spaced = Iban("DE89 3704 0044 0532 0130 00")
    assert FlagCode.IBAN_CHANGED not in flags_of(an_invoice(iban=spaced))


def test_a_known_payee_whose_invoice_names_no_account_has_not_changed_it():
    flags = flags_of(an_invoice(iban=None), found(MatchReason.VAT_NUMBER, account=False), PAYEE, None)
    assert FlagCode.IBAN_CHANGED not in flags


def test_an_account_of_another_counterparty_than_the_vat_number_is_flagged():
    other = a_counterparty()
    ambiguous = MatchOutcome(
        kind=MatchKind.AMBIGUOUS,
        candidates=(
            Candidate(counterparty_id=other.counterparty_id, account_id=None, score=0.9, reasons=(MatchReason.IBAN,)),
            Candidate(counterparty_id=PAYEE.counterparty_id, score=0.8, reasons=(MatchReason.VAT_NUMBER,)),
        ),
    )
    flags = flags_of(match=ambiguous, counterparty=None, account=None)
    assert FlagCode.IBAN_OTHER_COUNTERPARTY in flags
    assert FlagCode.NEW_COUNTERPARTY not in flags


def test_two_payees_under_one_vat_number_say_nothing_about_the_account():
    twins = tuple(
        Candidate(counterparty_id=a_counterparty().counterparty_id, score=0.8, reasons=(MatchReason.VAT_NUMBER,))
        for _ in range(2)
    )
    flags = flags_of(match=MatchOutcome(kind=MatchKind.AMBIGUOUS, candidates=twins), counterparty=None, account=None)
    assert FlagCode.IBAN_OTHER_COUNTERPARTY not in flags


@pytest.mark.parametrize(
    ("vat_number", "iban", "flagged"),
    [
        ("DE123456789", GERMAN, False),
        ("DE123456789", FRENCH, True),
        ("de123456789", GERMAN, False),
        ("EL123456789", Iban("GR1601101250000000012300695"), False),
        ("XI123456789", Iban(IBANS[5]), False),
        ("CHE123456789", Iban(IBANS[3]), False),
        ("CHE123456789", Iban("LI21088100002324013AA"), False),
        ("FR83404833048", Iban("MC5811222000010123456789030"), False),
        ("DE123456789", Iban("MC5811222000010123456789030"), True),
        ("12345", FRENCH, False),
        (None, FRENCH, False),
        ("DE123456789", None, False),
    ],
)
def test_an_account_in_another_country_than_the_vat_number_is_flagged(vat_number, iban, flagged):
    assert (FlagCode.IBAN_COUNTRY_MISMATCH in from_vat(vat_number, country_iban=iban)) is flagged


def test_the_vat_number_on_file_is_asked_when_the_page_shows_none():
    account = an_account(PAYEE, iban=FRENCH)
    invoice = an_invoice(iban=FRENCH, seller=Party(name="Muster"))
    assert FlagCode.IBAN_COUNTRY_MISMATCH in flags_of(invoice, found(MatchReason.IBAN), PAYEE, account)


def test_a_foreign_account_that_is_on_file_beside_the_vat_number_is_no_news():
    account = an_account(PAYEE, iban=FRENCH)
    assert flags_of(an_invoice(iban=FRENCH), found(*BOTH), PAYEE, account) == {}


@pytest.mark.parametrize(("finding", "code"), FLAG_OF_FINDING.items())
def test_what_extraction_found_becomes_its_flag_with_the_field_concerned(finding, code):
    said = Finding(code=finding, severity=Severity.WARNING, message="…", field="some.field")
    assert flags_of(an_invoice(findings=(said, said)), NOT_FOUND, None, None)[code].field == "some.field"


@pytest.mark.parametrize("code", ["several_accounts", "claim_assigned"])
def test_several_accounts_or_payees_on_the_page_are_settled_by_the_account_that_is_on_file(code):
    said = Finding(code=code, severity=Severity.WARNING, message="…", field="iban")
    assert flags_of(an_invoice(findings=(said,))) == {}
    new_account = flags_of(an_invoice(findings=(said,)), found(MatchReason.VAT_NUMBER, account=False), PAYEE, None)
    assert FlagCode.PAYMENT_DATA_CONFLICT in new_account


@pytest.mark.parametrize(
    ("amounts", "flagged"),
    [
        ({"subtotal": "1000.00", "tax": "190.00", "total": "1190.00"}, False),
        ({"subtotal": "1000.00", "tax": "190.00", "total": "1290.00"}, True),
        ({"subtotal": "1000.00", "tax": "190.00", "total": "1190.05"}, False),
        ({"subtotal": "1000.00", "tax": "190.00", "total": "1190.06"}, True),
        ({"subtotal": "1000.00", "tax": "171.00", "total": "1081.00", "discount": "90.00"}, False),
        ({"subtotal": "1000.00", "tax": "190.00", "total": "1200.00", "shipping": "10.00"}, False),
        ({"subtotal": None, "tax": "190.00", "total": "1290.00"}, False),
        ({"subtotal": "1000.00", "tax": None, "total": "1290.00"}, False),
    ],
)
def test_a_total_that_is_not_net_plus_tax_is_flagged(amounts, flagged):
    values = {name: value and Decimal(value) for name, value in amounts.items()}
    assert (FlagCode.AMOUNT_MISMATCH in flags_of(an_invoice(**values))) is flagged


def test_a_sum_that_extraction_saw_to_hold_is_not_doubted():
    """With a fee or a discount that has no field of its own."""
    evidence = {"total": an_evidence("1200.00", checks=("net_plus_tax",))}
    assert FlagCode.AMOUNT_MISMATCH not in flags_of(an_invoice(total=Decimal("1200.00"), evidence=evidence))


def test_a_finding_that_is_no_matter_of_payment_becomes_no_flag():
    said = Finding(code="language_unknown", severity=Severity.INFO, message="…")
    assert flags_of(an_invoice(findings=(said,))) == {}


def test_a_page_that_names_the_tenants_own_account_is_in_conflict_with_itself():
    own = MatchOutcome(kind=MatchKind.NOT_FOUND, own_account=True)
    assert list(flags_of(match=own, counterparty=None, account=None)) == [FlagCode.PAYMENT_DATA_CONFLICT]


def test_a_payee_not_on_file_is_new():
    assert FlagCode.NEW_COUNTERPARTY in flags_of(match=NOT_FOUND, counterparty=None, account=None)


@pytest.mark.parametrize(
    ("due", "flagged"),
    [(date(2026, 11, 19), True), (date(2026, 11, 20), False), (date(2027, 1, 1), False), (None, False)],
)
def test_a_due_date_before_today_is_past(due, flagged):
    assert (FlagCode.DUE_DATE_PAST in flags_of(an_invoice(due_date=due))) is flagged


def test_an_amount_in_another_currency_than_euro_is_no_sepa_transfer():
    assert FlagCode.CURRENCY_NOT_SEPA in flags_of(an_invoice(currency="CHF"))


@pytest.mark.parametrize("field", ["total", "currency"])
def test_a_field_that_decides_the_payment_and_was_hard_to_read_is_flagged(field):
    invoice = an_invoice()
    doubtful = invoice.evidence | {field: an_evidence("…", confidence=0.79)}
    assert flags_of(invoice.model_copy(update={"evidence": doubtful}))[FlagCode.LOW_CONFIDENCE].field == field


def test_the_confidence_that_counts_is_that_of_the_amount_to_pay():
    evidence = {"total": an_evidence("1190.00", confidence=0.2), "amount_due": an_evidence("690.00")}
    invoice = an_invoice(amount_due=Decimal("690.00"), evidence=evidence)
    assert FlagCode.LOW_CONFIDENCE not in flags_of(invoice)


def test_a_doubtful_iban_is_flagged_unless_it_is_on_file():
    doubtful = an_invoice(evidence={"iban": an_evidence(GERMAN, confidence=0.5)})
    assert FlagCode.LOW_CONFIDENCE not in flags_of(doubtful)
    assert flags_of(doubtful, NOT_FOUND, None, None)[FlagCode.LOW_CONFIDENCE].field == "iban"


def test_a_document_of_no_known_kind_is_to_be_compared():
    flags = flags_of(an_invoice(document_type=DocumentType.OTHER))
    assert flags[FlagCode.LOW_CONFIDENCE].field == "document_type"


def test_a_flag_is_an_error_exactly_if_it_stops_approval():
    assert {code for code in FlagCode if flag(code, "iban").severity is Severity.ERROR} == BLOCKING_FLAGS


def test_every_flag_has_a_text_that_says_what_to_do():
    assert TEXTS.keys() == set(FlagCode)
    for text in TEXTS.values():
        assert text.endswith(".")
        assert 60 < len(text) < 250


@pytest.mark.parametrize("code", [code for code in FlagCode if code.startswith("iban_")])
def test_whoever_is_to_ask_about_an_account_is_told_not_to_call_the_number_on_the_invoice(code):
    assert "on file, not one from the invoice" in TEXTS[code].replace("\n", " ")


def test_every_code_is_decided_here_or_by_comparing_drafts():
    assert set(CHECKS) | LATER == set(FlagCode)
    assert not set(CHECKS) & LATER


def test_blocking_flags_come_first():
    blocking = [code in BLOCKING_FLAGS for code in CHECKS]
    assert blocking == sorted(blocking, reverse=True)


# ── What a flag points at ─────────────────────────────────────────────────────────────────────────────────────────────


def a_trace(amount=1000, **fields):
    defaults = {"transfer_id": an_id(), "number": "RE1", "minor_units": amount, "currency": "EUR", "seen": NOW.date()}
    return Trace(**(defaults | fields))


def test_a_flag_about_a_field_shows_where_it_stands_and_how_else_it_could_be_read():
    other = Alternative(value="2", raw="1 290,00", source=Source.OCR, confidence=0.4)
    evidence = {"total": an_evidence("1190.00", confidence=0.5, alternatives=(other,))}
    [first, second] = flags_of(an_invoice(evidence=evidence))[FlagCode.LOW_CONFIDENCE].evidence
    assert (first.kind, first.name, first.value, first.area.page) == (Proof.PAGE, "total", "1190.00", 1)
    assert second.value == "1 290,00"


def test_a_changed_account_points_at_the_payee_whose_it_should_be():
    flags = flags_of(an_invoice(iban=FRENCH), found(MatchReason.VAT_NUMBER, account=False), PAYEE, None)
    page, party = flags[FlagCode.IBAN_CHANGED].evidence
    assert (page.value, party.about) == (FRENCH, PAYEE.counterparty_id)


def test_a_duplicate_points_at_the_transfers_it_resembles_and_says_by_what():
    one, other = a_trace(), a_trace()
    flag = flags_of(past=Past(same_number=(one,), same_file=(one, other)))[FlagCode.POSSIBLE_DUPLICATE]
    told = {(proof.name, proof.about) for proof in flag.evidence if proof.kind is Proof.TRANSFER}
    assert told == {("same_file", one.transfer_id), ("same_file", other.transfer_id)}
    assert flag.severity is Severity.ERROR


def test_an_amount_out_of_proportion_names_the_usual_one():
    flag = flags_of(past=Past(supplier=(a_trace(9_00), a_trace(10_00), a_trace(11_00))))[FlagCode.AMOUNT_OUTLIER]
    assert {proof.name: proof.value for proof in flag.evidence if proof.kind is Proof.FIGURE} == {
        "median": "10.00 EUR",
        "invoices": "3",
    }
    assert flag.severity is Severity.WARNING


def test_a_deactivated_payee_is_a_warning_that_names_it():
    [proof] = [
        one for one in flags_of(inactive=(PAYEE.counterparty_id,))[FlagCode.PAYEE_INACTIVE].evidence if one.about
    ]
    assert proof.about == PAYEE.counterparty_id


def test_an_account_on_file_beside_a_strangers_name_is_flagged_unless_the_vat_number_agrees():
    by_account, by_both = found(MatchReason.IBAN), found(*BOTH)
    alike, strange = {"name_likeness": 0.95}, {"name_likeness": 0.2}
    assert FlagCode.IBAN_OTHER_COUNTERPARTY in flags_of(match=by_account.model_copy(update=strange))
    assert FlagCode.IBAN_OTHER_COUNTERPARTY not in flags_of(match=by_account.model_copy(update=alike))
    assert FlagCode.IBAN_OTHER_COUNTERPARTY not in flags_of(match=by_both.model_copy(update=strange))
