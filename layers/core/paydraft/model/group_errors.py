"""What can be wrong with a group, or with a job's place in one; part of the catalogue of errors.py.

No part of request_errors.py, which functions without an HTTP door do not load.
"""

from paydraft.model.errors import PaydraftError
from paydraft.model.status import Fault


class GroupNotFoundError(PaydraftError):
    """The tenant has no such group: it never existed, was deleted, or is somebody else's."""

    code = "group_not_found"
    text = "There is no such group. Use an _id that POST or GET /ocr-invoice-job-group answered."
    fault = Fault.DOCUMENT


class GroupBusyError(PaydraftError):
    """A group with jobs that have not ended can't go."""

    code = "group_busy"
    text = "The group has jobs that have not ended. Wait for them, or delete them first."
    fault = Fault.DOCUMENT


class GroupChangedError(PaydraftError):
    """Somebody else changed the group in the meantime."""

    code = "group_changed"
    text = "The group was changed in the meantime. Read it again, then repeat your change."
