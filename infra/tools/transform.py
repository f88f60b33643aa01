"""template.yaml as the plain CloudFormation that AWS makes of it: the real SAM transform, offline, the ASL inlined.

`sam validate --lint` sees neither cycles nor the ASL file; a lint of this output sees both.
usage: python -m infra.tools.transform > transformed.json
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform as sam_transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"


class _NoManagedPolicies:
    """Policies are named by their ARN here, so that nobody has to ask IAM for one."""

    def load(self) -> dict[str, str]:
        return {}


def source(template: Path = TEMPLATE) -> dict[str, Any]:
    """The template as written, intrinsics in their long form."""
    parsed: dict[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))
    return parsed


def transform(parameters: Mapping[str, str] | None = None, template: Path = TEMPLATE) -> dict[str, Any]:
    """The CloudFormation of `template`; code and images get placeholder addresses, parameters their defaults."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # the transform asks for the partition of some region
    fragment = source(template)
    for name, resource in fragment["Resources"].items():
        _replace_local_paths(name, resource, template.parent)
    transformed: dict[str, Any] = sam_transform(fragment, _typed(fragment, parameters or {}), _NoManagedPolicies())
    return transformed


def _typed(fragment: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Lists as lists: the transform puts parameters in place of their Ref, and CloudFormation hands it lists too."""
    values: dict[str, str | list[str]] = {}
    for name, declared in fragment["Parameters"].items():
        value = parameters.get(name, declared.get("Default"))
        values[name] = value.split(",") if declared["Type"] == "CommaDelimitedList" else value
    return values


def _replace_local_paths(name: str, resource: dict[str, Any], base: Path) -> None:
    properties = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::Serverless::Function" if properties.get("PackageType") == "Image":
            properties["ImageUri"] = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{name.lower()}:latest"
        case "AWS::Serverless::Function":
            properties["CodeUri"] = {"Bucket": "packaged", "Key": name}
        case "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = {"Bucket": "packaged", "Key": name}
        case "AWS::Serverless::StateMachine":
            properties["Definition"] = json.loads((base / properties.pop("DefinitionUri")).read_text(encoding="utf-8"))


if __name__ == "__main__":
    json.dump(transform(), sys.stdout, indent=1)
