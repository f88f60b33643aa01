"""The page for people: there where the stack wants it, self-contained, and of the generated files."""

import gzip
import json

import pytest

from api_docs.handler import descriptions, lambda_handler
from api_docs.page import PAGE, TITLES
from infra.tools.openapi import PUBLISHED, SERVED, files
from tests.http_client import HttpClient


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("STAGE", "local")
    monkeypatch.setenv("API_DOCS", "on")
    return HttpClient(lambda_handler)


def test_the_page_loads_nothing_from_anywhere_else(client):
    answer = client.get("/docs")
    assert (answer.status, answer.text) == (200, PAGE)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "://" not in PAGE
    assert client.get("/docs/start.js").status == 200
    assert client.get("/docs/swagger-ui.min.css").headers["cache-control"].endswith("86400")


@pytest.mark.parametrize("name", TITLES)
def test_every_api_is_described_by_its_generated_file(client, name):
    answer = client.get(f"/docs/{name}")
    assert (answer.status, answer.json) == (200, json.loads((PUBLISHED / name).read_text()))
    assert answer.json["openapi"].startswith("3.1")


def test_the_page_offers_all_generated_files_and_no_other():
    assert set(TITLES) == set(files()) == set(descriptions())
    assert {one.name: json.loads(one.read_text()) for one in SERVED.iterdir()} == {
        name: json.loads(text) for name, text in files().items()
    }


@pytest.mark.parametrize("name", ["x", "..", "page.py", "__init__.py", "api_docs.openapi.json"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/docs/{name}").status == 404


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/docs/api_transfers.openapi.json"])
def test_a_stack_that_does_not_want_it_has_no_such_page(client, monkeypatch, path):
    monkeypatch.setenv("API_DOCS", "off")
    assert client.get(path).status == 404


def test_the_library_travels_compressed(client):
    event = {
        "version": "2.0",
        "routeKey": "GET /docs/{name}",
        "rawPath": "/docs/swagger-ui-bundle.min.js",
        "rawQueryString": "",
        "headers": {"accept-encoding": "gzip, br"},
        "requestContext": {
            "http": {"method": "GET", "path": "/docs/swagger-ui-bundle.min.js"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    import base64
    from types import SimpleNamespace

    answer = lambda_handler(event, SimpleNamespace(aws_request_id="r"))
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    packed = base64.b64decode(answer["body"])
    assert len(packed) * 3 < len(gzip.decompress(packed))
