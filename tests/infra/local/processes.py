"""Whether a process is still at work; a zombie that nobody reaps is not."""

import subprocess
import time


def ends(pid: int, within: float = 10) -> bool:
    """Whether the process ends by then."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        if not state.strip() or state.strip().startswith("Z"):
            return True
        time.sleep(0.02)
    return False
