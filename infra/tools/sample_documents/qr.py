"""Payment codes as invoices carry them: the EPC code (GiroCode) and the payment part of the Swiss QR-bill.

Sources: EPC069-12 version 2.1; Swiss Implementation Guidelines QR-bill 2.3 (payload, sizes, Swiss cross).
"""

import segno

from infra.tools.sample_documents.bill import Bill, Company
from infra.tools.sample_documents.sheet import Sheet
from infra.tools.sample_documents.words import printed_iban

_PAYMENT_PART = 192.0  # mm from the top: the lower 105 mm of A4
_LABEL, _VALUE = 6, 8


def draw_code(sheet: Sheet, x: float, y: float, size: float, text: str, *, error: str = "M") -> None:
    """A QR code of `size` mm without its quiet zone, as vectors."""
    matrix = segno.make_qr(text, error=error, encoding="utf-8", boost_error=False).matrix
    module = size / len(matrix)
    for row, bits in enumerate(matrix):
        column = 0
        while column < len(bits):
            run = 0
            while column + run < len(bits) and bits[column + run]:
                run += 1
            if run:
                sheet.box(x + column * module, y + row * module, run * module, module, fill="#000000")
            column += run or 1


def epc_payload(bill: Bill) -> str:
    """The lines of an EPC code, version 002, with an unstructured reference."""
    seller = bill.seller
    lines = (
        "BCD", "002", "1", "SCT", seller.bic or "", seller.name, seller.iban or "",
        f"{bill.currency}{bill.total:.2f}", "", "", bill.reference or bill.number, "",
    )  # fmt: skip
    return "\n".join(lines).rstrip("\n")


def swiss_payload(bill: Bill) -> str:
    """The lines of a Swiss code, version 0200, structured addresses, QR reference."""
    reference = (bill.reference or "").replace(" ", "")
    lines = (
        "SPC", "0200", "1", bill.seller.iban or "", *_swiss_address(bill.seller), *[""] * 7,
        f"{bill.total:.2f}", bill.currency, *_swiss_address(bill.buyer), "QRR", reference, f"Rechnung {bill.number}",
        "EPD",
    )  # fmt: skip
    return "\r\n".join(lines)


def _swiss_address(party: Company) -> tuple[str, ...]:
    street, _, house = party.street.rpartition(" ")
    return ("S", party.name, street, house, party.postal_code, party.city, party.country)


def swiss_payment_part(sheet: Sheet, bill: Bill) -> None:
    """Receipt and payment part at the foot of an A4 page."""
    top = _PAYMENT_PART
    sheet.canvas.setDash(2, 2)
    sheet.rule(0, top, 210, width=0.4)
    sheet.canvas.line(62 * 72 / 25.4, 0, 62 * 72 / 25.4, sheet.y(top))
    sheet.canvas.setDash()
    _receipt(sheet, bill, 5, top + 8)
    sheet.text(67, top + 9, "Zahlteil", 11, bold=True)
    draw_code(sheet, 67, top + 17, 46, swiss_payload(bill))
    _swiss_cross(sheet, 90, top + 40)
    _amount(sheet, bill, 67, top + 71, 10)
    _details(sheet, bill, 118, top + 8)


def _receipt(sheet: Sheet, bill: Bill, x: float, y: float) -> None:
    sheet.text(x, y + 1, "Empfangsschein", 11, bold=True)
    rows = _rows(bill, with_message=False)
    end = _stack(sheet, x, y + 8, rows)
    _amount(sheet, bill, x, max(end + 3, y + 63), 8)
    sheet.text(57, y + 79, "Annahmestelle", _LABEL, bold=True, align="right")


def _details(sheet: Sheet, bill: Bill, x: float, y: float) -> None:
    _stack(sheet, x, y, _rows(bill, with_message=True), larger=2)


def _rows(bill: Bill, *, with_message: bool) -> list[tuple[str, tuple[str, ...]]]:
    account = (printed_iban(bill.seller.iban or ""), *_printed(bill.seller))
    rows = [("Konto / Zahlbar an", account), ("Referenz", (bill.reference or "",))]
    if with_message:
        rows.append(("Zusätzliche Informationen", (f"Rechnung {bill.number}",)))
    return [*rows, ("Zahlbar durch", _printed(bill.buyer))]


def _printed(party: Company) -> tuple[str, ...]:
    return (party.name, party.street, f"{party.postal_code} {party.city}")


def _stack(sheet: Sheet, x: float, y: float, rows: list[tuple[str, tuple[str, ...]]], larger: int = 0) -> float:
    for label, values in rows:
        sheet.text(x, y, label, _LABEL + larger, bold=True)
        y = sheet.lines(x, y + 3.4 + larger * 0.3, values, _VALUE + larger, leading=3.3 + larger * 0.4) + 1.8
    return y


def _amount(sheet: Sheet, bill: Bill, x: float, y: float, size: int) -> None:
    amount = f"{bill.total:,.2f}".replace(",", " ")
    sheet.text(x, y, "Währung", size - 2, bold=True)
    sheet.text(x + 16, y, "Betrag", size - 2, bold=True)
    sheet.text(x, y + 4.4, bill.currency, size)
    sheet.text(x + 16, y + 4.4, amount, size)


def _swiss_cross(sheet: Sheet, x: float, y: float) -> None:
    sheet.box(x - 3.5, y - 3.5, 7, 7, fill="#ffffff")
    sheet.box(x - 3, y - 3, 6, 6, fill="#000000")
    sheet.box(x - 0.58, y - 1.95, 1.16, 3.9, fill="#ffffff")
    sheet.box(x - 1.95, y - 0.58, 3.9, 1.16, fill="#ffffff")
