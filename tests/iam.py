"""IAM for moto, which enforces none: what a handler may call under `MotoStack.invoke` is what its statements allow.

A call that is not allowed is answered AccessDenied, and fails the test even if the handler swallows that. Asking for an
object that is not there needs s3:ListBucket as well: without it AWS says 403, not 404; a function in `UNLISTED` lives
with that.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from tests.template_stack import Stack, template

type Need = tuple[str, str]  # an action and the ARN it is done to

UNLISTED = {"FetchDocumentFunction"}  # is not to find documents whose keys it does not know
_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_present = threading.local()  # .acting: whose handler this thread runs


class Acting:
    """One function at work, and what it tried without being allowed to."""

    def __init__(self, function: str, stack: Stack) -> None:
        policies = template()["Resources"][function]["Properties"]["Policies"]
        statements = [statement for policy in policies for statement in policy["Statement"]]
        self._allowed = [
            (action, arn)
            for statement in statements
            for action in _listed(statement["Action"])
            for arn in _listed(stack.resolve(statement["Resource"]))
        ]
        self.function, self.stack, self.denied = function, stack, list[Need]()

    def check(self, needs: "Iterator[Need]", operation: str) -> None:
        """Raises ClientError for the first thing that is not allowed."""
        for action, arn in needs:
            if not any(action == may and fnmatchcase(arn, pattern) for may, pattern in self._allowed):
                if action != "s3:ListBucket" or self.function not in UNLISTED:
                    self.denied.append((action, arn))
                message = f"{self.function} is not authorized to perform: {action} on resource: {arn}"
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, operation)


@contextmanager
def acting_as(function: str, stack: Stack) -> Iterator[None]:
    """AWS calls of this thread are the function's."""
    acting = Acting(function, stack)
    with _present_is(acting):
        yield
    assert not acting.denied, f"{function} lacks a permission: {acting.denied}"


def as_test() -> AbstractContextManager[None]:
    """AWS calls of this thread are the test's, which may do anything."""
    return _present_is(None)


@contextmanager
def _present_is(acting: Acting | None) -> Iterator[None]:
    before = getattr(_present, "acting", None)
    _present.acting = acting
    try:
        yield
    finally:
        _present.acting = before


@contextmanager
def enforced() -> Iterator[None]:
    """From now on calls are checked."""
    with patch.object(BaseClient, "_make_api_call", _checked(BaseClient._make_api_call)):
        yield


def _checked(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def checked(self: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        acting: Acting | None = getattr(_present, "acting", None)
        if acting is None:
            return call(self, operation_name, api_params)
        service = self.meta.service_model.service_name
        acting.check(_needs(service, operation_name, api_params, acting.stack), operation_name)
        try:
            return call(self, operation_name, api_params)
        except ClientError as refused:
            if service == "s3" and refused.response["Error"]["Code"] in _MISSING:
                acting.check(iter([("s3:ListBucket", f"arn:aws:s3:::{api_params['Bucket']}")]), operation_name)
            raise

    return checked


def _needs(service: str, operation: str, params: dict[str, Any], stack: Stack) -> Iterator[Need]:
    """What AWS would ask IAM about this call."""
    match service, operation:
        case "dynamodb", "TransactWriteItems":
            for item in params["TransactItems"]:
                [(kind, request)] = item.items()
                yield f"dynamodb:{_WRITES[kind]}", _table(request, stack)
        case "dynamodb", "BatchGetItem":
            for table in params["RequestItems"]:
                yield "dynamodb:BatchGetItem", _arn_of(table, stack)
        case "dynamodb", _:
            yield f"dynamodb:{operation}", _table(params, stack)
        case "s3", "CopyObject":
            yield _reading(params["CopySource"])
            yield "s3:PutObject", _object(params)
        case "s3", "DeleteObjects":
            for one in params["Delete"]["Objects"]:
                yield "s3:DeleteObjectVersion", f"arn:aws:s3:::{params['Bucket']}/{one['Key']}"
        case "s3", "GetObject" | "HeadObject":
            yield _reading(params)
        case _:
            action, target = _SIMPLE[service, operation]
            yield action, target(params, stack)


def _table(request: dict[str, Any], stack: Stack) -> str:
    arn = _arn_of(request["TableName"], stack)
    return f"{arn}/index/{request['IndexName']}" if "IndexName" in request else arn


def _reading(params: dict[str, Any]) -> Need:
    return ("s3:GetObjectVersion" if "VersionId" in params else "s3:GetObject"), _object(params)


def _object(params: dict[str, Any]) -> str:
    return f"arn:aws:s3:::{params['Bucket']}/{params['Key']}"


def _arn_of(physical: str, stack: Stack) -> str:
    return next(stack.arns[name] for name, known in stack.ids.items() if known == physical)


_SIMPLE: dict[tuple[str, str], tuple[str, Callable[[dict[str, Any], Stack], str]]] = {
    ("s3", "PutObject"): ("s3:PutObject", lambda params, _: _object(params)),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions", lambda params, _: f"arn:aws:s3:::{params['Bucket']}"),
    ("sqs", "SendMessage"): ("sqs:SendMessage", lambda params, stack: _arn_of(params["QueueUrl"], stack)),
    ("sns", "Publish"): ("sns:Publish", lambda params, _: params["TopicArn"]),
    ("stepfunctions", "StartExecution"): ("states:StartExecution", lambda params, _: params["stateMachineArn"]),
    ("stepfunctions", "DescribeExecution"): ("states:DescribeExecution", lambda params, _: params["executionArn"]),
    ("stepfunctions", "StopExecution"): ("states:StopExecution", lambda params, _: params["executionArn"]),
    ("lambda", "Invoke"): ("lambda:InvokeFunction", lambda params, stack: _arn_of(params["FunctionName"], stack)),
}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
