"""Adding a language is adding a file; phrases are compared by their letters alone."""

import tomllib
from importlib.resources import files

import pytest

from paydraft.extraction.folding import fold, folded, tokens
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.languages import languages_of
from paydraft.extraction.labels.phrases import MAX_PHRASE_WORDS, Phrases
from paydraft.extraction.labels.vocabulary import (
    AmountWord,
    Label,
    Lexicon,
    Statement,
    TermWord,
    TypeWord,
    Vocabulary,
    vocabulary,
)

FILES = [file for file in files("paydraft.extraction.labels").iterdir() if file.name.endswith(".toml")]
LANGUAGES = [tomllib.loads(file.read_text("utf-8")) for file in FILES]
EVERY_KEY = {
    "labels": Label,
    "columns": Column,
    "amounts": AmountWord,
    "types": TypeWord,
    "statements": Statement,
    "terms": TermWord,
}
# What one phrase of a language cannot mean at once: at most one set of each line.
CONTRADICTIONS = {
    "labels": (
        ({"number", "number_weak"}, {"other_number"}, {"purchase_order"}, {"reference"}),
        ({"reference", "reference_weak"}, {"other_number"}),
        (
            {"issue_date", "issue_date_weak", "dated"},
            {"due_date", "due_date_weak"},
            {"discount_date"},
            {"delivery_date"},
            {"other_date"},
        ),
        ({"seller"}, {"buyer"}, {"other_party"}),
        ({"iban"}, {"debtor_account"}),
        ({"vat_number"}, {"buyer_vat_number"}),
        ({"terms"}, {"due_date", "due_date_weak"}, {"other_date"}),
    ),
    "columns": (),
    "amounts": (
        (
            *({"net", "sub"}, {"gross"}, {"tax"}, {"due"}, {"paid"}, {"incl"}, {"excl"}, {"sum"}),
            {"other", "discount"},
        ),
    ),
    "types": (tuple({kind} for kind in TypeWord),),
    "statements": (({"paid", "stamp"}, {"transfer", "asks_for_payment"}, {"direct_debit"}),),
    "terms": (tuple({kind} for kind in TermWord),),
}


def code_of(language: dict) -> str:
    return language["code"]


def phrases_of(language: dict, table: str) -> dict[str, set[str]]:
    """Folded phrase → what it means in this language."""
    meanings: dict[str, set[str]] = {}
    for key, phrases in language[table].items():
        for phrase in phrases:
            written = [phrase.replace("{no}", word) for word in language["number_words"]]
            for one in written if "{no}" in phrase else [phrase]:
                meanings.setdefault("*" * ("*" in one) + folded(one), set()).add(key)
    return meanings


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_language_file_is_called_by_its_code(file):
    assert file.name == f"{tomllib.loads(file.read_text('utf-8'))['code']}.toml"


@pytest.mark.parametrize("language", LANGUAGES, ids=code_of)
def test_every_language_file_has_every_key(language: dict):
    assert set(language) == {"code", "ocr", "number_words", "stop_words", "months", "transcribed", "countries"} | set(
        EVERY_KEY
    )
    assert len(language["months"]) == 12
    assert len(language["ocr"]) == 3
    for table, keys in EVERY_KEY.items():
        assert set(language[table]) == set(keys), table
        assert all(language[table].values()), table


@pytest.mark.parametrize("table", EVERY_KEY)
@pytest.mark.parametrize("language", LANGUAGES, ids=code_of)
def test_no_phrase_means_two_contradicting_things_in_its_language(language: dict, table: str):
    for phrase, meanings in phrases_of(language, table).items():
        for line in CONTRADICTIONS[table]:
            assert sum(bool(side & meanings) for side in line) < 2, (phrase, meanings)


@pytest.mark.parametrize("language", LANGUAGES, ids=code_of)
def test_a_phrase_is_listed_once(language: dict):
    for table in EVERY_KEY:
        for key, phrases in language[table].items():
            assert len(phrases) == len(set(phrases)), (table, key)


@pytest.mark.parametrize("language", LANGUAGES, ids=code_of)
def test_no_phrase_is_longer_than_what_is_looked_up(language: dict):
    for table in EVERY_KEY:
        for phrase in (phrase for phrases in language[table].values() for phrase in phrases):
            assert len(tokens(phrase)) <= MAX_PHRASE_WORDS, phrase


@pytest.mark.parametrize("language", LANGUAGES, ids=code_of)
def test_a_label_is_found_in_its_own_language(language: dict):
    lexicon = Lexicon(vocabulary(), frozenset({language["code"]}))
    for label, phrases in language["labels"].items():
        for phrase in phrases:
            text = phrase.replace("{no}", language["number_words"][0]).removeprefix("*")
            assert label in {found.kind for found in lexicon.labels(text)}, phrase


def test_the_ocr_packs_are_those_of_the_files():
    assert vocabulary().ocr_packs == {language["code"]: language["ocr"] for language in LANGUAGES}


def test_a_month_that_languages_understand_differently_means_what_the_document_speaks():
    known = Vocabulary(month_names={"iistopad": {11: {"pl", "cs"}, 10: {"hr"}}, "maj": {5: {"pl"}}})
    assert known.months(frozenset({"hr"}))["iistopad"] == 10
    assert known.months(frozenset({"pl", "cs"}))["iistopad"] == 11
    assert known.months() == {"maj": 5}
    assert known.months(frozenset({"hr"}))["maj"] == 5


@pytest.mark.parametrize("text", ["Rechnungsnummer", "RECHNUNGS-NUMMER", "Rechnungs Nr.", "Rechnungsnr", "Rechnung Nr"])
def test_case_hyphens_and_dots_do_not_matter(text: str):
    assert [found.kind for found in Lexicon(vocabulary()).labels(text)] == [Label.NUMBER]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("lnvoice", "Invoice"),
            ("T0tal", "Total"),
            ("Échéance", "ECHEANCE"),
            ("groß", "GROSS"),
            ("STRAẞE", "Strasse"),
        ),
        *(("Należność", "NALEZNOSC"), ("Łącznie", "lacznie"), ("Odběratel", "odberatel"), ("Førfald", "FORFALD")),
        *(("Betalingsmåde", "betalingsmade"), ("Fizetendő", "FIZETENDO"), ("Türkiye", "TURKIYE"), ("İade", "iade")),
        *(("Eräpäivä", "ERAPAIVA"), ("Æbler", "aebler"), ("Œuvre", "OEUVRE"), ("Đorđe", "dorde"), ("№", "No")),
        ("ﬁnal", "final"),
    ],
)
def test_what_ocr_confuses_folds_alike(one: str, other: str):
    assert fold(one) == fold(other)


def test_digits_stay_digits():
    assert folded("10501") == "10501"


def test_the_longest_phrase_claims_its_words():
    labels = [found.kind for found in Lexicon(vocabulary(), frozenset({"en"})).labels("Customer no 12 Invoice date")]
    assert labels == [Label.OTHER_NUMBER, Label.ISSUE_DATE]


def test_a_compound_is_known_by_its_end():
    assert Lexicon(vocabulary(), frozenset({"de"})).labels("Mietrechnung Nr. 9")[0].kind is Label.NUMBER
    assert AmountWord.TAX in Lexicon(vocabulary(), frozenset({"de"})).amount_word(fold("Versicherungssteuer"))


def test_a_word_means_what_it_means_in_the_documents_language():
    phrases: Phrases[str] = Phrases()
    phrases.add("data", "a date", "it")
    phrases.add("data", "information", "en")
    assert [found.kind for found in phrases.find("data", frozenset({"it"}))] == ["a date"]
    assert [found.kind for found in phrases.find("data", frozenset({"en"}))] == ["information"]
    assert phrases.find("data", frozenset({"fr"})) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vielen Dank für Ihren Auftrag. Rechnungsnummer 1, fällig am 3.4.2026", "de"),
        ("Thank you for your order. Invoice number 1, due date 3 April 2026", "en"),
        ("Merci de votre commande. Numéro de facture 1, date d'échéance le 3 avril", "fr"),
        ("Factuurnummer 1, vervaldatum 3 april, het bedrag van de bestelling", "nl"),
        ("Fattura numero 1, scadenza il 3 aprile, grazie per la vostra fiducia", "it"),
        ("Número de factura 1, fecha de vencimiento el 3 de abril, gracias por su pedido", "es"),
        ("Fatura n 1, data de vencimento 3 de abril, obrigado pela sua encomenda", "pt"),
        ("Faktura nr 1, termin płatności 3 kwietnia, dziękujemy za zamówienie", "pl"),
        ("Faktura č. 1, datum splatnosti 3. dubna, děkujeme za objednávku zboží", "cs"),
        ("Fakturanummer 1, förfallodag 3 april, tack för er beställning och betalning", "sv"),
        ("Fakturanummer 1, forfaldsdato 3. april, tak for jeres ordre, beløbet bedes overført", "da"),
        ("Fakturanummer 1, forfallsdato 3. april, takk for deres bestilling, beløpet betales innen", "no"),
        ("Laskun numero 1, eräpäivä 3. huhtikuuta, kiitos tilauksesta, viitenumero maksettaessa", "fi"),
    ],
)
def test_the_language_is_told_by_its_words(text: str, language: str):
    assert languages_of(text, vocabulary())[0] == language


def test_a_text_that_does_not_tell_has_no_language():
    assert languages_of("4711 XYZ 12,50", vocabulary()) == ()


def test_a_form_in_two_languages_speaks_both():
    text = """Invoice number / Rechnungsnummer  Invoice date / Rechnungsdatum  Due date / Fällig am
    Amount due / Zahlbetrag  Thank you for your order / Vielen Dank für Ihre Bestellung"""
    assert set(languages_of(text, vocabulary())) == {"de", "en"}


def test_an_english_letterhead_does_not_make_a_german_invoice_english():
    text = """Northwind Traders Ltd. Phone Email Website Bank
    Rechnungsnummer 4711 Rechnungsdatum 3.4.2026 Kundennummer 12 Fällig am 17.4.2026
    Bitte überweisen Sie den Betrag innerhalb von 14 Tagen auf das Konto. Vielen Dank für Ihren Auftrag."""
    assert languages_of(text, vocabulary())[0] == "de"


def test_letters_that_a_machine_could_not_print_are_known_too():
    german = Lexicon(vocabulary(), frozenset({"de"}))
    assert [found.kind for found in german.labels("Faelligkeitsdatum")] == [Label.DUE_DATE]
    danish = Lexicon(vocabulary(), frozenset({"da"}))
    assert [found.kind for found in danish.labels("Koeber")] == [Label.BUYER]
