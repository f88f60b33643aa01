"""MiniStack alone, as a child process: the second opinion for tests of the stores (moto is the first)."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from infra.local.environments import ministack_python
from paydraft.stores.clients import client
from tests.template_stack import Stack, build

ACCOUNT = "000000000000"
_START_SECONDS = 60


@contextmanager
def ministack_server() -> Iterator[str]:
    """The address of a fresh MiniStack that keeps nothing on disk."""
    python, port = ministack_python(), _free_port()
    address = f"http://127.0.0.1:{port}"
    own = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0"}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        server = subprocess.Popen(
            [python, "-m", "ministack"], cwd=folder, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"{address}/_ministack/ready", server, Path(folder) / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def ministack_stack(address: str) -> Iterator[Stack]:
    """The data resources of template.yaml in that MiniStack, empty."""
    urllib.request.urlopen(urllib.request.Request(f"{address}/_ministack/reset", method="POST"), timeout=20).close()
    with patch.dict("os.environ", {"AWS_ENDPOINT_URL": address}):
        client.cache_clear()
        stack = build(ACCOUNT)
        with patch.dict("os.environ", stack.environment()):
            yield stack
    client.cache_clear()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(int(_START_SECONDS / 0.1)):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"MiniStack did not start:\n{log.read_text()}")
