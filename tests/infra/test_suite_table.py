"""tests/README.md has a row for every suite, and names no module that is gone."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
README = (TESTS / "README.md").read_text(encoding="utf-8")


def test_the_table_of_suites_has_a_row_for_each_folder():
    rows = set(re.findall(r"^\| \[`(\w+)`\]", README, re.MULTILINE))

    assert rows == {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_every_shared_module_that_is_named_exists():
    assert all((TESTS / name).exists() for name in re.findall(r"`(\w+\.py)`", README))
