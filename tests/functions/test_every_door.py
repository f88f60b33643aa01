"""Every route of every API function has the same door: four causes, a rate, and a known token's rate on each answer.

Made from the template: a function that is added is in it, and one without the door fails here.
"""

import importlib
import random
import re
import string
from datetime import UTC, datetime

import pytest

from paydraft.model.credential import Scope
from paydraft.model.request_errors import (
    RateLimitedError,
    TokenInvalidError,
    TokenNotFoundError,
    TokenNotSetError,
    TokenRevokedError,
)
from paydraft.runtime.access import Carrier
from paydraft.stores.credentials import CredentialStore
from tests.builders import a_credential, a_token, an_id
from tests.http_client import HttpClient
from tests.infra.translated import folder_of
from tests.moto_stack import moto_stack
from tests.template_stack import template

PUBLIC = {"ApiDocsFunction"}  # tells what anybody may read
DOORS = sorted(
    function
    for function, resource in template()["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function" and function not in PUBLIC
    if any(event["Type"] == "HttpApi" for event in resource["Properties"].get("Events", {}).values())
)


def api_of(function):
    return importlib.import_module(f"{folder_of(function)}.handler").api


ROUTES = [
    (function, route.method, route.path)
    for function in DOORS
    for route in (*api_of(function)._static_routes, *api_of(function)._dynamic_routes)
]
NAMES = [f"{folder_of(function)}-{method}-{path}" for function, method, path in ROUTES]


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


def issued(aws, **fields):
    token = a_token()
    CredentialStore(aws["CredentialsTable"]).add(a_credential(token, scopes=tuple(Scope), **fields))
    return token


def carrier_of(function):
    return api_of(function).carriers[0]


def ask(aws, route, token):
    function, method, path = route
    headers = {}
    if token is not None:
        is_bearer = carrier_of(function) is Carrier.BEARER
        headers = {"authorization": f"Bearer {token}"} if is_bearer else {"api-key": token}
    called = re.sub(r"<\w+>", str(an_id()), path)
    return HttpClient(aws.guarded(function)).request(method, called, headers=headers)


def test_there_are_doors_to_try():
    assert len(DOORS) >= 7
    assert len(ROUTES) >= 50


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_the_four_causes_are_told_on_every_route_in_their_words(aws, route):
    causes = [
        (None, TokenNotSetError),
        ("pd_local_nonsense", TokenInvalidError),
        (a_token(), TokenNotFoundError),
        (issued(aws, revoked_at=datetime.now(UTC)), TokenRevokedError),
    ]
    for token, cause in causes:
        answer = ask(aws, route, token)
        assert answer.status == 401, answer.text
        assert cause.text in answer.text
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert answer.headers["cache-control"] == "no-store"
        assert "ratelimit-limit" not in answer.headers


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_every_answer_to_a_known_token_tells_its_rate(aws, route):
    answer = ask(aws, route, issued(aws))
    assert answer.status < 500, answer.text
    assert answer.status != 401
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= answer.headers.keys()


@pytest.mark.parametrize("function", DOORS, ids=folder_of)
def test_one_request_too_many_is_a_429_in_the_dialects_words(aws, function, monkeypatch):
    monkeypatch.setenv("REQUESTS_PER_SECOND", "1")
    monkeypatch.setenv("REQUEST_BURST", "60")  # one window a minute long, so that no second ends it
    route = next(one for one in ROUTES if one[0] == function)
    token = issued(aws)
    answers = [ask(aws, route, token) for _ in range(122)]  # whatever minute begins in between, one of them was full
    refused = [one for one in answers if one.status == 429]
    assert len(refused) >= 2
    assert all(RateLimitedError.text in one.text for one in refused)
    assert all(int(one.headers["retry-after"]) >= 1 for one in refused)
    assert all(one.headers["ratelimit-remaining"] == "0" for one in refused)


@pytest.mark.parametrize("function", DOORS, ids=folder_of)
def test_five_hundred_random_headers_are_refused_without_a_5xx(aws, function):
    dice = random.Random(function)
    letters = string.printable + "äöü€\u202e\x00"
    route = next(one for one in ROUTES if one[0] == function)
    words = {cause.text for cause in (TokenNotSetError, TokenInvalidError, TokenNotFoundError)}
    for _ in range(500):
        text = "".join(dice.choice(letters) for _ in range(dice.randrange(80)))
        header = dice.choice(["", "Bearer ", "bearer", "pd_", "Bearer pd_local_"]) + text
        path = re.sub(r"<\w+>", "1", route[2])
        name = carrier_of(function).value
        answer = HttpClient(aws.guarded(function)).request(route[1], path, headers={name: header})
        assert answer.status == 401, (header, answer.text)
        assert any(word in answer.text for word in words)
