"""What `serve` is asked for; it reaches the stack's process as JSON on the command line."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Options:
    """What `serve` was asked for."""

    state_dir: Path
    port: int
    docker: bool
    quiet: bool
    template: Path
    parameters: dict[str, str]  # of the template, beside and before those of samconfig's local table

    def to_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From the command line."""
        values: dict[str, Any] = json.loads(text)
        return cls(**values | {name: Path(values[name]) for name in ("state_dir", "template")})
