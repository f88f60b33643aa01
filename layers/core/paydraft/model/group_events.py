"""The event that ends a group of jobs: CloudEvents 1.0 on SNS, as events.py makes those of jobs."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from paydraft.model.evidence import Frozen
from paydraft.model.group import Group
from paydraft.model.ids import group_event_id_of
from paydraft.model.status import Status

GROUP_COMPLETED: Final = "paydraft.group.completed.v1"


class GroupEnded(Frozen):
    """The `data` of the event."""

    group_id: str
    tenant_id: str
    endings: int
    status: Status
    total_jobs: int
    completed_jobs: int
    failed_jobs: int


class GroupEvent(Frozen):
    """The CloudEvents envelope; `id` is the same however often the event is delivered."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: Literal["paydraft.group.completed.v1"] = GROUP_COMPLETED
    source: str  # /paydraft/<stage>
    subject: str  # the group id
    time: datetime  # when its last job ended
    datacontenttype: Literal["application/json"] = "application/json"
    data: GroupEnded

    @classmethod
    def of(cls, tenant_id: str, group: Group, stage: str) -> "GroupEvent":
        """The event of a group all of whose jobs have ended."""
        return cls(
            id=group_event_id_of(group.group_id, group.endings, GROUP_COMPLETED),
            source=f"/paydraft/{stage}",
            subject=group.group_id,
            time=group.ended_at or group.updated_at,
            data=GroupEnded(
                group_id=group.group_id,
                tenant_id=tenant_id,
                endings=group.endings,
                status=Status.FAILED if 0 < group.total == group.failed else Status.COMPLETED,
                total_jobs=group.total,
                completed_jobs=group.completed,
                failed_jobs=group.failed,
            ),
        )

    def attributes(self, stage: str) -> dict[str, str]:
        """The SNS message attributes. Without a job's ones, so that a filter for jobs lets no group through."""
        return {"type": self.type, "tenant_id": self.data.tenant_id, "env": stage}
