"""Whatever stands on a page: an Invoice whose values have evidence, or a typed error; nothing else."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from paydraft.extraction.candidates import FLOOR
from paydraft.extraction.extract import extract
from paydraft.extraction.layout import arrange
from paydraft.extraction.reading_order import lines_in_order
from paydraft.model.bank_account import Iban
from paydraft.model.errors import PaydraftError
from paydraft.model.hint import Hint, HintKind, Zone
from paydraft.model.invoice import Invoice
from paydraft.model.media import MediaType
from paydraft.model.page import Attachment, Box, Code, Page, Reading, Source, Word

# Words that mean something, so that chance meets the rules and not only their absence.
TELLING = st.sampled_from(
    """Rechnung Invoice Facture Gutschrift Rechnungsnummer: Invoice no. Datum: Date due fällig am bis zum vom Total
    Summe Gesamtbetrag Netto MwSt 19% Subtotal inkl. excl. Betrag zu zahlen bezahlt Skonto 14 Tage IBAN BIC
    SWIFT Referenz an: Bill to: Verkäufer: GmbH Ltd. Hauptstr. 5 80333 München USt-IdNr. DE136695976 a@b.example
    EUR € $ CHF USD 1.190,00 1,190.00 1.234 100,00 19,00 119,00 -5,00 01.02.2026 03/04/2026 13/14/2026
    2026-02-30 März RF18539007547034 COBADEFF DE89370400440532013000 DE89 3704 0044 0532 0130 00
    210000000003139471430009017 +++090/9337/55493+++ · | ( ) : - # №
    """.split()
)
TEXTS = st.one_of(TELLING, TELLING, st.text(max_size=12), st.text("0123456789.,'-/ €$%", max_size=14))
PLACES = st.one_of(st.integers(0, 600).map(float), st.floats(width=32))
SIZES = st.one_of(st.integers(1, 80).map(float), st.floats(width=32))


@st.composite
def words(draw) -> Word:
    x, y, width, height = draw(PLACES), draw(PLACES), draw(SIZES), draw(SIZES)
    return Word(draw(TEXTS), Box(x, y, x + width, y + height), draw(st.floats(0, 1)), draw(st.sampled_from(Source)))


@st.composite
def lines(draw) -> list[Word]:
    """Words side by side, as a printed line."""
    y, x, line = draw(st.integers(0, 800)), 40.0, []
    for text in draw(st.lists(TEXTS, max_size=8)):
        width = 5.0 * max(1, len(text))
        line.append(Word(text, Box(x, y, x + width, y + 12.0), 1.0, Source.TEXT))
        x += width + draw(st.sampled_from([3.0, 3.0, 8.0, 40.0]))
    return line


@st.composite
def pages(draw) -> Page:
    printed = [word for line in draw(st.lists(lines(), max_size=12)) for word in line]
    return Page(draw(st.integers(1, 3)), 595.0, 842.0, tuple(printed + draw(st.lists(words(), max_size=12))))


CODES = st.one_of(
    st.text(max_size=80),
    st.lists(TEXTS, max_size=34).map(lambda texts: "\n".join(["BCD", "002", "1", "SCT", *texts])),
    st.lists(TEXTS, max_size=34).map(lambda texts: "\n".join(["SPC", "0200", "1", *texts])),
)
TAGS = (
    "ExchangedDocument SupplyChainTradeTransaction ApplicableHeaderTradeSettlement IBANID ID GrandTotalAmount".split()
)


@st.composite
def xml_files(draw) -> bytes:
    root = draw(st.sampled_from(["CrossIndustryInvoice", "Invoice", "CreditNote", "html"]))
    inner = "".join(
        f"<{tag}>{draw(st.text('<>&;0123.,ABC', max_size=6))}</{tag}>" for tag in draw(st.lists(st.sampled_from(TAGS)))
    )
    return draw(st.one_of(st.binary(max_size=60), st.just(f"<{root}>{inner}</{root}>".encode())))


@st.composite
def readings(draw) -> Reading:
    codes = tuple(Code(text, 1, Box(0, 0, 9, 9)) for text in draw(st.lists(CODES, max_size=2)))
    files = tuple(Attachment("a.xml", data) for data in draw(st.lists(xml_files(), max_size=2)))
    return Reading(draw(st.sampled_from(MediaType)), tuple(draw(st.lists(pages(), max_size=2))), codes, files)


@st.composite
def hints(draw) -> Hint:
    x0, x1, y0, y1 = (draw(st.floats(0, 1)) for _ in range(4))
    zone = Zone(page=draw(st.sampled_from([None, -1, 1, 2])), x0=min(x0, x1), y0=min(y0, y1), x1=max(x0, x1), y1=1)
    return Hint(
        kind=draw(st.sampled_from(HintKind)),
        field=draw(st.sampled_from("total iban number issue_date currency seller.name seller.address bic".split())),
        zone=draw(st.sampled_from([None, zone])),
        labels=tuple(draw(st.lists(st.one_of(TELLING, st.text(max_size=8)), max_size=2))),
        pattern=draw(st.sampled_from([None, r"\d+", r"[A-Z]{2}.*", "(?i)total", "."])),
        shape=draw(st.sampled_from([None, "", "9", "A-9", "A9.", "*("])),
        least=draw(st.sampled_from([0.0, 0.9])),
    )


@settings(max_examples=300, deadline=None)
@given(readings(), st.lists(hints(), max_size=3))
def test_a_reading_gives_an_invoice_or_a_typed_error_and_nothing_else(reading: Reading, known: list[Hint]):
    try:
        invoice = extract(reading, known)
    except PaydraftError:
        return
    assert extract(reading, known) == invoice
    assert isinstance(invoice, Invoice)
    assert Invoice.model_validate_json(invoice.model_dump_json()) == invoice
    json.dumps(invoice.model_dump(mode="json"), allow_nan=False).encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(readings())
def test_no_value_comes_without_evidence_and_no_account_without_its_check_digits(reading: Reading):
    invoice = extract(reading)
    flat = invoice.model_dump(
        exclude={"evidence", "findings", "language", "document_type", "taxes", "line_items", "accounts"}
    )
    for name, value in flat.items():
        parts = {f"{name}.{part}": one for part, one in value.items()} if isinstance(value, dict) else {name: value}
        for path, one in parts.items():
            if one is not None:
                assert invoice.evidence[path].confidence >= FLOOR
    assert invoice.iban is None or Iban.parse(invoice.iban) is not None


@settings(max_examples=100, deadline=None)
@given(readings())
def test_the_order_of_words_does_not_matter(reading: Reading):
    turned = tuple(Page(page.number, page.width, page.height, page.words[::-1]) for page in reading.pages)
    places = [[(word.box.x0, word.box.y0) for word in page.words] for page in reading.pages]
    if all(len(set(place)) == len(place) for place in places):
        other = Reading(reading.media_type, turned, reading.codes, reading.attachments)
        assert extract(reading) == extract(other)


@settings(max_examples=100, deadline=None)
@given(readings(), st.lists(hints(), min_size=1, max_size=4))
def test_no_hint_is_the_only_witness_of_a_value(reading: Reading, known: list[Hint]):
    templates = [hint.model_copy(update={"kind": HintKind.TEMPLATE}) for hint in known]
    alone = extract(reading).evidence
    for path, proof in extract(reading, templates).evidence.items():
        if proof.confidence > 0:
            assert path in alone
            assert alone[path].confidence > 0 or alone[path].alternatives


@settings(max_examples=100, deadline=None)
@given(st.lists(pages(), max_size=2))
def test_reading_order_loses_no_word_and_repeats_none(printed: list[Page]):
    layout = arrange(tuple(printed))
    words = [id(word) for segment in layout.segments for word in segment.words]
    read = [id(word) for line in lines_in_order(layout) for segment in line.segments for word in segment.words]
    assert sorted(read) == sorted(words)
