"""A stack of one of each thing (tiny/template.yaml), and what talks to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.serve import start, wait_until_served

TINY = Path(__file__).with_name("tiny") / "template.yaml"


@dataclass
class Tiny:
    """A stack that can be killed and started again on the same state."""

    state_dir: Path
    template: Path = TINY

    def start(self) -> None:
        """Returns when it answers."""
        self.process = start(self.state_dir, template=self.template)
        self.served: dict[str, Any] = wait_until_served(self.state_dir, self.process)
        self.outputs: dict[str, str] = self.served["outputs"]
        self.__dict__.pop("_clients", None)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(30)

    def restart_killed(self) -> None:
        """What a power cut and a new start do."""
        self.kill()
        self.start()

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    def client(self, service: str) -> Any:
        """boto3's, of this stack."""
        if service not in self._clients:
            session = boto3.Session("local", "local", region_name=self.served["region"])
            self._clients[service] = session.client(service, endpoint_url=self.served["aws_endpoint"])
        return self._clients[service]


def _tiny(state_dir: Path) -> Iterator[Tiny]:
    stack = Tiny(state_dir)
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """One for all tests of a module."""
    yield from _tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def own_tiny(tmp_path: Path) -> Iterator[Tiny]:
    """One for this test."""
    yield from _tiny(tmp_path / "state")


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Asks again until the answer is truthy, and gives it back."""
    import time

    def ask(question: Callable[[], Any], within: float = 30) -> Any:
        end = time.monotonic() + within
        while not (answer := question()):
            assert time.monotonic() < end, "it never became true"
            time.sleep(0.05)
        return answer

    return ask
