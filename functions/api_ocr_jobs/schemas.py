"""The wire of OCR jobs in Repzo's names. What is not known is left out; numbers are JSON numbers, moments in UTC."""

from collections.abc import Callable
from datetime import date as day
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WrapValidator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from paydraft.model.job import Priority
from paydraft.model.status import Status
from paydraft.runtime.json_numbers import Number

SHORT_ID = "^[0-9a-fA-F]{24}$"


def _saying(text: str) -> WrapValidator:
    """`text` for a value that is refused, where a person could not read the pattern."""

    def check(value: object, handler: Callable[[object], str]) -> str:
        try:
            return handler(value)
        except ValueError:
            raise PydanticCustomError("string_form", text) from None

    return WrapValidator(check)


type Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"format": "double"})]
type FileType = Literal["pdf", "png", "jpg", "jpeg", "tiff", "bmp"]
type Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
TemplateId = Annotated[
    str,
    StringConstraints(pattern="^(auto|[0-9a-fA-F]{24})$"),
    _saying("must be auto or the _id of a template, 24 hex digits"),
]
GroupId = Annotated[str, StringConstraints(pattern=SHORT_ID), _saying("must be the _id of a group, 24 hex digits")]
type Url = Annotated[
    str,
    StringConstraints(pattern=r"^[hH][tT][tT][pP][sS]?://[!-~]+$", max_length=8192),
    _saying("must be an https address in ASCII, of 8192 characters at most"),
    Field(json_schema_extra={"format": "uri"}),
]


class Taken(BaseModel):
    """Base of requests: no field that nobody declared, no content in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, alias_generator=to_camel)


class Told(BaseModel):
    """Base of answers, written in camel case; a field that was not set is left out."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
    )


class ErrorBody(Told):
    """What every refusal says."""

    success: Literal[False] = False
    message: str


class Deleted(Told):
    """What a deletion answers."""

    success: Literal[True]
    message: str


class JobInput(Taken):
    """Body of POST and PUT: the latter replaces everything."""

    job_number: Line = Field(description="Your own number of the job, unique among yours")
    document_name: Line
    document_url: Url = Field(description="Where the document is fetched from when the job is started: public https")
    document_type: FileType | None = Field(None, description="A label: what the file is, its bytes decide")
    template: TemplateId = Field(description="The _id of a template, or `auto`")
    group: GroupId | None = Field(None, description="The _id of a group")
    priority: Priority = Field(Priority.MEDIUM, description="high and urgent are read on a lane of their own")
    created_by: Line | None = None
    metadata: dict[str, Any] | None = Field(None, description="Kept and repeated; at most 16 kB of JSON")


class Progress(Told):
    """How far a job is."""

    percentage: Number
    current_step: str
    total_steps: int


class DocumentFacts(Told):
    """Facts of the file; `size` in bytes."""

    pages: int | None = None
    size: int | None = None
    format: str | None = None
    resolution: str | None = None
    language: str | None = None


class Supplier(Told):
    """Who asks for the money."""

    name: str | None = None
    address: str | None = None
    tax_id: str | None = None


class Customer(Told):
    """Who is asked."""

    name: str | None = None
    address: str | None = None


class Amounts(Told):
    """What is asked, in major units of the currency."""

    subtotal: Number | None = None
    tax: Number | None = None
    total: Number | None = None
    currency: str | None = None


class InvoiceData(Told):
    """The head of an invoice."""

    number: str | None = None
    date: day | None = None
    due_date: day | None = None
    supplier: Supplier
    customer: Customer
    amounts: Amounts


class LineItem(Told):
    """One line of the table."""

    description: str | None = None
    quantity: Number | None = None
    unit_price: Number | None = None
    amount: Number | None = None


class ExtractedData(Told):
    """What was read."""

    invoice: InvoiceData
    line_items: tuple[LineItem, ...]


class Confidence(Told):
    """The share of such values that are right, by field; `overall` is that of the least certain one."""

    overall: Share
    fields: dict[str, Share]


class ValidationError(Told):
    """What a person should know of a value, or of the document."""

    field: str | None = None
    message: str
    severity: Literal["error", "warning", "info"]


class ValidationResults(Told):
    """`isValid` while nothing weighs as an error."""

    is_valid: bool
    errors: tuple[ValidationError, ...]


class Results(Told):
    """What reading the document gave."""

    extracted_data: ExtractedData
    confidence: Confidence
    validation_results: ValidationResults
    processing_time: Number = Field(description="Seconds")


class Job(Told):
    """A job, whatever API it came in by."""

    oid: str = Field(alias="_id", pattern="^[0-9a-f]{24}$")
    job_number: str
    document_name: str
    document_url: str | None = None
    document_type: FileType | None = None
    template: str
    group: str | None = None
    status: Status
    priority: Priority
    progress: Progress
    started_at: datetime | None = None
    completed_at: datetime | None = None
    processing_time: Number | None = Field(None, description="Seconds")
    document_info: DocumentFacts | None = None
    extracted_data: ExtractedData | None = None
    confidence: Confidence | None = None
    validation_results: ValidationResults | None = None
    cost: Number
    currency: str = Field(description="Of the cost")
    error_log: str | None = None
    retry_count: Annotated[int, Field(ge=0)]
    created_by: str | None = None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class JobAnswer(Told):
    """One job."""

    success: Literal[True]
    data: Job


class JobList(Told):
    """A page of jobs, and how many there are in all."""

    success: Literal[True]
    data: tuple[Job, ...]
    total: int


class Started(Told):
    """A job on its way."""

    job_id: str = Field(pattern="^[0-9a-f]{24}$")
    status: Literal["queued", "processing"]


class StartedAnswer(Told):
    """What starting a job answers."""

    success: Literal[True]
    data: Started


class ResultsAnswer(Told):
    """The results of a completed job."""

    success: Literal[True]
    data: Results
