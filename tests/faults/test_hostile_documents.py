"""A document made to hurt costs one job: it ends in a reason, within its limits, and the next document is read.

The files are those of tests/hostile_files.py. What takes seconds to be stopped is marked slow.
"""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from extract_document.options import Limits, ReadOptions
from extract_document.sandbox import Sandbox
from paydraft.model.errors import (
    DocumentError,
    EncryptedDocumentError,
    TooManyPagesError,
    UnreadableDocumentError,
    UnsafeDocumentError,
    UnsupportedMediaError,
)
from tests import hostile_files as hostile
from tests.paper import a_sheet, encoded, pixels
from tests.paper_heic import HEIC

LIMITS = Limits(memory_mb=900, seconds=15)
RANDOM = np.random.default_rng(20261120)
type Make = Callable[[], bytes]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(ReadOptions(), LIMITS, path=os.environ["PATH"])
    assert is_well(sandbox)
    yield sandbox
    sandbox.close()


def is_well(sandbox: Sandbox) -> bool:
    """Whether an ordinary document is read."""
    (page,) = sandbox.extract(a_sheet()).pages.pages
    return "1.190,00" in " ".join(line.text for line in page.lines)


def resident_megabytes() -> int:
    """The memory that this process holds."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def junk(head: bytes) -> Make:
    return lambda: head + RANDOM.bytes(5000)


REFUSED: dict[str, tuple[Make, type[DocumentError]]] = {
    "page as high as a tower": (hostile.a_page_as_high_as_a_tower, UnreadableDocumentError),
    "ten thousand pages": (hostile.ten_thousand_pages, TooManyPagesError),
    "pages that hold themselves": (hostile.pages_that_hold_themselves, UnreadableDocumentError),
    "brackets within brackets": (hostile.brackets_within_brackets, UnreadableDocumentError),
    "encrypted": (hostile.an_encrypted_pdf, EncryptedDocumentError),
    "png of 2.5 gigapixels": (lambda: hostile.a_png(50_000, 50_000), UnsafeDocumentError),
    "png of 64 megapixels": (lambda: hostile.a_png(8_000, 8_000), UnsafeDocumentError),
    "png without its pixels": (lambda: hostile.a_png(7_000, 7_000), UnreadableDocumentError),
    "jpeg with a huge header": (hostile.a_jpeg_with_a_huge_header, UnsafeDocumentError),
    "tiff without end": (hostile.a_tiff_without_end, UnreadableDocumentError),
    "tiff of a thousand frames": (lambda: hostile.a_tiff(1000), TooManyPagesError),
    "cut jpeg": (lambda: hostile.a_jpeg()[:300], UnreadableDocumentError),
    "cut pdf": (lambda: a_sheet()[:500], UnreadableDocumentError),
    "junk after a pdf header": (junk(b"%PDF-1.7\n"), UnreadableDocumentError),
    "junk after a png header": (junk(b"\x89PNG\r\n\x1a\n"), UnreadableDocumentError),
    "junk after a jpeg header": (junk(b"\xff\xd8\xff"), UnreadableDocumentError),
    "junk after a tiff header": (junk(b"II*\0"), UnreadableDocumentError),
    "junk after a bmp header": (junk(b"BM"), UnreadableDocumentError),
    "junk after a webp header": (junk(b"RIFF\0\0\0\0WEBPVP8 "), UnreadableDocumentError),
    "junk after a heic header": (junk(b"\0\0\0\x18ftypheic\0\0\0\0"), UnreadableDocumentError),
    "html": (lambda: b"<html><script>alert(1)</script></html>", UnsupportedMediaError),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedMediaError),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\n", UnsupportedMediaError),
    "zip": (lambda: b"PK\x03\x04" + bytes(100), UnsupportedMediaError),
    "nothing": (lambda: b"", UnsupportedMediaError),
}

STOPPED: dict[str, Make] = {
    "form of a billion forms": hostile.a_form_of_a_billion_forms,
    "form that draws itself": hostile.a_form_that_draws_itself,
    "page as large as a town": hostile.a_page_as_large_as_a_town,
    "picture of three gigabytes": hostile.a_picture_of_three_gigabytes,
    "gigabyte packed twice": hostile.a_gigabyte_packed_twice,
    "content of many megabytes": hostile.a_content_of_many_megabytes,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_known_to_be_bad_is_refused_by_its_reason(sandbox: Sandbox, name: str):
    make, error = REFUSED[name]

    with pytest.raises(DocumentError) as told:
        sandbox.extract(make())

    assert type(told.value) is error, told.value


@pytest.mark.slow
@pytest.mark.parametrize("name", STOPPED)
def test_what_takes_too_much_is_stopped_and_the_next_document_is_read(sandbox: Sandbox, name: str):
    document = STOPPED[name]()
    before = resident_megabytes()

    with pytest.raises((UnsafeDocumentError, UnreadableDocumentError)):
        sandbox.extract(document)

    assert is_well(sandbox)
    assert resident_megabytes() - before < 20


@pytest.mark.slow
def test_after_all_of_them_the_next_document_is_read_and_memory_is_where_it_was(sandbox: Sandbox):
    documents = [make() for make, _ in REFUSED.values()]
    before = resident_megabytes()

    for document in documents:
        with pytest.raises(DocumentError):
            sandbox.extract(document)

    assert is_well(sandbox)
    assert resident_megabytes() - before < 20


def mutated(whole: bytes) -> bytes:
    """The document with some bytes changed, dropped or doubled."""
    data = bytearray(whole)
    for place in RANDOM.integers(0, len(data), int(RANDOM.integers(1, 30))):
        data[place] = RANDOM.integers(0, 256)
    start, length = RANDOM.integers(0, len(data)), RANDOM.integers(0, 200)
    match RANDOM.integers(0, 4):
        case 0:
            del data[start : start + length]
        case 1:
            data[start:start] = data[start : start + length]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG", "TIFF", "BMP", "WEBP", "HEIC"])
def test_a_damaged_document_is_read_or_refused_and_nothing_else(sandbox: Sandbox, kind: str):
    small = pixels(a_sheet(["Total 1.190,00 EUR"]), 60)[:200]
    whole = {"PDF": a_sheet(), "HEIC": HEIC}.get(kind) or encoded(small, kind)

    for _ in range(60):
        try:
            sandbox.extract(mutated(whole))
        except DocumentError:
            continue

    assert is_well(sandbox)


@pytest.mark.slow
def test_memory_stays_where_it_is_over_many_documents(sandbox: Sandbox):
    document = a_sheet()
    for _ in range(20):
        sandbox.extract(document)
    before = resident_megabytes()

    for _ in range(300):
        sandbox.extract(document)

    assert resident_megabytes() - before < 10
    assert not list(Path("/tmp").glob("paydraft-*/page.png"))
