"""template.yaml as the tests of this suite look at it: as written, and as AWS's transform makes it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from infra.tools.transform import ROOT, source, transform

Json = dict[str, Any]


@cache
def written() -> Json:
    """The template as written, intrinsics in their long form."""
    return source()


@cache
def translated() -> Json:
    """Plain CloudFormation, the state machine inlined."""
    return transform()


def of_type(kind: str, template: Json | None = None) -> Json:
    """The properties of all resources of a type, by logical id."""
    resources = (template or translated())["Resources"]
    return {name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind}


def folder_of(function: str) -> str:
    """ApiInvoicesV2Function → api_invoices_v2."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", function.removesuffix("Function"))
    return name.lower()


def named_in(value: Any) -> Iterator[str]:
    """Every logical id, parameter and pseudo parameter that a value points to by Ref, GetAtt, Sub, If or DependsOn."""
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(name)}:
            yield name.split(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from (name.split(".")[0] for name in re.findall(r"\$\{([^!][^}]*)}", text))
        case {"Fn::Sub": [str(text), dict(values)]}:
            names = (name.split(".")[0] for name in re.findall(r"\$\{([^!][^}]*)}", text))
            yield from (name for name in names if name not in values)
            yield from named_in(values)
        case dict():
            for part in value.values():
                yield from named_in(part)
        case list():
            for part in value:
                yield from named_in(part)


def state_machine() -> Json:
    """The state machine's definition."""
    definition: Json = json.loads((ROOT / "infra/statemachines/job_completion.asl.json").read_text())
    return definition
