"""What counterparties answer has Corebanq's documented fields and is what the OpenAPI file says, field for field."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api_counterparties import requests, schemas, translate
from api_counterparties.errors import ANSWERS
from api_counterparties.operations import ACCOUNTS, CONTACTS
from infra.tools.openapi import PUBLISHED
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.contact_value import phone_metadata
from paydraft.model.counterparty import Contact, ContactType, FiledAddress
from paydraft.model.counterparty_errors import OwnAccountsError
from paydraft.model.counterparty_file import CounterpartyFile, FileAction, FileEntry
from paydraft.model.invoice import Address
from paydraft.runtime.json_body import to_json
from tests.builders import IBANS, NOW, a_counterparty, an_account, an_id

FACTS = json.loads((Path(__file__).parent / "facts" / "corebanq_counterparties.json").read_text())
DOCUMENT = json.loads((PUBLISHED / "api_counterparties.openapi.json").read_text())


def a_full_file():
    party = a_counterparty(
        aliases=("A",), vat_number="DE1", tax_number="1", customer_id="c", metadata={"a": "b"}, own=True
    )
    made = {
        "counterparty_id": party.counterparty_id,
        "created_at": NOW,
        "created_by": "alice",
        "modified_at": NOW,
        "modified_by": "bob",
        "metadata": {"a": "b"},
    }
    bic = Bic("COBADEFFXXX")
    account = an_account(party, iban=Iban(IBANS[0]), bic=bic, bank="B", intermediate_bic=bic, intermediate_bank="I")
    contact = Contact(contact_id=an_id(), type=ContactType.PHONE, value="+49 228 1", **made)
    address = FiledAddress(address_id=an_id(), address=Address(city="Bonn", country="DE"), **made)
    return CounterpartyFile(counterparty=party, accounts=(account,), contacts=(contact,), addresses=(address,))


FILES = {"full": a_full_file(), "bare": CounterpartyFile(counterparty=a_counterparty())}


def on_the_wire(value: Any) -> Any:
    return json.loads(to_json(value))


def valid(name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(value)


def required_of(name: str) -> set[str]:
    return set(DOCUMENT["components"]["schemas"][name].get("required", []))


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_counterparty_is_as_described_and_every_field_is_there(file):
    wire = on_the_wire(translate.counterparty(file))
    valid("Counterparty", wire)
    assert set(wire) == set(schemas.Counterparty.model_fields)
    assert not {"email", "phone"} & set(wire)


def test_a_bank_account_has_exactly_the_documented_fields():
    account = FILES["full"].accounts[0]
    for one in (account, account.model_copy(update={"bic": None, "bank": None})):
        wire = on_the_wire(translate.account(one))
        valid("BankAccount", wire)
        assert set(wire) == set(FACTS["bank_account_fields"])
        assert wire["id"] == wire["cp_account_id"]
    assert set(schemas.Product.model_fields) == set(FACTS["product_fields"])


def test_a_contact_has_exactly_the_documented_fields():
    wire = on_the_wire(translate.contact(FILES["full"].contacts[0]))
    valid("Contact", wire)
    assert set(wire) == set(FACTS["contact_fields"])
    assert set(phone_metadata("+49 228 1")) == set(FACTS["phone_metadata"])


@pytest.mark.parametrize(
    "listed", [schemas.CounterpartyList, schemas.BankAccountList, schemas.ContactList, schemas.AddressList]
)
def test_a_list_has_exactly_the_documented_fields(listed):
    wire = on_the_wire(listed(data=(), total=0, total_unfiltered=0, has_more=False))
    valid(listed.__name__, wire)
    assert set(wire) == set(FACTS["list_fields"])


def test_the_documented_routes_take_the_documented_parameters_and_minimum():
    assert {(one.method, one.path) for one in (*ACCOUNTS[:2], *CONTACTS[:2])} == {
        ("GET", "/v1/counterparties/bank-accounts"),
        ("POST", "/v1/counterparties/bank-accounts"),
        ("GET", "/v1/counterparties/contacts"),
        ("POST", "/v1/counterparties/contacts"),
    }
    assert ACCOUNTS[0].name == "getAllCounterpartyBankAccounts"
    assert set(ACCOUNTS[0].query) == set(FACTS["bank_account_query"])
    assert required_of("BankAccountIn") == set(FACTS["bank_account_minimum"])
    assert required_of("ContactIn") == set(FACTS["contact_minimum"])
    requests.BankAccountIn.model_validate({"counterparty_id": str(an_id()), "iban": IBANS[0]})
    requests.ContactIn.model_validate({"counterparty_id": str(an_id()), "type": "email", "value": "a@b.example"})


def test_an_error_has_the_documented_fields():
    assert ANSWERS.status_of(OwnAccountsError) == 400
    body = on_the_wire(ANSWERS.body(OwnAccountsError(), 400))
    assert list(body) == FACTS["error_fields"]
    valid("ErrorBody", body)


def test_an_event_is_as_described():
    file = FILES["full"]
    entry = FileEntry.of(None, file, FileAction.CREATED, by="alice", at=NOW)
    wire = on_the_wire(translate.event(entry))
    valid("Event", wire)
    assert wire["after"]["legal_name"] == file.counterparty.legal_name


def test_the_export_is_described_as_a_list_for_spreadsheets():
    answer = DOCUMENT["paths"]["/v1/counterparties/export"]["get"]["responses"]["200"]
    assert set(answer["content"]) == {"text/csv"}
