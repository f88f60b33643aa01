"""A template on the local stack behaves as on AWS: routes, payloads, error names, event sources, layers."""

import base64
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

pytestmark = pytest.mark.slow


class Answer:
    """An HTTP answer, whatever its status."""

    def __init__(self, response: Any) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def json(self) -> Any:
        return json.loads(self.body)


def ask(tiny, path, body=None, method=None, **headers) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(tiny.served["url"] + path, data=body, headers=named, method=method)
    try:
        return Answer(urllib.request.urlopen(request, timeout=30))
    except urllib.error.HTTPError as answer:
        return Answer(answer)


def post(tiny, body, media_type="application/json") -> Answer:
    return ask(tiny, "/echo", body, content_type=media_type)


def test_a_plain_path_leads_to_the_default_stage_with_payload_2_0(tiny):
    event = ask(tiny, "/echo/b%20c?x=1&x=2", x_trace="t").json()
    assert event["version"] == "2.0"
    assert event["routeKey"] == "GET /echo/{id}"
    assert event["pathParameters"] == {"id": "b c"}
    assert event["rawQueryString"] == "x=1&x=2"
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["headers"]["x-trace"] == "t"
    assert event["requestContext"]["stage"] == "$default"
    assert event["requestContext"]["http"]["method"] == "GET"


def test_an_unknown_route_is_the_gateways_404(tiny):
    answer = ask(tiny, "/nowhere")
    assert (answer.status, answer.json()) == (404, {"message": "Not Found"})
    assert ask(tiny, "/echo", method="DELETE").status == 404


def test_json_and_text_bodies_arrive_as_text_and_others_as_base64(tiny):
    assert post(tiny, '["grün"]'.encode()).json()["body"] == '["grün"]'
    event = post(tiny, b"\x00\xff", "application/pdf").json()
    assert (event["body"], event["isBase64Encoded"]) == (base64.b64encode(b"\x00\xff").decode(), True)


def test_a_base64_answer_leaves_as_bytes(tiny):
    assert post(tiny, b'{"binary": 50}').body == b"\x00\xff" * 50


def test_an_event_above_lambdas_limit_is_refused_as_the_gateway_does(tiny):
    fits = 6_291_456 * 3 // 4 - 3000
    assert post(tiny, b"\xff" * fits, "application/pdf").status == 200
    answer = post(tiny, b"\xff" * (fits + 6000), "application/pdf")
    assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_function_that_fails_is_the_gateways_500_and_tells_nothing(tiny):
    answer = post(tiny, b'{"raise": "permanent"}')
    assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})


def test_a_preflight_of_a_named_origin_is_answered_by_the_gateway(tiny):
    asked = {"access_control_request_method": "POST"}
    allowed = ask(tiny, "/echo", method="OPTIONS", origin="https://app.example", **asked)
    assert allowed.status == 204
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert allowed.headers["access-control-allow-methods"] == "GET,POST"
    foreign = ask(tiny, "/echo", method="OPTIONS", origin="https://other.example", **asked)
    assert foreign.status == 204
    assert foreign.headers["access-control-allow-origin"] is None


def test_only_a_named_origin_may_read_an_answer(tiny):
    assert ask(tiny, "/echo/1", origin="https://app.example").headers["access-control-allow-origin"]
    assert ask(tiny, "/echo/1", origin="https://other.example").headers["access-control-allow-origin"] is None


def test_a_function_has_its_layer_and_its_environment(tiny):
    answer = tiny.client("lambda").invoke(FunctionName=tiny.outputs["EchoFunction"], Payload=b"{}")
    told = json.load(answer["Payload"])
    assert (told["word"], told["stage"]) == ("layered", "local")


def test_invoke_tells_a_functions_error_by_its_name(tiny):
    answer = tiny.client("lambda").invoke(FunctionName=tiny.outputs["EchoFunction"], Payload=b'{"raise": "permanent"}')
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "PermanentError"


@pytest.mark.parametrize(
    ("event", "status", "output"),
    [
        ({}, "SUCCEEDED", "word"),
        ({"raise": "transient"}, "SUCCEEDED", "word"),
        ({"raise": "permanent"}, "SUCCEEDED", "error"),
    ],
)
def test_a_state_machine_retries_and_catches_by_the_exceptions_name(tiny, eventually, event, status, output):
    machine = tiny.client("stepfunctions")
    arn = machine.start_execution(stateMachineArn=tiny.outputs["MachineArn"], input=json.dumps(event))["executionArn"]

    def ended():
        execution = machine.describe_execution(executionArn=arn)
        return execution if execution["status"] != "RUNNING" else None

    execution = eventually(ended)
    assert execution["status"] == status
    assert output in json.loads(execution["output"])


def worked(tiny) -> list[str]:
    query = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "worked"}}}
    return [
        item["body"]["S"] for item in tiny.client("dynamodb").query(TableName=tiny.outputs["Things"], **query)["Items"]
    ]


def test_a_put_reaches_the_function_through_its_queue_and_another_prefix_does_not(tiny, eventually):
    s3 = tiny.client("s3")
    version = s3.put_object(Bucket="tiny-documents", Key="in/grün 1.pdf", Body=b"x")["VersionId"]
    s3.put_object(Bucket="tiny-documents", Key="out/2.pdf", Body=b"x")
    events = eventually(lambda: [body for body in worked(tiny) if "Records" in body])
    (record,) = [json.loads(body)["Records"][0]["s3"]["object"] for body in events]
    assert (record["key"], record["versionId"]) == ("in/gr%C3%BCn+1.pdf", version)


def test_a_failed_message_comes_again_and_ends_with_the_dead_letters(tiny, eventually):
    sqs = tiny.client("sqs")
    sqs.set_queue_attributes(QueueUrl=tiny.outputs["WorkUrl"], Attributes={"VisibilityTimeout": "1"})
    sqs.send_message(QueueUrl=tiny.outputs["WorkUrl"], MessageBody="bad")
    received = eventually(lambda: sqs.receive_message(QueueUrl=tiny.outputs["DeadUrl"]).get("Messages"))
    assert received[0]["Body"] == "bad"
