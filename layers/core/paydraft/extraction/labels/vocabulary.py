"""What words mean on an invoice. The knowledge is in the TOML files beside this module, one per language.

To add a language, add a file: README.md in this folder says what its keys mean and how to try it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from paydraft.extraction.folding import folded
from paydraft.extraction.labels.columns import Column
from paydraft.extraction.labels.phrases import Found, Languages, Phrases, Words


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
    WITHHELD = "withheld"  # tax that the buyer pays for the seller


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
    STAMP = "stamp"  # "PAID": a statement only where nothing else stands in the line
    NOTHING_TO_PAY = "nothing_to_pay"
    OFFER = "offer"  # "if you ...": what the sentence says besides is not so
    RECEIPT = "receipt"
    ASKS_FOR_PAYMENT = "asks_for_payment"


class TermWord(StrEnum):
    """What a word says of the time there is to pay."""

    DAYS = "days"  # calendar days, behind a number
    NET = "net"  # a bare number behind it counts days: "net 30"
    END_OF_MONTH = "end_of_month"
    IMMEDIATELY = "immediately"
    FROM_RECEIPT = "from_receipt"  # the time runs from another day than the date of issue
    TO = "to"  # between the first and the last day of a period


@dataclass(slots=True)
class Vocabulary:
    """The knowledge of all language files. Read-only once loaded."""

    labels: Phrases[Label] = field(default_factory=Phrases)
    types: Phrases[TypeWord] = field(default_factory=Phrases)
    statements: Phrases[Statement] = field(default_factory=Phrases)
    amounts: Words[AmountWord] = field(default_factory=Words)
    columns: Phrases[Column] = field(default_factory=Phrases)
    terms: Phrases[TermWord] = field(default_factory=Phrases)
    month_names: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    stop_words: dict[str, frozenset[str]] = field(default_factory=dict)
    spoken: dict[str, tuple[str, ...]] = field(default_factory=dict)  # stop word → its languages
    ocr_packs: dict[str, str] = field(default_factory=dict)  # ISO 639-1 code → name of Tesseract's language data

    def months(self, languages: Languages = frozenset()) -> dict[str, int]:
        """Folded name → month: as these languages mean it, else as all do that know it; no name with two meanings."""
        found = {}
        for name, meanings in self.month_names.items():
            spoken = [month for month, codes in meanings.items() if not languages.isdisjoint(codes)]
            if len(months := spoken or list(meanings)) == 1:
                found[name] = months[0]
        return found


class Lexicon:
    """The vocabulary as one document speaks it: what other languages mean by its words is left out."""

    def __init__(self, known: Vocabulary, languages: Languages = frozenset()) -> None:
        """`languages` are those the document may be written in; none means that all count."""
        self.known = known
        self.languages = languages
        self._amounts: dict[str, frozenset[AmountWord]] = {}
        self._statements: dict[str, list[Found[Statement]]] = {}

    @cached_property
    def months(self) -> dict[str, int]:
        """Folded names of months."""
        return self.known.months(self.languages)

    def labels(self, text: str) -> list[Found[Label]]:
        """The field labels of a text."""
        return self.known.labels.find(text, self.languages)

    def types(self, text: str) -> list[Found[TypeWord]]:
        """The document types that a text names."""
        return self.known.types.find(text, self.languages)

    def statements(self, text: str) -> list[Found[Statement]]:
        """What a text says about payment."""
        if text not in self._statements:
            self._statements[text] = self.known.statements.find(text, self.languages)
        return self._statements[text]

    def terms(self, text: str) -> list[Found[TermWord]]:
        """What a text says of the time there is to pay."""
        return self.known.terms.find(text, self.languages)

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
    code, spelled = language["code"], language["transcribed"]
    numbers = tuple(dict.fromkeys(map(folded, language["number_words"])))
    for label, phrase in _entries(language["labels"], spelled):
        known.labels.add(phrase, Label(label), code, numbers)
    for column, phrase in _entries(language["columns"], spelled):
        known.columns.add(phrase, Column(column), code)
    for kind, word in _entries(language["amounts"], spelled):
        known.amounts.add(word, AmountWord(kind), code)
    for kind, phrase in _entries(language["types"], spelled):
        known.types.add(phrase, TypeWord(kind), code)
    for says, phrase in _entries(language["statements"], spelled):
        known.statements.add(phrase, Statement(says), code)
    for term, phrase in _entries(language["terms"], spelled):
        known.terms.add(phrase, TermWord(term), code)
    _learn_names(known, language)


def _learn_names(known: Vocabulary, language: dict[str, Any]) -> None:
    """Months and countries, and the words that tell the language itself."""
    code, spelled = language["code"], language["transcribed"]
    for country, name in _entries(language["countries"], spelled):
        known.countries[folded(name)] = country
    for month, names in enumerate(language["months"], start=1):
        for _, name in _entries({"": names.split()}, spelled):
            known.month_names.setdefault(folded(name), {}).setdefault(month, set()).add(code)
    known.ocr_packs[code] = language["ocr"]
    known.stop_words[code] = frozenset(folded(word) for word in language["stop_words"])
    for word in known.stop_words[code]:
        known.spoken[word] = (*known.spoken.get(word, ()), code)


def _entries(table: dict[str, list[str]], spelled: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The entries of a table, and as they are written where the language's own letters are not at hand ("ae")."""
    transcribed = str.maketrans(spelled)
    for key, entries in table.items():
        for entry in entries:
            yield key, entry
            if not entry.isascii() and (other := entry.translate(transcribed)) != entry:
                yield key, other
