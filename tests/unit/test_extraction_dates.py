"""A date that can be read two ways has no value, unless the document settles it."""

from datetime import date

import pytest

from paydraft.extraction.dates import Order, dates_in, order_of
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.model.page import Source
from tests.typeset import read

MONTHS = vocabulary().months()


def one(text: str):
    found = dates_in(text, MONTHS)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-04",
        "04.11.2026",
        "4.11.26",
        "4. November 2026",
        "November 4, 2026",
        "4 novembre 2026",
        "04-Nov-2026",
        "4 de noviembre de 2026",
        "2026/11/04",
        "2026.11.04.",
        "2026. 11. 04.",
        "4/11-2026",
        "4 XI 2026",
        "04.XI.2026",
        "2026-Nov-04",
        "4. listopadu 2026",
        "den 4. november 2026",
        "4. marraskuuta 2026",
        "4 nov. '26",
    ],
)
def test_these_are_the_fourth_of_november(text: str):
    assert one(text).read(Order.DAY_FIRST) == date(2026, 11, 4)


@pytest.mark.parametrize(
    "text", ["31.02.2026", "2026-13-01", "99/99/2026", "1.2.3", "4. Rechnung 2026", "4 XIII 2026", "29/2-2026"]
)
def test_days_that_do_not_exist_are_no_dates(text: str):
    assert dates_in(text, MONTHS) == []


@pytest.mark.parametrize(
    "text", ["l5.11.2026", "O4.11.2026", "15.11.202G", "15.11.20Z6", "15.11.2O26", "15.11.20 26", "15.l1.2026"]
)
def test_a_date_with_a_doubtful_digit_is_not_read_from_the_digits_that_are_left(text: str):
    assert dates_in(text, MONTHS) == []


def test_a_time_behind_a_short_year_is_no_part_of_it():
    assert one("25.04.20 09:37 Uhr").read(None) == date(2020, 4, 25)


def test_a_date_with_slashes_has_two_readings():
    printed = one("03/04/2026")
    assert printed.read(None) is None
    assert (printed.day_first, printed.month_first) == (date(2026, 4, 3), date(2026, 3, 4))


def test_a_date_that_can_be_read_one_way_only_settles_the_others():
    printed = dates_in("03/04/2026 and 28/04/2026", MONTHS)
    assert order_of(printed, hint=Order.MONTH_FIRST) is Order.DAY_FIRST


def test_dates_that_prove_both_orders_settle_nothing():
    assert order_of(dates_in("13/04/2026 04/13/2026", MONTHS), hint=Order.DAY_FIRST) is None


def test_an_ambiguous_date_of_a_document_stays_empty_and_keeps_both_readings():
    invoice = read("INVOICE\nInvoice number: A-100\nInvoice date: 03/04/2026\nTotal: 100.00")
    assert invoice.issue_date is None
    assert [other.value for other in invoice.evidence["issue_date"].alternatives] == ["2026-04-03", "2026-03-04"]


def test_an_american_currency_without_an_iban_reads_the_month_first():
    invoice = read("INVOICE\nInvoice number: A-100\nInvoice date: 03/04/2026\nTotal: $100.00")
    assert invoice.issue_date == date(2026, 3, 4)


def test_an_iban_reads_the_day_first():
    invoice = read("INVOICE\nInvoice date: 03/04/2026\nTotal: USD 100.00\nIBAN: DE89 3704 0044 0532 0130 00")
    assert invoice.issue_date == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        (
            "Zahlbar innerhalb 30 Tagen netto bis 04.04.2026, 3% Skonto innerhalb 10 Tagen bis 15.03.2026",
            date(2026, 4, 4),
        ),
        ("Zahlbar bis zum 04.04.2026. Bei Zahlung bis 14.03.2026 gewähren wir 2 % Skonto.", date(2026, 4, 4)),
        ("Zahlungsziel: 14 Tage netto", date(2026, 3, 18)),
        ("Bitte überweisen Sie den Betrag innerhalb von 14 Tagen.", date(2026, 3, 18)),
        ("Bei Zahlung innerhalb 10 Tagen gewähren wir 2,0% Skonto.", None),
        ("Einwände sind innerhalb 14 Tagen schriftlich zu erheben.", None),
        (
            "Zahlungsbedingungen: bis 14.03.2026 abzgl. 2 % Skonto = 116,62 €, bis 04.04.2026 rein netto.",
            date(2026, 4, 4),
        ),
        ("Zahlungsbedingungen: 8 Tage 2%, 30 Tage netto", date(2026, 4, 3)),
        ("Zahlungsbedingungen: 10 Tage 3 % Skonto 30 Tage netto", date(2026, 4, 3)),
        ("Zahlbar innerhalb 30 Tagen ab Rechnungsdatum.", date(2026, 4, 3)),
        ("Fällig 10 Tage nach Rechnungsdatum, somit am 14.03.2026.", date(2026, 3, 14)),
        ("Bitte überweisen Sie den Betrag innerhalb von\n14 Tagen ohne Abzug.", date(2026, 3, 18)),
        ("Zahlbar sofort ohne Abzug.", date(2026, 3, 4)),
        ("Zahlbar innerhalb von 14 Tagen nach Erhalt der Rechnung.", None),
        ("Zahlbar innerhalb 10 Werktagen.", None),
        ("Zahlungsziel: 14 Tage oder 30 Tage", None),
        ("Bei Verzug wird der gesamte noch offene Betrag der Forderung ohne weitere Mahnung sofort fällig.", None),
    ],
)
def test_the_last_day_of_a_discount_is_no_due_date(terms: str, due: date | None):
    invoice = read(f"Rechnung Nr. 4711\nRechnungsdatum: 04.03.2026\nGesamtbetrag  119,00 EUR\n{terms}")
    assert invoice.due_date == due


def test_a_due_date_from_terms_is_marked_as_computed():
    proof = read("Rechnungsdatum: 04.03.2026\nZahlungsziel: 14 Tage netto").evidence["due_date"]
    assert proof.source is Source.DERIVED
    assert proof.checks == ("issue_plus_terms",)


def test_the_date_of_an_order_or_a_credited_invoice_is_not_the_issue_date():
    invoice = read(
        "Gutschrift Nr. 12\nDatum: 12.11.2026\nBestelldatum: 01.10.2026\n\n"
        "zu unserer Rechnung RE-1183 vom 04.11.2026 schreiben wir Ihnen gut:\nGesamtbetrag  119,00 EUR"
    )
    assert invoice.issue_date == date(2026, 11, 12)


def test_a_due_date_before_the_issue_date_is_a_misreading():
    invoice = read("Invoice date: 2026-11-04\nDue date: 2026-10-04\nTotal: EUR 10.00")
    assert invoice.due_date is None


def test_two_different_labelled_dates_leave_the_field_open():
    invoice = read("Invoice date: 2026-11-04\nTotal: EUR 10.00\n\n\nInvoice date: 2026-11-05")
    assert invoice.issue_date is None
    assert len(invoice.evidence["issue_date"].alternatives) == 2


HEAD = {
    "de": """
RECHNUNG
Rechnungsnummer: 4711
Rechnungsdatum: 4. März 2026
Zu zahlen  119,00 EUR
Vielen Dank für Ihren Auftrag.
""",
    "en": """
INVOICE
Invoice number: 4711
Invoice date: 4 March 2026
Total due  EUR 119.00
Thank you for your order.
""",
    "fr": """
FACTURE
Facture n° 4711
Date de facture : 4 mars 2026
Total à payer  119,00 EUR
Merci de votre commande.
""",
    "nl": """
FACTUUR
Factuurnummer: 4711
Factuurdatum: 4 maart 2026
Te betalen  119,00 EUR
Het bedrag van de bestelling.
""",
    "it": """
FATTURA
Fattura n. 4711
Data fattura: 4 marzo 2026
Totale da pagare  119,00 EUR
Grazie per la fiducia.
""",
    "es": """
FACTURA
Factura n.º 4711
Fecha de factura: 4 de marzo de 2026
Total a pagar  119,00 EUR
Gracias por su pedido.
""",
    "pt": """
FATURA
Fatura n.º 4711
Data da fatura: 4 de março de 2026
Total a pagar  119,00 EUR
Obrigado pela sua encomenda.
""",
    "pl": """
FAKTURA
Faktura nr 4711
Data wystawienia: 4 marca 2026 r.
Razem do zapłaty  119,00 PLN
Dziękujemy za zakup.
""",
    "cs": """
FAKTURA
Faktura č. 4711
Datum vystavení: 4. března 2026
Celkem k úhradě  119,00 Kč
Děkujeme za objednávku.
""",
    "sv": """
FAKTURA
Fakturanummer: 4711
Fakturadatum: 2026-03-04
Att betala  119,00 SEK
Tack för er beställning.
""",
    "da": """
FAKTURA
Fakturanummer: 4711
Fakturadato: 4. marts 2026
At betale  119,00 DKK
Tak for jeres ordre.
""",
    "no": """
FAKTURA
Fakturanummer: 4711
Fakturadato: 4. mars 2026
Å betale  119,00 NOK
Takk for deres bestilling.
""",
    "fi": """
LASKU
Laskun numero: 4711
Laskun päivämäärä: 4. maaliskuuta 2026
Maksettava yhteensä  119,00 EUR
Kiitos.
""",
}


@pytest.mark.parametrize(
    ("language", "terms", "due"),
    [
        ("en", "Payment terms: 14 days net", date(2026, 3, 18)),
        ("en", "Terms: Net 30", date(2026, 4, 3)),
        ("en", "Payment terms: 2/10 net 30", date(2026, 4, 3)),
        ("en", "Payment terms: thirty (30) days from the invoice date", None),
        ("en", "Payment terms: 30 (thirty) days from the invoice date", date(2026, 4, 3)),
        ("en", "Payment terms: due upon receipt", None),
        ("en", "Payment terms: 10 working days", None),
        ("en", "Payment terms: payable immediately", date(2026, 3, 4)),
        ("en", "Payment terms: 30 days end of month", date(2026, 4, 30)),
        ("en", "Payment terms: 45 days end of month", None),
        ("fr", "Conditions de paiement : 30 jours net", date(2026, 4, 3)),
        ("fr", "Conditions de paiement : à 30 jours fin de mois", date(2026, 4, 30)),
        ("fr", "Conditions de paiement : à réception de la facture", None),
        ("nl", "Betalingstermijn: 14 dagen", date(2026, 3, 18)),
        ("it", "Condizioni di pagamento: 30 gg data fattura", date(2026, 4, 3)),
        ("it", "Condizioni di pagamento: 30 gg fine mese", date(2026, 4, 30)),
        ("es", "Condiciones de pago: 30 días", date(2026, 4, 3)),
        ("pt", "Condições de pagamento: 30 dias", date(2026, 4, 3)),
        ("pl", "Sposób płatności: przelew, netto 30 dni", date(2026, 4, 3)),
        ("cs", "Platební podmínky: 14 dnů", date(2026, 3, 18)),
        ("sv", "Betalningsvillkor: 30 dagar netto", date(2026, 4, 3)),
        ("da", "Betalingsbetingelser: netto 14 dage", date(2026, 3, 18)),
        ("da", "Betalingsbetingelser: løbende måned + 30 dage", date(2026, 4, 30)),
        ("no", "Betalingsbetingelser: betales innen 14 dager", date(2026, 3, 18)),
        ("fi", "Maksuehto: 14 pv netto", date(2026, 3, 18)),
    ],
)
def test_terms_of_every_language_give_a_due_date_where_they_can_mean_one_day(
    language: str, terms: str, due: date | None
):
    invoice = read(HEAD[language] + terms)
    assert (invoice.language, invoice.issue_date, invoice.due_date) == (language, date(2026, 3, 4), due)


def test_terms_that_can_mean_two_days_offer_both():
    proof = read(HEAD["fr"] + "Conditions de paiement : à 45 jours fin de mois").evidence["due_date"]
    assert {other.value for other in proof.alternatives} == {"2026-04-30", "2026-05-15"}


def test_the_time_from_the_receipt_of_an_invoice_is_offered_and_not_given():
    proof = read(HEAD["en"] + "Payment terms: within 14 days of receipt").evidence["due_date"]
    assert [other.value for other in proof.alternatives] == ["2026-03-18"]


def test_a_printed_due_date_outranks_the_terms():
    invoice = read(HEAD["en"] + "Due date: 31 March 2026\nPayment terms: 30 days net")
    assert invoice.due_date == date(2026, 3, 31)


def test_the_only_order_in_which_the_terms_hold_is_the_order_of_the_dates():
    invoice = read(
        "INVOICE\nInvoice number: A-100\nInvoice date: 03/04/2026\nDue date: 03/05/2026\n"
        "Payment terms: 30 days net\nTotal: 100.00\nThank you for your order."
    )
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 4, 3), date(2026, 5, 3))


def test_an_order_in_which_the_invoice_were_due_before_it_was_written_is_not_meant():
    invoice = read("INVOICE\nInvoice number: A-100\nInvoice date: 07/03/2026\nDue date: 04/04/2026\nTotal: 100.00")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 7), date(2026, 4, 4))


def test_a_letter_is_dated_by_its_dateline():
    invoice = read(
        "Hamburg, den 22.11.2026\n\nRechnung Nr. 4711\nLeistung 01.10.2026 bis 31.10.2026\nSumme  119,00 EUR"
    )
    assert invoice.issue_date == date(2026, 11, 22)


@pytest.mark.parametrize("period", ["01.10.2026 - 31.10.2026", "01.10.2026 bis 31.10.2026", "01.10. - 31.10.2026"])
def test_the_ends_of_a_period_are_no_dates_of_the_invoice(period: str):
    assert read(f"Rechnung Nr. 4711\nBitte zahlen Sie\n{period}\nSumme  119,00 EUR").issue_date is None


def test_the_day_of_a_debit_is_the_due_date():
    invoice = read(HEAD["en"] + "The amount will be debited from your account on 20 March 2026.")
    assert invoice.due_date == date(2026, 3, 20)


def test_the_sentence_that_asks_for_a_transfer_names_the_due_date_of_a_reminder():
    invoice = read(
        "Mahnung\nHamburg, 22.11.2026\n\nRechnung      Rechnungsdatum    Fällig am     Betrag\n"
        "RE-8982       25.10.2026        08.11.2026    119,00 EUR\n\n"
        "Bitte überweisen Sie den Betrag bis spätestens 02.12.2026 auf unser Konto."
    )
    assert invoice.due_date == date(2026, 12, 2)


def test_the_day_of_a_debit_may_stand_in_the_line_before():
    invoice = read(HEAD["de"] + "Der Betrag wird am 20.03.2026 von Ihrem Konto\nper SEPA-Lastschrift eingezogen.")
    assert invoice.due_date == date(2026, 3, 20)


def test_the_date_of_what_was_delivered_is_not_the_date_of_the_invoice():
    assert read("Facture\nAnnonce légale du 06/12/2022\nTotal TTC  45,93 €\nMerci de votre commande").issue_date is None


@pytest.mark.parametrize(
    ("page", "month"),
    [
        (
            "Datum računa: 15. listopada 2026.\nDatum dospijeća: 15. studenoga 2026.\n"
            "Ukupno za platiti  119,00 EUR\nHvala na narudžbi, molimo uplatite na račun.",
            10,
        ),
        (
            "Datum vystavení: 15. listopadu 2026\nDatum splatnosti: 15. prosince 2026\nCelkem k úhradě  119,00 Kč",
            11,
        ),
    ],
)
def test_listopad_is_the_month_that_the_documents_language_calls_so(page: str, month: int):
    assert read(page).issue_date == date(2026, month, 15)
