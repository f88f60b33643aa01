"""A job's state in four vocabularies: each dialect has one table, and the README prints all four side by side."""

import json
from pathlib import Path

from api_invoices_v1.errors import ANSWERS as MAKERSHUB
from api_invoices_v1.errors import NoExtractionError, RecordNotFoundError
from api_invoices_v1.translate import HAS_DATA
from api_invoices_v2.translate import STATUS_CODES
from api_ocr_jobs.translate import STATUSES as REPZO
from api_ocr_tasks.translate import STATUSES as MONITE
from infra.tools.status_table import README, STATES, rewritten
from paydraft.model.status import Fault, Status

FACTS = json.loads((Path(__file__).parent / "facts" / "job_statuses.json").read_text())
AGREED = {(Status(row["status"]), Fault(row["fault"]) if row["fault"] else None): row for row in FACTS["table"]}
HAS_DATA_OF = {"no data": False, "data once extracted": None, "data": True}


def column(dialect):
    return {state: row[dialect] for state, row in AGREED.items()}


def test_every_state_a_job_can_have_is_agreed_on():
    assert tuple(AGREED) == STATES
    assert len(STATES) == len(Status) + 1


def test_corebanqs_table_is_as_agreed():
    assert column("corebanq") == STATUS_CODES


def test_repzos_table_is_as_agreed():
    assert column("repzo") == REPZO


def test_monites_table_is_as_agreed():
    assert {state: told or "404" for state, told in MONITE.items()} == column("monite")


def test_makershubs_table_is_as_agreed():
    told = column("makershub")
    gone = {state for state, word in told.items() if word == "no record"}
    assert {state: HAS_DATA_OF[word] for state, word in told.items() if state not in gone} == HAS_DATA
    for refusal, word in ((NoExtractionError(), "no data"), (RecordNotFoundError(), "no record")):
        status = MAKERSHUB.status_of(type(refusal))
        assert [status, MAKERSHUB.body(refusal, status)["msg"]] == FACTS["makershub"][word]


def test_the_readme_prints_the_four_tables_as_they_are():
    text = README.read_text(encoding="utf-8")
    assert rewritten(text) == text, "python -m infra.tools.status_table"
