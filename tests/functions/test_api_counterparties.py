"""Counterparties over the stack in moto: what is taken, what is refused, and what is on file afterwards."""

import itertools
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.credential import Scope
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from tests.builders import IBANS, a_counterparty, a_credential, a_token, an_account, an_id
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

PATH = "/v1/counterparties"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    """One stack for all tests here: each has a tenant of its own."""
    with moto_stack() as stack:
        yield stack


@dataclass(frozen=True)
class Tenant:
    """A tenant, with all that a test wants to see of it."""

    name: str
    aws: MotoStack

    @property
    def store(self):
        return CounterpartyStore(self.aws["CounterpartiesTable"])

    def client(self, *scopes, seconds_left=29.0):
        token = a_token()
        scopes = scopes or (Scope.COUNTERPARTIES_READ, Scope.COUNTERPARTIES_WRITE)
        CredentialStore(self.aws["CredentialsTable"]).add(
            a_credential(token, tenant_id=self.name, subject="alice", scopes=scopes)
        )
        return HttpClient(self.aws.guarded("ApiCounterpartiesFunction"), token, seconds_left)

    def events(self, counterparty_id):
        return [one["event_type"] for one in self.client().get(f"{PATH}/{counterparty_id}/events").json["data"]]


@pytest.fixture
def acme(aws):
    return Tenant(f"cp-{next(_numbers)}", aws)


@pytest.fixture
def alice(acme):
    return acme.client()


def created(client, **fields):
    answer = client.post(PATH, {"legal_name": "Muster GmbH"} | fields)
    assert answer.status == 201, answer.text
    return answer.json


def patched(client, path, body, **headers):
    return client.request("PATCH", f"{PATH}/{path}", body, headers)


def wrong_field(answer):
    assert (answer.status, answer.json["error"]) == (422, "invalid_fields"), answer.text
    return answer.json["details"]["fields"][0]["loc"][-1]


def test_a_counterparty_is_made_with_its_parts_and_reads_the_same(alice, acme):
    made = created(
        alice,
        vat_number="CHE-123.456.788 MWST",
        aliases=["Muster"],
        bank_accounts=[{"iban": "DE89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}, {"iban": IBANS[1]}],
        contacts=[{"type": "email", "value": "a@muster.example"}, {"type": "phone", "value": "+49 228 123"}],
        addresses=[{"street": "Weg 1", "city": "Bonn", "zip": "53113", "country": "DE"}],
    )
    assert alice.get(f"{PATH}/{made['id']}").json == made
    assert [one["iban"] for one in made["bank_accounts"]] == ["DE89370400440532013000", IBANS[1]]
    assert [one["is_primary"] for one in made["bank_accounts"]] == [True, False]
    assert [one["preferred"] for one in made["contacts"]] == [True, True]
    assert made["contacts"][1]["metadata"] == {"country_number": "49", "number": "228123", "region_code": "DE"}
    assert made["addresses"][0]["cp_address_id"] == made["addresses"][0]["id"]
    assert (made["version"], made["own_accounts"], made["active"]) == (1, [], True)
    assert acme.events(made["id"]) == ["created"]


def test_mail_and_phone_are_contacts_and_not_taken_at_the_top(alice):
    assert wrong_field(alice.post(PATH, {"legal_name": "A", "email": "a@muster.example"})) == "email"
    assert wrong_field(alice.post(PATH, {"legal_name": "A", "phone": "+49 228 123"})) == "phone"


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_own_accounts_are_read_only(alice, method):
    path = PATH if method == "POST" else f"{PATH}/{created(alice)['id']}"
    answer = alice.request(method, path, {"legal_name": "A", "own_accounts": [{"iban": IBANS[0]}]})
    assert (answer.status, answer.json["error"]) == (400, "own_accounts_read_only")
    assert alice.request(method, path, {"legal_name": "A", "own_accounts": []}).status in (200, 201)


def test_the_tenants_own_accounts_are_shown_and_stay_own(alice):
    made = created(alice, own=True, bank_accounts=[{"iban": IBANS[0]}])
    assert made["own_accounts"] == [{"cp_account_id": made["bank_accounts"][0]["id"], "iban": IBANS[0]}]
    assert wrong_field(patched(alice, made["id"], {"own": False})) == "own"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"bank_accounts": [{"iban": IBANS[0]}]}, "iban"),
        ({"vat_number": "de 123456788"}, "vat_number"),
        ({"contacts": [{"type": "email", "value": "A@Muster.example"}]}, "email"),
    ],
)
def test_what_is_anothers_is_refused_with_its_holder_and_nothing_is_written(alice, acme, fields, field):
    first = created(
        alice,
        vat_number="DE123456788",
        bank_accounts=[{"iban": IBANS[0]}],
        contacts=[{"type": "email", "value": "a@muster.example"}],
    )
    answer = alice.post(PATH, {"legal_name": "Other"} | fields)
    assert (answer.status, answer.json["error"]) == (409, "counterparty_exists")
    assert answer.json["details"] == {"on_file": {field: first["id"]}}
    assert len(list(acme.store.files(acme.name))) == 1


def test_a_change_makes_a_version_an_item_of_history_and_a_new_tag(alice, acme):
    made = created(alice, vat_number="DE123456788")
    tag = alice.get(f"{PATH}/{made['id']}").headers["etag"]
    answer = patched(alice, made["id"], {"legal_name": "Muster AG", "vat_number": None}, **{"if-match": tag})
    assert (answer.status, answer.json["version"], answer.json["vat_number"]) == (200, 2, None)
    assert answer.headers["etag"] == alice.get(f"{PATH}/{made['id']}").headers["etag"] != tag
    last = alice.get(f"{PATH}/{made['id']}/events").json["data"][-1]
    assert (last["event_type"], last["created_by"]) == ("updated", "alice")
    assert last["before"] == {"legal_name": "Muster GmbH", "vat_number": "DE123456788"}
    assert last["after"] == {"legal_name": "Muster AG"}
    created(alice, vat_number="DE123456788")


def test_an_old_version_or_tag_changes_nothing(alice, acme):
    made = created(alice)
    tag = alice.get(f"{PATH}/{made['id']}").headers["etag"]
    assert patched(alice, made["id"], {"legal_name": "B", "version": 1}).status == 200
    for body, headers in (({"legal_name": "C", "version": 1}, {}), ({"legal_name": "C"}, {"if-match": tag})):
        answer = patched(alice, made["id"], body, **headers)
        assert (answer.status, answer.json["error"]) == (412, "version_mismatch")
    assert alice.get(f"{PATH}/{made['id']}").json["legal_name"] == "B"


def test_a_change_that_changes_nothing_writes_nothing(alice, acme):
    made = created(alice, bank_accounts=[{"iban": IBANS[0]}])
    assert patched(alice, made["id"], {"legal_name": "Muster GmbH"}).headers["idempotent-replayed"] == "true"
    account = made["bank_accounts"][0]["id"]
    assert patched(alice, f"bank-accounts/{account}", {"is_primary": True}).status == 200
    assert alice.post(f"{PATH}/{made['id']}/reactivate", None).json == made
    assert acme.events(made["id"]) == ["created"]


def test_deactivation_keeps_all_and_stops_everything_but_reactivation(alice, acme):
    made = created(alice, bank_accounts=[{"iban": IBANS[0]}])
    gone = alice.post(f"{PATH}/{made['id']}/deactivate", None).json
    assert (gone["active"], gone["bank_accounts"]) == (False, made["bank_accounts"])
    assert acme.store.known(acme.name) == ()
    account = f"bank-accounts/{made['bank_accounts'][0]['id']}"
    refused = (
        patched(alice, made["id"], {"legal_name": "B"}),
        patched(alice, account, {"bank": "B"}),
        alice.post(f"{PATH}/contacts", {"counterparty_id": made["id"], "type": "other", "value": "x"}),
    )
    assert {(answer.status, answer.json["error"]) for answer in refused} == {(409, "counterparty_inactive")}
    assert alice.post(PATH, {"legal_name": "B", "bank_accounts": [{"iban": IBANS[0]}]}).status == 409
    assert alice.post(f"{PATH}/{made['id']}/reactivate", None).json["active"]
    assert acme.events(made["id"]) == ["created", "deactivated", "reactivated"]


def test_an_account_is_added_by_iban_alone_and_found_by_matching(alice, acme):
    made = created(alice)
    answer = alice.post(f"{PATH}/bank-accounts", {"counterparty_id": made["id"], "iban": IBANS[0]})
    assert (answer.status, answer.json["is_primary"], answer.json["recipient_id"]) == (201, True, made["id"])
    ((owner, account),) = acme.store.directory(acme.name, iban=Iban(IBANS[0]), vat_number=None).by_iban
    assert (str(owner.counterparty_id), str(account.account_id)) == (made["id"], answer.json["cp_account_id"])
    assert alice.get(f"{PATH}/bank-accounts/{answer.json['id']}").json == answer.json
    assert acme.events(made["id"]) == ["created", "bank_account_added"]


def test_one_account_is_primary_and_one_contact_of_a_type_preferred(alice, acme):
    made = created(
        alice,
        bank_accounts=[{"iban": IBANS[0]}, {"iban": IBANS[1]}],
        contacts=[{"type": "email", "value": "a@muster.example"}, {"type": "email", "value": "b@muster.example"}],
    )
    patched(alice, f"bank-accounts/{made['bank_accounts'][1]['id']}", {"is_primary": True})
    patched(alice, f"contacts/{made['contacts'][1]['id']}", {"preferred": True})
    now = alice.get(f"{PATH}/{made['id']}").json
    assert [one["is_primary"] for one in now["bank_accounts"]] == [False, True]
    assert [one["preferred"] for one in now["contacts"]] == [False, True]
    assert acme.events(made["id"]) == ["created", "bank_account_updated", "contact_updated"]
    assert acme.store.get(acme.name, made["id"]).email == "b@muster.example"


def test_an_inactive_account_is_not_primary_and_its_iban_stays_taken(alice):
    made = created(alice, bank_accounts=[{"iban": IBANS[0]}])
    answer = patched(alice, f"bank-accounts/{made['bank_accounts'][0]['id']}", {"active": False})
    assert (answer.json["active"], answer.json["is_primary"]) == (False, False)
    assert alice.post(PATH, {"legal_name": "B", "bank_accounts": [{"iban": IBANS[0]}]}).status == 409


def test_a_changed_mail_address_loses_its_validation_and_frees_the_old_one(alice):
    made = created(alice, contacts=[{"type": "email", "value": "a@muster.example", "validated": True}])
    answer = patched(alice, f"contacts/{made['contacts'][0]['id']}", {"value": "new@muster.example"})
    assert (answer.json["value"], answer.json["validated"]) == ("new@muster.example", False)
    created(alice, contacts=[{"type": "email", "value": "a@muster.example"}])


def test_an_address_keeps_what_a_change_leaves_out(alice):
    made = created(alice, addresses=[{"street": "Weg 1", "city": "Bonn", "zip": "53113"}])
    answer = patched(alice, f"addresses/{made['addresses'][0]['id']}", {"street": None, "country": "DE"})
    told = {name: answer.json[name] for name in ("street", "city", "zip", "country", "preferred_billing")}
    assert told == {"street": None, "city": "Bonn", "zip": "53113", "country": "DE", "preferred_billing": True}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("bank-accounts", {"iban": "DE00370400440532013000"}, "iban"),
        ("bank-accounts", {"iban": IBANS[0], "bic": "X"}, "bic"),
        ("bank-accounts", {"iban": "DE89370400440532013000", "bic": "BNPAFRPPXXX"}, "bic"),
        ("contacts", {"type": "email", "value": "nobody"}, "value"),
        ("contacts", {"type": "fax", "value": "1"}, "type"),
        ("addresses", {}, "city"),
        ("addresses", {"country": "de"}, "country"),
    ],
)
def test_a_wrong_part_is_refused_by_its_field(alice, path, body, field):
    body = {"counterparty_id": created(alice)["id"]} | body
    assert wrong_field(alice.post(f"{PATH}/{path}", body)) == field


def test_an_iban_can_not_be_changed(alice):
    made = created(alice, bank_accounts=[{"iban": IBANS[0]}])
    assert wrong_field(patched(alice, f"bank-accounts/{made['bank_accounts'][0]['id']}", {"iban": IBANS[1]})) == "iban"


@pytest.mark.parametrize("path", ["bank-accounts", "contacts", "addresses"])
def test_a_part_is_added_to_the_tenants_own_counterparties_only(aws, alice, path):
    theirs = created(Tenant(f"cp-{next(_numbers)}", aws).client())["id"]
    body = {"iban": IBANS[0], "type": "other", "value": "x", "city": "Bonn"}
    wanted = {"bank-accounts": ["iban"], "contacts": ["type", "value"], "addresses": ["city"]}[path]
    answers = [
        alice.post(f"{PATH}/{path}", {"counterparty_id": str(one)} | {name: body[name] for name in wanted})
        for one in (theirs, an_id())
    ]
    assert {(answer.status, answer.json["error"]) for answer in answers} == {(404, "counterparty_not_found")}
    assert answers[0].text == answers[1].text


def test_a_repeated_post_with_a_key_makes_one_counterparty(alice, acme):
    body = {"legal_name": "Muster GmbH"}
    first, again = (alice.post(PATH, body, idempotency_key="k") for _ in range(2))
    assert (first.status, again.status, first.text) == (201, 201, again.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(list(acme.store.files(acme.name))) == 1
    other = alice.post(PATH, {"legal_name": "Other"}, idempotency_key="k")
    assert (other.status, other.json["error"]) == (422, "idempotency_conflict")


def listed(client, query="", path="/bank-accounts"):
    answer = client.get(f"{PATH}{path}?{query}")
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def accounts(alice):
    """Four accounts of two counterparties."""
    for name, ibans in (("One", IBANS[:2]), ("Two", IBANS[2:4])):
        made = created(alice, legal_name=name, bank_accounts=[{"iban": iban, "bank": f"Bank {name}"} for iban in ibans])
        patched(alice, f"bank-accounts/{made['bank_accounts'][1]['id']}", {"active": False})
    return IBANS[:4]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", {0, 1, 2, 3}),
        ("search.active=true", {0, 2}),
        ("search.active=false&search.bank=bank%20two", {3}),
        ("search.is_primary=true", {0, 2}),
        ("search._text.ilike=bank%20t%25", {2, 3}),
        ("search._text.ilike=k%20on", {0, 1}),
        (f"search.iban={quote(' '.join(IBANS[1]))}", {1}),
        ('filter={"active":true,"bank":"Bank One"}', {0}),
        ('filter={"bank":{"$in":["bank one"]},"bic":{"$exists":false}}', {0, 1}),
        ('filter={"bank":{"$ne":"Bank One"}}', {2, 3}),
        ('filter={"created_at":{"$gt":"2020","$lt":"2100"},"bic":null}', {0, 1, 2, 3}),
        ('filter={"created_at":{"$lt":"2020"}}', set()),
    ],
)
def test_a_list_holds_what_is_searched_for(alice, accounts, query, places):
    found = listed(alice, query)
    assert {one["iban"] for one in found["data"]} == {accounts[place] for place in places}
    assert (found["total"], found["total_unfiltered"], found["has_more"]) == (len(places), 4, False)


def test_a_list_is_sorted_and_paged(alice, accounts):
    pages = [listed(alice, f"sort=bank,-iban&limit=3&offset={offset}") for offset in (0, 3)]
    ibans = [one["iban"] for page in pages for one in page["data"]]
    assert ibans == [*sorted(accounts[:2], reverse=True), *sorted(accounts[2:], reverse=True)]
    assert [page["has_more"] for page in pages] == [True, False]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "offset=-1",
        "sort=metadata",
        "search.name=x",
        "colour=red",
        "filter=[]",
        "filter={",
        'filter={"colour":1}',
        'filter={"iban":{"$regex":"x"}}',
        'filter={"iban":{"$in":{"a":1}}}',
        'filter={"iban":{"$eq":{"a":1}}}',
    ],
)
def test_a_wrong_query_is_named(alice, query):
    answer = alice.get(f"{PATH}/bank-accounts?{query}")
    assert (answer.status, answer.json["error"]) == (400, "invalid_query")
    assert answer.json["details"]["fields"]


def test_counterparties_are_found_by_what_their_parts_hold(alice):
    made = created(alice, bank_accounts=[{"iban": IBANS[0]}], contacts=[{"type": "email", "value": "A@muster.example"}])
    created(alice, legal_name="Other")
    for query in (f"search.iban={IBANS[0]}", "search.email=a@muster.example", "search._text.ilike=MUSTER%25GMBH"):
        found = listed(alice, query, "")
        assert [one["id"] for one in found["data"]] == [made["id"]]
        assert (found["total"], found["total_unfiltered"]) == (1, 2)


def test_an_import_reports_its_rows_and_the_same_list_again_changes_nothing(alice, acme):
    text = f"legal_name,iban\nOne,{IBANS[0]}\nTwo,DE00\nThree,{IBANS[1]}\n"
    report = alice.post(f"{PATH}/import", {"csv": text}).json
    assert {name: report[name] for name in ("added", "refused", "next_line")} == {
        "added": 2,
        "refused": 1,
        "next_line": None,
    }
    assert [(row["line"], row["outcome"]) for row in report["rows"]] == [(3, "refused")]
    again = alice.post(f"{PATH}/import", {"csv": text}).json
    assert (again["added"], again["on_file"]) == (0, 2)
    assert len(list(acme.store.files(acme.name))) == 2


def test_an_import_that_has_no_time_left_says_where_to_go_on(acme):
    hurried = acme.client(seconds_left=6.0)
    text = "legal_name\nOne\nTwo\n"
    first = hurried.post(f"{PATH}/import", {"csv": text}).json
    second = hurried.post(f"{PATH}/import", {"csv": text, "from_line": first["next_line"]}).json
    assert (first["added"], first["next_line"], second["added"]) == (1, 3, 1)
    assert len(list(acme.store.files(acme.name))) == 2


def test_an_import_with_a_key_is_told_again_as_it_was(alice):
    answers = [alice.post(f"{PATH}/import", {"csv": "legal_name\nOne\n"}, idempotency_key="i") for _ in range(2)]
    assert answers[0].text == answers[1].text
    assert answers[1].headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("text", "error"),
    [("name\nA\n", "supplier_list_unreadable"), ("legal_name\n" + "A\n" * 10_001, "supplier_list_too_long")],
)
def test_a_list_that_can_not_be_taken_is_refused_whole(alice, text, error):
    answer = alice.post(f"{PATH}/import", {"csv": text})
    assert (answer.status, answer.json["error"]) == (400, error)


def test_an_export_is_what_the_import_takes(alice, acme):
    created(alice, legal_name="=Muster", bank_accounts=[{"iban": IBANS[0]}])
    answer = alice.get(f"{PATH}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "'=Muster" in answer.text
    report = alice.post(f"{PATH}/import", {"csv": answer.text}).json
    assert (report["added"], report["on_file"]) == (0, 1)


def test_an_account_that_an_approval_added_is_read_and_changed_like_any_other(alice, acme):
    party = a_counterparty()
    account = an_account(party, iban=Iban(IBANS[0]))
    acme.store.add(acme.name, party, [account])
    answer = patched(alice, f"bank-accounts/{account.account_id}", {"is_validated": True})
    assert (answer.status, answer.json["is_validated"]) == (200, True)
