"""Invoices for a story that is told today: their dates are near the day they are drawn, their sender is on file."""

from dataclasses import replace
from datetime import date, timedelta

from infra.tools.sample_documents import picture_pages, rasters
from infra.tools.sample_documents.bill import Bill, items
from infra.tools.sample_documents.catalogue import GREEN, NAVY, drawn
from infra.tools.sample_documents.companies import OWN, TANNHOF
from infra.tools.sample_documents.layouts import column_header
from paydraft.model.bank_account import Bic, Iban

_OTHER_IBAN = Iban("DE64 9997 0000 0031 4159 26")
_LOOK_ALIKE_IBAN = Iban("DE68 9998 0000 0027 1828 18")
_RENT = """
    {days} | Tag | Lichtpult mit Bildschirm / Miete | 96.00
    6 | Std. | Betreuung durch einen Techniker | 58.00
    1 | psch. | Transport Kiel – Hamburg und zurück | 145.00
"""


def known(today: date) -> bytes:
    """An invoice of a supplier on file, with all that is on file about him."""
    return drawn(column_header.draw, _bill(today, days=4), NAVY)


def rescanned(today: date) -> bytes:
    """The same invoice, printed out and scanned a little crooked."""
    page = rasters.render(known(today), 200)
    page = rasters.noisy(rasters.skewed(rasters.faded(page, 30, 252), 0.7), 2.0, seed=11)
    return picture_pages.covered(picture_pages.blank(1), [picture_pages.grey(page, 22)])


def other_account(today: date) -> bytes:
    """The next invoice of the same supplier, with an account that nobody has seen before."""
    seller = replace(TANNHOF, iban=_OTHER_IBAN, bic=Bic("WESRDE2HXXX"), bank="Weserkontor Bank")
    return drawn(column_header.draw, replace(_bill(today, days=9), seller=seller), NAVY)


def look_alike(today: date) -> bytes:
    """An invoice of somebody who is called almost the same."""
    seller = replace(
        TANNHOF,
        name="Tannhof & Raabe Lichttechnik GmbH",
        street="Speicherstraße 41",
        email="rechnung@tannhof-raabe.example",
        website="www.tannhof-raabe.example",
        vat_number="",
        iban=_LOOK_ALIKE_IBAN,
        bic=Bic("WARNDE22XXX"),
        bank="Warnow Direktbank",
        legal=("Amtsgericht Kiel, HRB 99733", "Geschäftsführer: Malte Raabe", "Steuernummer 20/995/04711"),
    )
    return drawn(column_header.draw, replace(_bill(today, days=2), seller=seller), GREEN)


def _bill(today: date, *, days: int) -> Bill:
    issued, due = today - timedelta(days=6), today + timedelta(days=24)
    return Bill(
        seller=TANNHOF,
        buyer=OWN,
        number=f"RE-{issued.year}-13{days:02}",
        issued=issued,
        due=due,
        customer="K-20817",
        language="de",
        lines=items("19", _RENT.format(days=days)),
        opening=("Sehr geehrte Damen und Herren,", "für Ihre Veranstaltung berechnen wir Ihnen wie vereinbart:"),
        notes=(f"Zahlbar bis zum {due:%d.%m.%Y} ohne Abzug.",),
    )
