"""What is deployed here is template.yaml itself: only built things are replaced by folders."""

from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from infra.local.artifacts import folder_of, pointer
from infra.local.environments import IMAGE_REQUIREMENTS, LAMBDA_REQUIREMENTS, REPOSITORY
from infra.local.template import images, parameters, prepare

TEMPLATE = REPOSITORY / "template.yaml"
INSTALLED = {LAMBDA_REQUIREMENTS: Path("/packages/zip"), IMAGE_REQUIREMENTS: Path("/packages/image")}
REPLACED = {"CodeUri", "ContentUri", "ImageUri", "DefinitionUri", "Definition"}
REPLACED_IN_IMAGES = REPLACED | {"PackageType", "Runtime", "Handler", "ImageConfig", "Layers"}


@pytest.fixture(scope="module")
def written():
    return yaml_parse(TEMPLATE.read_text())["Resources"]


def prepared(*, as_images: bool = False):
    content, folders = prepare(TEMPLATE, as_images=as_images, installed=INSTALLED)
    return content["Resources"], folders


def folder(resource, folders, name="CodeUri"):
    return folders[resource["Properties"][name]["Key"]]


def test_every_resource_is_deployed_with_all_its_other_properties(written):
    resources, _ = prepared()
    assert set(resources) - set(written) == {"ImagePackages"}
    for logical_id, resource in written.items():
        properties = resource.get("Properties", {})
        replaced = REPLACED_IN_IMAGES if properties.get("PackageType") == "Image" else REPLACED
        kept = {name: value for name, value in properties.items() if name not in replaced}
        assert kept.items() <= resources[logical_id]["Properties"].items(), logical_id


def test_code_and_layers_are_the_folders_themselves():
    resources, folders = prepared()
    assert folder(resources["FinishJobFunction"], folders) == REPOSITORY / "functions"
    assert folder(resources["CoreLayer"], folders, "ContentUri") == REPOSITORY / "layers/core"
    assert folder(resources["DependenciesLayer"], folders, "ContentUri") == Path("/packages/zip/python")


def test_the_image_function_becomes_the_same_handler_over_the_same_packages():
    resources, folders = prepared()
    properties = resources["ExtractDocumentFunction"]["Properties"]
    assert properties["Handler"] == "extract_document.handler.lambda_handler"
    assert properties["Layers"] == [{"Ref": "ImagePackages"}, {"Ref": "CoreLayer"}]
    assert folder(resources["ExtractDocumentFunction"], folders) == REPOSITORY / "functions"
    assert folder(resources["ImagePackages"], folders, "ContentUri") == Path("/packages/image/python")


def test_with_docker_it_stays_an_image_under_the_name_sam_build_gives_it():
    resources, _ = prepared(as_images=True)
    assert resources["ExtractDocumentFunction"]["Properties"]["ImageUri"] == "extractdocumentfunction:latest"
    assert images(TEMPLATE) == ["extractdocumentfunction:latest"]


def test_the_state_machine_is_inlined_with_its_substitutions():
    properties = prepared()[0]["JobCompletion"]["Properties"]
    assert properties["Definition"]["StartAt"]
    assert "FinishJobFunctionArn" in properties["DefinitionSubstitutions"]


def test_parameters_come_from_samconfigs_local_table(tmp_path):
    template = {"Parameters": {"Stage": {}, "LogLevel": {}, "CorsOrigins": {}}}
    samconfig = tmp_path / "samconfig.toml"
    assert parameters(template, samconfig) == {"Stage": "local"}
    samconfig.write_text('[local.deploy.parameters]\nparameter_overrides = ["LogLevel=DEBUG", "Gone=1"]\n')
    assert parameters(template, samconfig) == {"Stage": "local", "LogLevel": "DEBUG"}
    samconfig.write_text("[local.deploy.parameters]\nparameter_overrides = 'CorsOrigins=\"http://a, http://b\"'\n")
    assert parameters(template, samconfig) == {"Stage": "local", "CorsOrigins": "http://a, http://b"}


def test_what_is_asked_for_outranks_samconfig_and_is_never_dropped(tmp_path):
    samconfig = tmp_path / "samconfig.toml"
    samconfig.write_text('[local.deploy.parameters]\nparameter_overrides = ["LogLevel=DEBUG"]\n')
    template = {"Parameters": {"LogLevel": {}}}
    asked = {"LogLevel": "WARN", "Mistyped": "1"}
    assert parameters(template, samconfig, asked) == {"LogLevel": "WARN", "Mistyped": "1"}


def test_a_pointer_names_its_folder_and_is_the_same_each_time(tmp_path):
    assert folder_of(pointer(tmp_path)) == tmp_path
    assert pointer(tmp_path) == pointer(tmp_path)
    assert len(pointer(tmp_path)) < 1000
