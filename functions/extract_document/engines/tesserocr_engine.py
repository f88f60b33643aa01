"""Tesseract inside this process, by tesserocr. Its wheel carries Tesseract 5.5 built without OpenMP."""

from functools import cache
from typing import Any

from tesserocr import OEM, PSM, PyTessBaseAPI

from extract_document import tessdata
from extract_document.engines.engine import Layout, SeenWord, words_of_tsv
from extract_document.options import ReadOptions
from extract_document.raster import Grey
from paydraft.model.errors import EngineError


class TesserocrEngine:
    """See engine.Engine. The API objects are kept, so a process forked off later has its models loaded already."""

    starts_processes = False

    def recognise(self, grey: Grey, dpi: int, options: ReadOptions, layout: Layout) -> list[SeenWord]:
        """The words of the picture."""
        api = _api(options.languages, tessdata.find(options.tessdata))
        api.SetPageSegMode(int(layout))
        _show(api, grey, dpi)
        try:
            if not api.Recognize():
                raise EngineError("Tesseract gave up on a page")
            return words_of_tsv(api.GetTSVText(0))
        finally:
            api.Clear()

    def turned(self, grey: Grey, dpi: int, options: ReadOptions) -> int:
        """0 when the orientation model is missing or the picture has too few letters."""
        folder = tessdata.find(options.tessdata)
        if not tessdata.installed(folder, "osd"):
            return 0
        with PyTessBaseAPI(path=folder, lang="osd", psm=PSM.OSD_ONLY) as api:
            _show(api, grey, dpi)
            found = api.DetectOrientationScript()
        return (360 - int(found["orient_deg"])) % 360 if found else 0


@cache
def _api(languages: str, folder: str) -> Any:
    usable = tessdata.installed(folder, languages)
    if not usable:
        raise EngineError(f"no language data for {languages} in {folder or 'any known place'}")
    try:
        return PyTessBaseAPI(path=folder, lang=usable, psm=PSM.AUTO, oem=OEM.LSTM_ONLY)
    except RuntimeError as error:
        raise EngineError(f"Tesseract did not start: {error}") from error


def _show(api: Any, grey: Grey, dpi: int) -> None:
    height, width = grey.shape
    api.SetImageBytes(grey.tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)
