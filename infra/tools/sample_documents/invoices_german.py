"""The invented invoices in German."""

from datetime import date

from infra.tools.sample_documents.bill import Bill, items
from infra.tools.sample_documents.companies import (
    ASMUSSEN,
    ESPENLAUB,
    HOLLERBUSCH,
    KROGERSEN,
    MOORWIESEN,
    OHLENDORFF,
    OSTWINDHOF,
    OWN,
    SEEROSE,
    TANNHOF,
    TOSSEGG,
)
from paydraft.model.invoice import DocumentType, ReferenceKind

LIGHTING = Bill(
    seller=TANNHOF,
    buyer=OWN,
    number="RE-2026-1183",
    issued=date(2026, 11, 4),
    due=date(2026, 12, 4),
    customer="K-20817",
    language="de",
    lines=items(
        "19",
        """
        12 | Stk. | LED-Stufenlinse 200 W, warmweiß / Miete 28.10. bis 02.11.2026 | 38.50
        4 | Stk. | Traversenlift 6,5 m mit Sicherung | 64.00
        180 | m | Kabelweg Powercon/DMX, verlegt | 1.85
        16 | Std. | Aufbau und Einleuchten, 2 Techniker | 58.00
        1 | psch. | Transport Kiel – Hamburg und zurück | 245.00
        """,
    ),
    opening=("Sehr geehrte Damen und Herren,", "für die Tagung im Speicherhaus berechnen wir Ihnen wie vereinbart:"),
    notes=(
        "Zahlbar bis zum 04.12.2026 ohne Abzug. Bei Zahlung bis 14.11.2026 gewähren wir 2 % Skonto.",
        "Leistungszeitraum: 28.10.2026 – 02.11.2026.",
    ),
)
LIGHTING_CREDIT = Bill(
    seller=TANNHOF,
    buyer=OWN,
    number="GS-2026-0097",
    issued=date(2026, 11, 12),
    customer="K-20817",
    language="de",
    document_type=DocumentType.CREDIT_NOTE,
    lines=items(
        "19",
        """
        2 | Stk. | LED-Stufenlinse 200 W, warmweiß / defekt geliefert, nicht berechnet | 38.50
        1 | Std. | Austausch vor Ort | 58.00
        """,
    ),
    opening=(
        "Sehr geehrte Damen und Herren,",
        "zu unserer Rechnung RE-2026-1183 vom 04.11.2026 schreiben wir Ihnen gut:",
    ),
    notes=("Der Betrag wird mit Ihrer nächsten Rechnung verrechnet. Bitte überweisen Sie nichts.",),
)
ILLUSTRATION = Bill(
    seller=ASMUSSEN,
    buyer=OWN,
    number="2026-31",
    issued=date(2026, 11, 10),
    language="de",
    lines=items(
        "0",
        """
        1 | | Plakatillustration „Winterhafen“, drei Entwürfe | 620.00
        1 | | Reinzeichnung und Druckdaten | 180.00
        1 | | Nutzungsrechte für ein Jahr, Deutschland | 240.00
        """,
    ),
    opening=("Liebes Team,", "vielen Dank für den Auftrag. Für die Plakatserie stelle ich in Rechnung:"),
    notes=(
        "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.",
        "Bitte überweisen Sie den Betrag innerhalb von 14 Tagen auf mein Konto:",
    ),
)
FREIGHT = Bill(
    seller=KROGERSEN,
    buyer=OWN,
    number="26110417",
    issued=date(2026, 11, 6),
    due=date(2026, 11, 27),
    customer="40117",
    language="de",
    reference="RF08 2026 1104 17",
    reference_kind=ReferenceKind.RF,
    lines=items(
        "19",
        """
        1 | Fahrt | Sattelzug Bremen – Hamburg, 24 t / Ladestelle Hafenring, Tor 3 | 486.00
        2 | Std. | Standzeit Entladung | 62.50
        3 | Stk. | Leihpaletten, nicht getauscht | 18.40
        """,
    ),
    opening=("Für die Beförderung Ihrer Bühnenteile berechnen wir:",),
    notes=("Bitte geben Sie bei der Überweisung nur die Referenz RF08 2026 1104 17 an.",),
)
PAINTING = Bill(
    seller=OHLENDORFF,
    buyer=OWN,
    number="0448/26",
    issued=date(2026, 11, 13),
    due=date(2026, 11, 27),
    customer="1192",
    language="de",
    lines=items(
        "19",
        """
        64 | m² | Wandflächen spachteln und schleifen | 9.80
        64 | m² | Zweimaliger Anstrich, Farbton lichtgrau | 11.40
        5 | Stk. | Türzargen lackieren | 48.00
        """,
    ),
    opening=("Ihr Büro Brückenkai, Renovierung des Besprechungsraums:",),
    notes=("Zahlbar bis 27.11.2026 ohne Abzug. Vielen Dank für Ihren Auftrag!",),
)
SOLAR = Bill(
    seller=OSTWINDHOF,
    buyer=OWN,
    number="OW-104882",
    issued=date(2026, 11, 2),
    due=date(2026, 12, 2),
    customer="D-5512",
    order="EF-2026-088",
    language="de",
    reference="OW-104882",
    reference_kind=ReferenceKind.TEXT,
    lines=items(
        "19",
        """
        6 | Stk. | Mobile Solarstation 2,4 kWh, Wochenmiete | 189.00
        2 | Stk. | Zusatzspeicher 5 kWh, Wochenmiete | 96.50
        8 | Std. | Einweisung und Betreuung vor Ort | 74.00
        """,
    ),
    notes=("Diese Rechnung enthält ihre Daten auch als XML (ZUGFeRD, EN 16931).",),
)
ENERGY = Bill(
    seller=MOORWIESEN,
    buyer=OWN,
    number="M-2026-7700913",
    issued=date(2026, 11, 16),
    due=date(2026, 12, 1),
    order="04011000-1234512345-06",
    language="de",
    reference="M-2026-7700913 VK 90077",
    reference_kind=ReferenceKind.TEXT,
    lines=items(
        "19",
        """
        4380 | kWh | Strom Halle 3, Oktober 2026 | 0.3142
        1 | Monat | Grundpreis | 28.90
        """,
    ),
)
BICYCLES = Bill(
    seller=TOSSEGG,
    buyer=OWN,
    number="313947",
    issued=date(2026, 11, 9),
    due=date(2026, 12, 9),
    currency="CHF",
    language="de",
    reference="21 00000 00003 13947 14300 09017",
    reference_kind=ReferenceKind.QRR,
    lines=items(
        "8.1",
        """
        8 | Stk. | Lastenvelo, Miete 3 Tage / Messe Winterthur, 4. bis 6. November | 145.00
        1 | psch. | Anlieferung und Abholung | 120.00
        """,
    ),
    notes=("Zahlbar bis 09.12.2026. Bitte den Zahlteil unten verwenden.",),
)
CARPENTRY = Bill(
    seller=HOLLERBUSCH,
    buyer=OWN,
    number="R26-0519",
    issued=date(2026, 11, 5),
    due=date(2026, 11, 19),
    customer="EF01",
    language="de",
    reference="R26-0519",
    reference_kind=ReferenceKind.TEXT,
    lines=items(
        "20",
        """
        14 | Stk. | Stehtisch Lärche massiv, klappbar | 168.00
        2 | Stk. | Theke 240 cm, dreiteilig | 790.00
        1 | psch. | Lieferung Graz – Messe Graz | 85.00
        """,
    ),
    opening=("Vielen Dank für Ihren Auftrag. Wir berechnen:",),
    notes=("Zahlbar bis 19.11.2026 ohne Abzug. Der Code rechts überträgt alle Zahlungsdaten in Ihre Banking-App.",),
)
MOBILE = Bill(
    seller=SEEROSE,
    buyer=OWN,
    number="2611-8830-4471",
    issued=date(2026, 11, 15),
    customer="8830-4471",
    language="de",
    document_type=DocumentType.DIRECT_DEBIT,
    lines=items(
        "19",
        """
        9 | Stk. | Tarif Team M, 15.10. bis 14.11.2026 | 16.79
        2 | Stk. | Datenpaket Ausland | 8.40
        """,
    ),
    opening=("Ihre Mobilfunkrechnung für November 2026.",),
    notes=(
        "Den Gesamtbetrag von 199,81 € buchen wir am 24.11.2026 per SEPA-Lastschrift von Ihrem Konto",
        "IBAN DE03 9994 0000 0048 1516 23 ab. Mandatsreferenz: SR-8830-4471-01. Sie müssen nichts tun.",
    ),
)
GARDEN = Bill(
    seller=ESPENLAUB,
    buyer=OWN,
    number="2026/0762",
    issued=date(2026, 11, 11),
    due=date(2026, 11, 25),
    customer="3345",
    language="de",
    lines=items(
        "19",
        """
        22 | Stk. | Kübelpflanzen Liguster, Miete je Woche | 14.50
        1 | psch. | Dekoration Eingangsbereich | 380.00
        """,
    ),
    opening=("Wir berechnen für die Begrünung der Herbstmesse:",),
    notes=("Bitte überweisen Sie bis 25.11.2026 auf das unten genannte Konto.",),
)
