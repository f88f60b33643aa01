"""Whatever a code says: values, a finding, or nothing; never an account that fails its check, never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.extraction.qr_payload import code_findings, qr_candidates
from paydraft.model.bank_account import Iban
from paydraft.model.page import Box, Code
from tests.unit.test_extraction_fiscal_codes import AT, DE, ES, HR, PL, PT, SA, TBAI, TR, indian
from tests.unit.test_extraction_qr_national import (
    BEZAHL,
    BY_SQUARE,
    HCT,
    HUB3,
    IPS,
    PAYTO,
    POLISH,
    SPAYD,
    SPC,
    UCT,
    UPN,
)
from tests.unit.test_extraction_qr_payload import EPC

KNOWN = [
    BEZAHL, BY_SQUARE, IPS, PAYTO, POLISH, SPAYD, UCT, *("\n".join(lines) for lines in (EPC, SPC, UPN, HCT, HUB3)),
    AT, DE, ES, HR, PL, PT, SA, TBAI, TR, indian(),
]  # fmt: skip


def accounts_of(text: str) -> list[object]:
    codes = (Code(text, 1, Box(0, 0, 1, 1)),)
    assert len(code_findings(codes)) <= 1
    return [one.value for one in qr_candidates(codes, ()) if one.field == "iban"]


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(text: str):
    assert all(value is None or Iban.parse(str(value)) for value in accounts_of(text))


@pytest.mark.parametrize("text", KNOWN)
@given(data=st.data())
def test_a_damaged_code_never_gives_an_account_that_fails_its_check(text: str, data: st.DataObject):
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.text(max_size=2)) + text[at + data.draw(st.integers(0, 3)) :] or "x"
    assert all(value is None or Iban.parse(str(value)) for value in accounts_of(text))
