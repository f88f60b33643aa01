"""The environments under .tools are made once, and found again by what they were made from."""

import shutil
import subprocess

from infra.local import environments


def test_the_runtime_offers_what_aws_offers_in_the_locked_versions_and_nothing_else():
    script = "import awslambdaric, boto3, importlib.util as u; print(boto3.__version__, u.find_spec('pydantic'))"
    told = subprocess.run(
        [environments.runtime_python(), "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert f"boto3=={told[0]}" in environments.IMAGE_REQUIREMENTS.read_text()
    assert told[1] == "None"


def test_a_layer_holds_its_compiled_packages_where_lambda_looks_for_them():
    folder = environments.layer(environments.LAMBDA_REQUIREMENTS)
    assert (folder / "python/pydantic/__init__.py").exists()
    assert list((folder / "python/pydantic/__pycache__").glob("*.pyc"))
    assert folder == environments.layer(environments.LAMBDA_REQUIREMENTS)


def test_what_is_there_is_used_without_any_tool(monkeypatch):
    made = [environments.ministack_python(), environments.runtime_python()]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert made == [environments.ministack_python(), environments.runtime_python()]


def test_ministack_is_the_version_the_corrections_are_written_for():
    command = ["-c", "from importlib.metadata import version; print(version('ministack'))"]
    told = subprocess.run([environments.ministack_python(), *command], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1.5.33"
