"""FinishJob, called from outside the state machine: the one exit, also for jobs whose execution can't take it."""

import json

from paydraft.model.errors import TransientError
from paydraft.model.steps import Step
from paydraft.stores.clients import client


class FinishDoor:
    """A function by name, invoked and waited for."""

    def __init__(self, function_name: str) -> None:
        self._function_name = function_name

    def finish(self, step: Step) -> None:
        """End the job as `step` says; a job that has ended is left alone. Raises TransientError if FinishJob failed."""
        answer = client("lambda").invoke(
            FunctionName=self._function_name,
            InvocationType="RequestResponse",
            Payload=json.dumps(step.to_json()).encode(),
        )
        if "FunctionError" in answer:
            raise TransientError(f"{self._function_name} failed")
