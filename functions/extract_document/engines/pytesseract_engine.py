"""Tesseract as the installed program, by pytesseract: any version from 4 on, on any machine that has it."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytesseract
from PIL import Image

from extract_document import tessdata
from extract_document.engines.engine import Layout, SeenWord, words_of_tsv
from extract_document.options import ReadOptions
from extract_document.raster import Grey
from paydraft.model.errors import EngineError


class PytesseractEngine:
    """See engine.Engine. One process for each picture; the picture goes by a PNG that we write."""

    starts_processes = True

    def recognise(self, grey: Grey, dpi: int, options: ReadOptions, layout: Layout) -> list[SeenWord]:
        """The words of the picture."""
        folder = tessdata.find(options.tessdata)
        languages = tessdata.installed(folder, options.languages)
        if not languages:
            raise EngineError(f"no language data for {options.languages} in {folder or 'any known place'}")
        with _picture(grey) as path:
            try:
                tsv = _run(folder).image_to_data(path, lang=languages, config=f"--psm {layout} --oem 1 --dpi {dpi}")
            except pytesseract.TesseractError as error:
                raise EngineError(f"tesseract ended with status {error.status}") from error
        return words_of_tsv(tsv)

    def turned(self, grey: Grey, dpi: int, options: ReadOptions) -> int:
        """0 when the orientation model is missing or the picture has too few letters."""
        folder = tessdata.find(options.tessdata)
        if not tessdata.installed(folder, "osd"):
            return 0
        with _picture(grey) as path:
            try:
                report = _run(folder).image_to_osd(path, config=f"--dpi {dpi}")
            except pytesseract.TesseractError:
                return 0
        found = re.search(r"^Rotate: (\d+)", report, re.MULTILINE)
        return int(found.group(1)) if found else 0


@cache
def _run(folder: str) -> Any:
    """The library, told where the program is and what the program's environment holds.

    Without OMP_THREAD_LIMIT=1 the threads of Debian's build wait for each other: 5.9 times slower on two cores.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise EngineError("the program tesseract is not installed")
    library: Any = pytesseract.pytesseract
    library.tesseract_cmd = program
    library.environ = {"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "TESSDATA_PREFIX": folder}
    return library


@contextmanager
def _picture(grey: Grey) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        Image.fromarray(grey).save(path, compress_level=1)
        yield str(path)
