"""The process that reads a document has nothing to steal, little to take, and is gone afterwards, whatever it does."""

import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extract_document import confinement
from extract_document.options import Limits, ReadOptions
from extract_document.sandbox import Sandbox
from paydraft.model.errors import UnreadableDocumentError, UnsafeDocumentError

PROBE = "tests.sandbox_probe"
SECRET = "paydraft-test-secret"
linux = pytest.mark.skipif(sys.platform != "linux", reason="by /proc and prctl")
type Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    os.environ["AWS_SECRET_ACCESS_KEY"] = SECRET
    sandbox = Sandbox(ReadOptions(), Limits(memory_mb=900, seconds=2), path=os.environ["PATH"], child=PROBE)
    yield sandbox
    sandbox.close()


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    def asked(question: str) -> Any:
        with pytest.raises(UnreadableDocumentError) as told:
            sandbox.extract(question.encode())
        return json.loads(str(told.value))

    return asked


def test_its_environment_holds_four_names_and_no_secret(ask: Ask):
    environment = ask("environment")

    assert set(environment) == {"PATH", "LANG", "OMP_THREAD_LIMIT", "TESSDATA_PREFIX"}
    assert environment["OMP_THREAD_LIMIT"] == "1"


def test_it_inherits_one_socket_and_nothing_else(ask: Ask):
    assert sorted(ask("handles")) == ["null", "null", "null", "socket"]


@linux
def test_it_has_no_capabilities_and_can_gain_none(ask: Ask):
    identity = ask("identity")

    assert identity["uid"] != 0
    assert identity["groups"] in ([], [identity["gid"]])
    assert int(identity["CapEff"], 16) == int(identity["CapPrm"], 16) == 0
    assert identity["NoNewPrivs"] == "1"
    assert identity["Threads"] == "1"


@linux
@pytest.mark.parametrize("part", ["environ", "mem", "maps", "fd/0", "cwd/x", "auxv"])
def test_it_cannot_look_into_the_process_that_holds_the_credentials_nor_into_the_zygote(ask: Ask, part: str):
    zygote, parent, *_ = ask("ancestors")

    assert parent == os.getpid()
    assert ask(f"open_file /proc/{parent}/{part}") == "PermissionError"
    assert ask(f"open_file /proc/{zygote}/{part}") == "PermissionError"


@linux
def test_it_may_not_send_signals_to_others_and_may_still_abort_itself(ask: Ask, sandbox: Sandbox):
    assert ask(f"signal_to {os.getpid()}") == "PermissionError"
    with pytest.raises(UnsafeDocumentError, match="killed by signal 6"):
        sandbox.extract(b"abort")


@linux
def test_it_reaches_no_network_not_even_this_machine(ask: Ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=2).close()  # we can
        assert ask(f"connect 127.0.0.1:{port}") == "PermissionError"


@linux
@pytest.mark.parametrize("call", ["ptrace", "unshare", "process_vm_readv", "io_uring_setup", "keyctl"])
def test_calls_it_has_no_use_for_are_refused(ask: Ask, call: str):
    assert ask(f"system_call {call}") == "EPERM"


def test_its_resources_are_limited(ask: Ask):
    limits = ask("limits")

    assert limits["AS"] == 900 << 20
    assert limits["CPU"] == 2
    assert limits["NPROC"] == limits["CORE"] == 0
    assert limits["NOFILE"] == 64


def test_more_memory_than_the_limit_is_not_given(ask: Ask):
    assert ask("take_memory") == "MemoryError"


@linux
def test_it_starts_neither_processes_nor_threads(ask: Ask):
    assert ask("start_process") in ("BlockingIOError", "PermissionError")
    assert ask("start_thread") == "RuntimeError"


def test_what_it_wrote_to_its_folder_is_gone(ask: Ask):
    folder = ask("folder")

    assert folder.startswith(("/tmp", "/var"))
    assert not Path(folder).exists()


def test_what_it_prints_reaches_no_log(ask: Ask, capfd: pytest.CaptureFixture):
    assert ask("talk") == "written"
    assert "DE89" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("engine", ["tesserocr", "pytesseract"])
def test_only_the_engine_that_is_a_program_may_start_one(engine: str):
    sandbox = Sandbox(ReadOptions(engine=engine), Limits(seconds=10), path=os.environ["PATH"], child=PROBE)
    try:
        with pytest.raises(UnreadableDocumentError) as told:
            sandbox.extract(b"limits")
        assert (json.loads(str(told.value))["NPROC"] == 0) is (engine == "tesserocr")
    finally:
        sandbox.close()


@pytest.fixture
def folder_for_all():
    """A folder where the child may write as another user: pytest's own lie below one that is closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.slow
def test_processes_that_it_started_die_with_it(folder_for_all):
    note = folder_for_all / "pid"
    sandbox = Sandbox(ReadOptions(engine="pytesseract"), Limits(seconds=2), path=os.environ["PATH"], child=PROBE)
    try:
        with pytest.raises(UnsafeDocumentError):
            sandbox.extract(f"leave_process {note}".encode())
    finally:
        sandbox.close()

    state = Path(f"/proc/{note.read_text()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


@linux
def test_the_parent_hides_itself_when_it_starts_a_sandbox(sandbox: Sandbox):
    sandbox.start()

    is_dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)  # PR_GET_DUMPABLE
    assert is_dumpable == 0


HIDING = """
import ctypes, os, sys
from pathlib import Path
from extract_document import confinement

def a_child_reads_us():
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            said = b"SECRET" in Path(f"/proc/{os.getppid()}/environ").read_bytes() and "seen" or "missing"
        except PermissionError:
            said = "refused"
        os.write(writer, said.encode())
        os._exit(0)
    os.wait()
    return os.read(reader, 99).decode()

if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65533); os.setuid(65533)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # changing the user has hidden it: undo that
before = a_child_reads_us()
confinement.hide()
print(before, a_child_reads_us())
"""


@linux
def test_a_hidden_process_is_closed_to_a_child_of_the_same_user_who_is_not_root():
    environment = os.environ | {"SECRET": SECRET}

    told = subprocess.run([sys.executable, "-c", HIDING], env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["seen", "refused"]


def test_the_watchdog_for_systems_without_a_limit_on_memory_ends_the_process():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from extract_document.confinement import watch_memory; watch_memory(200)\n"
            "blocks = []\nwhile True: blocks.append(bytearray(1 << 20))",
        ],
        check=False,
        timeout=60,
    )

    assert told.returncode == -9


def test_hiding_is_for_linux_only_and_does_no_harm_elsewhere():
    confinement.hide()
