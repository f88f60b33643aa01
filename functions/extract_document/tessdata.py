"""Where Tesseract's language data lies on this machine."""

from pathlib import Path

# Debian's tesseract-ocr package, a hand-built Tesseract, Homebrew on Apple and on Intel machines.
PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def find(named: str = "") -> str:
    """The folder `named` (what TESSDATA_PREFIX says), else the first known place that exists, else ""."""
    return named or next((place for place in PLACES if Path(place).is_dir()), "")


def installed(folder: str, languages: str) -> str:
    """Those of `languages` ("eng+deu") that the folder has, in the same spelling; "" if it has none."""
    return "+".join(code for code in languages.split("+") if (Path(folder) / f"{code}.traineddata").is_file())
