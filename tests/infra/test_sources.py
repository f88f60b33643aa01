"""Rules of the source that no linter knows: who may read environment, clock and chance, and how long things get."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = sorted([*ROOT.glob("functions/**/*.py"), *ROOT.glob("layers/core/**/*.py")])
EVERY = sorted([*DEPLOYED, *ROOT.glob("infra/**/*.py")])

ENVIRONMENT = {"os.environ", "os.getenv"}
CLOCK_AND_CHANCE = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"),
    *("uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "os.urandom"),
    *("secrets.token_bytes", "secrets.token_hex", "secrets.token_urlsafe", "token_bytes"),
}
CHANCE_MODULES = {"random", "secrets"}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".removeprefix("datetime.datetime.").removeprefix("dt.")
    return node.id if isinstance(node, ast.Name) else ""


def _mentions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute | ast.Name):
            yield _dotted(node)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", DEPLOYED, ids=_name)
def test_only_the_settings_read_the_environment(path):
    if path.name == "settings.py":
        return
    assert not ENVIRONMENT & set(_mentions(path))


@pytest.mark.parametrize("path", DEPLOYED, ids=_name)
def test_time_ids_and_chance_come_in_as_arguments(path):
    if path.name == "handler.py":
        return
    mentioned = set(_mentions(path))
    assert not CLOCK_AND_CHANCE & mentioned
    assert not {module for module in mentioned if module.split(".")[0] in CHANCE_MODULES}


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_modules_and_functions_stay_short_enough_to_be_read(path):
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


def test_the_rules_would_notice(tmp_path):
    guilty = tmp_path / "guilty.py"
    guilty.write_text(
        "import os, random\nfrom datetime import datetime\nx = os.environ['A'], datetime.now(), random.random()\n"
    )
    mentioned = set(_mentions(guilty))
    assert {"os.environ", "datetime.now", "random"} <= mentioned
