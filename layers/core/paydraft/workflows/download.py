"""The original document of a job, as a link for five minutes."""

from dataclasses import dataclass

from paydraft.model.file_names import UNKNOWN_TYPE, attachment, saved_as
from paydraft.model.job import Job
from paydraft.model.upload import LINK_LIFE
from paydraft.stores.documents import DocumentStore


@dataclass(frozen=True, slots=True)
class Link:
    """Where the bytes lie, and under which name and type they are saved."""

    url: str
    file_name: str
    content_type: str


def link_to(job: Job, documents: DocumentStore) -> Link | None:
    """To the version that was pinned when the document was first seen, whatever was put there since; None before.

    Whoever holds it can read the document: it is for callers with the scope documents:read only.
    """
    if job.original is None:
        return None
    media_type = job.document.media_type if job.document else None
    file_name, content_type = saved_as(job.document_name, media_type), media_type or UNKNOWN_TYPE
    url = documents.link(
        job.original,
        disposition=attachment(file_name),
        media_type=content_type,
        seconds=int(LINK_LIFE.total_seconds()),
    )
    return Link(url, file_name, content_type)
