"""The Python environments the local stack runs in, made once under `.tools/` and again when a lock file changes.

Needs nothing but the standard library and uv. Three kinds: MiniStack's own, the one AWS's python3.13 runtime offers
(boto3 and the runtime client), and one folder of packages per layer, found by the hash of its requirements.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / ".tools"
LAMBDA_REQUIREMENTS = REPOSITORY / "layers/dependencies/requirements.txt"
IMAGE_REQUIREMENTS = REPOSITORY / "layers/tesseract/requirements.txt"
_MINISTACK_LOCK = Path(__file__).with_name("ministack.lock.txt")
_RUNTIME_PACKAGES = ("boto3", "awslambdaric")
_PYTHON = "3.13"


class MissingToolError(Exception):
    """Something the environments are made with is not there; the message says how to get it."""


def ministack_python() -> Path:
    """The interpreter of MiniStack's environment, made if it is missing or its lock has changed."""
    return tool("ministack", _MINISTACK_LOCK)


def tool(name: str, lock: Path) -> Path:
    """The interpreter of a tool's own environment under `.tools/<name>`, made if missing or if its lock has changed."""
    return _environment(TOOLS / name, ("-r", str(lock)), _digest(lock.read_bytes()))


def runtime_python() -> Path:
    """The interpreter functions run in: what AWS's python3.13 offers by itself. The versions come from uv.lock."""
    locked = IMAGE_REQUIREMENTS.read_text()
    pins = [_pin(locked, package) for package in _RUNTIME_PACKAGES]
    install = ("-c", str(IMAGE_REQUIREMENTS), *pins)
    return _environment(TOOLS / "runtime", install, _digest(locked.encode()))


def prepare() -> Path:
    """Make whatever is missing, visibly; MiniStack's interpreter. Everything else here finds its work done then."""
    python = ministack_python()
    runtime_python()
    for requirements in (LAMBDA_REQUIREMENTS, IMAGE_REQUIREMENTS):
        layer(requirements)
    return python


def layer(requirements: Path) -> Path:
    """The folder that stands for /opt of a layer: its packages lie in `python/`, compiled."""
    folder = TOOLS / "layers" / _digest(requirements.read_bytes())
    if folder.exists():
        return folder
    python = runtime_python()
    with _alone():
        if not folder.exists():
            half_made = folder.with_suffix(".part")
            shutil.rmtree(half_made, ignore_errors=True)
            print(f"[setup] installing {requirements.parent.name} packages into .tools/layers", flush=True)
            target = ("--target", str(half_made / "python"), "-r", str(requirements))
            _uv("pip", "install", "--python", str(python), "--require-hashes", "--compile-bytecode", *target)
            half_made.rename(folder)
    return folder


def _environment(folder: Path, install: tuple[str, ...], digest: str) -> Path:
    python, stamp = folder / "bin/python", folder / "made-from"
    if _is_made_from(digest, stamp):
        return python
    with _alone():
        if not _is_made_from(digest, stamp):
            print(f"[setup] making .tools/{folder.name}", flush=True)
            _uv("venv", "--clear", "--python", _PYTHON, str(folder))
            _uv("pip", "install", "--python", str(python), "--require-hashes", "--compile-bytecode", *install)
            stamp.write_text(digest)
    return python


def _is_made_from(digest: str, stamp: Path) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _pin(requirements: str, package: str) -> str:
    found = re.search(rf"^{package}==\S+", requirements, re.MULTILINE)
    if found is None:
        raise MissingToolError(f"{IMAGE_REQUIREMENTS} names no {package}: run `make exports`.")
    return found[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]


def _uv(*arguments: str) -> None:
    own = TOOLS / "uv/bin/uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv is None:
        raise MissingToolError("uv is not installed: run `make setup`.")
    done = subprocess.run([uv, "--quiet", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingToolError(f"uv {' '.join(arguments[:2])} failed:\n{done.stderr}")


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time installs; the others wait and then find the work done."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
