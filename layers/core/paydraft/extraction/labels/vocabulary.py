"""What words mean on an invoice. The knowledge is in the TOML files beside this module, one per language.

To add a language, add a file: `code`, `stop_words` (for telling languages apart), `months` (twelve strings: the name
and its abbreviations), `[labels]` (a phrase names a field), `[columns]` (a phrase heads a column of the table of
items), `[amounts]` (words that together name an amount; a `*` stands for the rest of a compound), `[types]` (headings;
a `*` before a phrase stands for the beginning of a compound), `[statements]` (sentences that say how it is paid) and
`[countries]`. `{no}` in a phrase stands for each of the language's `number_words`. Phrases are compared by their
letters alone: case, accents, spaces and dots don't matter, and the longest one wins.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from paydraft.extraction.folding import Token, folded, tokens
from paydraft.extraction.labels.columns import Column

MAX_PHRASE_WORDS = 14
MAX_WORD = 40  # letters of a word worth looking up


class Label(StrEnum):
    """What a printed label announces. The weak ones mean a value only where it follows directly."""

    NUMBER = "number"
    NUMBER_WEAK = "number_weak"
    ISSUE_DATE = "issue_date"
    ISSUE_DATE_WEAK = "issue_date_weak"
    DATED = "dated"  # "of", "vom": a date behind a number
    DUE_DATE = "due_date"
    DUE_DATE_WEAK = "due_date_weak"
    DISCOUNT_DATE = "discount_date"
    DELIVERY_DATE = "delivery_date"
    OTHER_DATE = "other_date"
    PURCHASE_ORDER = "purchase_order"
    OTHER_NUMBER = "other_number"
    REFERENCE = "reference"
    REFERENCE_WEAK = "reference_weak"
    IBAN = "iban"
    BIC = "bic"
    DEBTOR_ACCOUNT = "debtor_account"
    BANK_NAME = "bank_name"
    ACCOUNT_HOLDER = "account_holder"
    SELLER = "seller"
    BUYER = "buyer"
    OTHER_PARTY = "other_party"
    VAT_NUMBER = "vat_number"
    BUYER_VAT_NUMBER = "buyer_vat_number"
    TAX_NUMBER = "tax_number"
    REGISTER_NUMBER = "register_number"
    ADDRESS = "address"
    CONTACT = "contact"
    TERMS = "terms"
    TABLE_HEAD = "table_head"
    CURRENCY = "currency"


class AmountWord(StrEnum):
    """What a word beside an amount says of it."""

    SUM = "sum"
    SUB = "sub"
    NET = "net"
    GROSS = "gross"
    INCL = "incl"
    EXCL = "excl"
    TAX = "tax"
    DUE = "due"
    PAID = "paid"
    OTHER = "other"
    DISCOUNT = "discount"
    STRONG = "strong"
    SHIPPING = "shipping"
    ROUNDING = "rounding"
    CARRIED = "carried"  # brought forward from the page before


class TypeWord(StrEnum):
    """A heading that names the kind of document."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"


class Statement(StrEnum):
    """What a sentence says of the payment."""

    DIRECT_DEBIT = "direct_debit"
    TRANSFER = "transfer"
    PAID = "paid"
    RECEIPT = "receipt"
    ASKS_FOR_PAYMENT = "asks_for_payment"


type Languages = frozenset[str]


@dataclass(frozen=True, slots=True)
class Found[Kind]:
    """A phrase in a text: its kind, and its characters."""

    kind: Kind
    start: int
    end: int


@dataclass(slots=True)
class Phrases[Kind]:
    """Phrases of all languages, compared by their letters alone."""

    _meanings: dict[str, dict[Kind, set[str]]] = field(default_factory=dict)
    _beginnings: set[str] = field(default_factory=set)
    _compounds: set[str] = field(default_factory=set)

    def add(self, phrase: str, kind: Kind, language: str) -> None:
        """Learn one phrase."""
        letters = folded(phrase)
        if phrase.startswith("*"):
            self._compounds.add(folded(phrase.split()[0]))
            letters = "*" + letters
        self._meanings.setdefault(letters, {}).setdefault(kind, set()).add(language)
        self._beginnings.update(letters[:end] for end in range(1, len(letters) + 1))

    def meanings(self, letters: str, languages: Languages) -> list[Kind]:
        """What folded letters can mean in these languages (in any, where none is given)."""
        known = self._meanings.get(letters, {})
        return [kind for kind, spoken in known.items() if not languages or not languages.isdisjoint(spoken)]

    def find(self, text: str, languages: Languages = frozenset()) -> list[Found[Kind]]:
        """All phrases of a text from left to right; the longest wins and claims its words, with all its meanings."""
        words, found, position = tokens(text), [], 0
        while position < len(words):
            kinds, end = self._longest(words, position, languages)
            if not kinds and (tail := self._tail(words[position].text)):
                kinds, end = self._longest((Token(tail, 0, 0), *words[position + 1 :]), 0, languages)
                end += position
            found += [Found(kind, words[position].start, words[end - 1].end) for kind in kinds]
            position = end if kinds else position + 1
        return found

    def languages(self, letters: str) -> frozenset[str]:
        """The languages that know these letters as a phrase."""
        return frozenset[str]().union(*self._meanings.get(letters, {}).values())

    def _tail(self, word: str) -> str | None:
        """The end of a compound whose beginning does not matter: "*rechnung" of "Mietrechnung"."""
        return next((f"*{tail}" for tail in self._compounds if word.endswith(tail) and len(word) > len(tail) + 1), None)

    def _longest(self, words: tuple[Token, ...], position: int, languages: Languages) -> tuple[list[Kind], int]:
        letters, longest = "", position
        kinds: list[Kind] = []
        for end in range(position, min(len(words), position + MAX_PHRASE_WORDS)):
            letters += words[end].text
            if letters not in self._beginnings:
                break
            if meanings := self.meanings(letters, languages):
                kinds, longest = meanings, end + 1
        return kinds, longest


@dataclass(slots=True)
class AmountWords:
    """Single words that name amounts; compounds by their beginning or end."""

    _words: dict[str, dict[AmountWord, set[str]]] = field(default_factory=dict)
    _prefixes: dict[str, dict[AmountWord, set[str]]] = field(default_factory=dict)
    _suffixes: dict[str, dict[AmountWord, set[str]]] = field(default_factory=dict)

    def add(self, word: str, kind: AmountWord, language: str) -> None:
        """Learn one word."""
        table = self._words
        if word.endswith("*"):
            table = self._prefixes
        elif word.startswith("*"):
            table = self._suffixes
        table.setdefault(folded(word.replace("*", "")), {}).setdefault(kind, set()).add(language)

    def kinds(self, word: str, languages: Languages) -> frozenset[AmountWord]:
        """What a folded word says of the amount beside it; empty for ordinary words."""
        if len(word) > MAX_WORD:
            return frozenset()
        kinds = _spoken(self._words.get(word), languages)
        ends = ((word[:cut], self._prefixes) for cut in range(len(word) - 1, 3, -1))
        heads = ((word[cut:], self._suffixes) for cut in range(1, len(word) - 3))
        for part, table in () if kinds else (*ends, *heads):
            if part in table:
                return _spoken(table[part], languages)
        return kinds


def _spoken(kinds: dict[AmountWord, set[str]] | None, languages: Languages) -> frozenset[AmountWord]:
    if not kinds:
        return frozenset()
    return frozenset(kind for kind, spoken in kinds.items() if not languages or not languages.isdisjoint(spoken))


@dataclass(slots=True)
class Vocabulary:
    """The knowledge of all language files. Read-only once loaded."""

    labels: Phrases[Label] = field(default_factory=Phrases)
    types: Phrases[TypeWord] = field(default_factory=Phrases)
    statements: Phrases[Statement] = field(default_factory=Phrases)
    amounts: AmountWords = field(default_factory=AmountWords)
    columns: Phrases[Column] = field(default_factory=Phrases)
    months: dict[str, int] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    stop_words: dict[str, frozenset[str]] = field(default_factory=dict)
    ocr_packs: dict[str, str] = field(default_factory=dict)  # ISO 639-1 code → name of Tesseract's language data


class Lexicon:
    """The vocabulary as one document speaks it: what other languages mean by its words is left out."""

    def __init__(self, known: Vocabulary, languages: Languages = frozenset()) -> None:
        """`languages` are those the document may be written in; none means that all count."""
        self.known = known
        self.languages = languages
        self._amounts: dict[str, frozenset[AmountWord]] = {}

    def labels(self, text: str) -> list[Found[Label]]:
        """The field labels of a text."""
        return self.known.labels.find(text, self.languages)

    def types(self, text: str) -> list[Found[TypeWord]]:
        """The document types that a text names."""
        return self.known.types.find(text, self.languages)

    def statements(self, text: str) -> list[Found[Statement]]:
        """What a text says about payment."""
        return self.known.statements.find(text, self.languages)

    def amount_word(self, word: str) -> frozenset[AmountWord]:
        """What a folded word says of the amount beside it."""
        if word not in self._amounts:
            self._amounts[word] = self.known.amounts.kinds(word, self.languages)
        return self._amounts[word]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of every language file; loaded once a process."""
    known = Vocabulary()
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            _learn(known, tomllib.loads(file.read_text("utf-8")))
    return known


def _learn(known: Vocabulary, language: dict[str, Any]) -> None:
    code, numbers = language["code"], language["number_words"]
    for label, phrase in _entries(language["labels"]):
        for written in [phrase.replace("{no}", word) for word in numbers] if "{no}" in phrase else [phrase]:
            known.labels.add(written, Label(label), code)
    for kind, phrase in _entries(language["types"]):
        known.types.add(phrase, TypeWord(kind), code)
    for says, phrase in _entries(language["statements"]):
        known.statements.add(phrase, Statement(says), code)
    for kind, word in _entries(language["amounts"]):
        known.amounts.add(word, AmountWord(kind), code)
    for column, phrase in _entries(language.get("columns", {})):
        known.columns.add(phrase, Column(column), code)
    for country, name in _entries(language["countries"]):
        known.countries[folded(name)] = country
    for month, names in enumerate(language["months"], start=1):
        known.months.update({folded(name): month for name in names.split()})
    known.ocr_packs[code] = language["ocr"]
    known.stop_words[code] = frozenset(folded(word) for word in language["stop_words"])


def _entries(table: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((key, entry) for key, entries in table.items() for entry in entries)


def languages_of(text: str, known: Vocabulary) -> tuple[str, ...]:
    """The languages that a text may be written in, likeliest first; none when it does not tell.

    Others stay in the list when they have a third of the first one's votes: forms are often in two languages.
    """
    votes = dict.fromkeys(known.stop_words, 0.0)
    for token in tokens(text):
        for code, words in known.stop_words.items():
            votes[code] += token.text in words
    for hit in known.labels.find(text):
        spoken = known.labels.languages(folded(text[hit.start : hit.end]))
        for code in spoken:
            votes[code] += 2.0 / len(spoken)
    ranked = sorted(votes, key=lambda code: (-votes[code], code))
    if votes[ranked[0]] < 3:
        return ()
    return tuple(code for code in ranked if votes[code] >= votes[ranked[0]] / 3)
