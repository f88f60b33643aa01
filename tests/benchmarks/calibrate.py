"""Fit how sure extraction is: `python tests/benchmarks/calibrate.py CORPUS_DIR [DEGRADED_DIR …]`.

Writes layers/core/paydraft/extraction/calibration.toml and prints what was fitted and how it holds. See README.md.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from paydraft.extraction import calibration
from paydraft.extraction.calibration import USUAL, Calibration, Group, group_of, log_odds
from paydraft.model.page import Source
from tests.benchmarks.corpus import Document, documents, scorer
from tests.benchmarks.judged import Judged, judge, judge_scores

FILE = Path(calibration.__file__).with_name("calibration.toml")
FITTED_GROUPS = tuple(group for group in Group if group is not Group.WHOLE)
STATED = (Source.XML, Source.QR)
# How many right values a silently wrong one is worth: what a floor is to balance.
COSTS = {"payment": 10.0, "party": 3.0}
_MOST_DOCUMENTS = 5  # of a family count in full: a layout seen ten times is no ten proofs
_SPREAD = {"offset": 1.0, "slope": 0.5}  # of the priors: scores are shares unless counted otherwise
_DOUBT = (1.0, 0.02)  # stated values: so many imagined ones, and how many of them wrong
_TYPICAL = 0.88  # the score of a well labelled value
_TOLD = 0.5  # standard errors
_GRID = [step / 100 for step in range(65, 81)]  # two of three right, at the least


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is fitted to: pages read alone, and all sources together, both without calibration."""

    pages: list[Judged]
    whole: list[Judged]

    def without(self, family: str) -> "Evidence":
        """The same without one layout family."""
        return Evidence(*([one for one in part if one.family != family] for part in (self.pages, self.whole)))


def gather(corpora: Iterable[list[Document]], corpus: Path) -> Evidence:
    """Extract from every document twice, with scores taken as shares."""
    rules, pages, whole = scorer(corpus), list[Judged](), list[Judged]()
    for found in corpora:
        pages += judge_scores((one.page_only() for one in found), rules)
        whole += judge_scores(found, rules)
    return Evidence(pages, whole)


def fit(evidence: Evidence) -> Calibration:
    """The calibration of this evidence: a slope, an offset a group, a share a source, two floors."""
    scored = [one for one in evidence.pages if one.value is not None]
    numbers = _curve(scored)
    offsets = {group.value: number for group, number in zip(FITTED_GROUPS, numbers, strict=False)}
    slope, legibility = numbers[-2:]
    stated = {source.value: _stated(source, evidence.whole) for source in STATED}
    curve = Calibration(slope, legibility, offsets, stated, {})
    floors = {kind: _floor(kind, evidence.pages, curve) for kind in COSTS}
    return Calibration(slope, legibility, offsets, stated, floors)


def _curve(scored: Sequence[Judged]) -> list[float]:
    """An offset for each group, the slope and the legibility of `Calibration.share`, by penalised likelihood.

    Of what is uncertain in the offsets one standard deviation is taken off, at a well labelled value.
    """
    design = np.array([_features(one) for one in scored])
    right = np.array([one.right for one in scored], dtype=float)
    weight = np.array(_weights(scored))
    centre = np.array([0.0] * len(FITTED_GROUPS) + [1.0, 0.0])
    spread = np.array([_SPREAD["offset"]] * len(FITTED_GROUPS) + [_SPREAD["slope"]] * 2)
    numbers = centre.copy()
    for _ in range(50):  # Newton's steps: the penalised likelihood is concave
        share = 1 / (1 + np.exp(-design @ numbers))
        ascent = design.T @ (weight * (right - share)) - (numbers - centre) / spread**2
        bend = (design * (weight * share * (1 - share))[:, None]).T @ design + np.diag(1 / spread**2)
        numbers = numbers + np.linalg.solve(bend, ascent)
    unsure = np.linalg.inv(bend)
    typical = np.eye(len(numbers))[: len(FITTED_GROUPS)] + np.array(
        [*[0.0] * len(FITTED_GROUPS), log_odds(_TYPICAL), 0]
    )
    numbers[: len(FITTED_GROUPS)] -= np.sqrt(np.einsum("gi,ij,gj->g", typical, unsure, typical))
    return [round(float(number), 3) for number in numbers]


def _features(one: Judged) -> list[float]:
    groups = [float(group is group_of(one.path)) for group in FITTED_GROUPS]
    return [*groups, log_odds(one.score), log_odds(one.legible) - USUAL if one.legible < 1 else 0.0]


def _weights(judged: Sequence[Judged]) -> list[float]:
    """A document counts once however many copies there are, a family like a few documents."""
    copies = Counter((one.document.partition("~")[0], one.path) for one in judged)
    members: dict[str, set[str]] = {}
    for one in judged:
        members.setdefault(one.family, set()).add(one.document.partition("~")[0])
    whole = {family: min(1.0, _MOST_DOCUMENTS / len(names)) for family, names in members.items()}
    return [whole[one.family] / copies[one.document.partition("~")[0], one.path] for one in judged]


def _stated(source: Source, whole: Sequence[Judged]) -> float:
    """The share of right values among those that one source states."""
    mine = [one for one in whole if one.source is source and one.value is not None]
    weights = _weights(mine)
    imagined, wrong = _DOUBT
    right = sum(weight for one, weight in zip(mine, weights, strict=True) if one.right)
    return round((right + imagined - wrong) / (sum(weights) + imagined), 3)


def _floor(kind: str, pages: Sequence[Judged], curve: Calibration) -> float:
    """The lowest floor that is not told from the best: where right values, less what wrong ones cost, are the most.

    A floor is told from the best if it loses more than half a standard error of what lies between the two: a single
    wrong value, worth ten right ones, must not move it from one end of the grid to the other.
    """
    given = [one for one in pages if one.value is not None and calibration.kind_of_floor(one.path) == kind]
    shares, weights = [_share(one, curve) for one in given], _weights(given)
    worth = [weight * (1.0 if one.right else -COSTS[kind]) for one, weight in zip(given, weights, strict=True)]

    def gain(floor: float) -> float:
        return sum(each for each, share in zip(worth, shares, strict=True) if share >= floor)

    def unsure(floor: float) -> float:
        between = (each for each, share in zip(worth, shares, strict=True) if floor <= share < best)
        return math.sqrt(sum(each * each for each in between))

    best = max(_GRID, key=lambda floor: (round(gain(floor), 6), -floor))
    return next(floor for floor in _GRID if gain(best) - gain(floor) <= _TOLD * unsure(floor))


def _share(one: Judged, curve: Calibration) -> float:
    assert one.source is not None
    return curve.share(one.path, one.source, one.score, one.legible)


def print_reliability(judged: Iterable[Judged]) -> None:
    """How often values of a confidence are right."""
    given = [one for one in judged if one.value is not None]
    for low, high in ((0.99, 1.01), (0.95, 0.99), (0.9, 0.95), (0.8, 0.9), (0.65, 0.8), (0.0, 0.65)):
        _print_row(f"confidence {low:.2f}…", [one for one in given if low <= one.confidence < high])
    for variant in sorted({one.variant for one in given}):
        sure = [one for one in given if one.variant == variant and one.confidence >= 0.95]
        _print_row(f"≥ 0.95, {variant}", sure)
    _print_row("≥ 0.95", [one for one in given if one.confidence >= 0.95])


def _print_row(name: str, given: Sequence[Judged]) -> None:
    if given:
        expected = sum(one.confidence for one in given) / len(given)
        right = sum(one.right for one in given) / len(given)
        print(f"  {name:18} n {len(given):5}  expected {expected:.3f}  right {right:.3f}")


def as_toml(numbers: Calibration, origin: str) -> str:
    """The data file."""
    tables = {"offsets": numbers.offsets, "stated": numbers.stated, "floors": numbers.floors}
    text = f"# Written by tests/benchmarks/calibrate.py from {origin}; calibration.py says what it means.\n"
    text += f"slope = {numbers.slope}\nlegibility = {numbers.legibility}\n"
    for name, table in tables.items():
        text += f"\n[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder with truth.jsonl, the documents and score.py")
    parser.add_argument("degraded", nargs="*", type=Path, help="folders with degraded copies and their truth.jsonl")
    parser.add_argument("--fresh", action="store_true", help="read the documents again; needed when the reader changed")
    parser.add_argument("--dry", action="store_true", help="print only")
    arguments = parser.parse_args()
    corpora = [list(documents(folder, fresh=arguments.fresh)) for folder in (arguments.corpus, *arguments.degraded)]
    numbers = fit(gather(corpora, arguments.corpus))
    origin = f"{sum(map(len, corpora))} documents of {len({one.family for found in corpora for one in found})} families"
    print(as_toml(numbers, origin))
    rules = scorer(arguments.corpus)
    for name, found in (
        ("all sources", corpora),
        ("page only", [[one.page_only() for one in part] for part in corpora]),
    ):
        print(name)
        print_reliability([one for part in found for one in judge(part, rules, numbers)])
    if not arguments.dry:
        FILE.write_text(as_toml(numbers, origin))
    return 0


if __name__ == "__main__":
    sys.exit(main())
