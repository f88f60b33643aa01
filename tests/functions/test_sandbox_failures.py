"""However a reading process ends, one document fails with a reason, and the next is read."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract_document.options import Limits, ReadOptions
from extract_document.sandbox import Sandbox, sandbox_of
from paydraft.model.errors import EngineError, InternalError, UnreadableDocumentError, UnsafeDocumentError
from tests.paper import a_sheet

PROBE = "tests.sandbox_probe"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(ReadOptions(), Limits(memory_mb=900, seconds=2), path=os.environ["PATH"], child=PROBE)
    yield sandbox
    sandbox.close()


def is_well(sandbox: Sandbox) -> bool:
    """Whether the next document is served."""
    with pytest.raises(UnreadableDocumentError):
        sandbox.extract(b"environment")
    return True


def zygote_of(sandbox: Sandbox) -> int:
    """The process id of the zygote, as its child names it."""
    with pytest.raises(UnreadableDocumentError) as told:
        sandbox.extract(b"ancestors")
    return json.loads(str(told.value))[0]


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ("abort", "killed by signal 6"),
        ("end", "ended with code 0"),
        ("hang", "no answer in time"),
        ("spin", "killed by signal"),
        ("much", "at most"),
        ("run_out_of_memory", "out of memory"),
    ],
)
def test_a_document_that_ends_or_holds_its_reader_is_unsafe(sandbox: Sandbox, document: str, detail: str):
    with pytest.raises(UnsafeDocumentError) as told:
        sandbox.extract(document.encode())

    assert detail in str(told.value)
    assert is_well(sandbox)


def test_an_unforeseen_error_is_ours_and_names_its_place_but_nothing_of_the_document(sandbox: Sandbox):
    with pytest.raises(InternalError) as told:
        sandbox.extract(b"raise_error")

    assert str(told.value).startswith("ValueError at sandbox_probe.py:")
    assert is_well(sandbox)


def test_a_zygote_that_died_between_two_documents_is_replaced(sandbox: Sandbox):
    assert is_well(sandbox)
    os.kill(zygote_of(sandbox), signal.SIGKILL)

    assert is_well(sandbox)


def test_a_reader_that_cannot_start_is_our_fault():
    sandbox = Sandbox(ReadOptions(), Limits(), path=os.environ["PATH"], child="no.such.module")
    try:
        with pytest.raises(EngineError):
            sandbox.extract(b"environment")
    finally:
        sandbox.close()


def test_the_zygote_ends_with_the_sandbox():
    other = Sandbox(ReadOptions(), Limits(), path=os.environ["PATH"], child=PROBE)
    pid = zygote_of(other)
    other.close()

    assert not Path(f"/proc/{pid}").exists()
    other.close()


def test_a_closed_sandbox_opens_again(sandbox: Sandbox):
    sandbox.close()

    assert is_well(sandbox)


def test_there_is_one_sandbox_for_the_same_settings():
    options, limits = ReadOptions(), Limits()

    assert sandbox_of(options, limits, "/bin") is sandbox_of(ReadOptions(), Limits(), "/bin")
    assert sandbox_of(options, limits, "/bin") is not sandbox_of(options, Limits(seconds=5), "/bin")


@pytest.mark.parametrize("engine", ["tesserocr", "pytesseract"])
def test_a_document_is_read_inside(engine: str):
    sandbox = Sandbox(ReadOptions(engine=engine), Limits(seconds=30), path=os.environ["PATH"])
    try:
        extraction = sandbox.extract(a_sheet())
    finally:
        sandbox.close()

    (page,) = extraction.pages.pages
    assert [line.text for line in page.lines][:1] == ["Muster Bau GmbH"]
