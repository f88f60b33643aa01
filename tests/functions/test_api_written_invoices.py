"""Invoices that a client writes down: both parties are the tenant's and active, sums are exact, numbers are shared."""

import itertools
import json
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_invoices_v2.operations import CREATE_INVOICE, LIST_INVOICES, READ_INVOICE
from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import FiledAddress
from paydraft.model.credential import Scope
from paydraft.model.invoice import Address
from paydraft.model.stored_invoice import Item, Rates, sums_of
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.table import Table
from tests.builders import A_PDF, IBANS, NOW, a_counterparty, a_credential, a_token, an_account, an_id
from tests.fault_injection import lost_answers
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

PATH = "/v2/invoices"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Tenant:
    name: str
    aws: MotoStack

    def client(self, *scopes):
        token = a_token()
        fields = {"tenant_id": self.name, "scopes": scopes or (Scope.JOBS_READ, Scope.JOBS_WRITE)}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiInvoicesV2Function"), token)

    def party(self, iban, **fields):
        party = a_counterparty(**fields)
        account = an_account(party, iban=Iban(iban))
        CounterpartyStore(self.aws["CounterpartiesTable"]).add(self.name, party, [account])
        return {"counterparty_id": str(party.counterparty_id), "cp_account_id": str(account.account_id)}


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def client(acme):
    return acme.client()


@pytest.fixture
def body(acme):
    return {
        "invoice_number": "INV-V3-000001",
        "source": acme.party(IBANS[0], own=True),
        "destination": acme.party(IBANS[1]),
        "amount": {"currency": "EUR", "shipping": "500"},
        "rates": {"discount": "10", "vat": 19},
        "items": [
            {"title": "Widget", "quantity": "2.5", "price": "10000"},
            {"title": "Bolt", "quantity": 3, "price": "33"},
        ],
    }


def wrong(answer):
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields")
    return [one["loc"][1:] for one in answer.json["details"]["fields"]]


def test_an_invoice_is_written_down_read_back_and_always_active(client, body):
    made = client.post(PATH, body | {"active": False, "status": "sent", "due_date": "2026-12-24"})
    assert made.status == 201
    assert made.headers["location"] == f"{PATH}/{made.json['id']}"
    assert (made.json["active"], made.json["status"], made.json["due_date"]) == (True, "sent", "2026-12-24")
    assert made.json["source"] == body["source"] | {"cp_address_id": None}
    assert client.get(made.headers["location"]).text == made.text


def test_sums_are_in_minor_units_and_rounded_half_up(client, body):
    amount = client.post(PATH, body).json["amount"]
    assert amount == {
        "currency": "EUR",
        "precision": 2,
        "subtotal": "25099",
        "discount": "2510",
        "shipping": "500",
        "vat": "4387",
        "total": "27476",
    }


def test_numbers_come_from_the_counter_that_jobs_draw_from(acme, client, body):
    import base64

    first = client.post(PATH, body).json["invoice_id"]
    client.post("/v2/invoices/ocr", {"base64_file": base64.b64encode(A_PDF).decode()})
    third = client.post(PATH, body).json["invoice_id"]
    assert (first, third) == (1, 3)
    assert JobStore(acme.aws["JobsTable"]).next_invoice_id(acme.name) == 4
    row = Table(acme.aws["JobsTable"]).get(tenant_id=acme.name, sk="INV#000000000001")
    assert "job_id" not in row
    assert UUID(row["stored_invoice"]["S"])


@pytest.mark.parametrize("side", ["source", "destination"])
def test_who_is_not_the_tenants_or_not_active_is_refused_alike(acme, aws, client, body, side):
    elsewhere = Tenant(f"{acme.name}-other", aws)
    theirs, gone = elsewhere.party(IBANS[2]), acme.party(IBANS[2], active=False)
    missing = {"counterparty_id": str(an_id())}
    answers = [client.post(PATH, body | {side: choice}) for choice in (theirs, gone, missing)]
    assert len({answer.text for answer in answers}) == 1
    assert wrong(answers[0]) == [[side, "counterparty_id"]]


def test_an_account_belongs_to_its_counterparty_and_is_active(acme, client, body):
    mixed = body["destination"] | {"cp_account_id": body["source"]["cp_account_id"]}
    assert wrong(client.post(PATH, body | {"destination": mixed})) == [["destination", "cp_account_id"]]
    sk = f"CP#{body['destination']['counterparty_id']}#ACC#{body['destination']['cp_account_id']}"
    key = {"tenant_id": acme.name, "sk": sk}
    Table(acme.aws["CounterpartiesTable"]).update(key, "SET #active = :no", condition="attribute_exists(#sk)", no=False)
    assert wrong(client.post(PATH, body)) == [["destination", "cp_account_id"]]
    without = {"counterparty_id": body["destination"]["counterparty_id"]}
    assert client.post(PATH, body | {"destination": without}).json["destination"]["cp_account_id"] is None


def test_an_address_is_the_chosen_one_or_that_for_billing(acme, client, body):
    party = a_counterparty()
    fields = {"counterparty_id": party.counterparty_id, "created_at": NOW, "created_by": "alice"}
    plain, billing, gone = (
        FiledAddress(address_id=an_id(), address=Address(city=city, country="DE"), **fields, **more)
        for city, more in (("Bonn", {}), ("Köln", {"preferred_billing": True}), ("Ulm", {"active": False}))
    )
    store = CounterpartyStore(acme.aws["CounterpartiesTable"])
    store.add(acme.name, party, [], addresses=[plain, billing, gone])
    choice = {"counterparty_id": str(party.counterparty_id)}

    def answer(**more):
        return client.post(PATH, body | {"destination": choice | more})

    assert answer().json["destination"]["cp_address_id"] == str(billing.address_id)
    assert answer(cp_address_id=str(plain.address_id)).json["destination"]["cp_address_id"] == str(plain.address_id)
    assert wrong(answer(cp_address_id=str(gone.address_id))) == [["destination", "cp_address_id"]]


def test_an_address_that_is_not_there_is_refused(client, body):
    choice = body["source"] | {"cp_address_id": str(an_id())}
    assert wrong(client.post(PATH, body | {"source": choice})) == [["source", "cp_address_id"]]


def test_nobody_invoices_himself(client, body):
    assert wrong(client.post(PATH, body | {"destination": body["source"]})) == [["destination", "counterparty_id"]]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"items": []}, ["items"]),
        ({"items": [{"title": "x", "quantity": 1.5, "price": "1"}]}, ["items", 0, "quantity"]),
        ({"items": [{"title": "x", "quantity": 0, "price": "1"}]}, ["items", 0, "quantity"]),
        ({"items": [{"title": "x", "quantity": "1", "price": "-1"}]}, ["items", 0, "price"]),
        ({"items": [{"title": "x", "quantity": "NaN", "price": "1"}]}, ["items", 0, "quantity"]),
        ({"amount": {"currency": "ZZZ"}}, ["amount", "currency"]),
        ({"rates": {"vat": "101"}}, ["rates", "vat"]),
        ({"invoice_number": " "}, ["invoice_number"]),
        ({"status": "done"}, ["status"]),
        ({"invoice_id": 7}, ["invoice_id"]),
        ({"source": None}, ["source"]),
    ],
)
def test_a_wrong_field_is_named_and_draws_no_number(acme, client, body, change, place):
    assert wrong(client.post(PATH, body | change))[0] == place
    assert JobStore(acme.aws["JobsTable"]).next_invoice_id(acme.name) == 1


def test_the_same_request_with_the_same_key_is_one_invoice(client, body):
    first, again = (client.post(PATH, body, idempotency_key="k") for _ in range(2))
    assert (again.status, again.text, again.headers["location"]) == (201, first.text, first.headers["location"])
    assert again.headers["idempotent-replayed"] == "true"
    assert len(client.get(PATH).json["data"]) == 1
    other = client.post(PATH, body | {"reference": "other"}, idempotency_key="k")
    assert (other.status, other.json["error"]) == (422, "idempotency_conflict")


def test_an_invoice_whose_answer_was_lost_is_written_once(client, body):
    with lost_answers("TransactWriteItems"):
        assert client.post(PATH, body).status == 201
    assert len(client.get(PATH).json["data"]) == 1


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_list_is_walked_by_its_cursor(client, body, order):
    made = [client.post(PATH, body | {"invoice_number": f"N{n}"}).json["id"] for n in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{PATH}?limit=2&order={order}{cursor and '&cursor=' + cursor}").json
        found, cursor = found + [one["id"] for one in page["data"]], page["next_cursor"]
    assert sorted(found) == sorted(made)
    assert found == sorted(made, reverse=order == "desc")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "order=up", "offset=1", "cursor=x"])
def test_a_wrong_parameter_is_refused(client, query):
    assert client.get(f"{PATH}?{query}").status == 400


@pytest.mark.parametrize("operation", (CREATE_INVOICE, LIST_INVOICES, READ_INVOICE), ids=lambda one: one.name)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(acme, body, operation, scope):
    path = operation.path.replace("{invoice_id}", str(an_id()))
    answer = acme.client(scope).request(operation.method, path, body if operation.takes else None)
    assert (answer.status == 403) is (scope is not operation.scope)


def test_a_foreign_invoice_is_answered_as_one_that_never_was(acme, aws, client, body):
    made = client.post(PATH, body).json["id"]
    stranger = Tenant(f"{acme.name}-other", aws).client()
    answers = [stranger.get(f"{PATH}/{one}") for one in (made, an_id(), "nonsense", "ocr")]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert stranger.get(PATH).json["data"] == []


AMOUNTS = st.integers(0, 10**9)
RATES = st.decimals(0, 100, places=2)


@given(
    st.lists(st.tuples(st.decimals("0.001", 1000, places=3), AMOUNTS), min_size=1, max_size=5), RATES, RATES, AMOUNTS
)
def test_the_sums_of_an_invoice_always_add_up(lines, discount, vat, shipping):
    items = tuple(Item(title="x", quantity=quantity, price_minor=price) for quantity, price in lines)
    sums = sums_of(items, Rates(discount=discount, vat=vat), shipping, "EUR")
    units = {name: value.minor_units for name, value in dict(sums).items()}
    exact = sum((quantity * price for quantity, price in lines), Decimal(0))
    assert abs(units["subtotal"] - exact) <= Decimal("0.5")
    assert 0 <= units["discount"] <= units["subtotal"]
    assert units["total"] == units["subtotal"] - units["discount"] + units["shipping"] + units["vat"]
    assert json.dumps(units)
