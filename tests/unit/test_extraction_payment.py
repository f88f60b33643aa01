"""An account is printed, its check digits hold, and it is the creditor's; else there is none."""

from dataclasses import replace

import pytest

from paydraft.extraction.extract import extract
from paydraft.model.media import MediaType
from paydraft.model.page import Page, Reading, Source
from tests.typeset import a_page, read

OURS = "DE89370400440532013000"
OTHER = "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    "line",
    [
        "IBAN: DE89 3704 0044 0532 0130 00",
        "IBAN DE89370400440532013000 BIC COBADEFFXXX",
        "IBAN-Nr.: DE89 3704 0044 0532 0130 00  Handelsreg.: HRB 1",
        "DE89370400440532013000, Sparkasse Musterstadt",
        "IBAN:DE89-3704-0044-0532-0130-00",
    ],
)
def test_an_iban_is_read_however_it_is_printed(line: str):
    invoice = read(line)
    assert invoice.iban == OURS
    assert invoice.evidence["iban"].checks == ("mod97",)
    assert invoice.evidence["iban"].area.page == 1


def test_an_iban_that_a_narrow_column_breaks_is_joined():
    assert read("IBAN: DE89 3704 0044\n      0532 0130 00").iban == OURS


@pytest.mark.parametrize(
    "line",
    [
        "IBAN: DE88 3704 0044 0532 0130 00",
        "IBAN: DL12 3456 7890 1234 56",
        "IBAN: DE89 3704 0044 0532 0130",
        "Gläubiger-ID: DE98ZZZ09999999999",
        "FR76 ***************************",
    ],
)
def test_what_fails_its_check_is_never_given(line: str):
    assert read(line).iban is None


def test_an_unreadable_iban_behind_its_label_is_a_finding():
    assert [finding.code for finding in read("IBAN: DE88 3704 0044 0532 0130 00").findings] == ["iban_unreadable"]


@pytest.mark.parametrize(
    "line",
    [
        "Der Betrag wird am 20.03.2026 von Ihrem Konto mit IBAN DE89 3704 0044 0532 0130 00 eingezogen.",
        "Käufer-IBAN   DE89370400440532013000",
        "The amount will be collected by direct debit from IBAN DE89370400440532013000",
        "Sera prélevé sur votre compte IBAN DE89370400440532013000",
    ],
)
def test_the_debtors_account_is_never_the_payees(line: str):
    assert read(line).iban is None


def test_the_creditors_account_stays_when_the_debtors_is_printed_too():
    invoice = read(f"Käufer-IBAN: {OTHER}\n\n\n\n\n\nBankverbindung\nIBAN: {OURS}")
    assert invoice.iban == OURS


def test_of_several_accounts_the_first_stays_with_the_others_as_alternatives_and_a_finding():
    invoice = read(f"Bankverbindung\nIBAN: {OURS}\n\n\n\nIBAN: {OTHER}")
    assert invoice.iban == OURS
    assert [other.value for other in invoice.evidence["iban"].alternatives] == [OTHER]
    assert [finding.code for finding in invoice.findings] == ["several_accounts"]
    assert invoice.evidence["iban"].confidence < 0.9


@pytest.mark.parametrize(
    ("lines", "bic"),
    [
        (f"IBAN {OURS}\nBIC COBADEFFXXX", "COBADEFFXXX"),
        (f"IBAN {OURS}\nSWIFT: COBA DE FF", "COBADEFF"),
        (f"IBAN {OURS}\nBIC BNPAFRPP", None),
        (f"IBAN {OURS}\nBIC COBADEFXXX", None),
        (f"IBAN {OURS}\n\n\n\n\nCOBADEFF", None),
    ],
)
def test_a_bic_needs_its_label_or_the_place_at_its_iban_and_the_ibans_country(lines: str, bic: str | None):
    assert read(lines).bic == bic


@pytest.mark.parametrize(
    ("line", "reference", "kind"),
    [
        ("Referenz  RF18 5390 0754 7034", "RF18539007547034", "rf"),
        ("Reference  21 00000 00003 13947 14300 09017", "210000000003139471430009017", "qrr"),
        ("Mededeling: +++090/9337/55493+++", "090933755493", "national"),
        ("Verwendungszweck: RE-2026-1183", "RE-2026-1183", "text"),
        ("Referenz (bitte bei Zahlung angeben)  2026-471102", "2026-471102", "text"),
        ("Please use the following communication for your payment : 202309097001", "202309097001", "text"),
        ("Ihre Referenz: 4711", None, None),
        ("Referenz  RF19 5390 0754 7034", None, None),
        ("Referenz  21 00000 00003 13947 14300 09018", None, None),
        ("+++090/9337/55494+++", None, None),
    ],
)
def test_a_reference_is_checked_or_labelled(line: str, reference: str | None, kind: str | None):
    invoice = read(line)
    assert (invoice.reference, invoice.reference_kind) == (reference, kind)


@pytest.mark.parametrize(
    "line",
    [
        "Invoice no: KWO4096",
        "Invoice no: 1BZY2087",
        "Payment reference: ABCI2345",
        f"IBAN {OURS}\nBIC COBADEF0O1A",
    ],
)
def test_letters_that_ocr_takes_for_digits_leave_an_unchecked_word_open(line: str):
    scanned = read(line, source=Source.OCR)
    assert (scanned.number, scanned.reference, scanned.bic) == (None, None, None)
    assert any(proof.alternatives for proof in scanned.evidence.values())
    printed = read(line)
    assert printed.number or printed.reference or printed.bic


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Rechnungsnummer: RE-2026-1183", "RE-2026-1183"),
        ("Invoice # 104417", "104417"),
        ("INVOICE: INV-100", "INV-100"),
        ("Facture n°562044387 du 02 Juillet 2015", "562044387"),
        ("Rechnung Nr. 4711 vom 05.06.2026", "4711"),
        ("Handelsrechnung (380) Nr. 471102 vom 05.06.2026", "471102"),
        (
            "Factuur datum     Factuur          Vervaldatum\n8-9-2022          VF1005193039     22-9-2022",
            "VF1005193039",
        ),
        ("Kundennummer: 4711", None),
        ("Customer No: 4711", None),
        ("Invoice date: 01.02.2026", None),
        ("Factuur totaal EUR   49,99", None),
        ("Rechnungsnummer: A1\n\n\nRechnungsnummer: A2", None),
        ("Rechnungsnummer   651 738 9471", "651 738 9471"),
        ("Invoice No: # 104417", "104417"),
        ("Tax Invoice   3rd Floor, Example House\nSINV-26-38048   Pune 411004", "SINV-26-38048"),
        ("Fatura 14 dias", None),
        ("Fatura FT A/1530   Original", "FT A/1530"),
        ("Faktura VAT nr FV 242/06/2026", "FV 242/06/2026"),
        ("Schlussrechnung 465-04", "465-04"),
        ("FAKTURA - daňový doklad č. FV-20262492", "FV-20262492"),
        ("Avviso di parcella n. 17 del 03/10/2026\nParcella n. 17 del 03/10/2026", "17"),
        ("NUMBER      DATE          PAYABLE BY     AMOUNT\nKWS26417    11 Mar 2026   31 Mar 2026    5.00", "KWS26417"),
        ("Facture\nRéf. : F-2026-185\nDate d'émission : 27/06/2026", "F-2026-185"),
        ("Numéro: FA-616661\nDate: 03/10/2026", "FA-616661"),
        ("FACTURA   FECHA\n26-45365   02/10/2026\n\nRegistro Mercantil de Sevilla, Tomo 1, Folio 88", "26-45365"),
        ("VAT number FI13701674\nInvoice no FI13701674", None),
        ("Rechnung vom 12.03.2026", None),
        ("VAT Registration\nNo: GB 123 4567 89\nDate: 03/10/2026", None),
        ("Customer number: 4711\nDate: 03/10/2026", None),
        ("Number of pages: 4\nDate: 03/10/2026", None),
    ],
)
def test_the_invoice_number_is_the_labelled_word_with_a_digit(text: str, number: str | None):
    assert read(text).number == number


def test_a_zero_that_ocr_takes_for_a_letter_behind_a_usual_prefix_is_a_zero():
    assert read("Invoice no: INVO4096", source=Source.OCR).number == "INV04096"
    assert read("Invoice no: INVO4096").number == "INVO4096"


def a_large_heading(heading: str, rest: str) -> Page:
    """A page whose first line is set in letters twice as high as the others."""
    page = a_page(f"{heading}\n\n{rest}")
    top = page.words[0].box.y0
    words = [
        replace(word, box=replace(word.box, y1=word.box.y1 + 10)) if word.box.y0 == top else word for word in page.words
    ]
    return replace(page, words=tuple(words))


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("Račun br. 775/1/1", "775/1/1"),
        ("Arve nr 64946", "64946"),
        ("Τιμολόγιο Παροχής Υπηρεσιών Α-1917", "Α-1917"),
        ("Gostilna Pri Lipi 1987", None),
        ("Kaunas", None),
    ],
)
def test_a_heading_in_large_letters_ends_with_the_number(heading: str, number: str | None):
    page = a_large_heading(heading, "Abc def\nGhi jkl\nMno pqr 12,00\nStu vwx 13,00")
    assert extract(Reading(MediaType.PDF, (page,))).number == number
