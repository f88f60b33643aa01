"""The words and number formats of each language. A further language is a further entry."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Words:
    """Labels and formats of one language as its invoices print them."""

    invoice: str
    credit_note: str
    number: str
    issued: str
    due: str
    customer: str
    order: str
    reference: str
    bill_to: str
    position: str
    description: str
    quantity: str
    unit_price: str
    amount: str
    subtotal: str
    tax: str  # with {rate}
    total: str
    bank: str
    vat_number: str
    page: str  # with {page} and {pages}
    carried: str = ""
    brought: str = ""
    tax_rate: str = ""
    taxable: str = ""
    tax_total: str = ""
    bank_name: str = "Bank"
    germany: str = "Deutschland"
    number_sign: str = ""
    date_format: str = "%d.%m.%Y"
    thousands: str = "."
    decimal: str = ","
    money_format: str = "{amount} {symbol}"

    def number_of(self, value: Decimal) -> str:
        """A quantity or a rate, without needless zeros: 12,5."""
        text = f"{value.normalize():f}"
        return text.replace(".", self.decimal)

    def plain(self, amount: Decimal) -> str:
        """An amount without a currency: 1.234,50."""
        return f"{amount:,.2f}".translate({ord(","): self.thousands, ord("."): self.decimal})

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount with its currency's sign or code: 1.234,50 €."""
        symbol = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)
        return self.money_format.format(amount=self.plain(amount), symbol=symbol)

    def day(self, value: date) -> str:
        """A date; English writes the month out."""
        if self.date_format == "long":
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        return value.strftime(self.date_format)


def printed_iban(iban: str) -> str:
    """The paper form: groups of four."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


_GERMAN = Words(
    invoice="Rechnung",
    credit_note="Gutschrift",
    number="Rechnungsnummer",
    issued="Rechnungsdatum",
    due="Fällig am",
    customer="Kundennummer",
    order="Bestellnummer",
    reference="Verwendungszweck",
    bill_to="Rechnungsempfänger",
    position="Pos.",
    description="Bezeichnung",
    quantity="Menge",
    unit_price="Einzelpreis",
    amount="Betrag",
    subtotal="Nettobetrag",
    tax="zzgl. {rate} % MwSt.",
    total="Gesamtbetrag",
    bank="Bankverbindung",
    vat_number="USt-IdNr.",
    page="Seite {page} von {pages}",
)
_ENGLISH = Words(
    invoice="Invoice",
    credit_note="Credit note",
    number="Invoice no.",
    issued="Invoice date",
    due="Due date",
    customer="Customer ID",
    order="PO number",
    reference="Payment reference",
    bill_to="Bill to",
    position="#",
    description="Description",
    quantity="Qty",
    unit_price="Unit price",
    amount="Amount",
    subtotal="Subtotal",
    tax="VAT {rate}%",
    total="Total due",
    bank="Payment details",
    vat_number="VAT no.",
    page="Page {page} of {pages}",
    germany="Germany",
    date_format="long",
    thousands=",",
    decimal=".",
    money_format="{symbol}{amount}",
)
_FRENCH = Words(
    invoice="Facture",
    credit_note="Avoir",
    number="N° de facture",
    issued="Date de facture",
    due="Date d'échéance",
    customer="N° client",
    order="Votre commande",
    reference="Référence à rappeler",
    bill_to="Facturé à",
    position="N°",
    description="Désignation",
    quantity="Qté",
    unit_price="P.U. HT",
    amount="Montant HT",
    subtotal="Total HT",
    tax="TVA {rate} %",
    total="Net à payer TTC",
    bank="Coordonnées bancaires",
    vat_number="N° TVA",
    page="Page {page}/{pages}",
    germany="Allemagne",
    tax_rate="TVA %",
    taxable="Base HT",
    tax_total="Total TVA",
    bank_name="Domiciliation",
    number_sign="n°",
    date_format="%d/%m/%Y",
    thousands="\N{NO-BREAK SPACE}",
)
_ITALIAN = Words(
    invoice="Fattura",
    credit_note="Nota di credito",
    number="Numero",
    issued="Data",
    due="Scadenza",
    customer="Codice cliente",
    order="Vs. ordine",
    reference="Causale",
    bill_to="Spett.le",
    position="N.",
    description="Descrizione",
    quantity="Q.tà",
    unit_price="Prezzo",
    amount="Importo",
    subtotal="Imponibile",
    tax="IVA {rate}%",
    total="Totale documento",
    bank="Coordinate bancarie",
    vat_number="P. IVA",
    page="Pag. {page} di {pages}",
    bank_name="Banca",
    germany="Germania",
    carried="A riportare",
    brought="Riporto",
    date_format="%d/%m/%Y",
    money_format="{symbol} {amount}",
)
_DUTCH = Words(
    invoice="Factuur",
    credit_note="Creditnota",
    number="Factuurnummer",
    issued="Factuurdatum",
    due="Vervaldatum",
    customer="Klantnummer",
    order="Uw referentie",
    reference="Gestructureerde mededeling",
    bill_to="Factuuradres",
    position="Nr.",
    description="Omschrijving",
    quantity="Aantal",
    unit_price="Prijs",
    amount="Bedrag",
    subtotal="Subtotaal",
    tax="btw {rate}%",
    total="Te betalen",
    bank="Bankgegevens",
    vat_number="BTW-nummer",
    page="Pagina {page} van {pages}",
    germany="Duitsland",
    date_format="%d-%m-%Y",
    money_format="{symbol} {amount}",
)
_SPANISH = Words(
    invoice="Factura",
    credit_note="Factura rectificativa",
    number="N.º de factura",
    issued="Fecha de emisión",
    due="Fecha de vencimiento",
    customer="N.º de cliente",
    order="Su pedido",
    reference="Concepto",
    bill_to="Cliente",
    position="N.º",
    description="Concepto",
    quantity="Cant.",
    unit_price="Precio",
    amount="Importe",
    subtotal="Base imponible",
    tax="IVA {rate} %",
    total="Total factura",
    bank="Datos bancarios",
    vat_number="NIF",
    page="Página {page} de {pages}",
    germany="Alemania",
    tax_rate="% IVA",
    taxable="Base",
    tax_total="Cuota IVA",
    bank_name="Entidad",
    number_sign="n.º",
    date_format="%d/%m/%Y",
)
WORDS: dict[str, Words] = {
    "de": _GERMAN,
    "en": _ENGLISH,
    "fr": _FRENCH,
    "it": _ITALIAN,
    "nl": _DUTCH,
    "es": _SPANISH,
}
