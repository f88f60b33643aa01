"""Adding a language is adding a file; phrases are compared by their letters alone."""

import tomllib
from importlib.resources import files

import pytest

from paydraft.extraction.folding import fold, folded
from paydraft.extraction.labels.vocabulary import (
    AmountWord,
    Label,
    Lexicon,
    Phrases,
    Statement,
    TypeWord,
    languages_of,
    vocabulary,
)

FILES = [file for file in files("paydraft.extraction.labels").iterdir() if file.name.endswith(".toml")]
# What a language file must know for the fields a payment needs.
NEEDED = {
    "number",
    "issue_date",
    "due_date",
    "reference",
    "iban",
    "bic",
    "seller",
    "buyer",
    "vat_number",
    "debtor_account",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_language_file_is_complete(file):
    language = tomllib.loads(file.read_text("utf-8"))
    assert f"{language['code']}.toml" == file.name
    assert len(language["months"]) == 12
    assert set(language["labels"]) <= set(Label)
    assert set(language["labels"]) >= NEEDED
    assert set(language["amounts"]) <= set(AmountWord)
    assert set(language["types"]) == set(TypeWord)
    assert set(language["statements"]) == set(Statement)


@pytest.mark.parametrize("text", ["Rechnungsnummer", "RECHNUNGS-NUMMER", "Rechnungs Nr.", "Rechnungsnr", "Rechnung Nr"])
def test_case_hyphens_and_dots_do_not_matter(text: str):
    assert [found.kind for found in Lexicon(vocabulary()).labels(text)] == [Label.NUMBER]


@pytest.mark.parametrize(
    ("one", "other"), [("lnvoice", "Invoice"), ("T0tal", "Total"), ("Échéance", "ECHEANCE"), ("groß", "GROSS")]
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
    ],
)
def test_the_language_is_told_by_its_words(text: str, language: str):
    assert languages_of(text, vocabulary())[0] == language


def test_a_text_that_does_not_tell_has_no_language():
    assert languages_of("4711 XYZ 12,50", vocabulary()) == ()
