"""Words → rows. A row follows its words from left to right and may drift, so a slightly crooked scan keeps its rows.

Every step is near linear in the number of words, whatever their boxes: a document is hostile.
"""

import math
from collections import defaultdict
from dataclasses import replace
from statistics import median

from paydraft.extraction.folding import printable
from paydraft.model.page import Word

_SAME_ROW = 0.35  # share of the smaller word's height that two neighbours of a row have in common
_RIVALS = 24  # rows in a band of height that are compared with a word


def usable(words: tuple[Word, ...]) -> list[Word]:
    """The words with a real box and printable characters, each once: bold text is sometimes printed twice."""
    seen: set[tuple[str, int, int]] = set()
    usable = []
    for word in words:
        box, text = word.box, printable(word.text).strip()
        corners = (box.x0, box.y0, box.x1, box.y1)
        if not text or not all(map(math.isfinite, corners)) or box.x1 < box.x0 or box.y1 <= box.y0:
            continue
        place = (text, round(box.x0 / 2), round(box.y0 / 2))
        if place not in seen:
            seen.add(place)
            usable.append(word if text == word.text else replace(word, text=text))
    return usable


def rows_of(words: list[Word]) -> list[list[Word]]:
    """Rows from top to bottom; each word joins the row whose last word stands at its height."""
    if not words:
        return []
    step = max(4.0, median(word.box.y1 - word.box.y0 for word in words))
    rows: list[list[Word]] = []
    nearby: dict[int, list[int]] = defaultdict(list)  # height band → rows whose last word is there
    for word in sorted(words, key=lambda word: (word.box.x0, word.box.y0)):
        band = int(_middle(word) // step)
        row = _best_row(word, [rows[index] for near in (band - 1, band, band + 1) for index in nearby[near][-_RIVALS:]])
        if row is None:
            row = []
            rows.append(row)
            nearby[band].append(len(rows) - 1)
        elif int(_middle(row[-1]) // step) != band:
            nearby[band].append(next(i for near in (band - 1, band + 1) for i in nearby[near] if rows[i] is row))
        row.append(word)
    return sorted(rows, key=lambda row: (sum(map(_middle, row)) / len(row), row[0].box.x0))


def _best_row(word: Word, rows: list[list[Word]]) -> list[Word] | None:
    best, distance = None, math.inf
    for row in rows:
        last = row[-1].box
        height = min(last.y1 - last.y0, word.box.y1 - word.box.y0)
        overlap = min(last.y1, word.box.y1) - max(last.y0, word.box.y0)
        apart = abs(_middle(row[-1]) - _middle(word))
        if overlap >= _SAME_ROW * height and last.x1 - word.box.x0 < height and apart < distance:
            best, distance = row, apart
    return best


def _middle(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2
