"""The two headers that every request of this dialect may bring."""

import re
from datetime import date

from api_ocr_tasks.errors import EntityNotFoundError, wrong
from paydraft.model.credential import Credential
from paydraft.model.ids import uuid_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def require_version(text: str | None) -> None:
    """Raises InvalidFieldsError unless x-monite-version is a date. Any will do: there is one version of the answers."""
    if text is None:
        raise wrong("header", "x-monite-version", "field required", "value_error.missing")
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text)
            return
    except ValueError:
        pass
    raise wrong("header", "x-monite-version", "must be a date: YYYY-MM-DD", "value_error.date")


def entity_of(text: str | None, credential: Credential) -> str | None:
    """The entity for which is asked, None for all; raises EntityNotFoundError if it is not one of the token's."""
    if text is None:
        return None
    entity = uuid_of(text.strip())
    if entity is None:
        raise wrong("header", "x-monite-entity-id", "must be a UUID", "type_error.uuid")
    if str(entity) not in {str(one).lower() for one in credential.entities}:
        raise EntityNotFoundError
    return str(entity)
