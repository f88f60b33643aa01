"""Functions run by AWS's own runtime client against our Runtime API: what a function sees, and how it can fail."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.local.environments import REPOSITORY, runtime_python
from infra.local.execution_environment import PAYLOAD_LIMIT, Configuration, Outcome
from infra.local.function_pool import FunctionPool
from tests.infra.local.processes import ends

HANDLER = """
import os, subprocess, sys, threading, time
calls = 0
class PermanentError(Exception): pass
def handler(event, context):
    global calls
    calls += 1
    match event:
        case {"raise": message}: raise PermanentError(message)
        case {"exit": status}: os._exit(status)
        case {"sleep": seconds}: time.sleep(seconds)
        case {"allocate": size}: return len(bytearray(size))
        case {"answer": size}: return "x" * size
        case {"say": text}: print(text)
        case {"import": name}: return __import__(name).__file__
        case {"start": program}: return subprocess.Popen(program).pid
        case {"tell": "path"}: return sys.path
        case {"tell": "environment"}: return dict(os.environ)
        case {"tell": "context"}:
            return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb,
                    context.get_remaining_time_in_millis(), context.aws_request_id]
    return {"pid": os.getpid(), "calls": calls}
"""

type Call = Callable[..., Outcome]


@pytest.fixture
def function(tmp_path: Path) -> Configuration:
    code = tmp_path / "code"
    code.mkdir()
    (code / "app.py").write_text(HANDLER)
    return Configuration(
        name="echo",
        arn="arn:aws:lambda:eu-west-1:000000000000:function:echo",
        handler="app.handler",
        seconds=20,
        memory_mb=128,
        variables=(("STAGE", "local"),),
        python=runtime_python(),
        path=(code,),
    )


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def pool(lines: list[tuple[str, str]]) -> Iterator[FunctionPool]:
    pool = FunctionPool(lambda function, line: lines.append((function, line)))
    yield pool
    pool.close()


def answer(pool: FunctionPool, function: Configuration, event: Any = None) -> Any:
    outcome = pool.invoke(function, json.dumps(event or {}).encode())
    assert not outcome.failed, outcome
    return json.loads(outcome.payload)


def error(pool: FunctionPool, function: Configuration, event: Any = None) -> tuple[str, str]:
    outcome = pool.invoke(function, json.dumps(event or {}).encode())
    assert outcome.failed, outcome
    reason = json.loads(outcome.payload)
    return reason["errorType"], reason["errorMessage"]


def test_an_idle_environment_is_used_again_with_its_state(pool, function):
    first, second = answer(pool, function), answer(pool, function)
    assert second == {"pid": first["pid"], "calls": 2}


def test_two_events_at_once_run_in_two_environments(pool, function):
    pids = set()
    threads = [threading.Thread(target=lambda: pids.add(answer(pool, function, {"sleep": 0.5})["pid"])) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 2


def test_an_exception_keeps_its_name_and_the_environment_lives_on(pool, function):
    first = answer(pool, function)
    assert error(pool, function, {"raise": "no such payee"}) == ("PermanentError", "no such payee")
    assert answer(pool, function)["pid"] == first["pid"]


def test_a_handler_that_cannot_be_imported_is_an_import_error(pool, function):
    kind, message = error(pool, replace(function, handler="missing.handler"))
    assert kind == "Runtime.ImportModuleError"
    assert "missing" in message


def test_a_function_that_exits_is_an_exit_error_and_the_next_event_finds_a_new_environment(pool, function):
    first = answer(pool, function)
    kind, message = error(pool, function, {"exit": 7})
    assert kind == "Runtime.ExitError"
    assert message.endswith("Runtime exited with error: exit status 7")
    assert answer(pool, function)["pid"] != first["pid"]


def test_a_time_out_kills_the_function_with_what_it_started(pool, function):
    hurried = replace(function, seconds=1)
    pid = answer(pool, hurried)["pid"]
    child = answer(pool, hurried, {"start": ["sleep", "1000"]})
    kind, message = error(pool, hurried, {"sleep": 60})
    assert kind == "Sandbox.Timedout"
    assert message.endswith("Task timed out after 1.00 seconds")
    assert ends(pid)
    assert ends(child)
    assert answer(pool, hurried)["calls"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is kept on Linux only")
def test_memory_is_limited_by_address_space(pool, function):
    assert error(pool, function, {"allocate": function.address_space_bytes})[0] == "MemoryError"
    assert answer(pool, function, {"allocate": 64 << 20}) == 64 << 20


def test_code_comes_before_layers_and_layers_in_their_order(pool, function, tmp_path):
    layers = [tmp_path / "dependencies", tmp_path / "core"]
    for layer, modules in zip(layers, (["app", "both"], ["both", "core_only"]), strict=True):
        layer.mkdir()
        for module in modules:
            (layer / f"{module}.py").touch()
    layered = replace(function, path=(*function.path, *layers))
    assert answer(pool, layered, {"import": "app"}) == str(function.path[0] / "app.py")
    assert answer(pool, layered, {"import": "both"}) == str(layers[0] / "both.py")
    assert answer(pool, layered, {"import": "core_only"}) == str(layers[1] / "core_only.py")


def test_a_function_sees_its_own_variables_and_lambdas_only(pool, function, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")
    environment = answer(pool, function, {"tell": "environment"})
    assert environment["STAGE"] == "local"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "echo"
    assert environment["AWS_REGION"] == "eu-west-1"
    assert "SECRET_OF_THE_SHELL" not in environment
    others = {name for name in environment if not name.startswith(("AWS_", "LAMBDA_", "_X_AMZN_"))}
    assert others <= {"PATH", "PYTHONPATH", "LANG", "LC_CTYPE", "TZ", "_HANDLER", "STAGE"}


def test_the_context_tells_who_is_called_and_how_long_it_may_take(pool, function):
    name, arn, memory, milliseconds, request_id = answer(pool, function, {"tell": "context"})
    assert (name, arn, memory) == ("echo", function.arn, "128")
    assert 0 < milliseconds <= 20_000
    assert len(request_id) == 36


def test_log_lines_go_to_the_watcher_under_the_functions_name(pool, function, lines):
    answer(pool, function, {"say": "grüß"})
    pool.close()  # a line may come after the answer
    assert ("app", "grüß") in lines


def test_an_answer_above_lambdas_limit_is_an_error(pool, function):
    kind, _ = error(pool, function, {"answer": PAYLOAD_LIMIT + 100})
    assert kind == "Function.ResponseSizeTooLarge"
    assert len(answer(pool, function, {"answer": PAYLOAD_LIMIT})) == PAYLOAD_LIMIT


def test_a_changed_configuration_ends_the_environments_of_the_old_one(pool, function):
    pid = answer(pool, function)["pid"]
    assert answer(pool, replace(function, variables=(("STAGE", "dev"),)), {"tell": "environment"})["STAGE"] == "dev"
    assert ends(pid)


def test_closing_the_pool_ends_every_process(function):
    pool = FunctionPool(lambda function, line: None)
    pid, child = answer(pool, function)["pid"], answer(pool, function, {"start": ["sleep", "1000"]})
    pool.close()
    assert ends(pid)
    assert ends(child)


OWNER = """
import json, sys
from pathlib import Path
from infra.local.execution_environment import Configuration
from infra.local.function_pool import FunctionPool
code, python = sys.argv[1:]
function = Configuration("echo", "arn:aws:lambda:eu-west-1:0:function:echo", "app.handler", 20, 128, (), Path(python),
                         (Path(code),))
pool = FunctionPool(lambda function, line: None)
for event in ({}, {"start": ["sleep", "1000"]}):
    print(pool.invoke(function, json.dumps(event).encode()).payload.decode(), flush=True)
sys.stdin.read()
"""


def test_killing_the_owner_ends_functions_and_what_they_started(function):
    command = [sys.executable, "-c", OWNER, str(function.path[0]), str(function.python)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid, child = json.loads(owner.stdout.readline())["pid"], int(owner.stdout.readline())
        os.kill(owner.pid, signal.SIGKILL)
    assert ends(pid)
    assert ends(child)
