"""The part of the catalogue that refuses a request about a job as a thing of its own.

RequestError
├── JobStartedError  JobHasPaymentError
└── NoResultsError
"""

from paydraft.model.request_errors import RequestError


class JobStartedError(RequestError):
    """The job's data can be replaced only until it is started."""

    code = "job_started"
    text = "The job was started, so that it can't be changed any more. Create a new job with the new data."


class JobHasPaymentError(RequestError):
    """The transfer of the job is approved or has left the house; what it was read from must stay."""

    code = "job_has_payment"
    text = (
        "The job's transfer is approved or exported, so that the job must stay. Keep it, or reject the transfer first."
    )


class NoResultsError(RequestError):
    """Nothing has been read of the job's document, or not yet."""

    code = "no_results"
    text = "There are no results yet. Start the job, wait until its status is completed, then ask again."
