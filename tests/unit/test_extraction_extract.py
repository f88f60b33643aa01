"""The door: a reading in, an Invoice out; every value has its evidence, and the same input gives the same output."""

import ast
import subprocess
import sys
from pathlib import Path

import paydraft.extraction
from paydraft.extraction.candidates import FLOOR
from paydraft.extraction.extract import extract
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.page import Reading, Source
from tests.typeset import a_reading, read

LETTER = """
Tannhof & Rabe GmbH · Werftgasse 12 · 24103 Kiel

Elbfunken Veranstaltungen GmbH
Brückenkai 7
20457 Hamburg


Rechnung

Rechnungsnummer      Rechnungsdatum      Kundennummer      Fällig am
RE-2026-1183         04.11.2026          K-20817           04.12.2026

Pos.  Bezeichnung                     Menge       Einzelpreis     Betrag
1     LED-Stufenlinse                 12 Stk.     38,50           462,00
2     Kabelweg                        180 m       1,85            333,00

                                      Nettobetrag               795,00 €
                                      zzgl. 19 % MwSt.          151,05 €
                                      Gesamtbetrag              946,05 €

Bankverbindung: Fördebank Kiel        USt-IdNr. DE136695976
IBAN DE89 3704 0044 0532 0130 00      Amtsgericht Kiel, HRB 99417
BIC COBADEFFXXX
"""


def given_values(invoice: Invoice) -> set[str]:
    """The dotted names of all values that are given."""
    values = invoice.model_dump(exclude={"evidence", "findings", "language", "document_type"}, exclude_none=True)
    names = set()
    for name, value in values.items():
        if name == "accounts":
            names |= {f"accounts.{index}" for index in range(len(value))}
            continue
        names |= {f"{name}.{part}" for part in value} if isinstance(value, dict) else {name} if value != () else set()
    return names


def test_a_letter_gives_all_that_a_transfer_needs():
    invoice = read(LETTER)
    assert (invoice.number, str(invoice.issue_date), str(invoice.due_date)) == (
        "RE-2026-1183",
        "2026-11-04",
        "2026-12-04",
    )
    assert (invoice.iban, invoice.bic, str(invoice.to_pay.amount)) == (
        "DE89370400440532013000",
        "COBADEFFXXX",
        "946.05",
    )
    assert (invoice.seller.name, invoice.buyer.name) == ("Tannhof & Rabe GmbH", "Elbfunken Veranstaltungen GmbH")
    assert invoice.seller.vat_number == "DE136695976"
    assert (invoice.language, invoice.document_type) == ("de", "invoice")


def test_every_value_has_evidence_and_reaches_the_floor():
    invoice = read(LETTER)
    assert given_values(invoice) <= set(invoice.evidence)
    for name in given_values(invoice):
        proof = invoice.evidence[name]
        assert proof.confidence >= FLOOR
        assert proof.raw
        assert proof.area is not None
        assert 0 <= proof.area.x0 < proof.area.x1 <= proof.area.page_width


def test_the_same_reading_gives_the_same_invoice_in_any_order_of_words():
    reading = a_reading(LETTER)
    page = reading.pages[0]
    shuffled = Reading(reading.media_type, (type(page)(1, page.width, page.height, page.words[::-1]),))
    assert extract(reading) == extract(reading) == extract(shuffled)


def test_a_page_read_from_pixels_is_a_little_less_certain():
    printed, scanned = read(LETTER), read(LETTER, source=Source.OCR)
    assert scanned.total == printed.total
    assert scanned.evidence["total"].source is Source.OCR
    assert scanned.evidence["total"].confidence < printed.evidence["total"].confidence


def test_ocrs_letters_count_as_digits_in_an_account_only_where_the_check_digits_agree():
    text = "IBAN DEB9 37O4 0O44 0532 0130 00"
    assert read(text.replace("B", "8"), source=Source.OCR).iban == "DE89370400440532013000"
    assert read(text.replace("B", "8")).iban is None
    assert read(text.replace("0532", "0533"), source=Source.OCR).iban is None


def test_totals_may_stand_on_the_last_page():
    invoice = read("Rechnung Nr. 4711\nRechnungsdatum: 04.11.2026", "Gesamtbetrag    946,05 €")
    assert (invoice.number, str(invoice.total)) == ("4711", "946.05")
    assert invoice.evidence["total"].area.page == 2


def test_nothing_gives_nothing():
    assert given_values(extract(Reading(MediaType.PDF, ()))) == set()
    assert extract(Reading(MediaType.PDF, ())).document_type == "other"


def test_the_core_is_pure():
    """No clock, no chance, no files beside the language files, no network; and nothing heavy is loaded."""
    forbidden = {
        "os",
        "time",
        "random",
        "uuid",
        "socket",
        "subprocess",
        "io",
        "pathlib",
        "boto3",
        "PIL",
        "pypdfium2",
        "cv2",
        "numpy",
    }
    for file in Path(paydraft.extraction.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & forbidden, file


def test_importing_the_door_reads_no_language_file():
    script = (
        "import sys; from paydraft.extraction.extract import extract;"
        "from paydraft.extraction.labels.vocabulary import vocabulary; sys.exit(vocabulary.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
