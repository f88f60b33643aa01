"""MiniStack as it comes still has the defects that infra/local/corrections.py corrects.

A test here that fails is good news: that correction can be dropped.
"""

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from infra.local.environments import ministack_python
from tests.ministack_server import ministack_server

pytestmark = pytest.mark.slow

CODE = "class PermanentError(Exception): pass\ndef handler(event, context): raise PermanentError('no')\n"
TEMPLATE = {
    "Parameters": {"Concurrency": {"Type": "Number"}},
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "fails",
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Code": {"ZipFile": CODE},
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work"}},
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "ScalingConfig": {"MaximumConcurrency": {"Ref": "Concurrency"}},
            },
        },
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Body": {
                    "openapi": "3.0.1",
                    "info": {"title": "api"},
                    "paths": {"/x": {"get": {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn"}}}},
                }
            },
        },
    },
}


@pytest.fixture(scope="module")
def client() -> Iterator[Callable[[str], Any]]:
    """boto3's clients of a stock MiniStack with the template above deployed."""
    with ministack_server() as address:
        session = boto3.Session("x", "x", region_name="eu-west-1")
        made = {
            service: session.client(service, endpoint_url=address)
            for service in ("cloudformation", "lambda", "sqs", "apigatewayv2")
        }
        made["cloudformation"].create_stack(
            StackName="stock",
            TemplateBody=json.dumps(TEMPLATE),
            Parameters=[{"ParameterKey": "Concurrency", "ParameterValue": "2"}],
            Capabilities=["CAPABILITY_IAM"],
        )
        made["cloudformation"].get_waiter("stack_create_complete").wait(
            StackName="stock", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        yield made.__getitem__


def api_call(client, path: str, method: str) -> int:
    api_id = client("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    address = f"{client('apigatewayv2').meta.endpoint_url}/_aws/execute-api/{api_id}/$default{path}"
    try:
        return urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=30).status
    except urllib.error.HTTPError as answer:
        return answer.code


def test_its_worker_still_hides_the_names_of_exceptions(client):
    payload = client("lambda").invoke(FunctionName="fails")["Payload"].read()
    assert json.loads(payload)["errorType"] != "PermanentError", (
        "MiniStack reports exceptions by name now: see whether run_functions_in is still worth having"
    )


def test_it_still_ignores_the_body_of_an_http_api(client):
    api_id = client("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    assert client("apigatewayv2").get_routes(ApiId=api_id)["Items"] == [], (
        "MiniStack reads OpenAPI bodies now: drop import_http_api_bodies"
    )
    assert api_call(client, "/x", "GET") == 404


def test_a_number_out_of_a_parameter_is_still_a_text(client):
    scope = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20261101/eu-west-1/lambda/aws4_request"}
    address = client("lambda").meta.endpoint_url + "/2015-03-31/event-source-mappings/"
    with urllib.request.urlopen(urllib.request.Request(address, headers=scope), timeout=30) as answer:
        mapping = json.load(answer)["EventSourceMappings"][0]  # boto3 would convert it
    assert isinstance(mapping["ScalingConfig"]["MaximumConcurrency"], str), (
        "MiniStack converts parameters to numbers now: drop read_concurrency_as_number"
    )


def test_a_preflight_without_cors_is_still_forbidden(client):
    assert api_call(client, "/x", "OPTIONS") == 403, (
        "MiniStack answers a preflight as the gateway does now: drop answer_preflights_as_the_gateway_does"
    )


LOST_MESSAGE = """
from ministack.services import sqs
class Arriving(list):
    'A queue to which another thread adds while a poller rebuilds it.'
    def __iter__(self):
        yield from list(super().__iter__())
        self.append({"id": "new", "receipt_handle": None})
sqs._get_q = lambda url: queue
queue = {"messages": Arriving([{"id": "old", "receipt_handle": "taken"}])}
sqs._delete_messages_for_esm("url", {"taken"})
print(len(queue["messages"]))
"""


def test_a_message_that_comes_while_a_poller_deletes_is_still_lost():
    told = subprocess.run([ministack_python(), "-c", LOST_MESSAGE], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0", "MiniStack's pollers no longer lose messages: drop poll_queues_in"
