"""Which calls make the stack look at its definitions: all that may change one, and none that come by the hundred."""

from typing import Any

import pytest

from infra.local.requests import may_define, may_touch_queues

S3 = (b"authorization", b"AWS4-HMAC-SHA256 Credential=local/20261101/eu-west-1/s3/aws4_request, Signature=x")
SNS = (b"authorization", b"AWS4-HMAC-SHA256 Credential=local/20261101/eu-west-1/sns/aws4_request, Signature=x")


def call(
    path: str = "/", method: str = "POST", header: tuple[bytes, bytes] = SNS, query: bytes = b""
) -> dict[str, Any]:
    return {"path": path, "method": method, "headers": [header], "query_string": query}


def target(action: str) -> dict[str, Any]:
    return call(header=(b"x-amz-target", action.encode()))


@pytest.mark.parametrize(
    "action",
    [
        "DynamoDB_20120810.PutItem",
        "DynamoDB_20120810.TransactWriteItems",
        "DynamoDB_20120810.Query",
        "AmazonSQS.SendMessage",
        "AmazonSQS.ReceiveMessage",
        "AWSStepFunctions.StartExecution",
        "AWSStepFunctions.DescribeExecution",
        "AWSEvents.PutEvents",
    ],
)
def test_calls_that_handle_data_define_nothing(action):
    assert not may_define(target(action), b"")


@pytest.mark.parametrize(
    "action",
    [
        "DynamoDB_20120810.CreateTable",
        "DynamoDB_20120810.UpdateTimeToLive",
        "AmazonSQS.CreateQueue",
        "AmazonSQS.SetQueueAttributes",
        "AWSStepFunctions.UpdateStateMachine",
        "AWSEvents.PutRule",
        "AWSEvents.SomethingNew",
    ],
)
def test_calls_that_define_are_seen_and_unknown_ones_too(action):
    assert may_define(target(action), b"")


def test_a_form_is_told_by_its_action():
    assert not may_define(call(), b"Action=Publish&Version=2010-03-31&TopicArn=x")
    assert not may_define(call(), b"Action=DescribeStacks&Version=2010-05-15")
    assert may_define(call(), b"Action=Subscribe&Version=2010-03-31")
    assert may_define(call(), b"Version=2010-03-31&Action=CreateTopic")


def test_an_object_is_data_and_its_bucket_a_definition():
    assert not may_define(call("/bucket/some/key", "PUT", S3), b"Action=CreateTopic")
    assert not may_define(
        call("/bucket/key", "PUT", query=b"X-Amz-Credential=a%2F20261101%2Feu-west-1%2Fs3%2Faws4"), b""
    )
    assert may_define(call("/bucket", "PUT", S3), b"")
    assert may_define(call("/bucket", "PUT", S3, b"notification"), b"")


def test_reads_and_the_api_define_nothing():
    assert not may_define(call("/2015-03-31/functions/f", "GET"), b"")
    assert not may_define(call("/2015-03-31/functions/f/invocations"), b"{}")
    assert not may_define(call("/_aws/execute-api/a1/$default/v2/invoices/ocr"), b"{}")
    assert may_define(call("/2015-03-31/functions/f/concurrency", "PUT"), b"{}")


def test_only_dynamodb_is_known_to_leave_queues_alone():
    assert not may_touch_queues(target("DynamoDB_20120810.PutItem"))
    assert may_touch_queues(target("AmazonSQS.SendMessage"))
    assert may_touch_queues(call("/bucket/key", "PUT", S3))
