"""What single dialects do otherwise than the others, put into their descriptions."""

from typing import Any

from pydantic import BaseModel

_REF = "#/components/schemas/{model}"


def by_api_key(made: dict[str, Any]) -> dict[str, Any]:
    """The same, for tokens in the header api-key, and for idempotency keys of POST alone."""
    for operations in made["paths"].values():
        for method, operation in operations.items():
            operation["security"] = [{"ApiKeyAuth": []}]
            if method != "post":
                kept = [one for one in operation["parameters"] if one["name"] != "Idempotency-Key"]
                operation["parameters"] = kept
    made["components"]["securitySchemes"] = {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "api-key"}}
    return made


def with_details(body: type[BaseModel], made: dict[str, Any]) -> dict[str, Any]:
    """The same, where 422 has a body of its own."""
    schema = body.model_json_schema(ref_template=_REF, mode="serialization")
    made["components"]["schemas"] |= schema.pop("$defs", {}) | {body.__name__: schema}
    shape = {"schema": {"$ref": _REF.format(model=body.__name__)}}
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"]["422"]["content"]["application/json"] |= shape
    return made
