"""A draft's way to approval, over HTTP, in the whole stack: what must not pass alone does not pass alone."""

import base64
import urllib.request
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from infra.cli.client import Client
from paydraft.model.credential import Scope
from paydraft.model.ids import transfer_id_of
from paydraft.stores.items import item_of
from tests.builders import a_credential, a_token
from tests.flow.onlooker import Onlooker
from tests.payment_files import texts, validated

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[1] / "golden" / "documents" / "de_freelancer.pdf"
NOTE = {"note": "Compared both: the first one was never sent."}


@pytest.fixture
def onlooker(stack):
    """A house of its own for each test: what others sent to this stack before is no duplicate here."""
    token, tenant_id = a_token(), f"house-{uuid4().hex[:8]}"
    here = Onlooker(stack | {"tenant_id": tenant_id, "token": token})
    credential = a_credential(token, tenant_id=tenant_id, subject="local", scopes=tuple(Scope))
    here.aws("dynamodb").put_item(TableName=here.outputs["CredentialsTable"], Item=item_of(credential))
    return here


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


def colleague(onlooker, name, tenant_id):
    """Somebody of another house, who may do all that is done there."""
    token = a_token()
    credential = a_credential(token, tenant_id=tenant_id, subject=name, scopes=tuple(Scope))
    onlooker.aws("dynamodb").put_item(TableName=onlooker.outputs["CredentialsTable"], Item=item_of(credential))
    return Client(onlooker.served["url"], token)


def fetched(client, path, accept):
    """The media type and the bytes of an answer that is no JSON."""
    headers = {"Authorization": f"Bearer {client.token}", "Accept": accept}
    with urllib.request.urlopen(urllib.request.Request(client.url.rstrip("/") + path, headers=headers)) as answer:
        return answer.headers["Content-Type"], answer.read()


def read_code(png):
    [code] = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(png)).convert("L")))
    return code.text.split("\n")


def test_an_approved_transfer_leaves_once_in_a_file_that_a_bank_takes_and_its_payee_is_known_from_then_on(onlooker):
    alice, bob = (colleague(onlooker, name, "house-of-export") for name in ("alice", "bob"))
    us = {"legal_name": "Tannhof & Söhne", "own": True, "bank_accounts": [{"iban": "AT61 1904 3002 3457 3201"}]}
    assert alice.ask("POST", "/v1/counterparties", us).status == 201
    first = alice.wait_until_ended(alice.submit(DOCUMENT).body["job_id"]).body
    assert first["counterparty_match"] == "not_found"
    transfer = f"/v2/transfers/{first['transfer_id']}"
    ids = {"transfer_ids": [first["transfer_id"]]}
    assert bob.ask("POST", "/v2/transfers/export", ids).body["error"] == "nothing_to_export"

    media_type, png = fetched(alice, f"{transfer}/qr", "image/png")
    shown = alice.ask("GET", transfer).body
    iban, amount = shown["creditor"]["iban"], shown["amount"]
    assert (media_type, read_code(png)[6:8]) == ("image/png", [iban, f"{amount['currency']}{amount['amount']}"])
    assert b"<svg" in fetched(alice, f"{transfer}/qr", "image/svg+xml")[1]

    alice.ask("POST", f"{transfer}/finalize")
    assert bob.ask("POST", f"{transfer}/approve").body["status"] == "approved"
    preview = fetched(bob, f"{transfer}/pain.001", "application/xml")[1]
    assert texts(validated(preview), "CdtrAcct/Id/IBAN") == [iban]

    told = bob.ask("POST", "/v2/transfers/export", ids).body
    data = base64.b64decode(told["file"]["base64_file"])
    root = validated(data)
    assert texts(root, "CdtrAcct/Id/IBAN") == [iban]
    assert texts(root, "DbtrAcct/Id/IBAN") == ["AT611904300234573201"]
    assert texts(root, "Amt/InstdAmt") == [amount["amount"]]
    assert fetched(bob, f"{transfer}/pain.001", "*/*") == ("application/xml", data)
    assert bob.ask("POST", "/v2/transfers/export", ids).body["file"] == told["file"]
    assert bob.ask("POST", "/v2/transfers/export", {"all_approved": True}).body["error"] == "nothing_to_export"
    history = [one["event_type"] for one in alice.ask("GET", f"{transfer}/events").body["data"]]
    assert history == ["drafted", "finalized", "approved", "exported"]

    again = alice.wait_until_ended(alice.submit(DOCUMENT).body["job_id"]).body
    assert (again["counterparty_match"], again["counterparty_id"]) == ("found", shown_after(alice, transfer))
    assert "possible_duplicate" in {one["code"] for one in again["review"]}


def shown_after(client, transfer):
    return client.ask("GET", transfer).body["destination"]["counterparty_id"]
