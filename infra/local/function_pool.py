"""The execution environments of all functions: an idle one is used again, a new one started when all are busy."""

import threading
from dataclasses import dataclass, field

from infra.local.execution_environment import Configuration, ExecutionEnvironment, OnLine, Outcome
from infra.local.warden import Warden

# AWS would go to 1000; more than this on one machine only makes everything wait for everything.
ENVIRONMENTS_PER_FUNCTION = 10


@dataclass
class _Function:
    configuration: Configuration
    idle: list[ExecutionEnvironment] = field(default_factory=list)
    slots: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(ENVIRONMENTS_PER_FUNCTION)
    )


class FunctionPool:
    """Invokes functions by their configuration. A changed configuration ends the environments of the old one."""

    def __init__(self, on_line: OnLine) -> None:
        self._on_line = on_line
        self._warden = Warden()
        self._lock = threading.Lock()
        self._functions: dict[str, _Function] = {}
        self._environments: list[ExecutionEnvironment] = []

    def invoke(self, configuration: Configuration, payload: bytes) -> Outcome:
        """Blocks until the function has answered; waits for an environment when all are busy."""
        function = self._function(configuration)
        with function.slots:
            environment = self._take(function)
            outcome = environment.invoke(payload)
            self._give_back(function, environment)
        return outcome

    def close(self) -> None:
        """End every environment, busy ones too."""
        self._warden.close()
        for environment in self._environments:
            environment.join()

    def _function(self, configuration: Configuration) -> _Function:
        with self._lock:
            function = self._functions.get(configuration.arn)
            if function is None or function.configuration != configuration:
                outdated = function.idle if function else []
                function = self._functions[configuration.arn] = _Function(configuration)
                for environment in outdated:
                    environment.stop()
        return function

    def _take(self, function: _Function) -> ExecutionEnvironment:
        with self._lock:
            while function.idle:
                environment = function.idle.pop()
                if environment.usable:
                    return environment
        environment = ExecutionEnvironment(function.configuration, self._on_line, self._warden)
        with self._lock:
            self._environments = [other for other in self._environments if other.usable] + [environment]
        return environment

    def _give_back(self, function: _Function, environment: ExecutionEnvironment) -> None:
        with self._lock:
            if self._functions.get(function.configuration.arn) is not function:
                environment.stop()
            elif environment.usable:
                function.idle.append(environment)
