"""The wire of templates in Repzo's names. What a PUT says, a GET repeats; what is ours to say a PUT leaves alone."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api_ocr_jobs.schemas import Line, Taken, Told
from paydraft.model.hint import LabelText, Pattern

ENGINE = "tesseract"
MAX_FIELDS = 50
MAX_RULES = 100
_MAX_LENGTH = 10_000
_MAX_PLACE = 100_000  # pixels

_KEPT = "Kept and repeated; reading does not follow it."
_OURS = "Ours to say; taken in a request so that an answer can be sent back, and not looked at."


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise PydanticCustomError("number_type", "a number is expected")
    return value


NUMBER = BeforeValidator(_number)  # behind the limits, or the description of the API would lose them
type Amount = Annotated[float, Field(ge=0, le=_MAX_PLACE), NUMBER]
type Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
type Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")]
type Length = Annotated[int, Field(ge=0, le=_MAX_LENGTH), NUMBER]


def _served(engine: str) -> str:
    if engine != ENGINE:
        raise ValueError("this engine is not served here; use tesseract")
    return engine


type Engine = Annotated[
    Literal["tesseract", "google-vision", "aws-textract", "azure-cognitive", "custom"],
    AfterValidator(_served),
    Field(description="`tesseract` is served; the others are refused with 400"),
]


class Coordinates(Taken):
    """A rectangle from the page's top left corner.

    All four at most 1: shares of the page's width and height. Else pixels of an A4 page at `resolutionDPI`
    (at 300 dpi 2480 by 3508).
    """

    x: Amount
    y: Amount
    width: Amount
    height: Amount


class FieldValidation(Taken):
    """What must be true of a value, if there is one."""

    min_length: Length | None = None
    max_length: Length | None = None
    format: Word | None = Field(
        None, description="`date`, `email`, `number` or `currency` are checked; any other word is kept and repeated"
    )


class TemplateField(Taken):
    """Where a value stands and what it must be.

    `name` is a field of extractedData in any usual spelling (`invoiceNumber`, `supplier.name`, `total`, `iban`); any
    other is kept, and each result says that it was left out.
    """

    name: Word
    type: Literal["text", "number", "date", "currency", "boolean"] | None = None
    required: StrictBool | None = None
    pattern: Pattern | None = Field(
        None,
        description="A regular expression that the whole value matches; one that could run without end is refused",
    )
    coordinates: Coordinates | None = None
    labels: Annotated[tuple[LabelText, ...], Field(max_length=10)] | None = Field(
        None, description="An addition of ours: what is printed in front of the value or above it"
    )
    validation: FieldValidation | None = None


class Column(Taken):
    """One column of the table of line items."""

    name: Word | None = None
    index: Annotated[int, Field(ge=0, le=1000), NUMBER] | None = None
    type: Literal["text", "number", "currency"] | None = None


class TableStructure(Taken):
    """How the table of line items is built."""

    header_row: Annotated[int, Field(ge=0, le=10_000), NUMBER] | None = None
    data_start_row: Annotated[int, Field(ge=0, le=10_000), NUMBER] | None = None
    columns: Annotated[tuple[Column, ...], Field(max_length=100)] | None = None


class LineItemRules(Taken):
    """How line items are found. Kept and repeated: tables are found by their headings, whatever stands here."""

    enabled: StrictBool | None = None
    table_structure: TableStructure | None = None


class ExtractionRules(Taken):
    """What is read."""

    fields: Annotated[tuple[TemplateField, ...], Field(max_length=MAX_FIELDS)] = ()
    line_items: LineItemRules | None = None


class Preprocessing(Taken):
    """Kept and repeated: each page is prepared as it needs. `resolutionDPI` is the measure of coordinates in pixels."""

    image_enhancement: StrictBool = True
    deskew: StrictBool = True
    denoising: StrictBool = True
    binarization: StrictBool = False
    resolution_dpi: Annotated[int, Field(ge=150, le=600), NUMBER] = Field(300, alias="resolutionDPI")


class ValidationRule(Taken):
    """One thing that must be true of a field; all but `required` let an empty one pass."""

    field: Word
    rule: Literal["required", "numeric", "date", "email", "currency"]
    message: Annotated[str, StringConstraints(max_length=300)] | None = None


class Postprocessing(Taken):
    """What is made of the values: below `confidenceThreshold` a value is left out."""

    spell_check: StrictBool = Field(False, description=_KEPT)
    confidence_threshold: Annotated[float, Field(ge=0, le=1), NUMBER] = 0.8
    validation_rules: Annotated[tuple[ValidationRule, ...], Field(max_length=MAX_RULES)] = ()


class TemplateInput(Taken):
    """Body of POST and PUT: the latter replaces everything."""

    name: Line
    ocr_engine: Engine
    document_type: Literal["invoice", "receipt", "bill", "statement", "other"] = Field(description=_KEPT)
    extraction_rules: ExtractionRules
    preprocessing_settings: Preprocessing = Preprocessing()
    postprocessing_settings: Postprocessing = Postprocessing()
    supported_formats: Annotated[tuple[Word, ...], Field(max_length=20)] | None = Field(None, description=_KEPT)
    languages: Annotated[tuple[Language, ...], Field(max_length=10)] | None = Field(
        None, description="The likeliest first, `de` or `deu`; without any, the languages of this service"
    )
    is_active: StrictBool = Field(True, description="An inactive template takes no new jobs")
    is_default: StrictBool = Field(False, description="Whether it stands for `auto`; of several the last one said does")
    created_by: Line | None = None
    last_modified_by: Line | None = None
    metadata: dict[str, Any] | None = Field(None, description="Kept and repeated")
    id: Any = Field(None, alias="_id", description=_OURS)
    accuracy: Any = Field(None, description=_OURS + " Nobody tells us what was right, so that it is never answered.")
    created_at: Any = Field(None, description=_OURS)
    updated_at: Any = Field(None, description=_OURS)

    @model_validator(mode="after")
    def _default_is_active(self) -> "TemplateInput":
        if self.is_default and not self.is_active:
            raise ValueError("the default template must be active")
        return self


class Template(TemplateInput):
    """A template as it was written. `auto` is always there, and asks for nothing."""

    id: str = Field(alias="_id", pattern="^(auto|[0-9a-f]{24})$")
    created_at: datetime | None = None
    updated_at: datetime | None = None


class TemplateAnswer(Told):
    """One template."""

    success: Literal[True]
    data: Template


class TemplateList(Told):
    """A page of templates, without `auto`, and how many there are in all."""

    success: Literal[True]
    data: tuple[Template, ...]
    total: int
