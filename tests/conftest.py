"""Fixtures for every suite. No test can reach a real account: credentials are false wherever they are set."""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.moto_stack import CREDENTIALS, MotoStack, moto_stack

# The same examples in every run, so that a green commit stays green; `make hunt` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("hunt", print_blob=True)
_COUNTED = "counted"
settings.load_profile(os.environ.get("PAYDRAFT_PROPERTIES", "same"))


@pytest.fixture(autouse=True)
def _no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a line with a count; all of them stand below the run's result, for whoever wants to see the figures."""
    return lambda line: record_property(_COUNTED, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("passed", [])
    lines = [line for one in reports if one.when == "call" for name, line in one.user_properties if name == _COUNTED]
    if lines:
        terminalreporter.section("counted", sep="-")
        for line in sorted(lines):
            terminalreporter.write_line(line)


@pytest.fixture
def aws() -> Iterator[MotoStack]:
    """The stack of template.yaml in moto, empty; the environment names it, so that handlers can be called."""
    with moto_stack() as stack:
        yield stack
