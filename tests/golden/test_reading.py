"""The whole reading of each sample: bytes in, fields out. A wrong value is worse than an empty one, and always fails.

`make test` reads what carries its own characters, and one scan. Tesseract on every picture, by both engines, is slow.
"""

import pytest

from extract_document.answer import Answer
from extract_document.child import answer
from extract_document.options import ReadOptions
from extract_document.work import asks_for_payment
from infra.tools.sample_documents.oddities import FALSE_IBAN
from tests.golden.samples import READABLE, REFUSED, Golden, problems, value_of

ENGINES = ("tesserocr", "pytesseract")
WITH_TEXT = [golden for golden in READABLE if not golden.is_pixels]
PICTURES = [golden for golden in READABLE if golden.is_pixels]
TRAPS = [golden for golden in READABLE if golden.expected["kind"] == "hidden_text"]


def read(golden: Golden, engine: str = "auto") -> Answer:
    """What the child process would answer, without the process."""
    return answer(golden.data, ReadOptions(engine=engine))


def engines_of(golden: Golden) -> list:
    """Both engines; only the first scan by the first engine is quick enough for every day."""
    everyday = golden.sample.name == "de_scan.pdf"
    slow = pytest.mark.slow
    return [
        pytest.param(golden, engine, id=f"{golden}-{engine}", marks=() if everyday and engine == ENGINES[0] else slow)
        for engine in ENGINES
    ]


@pytest.mark.parametrize("golden", WITH_TEXT, ids=str)
def test_every_field_of_a_document_with_characters_is_right(golden: Golden):
    given = read(golden)

    assert given.refusal is None
    assert problems(golden, given.invoice) == []


@pytest.mark.parametrize(("golden", "engine"), [case for golden in PICTURES for case in engines_of(golden)])
def test_every_field_of_a_scan_or_photo_is_right(golden: Golden, engine: str):
    given = read(golden, engine)

    assert given.refusal is None
    assert problems(golden, given.invoice) == []


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
