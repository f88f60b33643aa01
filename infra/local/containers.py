"""Whether image functions can run as their images here."""

import subprocess


class MissingImageError(Exception):
    """No engine, or no image; the message says how to get it, or how to do without."""


def require(images: list[str]) -> None:
    """MissingImageError unless an engine answers and has all of them."""
    for image in images:
        try:
            found = subprocess.run(["docker", "image", "inspect", image], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise MissingImageError(f"--docker needs Docker, which is not installed. {_WITHOUT}") from None
        if found.returncode and "no such image" not in found.stderr.lower():
            reason = found.stderr.strip().splitlines()[-1:] or ["no answer"]
            raise MissingImageError(f"--docker needs a running Docker engine ({reason[0]}). {_WITHOUT}")
        if found.returncode:
            raise MissingImageError(f"There is no image {image}: build it with `sam build`. {_WITHOUT}")


_WITHOUT = "Without --docker the same handler runs in a process."
