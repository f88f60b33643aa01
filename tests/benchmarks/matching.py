"""CPU time of `match` where nothing exact is on file and 10,000 names are: `python -m tests.benchmarks.matching`.

Half of the names share words with the one that is asked for, as names of one trade and town do.
"""

import random
import time
from statistics import median
from uuid import UUID

from paydraft.matching.match import match
from paydraft.matching.names import name_key
from paydraft.model.counterparty import Directory, Known
from paydraft.model.invoice import Invoice, Party

COUNTERPARTIES = 10_000
ROUNDS = 50
_WORDS = """
    stadtwerke stadt werke bau licht haus nord süd technik müller schmidt weber garten holz metall elektro auto reise
    foto wasser energie transport logistik handel computer service garage papier druck bonn köln wien basel
""".split()
_FORMS = ("GmbH", "AG", "KG", "S.r.l.", "SA", "Ltd", "GmbH & Co. KG", "B.V.")


def directory() -> Directory:
    """The same on every run."""
    dice = random.Random(7)
    known = []
    for number in range(COUNTERPARTIES):
        words = dice.sample(_WORDS, 3) if number % 2 else ["".join(dice.sample("aeioubdgklmnprst", 9))]
        name = f"{' '.join(words).title()} {number % 977} {dice.choice(_FORMS)}"
        known.append(Known(counterparty_id=UUID(int=number), name_keys=(name_key(name),)))
    return Directory(known=tuple(known))


def main() -> None:
    """Print the median and the worst of some rounds."""
    on_file = directory()
    for name in ("Stadtwerke Bonn GmbH", "Müller Elektro Technik", "Quarzwerk Y"):
        invoice = Invoice(seller=Party(name=name))
        spent = [_milliseconds(invoice, on_file) for _ in range(ROUNDS)]
        outcome = match(invoice, on_file)
        print(f"{name}: {median(spent):.1f} ms, worst {max(spent):.1f} ms, {len(outcome.candidates)} proposed")


def _milliseconds(invoice: Invoice, on_file: Directory) -> float:
    begun = time.process_time()
    match(invoice, on_file)
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    main()
