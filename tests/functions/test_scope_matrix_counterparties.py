"""Every route of counterparties × every scope × own, foreign and unknown ids × once and again.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import itertools
import re
from dataclasses import dataclass

import pytest

from api_counterparties.handler import api
from api_counterparties.operations import OPERATIONS
from paydraft.model.bank_account import Iban
from paydraft.model.counterparty import Contact, ContactType, FiledAddress
from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.invoice import Address
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from tests.builders import IBANS, NOW, a_counterparty, a_credential, a_token, an_account, an_id
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

pytestmark = pytest.mark.slow  # some hundred calls under the template's permissions

BODIES = {
    "createCounterparty": {"legal_name": "New"},
    "editCounterparty": {"legal_name": "Changed"},
    "importCounterparties": {"csv": "legal_name\nImported\n"},
    "createCounterpartyBankAccount": {"iban": IBANS[1]},
    "editCounterpartyBankAccount": {"bank": "Changed"},
    "createCounterpartyContact": {"type": "other", "value": "Fax"},
    "editCounterpartyContact": {"value": "changed@muster.example"},
    "createCounterpartyAddress": {"city": "Köln"},
    "editCounterpartyAddress": {"city": "Changed"},
}
ADDS_A_PART = {"createCounterpartyBankAccount", "createCounterpartyContact", "createCounterpartyAddress"}
INACTIVE = {"reactivateCounterparty"}  # has an effect on such a one only
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Ids:
    """What a path can name."""

    counterparty: object
    account: object
    contact: object
    address: object


@dataclass(frozen=True)
class World:
    """A tenant with one counterparty that has one part of each kind."""

    aws: object
    tenant_id: str

    @property
    def store(self):
        return CounterpartyStore(self.aws["CounterpartiesTable"])

    def ids(self, operation):
        party = a_counterparty(active=operation.name not in INACTIVE)
        made = {"counterparty_id": party.counterparty_id, "created_at": NOW, "created_by": "alice"}
        account = an_account(party, iban=Iban(IBANS[0]))
        contact = Contact(contact_id=an_id(), type=ContactType.EMAIL, value="a@muster.example", **made)
        address = FiledAddress(address_id=an_id(), address=Address(city="Bonn"), **made)
        self.store.add(self.tenant_id, party, [account], contacts=[contact], addresses=[address])
        return Ids(party.counterparty_id, account.account_id, contact.contact_id, address.address_id)

    def client(self, scopes, kind=SubjectKind.PERSON):
        token = a_token()
        fields = {"tenant_id": self.tenant_id, "scopes": scopes, "subject": "dora", "kind": kind}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiCounterpartiesFunction"), token)

    def state(self):
        files = sorted(self.store.files(self.tenant_id), key=lambda file: file.counterparty_id)
        return [(file, self.store.history(self.tenant_id, file.counterparty_id)) for file in files]


@pytest.fixture
def world(aws):
    return World(aws, f"cp-matrix-{next(_numbers)}")


def nobodys():
    return Ids(an_id(), an_id(), an_id(), an_id())


def ask(client, operation, ids, **headers):
    part = {"bank-accounts": ids.account, "contacts": ids.contact, "addresses": ids.address}
    path = operation.path.replace("{counterparty_id}", str(ids.counterparty))
    path = path.replace("{part_id}", str(part.get(f"{operation.path}/".split("/")[3])))
    body = BODIES.get(operation.name)
    if operation.name in ADDS_A_PART:
        body = {"counterparty_id": str(ids.counterparty)} | body
    return client.request(operation.method, path, body, headers)


def named(operation):
    return operation.name


def test_the_matrix_holds_every_route_of_the_api():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in (*api._static_routes, *api._dynamic_routes)
    }
    assert routes == {(one.method, one.path) for one in OPERATIONS}


def test_every_name_is_one_operations_and_every_body_is_sent():
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert BODIES.keys() == {one.name for one in OPERATIONS if one.takes}


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_reading_takes_one_scope_and_writing_the_other(operation):
    assert operation.scope is (Scope.COUNTERPARTIES_WRITE if operation.writes else Scope.COUNTERPARTIES_READ)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(world, operation, scope):
    ids = world.ids(operation)
    before = world.state()
    answer = ask(world.client((scope,)), operation, ids)
    if scope is operation.scope:
        assert answer.status == operation.status
        return
    assert (answer.status, answer.json["error"]) == (403, "scope_missing")
    assert answer.json["details"] == {"scope": str(operation.scope)}
    assert world.state() == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_all_scopes_but_its_own_are_not_enough(world, operation):
    others = tuple(scope for scope in Scope if scope is not operation.scope)
    assert ask(world.client(others), operation, world.ids(operation)).status == 403


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_foreign_id_is_answered_byte_for_byte_as_one_that_never_was(world, aws, operation):
    elsewhere = World(aws, f"{world.tenant_id}-other")
    theirs = elsewhere.ids(operation)
    before = elsewhere.state()
    client = world.client(tuple(Scope))
    names_an_id = "{" in operation.path or operation.name in ADDS_A_PART
    foreign, missing = (ask(client, operation, ids) for ids in (theirs, nobodys()))
    assert elsewhere.state() == before
    assert foreign.status == (404 if names_an_id else operation.status)
    assert str(theirs.counterparty) not in foreign.text
    if names_an_id or operation.method == "GET":
        assert foreign.text == missing.text
        assert foreign.lasting_headers == missing.lasting_headers


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.writes], ids=named)
def test_a_change_writes_exactly_one_item_of_history_however_often_it_is_sent(world, operation):
    ids = world.ids(operation)
    told = sum(len(history) for _, history in world.state())
    client = world.client(tuple(Scope))
    answers = [ask(client, operation, ids, **{"idempotency-key": "once"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [operation.status] * 3
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    history = [entry for _, entries in world.state() for entry in entries]
    assert len(history) == told + 1
    assert [entry.by for entry in history].count("dora") == 1


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.writes], ids=named)
def test_a_service_may_keep_suppliers_too(world, operation):
    client = world.client(tuple(Scope), SubjectKind.SERVICE)
    assert ask(client, operation, world.ids(operation)).status == operation.status


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize("header", [None, "Basic x", "Bearer nonsense"])
def test_without_a_good_token_no_route_answers(aws, operation, header):
    headers = {} if header is None else {"authorization": header}
    answer = ask(HttpClient(aws.guarded("ApiCounterpartiesFunction")), operation, nobodys(), **headers)
    assert (answer.status, answer.json["error"]) in {(401, "token_not_set"), (401, "token_invalid")}
