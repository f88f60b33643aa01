"""How well documents are read: `python tests/benchmarks/accuracy.py CORPUS_DIR [DEGRADED_DIR …]`.

Runs `paydraft extract --jsonl` over the corpus twice (all sources; the page alone) and over each degraded folder, hands
the lines to the corpus' own score.py, prints its tables, and adds a line to HISTORY.md beside this file:
payable documents, right fields, silently wrong fields (of those printed), right fields over layout families (macro).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.corpus import CLEAN, truths, variant_of

HISTORY = Path(__file__).with_name("HISTORY.md")
COLUMNS = ("all sources", "page only", "scan200", "photo")
_HEAD = """# Accuracy, run by run

Written by `accuracy.py`. A cell: payable documents · right fields · silently wrong fields (both of those printed) ·
right fields as the mean over layout families. Degraded copies are read with all sources. A commit with + had changes
that were not committed.

"""
_NAMES = {CLEAN: "all sources"}


@dataclass(frozen=True, slots=True)
class Score:
    """What the scorer says of one set of documents, shares of 1."""

    payable: str
    right: float
    wrong: float
    macro: float

    def __str__(self) -> str:
        return f"{self.payable} · {self.right:.1%} · {self.wrong:.1%} · {self.macro:.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder with truth.jsonl, the documents and score.py")
    parser.add_argument("degraded", nargs="*", type=Path, help="folders with degraded copies and their truth.jsonl")
    parser.add_argument("--by", default="kind", help="the scorer's groups, such as family or language")
    parser.add_argument("--errors", type=int, default=0, help="how many wrong values to list")
    parser.add_argument("--no-history", action="store_true", help="do not write to HISTORY.md")
    arguments = parser.parse_args()
    runs = [(arguments.corpus, ()), (arguments.corpus, ("--no-xml", "--no-qr"))]
    runs += [(folder, ()) for folder in arguments.degraded]
    scores: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for folder, options in runs:
            for name, score in _run(arguments, folder, options, Path(scratch)):
                scores[name] = score
    for name, score in scores.items():
        print(f"{name:12} {score}")
    if not arguments.no_history:
        _remember(scores)
    return 0


def _run(
    arguments: argparse.Namespace, folder: Path, options: tuple[str, ...], scratch: Path
) -> list[tuple[str, Score]]:
    """The score of each variant in a folder."""
    listed = truths(folder)
    predicted = scratch / "predicted.jsonl"
    command = [sys.executable, "-m", "infra.cli.main", "extract", "--jsonl", *options]
    with predicted.open("wb") as lines:
        subprocess.run([*command, *(str(folder / truth["file"]) for truth in listed)], stdout=lines, check=False)
    variants: dict[str, list[str]] = defaultdict(list)
    for truth in listed:
        variants[variant_of(truth)].append(json.dumps(truth))
    scores = []
    for variant, lines_of in variants.items():
        name = "page only" if options else _NAMES.get(variant, variant)
        wanted = scratch / "truth.jsonl"
        wanted.write_text("\n".join(lines_of))
        scores.append((name, _score(arguments, name, predicted, wanted)))
    return scores


def _score(arguments: argparse.Namespace, name: str, predicted: Path, wanted: Path) -> Score:
    told = predicted.with_name("score.json")
    command = [sys.executable, str(arguments.corpus / "score.py"), str(predicted), str(wanted), "--json", str(told)]
    print(f"\n=== {name}", flush=True)
    subprocess.run([*command, "--by", arguments.by, "--errors", str(arguments.errors)], check=True)
    score = json.loads(told.read_text())
    payable = f"{score['payable'].get('all_ok', 0)}/{score['payable'].get('all_n', 0)}"
    return Score(payable, score["micro"], score["micro_silent_wrong"], score["macro"])


def _remember(scores: dict[str, Score]) -> None:
    columns = COLUMNS
    if not HISTORY.exists():
        HISTORY.write_text(f"{_HEAD}| date | commit | {' | '.join(columns)} |\n|---{'|---' * (len(columns) + 1)}|\n")
    cells = [datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), _commit(), *(str(scores.get(name, "")) for name in columns)]
    with HISTORY.open("a") as lines:
        lines.write(f"| {' | '.join(cells)} |\n")


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False).stdout.strip()

    dirty = git("status", "--porcelain", "--", "layers", "functions")
    return git("rev-parse", "--short", "HEAD") + ("+" if dirty else "")


if __name__ == "__main__":
    sys.exit(main())
