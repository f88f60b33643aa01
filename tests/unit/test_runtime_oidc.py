"""JWTs of an identity provider: what is signed by it, for us, and now, is a person; all else is an invalid token."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.errors import TransientError
from paydraft.model.request_errors import TokenInvalidError
from paydraft.runtime.issuer_keys import IssuerKeys
from paydraft.runtime.oidc import People, Trust
from tests.builders import NOW, after

ISSUER, AUDIENCE, CLAIM = "https://id.example.com/realms/pay", "paydraft", "https://paydraft.example/tenant"
KEYS_AT = "https://keys.example.com/jwks"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
LIFE = timedelta(minutes=15)
ALLOWED = frozenset({Scope.JOBS_READ, Scope.JOBS_WRITE, Scope.TRANSFERS_READ})


def jwk(key, kid, **fields):
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"} | fields


class Provider:
    """An identity provider whose documents a test may change; it counts what it is asked."""

    def __init__(self):
        self.discovery = {"issuer": ISSUER, "jwks_uri": KEYS_AT}
        self.keys = [jwk(RSA_KEY, "rsa-1"), jwk(EC_KEY, "ec-1")]
        self.asked = Counter()
        self.is_down = False

    def fetch(self, url):
        self.asked[url] += 1
        if self.is_down:
            raise TransientError
        return {f"{ISSUER}/.well-known/openid-configuration": self.discovery, KEYS_AT: {"keys": self.keys}}[url]


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def people(provider):
    return People(Trust(ISSUER, AUDIENCE, CLAIM, ALLOWED), IssuerKeys(ISSUER, provider.fetch))


def claims(**fields):
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "auth0|alice",
        "iat": NOW.timestamp(),
        "exp": (NOW + LIFE).timestamp(),
        "scope": "openid jobs:read jobs:write transfers:approve",
        CLAIM: "acme",
    }
    return {name: value for name, value in (made | fields).items() if value is not None}


def signed(payload=None, *, key=RSA_KEY, algorithm="RS256", kid="rsa-1", **headers):
    return jwt.encode(payload or claims(), key, algorithm=algorithm, headers={"kid": kid} | headers)


def refused(people, token, now=NOW):
    with pytest.raises(TokenInvalidError):
        people.credential(token, now=now)


def b64(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


# ── who is let in ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "token", [signed(), signed(key=EC_KEY, algorithm="ES256", kid="ec-1"), signed(typ="at+jwt")], ids=["RS", "ES", "at"]
)
def test_a_token_of_the_issuer_for_us_is_a_person_with_the_rights_that_both_agree_on(people, token):
    credential = people.credential(token, now=NOW)
    assert (credential.tenant_id, credential.subject) == ("acme", "auth0|alice")
    assert credential.kind is SubjectKind.PERSON
    assert credential.scopes == (Scope.JOBS_READ, Scope.JOBS_WRITE)  # transfers:approve is not allowed, openid not ours
    assert credential.expires_at == NOW + LIFE
    assert token not in credential.model_dump_json()


@pytest.mark.parametrize("fields", [{"scope": None, "scp": ["jobs:read"]}, {"scope": None, "scp": "jobs:read x"}])
def test_the_scopes_may_stand_in_scp_as_text_or_as_a_list(people, fields):
    assert people.credential(signed(claims(**fields)), now=NOW).scopes == (Scope.JOBS_READ,)


@pytest.mark.parametrize("fields", [{"scope": None}, {"scope": ""}, {"scope": "everything"}, {"scope": ["jobs:readx"]}])
def test_without_scopes_of_ours_a_person_may_do_nothing(people, fields):
    assert people.credential(signed(claims(**fields)), now=NOW).scopes == ()


def test_a_person_has_one_rate_with_all_their_tokens_and_nobody_else_has_it(people):
    first, second = (people.credential(signed(claims(jti=jti)), now=NOW) for jti in "ab")
    other = people.credential(signed(claims(sub="bob")), now=NOW)
    assert first.token_id == second.token_id != other.token_id


def test_the_audience_may_be_one_of_several(people):
    assert people.credential(signed(claims(aud=["other", AUDIENCE])), now=NOW)


# ── who is not ────────────────────────────────────────────────────────────────────────────────────────────────────────


def unsigned(**header):
    return f"{b64({'alg': 'none', 'typ': 'JWT', 'kid': 'rsa-1'} | header)}.{b64(claims())}."


def public_pem():
    return RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hmac_with_public_key(secret):
    body = f"{b64({'alg': 'HS256', 'typ': 'JWT', 'kid': 'rsa-1'})}.{b64(claims())}"
    return f"{body}.{b64(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


FORGED = {
    "alg none": unsigned(),
    "alg None": unsigned(alg="None"),
    "no alg": f"{b64({'kid': 'rsa-1'})}.{b64(claims())}.x",
    "HS256 with the public key": hmac_with_public_key(public_pem()),
    "HS256 with the key's modulus": hmac_with_public_key(jwk(RSA_KEY, "x")["n"].encode()),
    "HS256 with nothing": hmac_with_public_key(b""),
    "RS512": signed(algorithm="RS512"),
    "PS256": signed(algorithm="PS256"),
    "another key under a known id": signed(key=OTHER_RSA_KEY),
    "an EC signature under the RSA key's id": signed(key=EC_KEY, algorithm="ES256"),
    "an RSA signature under the EC key's id": signed(kid="ec-1"),
    "a key in the token": signed(key=OTHER_RSA_KEY, jwk=jwk(OTHER_RSA_KEY, "rsa-1")),
    "an address of keys in the token": signed(key=OTHER_RSA_KEY, jku="https://evil.example/jwks"),
    "no key id": jwt.encode(claims(), RSA_KEY, algorithm="RS256"),
    "an unknown extension that is critical": signed(crit=["x"], x=1),
    "another type of token": signed(typ="dpop+jwt"),
    "no signature": signed().rsplit(".", 1)[0] + ".",
    "claims of another token": ".".join((signed().split(".")[0], b64(claims(sub="bob")), signed().split(".")[2])),
}
WRONG = {
    "another issuer": {"iss": "https://evil.example"},
    "the issuer with a slash more": {"iss": f"{ISSUER}/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "other"},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": " "},
    "a subject that is no text": {"sub": 7},
    "a subject of two lines": {"sub": "a\nb"},
    "a long subject": {"sub": "a" * 201},
    "no tenant": {CLAIM: None},
    "a tenant that is none of ours": {CLAIM: "Acme GmbH"},
    "a tenant with a way out": {CLAIM: "acme/../other"},
    "two tenants": {CLAIM: ["acme", "other"]},
    "expired": {"iat": after(hours=-1).timestamp(), "exp": after(seconds=-30).timestamp()},
    "no end": {"exp": None},
    "no beginning": {"iat": None},
    "made tomorrow": {"iat": after(seconds=31).timestamp()},
    "good from tomorrow": {"nbf": after(seconds=31).timestamp()},
    "too long a life": {"exp": after(hours=25).timestamp()},
    "an end that is no number": {"exp": "never"},
    "an end that is true": {"exp": True},
    "an endless end": {"exp": 1e300},
    "scopes that are a number": {"scope": 7},
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_what_the_issuer_did_not_sign_in_our_way_is_invalid(people, token):
    refused(people, token)


@pytest.mark.parametrize("name", [name for name in FORGED if name.startswith(("alg", "no alg", "HS", "RS5", "PS"))])
def test_for_another_algorithm_no_key_is_even_looked_for(people, provider, name):
    refused(people, FORGED[name])
    assert not provider.asked


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_what_the_issuer_signed_for_others_or_for_another_time_is_invalid(people, fields):
    refused(people, signed(claims(**fields)))


def test_clocks_may_differ_by_half_a_minute(people):
    token = signed(claims(nbf=after(seconds=10).timestamp()))
    assert people.credential(token, now=after(seconds=-19))
    assert people.credential(token, now=NOW + LIFE + timedelta(seconds=29))
    refused(people, token, now=NOW + LIFE + timedelta(seconds=30))


def test_a_huge_token_is_refused_unread(people, provider):
    refused(people, signed(claims(padding="x" * 8192)))
    refused(people, "a" * 10_000_000)
    assert not provider.asked


def test_a_header_of_bottomless_nesting_is_refused(people):
    refused(people, f"{b64(b'[' * 5000)}.{b64(claims())}.x")
    refused(people, f"{b64({'alg': 'RS256', 'kid': 'rsa-1'})}.{b64(b'[' * 5000)}.x")


@given(st.text(max_size=200))
def test_any_text_is_refused_in_our_words(text):
    refused(People(Trust(ISSUER, AUDIENCE, CLAIM, ALLOWED), IssuerKeys(ISSUER, Provider().fetch)), text)


@given(st.lists(st.text("abcXYZ019-_=+/", max_size=60), min_size=3, max_size=3).map(".".join))
def test_anything_with_two_dots_is_refused_in_our_words(text):
    refused(People(Trust(ISSUER, AUDIENCE, CLAIM, ALLOWED), IssuerKeys(ISSUER, Provider().fetch)), text)


# ── the issuer's keys ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_keys_are_fetched_once_an_hour(people, provider):
    for minutes in range(0, 60, 5):
        people.credential(signed(claims(exp=after(hours=2).timestamp())), now=after(minutes=minutes))
    assert set(provider.asked.values()) == {1}
    people.credential(signed(claims(exp=after(hours=2).timestamp())), now=after(minutes=60))
    assert set(provider.asked.values()) == {2}


def test_a_new_key_is_found_when_its_first_token_comes(people, provider):
    people.credential(signed(), now=NOW)
    provider.keys.append(jwk(OTHER_RSA_KEY, "rsa-2"))
    token = signed(key=OTHER_RSA_KEY, kid="rsa-2")
    assert people.credential(token, now=after(minutes=1))


def test_unknown_keys_are_asked_for_once_a_minute_however_many_come(people, provider):
    for number in range(1000):
        refused(people, signed(kid=f"nobody-{number % 7}"), now=after(milliseconds=number * 100))
    assert provider.asked[KEYS_AT] == 2  # in 100 seconds


def test_a_key_that_was_withdrawn_is_good_for_an_hour_at_most(people, provider):
    people.credential(signed(), now=NOW)
    provider.keys = [jwk(EC_KEY, "ec-1")]
    refused(people, signed(claims(exp=after(hours=2).timestamp())), now=after(hours=1))


def test_while_the_issuer_is_down_its_last_keys_are_used_for_a_day_and_no_longer(people, provider):
    people.credential(signed(), now=NOW)
    provider.is_down = True
    fresh = signed(claims(iat=after(hours=23).timestamp(), exp=after(hours=25).timestamp()))
    assert people.credential(fresh, now=after(hours=23, minutes=59))
    with pytest.raises(TransientError):
        people.credential(fresh, now=after(hours=24))


def test_where_the_keys_can_not_be_had_nobody_is_called_invalid(people, provider):
    provider.is_down = True
    for _ in range(3):
        with pytest.raises(TransientError):
            people.credential(signed(), now=NOW)
    assert sum(provider.asked.values()) == 1
    provider.is_down = False
    assert people.credential(signed(), now=after(minutes=1))


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example", "jwks_uri": KEYS_AT},
        {"issuer": ISSUER, "jwks_uri": "http://keys.example.com/jwks"},
        {"issuer": ISSUER},
        {},
    ],
)
def test_a_discovery_document_of_another_or_without_https_gives_no_keys(people, provider, discovery):
    provider.discovery = discovery
    with pytest.raises(TransientError):
        people.credential(signed(), now=NOW)
    assert KEYS_AT not in provider.asked


SHORT_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)


def signed_by_short_key():
    body = f"{b64({'alg': 'RS256', 'typ': 'JWT', 'kid': 'k'})}.{b64(claims())}"
    return f"{body}.{b64(SHORT_KEY.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@pytest.mark.parametrize(
    ("described", "token"),
    [
        (jwk(RSA_KEY, "k", use="enc"), signed(kid="k")),
        (jwk(RSA_KEY, "k", alg="RS512"), signed(kid="k", algorithm="RS512")),
        (jwk(SHORT_KEY, "k"), signed_by_short_key()),
        ({"kty": "oct", "k": b64(b"secret"), "kid": "k"}, hmac_with_public_key(b"secret")),
        ({"kty": "RSA", "kid": "k"}, signed(kid="k")),
        ("not a key", signed(kid="k")),
        ({"kty": "OKP", "crv": "Ed25519", "kid": "k"}, signed(kid="k")),
    ],
    ids=["for encryption", "of another algorithm", "short", "symmetric", "broken", "no object", "Ed25519"],
)
def test_a_published_key_that_is_not_fit_for_signatures_of_ours_verifies_nothing(people, provider, described, token):
    provider.keys = [described, jwk(EC_KEY, "ec-1")]
    assert IssuerKeys(ISSUER, provider.fetch).key("k", now=NOW) is None
    refused(people, token)
    assert people.credential(signed(key=EC_KEY, algorithm="ES256", kid="ec-1"), now=NOW)


@pytest.mark.parametrize("keys", [None, {}, "x", []])
def test_a_set_without_keys_is_none(people, provider, keys):
    provider.keys = keys
    refused(people, signed())
