"""The wire of groups in Repzo's names. Counts, status, times and statistics are made of the group's jobs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints

from api_ocr_jobs.schemas import Line, Taken, TemplateId, Told
from api_ocr_jobs.template_schemas import NUMBER
from paydraft.model.job import Priority
from paydraft.model.status import Status

_KEPT = "Kept and repeated; nothing follows from it."
_OURS = "Made of the group's jobs; taken in a request so that an answer can be sent back, and not looked at."

type Count = Annotated[int, Field(ge=0)]
type Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")]


class Processing(Taken):
    """How the jobs of the group run. A job that finds no place is `queued`, and its time begins when it is called."""

    parallel_jobs: Annotated[int, Field(ge=1, le=10), NUMBER] = Field(3, description="So many run at once, at most")
    retry_count: Annotated[int, Field(ge=0, le=5), NUMBER] = Field(
        2, description="Kept and repeated: a job whose reading dies is begun anew up to twice, whatever stands here"
    )
    timeout_minutes: Annotated[int, Field(ge=5, le=120), NUMBER] = Field(
        30, description="Kept and repeated: every job has ended 30 minutes after it was called, whatever stands here"
    )


class Notifications(Taken):
    """Kept and repeated: no mail is sent. The event `paydraft.group.completed.v1` tells that all jobs have ended."""

    on_completion: StrictBool = False
    on_failure: StrictBool = True
    recipients: Annotated[tuple[Mail, ...], Field(max_length=50)] = ()


class GroupInput(Taken):
    """Body of POST and PUT: the latter replaces everything but what is made of the group's jobs."""

    name: Line
    template: TemplateId = Field(
        description="The _id of a template, or `auto`. Kept and repeated: each job names its own"
    )
    description: Annotated[str, StringConstraints(max_length=2000)] | None = None
    batch_number: Line | None = None
    priority: Priority = Field(Priority.MEDIUM, description="Kept and repeated: each job names its own")
    processing_settings: Processing = Processing()
    notifications: Notifications = Notifications()
    created_by: Line | None = None
    assigned_to: Line | None = None
    tags: Annotated[tuple[Line, ...], Field(max_length=50)] | None = None
    metadata: dict[str, Any] | None = Field(None, description="Kept and repeated")
    id: Any = Field(None, alias="_id", description=_OURS)
    total_jobs: Any = Field(None, description=_OURS)
    completed_jobs: Any = Field(None, description=_OURS)
    pending_jobs: Any = Field(None, description=_OURS)
    failed_jobs: Any = Field(None, description=_OURS)
    status: Any = Field(None, description=_OURS)
    started_at: Any = Field(None, description=_OURS)
    completed_at: Any = Field(None, description=_OURS)
    estimated_completion_time: Any = Field(None, description=_OURS + " Nothing is estimated: it is never answered.")
    statistics: Any = Field(None, description=_OURS)
    created_at: Any = Field(None, description=_OURS)
    updated_at: Any = Field(None, description=_OURS)


class Statistics(Told):
    """What the jobs of the group have come to. What no job says yet is left out."""

    total_documents: Count
    total_pages: Count = Field(description="Of the jobs that completed")
    average_processing_time: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Seconds from the start of reading to the end, of the jobs that completed"
    )
    success_rate: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="The share of jobs that completed, of those that completed or failed"
    )
    total_cost: Literal[0] = Field(0, description="Nothing is charged by the job")
    currency: Literal["USD"] = Field("USD", description="Of the cost")


class Group(GroupInput):
    """A group as it was written, and what its jobs have come to."""

    id: str = Field(alias="_id", pattern="^[0-9a-f]{24}$")
    total_jobs: Count
    completed_jobs: Count
    pending_jobs: Count = Field(description="Created, queued or processing")
    failed_jobs: Count
    status: Status = Field(
        description="`created` while no job was started, `processing` while one runs, `queued` while none runs and"
        " some are to come, then `completed`, or `failed` where all failed"
    )
    started_at: datetime | None = Field(None, description="When a job was first called")
    completed_at: datetime | None = Field(None, description="When the last job ended, while none is open")
    statistics: Statistics
    created_at: datetime
    updated_at: datetime


class GroupAnswer(Told):
    """One group."""

    success: Literal[True]
    data: Group


class GroupList(Told):
    """A page of groups, and how many there are in all."""

    success: Literal[True]
    data: tuple[Group, ...]
    total: int


class Member(Told):
    """A job of a group."""

    job_id: str = Field(pattern="^[0-9a-f]{24}$")
    status: Status
    document_name: str


class MemberList(Told):
    """A page of a group's jobs, and how many there are in all."""

    success: Literal[True]
    data: tuple[Member, ...]
    total: int
