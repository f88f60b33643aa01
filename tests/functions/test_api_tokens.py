"""Tokens over HTTP: made once, shown once, ended with the next request. The matrix is made from the routes."""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from api_tokens.handler import api
from api_tokens.operations import OPERATIONS
from paydraft.model.credential import APP_SCOPES, Scope, SubjectKind, is_well_formed
from paydraft.runtime.json_body import to_json
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.tokens import TokenStore
from tests.builders import a_credential, a_token, an_id
from tests.crash_points import crash_everywhere
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

PATH = "/v1/tokens"
BODIES = {"createToken": {"subject": "robot"}}
ENTITY = "9d2b4c8f-5087-4738-b91d-7359fb2a8e11"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Tenant:
    """A tenant and its tokens."""

    name: str
    aws: MotoStack

    @property
    def tokens(self):
        return TokenStore(self.aws["CredentialsTable"], self.aws["JobsTable"])

    def client(self, *scopes, **fields):
        token = a_token()
        fields = {"tenant_id": self.name, "scopes": scopes or tuple(Scope)} | fields
        self.tokens.add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiTokensFunction"), token)

    def with_token(self, token, function="ApiTokensFunction"):
        return HttpClient(self.aws.guarded(function), token)

    def issued(self, **fields):
        credential = a_credential(tenant_id=self.name, kind=SubjectKind.SERVICE, subject="robot", **fields)
        self.tokens.add(credential)
        return credential

    def now(self, credential):
        found = self.tokens.get(self.name, credential.token_id)
        assert found == CredentialStore(self.aws["CredentialsTable"]).get(credential.token_hash)
        return found


@pytest.fixture
def acme(aws):
    return Tenant(f"acme-{next(_numbers)}", aws)


@pytest.fixture
def admin(acme):
    return acme.client()


def error_of(answer):
    return answer.status, answer.json["error"]


# ── making ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_token_opens_what_it_was_made_for_and_nothing_else(acme, admin):
    made = admin.post(PATH, {"subject": "robot", "scopes": ["tokens:admin"], "label": "keys"})
    assert made.status == 201
    body = made.json
    assert is_well_formed(body["token"])
    assert body["last_four"] == body["token"][-4:]
    assert (body["subject"], body["kind"], body["label"], body["state"]) == ("robot", "service", "keys", "active")
    robot = acme.with_token(body["token"])
    assert robot.get(PATH).status == 200
    assert error_of(robot.post(PATH, {"subject": "robot"})) == (403, "grant_too_wide")


def test_by_default_it_is_a_services_with_an_apps_scopes(admin):
    body = admin.post(PATH, {"subject": "robot"}).json
    assert (body["kind"], body["scopes"]) == ("service", [str(scope) for scope in APP_SCOPES])
    assert (body["expires_at"], body["entities"]) == (None, [])


def test_the_secret_is_in_one_answer_and_in_no_table_and_in_no_log(aws, acme, admin, capsys):
    body = admin.post(PATH, {"subject": "robot"}, idempotency_key="k").json
    secret = body["token"]
    assert secret not in admin.get(PATH).text
    assert secret not in admin.request("DELETE", f"{PATH}/{body['id']}").text
    stored = ""
    for table in ("CredentialsTable", "JobsTable", "TransientTable"):
        stored += to_json(aws.client("dynamodb").scan(TableName=aws[table])["Items"])
    said = capsys.readouterr()
    for place in (stored, said.out, said.err):
        assert secret not in place
        assert secret[-49:-6] not in place


def test_a_repeated_request_makes_one_token_and_does_not_show_it_again(acme, admin):
    first, again = (admin.post(PATH, {"subject": "robot"}, idempotency_key="once") for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json == first.json | {"token": None}
    assert len(admin.get(PATH).json["data"]) == 2  # the administrator's own, and this
    other = admin.post(PATH, {"subject": "other"}, idempotency_key="once")
    assert error_of(other) == (422, "idempotency_conflict")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "a\nb"}, "subject"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"entities": ["x"]}, "entities"),
        ({"kind": "robot"}, "kind"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 3651}, "expires_in_days"),
        ({"tenant_id": "other"}, "tenant_id"),
        ({"token_hash": "0" * 64}, "token_hash"),
        ({"revoked_at": None}, "revoked_at"),
    ],
)
def test_what_can_not_be_asked_for_is_refused_by_name(admin, fields, path):
    answer = admin.post(PATH, {"subject": "robot"} | fields)
    assert error_of(answer) == (422, "invalid_fields")
    assert path in answer.json["details"]["fields"][0]["loc"]


@pytest.mark.parametrize(
    ("wanted", "because"),
    [
        ({"scopes": ["transfers:approve"]}, "rights"),
        ({"entities": [ENTITY]}, "rights"),
        ({"subject": "bob", "kind": "person"}, "person"),
    ],
)
def test_a_token_gives_no_more_than_it_has(acme, wanted, because):
    narrow = acme.client(Scope.TOKENS_ADMIN, *APP_SCOPES, subject="alice")
    answer = narrow.post(PATH, {"subject": "robot"} | wanted)
    assert error_of(answer) == (403, "grant_too_wide")
    assert answer.json["details"]["because"] == because
    assert "www-authenticate" not in answer.headers


def test_an_entity_is_given_in_either_case(acme):
    admin = acme.client(entities=(ENTITY,))
    assert admin.post(PATH, {"subject": "robot", "entities": [ENTITY.upper()]}).json["entities"] == [ENTITY]


# ── listing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_pages_through_all_tokens_of_the_tenant_and_of_no_other(aws, acme, admin):
    Tenant(f"{acme.name}-other", aws).issued()
    made = [admin.post(PATH, {"subject": f"robot-{number}"}).json["id"] for number in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = admin.get(f"{PATH}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json
        seen += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        assert page["has_more"] == (cursor is not None)
    assert len(seen) == len(set(seen)) == 6
    assert [one for one in seen if one in made] == made[::-1]


def test_the_list_tells_how_a_token_stands(acme, admin):
    now = datetime.now(UTC)
    ended = acme.issued(revoked_at=now)
    over = acme.issued(expires_at=now - timedelta(seconds=1))
    states = {one["id"]: one["state"] for one in admin.get(PATH).json["data"]}
    assert (states[str(ended.token_id)], states[str(over.token_id)]) == ("revoked", "expired")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "order=up", "nothing=1"])
def test_a_list_that_is_asked_wrongly_says_what_is_wrong(admin, query):
    answer = admin.get(f"{PATH}?{query}")
    assert error_of(answer) == (400, "invalid_query")
    assert answer.json["details"]["fields"] == [query.split("=")[0]]


def test_another_tenants_cursor_is_none(aws, acme, admin):
    for _ in range(2):
        acme.issued()
    cursor = admin.get(f"{PATH}?limit=1").json["next_cursor"]
    elsewhere = Tenant(f"{acme.name}-other", aws).client()
    assert error_of(elsewhere.get(f"{PATH}?limit=1&cursor={cursor}")) == (400, "invalid_cursor")


# ── ending ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_revoked_token_is_refused_by_every_function_from_the_next_call_on(acme, admin):
    made = admin.post(PATH, {"subject": "robot", "scopes": [str(scope) for scope in Scope]}).json
    doors = {
        "ApiTokensFunction": PATH,
        "ApiTransfersFunction": "/v2/transfers",
        "ApiCounterpartiesFunction": "/v1/counterparties",
        "ApiInvoicesV2Function": "/v2/invoices",
    }
    for function, path in doors.items():
        assert acme.with_token(made["token"], function).get(path).status == 200
    assert admin.request("DELETE", f"{PATH}/{made['id']}").json["state"] == "revoked"
    for function, path in doors.items():
        refused = [acme.with_token(made["token"], function).get(path) for _ in range(100)]
        told = [(one.status, one.json["error"], one.json["message"]) for one in refused]
        print(f"{function}: revoked, then called {len(told)} times: {sum(one[0] == 401 for one in told)} × 401")
        assert told == [(401, "token_revoked", "Token is revoked.")] * 100


def test_a_token_is_revoked_once_and_is_answered_the_same_again(acme, admin, capsys):
    issued = acme.issued()
    first, again = (admin.request("DELETE", f"{PATH}/{issued.token_id}") for _ in range(2))
    assert (first.status, again.status, again.text) == (200, 200, first.text)
    assert capsys.readouterr().out.count('"TokensChanged":[1.0]') == 1


def test_a_token_may_end_itself(acme, admin):
    [own] = admin.get(PATH).json["data"]
    assert admin.request("DELETE", f"{PATH}/{own['id']}").status == 200
    assert error_of(admin.get(PATH)) == (401, "token_revoked")


# ── rotating ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rotated_token_ends_at_once_and_its_successor_goes_on(acme, admin):
    old = admin.post(PATH, {"subject": "robot", "scopes": ["tokens:admin"], "label": "keys"}).json
    new = admin.post(f"{PATH}/{old['id']}/rotate", None)
    assert new.status == 201
    assert (new.json["rotated_from"], new.json["label"], new.json["scopes"]) == (old["id"], "keys", ["tokens:admin"])
    assert acme.with_token(new.json["token"]).get(PATH).status == 200
    assert error_of(acme.with_token(old["token"]).get(PATH)) == (401, "token_revoked")


def test_with_an_overlap_both_are_good_for_a_while(acme, admin):
    old = admin.post(PATH, {"subject": "robot", "scopes": ["tokens:admin"]}).json
    new = admin.post(f"{PATH}/{old['id']}/rotate", {"overlap_hours": 2}).json
    assert acme.with_token(old["token"]).get(PATH).status == acme.with_token(new["token"]).get(PATH).status == 200
    [ending] = [one for one in admin.get(PATH).json["data"] if one["id"] == old["id"]]
    left = datetime.fromisoformat(ending["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=1, minutes=59) < left <= timedelta(hours=2)
    assert ending["rotated_to"] == new["id"]


def test_a_token_has_one_successor(acme, admin):
    old = admin.post(PATH, {"subject": "robot"}).json
    admin.post(f"{PATH}/{old['id']}/rotate", {"overlap_hours": 1})
    again = admin.post(f"{PATH}/{old['id']}/rotate", {"overlap_hours": 1})
    assert error_of(again) == (409, "token_ended")
    assert again.json["details"] == {"because": "rotated"}


def test_a_rotation_that_is_sent_again_is_the_same_without_the_secret(admin):
    old = admin.post(PATH, {"subject": "robot"}).json
    first, again = (admin.post(f"{PATH}/{old['id']}/rotate", None, idempotency_key="once") for _ in range(2))
    assert (again.status, again.json) == (201, first.json | {"token": None})
    assert again.headers["idempotent-replayed"] == "true"


def test_who_rotates_gets_no_rights_by_it(acme):
    wide = acme.issued(scopes=(Scope.TRANSFERS_APPROVE,))
    answer = acme.client(Scope.TOKENS_ADMIN).post(f"{PATH}/{wide.token_id}/rotate", None)
    assert error_of(answer) == (403, "grant_too_wide")
    assert acme.now(wide) == wide


@pytest.mark.parametrize("body", [{"overlap_hours": -1}, {"overlap_hours": 169}, {"overlap_hours": "1"}, {"hours": 1}])
def test_an_overlap_is_whole_hours_of_a_week_at_most(acme, admin, body):
    assert error_of(admin.post(f"{PATH}/{acme.issued().token_id}/rotate", body)) == (422, "invalid_fields")


def test_wherever_a_rotation_is_killed_there_is_one_successor_and_the_rows_agree(acme, admin):
    def check(old):
        ended = acme.now(old)
        assert ended.rotated_to is not None
        successors = [one for one in acme.tokens.page(acme.name, after=None, limit=100, newest_first=True)[0]
                      if one.rotated_from == old.token_id]  # fmt: skip
        assert [one.token_id for one in successors] == [ended.rotated_to]
        acme.now(successors[0])

    assert crash_everywhere(acme.issued, lambda old: admin.post(f"{PATH}/{old.token_id}/rotate", None), check) >= 12


# ── every route ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(client, operation, token_id):
    path = operation.path.replace("{token_id}", str(token_id))
    return client.request(operation.method, path, BODIES.get(operation.name))


def test_the_matrix_holds_every_route():
    routes = {
        (one.method, re.sub(r"<(\w+)>", r"{\1}", one.path)) for one in (*api._static_routes, *api._dynamic_routes)
    }
    assert routes == {(one.method, one.path) for one in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("scope", Scope, ids=str)
def test_a_route_takes_its_own_scope_and_no_other(acme, operation, scope):
    issued = acme.issued(scopes=(scope,))
    answer = ask(acme.client(scope, *(APP_SCOPES if scope is operation.scope else ())), operation, issued.token_id)
    if scope is operation.scope:
        assert answer.status == operation.status
    else:
        assert error_of(answer) == (403, "scope_missing")
        assert acme.now(issued) == issued


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_all_scopes_but_its_own_are_not_enough(acme, operation):
    others = tuple(scope for scope in Scope if scope is not operation.scope)
    assert ask(acme.client(*others), operation, acme.issued().token_id).status == 403


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "{" in one.path], ids=lambda one: one.name)
def test_a_foreign_token_is_answered_byte_for_byte_as_one_that_never_was(aws, acme, admin, operation):
    elsewhere = Tenant(f"{acme.name}-other", aws)
    theirs = elsewhere.issued()
    foreign, missing = (ask(admin, operation, one) for one in (theirs.token_id, an_id()))
    assert (foreign.status, foreign.text) == (missing.status, missing.text)
    assert foreign.lasting_headers == missing.lasting_headers
    assert error_of(foreign) == (404, "no_such_token")
    assert elsewhere.now(theirs) == theirs


@pytest.mark.parametrize("token_id", ["x", "0" * 36, "TOK%23", str(an_id())[:-1]])
def test_what_is_no_id_is_nobodys(admin, token_id):
    assert error_of(admin.request("DELETE", f"{PATH}/{token_id}")) == (404, "no_such_token")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer", "Bearer nonsense", "Bearer a, Bearer b"])
def test_without_a_good_token_no_route_answers(acme, operation, header):
    headers = {} if header is None else {"authorization": header}
    path = operation.path.replace("{token_id}", str(an_id()))
    answer = HttpClient(acme.aws.guarded("ApiTokensFunction")).request(operation.method, path, {}, headers)
    assert answer.status == 401
