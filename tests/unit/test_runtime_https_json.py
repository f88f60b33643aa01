"""Fetching from the identity provider: https or nothing, no redirect, and a small JSON object or nothing."""

import pytest

from paydraft.model.errors import TransientError
from paydraft.runtime.https_json import https_json
from tests.certificates import serving, trusting
from tests.json_server import json_server

BIG = b"{}" + b" " * 262_144


def provider(status, body, *, context=None):
    return json_server({"*": (status, body)}, context=context)


def test_an_object_comes_over_https_from_a_host_whose_certificate_is_good():
    with provider(200, b'{"a": [1]}', context=serving("localhost")) as (port, asked):
        assert https_json(f"https://localhost:{port}/a/b?c=d", context=trusting()) == {"a": [1]}
    assert asked == ["/a/b?c=d"]


def test_a_certificate_of_nobodys_is_refused():
    with provider(200, b"{}", context=serving("localhost", self_signed=True)) as (port, asked):
        with pytest.raises(TransientError):
            https_json(f"https://localhost:{port}/", context=trusting())
        with pytest.raises(TransientError):
            https_json(f"https://localhost:{port}/")
    assert asked == []


def test_a_certificate_of_another_host_is_refused():
    with provider(200, b"{}", context=serving("other.example")) as (port, asked), pytest.raises(TransientError):
        https_json(f"https://localhost:{port}/", context=trusting())
    assert asked == []


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "HTTP", ""])
def test_nothing_but_https_is_spoken(scheme):
    with provider(200, b"{}", context=serving("localhost")) as (port, asked), pytest.raises(TransientError):
        https_json(f"{scheme}://localhost:{port}/", context=trusting())
    assert asked == []


def test_nobody_stands_before_the_host():
    with provider(200, b"{}", context=serving("localhost")) as (port, asked), pytest.raises(TransientError):
        https_json(f"https://user@localhost:{port}/", context=trusting())
    assert asked == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (404, b"{}"), (302, b"{}"), (200, b"[]"), (200, b"x"), (200, b""), (200, BIG), (200, b"[" * 99_999)],
    ids=["500", "404", "redirect", "list", "text", "nothing", "big", "deep"],
)
def test_what_is_no_small_object_is_refused_and_no_redirect_is_followed(status, body):
    context = serving("localhost")
    with provider(status, body, context=context) as (port, asked):
        with pytest.raises(TransientError):
            https_json(f"https://localhost:{port}/", context=trusting())
        assert asked == ["/"]


def test_a_host_that_is_not_there_is_told_as_a_moments_trouble():
    with pytest.raises(TransientError):
        https_json("https://localhost:9/", context=trusting())


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with provider(200, b"{}", context=serving("localhost")) as (port, _):
        assert https_json(f"https://localhost:{port}/", context=trusting()) == {}
