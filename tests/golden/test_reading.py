"""The whole reading of each sample: bytes in, fields out. A wrong value is worse than an empty one, and always fails.

`make test` reads what carries its own characters, and one scan. Tesseract on every picture, by both engines, is slow.
"""

from functools import cache

import pytest

from extract_document.answer import Answer
from extract_document.child import answer
from extract_document.options import ReadOptions
from extract_document.work import asks_for_payment
from infra.tools.sample_documents.oddities import FALSE_IBAN
from tests.golden.known_bugs import KNOWN_BUGS
from tests.golden.samples import BY_NAME, READABLE, REFUSED, Golden, problems, value_of

ENGINES = ("tesserocr", "pytesseract")
WITH_TEXT = [golden for golden in READABLE if not golden.is_pixels]
PICTURES = [golden for golden in READABLE if golden.is_pixels]
TRAPS = [golden for golden in READABLE if golden.expected["kind"] == "hidden_text"]


@cache
def read(golden: Golden, engine: str = "auto") -> Answer:
    """What the child process would answer, without the process."""
    return answer(golden.data, ReadOptions(engine=engine))


def surprises(golden: Golden, engine: str = "auto") -> dict[str, str]:
    """The problems that are not known yet."""
    given = read(golden, engine)
    assert given.refusal is None
    known = {bug.field for bug in KNOWN_BUGS if bug.document == golden.sample.name}
    return {name: what for name, what in problems(golden, given.invoice).items() if name not in known}


def marks_of(golden: Golden, engine: str) -> tuple:
    """Only the first scan, by the first engine, is quick enough for every day."""
    is_everyday = not golden.is_pixels or (golden.sample.name == "de_scan.pdf" and engine == ENGINES[0])
    return () if is_everyday else (pytest.mark.slow,)


@pytest.mark.parametrize("golden", WITH_TEXT, ids=str)
def test_every_field_of_a_document_with_characters_is_right(golden: Golden):
    assert surprises(golden) == {}


@pytest.mark.parametrize(
    ("golden", "engine"),
    [pytest.param(g, e, id=f"{g}-{e}", marks=marks_of(g, e)) for g in PICTURES for e in ENGINES],
)
def test_every_field_of_a_scan_or_photo_is_right(golden: Golden, engine: str):
    assert surprises(golden, engine) == {}


@pytest.mark.parametrize(
    ("golden", "engine", "field"),
    [
        pytest.param(
            BY_NAME[bug.document],
            engine,
            bug.field,
            id=f"{bug.document}-{bug.field}-{engine}",
            marks=(
                pytest.mark.xfail(strict=True, raises=AssertionError, reason=bug.reason),
                *marks_of(BY_NAME[bug.document], engine),
            ),
        )
        for bug in KNOWN_BUGS
        for engine in bug.engines
    ],
)
def test_a_known_bug_is_mended(golden: Golden, engine: str, field: str):
    assert field not in problems(golden, read(golden, engine).invoice)


@pytest.mark.parametrize("golden", TRAPS, ids=str)
def test_an_account_that_nobody_sees_is_never_paid(golden: Golden):
    invoice = read(golden).invoice

    assert invoice.iban != FALSE_IBAN
    told = {finding.code for finding in invoice.findings}
    assert invoice.iban is not None or "payment_data_conflict" in told


@pytest.mark.parametrize("golden", WITH_TEXT, ids=str)
def test_every_field_says_where_it_was_read(golden: Golden):
    invoice = read(golden).invoice
    filled = {name for name in golden.expected["fields"] if value_of(invoice, name) is not None}

    assert filled - {"document_type", "reference_kind"} <= set(invoice.evidence)


@pytest.mark.parametrize("golden", REFUSED, ids=str)
def test_a_document_that_can_not_become_a_draft_says_why(golden: Golden):
    given = read(golden)

    if golden.expected["failure"] == "not_an_invoice":
        assert not asks_for_payment(given.invoice)
    else:
        assert given.refusal.code == golden.expected["failure"]
