"""Messages over a socket pair: eight bytes of length, then the bytes. Both sides refuse more than they expect."""

import socket
import struct
import time

_LENGTH = struct.Struct("!Q")
_SILENT = "no answer in time"


class BrokenWireError(Exception):
    """The other side closed, died, fell silent until the deadline, or announced more bytes than allowed."""


class Deadline:
    """A moment some seconds from now, by the clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def within(self, seconds: float) -> "Deadline":
        """One some seconds from now, but no later than this one."""
        return Deadline(min(seconds, self._end - time.monotonic()))

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._end

    def remaining(self) -> float:
        """Seconds left; raises BrokenWireError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise BrokenWireError(_SILENT)
        return left


def send(channel: socket.socket, message: bytes, deadline: Deadline | None = None) -> None:
    """Send one message."""
    try:
        for part in (_LENGTH.pack(len(message)), message):
            channel.settimeout(deadline.remaining() if deadline else None)
            channel.sendall(part)
    except TimeoutError as error:
        raise BrokenWireError(_SILENT) from error
    except OSError as error:
        raise BrokenWireError(f"sending: {type(error).__name__}") from error


def receive(channel: socket.socket, limit: int, deadline: Deadline | None = None) -> bytes:
    """The next message, of at most `limit` bytes."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, deadline))
    if length > limit:
        raise BrokenWireError(f"{length} bytes announced, at most {limit} allowed")
    return _exactly(channel, length, deadline)


def _exactly(channel: socket.socket, count: int, deadline: Deadline | None) -> bytes:
    received = bytearray()
    while len(received) < count:
        try:
            channel.settimeout(deadline.remaining() if deadline else None)
            part = channel.recv(min(count - len(received), 1 << 20))
        except TimeoutError as error:
            raise BrokenWireError(_SILENT) from error
        except OSError as error:
            raise BrokenWireError(f"receiving: {type(error).__name__}") from error
        if not part:
            raise BrokenWireError("the other side closed")
        received += part
    return bytes(received)
