"""From a template on the wire to what steers reading: hints, languages, the least confidence, rules. Pure."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NoReturn

from pydantic import BaseModel

from api_ocr_jobs.field_names import path_of
from api_ocr_jobs.template_schemas import Coordinates, TemplateField, TemplateInput
from paydraft.model.hint import Hint, HintKind, Zone
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.model.template import MAX_RULES, ReadingTemplate, Rule, RuleKind

MAX_OWN = 50_000  # characters of JSON
_OURS = {"id", "accuracy", "created_at", "updated_at"}
_A4 = (8.27, 11.69)  # inches
_ROUNDING = 0.02  # of a page: a rectangle drawn to the very edge may stand over by so much
_TABLES = ("line_items", "taxes")
_OF_TESSERACT = 3  # letters; ISO 639-1 has two
_OF_TYPES = {"number": RuleKind.NUMERIC, "date": RuleKind.DATE, "currency": RuleKind.CURRENCY}
_OF_FORMATS = {
    "date": RuleKind.DATE,
    "yyyy-mm-dd": RuleKind.DATE,
    "email": RuleKind.EMAIL,
    "number": RuleKind.NUMERIC,
    "numeric": RuleKind.NUMERIC,
    "decimal": RuleKind.NUMERIC,
    "currency": RuleKind.CURRENCY,
}
# A pattern is about what is printed; of a date or an amount the value is written in another way.
_NOT_AS_PRINTED = frozenset(
    {"issue_date", "due_date", "delivery_date", "subtotal", "discount", "shipping", "rounding"}
    | {"tax", "tax_rate", "total", "amount_paid", "amount_due", *_TABLES}
)


def reading_template(
    sent: TemplateInput, template_id: str, *, version: int, created_at: datetime, now: datetime
) -> ReadingTemplate:
    """The template as it is stored; raises InvalidFieldsError for a rectangle off the page, and for too much of all."""
    rules = tuple(dict.fromkeys(_rules(sent)))
    if len(rules) > MAX_RULES:
        _refuse(("extractionRules", "fields"), f"more than {MAX_RULES} rules in all")
    return ReadingTemplate(
        template_id=template_id,
        version=version,
        name=sent.name,
        hints=tuple(_hints(sent)),
        languages=tuple(dict.fromkeys(_language(one) for one in sent.languages or ())),
        least=sent.postprocessing_settings.confidence_threshold,
        rules=rules,
        unread=tuple(_unread(sent)),
        own=own_text(sent, _OURS),
        created_at=created_at,
        updated_at=now,
    )


def own_text(sent: BaseModel, ours: set[str]) -> str:
    """What a client said, to be repeated, without what is ours to say; raises InvalidFieldsError for too much of it."""
    own = sent.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=ours)
    text = json.dumps(own, separators=(",", ":"))
    if len(text) > MAX_OWN:
        _refuse((), f"more than {MAX_OWN} characters of JSON")
    return text


def _hints(sent: TemplateInput) -> Iterator[Hint]:
    for number, field in enumerate(sent.extraction_rules.fields):
        path = path_of(field.name)
        zone = _zone(field.coordinates, sent.preprocessing_settings.resolution_dpi, number)
        labels = tuple(label for label in field.labels or () if label.strip())
        if path and path not in _TABLES and (zone or labels or field.pattern):
            yield Hint(kind=HintKind.TEMPLATE, field=path, zone=zone, labels=labels, pattern=field.pattern)


def _zone(place: Coordinates | None, dpi: int, number: int) -> Zone | None:
    if place is None:
        return None
    numbers = (place.x, place.y, place.width, place.height)
    width, height = (1.0, 1.0) if max(numbers) <= 1 else (_A4[0] * dpi, _A4[1] * dpi)
    ends = (place.x / width, place.y / height, (place.x + place.width) / width, (place.y + place.height) / height)
    if max(ends) > 1 + _ROUNDING or not place.width or not place.height:
        _refuse(("extractionRules", "fields", number, "coordinates"), "the rectangle is empty or not on the page")
    x0, y0, x1, y1 = (min(round(end, 4), 1.0) for end in ends)
    return Zone(x0=x0, y0=y0, x1=x1, y1=y1)


def _rules(sent: TemplateInput) -> Iterator[Rule]:
    for field in sent.extraction_rules.fields:
        path = path_of(field.name)
        if path:
            yield from _rules_of(field, path)
    for rule in sent.postprocessing_settings.validation_rules:
        path, kind = path_of(rule.field), RuleKind(rule.rule)
        if path and (kind is RuleKind.REQUIRED or path not in _TABLES):
            yield Rule(field=path, kind=kind, message=rule.message or None)


def _rules_of(field: TemplateField, path: str) -> Iterator[Rule]:
    if field.required:
        yield Rule(field=path, kind=RuleKind.REQUIRED)
    if path in _TABLES:
        return
    if field.type in _OF_TYPES:
        yield Rule(field=path, kind=_OF_TYPES[field.type])
    if field.pattern and path not in _NOT_AS_PRINTED:
        yield Rule(field=path, kind=RuleKind.PATTERN, pattern=field.pattern)
    told = field.validation
    if told and told.min_length is not None:
        yield Rule(field=path, kind=RuleKind.MIN_LENGTH, length=told.min_length)
    if told and told.max_length is not None:
        yield Rule(field=path, kind=RuleKind.MAX_LENGTH, length=told.max_length)
    if told and told.format and told.format.casefold() in _OF_FORMATS:
        yield Rule(field=path, kind=_OF_FORMATS[told.format.casefold()])


def _unread(sent: TemplateInput) -> Iterable[str]:
    rules = sent.postprocessing_settings.validation_rules
    names = [*(field.name for field in sent.extraction_rules.fields), *(rule.field for rule in rules)]
    return dict.fromkeys(name for name in names if path_of(name) is None)


def _language(code: str) -> str:
    """`de-DE` as `de`: a region has no reading of its own. Tesseract's names of scripts (`chi_sim`) stay."""
    head, *rest = code.lower().replace("-", "_").split("_")
    return f"{head}_{rest[0]}" if len(head) == _OF_TESSERACT and rest and rest[0].isalpha() else head


def _refuse(place: tuple[str | int, ...], why: str) -> NoReturn:
    raise InvalidFieldsError(details={"fields": [{"loc": ["body", *place], "msg": why, "type": "value_error"}]})
