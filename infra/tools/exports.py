"""The layers' requirements files: exports of uv.lock, never edited; `make exports` writes them, a test compares."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = {  # dependency group of pyproject.toml → what pip installs from
    "lambda": Path("layers/dependencies/requirements.txt"),
    "ocr": Path("layers/tesseract/requirements.txt"),
}


def uv() -> str:
    """The uv that bootstrap.sh installed, else the one on the path."""
    own = ROOT / ".tools/uv/bin/uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise FileNotFoundError("uv is not installed; run `make setup`")
    return found


def export(group: str) -> str:
    """The pinned and hashed requirements of one group. Raises CalledProcessError when uv.lock lags pyproject.toml."""
    options = ["--only-group", group, "--no-emit-project", "--no-header", "--no-annotate"]
    command = [uv(), "export", "--quiet", "--locked", *options]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return f"# The `{group}` group of pyproject.toml as locked in uv.lock: `make exports` writes this file.\n{listing}"


def main() -> int:
    """Write every export."""
    for group, path in EXPORTS.items():
        (ROOT / path).write_text(export(group))
        print(f"{path}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
