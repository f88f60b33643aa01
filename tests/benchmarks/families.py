"""How well unseen layouts are read: `python tests/benchmarks/families.py CORPUS_DIR [DEGRADED_DIR …]`.

Leave one family out: for each layout family everything that is fitted (calibrate.py) is fitted again without it, the
family is scored with that, and the scores are pooled. Printed per variant, beside the figures of the one fit on all:
right and silently wrong fields of those printed (micro), their mean over families (macro), payable documents, and how
the confidences hold.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from infra.cli.field_names import named_fields
from paydraft.extraction.calibration import Scale
from paydraft.extraction.extract import extract
from tests.benchmarks.calibrate import fit, gather, print_reliability
from tests.benchmarks.corpus import CLEAN, Document, Scorer, documents, scorer
from tests.benchmarks.judged import Judged, judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """All judged values of some documents, and which of the payable ones are right."""

    judged: list[Judged]
    payable: Counter[str]  # variant → documents
    paid: Counter[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder with truth.jsonl, the documents and score.py")
    parser.add_argument("degraded", nargs="*", type=Path, help="folders with degraded copies and their truth.jsonl")
    arguments = parser.parse_args()
    found = [one for folder in (arguments.corpus, *arguments.degraded) for one in documents(folder)]
    rules = scorer(arguments.corpus)
    evidence = gather([found], arguments.corpus)
    families = sorted({one.family for one in found})
    together = fit(evidence)
    apart = {family: fit(evidence.without(family)) for family in families}
    page = [one.page_only() for one in found]
    for name, scale_of in (("fitted on all", lambda _: together), ("family left out", apart.__getitem__)):
        print(f"\n{name}: {len(families)} families")
        for way, read in (("all sources", found), ("page only", page)):
            outcome = _outcome(read, scale_of, rules)
            _print(way, outcome)
            print_reliability(outcome.judged)
    return 0


def _outcome(read: Iterable[Document], scale_of: Callable[[str], Scale], rules: Scorer) -> Outcome:
    outcome = Outcome([], Counter(), Counter())
    for one in read:
        scale = scale_of(one.family)
        outcome.judged.extend(judge([one], rules, scale))
        fields = named_fields(extract(one.reading, calibration=scale)) if one.reading else {}
        payable = rules.payable(one.truth, fields)
        if payable is not None:
            outcome.payable[one.variant] += 1
            outcome.paid[one.variant] += bool(payable["ok"])
    return outcome


def _print(way: str, outcome: Outcome) -> None:
    for variant in sorted(outcome.payable, key=lambda name: (name != CLEAN, name)):
        printed = [one for one in outcome.judged if one.variant == variant]
        shares: dict[str, list[bool]] = defaultdict(list)
        for one in printed:
            shares[one.family].append(one.right)
        micro = sum(one.right for one in printed) / len(printed)
        wrong = sum(one.value is not None and not one.right for one in printed) / len(printed)
        macro = sum(sum(right) / len(right) for right in shares.values()) / len(shares)
        paid = f"{outcome.paid[variant]}/{outcome.payable[variant]}"
        print(
            f"  {way:12} {variant:8} payable {paid:6} right {micro:.1%} (macro {macro:.1%}) silently wrong {wrong:.1%}"
        )


if __name__ == "__main__":
    sys.exit(main())
