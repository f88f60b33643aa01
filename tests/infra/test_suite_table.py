"""tests/README.md names every suite and every shared module, and no other."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
README = (TESTS / "README.md").read_text(encoding="utf-8")


def test_the_table_of_suites_has_a_row_for_each_folder():
    rows = set(re.findall(r"^\| \[`(\w+)`\]", README, re.MULTILINE))

    assert rows == {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_every_shared_module_is_described():
    modules = {path.name for path in TESTS.glob("*.py")} - {"__init__.py", "conftest.py"}

    assert modules == set(re.findall(r"`(\w+\.py)`", README)) - {"conftest.py"}
