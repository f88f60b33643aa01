"""`serve`: the whole product on this machine. `running_stack`: the same in a process of its own, for tests and demo."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.local import environments
from infra.local.stack_options import Options

_START_SECONDS = 120  # a first start installs packages
_STOP_SECONDS = 20


def serve(
    *,
    state_dir: Path = Path(".paydraft"),
    port: int = 8000,
    docker: bool = False,
    quiet: bool = False,
    template: Path = environments.REPOSITORY / "template.yaml",
    parameters: Mapping[str, str] | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM. This process becomes the stack: it returns only if it could not begin."""
    options = Options(state_dir.resolve(), port, docker, quiet, template.resolve(), dict(parameters or {}))
    try:
        python = environments.prepare()
    except environments.MissingToolError as problem:
        print(f"paydraft: {problem}", file=sys.stderr)
        return 2
    sys.stdout.flush()
    os.chdir(environments.REPOSITORY)
    return os.execv(python, [str(python), "-m", "infra.local.stack", options.to_json()])


class StackFailedError(Exception):
    """The stack ended, or did not answer in time; the message holds the end of its log."""


@contextmanager
def running_stack(
    state_dir: Path,
    *,
    port: int = 0,
    docker: bool = False,
    template: Path | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """A stack on a free port while the block runs; yields the content of its serve.json. Its log is serve.log there."""
    process = start(state_dir, port=port, docker=docker, template=template, parameters=parameters)
    try:
        yield wait_until_served(state_dir, process)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(
    state_dir: Path,
    *,
    port: int = 0,
    docker: bool = False,
    template: Path | None = None,
    parameters: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Begin to serve in a process of its own; its id is the stack's own."""
    state_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "infra.local", "serve", "--state-dir", str(state_dir), "--port", str(port)]
    command += ["--docker"] * docker + (["--template", str(template)] if template else [])
    for name, value in (parameters or {}).items():
        command += ["--parameter", f"{name}={value}"]
    with (state_dir / "serve.log").open("ab") as log:
        return subprocess.Popen(command, cwd=environments.REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def wait_until_served(state_dir: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """The content of serve.json, once that process has written it (StackFailedError if it ends before)."""
    file, end = state_dir / "serve.json", time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if file.exists() and (served := json.loads(file.read_text()))["pid"] == process.pid:
            return dict(served)
        time.sleep(0.02)
    process.kill()
    process.wait()
    log = (state_dir / "serve.log").read_text(errors="replace").splitlines()
    raise StackFailedError("the local stack did not come up:\n" + "\n".join(log[-30:]))
