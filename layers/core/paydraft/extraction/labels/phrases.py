"""Phrases and words of all languages, and what each means in which of them. Compared by their letters alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from paydraft.extraction.folding import Token, folded, tokens

MAX_PHRASE_WORDS = 14
_MAX_WORD = 40  # letters of a word worth looking up
_BEGINNING = 10  # letters that tell whether it is worth reading on

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
    _compounds: tuple[str, ...] = ()

    def add(self, phrase: str, kind: Kind, language: str, numbers: Iterable[str] = ()) -> None:
        """Learn one phrase; `{no}` in it stands for each of the folded words in `numbers`."""
        before, slot, behind = phrase.partition("{no}")
        start, end = folded(before), folded(behind)
        if phrase.startswith("*"):
            self._compounds = tuple(sorted({*self._compounds, folded(phrase.split()[0])}))
            start = "*" + start
        for number in numbers if slot else ("",):
            self._add(start + number + end, kind, language)

    def _add(self, letters: str, kind: Kind, language: str) -> None:
        self._meanings.setdefault(letters, {}).setdefault(kind, set()).add(language)
        if letters[:_BEGINNING] not in self._beginnings:
            self._beginnings.update(letters[:end] for end in range(1, _BEGINNING + 1))

    def meanings(self, letters: str, languages: Languages) -> list[Kind]:
        """What folded letters can mean in these languages (in any, where none is given)."""
        known = self._meanings.get(letters, {})
        return [kind for kind, spoken in known.items() if not languages or not languages.isdisjoint(spoken)]

    def find(self, text: str, languages: Languages = frozenset()) -> list[Found[Kind]]:
        """All phrases of a text from left to right; the longest wins and claims its words, with all its meanings."""
        words, position = tokens(text), 0
        found: list[Found[Kind]] = []
        kinds: list[Kind]
        while position < len(words):
            word, kinds, end = words[position].text, [], position
            if word[:_BEGINNING] in self._beginnings:
                kinds, end = self._longest(words, position, languages)
            if not kinds and word.endswith(self._compounds) and (tail := self._tail(word)):
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
            if letters[:_BEGINNING] not in self._beginnings:
                break
            if meanings := self.meanings(letters, languages):
                kinds, longest = meanings, end + 1
        return kinds, longest


@dataclass(slots=True)
class Words[Kind]:
    """Single words, such as those that name amounts; compounds by their beginning or end."""

    _words: dict[str, dict[Kind, set[str]]] = field(default_factory=dict)
    _prefixes: dict[str, dict[Kind, set[str]]] = field(default_factory=dict)
    _suffixes: dict[str, dict[Kind, set[str]]] = field(default_factory=dict)

    def add(self, word: str, kind: Kind, language: str) -> None:
        """Learn one word."""
        table = self._words
        if word.endswith("*"):
            table = self._prefixes
        elif word.startswith("*"):
            table = self._suffixes
        table.setdefault(folded(word.replace("*", "")), {}).setdefault(kind, set()).add(language)

    def kinds(self, word: str, languages: Languages) -> frozenset[Kind]:
        """What a folded word says of the amount beside it; empty for ordinary words."""
        if len(word) > _MAX_WORD:
            return frozenset()
        kinds = _spoken(self._words.get(word), languages)
        ends = ((word[:cut], self._prefixes) for cut in range(len(word) - 1, 3, -1))
        heads = ((word[cut:], self._suffixes) for cut in range(1, len(word) - 3))
        for part, table in () if kinds else (*ends, *heads):
            if part in table:
                return _spoken(table[part], languages)
        return kinds


def _spoken[Kind](kinds: dict[Kind, set[str]] | None, languages: Languages) -> frozenset[Kind]:
    if not kinds:
        return frozenset()
    return frozenset(kind for kind, spoken in kinds.items() if not languages or not languages.isdisjoint(spoken))
