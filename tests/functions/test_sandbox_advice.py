"""The second round between this process and the child: advice in, values out, and nothing lost if it goes wrong."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract_document.options import Limits, ReadOptions
from extract_document.sandbox import Sandbox
from paydraft.model.errors import TransientError, UnreadableDocumentError
from paydraft.model.hint import Hint, HintKind
from paydraft.model.template import Advice
from tests.paper import LINES, a_sheet

ADVICE = Advice(hints=(Hint(kind=HintKind.MEMORY, field="number"), Hint(kind=HintKind.MEMORY, field="total")))


def give(_) -> Advice:
    return ADVICE


@pytest.fixture(scope="module")
def probe() -> Iterator[Sandbox]:
    sandbox = Sandbox(
        ReadOptions(), Limits(memory_mb=900, seconds=2), path=os.environ["PATH"], child="tests.sandbox_probe"
    )
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(ReadOptions(), Limits(seconds=30), path=os.environ["PATH"])
    yield sandbox
    sandbox.close()


def test_advice_is_asked_for_once_after_the_first_reading_and_what_comes_back_counts(probe: Sandbox):
    asked = []

    def advise(invoice):
        asked.append(invoice.number)
        return ADVICE

    extraction = probe.extract(b"advised second", advise=advise)

    assert asked == ["first"]
    assert extraction.invoice.number == "number total"
    assert extraction.invoice.findings == ()


def test_without_advice_the_first_reading_stands(probe: Sandbox):
    assert probe.extract(b"advised second").invoice.number == "first"
    assert probe.extract(b"advised second", advise=lambda _: None).invoice.number == "first"


@pytest.mark.parametrize("trouble", ["abort", "end", "hang", "spin", "much", "run_out_of_memory", "raise_error"])
def test_a_child_that_fails_at_the_advice_costs_nothing_but_the_advice(probe: Sandbox, trouble: str):
    extraction = probe.extract(f"advised {trouble}".encode(), advise=give)

    assert extraction.invoice.number == "first"
    assert [finding.code for finding in extraction.invoice.findings] == ["advice_not_followed"]
    assert probe.extract(b"advised second", advise=give).invoice.number == "number total"


def test_a_document_that_is_refused_is_given_no_advice(probe: Sandbox):
    asked = []

    with pytest.raises(UnreadableDocumentError):
        probe.extract(b"environment", advise=asked.append)

    assert asked == []


def test_a_failure_to_look_something_up_comes_through_and_the_child_is_gone(probe: Sandbox, tmp_path: Path):
    def fail(_):
        raise TransientError("later")

    with pytest.raises(TransientError):
        probe.extract(b"advised second", advise=fail)

    assert probe.extract(b"advised second", advise=give).invoice.number == "number total"


def test_the_real_child_reads_again_with_the_advice_and_tells_broken_rules(sandbox: Sandbox):
    hint = Hint(kind=HintKind.TEMPLATE, field="number", labels=("Invoice number",), pattern=r"\d{4}-\d{4}")
    rule = {"field": "due_date", "kind": "required", "message": "We need a date."}

    extraction = sandbox.extract(a_sheet(), advise=lambda _: Advice(hints=(hint,), rules=(rule,)))

    assert extraction.invoice.number == "2026-4711"
    assert "agrees:template" in extraction.invoice.evidence["number"].checks
    (finding,) = extraction.invoice.findings
    assert (finding.code, finding.field, finding.message) == ("template_rule", "due_date", "We need a date.")
    assert [line.text for line in extraction.pages.pages[0].lines] == list(LINES)


def test_a_pattern_that_takes_forever_costs_its_advice_and_not_the_document():
    sandbox = Sandbox(ReadOptions(), Limits(seconds=30, advised_seconds=1), path=os.environ["PATH"])
    slow = Hint(kind=HintKind.TEMPLATE, field="number", pattern=r"\w*\w*\w*\w*\w*\w*\w*\w*\w*\w*!")
    page = (*LINES, "x" * 70)

    try:
        extraction = sandbox.extract(a_sheet(page, size=8), advise=lambda _: Advice(hints=(slow,)))
    finally:
        sandbox.close()

    assert extraction.invoice.number == "2026-4711"
    assert "advice_not_followed" in [finding.code for finding in extraction.invoice.findings]


def test_languages_of_a_template_are_those_that_are_read(sandbox: Sandbox):
    invoice = sandbox.extract(a_sheet(), languages=("de", "xx")).invoice

    assert invoice.number == "2026-4711"
    assert [(finding.code, finding.field) for finding in invoice.findings] == [("language_not_readable", "language")]
