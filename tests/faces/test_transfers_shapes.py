"""What transfers answer is what their OpenAPI file says, field for field."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api_transfers import examples, order_wire, schemas, translate
from infra.tools.openapi import PUBLISHED
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Severity
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import CURRENCIES, Money
from paydraft.model.payment_order import Debtor, Obstacle, Refusal, StoredOrder
from paydraft.model.transfer import (
    AccountChoice,
    Clearing,
    Creditor,
    Flag,
    FlagCode,
    FlagEvidence,
    Proof,
    Remittance,
    TransferStatus,
    Verification,
    VerificationResult,
)
from paydraft.runtime.json_body import to_json
from paydraft.transfers.flags import TEXTS
from paydraft.transfers.payment_order import OBSTACLE_TEXT
from tests.builders import IBANS, NOW, a_draft, an_evidence, an_id, an_invoice

DOCUMENT = json.loads((PUBLISHED / "api_transfers.openapi.json").read_text())
# The fields of Corebanq's transfers that are documented, and must keep their names.
COREBANQ_FIELDS = {"customer_id", "amount", "source", "destination"}
COREBANQ_SELECTOR = {"counterparty_id", "cp_account_id"}
COREBANQ_EVENT = {"id", "transfer_id", "created_at", "created_by", "event_type", "from_status", "to_status"}


def a_full_transfer():
    place = an_evidence("DE…").area
    proofs = (
        FlagEvidence(kind=Proof.PAGE, name="iban", value="DE…", area=place),
        FlagEvidence(kind=Proof.TRANSFER, name="same_file", about=an_id()),
        FlagEvidence(kind=Proof.COUNTERPARTY, name="found", about=an_id()),
    )
    return a_draft(
        customer_id="c-1",
        status=TransferStatus.APPROVED,
        creditor=Creditor(
            name="Muster", iban=Iban(IBANS[0]), bic=Bic("COBADEFFXXX"), address=Address(city="Bonn", country="DE")
        ),
        counterparty_id=an_id(),
        account_id=an_id(),
        source=AccountChoice(counterparty_id=an_id(), account_id=an_id()),
        remittance=Remittance(kind=ReferenceKind.TEXT, text="RE-1"),
        requested_date=NOW.date(),
        invoice_number="RE-1",
        flags=(
            Flag(
                code=FlagCode.IBAN_CHANGED,
                severity=Severity.ERROR,
                text="Call them.",
                field="iban",
                evidence=proofs,
                cleared=Clearing(by="carol", at=NOW, note="called"),
            ),
        ),
        verification=Verification(
            result=VerificationResult.CLOSE_MATCH, provider="bank", checked_at=NOW, suggested_name="Muster GmbH"
        ),
        edited_by="bob",
        editors=("bob",),
        submitted_by="bob",
        submitted_at=NOW,
        approved_by="carol",
        approved_at=NOW,
        note="fine",
    )


def on_the_wire(value: Any) -> Any:
    return json.loads(to_json(value))


def valid(name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("transfer", [a_draft(creditor=Creditor()), a_full_transfer()], ids=["bare", "full"])
def test_a_transfer_is_as_described_and_every_field_is_there(transfer):
    wire = on_the_wire(translate.transfer(transfer))
    valid("Transfer", wire)
    assert list(wire) == list(schemas.Transfer.model_fields)


def test_documented_names_of_corebanq_are_kept():
    wire = on_the_wire(translate.transfer(a_full_transfer()))
    assert wire.keys() >= COREBANQ_FIELDS
    assert wire["source"].keys() == wire["destination"].keys() == COREBANQ_SELECTOR
    assert {"amount_minor", "currency"} <= wire["amount"].keys()


def an_export():
    """An order of one transfer, with another one left out."""
    transfer, left_out = a_full_transfer(), an_id()
    order = StoredOrder(
        order_id=an_id(),
        tenant_id=transfer.tenant_id,
        created_at=NOW,
        created_by="bob",
        source=AccountChoice(counterparty_id=an_id(), account_id=an_id()),
        debtor=Debtor(name="Acme", iban=Iban(IBANS[4])),
        asked=(left_out, transfer.transfer_id),
        transfer_ids=(transfer.transfer_id,),
        refused=(Refusal(transfer_id=left_out, reasons=(Obstacle.NOT_APPROVED,)),),
    )
    done = order.sealed((transfer.transfer_id,), b"<Document/>", "ab" * 32, at=NOW)
    return order_wire.export_of(done, {transfer.transfer_id: transfer})


def test_an_export_is_as_described_with_a_result_for_each_transfer_in_the_order_asked_for():
    wire = on_the_wire(an_export())
    valid("Export", wire)
    assert list(wire) == list(schemas.Export.model_fields)
    assert [(one["status"], [why["code"] for why in one["reasons"]]) for one in wire["results"]] == [
        ("refused", ["not_approved"]),
        ("exported", []),
    ]
    assert wire["message_id"] == wire["order_id"].replace("-", "")
    assert base64.b64decode(wire["file"]["base64_file"]) == b"<Document/>"


def test_files_and_pictures_are_described_by_their_media_types():
    content = {
        path.rpartition("/")[2]: set(DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"])
        for path in ("/v2/transfers/{transfer_id}/pain.001", "/v2/transfers/{transfer_id}/qr")
    }
    assert content == {"pain.001": {"application/xml"}, "qr": {"image/png", "image/svg+xml"}}


def test_every_reason_that_is_told_has_its_sentence():
    assert OBSTACLE_TEXT.keys() == set(Obstacle)
    assert all(text.endswith(".") and ". " in text for text in OBSTACLE_TEXT.values())


def test_an_event_is_as_described_with_corebanqs_names():
    before = a_draft()
    after = before.model_copy(update={"version": 2, "customer_id": "c-1"})
    wire = on_the_wire(translate.event(AuditEntry.of(before, after, Action.EDITED, "bob", "why")))
    valid("Event", wire)
    assert wire.keys() >= COREBANQ_EVENT
    assert (wire["before"], wire["after"]) == ({}, {"customer_id": "c-1"})


def test_the_evidence_is_as_described():
    transfer = a_draft()
    wire = on_the_wire(translate.evidence(transfer, an_invoice()))
    valid("Evidence", wire)
    assert {"iban", "total", "number"} <= {one["field"] for one in wire["fields"]}


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(min_value=1, max_value=10**13))
def test_an_amount_is_the_same_in_minor_and_major_units(currency, units):
    amount = translate.transfer(a_draft(amount=Money.of_minor_units(units, currency))).amount
    whole, _, decimals = amount.amount.partition(".")
    assert (
        (int(whole + decimals), len(decimals))
        == (int(amount.amount_minor), amount.precision)
        == (units, amount.precision)
    )


def test_the_examples_speak_the_sentences_of_the_tables():
    flags = [flag for one in examples.ANSWERS.values() for flag in one.get("flags", ())]
    reasons = [why for one in examples.ANSWERS["exportTransfers"]["results"] for why in one["reasons"]]
    assert flags
    assert reasons
    assert {(one["code"], one["text"]) for one in flags} <= {(str(code), text) for code, text in TEXTS.items()}
    assert all(one["blocking"] == (one["severity"] == "error" and one["cleared"] is None) for one in flags)
    assert {(one["code"], one["message"]) for one in reasons} <= set(OBSTACLE_TEXT.items())


def test_the_file_of_the_examples_is_told_as_it_is():
    file = examples.ANSWERS["exportTransfers"]["file"]
    data = base64.b64decode(file["base64_file"])
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file["content_length"], file["sha256"])
