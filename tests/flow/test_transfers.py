"""A draft's way to approval, over HTTP, in the whole stack: what must not pass alone does not pass alone."""

from pathlib import Path
from uuid import UUID

import pytest

from infra.cli.client import Client
from paydraft.model.credential import Scope
from paydraft.model.ids import transfer_id_of
from paydraft.stores.items import item_of
from tests.builders import a_credential, a_token
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[1] / "golden" / "documents" / "de_freelancer.pdf"
NOTE = {"note": "Compared both: the first one was never sent."}


@pytest.fixture(scope="module")
def onlooker(stack):
    return Onlooker(stack)


def person(onlooker, name):
    """A colleague with a token of his own."""
    token = a_token()
    scopes = (Scope.TRANSFERS_READ, Scope.TRANSFERS_WRITE, Scope.TRANSFERS_APPROVE)
    credential = a_credential(token, tenant_id=onlooker.tenant_id, subject=name, scopes=scopes)
    onlooker.aws("dynamodb").put_item(TableName=onlooker.outputs["CredentialsTable"], Item=item_of(credential))
    return Client(onlooker.served["url"], token)


def drafted(onlooker):
    job_id = onlooker.api.submit(DOCUMENT).body["job_id"]
    answer = onlooker.api.wait_until_ended(job_id)
    assert answer.status == 200, answer.body
    return f"/v2/transfers/{answer.body['transfer_id']}", {one["code"] for one in answer.body["review"]}


def test_the_same_document_sent_again_is_approved_only_after_a_second_person_has_looked_into_it(onlooker):
    alice, bob = person(onlooker, "alice"), person(onlooker, "bob")
    first, flags = drafted(onlooker)
    assert "possible_duplicate" not in flags
    second, flags = drafted(onlooker)
    assert "possible_duplicate" in flags

    assert alice.ask("PATCH", second, {"customer_id": "c-1"}).body["version"] == 2
    assert alice.ask("POST", f"{second}/finalize").body["status"] == "pending-approval"
    assert alice.ask("POST", f"{second}/approve").body["error"] == "second_person_needed"
    assert bob.ask("POST", f"{second}/approve").body["error"] == "flags_not_cleared"
    [flag] = [one for one in bob.ask("GET", second).body["flags"] if one["code"] == "possible_duplicate"]
    assert {proof["transfer_id"] for proof in flag["evidence"]} - {None} == {first.rpartition("/")[2]}
    for code in {one["code"] for one in bob.ask("GET", second).body["flags"] if one["blocking"]}:
        assert bob.ask("POST", f"{second}/flags/{code}/clear", NOTE).status == 200
    assert bob.ask("POST", f"{second}/approve").body["status"] == "approved"

    history = alice.ask("GET", f"{second}/events").body["data"]
    assert [one["event_type"] for one in history][:3] == ["drafted", "edited", "finalized"]
    assert history[-1]["event_type"] == "approved"
    assert alice.ask("DELETE", first).body["status"] == "cancelled"


def test_evidence_and_list_are_served(onlooker):
    alice = person(onlooker, "alice")
    path, _ = drafted(onlooker)
    fields = {one["field"] for one in alice.ask("GET", f"{path}/evidence").body["fields"]}
    assert {"total", "iban", "currency"} <= fields
    page = alice.ask("GET", "/v2/transfers?limit=1&order=desc").body
    assert [one["id"] for one in page["data"]] == [path.rpartition("/")[2]]
    assert page["data"][0]["id"] == str(transfer_id_of(UUID(page["data"][0]["job_id"])))
