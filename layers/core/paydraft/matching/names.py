"""Names of companies compared: what is left of a name without case, accents, legal form and word order.

A likeness is 0..1 and only ever proposes: two companies can differ in one letter.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

# Legal forms and the words that go with them, letters and digits only, of the countries whose label tables we have.
_LEGAL_FORMS = frozenset(
    """
    ab abp ag aps as asa bv bvba cie co company corp corporation cv doo dd eg eirl ek ehf eurl ev gbr ges gesmbh gmbh
    hb hf hs inc incorporated is ivs kb kda kft kg kgaa ks lda limited llc llp ltd ltda mbh nv nyrt oe oeg og ohg
    oy oyj partg pc plc private pte ptk pty pvt pa rt sa sarl sas sasu scop scrl sci se sia slu sl slne snc
    sp spa spk spol sprl spzoo srl srls sro ug uab ul vof vos zoo zrt
    """.split()
)
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_ABBREVIATED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}|\b[^\W\d_](?:/[^\W\d_])+\b")  # "S. r. l.", "A/S"
_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\([^()]{0,60}\)")


def name_key(name: str) -> str:
    """The words of a name that tell it from others, folded; all of its words where nothing else is left."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _ABBREVIATED.sub(lambda found: re.sub(r"[\s./]", "", found[0]) + " ", text)
    words = _WORD.findall(_BRACKETS.sub(" ", text)) or _WORD.findall(text)
    telling = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(telling or words)


def likeness(name: str, others: Iterable[str]) -> float:
    """How alike `name` is to the likest of the others; 0 where there is nothing to compare."""
    key = name_key(name)
    keys = [other for other in map(name_key, others) if other]
    return max((fuzz.token_ratio(key, other) for other in keys), default=0.0) / 100 if key else 0.0


def likest(name: str, keys: Sequence[str], *, at_least: float, most: int) -> list[tuple[int, float]]:
    """Places in `keys` (made by `name_key`) and likeness of the likest, best first, at most `most`."""
    found = process.extract(
        name_key(name), keys, scorer=fuzz.token_ratio, score_cutoff=at_least * 100, limit=most, processor=None
    )
    return [(place, score / 100) for _, score, place in found]
