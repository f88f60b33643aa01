"""Fixtures for every suite. No test can reach a real account: credentials are false wherever they are set."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.moto_stack import CREDENTIALS, MotoStack, moto_stack

# The same examples in every run, so that a green commit stays green; `make hunt` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("hunt", print_blob=True)
settings.load_profile(os.environ.get("PAYDRAFT_PROPERTIES", "same"))


@pytest.fixture(autouse=True)
def _no_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def aws() -> Iterator[MotoStack]:
    """The stack of template.yaml in moto, empty; the environment names it, so that handlers can be called."""
    with moto_stack() as stack:
        yield stack
