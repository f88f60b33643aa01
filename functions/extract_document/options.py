"""How a document is to be read: the part of the settings that goes into the child process."""

from dataclasses import dataclass

LANGUAGES = "eng+deu+fra"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Which languages, which engine, and where the language data lie."""

    languages: str = LANGUAGES  # Tesseract's codes, joined by "+"
    engine: str = "auto"  # auto | tesserocr | pytesseract
    tessdata: str = ""  # a folder; "" looks in the known places
