"""The examples of transfers, counterparties and tokens, sent in a row as people would: each is answered as shown."""

import itertools
import json

import pytest

from api_counterparties import examples as parties
from api_tokens import examples as tokens
from api_transfers import examples
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.credential import Scope
from paydraft.model.evidence import Area
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.transfer import Creditor, FlagCode, FlagEvidence, Proof, Remittance
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.tokens import TokenStore
from paydraft.transfers.flags import flag
from tests.builders import IBANS, a_credential, a_token, an_invoice
from tests.functions.test_examples import general
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

DRAFT = examples.ANSWERS["readTransfer"]
COUNTERPARTIES, TOKENS = "/v1/counterparties", "/v1/tokens"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"row-{next(_numbers)}", aws)


def same(answer, shown):
    assert answer.status in (200, 201), answer.text
    assert general(answer.json) == general(json.loads(json.dumps(shown)))


# ── Transfers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def the_draft(acme):
    """The draft that the examples begin with: of a known payee, with an account that is not on file."""
    payee, _ = acme.payee(IBANS[1], legal_name="Muster GmbH")
    creditor, address = DRAFT["creditor"], DRAFT["creditor"]["address"]
    known = {name: address[name] for name in ("street", "postal_code", "city", "country")}
    [proof] = DRAFT["flags"][0]["evidence"]
    seen = FlagEvidence(kind=Proof.PAGE, name="iban", value=proof["value"], area=Area(**proof["place"]))
    return acme.read_draft(
        an_invoice(iban=Iban(creditor["iban"])),
        counterparty_id=payee.counterparty_id,
        creditor=Creditor(
            name=creditor["name"],
            iban=Iban(creditor["iban"]),
            bic=Bic(creditor["bic"]),
            address=Address(**known),
        ),
        remittance=Remittance(kind=ReferenceKind.TEXT, text=DRAFT["remittance"]["text"]),
        requested_date=DRAFT["requested_date"],
        invoice_number=DRAFT["invoice_number"],
        flags=(flag(FlagCode.IBAN_CHANGED, "iban", (seen,)),),
    )


def send(client, method, transfer, step, name, source):
    body = examples.REQUESTS.get(name)
    if body and "source" in body:
        body = body | {"source": source}
    path = f"/v2/transfers/{transfer.transfer_id}{step}"
    same(client.request(method, path, body), examples.ANSWERS[name])


def test_a_transfer_goes_the_way_of_the_examples_from_draft_to_file(acme):
    transfer, source, bob, carol = the_draft(acme), acme.own(IBANS[2]), acme.person("bob"), acme.person("carol")
    for client, method, step, name in (
        (bob, "GET", "", "readTransfer"),
        (bob, "PATCH", "", "editTransfer"),
        (bob, "POST", "/finalize", "finalizeTransfer"),
        (carol, "POST", "/flags/iban_changed/clear", "clearTransferFlag"),
        (carol, "POST", "/approve", "approveTransfer"),
    ):
        send(client, method, transfer, step, name, source)
    other = the_draft_of_another(acme)
    told = carol.post("/v2/transfers/export", {"transfer_ids": [str(transfer.transfer_id), str(other.transfer_id)]})
    shown = examples.ANSWERS["exportTransfers"]
    assert told.json["file"].keys() == shown["file"].keys()
    assert {name: general(told.json[name]) for name in shown if name not in ("file", "message_id")} == {
        name: general(shown[name]) for name in shown if name not in ("file", "message_id")
    }


def the_draft_of_another(acme):
    return acme.read_draft(creditor=Creditor(name="Other GmbH", iban=Iban(IBANS[3])))


def test_an_edit_stands_in_the_history_as_the_example_shows(acme):
    transfer, source, bob = the_draft(acme), acme.own(IBANS[2]), acme.person("bob")
    send(bob, "PATCH", transfer, "", "editTransfer", source)
    told = bob.get(f"/v2/transfers/{transfer.transfer_id}/events").json["data"][-1]
    assert general(told) == general(examples.ANSWERS["listTransferEvents"]["data"][-1])


def test_a_transfer_is_rejected_as_the_example_shows(acme):
    transfer, source, bob, carol = the_draft(acme), acme.own(IBANS[2]), acme.person("bob"), acme.person("carol")
    send(bob, "PATCH", transfer, "", "editTransfer", source)
    send(bob, "POST", transfer, "/finalize", "finalizeTransfer", source)
    send(carol, "POST", transfer, "/reject", "rejectTransfer", source)


def test_a_draft_is_discarded_as_the_example_shows(acme):
    send(acme.person("bob"), "DELETE", the_draft(acme), "", "discardTransfer", None)


# ── Counterparties ────────────────────────────────────────────────────────────────────────────────────────────────────


def person(acme, subject):
    token = a_token()
    scopes = (Scope.COUNTERPARTIES_READ, Scope.COUNTERPARTIES_WRITE)
    CredentialStore(acme.aws["CredentialsTable"]).add(
        a_credential(token, tenant_id=acme.name, subject=subject, scopes=scopes)
    )
    return HttpClient(acme.aws.guarded("ApiCounterpartiesFunction"), token)


def test_a_counterparty_is_changed_as_the_examples_show(acme):
    alice, bob = person(acme, "alice"), person(acme, "bob")
    one = f"{COUNTERPARTIES}/{alice.post(COUNTERPARTIES, parties.REQUESTS['createCounterparty']).json['id']}"
    same(bob.get(one), parties.ANSWERS["readCounterparty"])
    same(bob.request("PATCH", one, parties.REQUESTS["editCounterparty"]), parties.ANSWERS["editCounterparty"])


def test_a_counterparty_is_put_aside_and_taken_back_as_the_examples_show(acme):
    alice, bob = person(acme, "alice"), person(acme, "bob")
    one = f"{COUNTERPARTIES}/{alice.post(COUNTERPARTIES, parties.REQUESTS['createCounterparty']).json['id']}"
    same(bob.post(f"{one}/deactivate", None), parties.ANSWERS["deactivateCounterparty"])
    same(bob.post(f"{one}/reactivate", None), parties.ANSWERS["reactivateCounterparty"])


@pytest.mark.parametrize(
    ("place", "part"), [("bank-accounts", "BankAccount"), ("contacts", "Contact"), ("addresses", "Address")]
)
def test_a_part_is_added_and_changed_as_the_examples_show(acme, place, part):
    alice, bob = person(acme, "alice"), person(acme, "bob")
    party = alice.post(COUNTERPARTIES, {"legal_name": "Muster GmbH"}).json["id"]
    sent = parties.REQUESTS[f"createCounterparty{part}"] | {"counterparty_id": party}
    made = alice.post(f"{COUNTERPARTIES}/{place}", sent)
    same(made, parties.ANSWERS[f"createCounterparty{part}"])
    one = f"{COUNTERPARTIES}/{place}/{made.json['id']}"
    same(bob.get(one), parties.ANSWERS[f"readCounterparty{part}"])
    changed = parties.REQUESTS[f"editCounterparty{part}"]
    same(bob.request("PATCH", one, changed), parties.ANSWERS[f"editCounterparty{part}"])


def test_a_change_stands_in_the_history_as_the_example_shows(acme):
    alice, bob = person(acme, "alice"), person(acme, "bob")
    made = alice.post(COUNTERPARTIES, parties.REQUESTS["createCounterparty"]).json
    changed = parties.REQUESTS["editCounterpartyBankAccount"]
    bob.request("PATCH", f"{COUNTERPARTIES}/bank-accounts/{made['bank_accounts'][0]['id']}", changed)
    told = bob.get(f"{COUNTERPARTIES}/{made['id']}/events").json["data"][-1]
    shown = parties.ANSWERS["listCounterpartyEvents"]["data"][-1]
    assert general(json.loads(general(json.dumps(told)))) == general(json.loads(general(json.dumps(shown))))


def test_a_list_is_imported_as_the_example_shows_it(acme):
    told = person(acme, "alice").post(f"{COUNTERPARTIES}/import", parties.REQUESTS["importCounterparties"]).json
    assert told.keys() == parties.ANSWERS["importCounterparties"].keys()
    assert (told["added"], told["rows"], told["next_line"]) == (1, [], None)


# ── Tokens ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_made_followed_by_another_and_ended_as_the_examples_show(acme):
    secret, body = a_token(), tokens.REQUESTS["createToken"]
    admin = a_credential(secret, tenant_id=acme.name, scopes=tuple(Scope), entities=tuple(body["entities"]))
    TokenStore(acme.aws["CredentialsTable"], acme.aws["JobsTable"]).add(admin)
    client = HttpClient(acme.aws.guarded("ApiTokensFunction"), secret)
    made = client.post(TOKENS, body)
    same(made, tokens.ANSWERS["createToken"])
    next_one = client.post(f"{TOKENS}/{made.json['id']}/rotate", tokens.REQUESTS["rotateToken"])
    same(next_one, tokens.ANSWERS["rotateToken"])
    other = client.post(TOKENS, body)
    same(client.request("DELETE", f"{TOKENS}/{other.json['id']}"), tokens.ANSWERS["revokeToken"])
