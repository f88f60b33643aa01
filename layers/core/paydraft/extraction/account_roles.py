"""Whose an account is: the creditor's, the debtor's, or that of somebody the claim was assigned to.

A debtor's account is never the creditor's. Where a claim is assigned (factoring), only a payment to the assignee
counts, so the clause is looked for in the languages of the trade whatever the language of the page.
"""

from functools import cache, lru_cache

from paydraft.extraction.folding import fold, tokens
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement
from paydraft.extraction.layout import Layout, Row, Span
from paydraft.extraction.relations import Hit, Labelled
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
_FEW_WORDS = 3
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


def role_of(labelled: Labelled, lexicon: Lexicon, span: Span, assigned: list[Row], ibans: list[Span]) -> AccountRole:
    """The role of the account on `span`; `assigned` are the rows of `clauses`, `ibans` where all IBANs begin.

    The assignee's account is the first one behind the clause: the seller's own may follow in the foot of the page.
    """
    if is_debtors(labelled, lexicon, span):
        return AccountRole.DEBTOR
    for clause in assigned:
        rows = [one.segment.row for one in (*ibans, span) if one.segment.sheet is clause.sheet]
        behind = [row - clause.segments[0].row for row in rows if 0 <= row - clause.segments[0].row <= _NEAR_ROWS]
        if behind and span.segment.row == min(behind) + clause.segments[0].row:
            return AccountRole.ASSIGNEE
    return AccountRole.CREDITOR


def is_debtors(labelled: Labelled, lexicon: Lexicon, span: Span) -> bool:
    """Whether the words around an account make it the one that will be debited."""
    around = " ".join(row.text for row in _rows_around(labelled.layout, span))
    if any(found.kind is Statement.DIRECT_DEBIT for found in lexicon.statements(around)):
        return True
    return any(_leads_to(hit, span) for hit in labelled.of(Label.DEBTOR_ACCOUNT))


def _leads_to(hit: Hit, span: Span) -> bool:
    """Whether a debtor's label stands before the account in its row, or above it with nothing said in between."""
    label, account = hit.span.segment, span.segment
    if label.sheet is not account.sheet or label.box.x0 > span.box.x1:
        return False
    said = len(hit.behind.text.split()) if hit.behind else 0
    return label.row == account.row or (label.row == account.row - 1 and said <= _FEW_WORDS)


def _rows_around(layout: Layout, span: Span) -> list[Row]:
    row = span.segment.row
    return [
        near
        for near in layout.rows[max(0, row - 2) : row + 2]
        if near.sheet is span.segment.sheet and abs(near.box.y0 - span.box.y0) < 4 * span.segment.height
    ]
