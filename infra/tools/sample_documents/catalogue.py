"""Every sample document: its name, how it is drawn, and what must come out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from reportlab.lib.pagesizes import A4, LETTER

from infra.tools.sample_documents import einvoice, oddities, picture_pages, rasters
from infra.tools.sample_documents import invoices_abroad as abroad
from infra.tools.sample_documents import invoices_german as german
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.layouts import (
    column_header,
    freelancer,
    label_table,
    long_table,
    payment_codes,
    two_column,
    us_style,
)
from infra.tools.sample_documents.sheet import Sheet, Style, embedded_fonts
from paydraft.model.bank_account import Iban
from paydraft.model.errors import (
    DocumentError,
    EncryptedDocumentError,
    NotAnInvoiceError,
    TooManyPagesError,
    UnreadableDocumentError,
)
from paydraft.model.media import MAX_PAGES
from paydraft.model.transfer import NoDraft

Layout = Callable[[Sheet, Bill], None]
NAVY = Style()
TIMES = Style("Times-Roman", "Times-Bold")
WINE = Style("Times-Roman", "Times-Bold", "#7b1e3a", "leaf")
SLATE = Style(accent="#2f4858", logo="bars")
GREEN = Style(accent="#2e6b4f", logo="leaf")
AMBER = Style(accent="#b5651d", logo="square")
TEAL = Style(accent="#0f6d73", logo="rings")
RED = Style(accent="#8c1d40", logo="bars")

_NO_TAX = "a small business prints neither a subtotal nor a tax; both None and zero say so"
_DEBIT_DAY = "the day of the debit is not a day to pay by; either reading is fair"
_CONFLICT = "the text layer names another account than the page shows: a person must decide"
_OF_THAT_ACCOUNT = "the bank's code goes with an account that is in doubt"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sample:
    """One document. The fields expected follow from `bill`, but where the three mappings say otherwise and why."""

    name: str
    kind: str
    draw: Callable[[], bytes]
    bill: Bill | None = None
    failure: type[DocumentError] | None = None
    no_draft: NoDraft | None = None
    differs: Mapping[str, str | None] = field(default_factory=dict)
    may_be_empty: Mapping[str, str] = _NOTHING
    not_checked: Mapping[str, str] = _NOTHING


def drawn(
    layout: Layout,
    bill: Bill,
    style: Style,
    *,
    size: tuple[float, float] = A4,
    password: str | None = None,
    first: Callable[[Sheet], None] | None = None,
) -> bytes:
    """The bill as PDF; `first` draws on the page before the layout does."""
    sheet = Sheet(bill.number, bill.seller.name, style, size=size, password=password)
    if first:
        first(sheet)
    layout(sheet, bill)
    return sheet.finish()


def born_digital(name: str, layout: Layout, bill: Bill, style: Style, **facts: object) -> Sample:
    """A PDF as a program writes it."""
    return Sample(name, "born_digital_pdf", lambda: drawn(layout, bill, style), bill, **facts)  # type: ignore[arg-type]


def scan() -> bytes:
    """A sheet on a flatbed scanner: 200 dpi grey, one degree askew, with grain."""
    page = rasters.render(drawn(column_header.draw, german.FREIGHT, SLATE), 200)
    page = rasters.noisy(rasters.skewed(rasters.faded(page, 38, 250), 1.0), 3.0, seed=4)
    return picture_pages.covered(picture_pages.blank(1), [picture_pages.grey(page, 22)])


def png_scan() -> bytes:
    """A scan as PNG in 16 greys."""
    page = rasters.render(drawn(label_table.draw, abroad.LEAFLETS, GREEN), 150)
    return rasters.png(rasters.faded(rasters.specks(page, 20, seed=5), 20, 255), 150)


def fax() -> bytes:
    """A TIFF of a multifunction device, half a degree askew, with a second page of small print."""
    page = rasters.render(drawn(two_column.draw, abroad.SCENERY, WINE), 200)
    conditions = rasters.render(oddities.conditions(), 200)
    return rasters.fax_tiff([rasters.skewed(page, -0.5), rasters.skewed(conditions, -0.4)], 200)


def photo() -> bytes:
    """A telephone held upright over a sheet on a table, at an angle, under a lamp on the left."""
    page = rasters.render_colour(drawn(label_table.draw, abroad.CATERING, AMBER), 200)
    corners = ((0.09, 0.05), (0.93, 0.075), (0.965, 0.955), (0.05, 0.93))
    return rasters.jpeg(rasters.photographed(page, 1500, 2000, corners, seed=6), 38, sideways=True)


def messenger_photo() -> bytes:
    """A photo that a messenger has made smaller."""
    page = rasters.render_colour(drawn(column_header.draw, german.PAINTING, TEAL), 200)
    corners = ((0.06, 0.04), (0.95, 0.06), (0.94, 0.96), (0.04, 0.95))
    return rasters.webp(rasters.photographed(page, 1600, 2170, corners, seed=7), 50)


def hybrid() -> bytes:
    """A PDF with the same invoice as XML inside."""
    font, bold = embedded_fonts()
    pdf = drawn(label_table.draw, german.SOLAR, Style(font, bold, "#a8780a", "square"))
    return einvoice.factur_x(pdf, german.SOLAR)


def lying_scan() -> bytes:
    """A searchable scan in whose text layer somebody has exchanged the account."""
    page = rasters.render(drawn(column_header.draw, german.GARDEN, GREEN), 200)
    account = replace(german.GARDEN.seller, iban=Iban(oddities.FALSE_IBAN))
    forged = replace(german.GARDEN, seller=account)
    text = drawn(column_header.draw, forged, GREEN, first=oddities.hide_all_text)
    return picture_pages.covered(text, [picture_pages.black_and_white(rasters.specks(page, 30, seed=8))])


SAMPLES: tuple[Sample, ...] = (
    born_digital("de_column_header.pdf", column_header.draw, german.LIGHTING, NAVY),
    born_digital("en_label_table.pdf", label_table.draw, abroad.ANALYTICS, TEAL),
    born_digital("fr_two_column.pdf", two_column.draw, abroad.SEMINAR, WINE),
    born_digital("it_totals_on_page_2.pdf", long_table.draw, abroad.STAND, SLATE),
    born_digital("nl_structured_reference.pdf", label_table.draw, abroad.HALL_HIRE, AMBER),
    born_digital("es_two_column.pdf", two_column.draw, abroad.PRINTING, TEAL),
    born_digital(
        "de_freelancer.pdf",
        freelancer.draw,
        german.ILLUSTRATION,
        TIMES,
        differs={"due_date": "2026-11-24"},  # "innerhalb von 14 Tagen"
        not_checked={"subtotal": _NO_TAX, "tax": _NO_TAX},
    ),
    Sample(
        "us_without_iban.pdf",
        "born_digital_pdf",
        lambda: drawn(us_style.draw, abroad.OFFICE_SUPPLY, SLATE, size=LETTER),
        abroad.OFFICE_SUPPLY,
    ),
    Sample("de_scan.pdf", "scan_pdf", scan, german.FREIGHT),
    Sample("nl_scan.png", "scan_png", png_scan, abroad.LEAFLETS),
    Sample("fr_fax.tiff", "scan_tiff", fax, abroad.SCENERY),
    Sample(
        "en_photo.jpg",
        "photo_jpeg",
        photo,
        abroad.CATERING,
        differs={"reference": "TR-2291", "reference_kind": "text"},  # "Please quote TR-2291 with your payment."
    ),
    Sample("de_photo.webp", "photo_webp", messenger_photo, german.PAINTING),
    Sample("de_factur_x.pdf", "factur_x_pdf", hybrid, german.SOLAR),
    Sample("de_xrechnung.xml", "xrechnung_xml", lambda: einvoice.ubl(german.ENERGY), german.ENERGY),
    Sample(
        "ch_qr_bill.pdf",
        "swiss_qr_bill",
        lambda: drawn(payment_codes.draw_swiss, german.BICYCLES, TEAL),
        german.BICYCLES,
        differs={"bic": None},
    ),
    Sample(
        "at_giro_code.pdf",
        "epc_qr",
        lambda: drawn(payment_codes.draw_giro, german.CARPENTRY, AMBER),
        german.CARPENTRY,
    ),
    Sample(
        "de_credit_note.pdf",
        "credit_note",
        lambda: drawn(column_header.draw, german.LIGHTING_CREDIT, NAVY),
        german.LIGHTING_CREDIT,
        no_draft=NoDraft.CREDIT_NOTE,
    ),
    Sample(
        "de_direct_debit.pdf",
        "direct_debit",
        lambda: drawn(column_header.draw, german.MOBILE, RED),
        german.MOBILE,
        no_draft=NoDraft.NOT_PAYABLE,
        not_checked={"due_date": _DEBIT_DAY},
    ),
    Sample(
        "en_hidden_iban.pdf",
        "hidden_text",
        lambda: drawn(label_table.draw, abroad.SIGNS, RED, first=oddities.hide_an_iban),
        abroad.SIGNS,
        may_be_empty={"iban": _CONFLICT, "bic": _OF_THAT_ACCOUNT},
    ),
    Sample(
        "de_lying_text_layer.pdf",
        "hidden_text",
        lying_scan,
        german.GARDEN,
        may_be_empty={"iban": _CONFLICT, "bic": _OF_THAT_ACCOUNT},
    ),
    Sample(
        "encrypted.pdf",
        "encrypted_pdf",
        lambda: drawn(label_table.draw, abroad.ANALYTICS, TEAL, password=oddities.PASSWORD),
        failure=EncryptedDocumentError,
    ),
    Sample(
        "truncated.pdf",
        "broken_pdf",
        lambda: oddities.truncated(drawn(column_header.draw, german.LIGHTING, NAVY)),
        failure=UnreadableDocumentError,
    ),
    Sample(
        "too_many_pages.pdf",
        "too_many_pages",
        lambda: oddities.itemised_calls(MAX_PAGES + 1),
        failure=TooManyPagesError,
    ),
    Sample("de_menu.pdf", "not_an_invoice", oddities.menu, failure=NotAnInvoiceError),
    Sample("de_letter.pdf", "not_an_invoice", oddities.letter, failure=NotAnInvoiceError),
)
