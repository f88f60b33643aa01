"""What is shipped is what was locked, built for where it runs, and nothing else."""

import re
import subprocess
import tomllib

import pytest

from infra.tools.exports import EXPORTS, export
from infra.tools.transform import ROOT
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.runtime.settings import ExtractSettings
from tests.infra.translated import of_type, written

DOCKERFILE = (ROOT / "layers/tesseract/Dockerfile").read_text()
VERSION = (ROOT / ".python-version").read_text().strip()
SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text())


@pytest.mark.parametrize("group", EXPORTS)
def test_a_requirements_file_is_the_export_of_the_lock(group):
    """After a change of dependencies: make exports."""
    assert (ROOT / EXPORTS[group]).read_text() == export(group)


@pytest.mark.parametrize(
    "file", [*EXPORTS.values(), "infra/tools/sam.lock.txt", "infra/tools/schemathesis.lock.txt"], ids=str
)
def test_everything_that_is_installed_has_a_version_and_a_hash(file):
    lines = (ROOT / file).read_text().replace("\\\n", " ").splitlines()
    requirements = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert requirements
    for line in requirements:
        assert re.match(r"[\w.-]+(\[[\w,-]+])?==\S+", line), line
        assert "--hash=sha256:" in line, line


def test_the_image_is_of_the_python_and_debian_we_test_with():
    assert re.findall(r"^FROM (.*)$", DOCKERFILE, re.MULTILINE) == [
        f"public.ecr.aws/docker/library/python:{VERSION}-slim-trixie"
    ]


def test_the_layers_are_compiled_by_the_python_that_runs_them():
    for layer in ("core", "dependencies"):
        makefile = (ROOT / f"layers/{layer}/Makefile").read_text()
        assert f"python{VERSION} -m compileall -q --invalidation-mode unchecked-hash" in makefile
        assert re.findall(r"python\d[\d.]*\d", makefile) == [f"python{VERSION}"] * makefile.count("python3")


def test_the_layers_are_named_as_the_template_builds_them():
    for name, layer in of_type("AWS::Serverless::LayerVersion", written()).items():
        assert written()["Resources"][name]["Metadata"] == {"BuildMethod": "makefile"}
        assert f"build-{name}:" in (ROOT / layer["ContentUri"] / "Makefile").read_text()


def installed_languages() -> list[str]:
    [installed] = re.findall(r'^ARG LANGUAGES="(.*)"$', DOCKERFILE, re.MULTILINE)
    return installed.split()


def test_the_image_has_the_data_of_every_language_with_labels():
    """After adding a file of labels: its `ocr` is one word more in the Dockerfile."""
    assert sorted(installed_languages()) == sorted({*vocabulary().ocr_packs.values(), "osd"})


def test_a_checkout_installs_the_languages_of_the_image():
    bootstrap = (ROOT / "infra/tools/bootstrap.sh").read_text()
    [command] = re.findall(r"^LANGUAGES=\$\((.*)\)", bootstrap, re.MULTILINE)
    told = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.split() == installed_languages()


def test_the_languages_of_every_page_are_among_those_installed():
    function = of_type("AWS::Serverless::Function", written())["ExtractDocumentFunction"]
    read = function["Environment"]["Variables"]["OCR_LANGUAGES"]
    assert set(read.split("+")) <= set(installed_languages())
    assert read == ExtractSettings.model_fields["ocr_languages"].default


def test_tesseract_uses_one_thread():
    assert "OMP_THREAD_LIMIT=1" in DOCKERFILE


def test_the_dockerfile_needs_no_registry_but_for_its_base_and_no_buildkit():
    assert "# syntax" not in DOCKERFILE
    assert "--mount" not in DOCKERFILE


def test_nothing_enters_the_image_but_what_is_named():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule for rule in rules[1:] if rule.startswith("!")} == {
        "!layers/core/paydraft",
        "!layers/tesseract/requirements.txt",
        "!functions/extract_document",
    }
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    assert {f"!{path}" for path in copied} == {rule for rule in rules if rule.startswith("!")}


def test_no_environment_is_deployed_by_accident():
    assert SAMCONFIG.keys() == {"version", "local", "dev", "prod"}


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_an_environment_deploys_its_own_stage(stage):
    parameters = SAMCONFIG[stage]["deploy"]["parameters"]
    given = dict(word.split("=", 1) for word in parameters["parameter_overrides"])
    assert given["Stage"] == stage
    assert given.keys() <= written()["Parameters"].keys()


def test_a_person_confirms_what_changes_in_prod():
    assert SAMCONFIG["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
    assert SAMCONFIG["prod"]["build"]["parameters"]["cached"] is False


def test_no_account_and_no_secret_stands_in_samconfig():
    text = (ROOT / "samconfig.toml").read_text()
    assert not re.search(r"\d{12}|AKIA|arn:aws|secret\w*\s*=|password|profile\s*=", text)
