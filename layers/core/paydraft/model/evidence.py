"""Where a field's value comes from, so that a person can be shown the spot."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from paydraft.model.page import Source


class Frozen(BaseModel):
    """Base of stored and published values: immutable, and no field that nobody declared."""

    # An error's text reaches logs and the state machine's history: it must not quote a document.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Area(Frozen):
    """A rectangle on a page, in points from the page's top left corner (see model/page.py)."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    page_width: float
    page_height: float


class Alternative(Frozen):
    """Another value that the document could mean, kept for the person who decides."""

    value: str
    raw: str
    source: Source
    confidence: float


class Evidence(Frozen):
    """Why a field has its value."""

    source: Source
    raw: str  # the characters as read
    confidence: float  # 0..1: the share of such fields that are right
    area: Area | None = None  # None for XML and derived values
    checks: tuple[str, ...] = ()  # passed: "mod97", "net_plus_tax", "pixels", "agrees:qr"
    alternatives: tuple[Alternative, ...] = ()


class Severity(StrEnum):
    """How much a finding or a flag weighs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Finding(Frozen):
    """Something about the document that a person should know."""

    code: str  # "several_invoices", "payment_data_conflict", "iban_unreadable"
    severity: Severity
    message: str  # a sentence without personal data
    field: str | None = None  # dotted path of the field concerned
