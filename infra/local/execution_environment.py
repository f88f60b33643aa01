"""One execution environment of a function: a process, or a container, of the real runtime client.

As on AWS: one invocation at a time, state kept between invocations, killed at a time-out, gone when it exits; and it
sees its own variables only. Not as on AWS: the file system is writable, and memory is limited by address space.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.local.runtime_api import Happening, Invocation, Kind, RuntimeApi
from infra.local.warden import Warden, kill_group

# AWS allows 10 s; cores here may be shared with a whole test run.
INIT_SECONDS = 30
# Lambda limits resident memory, RLIMIT_AS limits addresses, of which thread stacks, arenas and mapped libraries take
# several times what they touch (OpenCV, numpy and PDFium: 2 GB of addresses, 200 MB resident). It stops a runaway.
ADDRESSES_PER_MEMORY = 4
ADDRESSES_AT_LEAST_MB = 1024
# 6 MB each way, and 100 bytes more for an answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
PAYLOAD_LIMIT = 6 * 1024 * 1024
_LOG_LINES_KEPT = 200
_JOIN_SECONDS = 2

type OnLine = Callable[[str, str], None]


@dataclass(frozen=True)
class Configuration:
    """What a function is, as its AWS::Lambda::Function resource says. Equal configurations share environments."""

    name: str
    arn: str
    handler: str
    seconds: float
    memory_mb: int
    variables: tuple[tuple[str, str], ...]
    python: Path
    path: tuple[Path, ...] = ()
    """The code's folder, then the layers' in their order: how Lambda's own path is made."""
    image: str | None = None
    """Run this container image instead of a process."""

    @property
    def short_name(self) -> str:
        """The handler's package: how log lines name the function."""
        return self.handler.partition(".")[0]

    @property
    def address_space_bytes(self) -> int:
        """The process's RLIMIT_AS."""
        return max(self.memory_mb * ADDRESSES_PER_MEMORY, ADDRESSES_AT_LEAST_MB) << 20


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to. `failed`: the payload is AWS's error object (errorType, errorMessage)."""

    payload: bytes
    failed: bool = False
    log: str = ""


class ExecutionEnvironment:
    """Starts at once; `initialise` it, `invoke` one event after the other, `stop` it at last."""

    def __init__(self, configuration: Configuration, on_line: OnLine, warden: Warden) -> None:
        self.configuration = configuration
        self.usable = True
        self._warden, self._on_line = warden, on_line
        self._init: Happening | None = None
        self._log: deque[str] = deque(maxlen=_LOG_LINES_KEPT)
        self._container = f"paydraft-{uuid.uuid4().hex[:12]}" if configuration.image else None
        self._api = RuntimeApi(configuration.arn)
        self._process = self._start()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read_log, self._wait_for_exit)]
        for thread in self._threads:
            thread.start()

    def initialise(self) -> None:
        """Wait until it asks for events; if it fails to, `invoke` tells how."""
        self._init = self._api.wait(INIT_SECONDS)

    def invoke(self, payload: bytes) -> Outcome:
        """Hand over one event; back come the answer, the function's error, or what ended the environment."""
        self._log.clear()
        invocation = Invocation(payload, self.configuration.seconds)
        happening, seconds = self._init, float(INIT_SECONDS)
        if happening is not None and happening.kind is Kind.READY:
            self._api.offer(invocation)
            seconds = self.configuration.seconds
            happening = self._api.wait(seconds, past_ready=True)
        if happening is None or happening.kind not in (Kind.RESPONSE, Kind.ERROR):
            self.stop()
        return _outcome(happening, invocation.id, seconds, "".join(self._log))

    def stop(self) -> None:
        """Kill the process with all it started."""
        self.usable = False
        kill_group(self._process.pid)
        if self._container:
            subprocess.run(["docker", "rm", "--force", self._container], capture_output=True, check=False)

    def join(self) -> None:
        """Wait until it is gone and its last log line is read; not for a stray that keeps its output open."""
        for thread in self._threads:
            thread.join(timeout=_JOIN_SECONDS)

    def _start(self) -> "subprocess.Popen[str]":
        process = self._start_container() if self._container else self._start_process()
        self._warden.watch("group", process.pid)
        return process

    def _start_process(self) -> "subprocess.Popen[str]":
        configuration = self.configuration
        command = [str(configuration.python), "-u", "-m", "awslambdaric", configuration.handler]
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, configuration.path))}
        process = _popen(command, own | _variables(configuration, self._api.address), configuration.path[0])
        if sys.platform == "linux":  # macOS has no prlimit and does not keep RLIMIT_AS
            limit = configuration.address_space_bytes
            resource.prlimit(process.pid, resource.RLIMIT_AS, (limit, limit))
        return process

    def _start_container(self) -> "subprocess.Popen[str]":
        configuration, container = self.configuration, str(self._container)
        self._warden.watch("container", container)
        command = ["docker", "run", "--rm", "--name", container, "--network", "host"]
        command += ["--memory", f"{configuration.memory_mb}m"]
        for name, value in _variables(configuration, self._api.address).items():
            command += ["--env", f"{name}={value}"]
        return _popen([*command, str(configuration.image), configuration.handler], dict(os.environ), None)

    def _read_log(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._log.append(line)
                self._on_line(self.configuration.short_name, line.rstrip("\n"))

    def _wait_for_exit(self) -> None:
        status = self._process.wait()
        self.usable = False
        kill_group(self._process.pid)  # what it started may have outlived it
        self._warden.forget("group", self._process.pid)
        if self._container:
            self._warden.forget("container", self._container)
        self._api.tell(Happening(Kind.EXIT, str(status).encode()))
        self._api.close()


def error_payload(error_type: str, message: str) -> bytes:
    """AWS's error object."""
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def _outcome(happening: Happening | None, request_id: str, seconds: float, log: str) -> Outcome:
    """The names are AWS's: Retry and Catch of a state machine go by them."""
    if happening is None:
        message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
        return Outcome(error_payload("Sandbox.Timedout", message), failed=True, log=log)
    if happening.kind is Kind.EXIT:
        status = int(happening.payload)
        ending = f"exit status {status}" if status >= 0 else f"signal {-status}"
        message = f"RequestId: {request_id} Error: Runtime exited with error: {ending}"
        return Outcome(error_payload("Runtime.ExitError", message), failed=True, log=log)
    if len(happening.payload) > PAYLOAD_LIMIT + 100:
        message = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT + 100} bytes)."
        return Outcome(error_payload("Function.ResponseSizeTooLarge", message), failed=True, log=log)
    return Outcome(happening.payload, failed=happening.kind is not Kind.RESPONSE, log=log)


def _variables(configuration: Configuration, api: str) -> dict[str, str]:
    """Lambda's own variables and the function's; nothing of this process leaks in."""
    region = configuration.arn.split(":")[3]
    return {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_LAMBDA_RUNTIME_API": api,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{configuration.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": time.strftime("%Y/%m/%d/[$LATEST]") + uuid.uuid4().hex,
        "LAMBDA_TASK_ROOT": "/var/task" if configuration.image else str(configuration.path[0]),
        "_HANDLER": configuration.handler,
        **dict(configuration.variables),
    }


def _popen(command: list[str], variables: dict[str, str], folder: Path | None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
