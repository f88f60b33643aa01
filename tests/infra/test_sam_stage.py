"""The stage that needs a container engine, where there is none: one line, and no failure."""

import os

import pytest

from infra.tools import sam_stage
from infra.tools.container_engine import NoEngineError, engine


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    """A machine on which no engine answers; gives the folder of its programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    for name in ("apt-get", "dockerd", "debootstrap", "iptables"):
        program(tmp_path / name, "exit 1")
    return tmp_path


def program(path, *lines):
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o755)


def test_without_an_engine_and_without_root_the_stage_is_skipped_in_one_line(no_engine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert sam_stage.main() == 0
    assert capsys.readouterr().out == "[sam] skipped: no container engine answers, and only root can start one\n"


def test_where_an_engine_can_not_start_the_line_says_why(no_engine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(no_engine / "dockerd", "echo starting up", "echo 'overlay is not supported' >&2", "exit 1")
    with pytest.raises(NoEngineError, match=r"^a container engine can't start here: overlay is not supported$"):
        engine(no_engine / "data").__enter__()


def test_where_an_engine_can_not_be_installed_the_line_says_why(no_engine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (no_engine / "dockerd").unlink()
    program(no_engine / "apt-get", "echo 'E: Unable to locate package docker.io' >&2", "exit 100")
    with pytest.raises(NoEngineError, match=r"^apt-get can.t install docker\.io: E: Unable to locate"):
        engine(no_engine / "data").__enter__()
    assert capsys.readouterr().out == "[engine] installing Debian packages: docker.io\n"
