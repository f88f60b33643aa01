"""Templates: listed, written, read, replaced, deleted. Whoever writes last is right: a PUT says all there is."""

import json
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_ocr_jobs import neighbour_operations as operations
from api_ocr_jobs.group_wire import moment
from api_ocr_jobs.neighbours import (
    TRIES,
    Asked,
    created,
    listed,
    moment_field,
    one_text,
    switch_field,
    text_field,
)
from api_ocr_jobs.schemas import Deleted
from api_ocr_jobs.template_reading import own_text, reading_template
from api_ocr_jobs.template_schemas import ExtractionRules, Postprocessing, TemplateInput
from paydraft.model.errors import TransientError
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.model.template import AUTOMATIC, ReadingTemplate
from paydraft.model.template_errors import TemplateChangedError, TemplateFixedError, TemplateNotFoundError
from paydraft.runtime.http import json_response
from paydraft.runtime.json_body import parse, to_json
from paydraft.stores.table import Put
from paydraft.stores.templates import TemplateStore

PATH = "/ocr-invoice-job-template"
DELETED = "OCR invoice job template deleted successfully"
FIELDS = {
    **{name: text_field(name) for name in ("_id", "name", "ocrEngine", "documentType", "createdBy", "lastModifiedBy")},
    **{name: switch_field(name) for name in ("isActive", "isDefault")},
    **{name: moment_field(name) for name in ("createdAt", "updatedAt")},
}
_AUTO = TemplateInput(
    name="auto",
    ocrEngine="tesseract",
    documentType="invoice",
    extractionRules=ExtractionRules(),
    postprocessingSettings=Postprocessing(confidenceThreshold=0),
)


def list_templates(asked: Asked) -> Response[str]:
    """A page of the tenant's templates."""
    store, tenant_id = asked.stores.templates, asked.caller.tenant_id
    default = store.default_id(tenant_id)
    rows = (shown(one, default) for one in store.list(tenant_id))
    return json_response(HTTPStatus.OK, listed(rows, asked.parameters, FIELDS, "name"))


def create_template(asked: Asked) -> Response[str]:
    """Write a template down."""
    body = asked.body()
    sent = parse(TemplateInput, body)
    made = reading_template(sent, asked.new_id, version=1, created_at=asked.caller.now, now=asked.caller.now)

    def write(others: list[Put]) -> None:
        asked.stores.templates.put(asked.caller.tenant_id, made, default=sent.is_default, others=others)

    return created(asked, body, PATH, write, one_text(shown(made, made.template_id if sent.is_default else None)))


def read_template(asked: Asked) -> Response[str]:
    """One template."""
    default = asked.stores.templates.default_id(asked.caller.tenant_id)
    if asked.about == AUTOMATIC:
        return json_response(HTTPStatus.OK, one_text(_auto(default)))
    return json_response(HTTPStatus.OK, one_text(shown(_found(asked), default)))


def replace_template(asked: Asked) -> Response[str]:
    """Write a template anew."""
    _require_free(asked)
    before = _found(asked)
    sent = parse(TemplateInput, asked.body())
    for _ in range(TRIES):
        after = reading_template(
            sent, asked.about, version=before.version + 1, created_at=before.created_at, now=asked.caller.now
        )
        try:
            asked.stores.templates.put(asked.caller.tenant_id, after, default=sent.is_default)
        except TemplateChangedError:
            before = _found(asked)
            continue
        return json_response(HTTPStatus.OK, one_text(shown(after, after.template_id if sent.is_default else None)))
    raise TransientError("a template kept changing")


def delete_template(asked: Asked) -> Response[str]:
    """Take a template away."""
    _require_free(asked)
    for _ in range(TRIES):
        before = _found(asked)
        try:
            asked.stores.templates.delete(asked.caller.tenant_id, before.template_id, version=before.version)
        except TemplateChangedError:
            continue
        return json_response(HTTPStatus.OK, to_json(Deleted(success=True, message=DELETED)))
    raise TransientError("a template kept changing")


def require_usable(tenant_id: str, template_id: str, templates: TemplateStore, *, name: str = "template") -> str:
    """The id, if a new job or group may name it; raises InvalidFieldsError that names the field."""
    if template_id == AUTOMATIC:
        return template_id
    found = templates.get(tenant_id, template_id)
    if found is not None and json.loads(found.own).get("isActive", True):
        return template_id
    why = "the template is not active" if found else "there is no such template"
    raise InvalidFieldsError(details={"fields": [{"loc": ["body", name], "msg": why, "type": "value_error"}]})


def shown(one: ReadingTemplate, default: str | None) -> dict[str, Any]:
    """The template as it is answered: as it was written, with whether it stands for `auto` by now."""
    return {
        "_id": one.template_id,
        **json.loads(one.own),
        "isDefault": one.template_id == default,
        "createdAt": moment(one.created_at),
        "updatedAt": moment(one.updated_at),
    }


def _auto(default: str | None) -> dict[str, Any]:
    return {"_id": AUTOMATIC, **json.loads(own_text(_AUTO, set())), "isDefault": default is None}


def _found(asked: Asked) -> ReadingTemplate:
    found = asked.stores.templates.get(asked.caller.tenant_id, asked.about)
    if found is None:
        raise TemplateNotFoundError
    return found


def _require_free(asked: Asked) -> None:
    if asked.about == AUTOMATIC:
        raise TemplateFixedError


ROUTES = (
    (operations.LIST_TEMPLATES, list_templates),
    (operations.CREATE_TEMPLATE, create_template),
    (operations.READ_TEMPLATE, read_template),
    (operations.REPLACE_TEMPLATE, replace_template),
    (operations.DELETE_TEMPLATE, delete_template),
)
