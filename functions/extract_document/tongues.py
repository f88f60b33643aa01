"""Which of the languages that a template asks for can be recognised here."""

from collections.abc import Sequence
from dataclasses import replace

from extract_document import tessdata
from extract_document.options import ReadOptions
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.model.evidence import Finding, Severity


def options_for(languages: Sequence[str], options: ReadOptions) -> tuple[ReadOptions, tuple[Finding, ...]]:
    """The options with these languages alone, in their order, and what is to be said of those that are not there.

    A language is named by ISO 639-1 or as Tesseract names its data; where none can be read, the options stay.
    """
    packs = vocabulary().ocr_packs
    known = {**packs, **{pack: pack for pack in packs.values()}}
    folder = tessdata.find(options.tessdata)
    found = {code: pack for code in languages if (pack := tessdata.installed(folder, known.get(code, "")))}
    findings = tuple(_unknown(code) for code in dict.fromkeys(languages) if code not in found)
    if not found:
        return options, findings
    return replace(options, languages="+".join(dict.fromkeys(found.values())), other_languages=False), findings


def _unknown(code: str) -> Finding:
    return Finding(
        code="language_not_readable",
        severity=Severity.INFO,
        message=f"The template asks for the language {code}, which can't be recognised here. It was left out.",
        field="language",
    )
