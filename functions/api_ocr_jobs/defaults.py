"""What Repzo's fields say of a job whose intake did not give them. Pure."""

from typing import cast, get_args

from api_ocr_jobs.schemas import FileType
from paydraft.model.job import Job
from paydraft.model.job_summary import JobSummary
from paydraft.model.media import MediaType
from paydraft.model.template import AUTOMATIC

_FILE_TYPES = frozenset(get_args(FileType.__value__))
_OF_MEDIA = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpeg",
    MediaType.TIFF: "tiff",
    MediaType.BMP: "bmp",
}


def job_number(one: Job | JobSummary) -> str:
    """The client's own number, else the job's full id."""
    return one.job_number or str(one.job_id)


def document_name(one: Job | JobSummary) -> str:
    """The name of the document as it was sent."""
    return one.document_name or "document"


def template(one: Job | JobSummary) -> str:
    """The template that steers reading."""
    return one.template_id or AUTOMATIC


def file_type(one: Job | JobSummary) -> FileType | None:
    """The file type as its sender names it, in Repzo's words; other APIs name media types."""
    declared = (one.declared_type or "").lower()
    word = next((name for media, name in _OF_MEDIA.items() if media.value == declared), declared)
    return cast("FileType", word) if word in _FILE_TYPES else None
