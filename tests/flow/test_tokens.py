"""A token's life over HTTP, in the whole stack: made, used, rotated, revoked, and refused by every function at once."""

import time

import pytest

from infra.cli.client import Client

pytestmark = pytest.mark.slow

DOORS = ("/v1/tokens", "/v2/transfers", "/v1/counterparties", "/v2/invoices")
EVERY_SCOPE = ["tokens:admin", "transfers:read", "counterparties:read", "jobs:read"]


@pytest.fixture(scope="module")
def admin(stack):
    return Client(stack["url"], stack["token"])


def made(admin):
    answer = admin.ask("POST", "/v1/tokens", {"subject": "robot", "scopes": EVERY_SCOPE, "label": "a test"})
    assert answer.status == 201, answer.body
    return answer.body


def causes(stack, token, path, times=1):
    answers = [Client(stack["url"], token).ask("GET", path) for _ in range(times)]
    return [(one.status, one.body.get("message")) for one in answers]


def test_a_token_opens_every_door_until_it_is_revoked_and_none_from_then_on(stack, admin):
    token = made(admin)
    assert [causes(stack, token["token"], path)[0][0] for path in DOORS] == [200] * len(DOORS)
    assert admin.ask("DELETE", f"/v1/tokens/{token['id']}").body["state"] == "revoked"
    for path in DOORS:
        told = causes(stack, token["token"], path, times=100)
        print(f"{path}: revoked, then called {len(told)} times: {sum(one[0] == 401 for one in told)} × 401")
        assert told == [(401, "Token is revoked.")] * 100


def test_a_successor_goes_on_where_the_old_one_ends(stack, admin):
    old = made(admin)
    new = admin.ask("POST", f"/v1/tokens/{old['id']}/rotate").body
    assert causes(stack, new["token"], "/v2/transfers")[0][0] == 200
    assert causes(stack, old["token"], "/v2/transfers") == [(401, "Token is revoked.")]
    listed = {one["id"]: one["state"] for one in admin.ask("GET", "/v1/tokens").body["data"]}
    assert (listed[old["id"]], listed[new["id"]]) == ("revoked", "active")


def test_an_answer_tells_the_rate(admin):
    """On a busy machine the counter may be too slow for a moment: then it is left alone for five seconds."""
    for _ in range(5):
        headers = {name.lower() for name in admin.ask("GET", "/v1/tokens").headers}
        if "ratelimit-limit" in headers:
            break
        time.sleep(5)
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= headers
