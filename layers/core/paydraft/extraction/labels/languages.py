"""Which languages a text is written in: by its small words, and by the labels that it prints."""

import math
from collections import Counter

from paydraft.extraction.folding import folded, tokens
from paydraft.extraction.labels.vocabulary import Vocabulary

_STRONG_WORD = 3  # letters of a stop word that chance and OCR do not make
_SURE = 3.0  # votes of which a text tells its language
_ALSO_SPOKEN = 1 / 3  # of the first language's votes


def languages_of(text: str, known: Vocabulary) -> tuple[str, ...]:
    """The languages that a text may be written in, likeliest first; none when it does not tell.

    A word or label that several languages share counts for each of them in part. Others stay in the list when they
    have a third of the first one's votes: forms are often in two languages.
    """
    votes = dict.fromkeys(known.stop_words, 0.0)
    for word, times in Counter(token.text for token in tokens(text)).items():
        spoken = known.spoken.get(word, ())
        weight = math.sqrt(times) * (1.0 if len(word) >= _STRONG_WORD else 0.5)
        for code in spoken:
            votes[code] += weight / len(spoken)
    for letters, times in Counter(folded(text[hit.start : hit.end]) for hit in known.labels.find(text)).items():
        codes = known.labels.languages(letters)
        for code in codes if len(letters) > _STRONG_WORD else ():
            votes[code] += 2.0 * math.sqrt(times) / len(codes)
    ranked = sorted(votes, key=lambda code: (-votes[code], code))
    if votes[ranked[0]] < _SURE:
        return ()
    return tuple(code for code in ranked if votes[code] >= votes[ranked[0]] * _ALSO_SPOKEN)
