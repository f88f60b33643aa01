"""A tenant's template for a kind of document: where values stand, in which languages, how sure and how right.

Its hints are witnesses like any other (model/hint.py): they propose, agree and decide between readings that the page
leaves open, and never overrule it. Its rules say what is wrong with the values once they are read; a broken rule is a
finding, and changes no value.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from paydraft.model.evidence import Finding, Frozen, Severity
from paydraft.model.hint import MAX_HINTS, Hint, HintKind, Pattern
from paydraft.model.invoice import Invoice, Party

AUTOMATIC = "auto"  # the template that asks for nothing; always there, never stored
MAX_LANGUAGES = 10
MAX_RULES = 200
MAX_UNREAD = 200
_MAX_NAME = 200
_MAX_MESSAGE = 300
_MAX_OWN = 100_000  # characters; an item holds 400 kB
_PARTIES = ("seller", "buyer")
_TABLES = ("line_items", "taxes")
_UNNAMED = frozenset({"document_type", "language", "evidence", "findings", "accounts", *_PARTIES})

FIELDS = frozenset(
    {*Invoice.model_fields} - _UNNAMED | {f"{party}.{name}" for party in _PARTIES for name in Party.model_fields}
)  # what hints and rules may be about: dotted paths of Invoice


def _known_field(path: str) -> str:
    if path not in FIELDS:
        raise ValueError("not a field of an invoice")
    return path


type FieldPath = Annotated[str, AfterValidator(_known_field)]
type FieldName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
type Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[a-z]{2,8})?$")]  # ISO 639-1, or Tesseract's


class RuleKind(StrEnum):
    """What a rule asks of a value; all but REQUIRED let an empty field pass."""

    REQUIRED = "required"
    NUMERIC = "numeric"
    DATE = "date"
    EMAIL = "email"
    CURRENCY = "currency"  # an ISO 4217 code, or an amount with no more decimals than the invoice's currency has
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    PATTERN = "pattern"  # of the whole value, dates as YYYY-MM-DD and amounts as 1234.56


class Rule(Frozen):
    """One thing that must be true of a field."""

    field: FieldPath
    kind: RuleKind
    length: int | None = Field(default=None, ge=0, le=10_000)  # of MIN_LENGTH and MAX_LENGTH
    pattern: Pattern | None = None  # of PATTERN
    message: Annotated[str, StringConstraints(max_length=_MAX_MESSAGE)] | None = None  # in the tenant's words
    severity: Severity = Severity.ERROR

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind in (RuleKind.MIN_LENGTH, RuleKind.MAX_LENGTH)) is (self.length is None):
            raise ValueError("a length belongs to a rule about length, and only to it")
        if (self.kind is RuleKind.PATTERN) is (self.pattern is None):
            raise ValueError("a pattern belongs to a rule about a pattern, and only to it")
        if self.field in _TABLES and self.kind is not RuleKind.REQUIRED:
            raise ValueError("of a table can only be asked that it is there")
        return self


class Advice(Frozen):
    """All that is known from elsewhere about one document when its values are read."""

    hints: tuple[Hint, ...] = Field(default=(), max_length=MAX_HINTS)
    least: float = Field(default=0.0, ge=0, le=1)  # confidence below which any field is to stay empty
    rules: tuple[Rule, ...] = Field(default=(), max_length=MAX_RULES)


class ReadingTemplate(Frozen):
    """What a tenant wrote down about a kind of document; each change makes the next `version`."""

    template_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{24}$")]
    version: int = Field(default=1, ge=1)
    name: Annotated[str, StringConstraints(min_length=1, max_length=_MAX_NAME)]
    hints: tuple[Hint, ...] = Field(default=(), max_length=MAX_HINTS)
    languages: tuple[Language, ...] = Field(default=(), max_length=MAX_LANGUAGES)  # the likeliest first; (): ours
    least: float = Field(default=0.0, ge=0, le=1)
    rules: tuple[Rule, ...] = Field(default=(), max_length=MAX_RULES)
    unread: tuple[FieldName, ...] = Field(default=(), max_length=MAX_UNREAD)  # names of its fields that we don't know
    own: Annotated[str, StringConstraints(max_length=_MAX_OWN)] = "{}"  # JSON: what its dialect says besides
    created_at: datetime
    updated_at: datetime

    @model_validator(mode="after")
    def _hints_are_its_own(self) -> Self:
        for hint in self.hints:
            _known_field(hint.field)
            if hint.kind is not HintKind.TEMPLATE:
                raise ValueError("a template's hints are of its own kind")
        return self

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of each of its documents, whatever is read there."""
        text = "The template names this field, and it is none that is read from documents. It was left out."
        return tuple(
            Finding(code="template_field_unknown", severity=Severity.INFO, message=text, field=name)
            for name in self.unread
        )

    @property
    def advice(self) -> Advice:
        """What it tells about each of its documents."""
        return Advice(hints=self.hints, least=self.least, rules=self.rules)
