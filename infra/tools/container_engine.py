"""A Docker engine for the length of a block: the one that answers, else one of our own, its data in .tools/docker.

Ours needs root on Debian. It is installed by apt when it is missing, and stopped at the end; its images stay.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".tools/docker"
_PACKAGES = {"dockerd": "docker.io", "debootstrap": "debootstrap", "iptables": "iptables"}  # program → Debian's package
_START_SECONDS = 30


class NoEngineError(Exception):
    """No engine answers and none can be started here; the message says why, in one line."""


@contextmanager
def engine(data: Path = DATA) -> Iterator[dict[str, str]]:
    """The environment with which docker, SAM and docker-py reach the engine (NoEngineError if there can be none)."""
    environment = dict(os.environ)
    if answers(environment):
        yield environment
        return
    _refuse_other_machines()
    _install_missing()
    with tempfile.TemporaryDirectory(prefix="paydraft-docker-") as run:  # short: a socket's path ends at 107 characters
        environment["DOCKER_HOST"] = f"unix://{run}/docker.sock"
        daemon = _start(Path(run), data, environment)
        try:
            yield environment
        finally:
            daemon.terminate()
            daemon.wait(timeout=60)
            for mounted in Path(run).glob("exec/netns/*"):  # dockerd leaves these behind
                subprocess.run(["umount", str(mounted)], capture_output=True)


def answers(environment: dict[str, str]) -> bool:
    """Whether an engine is reached with this environment."""
    if shutil.which("docker", path=environment.get("PATH")) is None:
        return False
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(command, env=environment, capture_output=True).returncode == 0


def _refuse_other_machines() -> None:
    if sys.platform != "linux" or shutil.which("apt-get") is None:
        raise NoEngineError("no container engine answers; start Docker and run this again")
    if os.geteuid() != 0:
        raise NoEngineError("no container engine answers, and only root can start one")


def _install_missing() -> None:
    missing = [package for program, package in _PACKAGES.items() if shutil.which(program) is None]
    if not missing:
        return
    print(f"[engine] installing Debian packages: {' '.join(missing)}", flush=True)
    options = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True, "text": True}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *command], **options)  # type: ignore[call-overload]
        if done.returncode != 0:
            raise NoEngineError(f"apt-get can't install {' '.join(missing)}: {_last_line(done.stderr)}")


def _start(run: Path, data: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    data.mkdir(parents=True, exist_ok=True)
    log = data / "dockerd.log"
    places = {"data-root": data / "data", "exec-root": run / "exec", "pidfile": run / "docker.pid"}
    command = ["dockerd", "--host", environment["DOCKER_HOST"], *(f"--{name}={path}" for name, path in places.items())]
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and daemon.poll() is None:
        if answers(environment):
            return daemon
        time.sleep(0.1)
    daemon.kill()
    daemon.wait()
    raise NoEngineError(f"a container engine can't start here: {_last_line(log.read_text(errors='replace'))}")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]
