"""What Tesseract left out of a page or read with doubt, looked at again by itself.

Its layout analysis drops whole lines: grey print beside black print (one threshold for the page), words in boxes, a
short footer. Ink in the shape of characters outside every word shows where. Those spots alone, on white paper, with
the contrast that each of them needs, are recognised once more; a page without such spots costs a few milliseconds.
"""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from extract_document.engines.engine import Layout, SeenWord, recognise
from extract_document.options import ReadOptions
from extract_document.preprocess import stretched
from extract_document.raster import DPI, Grey, resized

type Boxes = npt.NDArray[np.int32]  # x, y, width, height

DOUBTFUL = 0.8  # the confidence of a word, below which it is looked at again
_LEAST_CONFIDENCE = 0.4  # of a word that nobody else has read
_LEAST_CHARACTERS = 3  # in a row, that may be text
_ENLARGED = 1.5
_MARGIN = 6  # pixels round a spot


def completed(grey: Grey, seen: list[SeenWord], options: ReadOptions, layout: Layout = Layout.SPARSE) -> list[SeenWord]:
    """The words, and those that a second look finds beside them or reads with less doubt."""
    sure = [word for word in seen if word.confidence >= DOUBTFUL]
    spots = _spots(grey, sure)
    if not len(spots):
        return seen
    again = [_moved(word) for word in recognise(_sheet_of(grey, spots), DPI, options, layout)]
    return merged(seen, again)


def _spots(grey: Grey, sure: list[SeenWord]) -> Boxes:
    """Where characters stand in a row that no sure word covers."""
    boxes = _print(_blanked(grey, sure))
    if not len(boxes):
        return boxes
    mask = np.zeros_like(grey)
    for x, y, width, height in boxes:
        mask[y : y + height, max(0, x - height) : x + width + height] = 255
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    middles = labels[boxes[:, 1] + boxes[:, 3] // 2, boxes[:, 0] + boxes[:, 2] // 2]
    letters = np.bincount(middles, np.maximum(boxes[:, 2] / boxes[:, 3] * 1.5, 1.0), minlength=len(stats))
    letters[0] = 0
    spots: Boxes = stats[letters >= _LEAST_CHARACTERS][:, :4]
    return spots


def _print(grey: Grey) -> Boxes:
    """Shapes as high as characters; bold or blurred ones run together, so a shape may be as long as a word."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    boxes: Boxes = stats[1:]  # the first is the paper
    _, _, width, height, area = boxes.T
    filled = area / (width * height)
    shaped = (height >= 7) & (height <= 60) & (width <= 20 * height) & (width * 8 >= height)
    likely: Boxes = boxes[shaped & (filled > 1 / 6) & ((width <= 3 * height) | (filled < 0.8))][:, :4]
    return likely


def _blanked(grey: Grey, words: list[SeenWord]) -> Grey:
    rest = grey.copy()
    paper = int(np.percentile(grey[::8, ::8], 75))
    for word in words:
        rest[max(0, word.y0 - 2) : word.y1 + 3, max(0, word.x0 - 3) : word.x1 + 4] = paper
    return rest


def _sheet_of(grey: Grey, spots: Boxes) -> Grey:
    """The spots on white paper where they stand, each with its own black and white, enlarged."""
    height, width = grey.shape
    canvas = np.full_like(grey, 255)
    for x, y, across, down in spots:
        rows = slice(max(0, y - _MARGIN), min(height, y + down + _MARGIN))
        columns = slice(max(0, x - _MARGIN), min(width, x + across + _MARGIN))
        canvas[rows, columns] = stretched(grey[rows, columns])
    return resized(canvas, _ENLARGED)


def _moved(word: SeenWord) -> SeenWord:
    x0, y0, x1, y1 = (round(value / _ENLARGED) for value in (word.x0, word.y0, word.x1, word.y1))
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1)


def merged(seen: list[SeenWord], again: list[SeenWord]) -> list[SeenWord]:
    """Sure words stay. A doubtful one gives way to what covers it now, if that is surer; the rest comes on top."""
    sure = [word for word in seen if word.confidence >= DOUBTFUL]
    fresh = [word for word in again if word.confidence >= _LEAST_CONFIDENCE and not _meets(word, sure)]
    doubtful = [word for word in seen if word.confidence < DOUBTFUL]
    kept = []
    for word in doubtful:
        over = [other for other in fresh if _overlap(word, other) > 0.3]
        if not over or _confidence(over) <= word.confidence:
            kept.append(word)
            fresh = [other for other in fresh if other not in over]
    return sure + kept + fresh


def _confidence(words: list[SeenWord]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters


def _meets(word: SeenWord, others: list[SeenWord]) -> bool:
    return any(_overlap(word, other) > 0.3 for other in others)


def _overlap(a: SeenWord, b: SeenWord) -> float:
    """The common area as a share of the smaller word."""
    across, down = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0))
    return across * down / max(smaller, 1)
