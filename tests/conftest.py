"""Fixtures for every suite. No test can reach a real account: credentials are false wherever they are set."""

from collections.abc import Iterator

import pytest

from tests.moto_stack import CREDENTIALS, MotoStack, moto_stack


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
