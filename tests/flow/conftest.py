"""The whole stack, once for all tests of this suite: a throw-away state directory on a free port."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.serve import running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What stands in serve.json: url, aws_endpoint, region, token, tenant_id, pid, outputs."""
    state_dir: Path = tmp_path_factory.mktemp("stack")
    with running_stack(state_dir) as served:
        yield served
