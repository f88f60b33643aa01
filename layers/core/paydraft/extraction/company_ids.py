"""Tax and register numbers as printed, and telephone numbers: what a label announces, cut where it ends."""

import re

from paydraft.extraction.check_digits import luhn, weighted
from paydraft.extraction.tax_ids import vat_numbers_in

# Behind a label: digits with separators, perhaps with letters before, within and behind ("06AABCO6063D1ZQ", "123456a").
_NUMBER = re.compile(
    r"[\s:.#°º]{0,4}(?P<value>(?:[A-Z]{1,3}[ -]?)?\d[\dA-Z]{0,20}"
    r"(?:[ /.\-]{1,2}\d[\dA-Z]*|-[A-Z\d]{1,3}){0,6}[a-z]?)(?![\w])"
)
_CODICE_FISCALE = re.compile(r"[\s:.]{0,4}(?P<value>[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])(?!\w)")
_LEAST_DIGITS = 6
_MOST_DIGITS = 16
# Registers that name themselves beside the number: the German courts', the Austrian, the French and the Dutch one.
_REGISTERS = (
    re.compile(
        r"(?<!\w)(?P<value>(?:HRB|HRA|GnR|PR|VR) ?(?:Nr\.? ?|Nummer ?)?:? ?\d{1,6}(?: ?[A-Z]{1,3}(?=[\s,;]|$))?)(?!\w)"
    ),
    re.compile(r"(?<!\w)(?P<value>FN ?\d{4,6} ?[a-z])(?!\w)"),
    re.compile(
        r"(?<!\w)(?:R\.?C\.?S\.?|RSC)[ :]{1,2}"
        r"(?P<value>(?:[^\W\d_][\w'’-]+ ){0,3}[AB]? ?\d{3}[ .]?\d{3}[ .]?\d{3})(?!\d)"
    ),
    re.compile(r"(?<!\w)(?P<value>[AB]? ?\d{3}[ .]?\d{3}[ .]?\d{3}) R\.?C\.?S\.?(?!\w)"),
    re.compile(r"(?i:siret|siren)[^\d]{0,12}(?P<value>\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?)(?!\d)"),
    re.compile(r"(?i:k\.?v\.?k\.?)(?:[ -]?(?i:nummer|nr))?[.: ]{0,3}(?:[A-Z][a-z]+ )?(?P<value>\d{8})(?!\d)"),
    re.compile(r"(?i:registered|company|registration|incorporated)[^\d\n]{0,50}?(?P<value>(?:SC|NI|OC)?\d{6,8})(?!\d)"),
    re.compile(r"(?<!\w)(?:R\.?E\.?A\.?)[ :.n°-]{0,5}(?P<value>[A-Z]{2} ?[-–]? ?\d{5,7})(?!\d)"),
    re.compile(r"(?<!\w)CIN ?:? ?(?P<value>[A-Z]\d{5}[A-Z]{2}\d{4}[A-Z]{3}\d{6})(?!\w)"),
)  # fmt: skip
_ORGANISATION = re.compile(r"(?<!\d)(?P<value>\d{6}-\d{4})(?!\d)")  # Sweden
_BUSINESS_ID = re.compile(r"(?<!\d)(?P<value>\d{7}-\d)(?!\d)")  # Finland
_PHONE = re.compile(r"[\s:.]{0,4}(?P<value>(?:\+|\(|0|[1-9])[\d()/.\- ]{5,22}\d)(?!\w)")
_PHONE_ALONE = re.compile(
    r"^\s*(?P<value>\+\d[\d()/.\- ]{7,20}\d|\(\d{2,5}\) ?[\d/.\- ]{5,14}\d|\d{3}-\d{3}-\d{4})\s*$"
)
_FAX = re.compile(r"(?:tele)?fa(?:x|ks|ksi|csimile)|télécopie", re.IGNORECASE)

type Where = tuple[int, int]


def number_at(text: str) -> Where | None:
    """The characters of the tax or register number at the start of what stands behind its label."""
    match = _CODICE_FISCALE.match(text[:60]) or _NUMBER.match(text[:60])
    if match is None or vat_numbers_in(match["value"]):
        return None
    digits = sum(map(str.isdigit, match["value"]))
    return match.span("value") if _LEAST_DIGITS <= digits <= _MOST_DIGITS else None


def register_numbers_in(text: str) -> list[Where]:
    """Register numbers that a text names with their register, or that check digits tell."""
    found = [match.span("value") for pattern in _REGISTERS for match in pattern.finditer(text[:400])]
    for match in _ORGANISATION.finditer(text[:400]):
        if luhn(match["value"].replace("-", "")):
            found.append(match.span("value"))
    for match in _BUSINESS_ID.finditer(text[:400]):
        if weighted(match["value"].replace("-", ""), (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0:
            found.append(match.span("value"))
    return found


def phone_at(text: str) -> Where | None:
    """The characters of the telephone number behind its label."""
    match = _PHONE.match(text[:60])
    digits = sum(map(str.isdigit, match["value"])) if match else 0
    return match.span("value") if match and 6 <= digits <= 15 else None


def phone_alone(text: str) -> Where | None:
    """The characters of a line that is nothing but a telephone number, with + or an area code."""
    match = _PHONE_ALONE.match(text[:60])
    return match.span("value") if match else None


def is_fax(label: str) -> bool:
    """Whether a label announces a fax machine."""
    return bool(_FAX.search(label))
