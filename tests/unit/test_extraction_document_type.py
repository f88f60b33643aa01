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
