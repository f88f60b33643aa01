"""How a document is to be read, and within which limits: the part of the settings that goes into the child process."""

from dataclasses import dataclass

LANGUAGES = "eng+deu+fra"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Which languages, which engine, and where the language data lie."""

    languages: str = LANGUAGES  # Tesseract's codes, joined by "+"
    engine: str = "auto"  # auto | tesserocr | pytesseract
    tessdata: str = ""  # a folder; "" looks in the known places
    xml: bool = True  # False: embedded e-invoices are not looked at
    qr: bool = True  # False: payment codes are not looked at
    seconds: float = 40  # after which no further page is recognised: those read by then may have all that is needed
    retries: bool = True  # look again where the evidence is poor; without, each page is recognised exactly once
    other_languages: bool = True  # a retry may be in the language that the page shows, if it is none of `languages`
    look_seconds: float = 10  # after which no further step of the second look begins


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take."""

    memory_mb: int = 1500  # address space of the child, of which 400 MB are there before it begins
    seconds: int = 60  # by the clock, and of processor time
    advised_seconds: int = 10  # of those, for the second answer: 0.1 s here
