"""Whose an account is: the creditor's, the debtor's, or that of somebody the claim was assigned to.

A debtor's account is never the creditor's. Where a claim is assigned (factoring), only a payment to the assignee
counts, so the clause is looked for in the languages of the trade whatever the language of the page.
"""

from functools import cache, lru_cache

from paydraft.extraction.folding import fold, tokens
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement
from paydraft.extraction.layout import Layout, Row, Span
from paydraft.extraction.relations import Labelled
from paydraft.model.invoice import AccountRole

# Beginnings of words, of which one says that somebody else has the claim now ...
_ASSIGNED = """
    abgetreten abtretung zediert factoring faktoring forderungsverkauf assigned assignment assignee subrogation subrogé
    affacturage cédée cédés cedute ceduto ceduta cessione cedido cedida cesión cessão cedidos endossado gecedeerd
    verpand cesja cesji cedowan postoupen cesiune överlåt pantsatt overdraget transporteret overdratt transportert
    siirretty
"""
# ... and one that only a payment to them discharges.
_DISCHARGE = """
    schuldbefreiend befreiend ausschließlich ausschliesslich only exclusively discharge libératoire uniquement
    exclusivement esclusivamente liberatorio exclusivamente únicamente bevrijdend uitsluitend wyłącznie výhradně pouze
    befriande endast frigørende udelukkende frigjørende kun utelukkende ainoastaan
"""
_LEAST_LETTERS = 3
_NEAR_ROWS = 6  # an account stands so many rows below the clause at most


def clauses(layout: Layout) -> list[Row]:
    """The rows that say the claim is assigned: a word of assignment, and one of discharge in its neighbourhood."""
    return [row for row in layout.rows if _assigns(row.text) and _discharges(layout, row)]


def _assigns(text: str) -> bool:
    return _has(text, _ASSIGNED)


def _discharges(layout: Layout, row: Row) -> bool:
    at = row.segments[0].row
    around = " ".join(near.text for near in layout.rows[max(0, at - 2) : at + 4] if near.sheet is row.sheet)
    return _has(around, _DISCHARGE)


@lru_cache(maxsize=4_096)
def _has(text: str, words: str) -> bool:
    beginnings = _folded(words)
    return any(len(token.text) >= _LEAST_LETTERS and token.text.startswith(beginnings) for token in tokens(text))


@cache
def _folded(words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words.split())


def role_of(labelled: Labelled, lexicon: Lexicon, span: Span, assigned: list[Row]) -> AccountRole:
    """The role of the account printed on `span`; `assigned` are the rows of `clauses`."""
    if is_debtors(labelled, lexicon, span):
        return AccountRole.DEBTOR
    row = span.segment.row
    near = (clause for clause in assigned if clause.sheet is span.segment.sheet)
    if any(0 <= row - clause.segments[0].row <= _NEAR_ROWS for clause in near):
        return AccountRole.ASSIGNEE
    return AccountRole.CREDITOR


def is_debtors(labelled: Labelled, lexicon: Lexicon, span: Span) -> bool:
    """Whether the words around an account make it the one that will be debited."""
    around = " ".join(row.text for row in _rows_around(labelled.layout, span))
    if any(found.kind is Statement.DIRECT_DEBIT for found in lexicon.statements(around)):
        return True
    near = span.segment.row
    return any(
        hit.span.segment.sheet is span.segment.sheet
        and near - 1 <= hit.span.segment.row <= near
        and hit.span.segment.box.x0 <= span.box.x1
        for hit in labelled.of(Label.DEBTOR_ACCOUNT)
    )


def _rows_around(layout: Layout, span: Span) -> list[Row]:
    row = span.segment.row
    return [
        near
        for near in layout.rows[max(0, row - 2) : row + 2]
        if near.sheet is span.segment.sheet and abs(near.box.y0 - span.box.y0) < 4 * span.segment.height
    ]
