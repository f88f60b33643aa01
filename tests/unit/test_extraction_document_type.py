"""What a document asks of its reader; OTHER when nothing in it asks for a payment."""

import pytest

from paydraft.model.invoice import DocumentType
from tests.typeset import read

TO_PAY = "\nGesamtbetrag    119,00 EUR\nIBAN DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Rechnung\nRechnungsnummer 4711" + TO_PAY, DocumentType.INVOICE),
        ("W A R E N R E C H N U N G" + TO_PAY, DocumentType.INVOICE),
        ("Zahlteil\nKonto / Zahlbar an" + TO_PAY, DocumentType.INVOICE),
        ("Invoice\nTotal due    10.00 GBP", DocumentType.INVOICE),
        ("Gutschrift\nzu Rechnung 4711" + TO_PAY, DocumentType.CREDIT_NOTE),
        ("Credit note 12\nInvoice 4711\nTotal   10.00 EUR", DocumentType.CREDIT_NOTE),
        ("Rechnung\nGesamtbetrag    -119,00 EUR", DocumentType.CREDIT_NOTE),
        ("Mahnung\nRechnung 4711" + TO_PAY, DocumentType.REMINDER),
        ("Angebot 12" + TO_PAY, DocumentType.QUOTE),
        ("Lieferschein\nMenge  3", DocumentType.DELIVERY_NOTE),
        (
            "Rechnung\nDer Betrag wird von Ihrem Konto per SEPA-Lastschrift eingezogen." + TO_PAY,
            DocumentType.DIRECT_DEBIT,
        ),
        ("Facture n° 12\nAvis de prélèvement automatique\nSomme à payer  29.99 €", DocumentType.DIRECT_DEBIT),
        ("Factuur\nTotaal    € 189,00\nBetaald met iDeal   € 189,00\nTe betalen    € 0,00", DocumentType.PAID_INVOICE),
        ("Rechnung\nBetrag dankend erhalten.\nGesamtbetrag    119,00 EUR", DocumentType.PAID_INVOICE),
        ("Kassenbon\nSumme EUR  5,47\nRückgeld  4,53\nVielen Dank für Ihren Einkauf", DocumentType.RECEIPT),
        ("Speisekarte\nSuppe  5,90\nSchnitzel  14,90", DocumentType.OTHER),
        ("Dear Sir or Madam,\nthank you for your letter.", DocumentType.OTHER),
        ("", DocumentType.OTHER),
    ],
)
def test_headings_sentences_and_amounts_tell_the_type(text: str, kind: DocumentType):
    assert read(text).document_type is kind


@pytest.mark.parametrize(
    "sentence",
    [
        "Einfacher ist es, wenn Sie uns ein SEPA-Lastschriftmandat erteilen. Wir würden dann den Beitrag abbuchen.",
        "Bitte überweisen Sie den Betrag; es wird nichts abgebucht.",
    ],
)
def test_an_offer_to_collect_is_no_direct_debit(sentence: str):
    assert read(f"Rechnung\n{sentence}{TO_PAY}").document_type is DocumentType.INVOICE


def test_a_label_of_another_document_is_no_heading():
    text = "Rechnung\nLieferschein-Nr.: 4711\nAngebots-Nr.: 12" + TO_PAY
    assert read(text).document_type is DocumentType.INVOICE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("FAKTURA VAT nr 12/2026\nTermin płatności: 14 dni\nRazem do zapłaty  119,00 PLN", DocumentType.INVOICE),
        ("FAKTURA KORYGUJĄCA nr 3/2026\ndo faktury nr 12/2026\nRazem  -119,00 PLN", DocumentType.CREDIT_NOTE),
        ("FAKTURA č. 4711\nJiž uhrazeno, neplaťte.\nCelkem  119,00 Kč", DocumentType.PAID_INVOICE),
        ("FAKTURA\nFakturanummer 12\nBeloppet dras via autogiro.\nAtt betala  119,00 kr", DocumentType.DIRECT_DEBIT),
        (
            "FAKTURA\nFakturanummer 12\nBeløbet trækkes via Betalingsservice.\nI alt  119,00 kr.",
            DocumentType.DIRECT_DEBIT,
        ),
        ("FAKTURA\nFakturanummer 12\nBeløpet trekkes via AvtaleGiro.\nSum  119,00 kr", DocumentType.DIRECT_DEBIT),
        ("PURRING\nFakturanummer 12\nForfallsdato 04.11.2026\nÅ betale  119,00 kr", DocumentType.REMINDER),
        ("LASKU\nLaskun numero 12\nVeloitetaan tililtänne 4.12.2026.\nYhteensä  119,00 EUR", DocumentType.DIRECT_DEBIT),
        ("HYVITYSLASKU\nLaskun numero 12\nYhteensä  119,00 EUR", DocumentType.CREDIT_NOTE),
        (
            "FACTURE n° 12\nMerci de votre confiance.\nFacture acquittée le 4 novembre 2026\nTotal TTC  119,00 €",
            DocumentType.PAID_INVOICE,
        ),
        ("FATTURA n. 12\nIl pagamento: addebito diretto SEPA\nTotale  119,00 EUR", DocumentType.DIRECT_DEBIT),
        ("FACTURA n.º 12\nForma de pago: recibo domiciliado\nTotal  119,00 EUR", DocumentType.DIRECT_DEBIT),
    ],
)
def test_other_languages_say_it_too(text: str, kind: DocumentType):
    assert read(text).document_type is kind


@pytest.mark.parametrize(
    "sentence",
    [
        "You can also pay by direct debit: the amount will be debited from your account.",
        "If your invoice has been paid already, please ignore this letter.",
        "Falls die Rechnung bereits bezahlt wurde, betrachten Sie dieses Schreiben als gegenstandslos.",
        "Mocht u al hebben betaald: reeds betaalde facturen kunt u negeren.",
        "Si vous le souhaitez, votre compte sera débité chaque mois.",
        "Jeżeli faktura została opłacona, prosimy o kontakt.",
        "Hvis du vil, kan beløbet trækkes via Betalingsservice",
    ],
)
def test_what_is_only_supposed_or_offered_does_not_stop_a_payment(sentence: str):
    text = f"RECHNUNG\nINVOICE\nFACTURE\nFACTUUR\nFAKTURA\n{sentence}{TO_PAY}"
    assert read(text).document_type is DocumentType.INVOICE


def test_a_condition_may_begin_in_the_line_before():
    text = "Rechnung Nr. 4711\nBitte ignorieren Sie sie, falls sie schon vor dem heutigen Tage\nbereits bezahlt wurde."
    assert read(text + TO_PAY).document_type is DocumentType.INVOICE


def test_a_document_that_says_not_to_pay_it_is_not_paid_whatever_it_calls_due():
    text = "Invoice 4711\nTotal due  119.00 EUR\nPlease do not pay this invoice."
    assert read(text).document_type is DocumentType.PAID_INVOICE


def test_a_stamp_stands_alone():
    assert read("Rechnung Nr. 4711\n\nBEZAHLT\n\n\nSumme    119,00 EUR").document_type is DocumentType.PAID_INVOICE


@pytest.mark.parametrize(
    "cell", ["Bezahlt    0,00 EUR", "Bezahlt\n0,00", "Summe   Bezahlt   Offen\n119,00  0,00   119,00"]
)
def test_a_cell_that_counts_payments_is_no_stamp(cell: str):
    assert read(f"Rechnung Nr. 4711\n{cell}\n\n\nGesamtbetrag    119,00 EUR").document_type is DocumentType.INVOICE


@pytest.mark.parametrize(
    "heading",
    ["Rechnung\nLieferschein: 415187", "TAX INVOICE\nQuote 118", "PAKBON / FACTUUR", "Lieferschein   Rechnung"],
)
def test_what_an_invoice_goes_back_to_does_not_name_it(heading: str):
    assert read(heading + TO_PAY).document_type is DocumentType.INVOICE
