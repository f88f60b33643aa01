"""E-invoices: CII (Factur-X, ZUGFeRD) and UBL (XRechnung) from XML templates, and the PDF that carries one.

Sources: EN 16931-1; Factur-X 1.0 / ZUGFeRD 2 (attachment, AFRelationship, XMP); XRechnung 3.0.
"""

from dataclasses import fields
from io import BytesIO
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import AttachedFileSpec, Dictionary, Name, Pdf
from PIL import ImageCms

from infra.tools.sample_documents.bill import Bill, Company

_TEMPLATES = Path(__file__).parent / "templates"
_UNIT_CODES = {"Std.": "HUR", "kWh": "KWH", "Monat": "MON", "m": "MTR"}  # UN/ECE recommendation 20; else pieces
_FIXED_DATE = "D:20000101000000+00'00'"  # the date reportlab gives to documents that must not change


def cii(bill: Bill) -> bytes:
    """The bill as Cross Industry Invoice, profile EN 16931."""
    return _document(bill, "factur-x")


def ubl(bill: Bill) -> bytes:
    """The bill as UBL invoice, profile XRechnung."""
    return _document(bill, "xrechnung")


def factur_x(pdf: bytes, bill: Bill) -> bytes:
    """The PDF with the bill's CII beside it, as the standard wants it attached.

    Fonts must be embedded already. Made to PDF/A-3's rules, but no validator has confirmed it.
    """
    with Pdf.open(BytesIO(pdf)) as document:
        _attach(document, cii(bill))
        _describe(document, bill)
        out = BytesIO()
        document.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _attach(document: Pdf, xml: bytes) -> None:
    specification = AttachedFileSpec(
        document, xml, filename="factur-x.xml", description="Factur-X invoice", mime_type="text/xml",
        relationship=Name.Alternative, creation_date=_FIXED_DATE, mod_date=_FIXED_DATE,
    )  # fmt: skip
    document.attachments["factur-x.xml"] = specification
    document.Root.AF = pikepdf.Array([document.attachments["factur-x.xml"].obj])


def _describe(document: Pdf, bill: Bill) -> None:
    values = {"title": escape(str(document.docinfo.Title)), "author": escape(bill.seller.name)}
    metadata = _template("factur-x.xmp").substitute(values).encode()
    document.Root.Metadata = document.make_stream(metadata, Type=Name.Metadata, Subtype=Name.XML)
    profile = document.make_stream(_srgb(), N=3)
    document.Root.OutputIntents = pikepdf.Array(
        [
            Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier="sRGB", DestOutputProfile=profile
            )
        ]
    )


def _srgb() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07d0 0001 0001 0000 0000 0000")  # the header's date: 2000-01-01
    return bytes(profile)


def _document(bill: Bill, kind: str) -> bytes:
    line, tax = _template(f"{kind}.line"), _template(f"{kind}.tax")
    lines = "".join(line.substitute(values) for values in _lines(bill)).rstrip("\n")
    taxes = "".join(tax.substitute(values) for values in _taxes(bill)).rstrip("\n")
    return _template(kind).substitute(_header(bill), lines=lines, taxes=taxes).encode()


def _template(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.xml").read_text(encoding="utf-8"))


def _header(bill: Bill) -> dict[str, str]:
    due = bill.due or bill.issued
    values = {
        "number": bill.number, "issued": f"{bill.issued}", "issued_compact": f"{bill.issued:%Y%m%d}", "due": f"{due}",
        "due_compact": f"{due:%Y%m%d}", "currency": bill.currency, "order": bill.order,
        "reference": bill.reference or bill.number, "iban": bill.seller.iban or "", "bic": bill.seller.bic or "",
        "subtotal": f"{bill.subtotal:.2f}", "tax": f"{bill.tax:.2f}", "total": f"{bill.total:.2f}",
    }  # fmt: skip
    values |= _party("seller", bill.seller) | _party("buyer", bill.buyer)
    return {name: escape(value) for name, value in values.items()}


def _party(role: str, party: Company) -> dict[str, str]:
    return {f"{role}_{field.name}": str(getattr(party, field.name)) for field in fields(party)}


def _lines(bill: Bill) -> list[dict[str, str]]:
    return [
        {
            "position": str(position), "description": escape(line.description.split("\n")[0]),
            "quantity": str(line.quantity), "unit_code": _UNIT_CODES.get(line.unit, "C62"), "price": str(line.price),
            "net": f"{line.net:.2f}", "rate": f"{line.rate:.2f}", "currency": bill.currency,
        }
        for position, line in enumerate(bill.lines, 1)
    ]  # fmt: skip


def _taxes(bill: Bill) -> list[dict[str, str]]:
    return [
        {"rate": f"{rate:.2f}", "net": f"{net:.2f}", "tax": f"{tax:.2f}", "currency": bill.currency}
        for rate, net, tax in bill.taxes
    ]
