"""`paydraft extract`: what documents say, without a stack, read exactly as the function reads them.

    {"id": "invoice-17", "fields": {"total": "1190.00", …}, "confidence": {"total": 0.98, …},
     "document_type": "invoice", "language": "de",
     "findings": [{"code": …, "severity": …, "field": …}], "ms": 61.0, "cpu_ms": 58.2}

A document that can't be read has `"error": {"code": …, "message": …}`. Exit code 0 when every file was read, 1 when one
was not, 2 when the command itself is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from extract_document import tessdata
from extract_document.options import LANGUAGES, Limits, ReadOptions
from infra.cli.field_names import confidences, named_fields
from infra.cli.target import TargetError
from paydraft.model.errors import error_of
from paydraft.model.media import sniff

if TYPE_CHECKING:
    from infra.cli.readers import Read

_HEAD_BYTES = 2048  # enough to tell a file's type
_SUFFIXES = frozenset(".pdf .png .jpg .jpeg .tif .tiff .bmp .webp .heic .heif .xml".split())


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `extract` to the parser of `paydraft`."""
    told = "the fields of documents, without a stack"
    parser = commands.add_parser(
        "extract", help=told, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a document, or a folder of documents")
    parser.add_argument("--jsonl", action="store_true", help="one JSON line a file; else a table for a person")
    parser.add_argument("--no-xml", action="store_true", help="do not read embedded e-invoices")
    parser.add_argument("--no-qr", action="store_true", help="do not read payment QR codes")
    parser.add_argument(
        "--workers", type=int, default=os.process_cpu_count() or 1, help="processes; default: one a core"
    )
    parser.add_argument("--languages", default=LANGUAGES, help=f"Tesseract's codes; default {LANGUAGES}")
    parser.add_argument("--engine", default="auto", choices=("auto", "tesserocr", "pytesseract"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read the files; the exit code of the process."""
    from infra.cli.readers import read_all  # loads PDFium, OpenCV and Tesseract, which no other command needs

    files = list(_documents(arguments.files))
    if not files:
        raise TargetError("No documents there. Name files, or a folder that holds PDFs or pictures.")
    options = ReadOptions(
        languages=arguments.languages,
        engine=arguments.engine,
        tessdata=tessdata.find(os.environ.get("TESSDATA_PREFIX", "")),
        xml=not arguments.no_xml,
        qr=not arguments.no_qr,
    )
    show = as_json if arguments.jsonl else _as_table
    failed = 0
    try:
        with _progress(len(files)) as tell:
            for read in read_all(files, options, Limits(), max(1, arguments.workers)):
                failed += read.answer.refusal is not None
                tell(show(read))
    except BrokenPipeError:  # whoever read the lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 1 if failed else 0


def as_json(read: Read) -> str:
    """The line of one file."""
    return json.dumps(_content(read), ensure_ascii=False, allow_nan=False)


def _content(read: Read) -> dict[str, Any]:
    line: dict[str, Any] = {"id": read.file.stem, "fields": {}, "findings": []}
    invoice, refusal = read.answer.invoice, read.answer.refusal
    if invoice is not None:
        findings = [one.model_dump(mode="json", include={"code", "severity", "field"}) for one in invoice.findings]
        line |= {"fields": named_fields(invoice), "confidence": confidences(invoice), "findings": findings}
        line |= {"document_type": invoice.document_type.value, "language": invoice.language}
    if refusal is not None:
        line["error"] = {"code": refusal.code, "message": error_of(refusal.code).text}
    return line | {"ms": round(read.ms, 1), "cpu_ms": round(read.cpu_ms, 1)}


def _as_table(read: Read) -> str:
    content = _content(read)
    rows = [(name, _shown(value)) for name, value in content["fields"].items()]
    rows += [("finding", _shown(one)) for one in content["findings"]]
    if "error" in content:
        rows.append(("error", content["error"]["message"]))
    return "\n".join([f"{read.file}  ({content['ms']:.0f} ms)", *(f"  {name:18} {value}" for name, value in rows)])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{name} {one}" for name, one in value.items() if one is not None)
    return ("\n" + " " * 21).join(map(_shown, value)) if isinstance(value, list) else str(value)


def _documents(named: list[Path]) -> Iterator[Path]:
    """The files as named; of a folder, at any depth, those that a name or the first bytes show to be a document."""
    for path in named:
        if not path.exists():
            raise TargetError(f"{path} is not there. Name a document, or a folder of documents.")
        if not path.is_dir():
            yield path
            continue
        yield from (file for file in sorted(path.rglob("*")) if file.is_file() and _is_document(file))


def _is_document(file: Path) -> bool:
    if file.suffix.lower() in _SUFFIXES:  # also when its bytes are broken: the line will say so
        return True
    with contextlib.suppress(OSError), file.open("rb") as stream:
        return sniff(stream.read(_HEAD_BYTES)) is not None
    return False


@contextlib.contextmanager
def _progress(files: int) -> Iterator[Callable[[str], None]]:
    """A function that prints a file's text; on a terminal a bar (on standard error) counts the files."""
    if not sys.stderr.isatty():
        yield lambda text: print(text, flush=True)
        return
    console = Console(stderr=True)
    with Progress(console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("reading", total=files)

        def tell(text: str) -> None:
            if sys.stdout.isatty():
                console.print(Text(text), soft_wrap=True)
            else:
                print(text, flush=True)
            bar.advance(task)

        yield tell
