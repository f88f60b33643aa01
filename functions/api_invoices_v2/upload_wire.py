"""Corebanq's wire of uploads: tickets to send a document by, its record as a file, and the way back to its bytes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints

from api_invoices_v2.schemas import CustomerId
from paydraft.model.media import EXTENSIONS, MIN_DOCUMENT_BYTES
from paydraft.model.upload import Upload as StoredUpload
from paydraft.runtime.corebanq import Wire

FileName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class TicketRequest(Wire):
    """Body of POST /v2/uploads. The type and the size are declared; S3 holds the client to both."""

    file_name: FileName
    content_type: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=3, max_length=100)]
    content_length: Annotated[int, Field(strict=True, ge=MIN_DOCUMENT_BYTES)]
    customer_id: CustomerId | None = None


class UploadRequest(Wire):
    """Body of POST /v1/uploads. What is said of approval, signature and activity has no effect: the answer tells."""

    file_name: FileName
    content: str
    document_type: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "invoice"
    customer_id: CustomerId | None = None
    approval_needed: StrictBool = True
    approval_made: StrictBool = False
    signature_needed: StrictBool = False
    signature_made: StrictBool = False
    active: StrictBool = False


class CustomerUploadRequest(UploadRequest):
    """Body of POST /v1/uploads/customer/{customer_id}: the customer is named by the path."""

    customer_id: None = None


class Ticket(Wire):
    """A form to post the file to: `fields` first, then the file under the name `file`, as multipart/form-data."""

    upload_id: UUID
    job_id: UUID
    url: str
    fields: dict[str, str]
    expires_at: datetime
    max_bytes: int
    poll_url: str


class Upload(Wire):
    """A document as a file. It is a draft, neither attached nor active, until its transfer is finalised.

    `file_name` is the client's; type, extension and length are those of the bytes, and null until they are read.
    """

    id: UUID
    file_name: str | None
    document_type: str
    approval_status: str
    approval_needed: bool
    approval_made: bool
    signature_status: str
    signature_needed: bool
    signature_made: bool
    content_length: int | None
    file_extension: str | None
    active: bool
    metadata: dict[str, Any]
    created_at: datetime
    created_by: str
    job_id: UUID
    customer_id: str | None
    content_type: str | None
    attached_at: datetime | None


class UploadList(Wire):
    """A page of uploads; `next_cursor` leads to the next one, null at the end."""

    data: tuple[Upload, ...]
    has_more: bool
    next_cursor: str | None


class Download(Wire):
    """An address from which the document can be got without a token, for a few minutes."""

    url: str
    expires_at: datetime
    file_name: str
    content_type: str
    content_length: int | None


def wire(upload: StoredUpload) -> Upload:
    """An upload as it is answered."""
    job, facts = upload.job, upload.job.document
    is_attached = upload.attached_at is not None
    return Upload(
        id=upload.upload_id,
        file_name=job.document_name,
        document_type="invoice",
        approval_status="attached" if is_attached else "pending",
        approval_needed=True,
        approval_made=False,  # it is the transfer that people approve
        signature_status="not_required",
        signature_needed=False,
        signature_made=False,
        content_length=facts.size if facts else None,
        file_extension=EXTENSIONS[facts.media_type][0] if facts else None,
        active=is_attached,
        metadata={},
        created_at=upload.created_at,
        created_by=job.subject,
        job_id=job.job_id,
        customer_id=job.customer_id,
        content_type=facts.media_type if facts else None,
        attached_at=upload.attached_at,
    )
