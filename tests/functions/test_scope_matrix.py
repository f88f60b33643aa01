"""Every route × every scope × own and foreign tenant × uploader, editor, submitter and a second person.

Made from the routes themselves: a route that is added is in the matrix, and one without a scope can't be written.
"""

import itertools
import re
from dataclasses import dataclass

import pytest

from api_transfers.handler import api as transfers_api
from api_transfers.operations import OPERATIONS
from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Iban
from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.transfer import FlagCode, TransferStatus
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.flags import flag
from tests.builders import IBANS, a_counterparty, a_credential, a_draft, a_job, a_token, an_account, an_id
from tests.http_client import HttpClient
from tests.moto_stack import moto_stack

NOTE = {"note": "Looked into it, all is well."}
BODIES = {"editTransfer": {"customer_id": "c-9"}, "finalizeTransfer": None}
# In which state a route has an effect.
WAITING = {"approveTransfer", "rejectTransfer", "clearTransferFlag"}
LEAVING = {"exportTransfers", "readTransferPaymentFile"}
MISSING = {"listTransfers": 200, "exportTransfers": 409}  # what answers of a transfer that is not there; else 404
ROLES = {
    "uploader": "alice",
    "editor": "bob",
    "submitter": "carol",
    "second person": "dora",
    "service": "robot",
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class World:
    """A tenant with one transfer, in the state in which the operation can have an effect."""

    aws: object
    tenant_id: str

    def with_account(self):
        """The account that pays."""
        us = a_counterparty(own=True)
        CounterpartyStore(self.aws["CounterpartiesTable"]).add(
            self.tenant_id, us, [an_account(us, iban=Iban(IBANS[4]))]
        )

    def transfer(self, operation):
        waits = operation.name in WAITING
        if operation.name in LEAVING:
            self.with_account()
        made = a_draft(
            a_job(tenant_id=self.tenant_id),
            created_by=ROLES["uploader"],
            editors=(ROLES["editor"],),
            edited_by=ROLES["editor"],
            submitted_by=ROLES["submitter"] if waits else None,
            status=state_for(operation),
            flags=(flag(FlagCode.IBAN_CHANGED, "iban"),) if operation.name == "clearTransferFlag" else (),
        )
        TransferStore(self.aws["TransfersTable"]).write(
            None, made, AuditEntry.of(None, made, Action.DRAFTED, "paydraft")
        )
        return made

    def client(self, scopes, subject="dora", kind=SubjectKind.PERSON):
        token = a_token()
        fields = {"tenant_id": self.tenant_id, "scopes": scopes, "subject": subject, "kind": kind}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiTransfersFunction"), token)

    def state(self, transfer):
        store = TransferStore(self.aws["TransfersTable"])
        return store.get(self.tenant_id, transfer.transfer_id), store.audit(self.tenant_id, transfer.transfer_id)


@pytest.fixture
def world(aws):
    return World(aws, f"matrix-{next(_numbers)}")


def state_for(operation):
    if operation.name in LEAVING:
        return TransferStatus.APPROVED
    return TransferStatus.PENDING_APPROVAL if operation.name in WAITING else TransferStatus.DRAFT


def ask(client, operation, transfer_id, headers=None):
    path = operation.path.replace("{transfer_id}", str(transfer_id)).replace("{code}", "iban_changed")
    body = BODIES.get(operation.name, NOTE if operation.takes else None)
    if operation.name == "exportTransfers":
        body = {"transfer_ids": [str(transfer_id)]}
    return client.request(operation.method, path, body, headers)


def test_the_matrix_holds_every_route_of_the_api():
    routes = {
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path))
        for route in (*transfers_api._static_routes, *transfers_api._dynamic_routes)
    }
    assert routes == {(one.method, one.path) for one in OPERATIONS}


def test_every_name_is_one_operations():
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert WAITING | LEAVING | BODIES.keys() | MISSING.keys() <= {one.name for one in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(world, operation, scope):
    transfer = world.transfer(operation)
    before = world.state(transfer)
    answer = ask(world.client((scope,)), operation, transfer.transfer_id)
    if scope is operation.scope:
        assert answer.status == 200
        return
    assert (answer.status, answer.json["error"]) == (403, "scope_missing")
    assert answer.json["details"] == {"scope": str(operation.scope)}
    assert world.state(transfer) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_all_scopes_but_its_own_are_not_enough(world, operation):
    transfer = world.transfer(operation)
    others = tuple(scope for scope in Scope if scope is not operation.scope)
    assert ask(world.client(others), operation, transfer.transfer_id).status == 403


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_foreign_transfer_is_answered_byte_for_byte_as_one_that_never_was(world, aws, operation):
    elsewhere = World(aws, f"{world.tenant_id}-other")
    theirs = elsewhere.transfer(operation)
    before = elsewhere.state(theirs)
    client = world.client(tuple(Scope))
    nobodys = an_id()
    foreign, missing = (ask(client, operation, one) for one in (theirs.transfer_id, nobodys))
    said = missing.text.replace(str(nobodys), str(theirs.transfer_id))  # export names what it was asked for
    assert (foreign.status, foreign.text) == (missing.status, said)
    assert foreign.lasting_headers == missing.lasting_headers
    assert foreign.status == MISSING.get(operation.name, 404)
    assert elsewhere.state(theirs) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_decide_is_told_by_what_they_did_before(world, operation, role):
    """Reading, editing and submitting are open to all; deciding takes a second person."""
    transfer = world.transfer(operation)
    kind = SubjectKind.SERVICE if role == "service" else SubjectKind.PERSON
    answer = ask(world.client(tuple(Scope), ROLES[role], kind), operation, transfer.transfer_id)
    if operation.by_second_person and role != "second person":
        assert (answer.status, answer.json["error"]) == (403, "second_person_needed")
        assert answer.json["details"] == {"because": role}
        assert world.state(transfer)[0] == transfer
    else:
        assert answer.status == 200


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.writes], ids=lambda one: one.name)
def test_a_change_writes_exactly_one_item_of_history_however_often_it_is_sent(world, operation):
    transfer = world.transfer(operation)
    client = world.client(tuple(Scope))
    answers = [ask(client, operation, transfer.transfer_id, {"idempotency-key": "once"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    now, history = world.state(transfer)
    assert (now.version, [entry.version for entry in history]) == (2, [1, 2])
    assert history[1].by == "dora"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer", "Bearer nonsense", "Bearer a, Bearer b"])
def test_without_a_good_token_no_route_answers(aws, operation, header):
    headers = {} if header is None else {"authorization": header}
    path = operation.path.replace("{transfer_id}", str(an_id())).replace("{code}", "iban_changed")
    answer = HttpClient(aws.guarded("ApiTransfersFunction")).request(operation.method, path, NOTE, headers)
    assert (answer.status, answer.json["error"]) in {(401, "token_not_set"), (401, "token_invalid")}
