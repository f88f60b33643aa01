"""Corebanq's answers, compared field by field with the example its documents print."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_invoices_v2.schemas import JobResponseV1, JobResponseV2, OcrRequestV1, OcrRequestV2, Result
from api_invoices_v2.translate import Reading, accepted_v1, accepted_v2, response_v1, response_v2
from paydraft.model.counterparty import Candidate, CounterpartyType, MatchKind, MatchOutcome, MatchReason
from paydraft.model.errors import EncryptedDocumentError, EngineError
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import Address, Invoice, Party
from paydraft.model.status import Status
from paydraft.model.transfer import BLOCKING_FLAGS, NO_DRAFT_TEXT, FlagCode, NoDraft
from paydraft.runtime.json_body import to_json
from tests.builders import IBANS, NOW, a_counterparty, a_job, an_account, an_id, an_invoice

FACTS = Path(__file__).parent / "facts"
EXAMPLE = json.loads((FACTS / "corebanq_job_response_v2.json").read_text())
CONTRACT = json.loads((FACTS / "corebanq_contract.json").read_text())
CUSTOMER = "160c0c4b-9966-4dc1-a916-8407eb10d74e"


def a_full_answer() -> tuple[Any, Reading]:
    party = a_counterparty(
        type=CounterpartyType.INDIVIDUAL,
        email="muster@example.com",
        customer_id=CUSTOMER,
        address=Address(street="Hauptstraße 1", city="Bonn", postal_code="53111", state="NRW", country="DE"),
    )
    account = an_account(party, bic="COBADEFFXXX")
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id, account_id=account.account_id)
    job = a_job(status=Status.COMPLETED, match=match, transfer_id=an_id(), completed_at=NOW)
    seller = Party(name="Muster GmbH", email="muster@example.com")
    return job, Reading(an_invoice(seller=seller, reference="RF18539007547034"), party, account)


def on_the_wire(response: JobResponseV1 | JobResponseV2) -> Any:
    return json.loads(to_json(response))


def kind_of(value: Any) -> str:
    """The kind of a value as the example shows it: the name of its JSON type, or of the format of its text."""
    if not isinstance(value, str):
        return type(value).__name__
    for name, reads in (("uuid", UUID), ("moment", _moment)):
        try:
            reads(value)
        except ValueError:
            continue
        return name
    return "str"


def _moment(text: str) -> datetime:
    if not text.endswith("Z") or "T" not in text:
        raise ValueError(text)
    return datetime.fromisoformat(text)


def leaves(value: Any, path: str = "") -> dict[str, str]:
    if not isinstance(value, dict):
        return {path: kind_of(value)}
    found: dict[str, str] = {}
    for name, part in value.items():
        found |= leaves(part, f"{path}.{name}" if path else name)
    return found


def test_a_completed_job_has_every_field_of_the_example_with_its_type_and_in_its_order():
    answer = on_the_wire(response_v2(*a_full_answer()))
    ours = {name: value for name, value in answer.items() if name not in CONTRACT["extensions"]}
    assert list(leaves(ours).items()) == list(leaves(EXAMPLE).items())


def test_what_is_ours_stands_behind_the_documented_fields():
    answer = on_the_wire(response_v2(*a_full_answer()))
    assert list(answer) == [*EXAMPLE, *CONTRACT["extensions"]]


def test_a_job_without_match_draft_or_readable_field_still_has_the_shape_of_the_example():
    job = a_job(status=Status.COMPLETED, no_draft=NoDraft.NO_TOTAL)
    answer = on_the_wire(response_v2(job, Reading(Invoice())))
    assert list(answer) == [*EXAMPLE, *CONTRACT["extensions"]]
    assert answer["result"] == dict.fromkeys(EXAMPLE["result"], "")
    unknown = ["transfer_id", "transaction_id", "counterparty_id", "cp_account_id", "recipient"]
    assert [answer[name] for name in unknown] == [None] * 5
    assert answer["counterparty_match"] == answer["recipient_match"] == "not_found"
    assert answer["message"] == NO_DRAFT_TEXT[NoDraft.NO_TOTAL]


def test_the_fields_promised_at_status_200_are_filled():
    answer = on_the_wire(response_v2(*a_full_answer()))
    assert answer["status"] == 200
    assert all(answer[name] for name in CONTRACT["populated_at_200"])


@pytest.mark.parametrize("field", CONTRACT["mirrors"])
def test_v1_names_mirror_v2_names(field):
    answer = on_the_wire(response_v2(*a_full_answer()))
    assert answer[field] == answer[CONTRACT["mirrors"][field]]


def test_enumerations_say_no_word_that_was_not_agreed():
    assert [kind.value for kind in MatchKind] == CONTRACT["enums"]["counterparty_match"]
    assert [kind.value for kind in CounterpartyType] == CONTRACT["enums"]["recipient.type"]


def test_the_values_read_are_strings_as_documented():
    job, reading = a_full_answer()
    assert on_the_wire(response_v2(job, reading))["result"] == {
        "total": "1190.00",
        "customer_name": "Muster GmbH",
        "customer_email": "muster@example.com",
        "currency_code": "EUR",
        "currency_symbol": "€",
        "due_date": "2026-12-02",
        "subtotal": "1000.00",
        "sales_tax_percentage": "19.00",
        "sales_tax_amount": "190.00",
        "invoice_number": "RE-2026-0042",
        "reference": "RF18539007547034",
        "bic": "COBADEFFXXX",
        "iban": IBANS[0],
    }


@pytest.mark.parametrize(
    ("currency", "total", "written"),
    [
        ("EUR", "1234.5", "1234.50"),
        ("JPY", "1500", "1500"),
        ("KWD", "1.5", "1.500"),
        (None, "12", "12.00"),
        (None, "12.345", "12.345"),
        ("EUR", "12.345", "12.345"),
        ("EUR", "1E+3", "1000.00"),
        ("EUR", "123456789012345678901234567890.12", "123456789012345678901234567890.12"),
    ],
)
def test_an_amount_has_its_currencys_decimals_and_nothing_is_rounded_away(currency, total, written):
    reading = Reading(an_invoice(currency=currency, total=Decimal(total)))
    assert response_v1(a_job(status=Status.COMPLETED), reading).result.total == written


def test_the_recipient_is_the_payee_on_file_when_one_was_found():
    job, reading = a_full_answer()
    recipient = response_v2(job, reading).recipient
    assert recipient.id == job.match.counterparty_id
    assert (recipient.legal_name, recipient.iban) == (reading.counterparty.legal_name, IBANS[0])


def test_a_payee_known_by_vat_number_alone_never_vouches_for_the_iban_on_the_page():
    party = a_counterparty()
    match = MatchOutcome(kind=MatchKind.FOUND, counterparty_id=party.counterparty_id)
    answer = response_v2(a_job(status=Status.COMPLETED, match=match), Reading(an_invoice(), party))
    assert answer.recipient.iban == ""
    assert answer.cp_account_id is None
    assert answer.result.iban == IBANS[0]


def test_without_a_match_the_recipient_is_what_the_page_says_and_has_no_id():
    seller = Party(name="Neu AG", address=Address(lines=("Weg 3", "8001 Zürich")))
    job = a_job(
        status=Status.COMPLETED, match=MatchOutcome(kind=MatchKind.NOT_FOUND), customer_id=CUSTOMER, transfer_id=an_id()
    )
    recipient = on_the_wire(response_v2(job, Reading(an_invoice(seller=seller))))["recipient"]
    assert recipient == {
        "id": None,
        "legal_name": "Neu AG",
        "email": "",
        "iban": IBANS[0],
        "bic": "COBADEFFXXX",
        "type": None,
        "customer_id": CUSTOMER,
        "address": {"street": "Weg 3, 8001 Zürich", "city": "", "zip": "", "country": "", "state": ""},
        "created_at": None,
    }


def test_an_ambiguous_match_names_its_candidates_and_chooses_none():
    one = Candidate(counterparty_id=an_id(), account_id=an_id(), score=0.9, reasons=(MatchReason.IBAN,))
    two = Candidate(counterparty_id=an_id(), score=0.8, reasons=(MatchReason.VAT_NUMBER,))
    match = MatchOutcome(kind=MatchKind.AMBIGUOUS, candidates=(one, two))
    job = a_job(status=Status.COMPLETED, match=match, transfer_id=an_id())
    answer = on_the_wire(response_v2(job, Reading(an_invoice())))
    assert answer["counterparty_match"] == "ambiguous"
    assert answer["counterparty_id"] is None
    assert [list(candidate) for candidate in answer["candidates"]] == [CONTRACT["extensions"]["candidates"]] * 2
    assert answer["candidates"][1] == {
        "counterparty_id": str(two.counterparty_id),
        "cp_account_id": None,
        "score": 0.8,
        "reasons": ["vat_number"],
    }


def test_review_tells_flags_and_findings_once_and_the_gravest_first():
    findings = (
        Finding(code="low_contrast", severity=Severity.INFO, message="The scan is pale."),
        Finding(code="amount_mismatch", severity=Severity.WARNING, message="Sums differ.", field="total"),
        Finding(code="number_unclear", severity=Severity.WARNING, message="Look.", field="number"),
    )
    flags = (FlagCode.DUE_DATE_PAST, FlagCode.AMOUNT_MISMATCH)
    job = a_job(status=Status.COMPLETED, flags=flags, transfer_id=an_id())
    review = on_the_wire(response_v2(job, Reading(an_invoice(findings=findings))))["review"]
    assert [(entry["code"], entry["field"], entry["severity"]) for entry in review] == [
        ("amount_mismatch", "total", "error"),
        ("due_date_past", "due_date", "warning"),
        ("number_unclear", "invoice_number", "warning"),
        ("low_contrast", None, "info"),
    ]
    assert all(list(entry) == CONTRACT["extensions"]["review"] for entry in review)


def test_a_post_answers_exactly_what_is_known_then():
    job = a_job(status=Status.COMPLETED, transfer_id=an_id())  # a replay, long after
    assert list(on_the_wire(accepted_v2(job))) == CONTRACT["populated_at_post"]["v2"]
    assert list(on_the_wire(accepted_v1(job))) == CONTRACT["populated_at_post"]["v1"]
    assert accepted_v1(job).status == accepted_v2(job).status == 202


@pytest.mark.parametrize("error", [EncryptedDocumentError, EngineError])
def test_a_failed_job_says_why_and_what_to_do_in_the_same_typed_body(error):
    answer = on_the_wire(response_v2(a_job(status=Status.FAILED, failure=error().failure)))
    assert set(answer) == {"job_id", "status", "upload_id", "message", "review"}
    assert answer["message"] == error.text
    assert [(entry["code"], entry["severity"]) for entry in answer["review"]] == [(error.code, "error")]


def test_v1_is_pure_extraction():
    job, reading = a_full_answer()
    answer = on_the_wire(response_v1(job, reading))
    assert list(answer) == CONTRACT["v1_fields"]
    assert list(answer["result"]) == list(EXAMPLE["result"])
    assert list(on_the_wire(response_v1(a_job()))) == ["job_id", "status", "message"]


def test_the_requests_of_the_documents_are_taken():
    bodies = CONTRACT["requests"]
    assert OcrRequestV1(**bodies["POST /v1/invoices/ocr"]).base64_file
    assert OcrRequestV2(**bodies["POST /v2/invoices/ocr"]).customer_id == CUSTOMER


def test_every_value_of_result_is_a_string_in_the_type_too():
    assert {field.annotation for field in Result.model_fields.values()} == {str}
    assert not any(get_args(field.annotation) for field in Result.model_fields.values())


WORDS = st.text(st.characters(codec="utf-8"), max_size=20) | st.none()
AMOUNTS = st.decimals(-(10**12), 10**12, places=3, allow_nan=False) | st.none()


@given(
    invoice=st.builds(
        Invoice,
        number=WORDS,
        reference=WORDS,
        due_date=st.dates() | st.none(),
        currency=st.sampled_from(["EUR", "JPY", "KWD", "CLF", None]),
        total=AMOUNTS,
        subtotal=AMOUNTS,
        tax=AMOUNTS,
        tax_rate=AMOUNTS,
        seller=st.builds(Party, name=WORDS, email=WORDS),
        line_items=st.just(()),
        taxes=st.just(()),
        evidence=st.just({}),
        findings=st.just(()),
    ),
    kind=st.sampled_from(MatchKind),
    flags=st.lists(st.sampled_from(FlagCode), unique=True),
    no_draft=st.sampled_from(NoDraft) | st.none(),
)
def test_whatever_was_read_the_answer_has_the_shape_and_loses_nothing(invoice, kind, flags, no_draft):
    job = a_job(
        status=Status.COMPLETED, match=MatchOutcome(kind=kind), flags=tuple(flags), no_draft=no_draft, completed_at=NOW
    )
    answer = on_the_wire(response_v2(job, Reading(invoice)))
    assert list(answer) == [*EXAMPLE, *CONTRACT["extensions"]]
    assert list(answer["result"]) == list(EXAMPLE["result"])
    assert all(isinstance(value, str) for value in answer["result"].values())
    for name, value in (("total", invoice.total), ("subtotal", invoice.subtotal), ("sales_tax_amount", invoice.tax)):
        assert answer["result"][name] == "" if value is None else Decimal(answer["result"][name]) == value
    assert [entry["code"] for entry in answer["review"]] == sorted(flags, key=lambda flag: flag not in BLOCKING_FLAGS)
    assert answer["message"].endswith(".")
