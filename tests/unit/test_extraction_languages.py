"""A typical invoice of every language that has a file of labels: number, dates, total, parties, account."""

from datetime import date
from decimal import Decimal

import pytest

from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.model.invoice import DocumentType
from tests.typeset import read

ISSUED, DUE = date(2026, 11, 4), date(2026, 11, 20)
SELLER, BUYER = "Tannhof Verlag GmbH", "Elbfunken Events Ltd."
IBAN = "DE89370400440532013000"

# The words of one page: heading, seller, buyer, number, issued, due, net, tax, total, and a sentence.
PAGES = {
    "cs": """Faktura - daňový doklad|Dodavatel:|Odběratel:|Číslo faktury: {no}|Datum vystavení: 4. listopadu 2026
        |Datum splatnosti: 20. listopadu 2026|Celkem bez DPH|DPH 20 %|Celkem k úhradě
        |Děkujeme za objednávku. Prosíme o úhradu na účet.""",
    "da": """Faktura|Sælger:|Køber:|Fakturanummer: {no}|Fakturadato: 4. november 2026|Forfaldsdato: 20. november 2026
        |Beløb ekskl. moms|Moms 20 %|I alt at betale|Tak for jeres ordre. Beløbet bedes overført til vores konto.""",
    "de": """Rechnung|Verkäufer:|Käufer:|Rechnungsnummer: {no}|Rechnungsdatum: 4. November 2026
        |Fällig am: 20. November 2026|Nettobetrag|MwSt. 20 %|Gesamtbetrag
        |Vielen Dank für Ihren Auftrag. Bitte überweisen Sie den Betrag.""",
    "en": """Invoice|Seller:|Buyer:|Invoice number: {no}|Invoice date: 4 November 2026|Due date: 20 November 2026
        |Total excl. VAT|VAT 20 %|Total amount due|Thank you for your order. Please transfer the amount.""",
    "es": """Factura|Vendedor:|Comprador:|Número de factura: {no}|Fecha de factura: 4 de noviembre de 2026
        |Fecha de vencimiento: 20 de noviembre de 2026|Base imponible|IVA 20 %|Total a pagar
        |Gracias por su pedido. Por favor, transfiera el importe a la cuenta.""",
    "fi": """Lasku|Myyjä:|Ostaja:|Laskun numero: {no}|Laskun päivämäärä: 4. marraskuuta 2026
        |Eräpäivä: 20. marraskuuta 2026|Yhteensä ilman ALV|ALV 20 %|Maksettava yhteensä
        |Kiitos tilauksesta. Olkaa hyvä ja maksakaa tilille.""",
    "fr": """Facture|Vendeur :|Acheteur :|Numéro de facture : {no}|Date de facture : 4 novembre 2026
        |Date d'échéance : 20 novembre 2026|Total HT|TVA 20 %|Total TTC à payer
        |Merci de votre commande. Veuillez régler par virement.""",
    "hr": """Račun|Prodavatelj:|Kupac:|Broj računa: {no}|Datum računa: 4. studenoga 2026.
        |Datum dospijeća: 20. studenoga 2026.|Ukupno bez PDV|PDV 20 %|Ukupno za platiti
        |Hvala na narudžbi. Molimo uplatite na račun.""",
    "hu": """Számla|Eladó:|Vevő:|Számla sorszáma: {no}|Számla kelte: 2026. november 4.
        |Fizetési határidő: 2026. november 20.|Nettó összesen|ÁFA 20 %|Fizetendő végösszeg
        |Köszönjük a megrendelést. Kérjük, utalja át az összeget.""",
    "it": """Fattura|Fornitore:|Cliente:|Numero fattura: {no}|Data fattura: 4 novembre 2026|Scadenza: 20 novembre 2026
        |Imponibile|IVA 20 %|Totale da pagare|Grazie per il vostro ordine. Si prega di effettuare il pagamento.""",
    "nl": """Factuur|Verkoper:|Koper:|Factuurnummer: {no}|Factuurdatum: 4 november 2026|Vervaldatum: 20 november 2026
        |Totaal excl. btw|Btw 20 %|Te betalen|Bedankt voor uw bestelling. Gelieve het bedrag over te maken.""",
    "no": """Faktura|Selger:|Kjøper:|Fakturanummer: {no}|Fakturadato: 4. november 2026|Forfallsdato: 20. november 2026
        |Beløp ekskl. mva|Mva 20 %|Sum å betale|Takk for deres bestilling. Vennligst betal til vår konto.""",
    "pl": """Faktura VAT|Sprzedawca:|Nabywca:|Numer faktury: {no}|Data wystawienia: 4 listopada 2026 r.
        |Termin płatności: 20 listopada 2026 r.|Razem netto|VAT 20 %|Razem do zapłaty
        |Dziękujemy za zamówienie. Prosimy o wpłatę na konto.""",
    "pt": """Fatura|Vendedor:|Comprador:|Número da fatura: {no}|Data da fatura: 4 de novembro de 2026
        |Data de vencimento: 20 de novembro de 2026|Total sem IVA|IVA 20 %|Total a pagar
        |Obrigado pela sua encomenda. Agradecemos o pagamento por transferência.""",
    "ro": """Factură|Furnizor:|Cumpărător:|Numărul facturii: {no}|Data facturii: 4 noiembrie 2026
        |Data scadenței: 20 noiembrie 2026|Total fără TVA|TVA 20 %|Total de plată
        |Vă mulțumim pentru comandă. Vă rugăm să achitați în cont.""",
    "sl": """Račun|Prodajalec:|Kupec:|Številka računa: {no}|Datum računa: 4. november 2026
        |Rok plačila: 20. november 2026|Skupaj brez DDV|DDV 20 %|Skupaj za plačilo
        |Hvala za naročilo. Prosimo, nakažite na naš račun.""",
    "sv": """Faktura|Säljare:|Köpare:|Fakturanummer: {no}|Fakturadatum: 2026-11-04|Förfallodatum: 2026-11-20
        |Summa exkl. moms|Moms 20 %|Summa att betala|Tack för er beställning. Vänligen betala till bankgiro.""",
}


def a_page_in(language: str) -> str:
    """The invoice as a page of text."""
    words = [part.strip() for part in PAGES[language].split("|")]
    heading, seller, buyer, number, issued, due, net, tax, total, thanks = words
    return f"""
{seller:<40}{buyer}
{SELLER:<40}{BUYER}
{"Werftgasse 12":<40}Brückenkai 7
{"24103 Kiel":<40}20457 Hamburg


{heading}

{number.format(no="RE-2026-1183")}
{issued}
{due}

{net:<40}100,00 EUR
{tax:<40}20,00 EUR
{total:<40}120,00 EUR

{thanks}
IBAN {IBAN}
"""


def test_every_language_has_a_page():
    assert set(PAGES) == set(vocabulary().stop_words)


@pytest.mark.parametrize("language", PAGES)
def test_a_typical_invoice_is_read_in_its_language(language: str):
    invoice = read(a_page_in(language))
    assert (invoice.language, invoice.document_type) == (language, DocumentType.INVOICE)
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("RE-2026-1183", ISSUED, DUE)
    assert (invoice.subtotal, invoice.tax) == (Decimal("100.00"), Decimal("20.00"))
    assert invoice.to_pay is not None
    assert (invoice.to_pay.amount, invoice.currency, invoice.iban) == (Decimal("120.00"), "EUR", IBAN)
    assert (invoice.seller.name, invoice.buyer.name) == (SELLER, BUYER)


@pytest.mark.parametrize("language", PAGES)
def test_a_language_that_is_not_told_is_read_with_all_of_them(language: str):
    number, due = PAGES[language].split("|")[3], PAGES[language].split("|")[5]
    invoice = read(f"{number.strip().format(no='RE-2026-1183')}\n{due.strip()}")
    assert (invoice.number, invoice.due_date) == ("RE-2026-1183", DUE)
