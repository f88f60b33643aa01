"""The states of a job, the phases they form, and who is at fault when one fails."""

from enum import StrEnum


class Phase(StrEnum):
    """What a client wants to know: wait, wait, read it, or stop."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ENDED = "ended"


class Fault(StrEnum):
    """Who can mend a failure: the sender of the document, or we."""

    DOCUMENT = "document"
    SERVICE = "service"


class Status(StrEnum):
    """A job's state. `completed`, `failed` and `cancelled` are final."""

    CREATED = "created"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def phase(self) -> Phase:
        """The phase this status belongs to."""
        return PHASE_OF[self]

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow within the same attempt."""
        return self.phase in (Phase.DONE, Phase.ENDED)


PHASE_OF: dict[Status, Phase] = {
    Status.CREATED: Phase.WAITING,
    Status.QUEUED: Phase.WAITING,
    Status.PROCESSING: Phase.RUNNING,
    Status.COMPLETED: Phase.DONE,
    Status.FAILED: Phase.ENDED,
    Status.CANCELLED: Phase.ENDED,
}
FINAL_STATUSES = tuple(status for status in Status if status.is_final)
