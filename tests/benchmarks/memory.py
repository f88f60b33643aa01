"""What remembered places are worth: `python -m tests.benchmarks.memory CORPUS_DIR FOLDER…` (score.py is CORPUS_DIR's).

Each document that was read rightly is remembered for every other one of its layout family, as an approval would do it,
and that one is read from its pages alone, with and without the memory. Printed: how often what a memory proposes is
right, by field, and what it changed: values gained, lost or replaced, and whether the new value is right.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

from paydraft.extraction.candidates import shown
from paydraft.extraction.dates import Order
from paydraft.extraction.extract import extract
from paydraft.extraction.hinted import Tongue, hinted_candidates
from paydraft.extraction.labels.vocabulary import Lexicon, vocabulary
from paydraft.extraction.layout import arrange
from paydraft.model.hint import Hint, remembered
from paydraft.model.invoice import Invoice
from tests.benchmarks.corpus import Document, Scorer, documents, scorer
from tests.benchmarks.judged import TRUTH_NAMES

_FIELDS = ("number", "issue_date", "due_date", "currency", "reference", "iban")  # of one value, in a place of its own

type Count = Counter[tuple[str, str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="folders with truth.jsonl and the documents it names")
    arguments = parser.parse_args()
    rules = scorer(arguments.folders[0])
    families: dict[str, list[Document]] = defaultdict(list)
    for folder in arguments.folders:
        for one in documents(folder):
            if one.reading is not None:
                families[one.family].append(one.page_only())
    proposed, changed, pairs = Counter(), Counter(), 0
    for family in families.values():
        read = [(one, extract(one.reading)) for one in family if one.reading]
        for (known, first), (one, plain) in permutations(read, 2):
            hints = tuple(_learned(known, first, rules))
            if hints and _paper(known) != _paper(one):
                pairs += 1
                proposed += _proposed(one, plain, hints, rules)
                changed += _changed(one, plain, hints, rules)
    print(f"{sum(map(len, families.values()))} documents, {pairs} pairs of one layout")
    for field in _FIELDS:
        right, wrong = proposed[field, "right"], proposed[field, "wrong"]
        if right + wrong:
            print(f"  {field:12} proposed {right + wrong:5}, right {right / (right + wrong):.1%}")
    for (field, what), count in sorted(changed.items()):
        print(f"  {field:12} {what} {count}")
    return 0


def _paper(one: Document) -> str:
    """The document without the way in which this copy was degraded."""
    return str(one.truth["id"]).partition("~")[0]


def _learned(one: Document, invoice: Invoice, rules: Scorer) -> Iterator[Hint]:
    for field in _FIELDS:
        proof = invoice.evidence.get(field)
        if proof and _judged(one, field, getattr(invoice, field), rules) == "right":
            hint = remembered(field, proof.raw, proof.area)
            if hint:
                yield hint


def _proposed(one: Document, invoice: Invoice, hints: Iterable[Hint], rules: Scorer) -> Count:
    language = invoice.language
    lexicon = Lexicon(vocabulary(), frozenset({language} if language else ()))
    tongue = Tongue(lexicon.months, Order.DAY_FIRST if language not in (None, "en") else None)
    pages = one.reading.pages if one.reading else ()
    found = hinted_candidates(
        arrange(pages), tuple(hints), tongue, {page.number: page.view for page in pages if page.view}
    )
    return Counter((each.field, _judged(one, each.field, each.value, rules)) for each in found)


def _changed(one: Document, plain: Invoice, hints: tuple[Hint, ...], rules: Scorer) -> Count:
    taught = extract(one.reading, hints) if one.reading else plain
    found: Count = Counter()
    for field in TRUTH_NAMES:
        before, after = (_value(invoice, field) for invoice in (plain, taught))
        if before != after:
            kind = "gained" if before is None else "lost" if after is None else "replaced"
            found[field, f"{kind}, {_judged(one, field, before if after is None else after, rules)}"] += 1
    return found


def _value(invoice: Invoice, path: str) -> object:
    value: object = invoice
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _judged(one: Document, field: str, value: object, rules: Scorer) -> str:
    """right, wrong, or unknown where the corpus has no answer."""
    name = TRUTH_NAMES[field]
    if value is None or name not in one.truth["visible"]:
        return "unknown"
    party, _, last = name.rpartition(".")
    text = shown(value)  # type: ignore[arg-type]  # a value of an Invoice
    return rules.judge(name, one.truth["fields"], {party: {last: text}} if party else {last: text})


if __name__ == "__main__":
    sys.exit(main())
