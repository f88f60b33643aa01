"""All fields that the pages themselves show, text layer and pixels alike."""

from dataclasses import dataclass, field

from paydraft.extraction import candidates as sure
from paydraft.extraction.amounts import amounts_of, decimal_mark_in, money_rows
from paydraft.extraction.candidates import Candidate
from paydraft.extraction.conflicts import Printed
from paydraft.extraction.contacts import contact_candidates
from paydraft.extraction.currency_fields import currency_candidate
from paydraft.extraction.date_fields import DateFields
from paydraft.extraction.dates import Order
from paydraft.extraction.document_number import number_candidates
from paydraft.extraction.document_type import type_candidate
from paydraft.extraction.labels.languages import languages_of
from paydraft.extraction.labels.vocabulary import Lexicon, vocabulary
from paydraft.extraction.layout import arrange
from paydraft.extraction.line_items import line_candidates, lines_of, rates_of_items, rows_of_items
from paydraft.extraction.misread import with_second_readings
from paydraft.extraction.parties import Parties
from paydraft.extraction.payment import ibans_of, payment_candidates
from paydraft.extraction.references import reference_candidates
from paydraft.extraction.relations import find_labels
from paydraft.extraction.several import OwnNumbers, numbers_of_pages
from paydraft.extraction.sums import Numbers, derived_due, total_candidates
from paydraft.extraction.tax_fields import tax_candidates
from paydraft.extraction.tax_rows import tax_rows
from paydraft.extraction.totals import named_amounts, rates_in
from paydraft.model.evidence import Finding
from paydraft.model.invoice import DocumentType
from paydraft.model.page import Page

# Currencies of countries that write the month first; everybody else who prints both ways writes the day first.
_MONTH_FIRST = frozenset({"USD"})
_ASKING = (DocumentType.INVOICE, DocumentType.DIRECT_DEBIT)
_UNSETTLED = frozenset({"CAD", "PHP"})  # both orders are common


@dataclass(frozen=True, slots=True)
class PageReading:
    """What the pages propose, and what they print besides."""

    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    printed: Printed
    language: str | None
    numbers: dict[int, OwnNumbers] = field(default_factory=dict)  # that each page of several prints as its own


def read_pages(pages: tuple[Page, ...], *, elsewhere: tuple[Candidate, ...]) -> PageReading:
    """Every candidate of the pages. `elsewhere` (e-invoice, codes) only helps to tell the document's type."""
    layout = arrange(pages)
    known, text = vocabulary(), layout.text
    languages = languages_of(text, known)
    lexicon = Lexicon(known, frozenset(languages))
    labelled = find_labels(layout, lexicon)
    mark = decimal_mark_in(layout)
    amounts = with_second_readings(amounts_of(layout, mark), layout.segments)
    named = named_amounts(labelled, amounts, lexicon)
    rates = rates_in(text)
    lines = lines_of(layout, lexicon, mark, amounts, named)
    rows = tax_rows(layout, money_rows(amounts) - rows_of_items(lines), mark)
    rates = rates_in(text) | rates_of_items(lines)
    totals = total_candidates(Numbers(named, amounts, rates, lines.total if lines else None, rows))
    currency = currency_candidate(labelled, amounts, totals, languages)
    accounts = ibans_of(labelled, lexicon)
    account_fields, findings = payment_candidates(labelled, lexicon, accounts)
    hint = _date_order(languages, currency, printed_iban=bool(accounts))
    found: list[Candidate] = [
        *totals,
        *([currency] if currency else []),
        *tax_candidates(layout, named, totals, rates, rows),
        *line_candidates(lines, totals),
        *account_fields,
        *reference_candidates(labelled, accounts),
        *number_candidates(labelled, lexicon),
        *DateFields(labelled, lexicon, hint).candidates(),
    ]
    parties = Parties(labelled, lexicon)
    found += [*parties.candidates(), *contact_candidates(labelled, parties)]
    kind = type_candidate(labelled, lexicon, (*elsewhere, *found))
    if kind is not None and kind.value in _ASKING:
        found += derived_due(totals, named)
    printed = Printed(
        frozenset(one.iban for one in accounts if not one.debtor),
        frozenset(amount.value for amount in amounts if amount.value is not None and amount.precise),
    )
    language = languages[0] if languages else None
    return PageReading(
        (*found, *([kind] if kind else [])), tuple(findings), printed, language, numbers_of_pages(labelled)
    )


def _date_order(languages: tuple[str, ...], currency: Candidate | None, *, printed_iban: bool) -> Order | None:
    """What language, currency and IBAN say about 03/04/2024."""
    if printed_iban or (languages and languages[0] != "en"):
        return Order.DAY_FIRST
    code = currency.value if currency and currency.confidence >= sure.FLOOR else None
    if code is None or code in _UNSETTLED:
        return None
    return Order.MONTH_FIRST if code in _MONTH_FIRST else Order.DAY_FIRST
