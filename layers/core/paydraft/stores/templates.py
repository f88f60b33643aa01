"""A tenant's templates: TPL#<24 hex> in JobsTable. A change names the version it saw, so that none is lost.

DEFAULT#template names the one that stands for "auto". It may name one that is gone: then none does.
"""

import json
from collections.abc import Iterator, Sequence

from paydraft.model.template import AUTOMATIC, ReadingTemplate
from paydraft.model.template_errors import TemplateChangedError
from paydraft.stores.items import Item, item_of, plain
from paydraft.stores.table import ABSENT, ConditionFailedError, Put, Remove, Table, Write, put_together

_AS_SEEN = "attribute_not_exists(#sk) OR #version = :version"
_ALWAYS = "attribute_exists(#sk) OR attribute_not_exists(#sk)"
_IS_OURS = "attribute_not_exists(#sk) OR #template_id = :template_id"
_DEFAULT = "DEFAULT#template"
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

    def default_id(self, tenant_id: str) -> str | None:
        """The id of the template that stands for "auto"; it may be gone."""
        item = self._table.get(tenant_id=tenant_id, sk=_DEFAULT)
        return plain(item["template_id"]) if item else None

    def meant(self, tenant_id: str, template_id: str | None) -> ReadingTemplate | None:
        """The template that a job names: "auto", like none, is the tenant's default, if it has one."""
        wanted = template_id if template_id not in (None, AUTOMATIC) else self.default_id(tenant_id)
        return self.get(tenant_id, wanted) if wanted else None

    def put(
        self, tenant_id: str, template: ReadingTemplate, *, default: bool | None = None, others: Sequence[Write] = ()
    ) -> None:
        """Write version 1 of a new template, or the version that follows the stored one; others with it or not at all.

        `default`: whether it stands for "auto" from now on; None leaves that as it is. The same version again, word
        for word, is success. Raises TemplateChangedError if another one stands there, or another was refused.
        """
        item = _item(tenant_id, template)
        seen = template.version - 1
        own = Put(self._table.name, item, "#version = :seen" if seen else ABSENT, (("seen", seen),))
        try:
            put_together([own, *others, *self._defaulting(tenant_id, template.template_id, default)])
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

    def _defaulting(self, tenant_id: str, template_id: str, default: bool | None) -> Sequence[Write]:
        key = {"tenant_id": tenant_id, "sk": _DEFAULT}
        if default:
            return [Put(self._table.name, item_of(key | {"template_id": template_id}), _ALWAYS)]
        if default is None or self.default_id(tenant_id) != template_id:
            return []
        return [Remove(self._table.name, tuple(key.items()), _IS_OURS, (("template_id", template_id),))]


def _item(tenant_id: str, template: ReadingTemplate) -> Item:
    texts = {name: json.dumps(part) for name, part in template.model_dump(mode="json", include=set(_JSON)).items()}
    return item_of({"tenant_id": tenant_id, "sk": f"TPL#{template.template_id}"} | dict(template) | texts)


def _read(item: Item) -> ReadingTemplate:
    values = {name: plain(value) for name, value in item.items()}
    return ReadingTemplate.model_validate(values | {name: json.loads(values[name]) for name in _JSON}, extra="ignore")
