"""The invented invoices in other languages."""

from datetime import date

from infra.tools.sample_documents.bill import Bill, items
from infra.tools.sample_documents.companies import (
    ALDEBARAN,
    BELLOMBRE,
    BLUESTEM,
    CORVANESI,
    FERNHILL,
    HARROWMERE,
    OWN,
    THISTLE,
    VERDELET,
    WATERLANDERHOF,
    WILGENKAAI,
)
from paydraft.model.invoice import ReferenceKind

ANALYTICS = Bill(
    seller=FERNHILL,
    buyer=OWN,
    number="FQ-00872",
    issued=date(2026, 11, 3),
    due=date(2026, 12, 3),
    order="EF-2026-101",
    language="en",
    lines=items(
        "0",
        """
        5 | days | Visitor flow analysis / Autumn fair, halls 1 to 4 | 640.00
        1 | | Dashboard set-up and hosting, first quarter | 1150.00
        12 | h | Remote support | 85.00
        """,
    ),
    notes=("VAT reverse charge: the recipient is liable for VAT (Article 196, Directive 2006/112/EC).",),
)
SEMINAR = Bill(
    seller=VERDELET,
    buyer=OWN,
    number="F-2026-0912",
    issued=date(2026, 11, 5),
    due=date(2026, 12, 5),
    order="EF-2026-093",
    language="fr",
    lines=(
        *items(
            "10", "46 | | Déjeuner assis, menu « Traboules » | 38.00\n46 | | Pause gourmande de l'après-midi | 9.50"
        ),
        *items(
            "20", "1 | j | Salle des Canuts, journée d'étude | 890.00\n1 | j | Vidéoprojecteur et sonorisation | 240.00"
        ),
    ),
    notes=(
        "Règlement par virement à 30 jours, sans escompte. En cas de retard, pénalités au taux de 12 % l'an",
        "et indemnité forfaitaire pour frais de recouvrement de 40,00 €.",
    ),
)
STAND = Bill(
    seller=CORVANESI,
    buyer=OWN,
    number="1274/2026",
    issued=date(2026, 11, 7),
    due=date(2026, 12, 31),
    customer="C0418",
    order="EF-2026-079",
    language="it",
    lines=items(
        "22",
        """
        96 | mq | Pedana tecnica h 10 cm, noleggio | 12.40
        96 | mq | Moquette ignifuga grigio perla | 7.90
        44 | ml | Parete tamburata h 300 cm, tinteggiata | 58.00
        12 | ml | Parete curva r 150 cm | 96.00
        2 | pz | Porta a battente con serratura | 145.00
        1 | pz | Ripostiglio 2x2 m attrezzato | 420.00
        6 | pz | Vetrina illuminata 50x50x200 cm | 165.00
        3 | pz | Banco reception laccato | 310.00
        18 | pz | Sgabello alto, seduta bianca | 22.50
        9 | pz | Tavolo tondo d 80 cm | 34.00
        24 | pz | Sedia imbottita | 16.80
        36 | pz | Faretto LED 30 W su binario | 19.90
        14 | ml | Traliccio in alluminio 30x30 cm | 41.00
        4 | pz | Quadro elettrico 6 kW con differenziale | 128.00
        1 | pz | Allacciamento idrico per cucina | 260.00
        1 | pz | Lavello e scaldacqua 10 l | 185.00
        2 | pz | Frigorifero 140 l | 74.00
        1 | pz | Macchina caffè professionale | 210.00
        28 | mq | Stampa su pannello, quadricromia | 46.00
        6 | pz | Lettere scatolate luminose h 40 cm | 118.00
        2 | pz | Monitor 65" con supporto a parete | 290.00
        1 | pz | Impianto audio con due microfoni | 340.00
        40 | h | Montaggio, squadra di quattro persone | 38.00
        24 | h | Smontaggio, squadra di quattro persone | 38.00
        2 | pz | Trasporto con autocarro, andata e ritorno | 480.00
        1 | pz | Smaltimento materiali non riutilizzabili | 195.00
        12 | h | Assistenza tecnica in fiera | 44.00
        3 | gg | Pulizia giornaliera dello stand | 130.00
        1 | pz | Pratiche con l'ente fiera e certificazioni | 350.00
        5 | pz | Pianta ornamentale con fioriera | 28.00
        1 | pz | Progetto esecutivo e rendering | 900.00
        """,
    ),
    opening=("Stand 11-C08, Fiera d'Autunno, Milano.",),
    notes=("Pagamento: bonifico bancario 30 gg data fattura fine mese.",),
)
HALL_HIRE = Bill(
    seller=WILGENKAAI,
    buyer=OWN,
    number="2026-0418",
    issued=date(2026, 11, 3),
    due=date(2026, 12, 3),
    order="Herfstcongres",
    language="nl",
    reference="+++261/1004/18791+++",
    reference_kind=ReferenceKind.NATIONAL,
    lines=items(
        "21",
        """
        2 | dagen | Huur zaal De Leie, 220 plaatsen | 1150.00
        220 | | Koffie en versnapering | 4.75
        2 | dagen | Zaaltechnicus | 420.00
        """,
    ),
    notes=("Gelieve te betalen met vermelding van de gestructureerde mededeling.",),
)
PRINTING = Bill(
    seller=ALDEBARAN,
    buyer=OWN,
    number="F26/00417",
    issued=date(2026, 11, 9),
    due=date(2026, 12, 9),
    order="EF-2026-097",
    language="es",
    lines=items(
        "21",
        """
        2500 | uds. | Díptico A4, couché mate 170 g, 4+4 tintas | 0.19
        400 | uds. | Acreditación plastificada con cinta | 1.35
        12 | uds. | Lona microperforada 200 x 100 cm | 64.50
        """,
    ),
    notes=("Forma de pago: transferencia bancaria a 30 días. Entregado en Feria Valencia el 6 de noviembre de 2026.",),
)
CATERING = Bill(
    seller=THISTLE,
    buyer=OWN,
    number="TR-2291",
    issued=date(2026, 11, 12),
    due=date(2026, 11, 26),
    order="EF-2026-104",
    currency="GBP",
    language="en",
    lines=items(
        "20",
        """
        60 | | Buffet lunch, Leith pop-up | 18.50
        60 | | Tea, coffee and shortbread | 4.20
        3 | | Serving staff, half day | 95.00
        """,
    ),
    notes=("Please quote TR-2291 with your payment. Sort code 99-90-21, account 44180937.",),
)
LEAFLETS = Bill(
    seller=WATERLANDERHOF,
    buyer=OWN,
    number="26-10388",
    issued=date(2026, 11, 10),
    due=date(2026, 11, 24),
    customer="20417",
    language="nl",
    lines=items(
        "21",
        """
        3000 | | Folder A5, 8 pagina's, 135 g | 0.24
        50 | | Affiche A1, mat gestreken | 6.80
        1 | | Bezorging Jaarbeurs | 65.00
        """,
    ),
    notes=("Betaling binnen 14 dagen na factuurdatum.",),
)
SCENERY = Bill(
    seller=BELLOMBRE,
    buyer=OWN,
    number="FA2026-0147",
    issued=date(2026, 11, 13),
    due=date(2026, 12, 13),
    language="fr",
    lines=items(
        "20",
        """
        1 | | Décor peint « Vieux port », toile 6 x 3 m | 2450.00
        3 | j | Montage sur place | 380.00
        1 | | Location de structure autoportante | 275.00
        """,
    ),
    notes=("Paiement par virement, à réception et au plus tard le 13/12/2026.",),
)
SIGNS = Bill(
    seller=HARROWMERE,
    buyer=OWN,
    number="HM-5518",
    issued=date(2026, 11, 6),
    due=date(2026, 12, 6),
    order="EF-2026-095",
    language="en",
    lines=items(
        "0",
        """
        6 | | Freestanding sign, double-sided | 148.00
        24 | | Door plate, engraved | 21.50
        1 | | Courier to Hamburg | 96.00
        """,
    ),
    notes=("VAT reverse charge applies.",),
)
OFFICE_SUPPLY = Bill(
    seller=BLUESTEM,
    buyer=OWN,
    number="104417",
    issued=date(2026, 10, 29),
    due=date(2026, 11, 28),
    order="EF-2026-090",
    currency="USD",
    language="en",
    lines=items(
        "7",
        """
        12 | | Folding display table, 6 ft | 84.95
        40 | | Lanyard with badge holder (pack of 25) | 31.20
        3 | | Label printer, thermal | 129.00
        """,
    ),
    notes=(
        "Make all checks payable to Bluestem Prairie Office Supply, Inc.",
        "ACH: Plains Commerce Bank, routing 999904417, account 0044 1820 77.",
    ),
)
