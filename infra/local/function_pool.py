"""The execution environments of all functions: an idle one is used again, a new one started when all are busy."""

import os
import threading
import time
from dataclasses import dataclass, field

from infra.local.execution_environment import Configuration, ExecutionEnvironment, OnLine, Outcome
from infra.local.warden import Warden

# AWS would go to 1000. A long poll holds one for 20 s; each takes 60 MB.
ENVIRONMENTS_PER_FUNCTION = 20
# More would only be slower together: in a burst of calls most are served by the first environments that are ready.
_STARTS_AT_ONCE = max(2, os.cpu_count() or 1)
_IDLE_SECONDS = 300


@dataclass
class _Function:
    configuration: Configuration
    count: int = 0
    idle: list[tuple[float, ExecutionEnvironment]] = field(default_factory=list)
    """Since when, and which; the one used last is used next."""


class FunctionPool:
    """Invokes functions by their configuration. A changed configuration ends the environments of the old one."""

    def __init__(self, on_line: OnLine) -> None:
        self._on_line = on_line
        self._warden = Warden()
        self._changed = threading.Condition()
        self._functions: dict[str, _Function] = {}
        self._environments: list[ExecutionEnvironment] = []
        self._starting = 0

    def invoke(self, configuration: Configuration, payload: bytes) -> Outcome:
        """Blocks until the function has answered; waits for an environment while too many are busy or starting."""
        function = self._function(configuration)
        environment = self._take(function) or self._start(function)
        try:
            return environment.invoke(payload)
        finally:
            self._give_back(function, environment)

    def close(self) -> None:
        """End every environment, busy ones too."""
        self._warden.close()
        for environment in self._environments:
            environment.join()

    def _function(self, configuration: Configuration) -> _Function:
        with self._changed:
            function = self._functions.get(configuration.arn)
            if function is None or function.configuration != configuration:
                for _, outdated in function.idle if function else []:
                    outdated.stop()
                function = self._functions[configuration.arn] = _Function(configuration)
        return function

    def _take(self, function: _Function) -> ExecutionEnvironment | None:
        """An idle environment, or None: start one."""
        with self._changed:
            self._stop_long_idle()
            while True:
                while function.idle:
                    _, environment = function.idle.pop()
                    if environment.usable:
                        return environment
                    function.count -= 1
                if function.count < ENVIRONMENTS_PER_FUNCTION and self._starting < _STARTS_AT_ONCE:
                    function.count += 1
                    self._starting += 1
                    return None
                self._changed.wait()

    def _start(self, function: _Function) -> ExecutionEnvironment:
        try:
            environment = ExecutionEnvironment(function.configuration, self._on_line, self._warden)
            with self._changed:
                self._environments = [other for other in self._environments if other.usable] + [environment]
            environment.initialise()
        except OSError:
            function.count -= 1
            raise
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
        return environment

    def _give_back(self, function: _Function, environment: ExecutionEnvironment) -> None:
        with self._changed:
            if self._functions[function.configuration.arn] is not function:
                environment.stop()
            if environment.usable:
                function.idle.append((time.monotonic(), environment))
            else:
                function.count -= 1
            self._changed.notify_all()

    def _stop_long_idle(self) -> None:
        """ReconcileJobs comes every minute, so somebody always looks."""
        before = time.monotonic() - _IDLE_SECONDS
        for function in self._functions.values():
            while len(function.idle) > 1 and function.idle[0][0] < before:
                function.idle.pop(0)[1].stop()
                function.count -= 1
