"""The whole stack, once for all tests of this suite: a throw-away state directory on a free port."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.local.serve import running_stack

DOCUMENTS = Path(__file__).parents[1] / "golden/documents"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Of what is asked nobody needs to read."""


@pytest.fixture(scope="session")
def document_host() -> Iterator[str]:
    """host:port of a web server that gives the sample documents; the stack may fetch from it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(DOCUMENTS))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, document_host: str) -> Iterator[dict[str, Any]]:
    """What stands in serve.json: url, aws_endpoint, region, token, tenant_id, pid, outputs."""
    state_dir: Path = tmp_path_factory.mktemp("stack")
    with running_stack(state_dir, parameters={"FetchTestHosts": document_host}) as served:
        yield served
