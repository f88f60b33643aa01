"""An account or amount that a PDF says and its page does not show is taken out; one that both show is confirmed."""

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_document.crosscheck import crosschecked
from extract_document.options import ReadOptions
from extract_document.recognize import read
from paydraft.extraction.extract import extract
from paydraft.model.bank_account import Iban
from paydraft.model.evidence import Area, Evidence, Severity
from paydraft.model.invoice import Invoice
from paydraft.model.page import Source, Word
from tests.functions.test_reading_text_layer import with_mapping
from tests.paper import A4, a_sheet, changed

IBAN, OTHER = "DE89370400440532013000", "FR1420041010050500013M02606"
PRINTED = "DE89 3704 0044 0532 0130 00"


def area_of(words: list[Word], page) -> Area:
    box = words[0].box
    for word in words[1:]:
        box = box.joined(word.box)
    return Area(page=1, x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1, page_width=page.width, page_height=page.height)


def the_invoice(pdf: bytes, iban: str = IBAN, total: str = "1.190,00") -> Invoice:
    """What extraction would make of the text layer: the words of the IBAN and of the total, with their areas."""
    (page,) = read(pdf).pages
    words = [word for word in page.words if word.source is Source.TEXT]
    start = next((at for at, word in enumerate(words) if word.text == iban[:4]), None)
    found = {"total": [next(word for word in words if word.text == total)]}
    if start is not None:
        length = -(-len(iban) // 4)
        found["iban"] = words[start : start + length]
    evidence = {
        path: Evidence(
            source=Source.TEXT,
            raw=" ".join(word.text for word in spot),
            confidence=0.99,
            area=area_of(spot, page),
        )
        for path, spot in found.items()
    }
    amount = Decimal(total.replace(".", "").replace(",", "."))
    return Invoice(iban=Iban(iban) if start is not None else None, currency="EUR", total=amount, evidence=evidence)


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    """A page with a total that is seen, and whatever `draw` adds."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(70, 600, "Total to be paid by bank transfer EUR 1.190,00")
    draw(canvas)
    canvas.save()
    return out.getvalue()


def in_white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.drawString(70, 500, PRINTED)


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(70, 500)
    text.setTextRenderMode(3)
    text.textOut(PRINTED)
    canvas.drawText(text)


def under_white(canvas: Canvas) -> None:
    canvas.drawString(70, 500, PRINTED)
    canvas.setFillGray(1)
    canvas.rect(60, 490, 400, 30, stroke=0, fill=1)


def under_another(canvas: Canvas) -> None:
    under_white(canvas)
    canvas.setFillGray(0)
    canvas.drawString(70, 500, " ".join(OTHER[at : at + 4] for at in range(0, len(OTHER), 4)))


def under_words(canvas: Canvas) -> None:
    under_white(canvas)
    canvas.setFillGray(0)
    canvas.drawString(70, 500, "Please pay within thirty days from today")


def as_a_speck(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(70, 500, PRINTED)


def plainly(canvas: Canvas) -> None:
    canvas.drawString(70, 500, PRINTED)


def in_grey_on_a_shade(canvas: Canvas) -> None:
    canvas.setFillGray(0.85)
    canvas.rect(60, 490, 400, 30, stroke=0, fill=1)
    canvas.setFillGray(0.35)
    canvas.drawString(70, 500, PRINTED)


@pytest.mark.parametrize("draw", [plainly, in_grey_on_a_shade])
@pytest.mark.parametrize("engine", ["tesserocr", "pytesseract"])
def test_what_is_seen_is_confirmed(draw: Callable[[Canvas], None], engine: str):
    pdf = drawn(draw)

    invoice = crosschecked(the_invoice(pdf), pdf, ReadOptions(engine=engine))

    assert invoice.iban == IBAN
    assert invoice.total == Decimal("1190.00")
    assert invoice.evidence["iban"].checks == invoice.evidence["total"].checks == ("pixels",)
    assert invoice.findings == ()


@pytest.mark.parametrize("draw", [in_white, invisible, under_white, under_another, under_words, as_a_speck])
def test_an_account_that_nobody_sees_is_taken_out(draw: Callable[[Canvas], None]):
    pdf = drawn(draw)

    invoice = crosschecked(the_invoice(pdf), pdf, ReadOptions())

    assert invoice.iban is None
    (finding,) = invoice.findings
    assert (finding.code, finding.severity, finding.field) == ("payment_data_conflict", Severity.ERROR, "iban")
    assert [other.value for other in invoice.evidence["iban"].alternatives] == [IBAN]
    assert invoice.evidence["iban"].confidence == 0
    assert invoice.total == Decimal("1190.00"), "the other values stay"
    assert IBAN not in finding.message


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page_is_looked_at_in_the_right_place(degrees: int):
    seen, hidden = changed(drawn(plainly), Rotate=degrees), changed(drawn(in_white), Rotate=degrees)

    assert crosschecked(the_invoice(seen), seen, ReadOptions()).evidence["total"].checks == ("pixels",)
    assert crosschecked(the_invoice(seen), seen, ReadOptions()).findings == ()
    assert crosschecked(the_invoice(hidden), hidden, ReadOptions()).iban is None


def test_an_amount_whose_characters_are_mapped_to_others_is_taken_out():
    shown = a_sheet(["Total to be paid within thirty days", "7.777,00", "Thank you for your order"])
    pdf = with_mapping(shown, "<37> <0031>")  # the page shows 7s, the text layer says 1s

    invoice = crosschecked(the_invoice(pdf, total="1.111,00"), pdf, ReadOptions())

    assert invoice.total is None
    assert [finding.field for finding in invoice.findings] == ["total"]


def test_a_value_that_a_qr_code_agrees_with_needs_no_look():
    pdf = drawn(in_white)
    invoice = the_invoice(pdf)
    evidence = invoice.evidence | {"iban": invoice.evidence["iban"].model_copy(update={"checks": ("agrees:qr",)})}

    assert crosschecked(invoice.model_copy(update={"evidence": evidence}), pdf, ReadOptions()).iban == IBAN


@pytest.mark.parametrize("source", [Source.XML, Source.OCR, Source.QR])
def test_values_of_other_sources_are_left_alone(source: Source):
    pdf = drawn(in_white)
    invoice = the_invoice(pdf)
    evidence = {path: entry.model_copy(update={"source": source}) for path, entry in invoice.evidence.items()}
    invoice = invoice.model_copy(update={"evidence": evidence})

    assert crosschecked(invoice, pdf, ReadOptions()) == invoice


def test_an_invoice_without_payment_data_is_left_alone():
    assert crosschecked(Invoice(), a_sheet(), ReadOptions()) == Invoice()


def two_accounts(draw: Callable[[Canvas], None], y: int) -> bytes:
    """A page that shows one account plainly, and has another drawn at the height `y`."""

    def both(canvas: Canvas) -> None:
        canvas.drawString(70, 450, "IBAN " + " ".join(OTHER[at : at + 4] for at in range(0, len(OTHER), 4)))
        canvas.translate(0, y - 500)
        draw(canvas)

    return drawn(both)


@pytest.mark.parametrize("y", [500, 300])
@pytest.mark.parametrize("draw", [in_white, invisible, under_white, as_a_speck])
def test_beside_a_hidden_account_the_one_that_is_seen_stays(draw: Callable[[Canvas], None], y: int):
    pdf = two_accounts(draw, y)

    invoice = crosschecked(extract(read(pdf)), pdf, ReadOptions())

    assert invoice.iban == OTHER
    assert "pixels" in invoice.evidence["iban"].checks
    assert "payment_data_conflict" in [finding.code for finding in invoice.findings]
    assert IBAN in [other.value for other in invoice.evidence["iban"].alternatives]
    assert [account.iban for account in invoice.accounts] == [OTHER]
    assert [path for path in invoice.evidence if path.startswith("accounts.")] == ["accounts.0"]


def test_two_accounts_that_are_both_seen_are_no_conflict():
    pdf = two_accounts(plainly, 500)

    invoice = crosschecked(extract(read(pdf)), pdf, ReadOptions())

    assert {account.iban for account in invoice.accounts} == {IBAN, OTHER}
    assert "payment_data_conflict" not in [finding.code for finding in invoice.findings]
    assert "pixels" in invoice.evidence["iban"].checks
