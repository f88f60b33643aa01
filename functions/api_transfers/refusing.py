"""How a wrong value in a body is told: by its place, and never with what was sent."""

from typing import NoReturn

from paydraft.model.request_errors import InvalidFieldsError


def refuse(field: str, message: str) -> NoReturn:
    """Raises InvalidFieldsError that names the field ("source.cp_account_id")."""
    found = {"loc": ["body", *field.split(".")], "msg": message, "type": "value_error"}
    raise InvalidFieldsError(field, details={"fields": [found]})
