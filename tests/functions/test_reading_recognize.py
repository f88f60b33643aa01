"""`read`: from bytes of any kind to words that stand in rows, on pages that know their way back to the original."""

import io

import cv2
import numpy as np
import pikepdf
import pytest
import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract_document.options import ReadOptions
from extract_document.raster import POINTS
from extract_document.recognize import read
from paydraft.model.errors import (
    EncryptedDocumentError,
    TooManyPagesError,
    UnreadableDocumentError,
    UnsupportedMediaError,
)
from paydraft.model.media import MediaType
from paydraft.model.page import Box, Page, Reading, Source
from tests import hostile_files
from tests.paper import A4, LINES, a_sheet, encoded, pixels

PAYLOAD = "BCD\n002\n1\nSCT\n\nMuster GmbH\nDE89370400440532013000\nEUR1190.00\n\n\nRE 4711\n"


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def the(text: str, page: Page) -> Box:
    """The box of the one word with this text, in the original."""
    (box,) = (word.box for word in page.words if word.text == text)
    return page.view.boxed(box) if page.view else box


def a_pdf_of(*pictures: np.ndarray, text: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for picture in pictures:
        canvas.drawImage(ImageReader(io.BytesIO(encoded(picture))), 0, 0, *A4)
        if text:
            canvas.drawString(70, 40, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_pdf_with_text_is_read_without_recognition():
    reading = read(a_sheet())

    (page,) = reading.pages
    assert reading.media_type is MediaType.PDF
    assert (page.number, page.width, page.height) == (1, pytest.approx(595, abs=1), pytest.approx(842, abs=1))
    assert texts(page) == " ".join(LINES).split()
    assert {(word.source, word.confidence) for word in page.words} == {(Source.TEXT, 1.0)}


def test_a_scan_in_a_pdf_is_recognised_and_its_boxes_are_those_of_the_text_it_shows():
    sheet = a_sheet()
    (scanned,), (printed,) = read(a_pdf_of(pixels(sheet))).pages, read(sheet).pages

    assert texts(scanned) == texts(printed)
    assert {word.source for word in scanned.words} == {Source.OCR}
    ours, theirs = the("Total", scanned), the("Total", printed)
    assert (ours.x0, ours.x1, ours.y1) == pytest.approx((theirs.x0, theirs.x1, theirs.y1), abs=4)


def test_a_layer_of_meaningless_characters_is_not_taken_for_the_text():
    from tests.functions.test_reading_text_layer import with_mapping

    letters = {f"{code:02X}" for line in LINES for code in line.encode() if code != 0x20}
    broken = with_mapping(a_sheet(), "\n".join(f"<{letter}> <E0{letter}>" for letter in sorted(letters)))

    assert "1.190,00" in texts(read(broken).pages[0])


def test_a_letterhead_that_is_a_picture_is_read_beside_the_text():
    blank = np.full((2339, 1654), 255, np.uint8)
    head = pixels(a_sheet(["Muster Bau GmbH, Bahnhofstrasse 7, 80333 Muenchen", "IBAN DE89 3704 0044 0532 0130 00"]))
    blank[: head.shape[0], : head.shape[1]] = head[: blank.shape[0], : blank.shape[1]]

    (page,) = read(a_pdf_of(blank, text="Total amount to be paid 1.190,00 EUR")).pages

    assert [word.text for word in page.words if word.source is Source.TEXT][-2:] == ["1.190,00", "EUR"]
    recognised = [word.text for word in page.words if word.source is Source.OCR]
    assert recognised[-7:] == ["IBAN", "DE89", "3704", "0044", "0532", "0130", "00"]
    assert "1.190,00" not in recognised


def test_a_small_logo_is_not_worth_a_second_look():
    logo = np.full((200, 200), 255, np.uint8)
    cv2.putText(logo, "ACME", (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 0, 4)
    page = np.full((2339, 1654), 255, np.uint8)
    page[100:300, 100:300] = logo

    (read_page,) = read(a_pdf_of(page, text="Total amount to be paid 1.190,00 EUR")).pages

    assert {word.source for word in read_page.words} == {Source.TEXT}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_every_kind_of_picture_is_read(kind: str):
    reading = read(encoded(pixels(a_sheet(LINES[4:8])), kind))

    (page,) = reading.pages
    assert texts(page) == " ".join(LINES[4:8]).split()
    assert page.view is None


def test_the_size_of_a_picture_is_the_papers_where_its_resolution_is_known():
    (page,) = read(encoded(pixels(a_sheet(), 150), dpi=(150, 150))).pages

    assert (page.width, page.height) == (pytest.approx(595, abs=1), pytest.approx(842, abs=1))
    assert the("Total", page).x0 == pytest.approx(70, abs=3)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_lying_on_its_side_or_head_is_read_upright_and_shown_as_it_lies(quarters: int):
    lines = [f"{line} and some more words for the letters" for line in LINES]
    upright = pixels(a_sheet(lines))
    lying = np.ascontiguousarray(np.rot90(upright, -quarters))

    (page,) = read(encoded(lying, dpi=(200, 200))).pages

    first, last = (next(word.box for word in page.words if word.text == text) for text in ("Muster", "Thank"))
    assert first.y0 < last.y0, "rows run downwards"
    box = the("Muster", page)
    scale = 200 / POINTS
    shown = lying[int(box.y0 * scale) : int(box.y1 * scale), int(box.x0 * scale) : int(box.x1 * scale)]
    assert shown.min() < 80
    assert (page.view.width, page.view.height) == pytest.approx((lying.shape[1] / scale, lying.shape[0] / scale), abs=1)


def test_a_crooked_scan_gives_straight_rows_and_boxes_on_the_crooked_ink():
    sheet = pixels(a_sheet())
    height, width = sheet.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1)
    scan = cv2.warpAffine(sheet, matrix, (width, height), borderValue=255)

    (page,) = read(encoded(scan, dpi=(200, 200))).pages

    row = [word.box for word in page.words if word.text in ("IBAN", "0130")]
    assert row[0].y1 == pytest.approx(row[1].y1, abs=3)
    box, scale = the("Total", page), 200 / POINTS
    true = matrix @ np.array([70 * scale, (90 + 6 * 24 - 4) * scale, 1])
    assert box.x0 - 3 <= true[0] / scale <= box.x1
    assert box.y0 - 3 <= true[1] / scale <= box.y1 + 3


def with_code(sheet: np.ndarray, x: int, y: int) -> np.ndarray:
    modules = np.array([list(row) for row in segno.make(PAYLOAD, error="M", micro=False).matrix], np.uint8)
    code = np.kron(255 * (1 - modules), np.ones((4, 4), np.uint8)).astype(np.uint8)
    sheet = sheet.copy()
    sheet[y : y + code.shape[0], x : x + code.shape[1]] = code
    return sheet


def codes_of(reading: Reading) -> list[str]:
    return [code.text for code in reading.codes]


def test_a_qr_code_is_read_where_it_stands():
    page = with_code(pixels(a_sheet()), 200, 1800)

    reading = read(a_pdf_of(page, text="with a few words of text"))

    (code,) = reading.codes
    assert (code.text, code.page) == (PAYLOAD, 1)
    assert (code.box.x0, code.box.y0) == pytest.approx((200 * 0.36, 1800 * 0.36), abs=4)


@pytest.mark.parametrize("degrees", [0, 90, 180, 4])
def test_a_qr_code_is_read_at_any_angle_and_placed_on_the_page_that_is_returned(degrees: float):
    page = with_code(pixels(a_sheet()), 200, 1800)
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = (
        np.rot90(page, degrees // 90)
        if degrees % 90 == 0
        else cv2.warpAffine(page, matrix, (width, height), borderValue=255)
    )

    reading = read(encoded(np.ascontiguousarray(turned), dpi=(200, 200)))

    assert codes_of(reading) == [PAYLOAD]
    (box,) = (code.box for code in reading.codes)
    thanks = next(word.box for word in reading.pages[0].words if word.text == "Thank")
    assert box.y0 > thanks.y1, "the code stands below the text"


def test_an_xml_file_inside_a_pdf_comes_along_and_other_files_do_not():
    document, out = pikepdf.open(io.BytesIO(a_sheet())), io.BytesIO()
    document.attachments["factur-x.xml"] = b"<invoice/>"
    document.attachments["terms.txt"] = b"terms"
    document.save(out)

    (attachment,) = read(out.getvalue()).attachments

    assert (attachment.name, attachment.data) == ("factur-x.xml", b"<invoice/>")


def test_a_bare_xml_invoice_is_an_attachment_without_pages():
    xml = b'<?xml version="1.0"?><Invoice/>'

    reading = read(xml)

    assert (reading.media_type, reading.pages) == (MediaType.XML, ())
    assert [attachment.data for attachment in reading.attachments] == [xml]


def test_what_was_typed_into_a_form_is_read():
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(70, 700, "Total to be paid:")
    canvas.acroForm.textfield(value="4711", x=200, y=690, width=100, height=20, fontName="Helvetica")
    canvas.save()

    assert "4711" in texts(read(out.getvalue()).pages[0])


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", UnsupportedMediaError),
        (b"<html></html>", UnsupportedMediaError),
        (b"%PDF-1.7\n", UnreadableDocumentError),
        (a_sheet()[: len(a_sheet()) // 3], UnreadableDocumentError),
        (hostile_files.an_encrypted_pdf(), EncryptedDocumentError),
        (hostile_files.ten_thousand_pages(), TooManyPagesError),
        (hostile_files.pages_that_hold_themselves(), UnreadableDocumentError),
        (encoded(np.full((400, 300), 255, np.uint8)), UnreadableDocumentError),
        (a_sheet([]), UnreadableDocumentError),
    ],
    ids=["nothing", "html", "header", "cut", "encrypted", "long", "loop", "blank picture", "blank page"],
)
def test_what_cannot_be_read_is_told_by_its_reason(data: bytes, error: type[Exception]):
    with pytest.raises(error):
        read(data)


def test_a_pdf_that_only_its_owner_locked_is_read():
    document, out = pikepdf.open(io.BytesIO(a_sheet())), io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user="", owner="secret"))

    assert "1.190,00" in texts(read(out.getvalue()).pages[0])


def test_pages_beyond_the_time_are_named_and_those_read_by_then_are_kept():
    scans = a_pdf_of(*[pixels(a_sheet(LINES[:4]), 100)] * 3, text="")
    document, printed, out = pikepdf.open(io.BytesIO(scans)), pikepdf.open(io.BytesIO(a_sheet())), io.BytesIO()
    document.pages.insert(1, printed.pages[0])
    document.save(out)

    whole, hurried = read(out.getvalue()), read(out.getvalue(), ReadOptions(seconds=0))

    assert whole.unread == ()
    assert hurried.unread == (1, 3, 4)
    assert [bool(page.words) for page in hurried.pages] == [False, True, False, False]
    with pytest.raises(UnreadableDocumentError):
        read(encoded(pixels(a_sheet())), ReadOptions(seconds=0))


def test_a_scan_with_a_code_gives_no_words_for_its_modules():
    page = with_code(pixels(a_sheet(["Total 1.190,00"])), 200, 1800)

    (read_page,) = read(encoded(page)).pages

    assert texts(read_page) == ["Total", "1.190,00"]
