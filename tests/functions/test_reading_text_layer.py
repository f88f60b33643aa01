"""The words of a PDF lie where a person sees them, whatever the page's rotation and crop."""

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_document import rasterize, text_layer
from extract_document.raster import POINTS
from paydraft.model.page import Word
from tests.paper import A4, LINES, a_sheet, changed


def layer_of(pdf: bytes) -> text_layer.TextLayer:
    with rasterize.opened(pdf) as document:
        return text_layer.read(rasterize.page_of(document, 0))


def words_on_ink(pdf: bytes) -> list[str]:
    """The words whose box holds ink on the rendered page, sorted."""
    with rasterize.opened(pdf) as document:
        page = rasterize.page_of(document, 0)
        raster, layer = rasterize.rendered(page), text_layer.read(page)
    return sorted(word.text for word in layer.words if is_on_ink(raster, word))


def is_on_ink(raster, word: Word) -> bool:
    scale = raster.dpi / POINTS
    box = word.box
    part = raster.pixels[int(box.y0 * scale) : int(box.y1 * scale), int(box.x0 * scale) : int(box.x1 * scale)]
    return part.size > 0 and int(part.min()) < 128


def test_words_and_boxes_are_those_of_the_page():
    layer = layer_of(a_sheet(["Total 1.190,00 EUR"], size=10, at=(100, 200)))

    assert [word.text for word in layer.words] == ["Total", "1.190,00", "EUR"]
    first = layer.words[0].box
    assert first.x0 == pytest.approx(100, abs=1)
    assert first.y0 < 200 - 7
    assert first.y1 > 200


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_rotated_page_keeps_its_words_under_their_ink(degrees: int):
    pdf = changed(a_sheet(), Rotate=degrees)

    assert words_on_ink(pdf) == sorted(" ".join(LINES).split())


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_cropped_page_counts_from_the_corner_that_is_seen(degrees: int):
    pdf = changed(a_sheet(), CropBox=[50, 300, 500, 800], Rotate=degrees)

    assert words_on_ink(pdf) == sorted(" ".join(LINES).split())


def test_words_outside_the_visible_part_are_not_there():
    pdf = changed(a_sheet(["Hidden below", "", "", "", "", "", "Seen above"]), CropBox=[0, 0, 595, 700])

    assert [word.text for word in layer_of(pdf).words] == ["Seen", "above"]


def test_text_turned_on_its_page_is_put_together_along_its_own_direction(tmp_path):
    path = tmp_path / "turned.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.translate(300, 300)
    for text in ("Right", "Up", "Left", "Down"):
        canvas.drawString(40, 0, f"{text} 47,11")
        canvas.rotate(90)
    canvas.save()

    words = [word.text for word in layer_of(path.read_bytes()).words]

    assert sorted(words) == sorted(["Right", "Up", "Left", "Down", *["47,11"] * 4])


def test_a_number_with_narrow_characters_stays_one_word():
    assert "1.111,11" in [word.text for word in layer_of(a_sheet(["Sum 1.111,11"])).words]


def with_mapping(pdf: bytes, mapping: str) -> bytes:
    """The document with a ToUnicode table for its font: "<41> <D83DDE00>" reads every A as that."""
    table = f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar {mapping} endbfchar"
    return changed_font(pdf, f"/CIDInit /ProcSet findresource begin begincmap {table} endcmap end".encode())


def changed_font(pdf: bytes, table: bytes) -> bytes:
    import io

    document, out = pikepdf.open(io.BytesIO(pdf)), io.BytesIO()
    (font,) = document.pages[0].Resources.Font.values()
    font.ToUnicode = document.make_stream(table)
    document.save(out)
    return out.getvalue()


def test_the_halves_of_a_surrogate_pair_come_as_one_character():
    layer = layer_of(with_mapping(a_sheet(["Ab call us"]), "<41> <D83DDCDE>"))

    assert layer.words[0].text == "\N{TELEPHONE RECEIVER}b"
    assert "".join(word.text for word in layer.words).encode()


@pytest.mark.parametrize("code", ["E041", "0001", "FFFD", "0378"])
def test_a_layer_of_characters_that_mean_nothing_is_not_sound(code: str):
    layer = layer_of(with_mapping(a_sheet(["eeeeeee"] * 5), f"<65> <{code}>"))

    assert not layer.is_sound


def test_a_usual_layer_is_sound():
    assert layer_of(a_sheet()).is_sound


@pytest.mark.parametrize(("text", "share"), [("", 0), ("abc", 0), ("ab\ue000\x01", 0.5), ("äöüß€’–", 0), ("\ud83d", 1)])
def test_strangeness_is_the_share_of_characters_without_meaning(text: str, share: float):
    assert text_layer.strangeness(text) == share
