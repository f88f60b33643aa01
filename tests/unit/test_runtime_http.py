"""The resolver of every API function: whatever a route does, the answer is the dialect's."""

import json
from decimal import Decimal

import pytest

from paydraft.model.errors import EncryptedDocumentError, PaydraftError, TransientError
from paydraft.model.request_errors import RequestError, RouteNotFoundError
from paydraft.runtime.http import Api, ErrorAnswers, json_response
from tests.http_client import HttpClient

# A dialect with an envelope of its own, as the others have.
ANSWERS = ErrorAnswers(
    statuses={PaydraftError: 500, RequestError: 400, RouteNotFoundError: 404, TransientError: 503},
    body=lambda error, status: {"status": "Error", "msg": error.text, "result": None, "http": status},
)


def an_api():
    api = Api("a_function", ANSWERS)

    @api.get("/things/<name>")
    def thing(name):
        match name:
            case "typed":
                raise EncryptedDocumentError
            case "busy":
                raise TransientError
            case "broken":
                raise ZeroDivisionError("a secret")
            case "decimal":
                return {"total": Decimal("1.10")}
            case "unwritable":
                return json_response(200, {object()})
        return json_response(200, '{"name":"' + name + '"}', {"Cache-Control": "max-age=5", "X-Other": "1"})

    return HttpClient(api.resolve)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/things/typed", 500),
        ("/things/busy", 503),
        ("/things/broken", 500),
        ("/things/decimal", 500),
        ("/things/unwritable", 500),
        ("/nowhere", 404),
    ],
)
def test_every_failure_is_answered_in_the_envelope(capsys, path, status):
    answer = an_api().get(path)
    assert answer.status == answer.json["http"] == status
    assert list(answer.json) == ["status", "msg", "result", "http"]
    assert "secret" not in answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"] == "gateway-request-1"
    assert answer.headers["cache-control"] == "no-store"


def test_our_own_faults_are_logged_with_their_trace_and_counted(capsys):
    an_api().get("/things/broken")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["exception_name"] for line in lines if line.get("level") == "ERROR"] == ["ZeroDivisionError"]
    assert [line["error"] for line in lines if "RequestFailed" in line] == ["internal_error"]


def test_a_clients_faults_are_neither(capsys):
    an_api().get("/nowhere")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["level"] for line in lines] == ["INFO"]


def test_the_line_of_a_refused_request_names_the_error_and_the_next_one_does_not(capsys):
    api = an_api()
    api.get("/nowhere")
    api.get("/things/x")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("error") for line in lines if line["message"] == "request answered"] == ["not_found", None]


def test_a_route_may_set_its_own_headers():
    answer = an_api().get("/things/x")
    assert (answer.headers["cache-control"], answer.headers["x-other"]) == ("max-age=5", "1")


def test_a_request_is_logged_by_its_route_and_not_by_what_was_typed(capsys):
    client = HttpClient(lambda event, context: Api("f", ANSWERS).resolve(event | {"routeKey": "GET /{id}"}, context))
    client.get("/DE89370400440532013000-private")
    assert "private" not in capsys.readouterr().out


def test_the_nearest_base_class_decides_and_a_table_needs_the_root():
    assert ANSWERS.status_of(EncryptedDocumentError) == 500
    with pytest.raises(KeyError):
        ErrorAnswers({}, ANSWERS.body).status_of(PaydraftError)
