"""template.yaml, made ready for this machine: the same resources, with folders for built code and ASL inlined.

The image function becomes the same handler in a process, unless images are wanted; nothing else is changed.
"""

import json
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

type Json = dict[str, Any]
type Prepared = tuple[Json, dict[str, Path]]

_IMAGE_PACKAGES = "ImagePackages"
_CORE = "CoreLayer"


def prepare(template: Path, *, as_images: bool, installed: dict[Path, Path]) -> Prepared:
    """The template as data, and the folders its artefacts point to by S3 key.

    `installed` maps requirements files to the folders their packages lie in; `as_images` keeps image functions images.
    """
    content, folders = yaml_parse(template.read_text()), _Folders(template.parent, installed)
    resources: Json = content["Resources"]
    for logical_id, resource in list(resources.items()):
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = folders.uri(properties["ContentUri"])
                resource.pop("Metadata", None)
            case "AWS::Serverless::Function" if properties.get("PackageType") == "Image":
                metadata = resource.pop("Metadata")
                if as_images:
                    properties["ImageUri"] = image_name(logical_id, metadata)
                else:
                    _run_as_process(properties, resources, metadata, folders)
            case "AWS::Serverless::Function":
                properties["CodeUri"] = folders.uri(properties["CodeUri"])
            case "AWS::Serverless::StateMachine" if "DefinitionUri" in properties:
                definition = template.parent / properties.pop("DefinitionUri")
                properties["Definition"] = json.loads(definition.read_text())
    return content, folders.by_key


def images(template: Path) -> list[str]:
    """What `sam build` calls the images of the template's functions."""
    resources: Json = yaml_parse(template.read_text())["Resources"]
    return [
        image_name(logical_id, resource.get("Metadata", {}))
        for logical_id, resource in resources.items()
        if resource.get("Properties", {}).get("PackageType") == "Image"
    ]


def image_name(logical_id: str, metadata: Json) -> str:
    """What `sam build` calls the image of a function."""
    return f"{logical_id.lower()}:{metadata.get('DockerTag', 'latest')}"


def parameters(template: Json, samconfig: Path, asked: Mapping[str, str] | None = None) -> dict[str, str]:
    """`parameter_overrides` of samconfig's `local` table, and Stage=local, as far as the template knows them.

    What is `asked` for outranks them, and is handed over even if the template does not know it.
    """
    tables: Json = tomllib.loads(samconfig.read_text()) if samconfig.exists() else {}
    try:
        overrides = tables["local"]["deploy"]["parameters"]["parameter_overrides"]
    except KeyError:
        overrides = []
    words = shlex.split(overrides) if isinstance(overrides, str) else overrides
    given = {"Stage": "local"} | dict(word.split("=", 1) for word in words)
    known = {name: value for name, value in given.items() if name in template.get("Parameters", {})}
    return known | dict(asked or {})


class _Folders:
    """Gives each folder an S3 key that names it."""

    def __init__(self, root: Path, installed: dict[Path, Path]) -> None:
        self._root, self._installed = root, installed
        self.by_key: dict[str, Path] = {}

    def uri(self, path: str) -> Json:
        folder = (self._root / path).resolve()
        requirements = folder / "requirements.txt"
        if requirements in self._installed:
            folder = self._installed[requirements] / "python"
        key = str(folder).lstrip("/").replace("/", "_")
        self.by_key[key] = folder
        return {"Bucket": ARTIFACTS_BUCKET, "Key": key}


ARTIFACTS_BUCKET = "paydraft-local-artifacts"


def _run_as_process(function: Json, resources: Json, metadata: Json, folders: _Folders) -> None:
    """What the Dockerfile puts together: the functions' code, its requirements, the core."""
    packages = {"ContentUri": folders.uri(str(Path(metadata["Dockerfile"]).parent))}
    resources[_IMAGE_PACKAGES] = {"Type": "AWS::Serverless::LayerVersion", "Properties": packages}
    layers = [{"Ref": _IMAGE_PACKAGES}] + ([{"Ref": _CORE}] if _CORE in resources else [])
    handler = function.pop("ImageConfig")["Command"][0]
    function |= {
        "PackageType": "Zip",
        "Runtime": "python3.13",
        "Handler": handler,
        "Layers": layers,
        "CodeUri": folders.uri("functions"),
    }
