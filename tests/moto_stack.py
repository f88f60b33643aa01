"""The stack of template.yaml in moto, in this process, with its functions run by their real handlers.

Three things of moto are corrected: it is not thread-safe (one lock round its dispatch), its Lambda needs Docker (a call
runs the function's handler here, in the calling thread), and it enforces no IAM (iam.py).
"""

import importlib
import json
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber

from paydraft.stores.clients import client
from tests import iam
from tests.template_stack import REGION, Stack, build, template

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
}
_CONFIG = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
_LOCK = threading.RLock()
Handler = Callable[[Any, Any], Any]


@dataclass
class MotoStack:
    """What a test gets: names, clients, and a hand on the functions. `stack["JobsTable"]` is what Ref gives."""

    built: Stack
    handlers: dict[str, Handler] = field(default_factory=dict)  # by logical id, in place of the real ones
    calls: list[tuple[str, Any]] = field(default_factory=list)  # every invocation: logical id and event

    def __getitem__(self, logical_id: str) -> str:
        return self.built[logical_id]

    def client(self, service: str) -> Any:
        """The client the stores use."""
        return client(service)

    def invoke(self, function: str, event: Any) -> Any:
        """Run a function by its logical id, as Lambda would; exceptions come through."""
        self.calls.append((function, event))
        handler = self.handlers.get(function) or _handler_of(function)
        context = SimpleNamespace(
            aws_request_id=f"request-{len(self.calls)}",
            function_name=self.built[function],
            function_version="$LATEST",
            memory_limit_in_mb=512,
            invoked_function_arn=self.built.arns[function],
            get_remaining_time_in_millis=lambda: 30_000,
        )
        with iam.as_test() if function in self.handlers else iam.acting_as(function, self.built):
            return json.loads(json.dumps(handler(event, context)))

    def guarded(self, function: str) -> Handler:
        """The function's real handler for a test that hands in event and context: it may do what its statements say."""
        handler = _handler_of(function)

        def call(event: Any, context: Any) -> Any:
            with iam.acting_as(function, self.built):
                return handler(event, context)

        return call

    def execution(self, job_id: Any, attempt: int = 1, *, seconds: float = 30) -> dict[str, Any]:
        """The attempt's execution when it has ended."""
        arn = f"{self['JobCompletion'].replace(':stateMachine:', ':execution:')}:{job_id}-{attempt}"
        for _ in range(int(seconds / 0.01)):
            answer: dict[str, Any] = self.client("stepfunctions").describe_execution(executionArn=arn)
            if answer["status"] != "RUNNING":
                return answer
            time.sleep(0.01)
        raise AssertionError(f"{arn} still runs after {seconds} s")

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """The bodies in a queue, taken out of it. S3's greeting (s3:TestEvent) is left out."""
        bodies = []
        while got := self.client("sqs").receive_message(QueueUrl=self[queue], MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                self.client("sqs").delete_message(QueueUrl=self[queue], ReceiptHandle=message["ReceiptHandle"])
                bodies.append(json.loads(message["Body"]))
        return [body for body in bodies if body.get("Event") != "s3:TestEvent"]

    def published(self) -> list[dict[str, Any]]:
        """What a subscriber of CompletionTopic received since the last call: Message (parsed) and MessageAttributes."""
        notes = self.messages("TestSubscriber")
        return [note | {"Message": json.loads(note["Message"])} for note in notes]


@contextmanager
def moto_stack() -> Iterator[MotoStack]:
    """A fresh stack; handlers find it by the environment of this process."""
    with (
        patch.dict("os.environ", CREDENTIALS),
        patch.object(BotocoreStubber, "__call__", _one_at_a_time(BotocoreStubber.__call__)),
        mock_aws(config=_CONFIG),
    ):
        stack = MotoStack(build(DEFAULT_ACCOUNT_ID))
        _subscribe(stack)
        before = set(threading.enumerate())
        with (
            patch.object(LambdaSimpleBackend, "invoke", _lambda_of(stack)),
            iam.enforced(),
            patch.dict("os.environ", stack.built.environment()),
        ):
            yield stack
            _stop_executions(stack["JobCompletion"], before)


def _stop_executions(machine: str, before: set[threading.Thread], *, seconds: float = 10) -> None:
    """End what a test left running, or its threads would call the functions of the next test's stack."""
    states = client("stepfunctions")
    for execution in states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        states.stop_execution(executionArn=execution["executionArn"])
    deadline = time.monotonic() + seconds
    for thread in set(threading.enumerate()) - before:
        while thread in threading.enumerate() and not thread.is_alive():
            time.sleep(0.005)  # it is being started, and can't be waited for yet
        if thread.is_alive():
            thread.join(max(deadline - time.monotonic(), 0))


def _subscribe(stack: MotoStack) -> None:
    queue = client("sqs").create_queue(QueueName="TestSubscriber")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{DEFAULT_ACCOUNT_ID}:TestSubscriber"
    client("sns").subscribe(TopicArn=stack["CompletionTopic"], Protocol="sqs", Endpoint=arn)
    stack.built.ids["TestSubscriber"] = queue


def _one_at_a_time(dispatch: Callable[..., Any]) -> Callable[..., Any]:
    def locked(self: Any, *args: Any, **kwargs: Any) -> Any:
        with _LOCK:
            return dispatch(self, *args, **kwargs)

    return locked


def _handler_of(function: str) -> Handler:
    properties = template()["Resources"][function]["Properties"]
    path = properties.get("Handler") or properties["ImageConfig"]["Command"][0]
    module, _, name = path.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def _lambda_of(stack: MotoStack) -> Callable[..., bytes]:
    logical = {physical: name for name, physical in stack.built.ids.items()}

    def invoke(
        _: Any, function_name: str, qualifier: str | None, body: Any, headers: Any, response_headers: dict[str, str]
    ) -> bytes:
        try:
            return json.dumps(stack.invoke(logical[function_name.split(":")[-1]], json.loads(body))).encode()
        except Exception as error:
            response_headers["X-Amz-Function-Error"] = "Unhandled"
            kind, trace = type(error).__name__, traceback.format_exc().splitlines()
            return json.dumps({"errorType": kind, "errorMessage": str(error), "stackTrace": trace}).encode()

    return invoke
