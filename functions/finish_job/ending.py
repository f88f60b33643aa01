"""How a job ends, told from the step that arrives. Pure."""

from paydraft.model.errors import DocumentError, Failure, InternalError, every_error
from paydraft.model.status import Status
from paydraft.model.steps import CaughtError, Ending, Outcome, Step

# Only the document's faults keep their name; whatever else a function dies of is our fault, and its text stays in logs.
_FAULTS_OF_DOCUMENTS = {error.__name__: error for error in every_error(DocumentError)}


def ending_of(step: Step) -> Ending:
    """The final status and what belongs to it.

    An error caught by the state machine outranks the outcome that started it. Extracted without a match or a draft
    decision means that a step was left out: an internal error, never a completed job.
    """
    if step.error:
        return Ending(status=Status.FAILED, failure=failure_of(step.error))
    if step.outcome is Outcome.CANCELLED:
        return Ending(status=Status.CANCELLED)
    if step.outcome is Outcome.EXTRACTED and step.match and step.draft:
        return Ending(status=Status.COMPLETED, match=step.match, draft=step.draft)
    return Ending(status=Status.FAILED, failure=step.failure or InternalError().failure)


def failure_of(error: CaughtError) -> Failure:
    """The reason to store: a code and whose fault, never the error's own words."""
    return _FAULTS_OF_DOCUMENTS.get(error.Error, InternalError)().failure
