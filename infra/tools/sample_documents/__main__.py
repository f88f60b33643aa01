"""Draw the sample documents: `python -m infra.tools.sample_documents [OUT]` (default: tests/golden)."""

import sys
from pathlib import Path

from infra.tools.sample_documents.catalogue import SAMPLES
from infra.tools.sample_documents.expected import suppliers_csv, to_json

_GOLDEN = Path(__file__).parents[3] / "tests" / "golden"


def write_all(out: Path) -> int:
    """Write documents/, expected/ and suppliers.csv under `out`; answers the number of bytes of the documents."""
    documents, expected = out / "documents", out / "expected"
    documents.mkdir(parents=True, exist_ok=True)
    expected.mkdir(parents=True, exist_ok=True)
    size = 0
    for sample in SAMPLES:
        data = sample.draw()
        (documents / sample.name).write_bytes(data)
        (expected / sample.name).with_suffix(".json").write_text(to_json(sample), encoding="utf-8")
        size += len(data)
        print(f"{len(data):>8,}  {sample.name}")
    (out / "suppliers.csv").write_text(suppliers_csv(), encoding="utf-8")
    return size


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _GOLDEN
    print(f"{write_all(target):>8,}  bytes of {len(SAMPLES)} documents in {target}")
