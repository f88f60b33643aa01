"""The name of the creditor's bank: behind its label, or beside the IBAN."""

from collections.abc import Iterator

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, seen
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.names import is_bank
from paydraft.extraction.one_line_parties import pieces_of
from paydraft.extraction.relations import Labelled
from paydraft.model.bank_account import Bic, Iban

_ROWS = 3  # above and below an account
_LONGEST = 60  # characters
_REACH = 60.0  # points beside the account's column


def bank_name_candidates(labelled: Labelled) -> list[Candidate]:
    """At most one name: different ones leave the field open."""
    debtors = {hit.span.segment.row for hit in labelled.of(Label.DEBTOR_ACCOUNT)}
    read = {span.lines: (span, sure.LABELLED_BELOW) for span in _labelled(labelled) if span.segment.row not in debtors}
    if not read:
        read = {span.lines: (span, sure.HEADED) for span in _beside(labelled) if span.segment.row not in debtors}
    if not read:
        return []
    (name, (span, confidence)), *others = read.items()
    rivals = tuple(alternative(other, where, sure.CONFLICTING) for other, (where, _) in others)
    return [seen("bank_name", name, span, sure.CONFLICTING if rivals else confidence, alternatives=rivals)]


def _labelled(labelled: Labelled) -> Iterator[Span]:
    for hit in labelled.of(Label.BANK_NAME):
        for _, span in labelled.regions(hit):
            piece = next(pieces_of(span.segment.span(span.start, span.end).segment), None)
            name = _first_piece(span) if piece is not None else None
            if name is not None:
                yield name
                break


def _first_piece(span: Span) -> Span | None:
    """The name at the start of a region: to its first bullet or dash."""
    start = len(span.text) - len(span.text.lstrip(" :.-"))
    for piece in pieces_of(span.segment):
        begin, end = max(piece.start, span.start + start), min(piece.end, span.end)
        if begin < end:
            name = span.segment.span(begin, end)
            return name if _can_be_bank(name.lines) else None
    return None


def _beside(labelled: Labelled) -> Iterator[Span]:
    """Words for a bank in the rows around an account, in its column or in its row."""
    rows = labelled.layout.rows
    for hit in labelled.of(Label.IBAN, Label.BIC):
        at, box = hit.span.segment.row, hit.span.segment.box
        for row in rows[max(0, at - _ROWS) : at + _ROWS + 1]:
            for segment in row.segments:
                near = segment.row == at or (segment.box.x0 - _REACH < box.x1 and segment.box.x1 > box.x0 - _REACH)
                if near and row.sheet is hit.span.segment.sheet:
                    for piece in pieces_of(segment):
                        if _can_be_bank(piece.lines) and is_bank(piece.lines) and not labelled.first_label(segment):
                            yield piece.segment.span(piece.start, piece.start + len(piece.text.rstrip()))


def _can_be_bank(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    plain = letters >= 3 and letters >= 0.7 * len(text.replace(" ", "")) and len(text) <= _LONGEST
    return plain and ":" not in text and Iban.parse(text) is None and Bic.parse(text) is None
