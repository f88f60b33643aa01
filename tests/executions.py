"""Executions of JobCompletion in moto run in threads of their own: a test that starts some waits for their end."""

from typing import Any

from paydraft.model.steps import Step
from tests.moto_stack import MotoStack


def executions(aws: MotoStack) -> list[dict[str, Any]]:
    """Those that were started, latest first."""
    answer: dict[str, Any] = aws.client("stepfunctions").list_executions(stateMachineArn=aws["JobCompletion"])
    return answer["executions"]


def started(aws: MotoStack) -> list[Step]:
    """What each was started with."""
    describe = aws.client("stepfunctions").describe_execution
    inputs = (describe(executionArn=execution["executionArn"])["input"] for execution in executions(aws))
    return [Step.model_validate_json(text) for text in inputs]


def wait_for_all(aws: MotoStack) -> None:
    """Until none runs."""
    for step in started(aws):
        aws.execution(step.job_id, step.attempt)
