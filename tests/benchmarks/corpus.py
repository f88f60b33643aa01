"""A folder of documents with known answers: `truth.jsonl`, the documents that it names, and its `score.py`.

Degraded copies lie in a folder of the same form without a scorer; their ids end in "~<variant>". What was seen in a
document is kept in a folder of readings by the document's bytes, so that extraction alone can be tried again in
seconds; `fresh` reads again, which a change of the reader needs.
"""

import hashlib
import importlib.util
import json
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from extract_document import tessdata
from extract_document.look_again import look_again
from extract_document.options import ReadOptions
from extract_document.recognize import read
from paydraft.extraction.extract import extract
from paydraft.model.errors import PaydraftError
from paydraft.model.page import Reading

READINGS = Path(".paydraft/readings")
CLEAN = "clean"

type Truth = dict[str, Any]


class Scorer(Protocol):
    """What is used of a corpus' score.py."""

    def judge(self, key: str, t: dict[str, Any], p: dict[str, Any]) -> str:
        """right, wrong or empty."""

    def payable(self, t: dict[str, Any], p: dict[str, Any]) -> dict[str, Any] | None:
        """Whether the transfer is right ("ok"); None for a document that asks for none."""

    def get(self, fields: dict[str, Any], key: str) -> object:
        """A field's value; None where it is missing or empty."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a corpus: its answers, and what was seen in it (None where it could not be read)."""

    truth: Truth
    file: Path
    reading: Reading | None

    @property
    def variant(self) -> str:
        """How it was degraded; CLEAN if it was not."""
        return variant_of(self.truth)

    @property
    def family(self) -> str:
        """Its layout family."""
        return str(self.truth["family"])

    def page_only(self) -> "Document":
        """The same document without embedded e-invoice and payment codes."""
        if self.reading is None:
            return self
        return replace(self, reading=replace(self.reading, attachments=(), codes=()))


def truths(folder: Path) -> list[Truth]:
    """The lines of truth.jsonl."""
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines() if line.strip()]


def variant_of(truth: Truth) -> str:
    """The variant that a document's id names."""
    return str(truth["id"]).partition("~")[2] or CLEAN


def scorer(corpus: Path) -> Scorer:
    """The corpus' own score.py as a module."""
    spec = importlib.util.spec_from_file_location("corpus_score", corpus / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(corpus / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents(folder: Path, readings: Path = READINGS, *, fresh: bool = False) -> Iterator[Document]:
    """Every document of a folder with its reading."""
    readings.mkdir(parents=True, exist_ok=True)
    listed = truths(folder)
    places = {folder / truth["file"]: _place(folder / truth["file"], readings) for truth in listed}
    _read([(file, place) for file, place in places.items() if fresh or not place.exists()])
    for truth in listed:
        file = folder / truth["file"]
        yield Document(truth, file, pickle.loads(places[file].read_bytes()))


def _place(file: Path, readings: Path) -> Path:
    return readings / f"{hashlib.sha256(file.read_bytes()).hexdigest()}.pickle"


def _read(jobs: list[tuple[Path, Path]]) -> None:
    if not jobs:
        return
    os.environ["OMP_THREAD_LIMIT"] = "1"  # in the workers: Tesseract's threads would fight for the cores
    with ProcessPoolExecutor(os.process_cpu_count(), get_context("spawn")) as pool:
        list(pool.map(_keep, *zip(*jobs, strict=True)))


def _keep(file: Path, place: Path) -> None:
    """Read a file as the function does, second look included, and write down what was seen."""
    data, options = file.read_bytes(), ReadOptions(tessdata=tessdata.find())
    try:
        first = read(data, options)
        seen: Reading | None = look_again(first, extract(first), data, options).reading
    except PaydraftError:
        seen = None
    place.write_bytes(pickle.dumps(seen))
