"""JobCompletion, the state machine: one execution per attempt, named by it."""

import json
from enum import StrEnum
from typing import Any
from uuid import UUID

from paydraft.model.ids import execution_name
from paydraft.model.steps import Step
from paydraft.stores.clients import client


class ExecutionState(StrEnum):
    """What has become of an execution; timed out and aborted ones have failed."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_STATES = {
    "RUNNING": ExecutionState.RUNNING,
    "PENDING_REDRIVE": ExecutionState.RUNNING,
    "SUCCEEDED": ExecutionState.SUCCEEDED,
    "FAILED": ExecutionState.FAILED,
    "TIMED_OUT": ExecutionState.FAILED,
    "ABORTED": ExecutionState.FAILED,
}


class Completion:
    """Starts executions, stops them and asks after them."""

    def __init__(self, state_machine_arn: str) -> None:
        self._arn = state_machine_arn

    @property
    def _states(self) -> Any:
        return client("stepfunctions")

    def start(self, step: Step) -> None:
        """Start the attempt's execution; that it was started before, running or not, is success."""
        try:
            self._states.start_execution(
                stateMachineArn=self._arn,
                name=execution_name(step.job_id, step.attempt),
                input=json.dumps(step.to_json()),
            )
        except self._states.exceptions.ExecutionAlreadyExists:
            return

    def stop(self, job_id: UUID, attempt: int) -> None:
        """Stop the attempt's execution; that there is none, or none any more, is success."""
        try:
            self._states.stop_execution(executionArn=self._execution(job_id, attempt))
        except self._states.exceptions.ExecutionDoesNotExist:
            return

    def state_of(self, job_id: UUID, attempt: int) -> ExecutionState | None:
        """The state of the attempt's execution; None if there is none (or was started a moment ago: AWS may lag)."""
        try:
            answer = self._states.describe_execution(executionArn=self._execution(job_id, attempt))
        except self._states.exceptions.ExecutionDoesNotExist:
            return None
        return _STATES[answer["status"]]

    def _execution(self, job_id: UUID, attempt: int) -> str:
        return f"{self._arn.replace(':stateMachine:', ':execution:', 1)}:{execution_name(job_id, attempt)}"
