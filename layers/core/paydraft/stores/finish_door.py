"""FinishJob, called from outside the state machine: the one exit, also for jobs whose execution can't take it."""

import json

from paydraft.model.errors import InternalError, TransientError
from paydraft.model.job import Job
from paydraft.model.steps import Outcome, Step
from paydraft.stores.clients import client


class FinishDoor:
    """A function by name, invoked and waited for."""

    def __init__(self, function_name: str) -> None:
        self._function_name = function_name

    def tell(self, job: Job) -> None:
        """Have the event of a job that has ended published, if it may not be out. Raises TransientError."""
        failure = job.failure or InternalError().failure  # of a final job nothing of this step but its identity is read
        self.finish(
            Step(
                tenant_id=job.tenant_id,
                job_id=job.job_id,
                attempt=job.attempt,
                outcome=Outcome.FAILED,
                failure=failure,
            )
        )

    def finish(self, step: Step) -> None:
        """End the job as `step` says; a job that has ended is left alone. Raises TransientError if FinishJob failed."""
        answer = client("lambda").invoke(
            FunctionName=self._function_name,
            InvocationType="RequestResponse",
            Payload=json.dumps(step.to_json()).encode(),
        )
        if "FunctionError" in answer:
            raise TransientError(f"{self._function_name} failed")
