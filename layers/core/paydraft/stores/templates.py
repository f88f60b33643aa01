"""A tenant's templates: TPL#<24 hex> in JobsTable. A change names the version it saw, so that none is lost."""

import json
from collections.abc import Iterator

from paydraft.model.template import ReadingTemplate
from paydraft.model.template_errors import TemplateChangedError
from paydraft.stores.items import Item, item_of, plain
from paydraft.stores.table import ABSENT, ConditionFailedError, Remove, Table, put_together

_AS_SEEN = "attribute_not_exists(#sk) OR #version = :version"
_JSON = ("hints", "rules")  # kept as text: nested values with fractions, never asked for by a condition


class TemplateStore:
    """Templates by tenant and id."""

    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, tenant_id: str, template_id: str) -> ReadingTemplate | None:
        """The template as last written."""
        item = self._table.get(tenant_id=tenant_id, sk=f"TPL#{template_id}")
        return _read(item) if item else None

    def list(self, tenant_id: str) -> Iterator[ReadingTemplate]:
        """All of the tenant's templates, by id."""
        items = self._table.query(
            "#tenant_id = :tenant_id AND begins_with(#sk, :prefix)", tenant_id=tenant_id, prefix="TPL#"
        )
        return (_read(item) for item in items)

    def put(self, tenant_id: str, template: ReadingTemplate) -> None:
        """Write version 1 of a new template, or the version that follows the stored one.

        The same version again, word for word, is success. Raises TemplateChangedError if another one stands there.
        """
        item = _item(tenant_id, template)
        seen = template.version - 1
        condition = "#version = :seen" if seen else ABSENT
        try:
            self._table.put(item, condition=condition, seen=seen)
        except ConditionFailedError as refused:
            if refused.standing[0] != item:
                raise TemplateChangedError(f"template {template.template_id}") from refused

    def delete(self, tenant_id: str, template_id: str, *, version: int) -> None:
        """Take the template away as it was seen; one that is gone is success. Raises TemplateChangedError."""
        key = {"tenant_id": tenant_id, "sk": f"TPL#{template_id}"}
        try:
            put_together([Remove(self._table.name, tuple(key.items()), _AS_SEEN, (("version", version),))])
        except ConditionFailedError as refused:
            raise TemplateChangedError(f"template {template_id}") from refused


def _item(tenant_id: str, template: ReadingTemplate) -> Item:
    texts = {name: json.dumps(part) for name, part in template.model_dump(mode="json", include=set(_JSON)).items()}
    return item_of({"tenant_id": tenant_id, "sk": f"TPL#{template.template_id}"} | dict(template) | texts)


def _read(item: Item) -> ReadingTemplate:
    values = {name: plain(value) for name, value in item.items()}
    return ReadingTemplate.model_validate(values | {name: json.loads(values[name]) for name in _JSON}, extra="ignore")
