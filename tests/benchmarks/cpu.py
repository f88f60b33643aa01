"""What reading costs: `python tests/benchmarks/cpu.py FOLDER…`. Processor time of one warm process.

One-page PDFs with a text layer: milliseconds at the median, in all and by step. One-page pictures: the same reading,
beside bare Tesseract with the same engine, languages, raster and page, both measured in turns so that a busy machine
is as busy for one as for the other; retries off, and with retries what they add.
"""

import argparse
import os
import resource
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from extract_document import child, images, preprocess, rasterize, tessdata, text_layer
from extract_document.crosscheck import crosschecked
from extract_document.document import Document
from extract_document.engines.engine import recognise
from extract_document.options import ReadOptions
from extract_document.raster import DPI, Raster
from extract_document.recognize import read
from paydraft.extraction.extract import extract
from paydraft.model.errors import PaydraftError
from paydraft.model.media import MediaType, sniff
from paydraft.model.page import Source
from tests.benchmarks.corpus import Truth, truths

_TIMES = 3  # a step is run so often; the least counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="folders with truth.jsonl and the documents it names")
    parser.add_argument("--most", type=int, default=40, help="documents of a kind")
    arguments = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    options = ReadOptions(tessdata=tessdata.find())
    child.warm(options)
    listed = [(folder, truth) for folder in arguments.folders for truth in truths(folder)]
    _print_born_digital(_documents(listed, arguments.most, pictures=False), options)
    _print_scans(_documents(listed, arguments.most, pictures=True), options)
    return 0


def _documents(listed: Iterable[tuple[Path, Truth]], most: int, *, pictures: bool) -> list[bytes]:
    """Documents of one page: pictures of it, or PDFs whose words are all in the text layer."""
    found: list[bytes] = []
    for folder, truth in listed:
        if truth.get("pages", 1) == 1 and len(found) < most:
            data = (folder / truth["file"]).read_bytes()
            if (_is_born_digital(data) is False) if pictures else _is_born_digital(data):
                found.append(data)
    return found


def _is_born_digital(data: bytes) -> bool | None:
    """Whether nothing of a page needs recognition; None for what is no page, or one of both kinds."""
    kind = sniff(data)
    if kind is not MediaType.PDF:
        return None if kind in (None, MediaType.XML) else False
    try:
        with rasterize.opened(data) as pdf:
            if len(pdf) != 1:
                return None
            words = text_layer.read(rasterize.page_of(pdf, 0)).words
        if not words:
            return False
        return True if {word.source for word in read(data).pages[0].words} == {Source.TEXT} else None
    except PaydraftError:
        return None


def _answered(data: bytes, options: ReadOptions) -> None:
    Document(data, options).first()


def _print_born_digital(documents: list[bytes], options: ReadOptions) -> None:
    whole, reading, extraction, crosscheck = [], [], [], []
    for data in documents:
        seen = read(data, options)
        invoice = extract(seen)
        whole.append(_cpu_ms(partial(_answered, data, options)))
        reading.append(_cpu_ms(partial(read, data, options)))
        extraction.append(_cpu_ms(partial(extract, seen)))
        crosscheck.append(_cpu_ms(partial(crosschecked, invoice, data, options)))
    print(f"one-page PDFs with a text layer: {len(documents)}")
    for name, times in (("in all", whole), ("read", reading), ("extract", extraction), ("cross-check", crosscheck)):
        _print_times(name, times)


def _print_scans(documents: list[bytes], options: ReadOptions) -> None:
    plain = replace(options, retries=False)
    bare, ours, ladder = [], [], []
    for data in documents:
        raster = _raster(data)
        bare.append(_cpu_ms(partial(recognise, raster.pixels, round(raster.dpi or DPI), options), times=1))
        ours.append(_cpu_ms(partial(_answered, data, plain), times=1))
        ladder.append(_cpu_ms(partial(_answered, data, options), times=1))
    print(f"one-page pictures: {len(documents)}")
    for name, times in (("bare Tesseract", bare), ("in all, retries off", ours), ("in all, with retries", ladder)):
        _print_times(name, times)
    if bare:
        print(f"  retries off / bare: median {statistics.median(o / b for o, b in zip(ours, bare, strict=True)):.2f}")
        print(f"  the ladder adds {statistics.mean(ladder) - statistics.mean(ours):.0f} ms in the mean")


def _raster(data: bytes) -> Raster:
    """The pixels that our reading recognises, too: made straight, so that both do the same work."""
    kind = sniff(data)
    assert kind is not None
    if kind is not MediaType.PDF:
        return preprocess.straightened(next(iter(images.pages(data, kind)))).raster
    with rasterize.opened(data) as pdf:
        return preprocess.straightened(rasterize.rendered(rasterize.page_of(pdf, 0))).raster


def _cpu_ms(step: Callable[[], object], times: int = _TIMES) -> float:
    taken = []
    for _ in range(times):
        begun = _cpu_seconds()
        step()
        taken.append((_cpu_seconds() - begun) * 1000)
    return min(taken)


def _cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _print_times(name: str, times: list[float]) -> None:
    if times:
        most = sorted(times)[int(len(times) * 0.9)]
        print(f"  {name:22} median {statistics.median(times):7.1f} ms   nine of ten under {most:7.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
