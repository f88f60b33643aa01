"""The door that all API functions have: the four causes, then the rate, then the scope, whichever function is asked."""

import itertools
import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import jwt
import pytest
from aws_lambda_powertools.event_handler import Response
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from paydraft.model.credential import Scope
from paydraft.model.errors import PaydraftError
from paydraft.model.request_errors import AccessError, RateLimitedError, RequestError, ScopeMissingError
from paydraft.runtime.access import Carrier
from paydraft.runtime.door import admit, door_of
from paydraft.runtime.http import Api, ErrorAnswers, json_response
from paydraft.runtime.settings import DoorSettings
from paydraft.stores.credentials import CredentialStore
from tests.builders import NOW, a_credential, a_token, after
from tests.certificates import authority_pem, serving
from tests.fault_injection import answers, calls
from tests.http_client import HttpClient
from tests.json_server import json_server
from tests.moto_stack import moto_stack

ANSWERS = ErrorAnswers(
    statuses={
        PaydraftError: 500,
        RequestError: 400,
        AccessError: 401,
        ScopeMissingError: 403,
        RateLimitedError: 429,
    },
    body=lambda error, status: {"error": error.code, "details": error.details},
)
RATE = {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
TWINS = {"x-ratelimit-limit-second", "x-ratelimit-remaining-second"}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def door(aws):
    """The settings of a function that lets three requests a second in. A test's door remembers nothing of another's."""
    door_of.cache_clear()
    return DoorSettings(
        stage="local",
        credentials_table=aws["CredentialsTable"],
        transient_table=aws["TransientTable"],
        requests_per_second=3,
        request_burst=3,
    )


def an_api(settings, *, now=NOW, **fields):
    api = Api("a_function", ANSWERS, **fields)

    @api.get("/jobs")
    def jobs() -> Response[str]:
        return json_response(200, f'"{admit(api, settings, Scope.JOBS_READ, now=now).subject}"')

    return api


@pytest.fixture
def token(aws):
    return issued(aws)


def issued(aws, **fields):
    token = a_token()
    CredentialStore(aws["CredentialsTable"]).add(a_credential(token, **fields))
    return token


def test_a_request_within_the_rate_is_answered_with_what_is_left_of_it(door, token):
    client = HttpClient(an_api(door).resolve, token)
    told = [client.get("/jobs") for _ in range(3)]
    assert [one.status for one in told] == [200] * 3
    assert [one.headers["ratelimit-remaining"] for one in told] == ["2", "1", "0"]
    assert {one.headers["ratelimit-limit"] for one in told} == {"3"}
    assert all(re.fullmatch("[1-9]", one.headers["ratelimit-reset"]) for one in told)
    assert "retry-after" not in told[0].headers


def test_one_request_too_many_is_told_when_to_come_again_in_the_dialects_envelope(door, token):
    client = HttpClient(an_api(door).resolve, token)
    refused = [client.get("/jobs") for _ in range(5)][-1]
    assert (refused.status, refused.json["error"]) == (429, "rate_limited")
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"] == "1"
    assert refused.json["details"] == {"retry_after_seconds": 1}
    assert refused.headers["ratelimit-remaining"] == "0"
    assert "www-authenticate" not in refused.headers


def test_another_token_of_the_same_tenant_has_a_rate_of_its_own(door, aws, token):
    api = an_api(door)
    for _ in range(5):
        HttpClient(api.resolve, token).get("/jobs")
    assert HttpClient(api.resolve, issued(aws)).get("/jobs").headers["ratelimit-remaining"] == "2"


def test_of_a_crowd_exactly_the_rate_is_let_in(door, token):
    """Each environment has a resolver of its own; the count is one for all."""
    clients = [HttpClient(an_api(door).resolve, token) for _ in range(16)]
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda client: [client.get("/jobs").status for _ in range(10)], clients))
    assert Counter(status for one in answers for status in one) == {200: 3, 429: 157}


def test_every_answer_to_a_known_token_tells_the_rate_and_no_other(door, aws):
    api = an_api(door)
    narrow = HttpClient(api.resolve, issued(aws, scopes=(Scope.TRANSFERS_READ,))).get("/jobs")
    assert (narrow.status, narrow.headers.keys() & RATE) == (403, RATE)
    unknown = HttpClient(api.resolve, a_token()).get("/jobs")
    assert (unknown.status, unknown.headers.keys() & RATE) == (401, set())


def test_what_one_answer_told_the_next_does_not(door, token):
    api = an_api(door)
    HttpClient(api.resolve, token).get("/jobs")
    assert HttpClient(api.resolve).get("/jobs").headers.keys() & RATE == set()


def test_a_dialect_may_tell_the_rate_of_a_second_too(door, token):
    answer = HttpClient(an_api(door, per_second_headers=True).resolve, token).get("/jobs")
    assert answer.headers.keys() & (RATE | TWINS) == RATE | TWINS
    assert HttpClient(an_api(door).resolve, token).get("/jobs").headers.keys() & TWINS == set()


@pytest.mark.parametrize("carriers", [(Carrier.API_KEY,), tuple(Carrier)])
def test_an_api_key_is_a_token_of_the_same_store(door, token, carriers):
    client = HttpClient(an_api(door, carriers=carriers).resolve)
    assert client.get("/jobs", api_key=token).status == 200
    assert client.get("/jobs").json["error"] == "token_not_set"
    assert client.get("/jobs", api_key="x").json["error"] == "token_invalid"
    assert client.get("/jobs", api_key=a_token()).json["error"] == "token_not_found"


def test_an_api_key_is_nothing_to_a_dialect_that_does_not_take_it(door, token):
    assert HttpClient(an_api(door).resolve).get("/jobs", api_key=token).json["error"] == "token_not_set"


def test_two_tokens_are_refused_and_neither_is_used(door, token):
    api = an_api(door, carriers=tuple(Carrier))
    answer = HttpClient(api.resolve, token).get("/jobs", api_key=a_token())
    assert (answer.status, answer.json["error"]) == (400, "two_tokens")
    assert HttpClient(api.resolve, token).get("/jobs", api_key=token).status == 200


def test_a_request_is_looked_up_once_and_counted_once(door, token):
    with calls(hurried=True) as seen:
        HttpClient(an_api(door).resolve, token).get("/jobs")
    assert seen == ["GetItem", "UpdateItem"]


def test_a_stranger_is_neither_counted_nor_written_down(door):
    with calls(hurried=True) as seen:
        HttpClient(an_api(door).resolve, a_token()).get("/jobs")
        HttpClient(an_api(door).resolve, "x").get("/jobs")
    assert seen == ["GetItem"]


def test_a_table_that_does_not_count_stops_nobody_and_it_is_told(door, token, capsys):
    client = HttpClient(an_api(door).resolve, token)
    busy = '{"__type": "ProvisionedThroughputExceededException"}'
    with answers("UpdateItem", 400, busy, hurried=True) as given:
        told = [client.get("/jobs") for _ in range(10)]
    assert [one.status for one in told] == [200] * 10
    assert all(one.headers.keys().isdisjoint(RATE) for one in told)
    assert len(given) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RequestsUncounted" in line]
    assert [(one["service"], one["RequestsUncounted"]) for one in told] == [("door", [1.0])] * 10  # as the alarm sums


def test_a_revoked_token_is_refused_from_the_next_request_on(aws, door, token):
    client = HttpClient(an_api(door, now=datetime.now(UTC)).resolve, token)
    assert client.get("/jobs").status == 200
    CredentialStore(aws["CredentialsTable"]).revoke(a_credential(token).token_hash, at=datetime.now(UTC))
    refused = [client.get("/jobs") for _ in range(100)]
    causes = {(one.status, one.json["error"]) for one in refused}
    print(f"{len(refused)} calls after a revocation: {sum(one.status == 401 for one in refused)} × 401")
    assert causes == {(401, "token_revoked")}


# ── tokens of an identity provider ────────────────────────────────────────────────────────────────────────────────────

JWT = "e30.e30.x"


def test_without_a_provider_a_jwt_is_an_invalid_token_and_nothing_is_looked_up(door):
    with calls(hurried=True) as seen:
        answer = HttpClient(an_api(door).resolve, JWT).get("/jobs")
    assert (answer.status, answer.json["error"], seen) == (401, "token_invalid", [])


@pytest.fixture
def provider(monkeypatch, tmp_path, door):
    """Settings with an identity provider on this machine, and what makes its tokens."""
    (tmp_path / "authority.pem").write_text(authority_pem())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = {"keys": [json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "1"}]}
    answers = {"/keys": (200, json.dumps(keys).encode())}
    with json_server(answers, context=serving("localhost")) as (port, _):
        issuer = f"https://localhost:{port}"
        discovery = {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
        answers["/.well-known/openid-configuration"] = (200, json.dumps(discovery).encode())

        def token(**fields):
            claims = {
                "iss": issuer,
                "aud": "paydraft",
                "sub": "alice",
                "iat": NOW.timestamp(),
                "exp": after(minutes=15).timestamp(),
                "tenant": f"acme-{next(_numbers)}",
                "scope": "jobs:read tokens:admin",
            }
            return jwt.encode(claims | fields, key, algorithm="RS256", headers={"kid": "1"})

        configured = {"oidc_issuer": issuer, "oidc_audience": "paydraft", "oidc_tenant_claim": "tenant"}
        yield door.model_copy(update=configured | {"oidc_scopes": "jobs:read,jobs:write,tokens:admin"}), token


def test_a_persons_jwt_opens_what_our_own_token_of_these_rights_would(provider):
    settings, token = provider
    answer = HttpClient(an_api(settings).resolve, token()).get("/jobs")
    assert (answer.status, answer.json) == (200, "alice")
    assert answer.headers["ratelimit-remaining"] == "2"


def test_a_jwt_is_counted_by_its_person(provider):
    settings, token = provider
    tokens = [token(tenant="acme", jti=str(number)) for number in range(5)]
    told = [HttpClient(an_api(settings).resolve, one).get("/jobs").status for one in tokens]
    assert told == [200, 200, 200, 429, 429]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"aud": "other"}, 401, "token_invalid"),
        ({"tenant": "Other GmbH"}, 401, "token_invalid"),
        ({"scope": "jobs:write"}, 403, "scope_missing"),
    ],
)
def test_a_jwt_for_something_else_is_refused_in_the_same_words_as_our_tokens(provider, fields, status, code):
    settings, token = provider
    answer = HttpClient(an_api(settings).resolve, token(**fields)).get("/jobs")
    assert (answer.status, answer.json["error"]) == (status, code)


def test_no_jwt_makes_tokens_whatever_was_configured(provider):
    settings, token = provider
    credential = door_of(settings).credential(token(), now=NOW)
    assert credential.scopes == (Scope.JOBS_READ,)


def test_our_own_tokens_are_looked_up_as_ever_where_there_is_a_provider(provider, token):
    settings, _ = provider
    assert HttpClient(an_api(settings).resolve, token).get("/jobs").json == "alice"
    assert HttpClient(an_api(settings).resolve, a_token()).get("/jobs").json["error"] == "token_not_found"
    assert HttpClient(an_api(settings).resolve, "pd_x.y.z").get("/jobs").json["error"] == "token_invalid"
