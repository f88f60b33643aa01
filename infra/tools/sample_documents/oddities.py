"""Documents that try the reader: no invoices, broken, locked, endless, or saying one thing and showing another."""

from infra.tools.sample_documents import logos
from infra.tools.sample_documents.companies import OWN
from infra.tools.sample_documents.sheet import GREY, INVISIBLE, Sheet, Style
from infra.tools.sample_documents.words import printed_iban

PASSWORD = "elbfunken-2026"  # of the encrypted document
FALSE_IBAN = "LT919999000123454321"  # valid, and on no other document: the account of a forger
_MENU = {
    "Vorspeisen": (
        ("Kürbissuppe mit Kernöl", "7,90"),
        ("Feldsalat, Speck und Croûtons", "9,50"),
        ("Matjestatar auf Schwarzbrot", "12,80"),
    ),
    "Hauptgerichte": (
        ("Labskaus mit Spiegelei und Roter Bete", "16,90"),
        ("Zanderfilet, Wirsing, Kartoffelstampf", "24,50"),
        ("Rote-Linsen-Köfte mit Joghurt", "15,20"),
        ("Grünkohl mit Kassler und Pinkel", "18,90"),
    ),
    "Nachtisch": (("Rote Grütze mit Vanillesauce", "6,80"), ("Franzbrötchen-Auflauf", "7,40")),
    "Getränke": (("Apfelsaftschorle 0,4 l", "4,20"), ("Alsterwasser 0,5 l", "4,90"), ("Tee, Kännchen", "5,10")),
}
_LETTER = (
    "Sehr geehrte Damen und Herren,",
    "",
    "haben Sie vielen Dank für den freundlichen Empfang am Brückenkai. Unser Team war sehr",
    "angetan von den Räumen, und wir freuen uns auf die gemeinsame Veranstaltung im Frühjahr.",
    "",
    "Wie besprochen senden wir Ihnen bis Mitte Dezember einen Ablaufplan und die Liste der",
    "Referentinnen und Referenten. Die Technik stimmt Herr Rabe mit Ihnen unmittelbar ab.",
    "",
    "Eine Frage noch zur Anreise: Gibt es in der Nähe Stellplätze für zwei Reisebusse, und",
    "bis wann müssten wir sie anmelden? Über eine kurze Nachricht würden wir uns freuen.",
    "",
    "Mit freundlichen Grüßen",
    "",
    "",
    "Dr. Henrike Vosswinkel",
    "Geschäftsstelle",
)

_CONDITIONS = (
    (
        "Les présentes conditions s'appliquent à toutes les prestations de l'atelier, sauf convention",
        "écrite contraire. Toute commande vaut acceptation sans réserve.",
    ),
    (
        "Les décors loués restent la propriété de l'atelier. Le client en assure la garde et les rend",
        "dans l'état où il les a reçus, au plus tard le lendemain de la manifestation.",
    ),
    (
        "Les factures sont payables par virement à l'échéance indiquée. Aucun escompte n'est accordé",
        "en cas de paiement anticipé.",
    ),
    ("Tout litige relève de la compétence des tribunaux de Strasbourg.",),
)


def menu() -> bytes:
    """A restaurant's menu: many amounts, and nobody asks to be paid."""
    sheet = Sheet("Speisekarte", "Gasthaus Alte Wage", Style("Times-Roman", "Times-Bold", "#7a3b1d", "leaf"))
    sheet.box(14, 14, 182, 269, stroke="#7a3b1d", line=1.2)
    logos.draw(sheet, 97, 22, 16)
    sheet.text(105, 52, "Gasthaus Alte Wage", 26, bold=True, align="centre", colour="#7a3b1d")
    sheet.text(105, 60, "Speisekarte im November", 13, align="centre")
    y = 76.0
    for course, dishes in _MENU.items():
        sheet.text(105, y, course, 15, bold=True, align="centre")
        y += 9
        for dish, price in dishes:
            sheet.text(35, y, dish, 12)
            sheet.text(175, y, f"{price} €", 12, align="right")
            y += 7.5
        y += 6
    sheet.text(
        105, 268, "Alle Preise in Euro inklusive Mehrwertsteuer. Dienstag Ruhetag.", 10, align="centre", colour=GREY
    )
    return sheet.finish()


def letter() -> bytes:
    """A letter that thanks and asks, and has nothing to pay in it."""
    sheet = Sheet("Brief", "Gesellschaft für Hafengeschichte e. V.", Style(accent="#30507a", logo="rings"))
    logos.draw(sheet, 170, 15, 16)
    sheet.text(25, 24, "Gesellschaft für Hafengeschichte e. V.", 14, bold=True, colour="#30507a")
    sheet.text(25, 29.5, "Packhof 6 · 28195 Bremen · Telefon 0421 5550 770", 8, colour=GREY)
    sheet.lines(25, 56, (OWN.name, OWN.street, OWN.town), 11, leading=5.2)
    sheet.text(185, 92, "Bremen, 17. November 2026", 10.5, align="right")
    sheet.text(25, 104, "Jahrestagung im Frühjahr", 11.5, bold=True)
    sheet.lines(25, 116, _LETTER, 10.5, leading=5.6)
    return sheet.finish()


def conditions() -> bytes:
    """The page of small print behind an invoice."""
    sheet = Sheet("Conditions", "Atelier Bellombre SAS", Style("Times-Roman", "Times-Bold"))
    sheet.text(20, 25, "Conditions générales de vente", 13, bold=True)
    y = 36.0
    for number, clause in enumerate(_CONDITIONS, 1):
        sheet.text(20, y, f"Article {number}", 10, bold=True)
        y = sheet.lines(20, y + 5.5, clause, 10, leading=5) + 4
    return sheet.finish()


def itemised_calls(pages: int) -> bytes:
    """An itemised bill with a great many pages, and small."""
    sheet = Sheet("Einzelverbindungsnachweis", "Funknetz Seerose GmbH", Style(accent="#8c1d40", logo="bars"))
    for page in range(1, pages + 1):
        sheet.text(25, 25, "Funknetz Seerose GmbH", 12, bold=True, colour="#8c1d40")
        sheet.text(185, 25, f"Seite {page} von {pages}", 9, align="right", colour=GREY)
        sheet.text(25, 34, "Rechnung 2611-8830-4471 – Einzelverbindungsnachweis", 11, bold=True)
        for row in range(12):
            minute = (page * 12 + row) * 7 % 1440
            sheet.text(25, 46 + row * 6, f"{1 + page % 28:02d}.10.2026   {minute // 60:02d}:{minute % 60:02d}", 9)
            sheet.text(120, 46 + row * 6, "00:03:12", 9, align="right")
            sheet.text(185, 46 + row * 6, "0,00 €", 9, align="right")
        sheet.next_page()
    return sheet.finish()


def truncated(pdf: bytes) -> bytes:
    """The first part of a file whose upload broke off."""
    return pdf[: len(pdf) * 6 // 10]


def hide_an_iban(sheet: Sheet) -> None:
    """Write the forger's account where nobody sees it: text that is neither filled nor stroked."""
    sheet.text(25, 201, f"IBAN {printed_iban(FALSE_IBAN)}", 9, mode=INVISIBLE)


def hide_all_text(sheet: Sheet) -> None:
    """Make every text that follows invisible, as in the text layer of a searchable scan."""
    sheet.canvas.addLiteral(f"{INVISIBLE} Tr")
