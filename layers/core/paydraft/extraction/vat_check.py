"""Check digits of VAT numbers, as the tax offices of the countries publish them. They detect a misread character.

`digits_hold(number)` takes a number with its prefix and without separators (tax_ids.py) and answers None for a country
whose rule is not here.
"""

from collections.abc import Callable

from paydraft.model.check_digits import luhn

_SIREN = 9  # digits of a French company number, at the end of its VAT number


def digits_hold(number: str) -> bool | None:
    """Whether the check digits fit the others; None where no rule is known."""
    prefix = "CHE" if number.startswith("CHE") else number[:2]
    rule = _RULES.get(prefix)
    if rule is None:
        return None
    try:
        return rule(number[len(prefix) :])
    except (ValueError, IndexError):  # a letter or a length that the rule does not know
        return None


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _austria(number: str) -> bool:
    digits = number.removeprefix("U")
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[1:7:2])
    plain = sum(int(digit) for digit in digits[0:7:2])
    return (96 - plain - doubled) % 10 == int(digits[7])


def _belgium(number: str) -> bool:
    return 97 - int(number[:8]) % 97 == int(number[8:])


def _switzerland(number: str) -> bool:
    return -_weighted(number[:8], (5, 4, 3, 2, 7, 6, 5, 4)) % 11 == int(number[8])


def _germany(number: str) -> bool:
    """ISO 7064, modulo 11, 10."""
    product = 10
    for digit in number[:8]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(number[8])


def _denmark(number: str) -> bool:
    return _weighted(number, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _finland(number: str) -> bool:
    return -_weighted(number[:7], (7, 9, 10, 5, 8, 4, 2)) % 11 == int(number[7])


def _france(number: str) -> bool:
    key, siren = number[:2], number[2:]
    if not luhn(siren) or len(siren) != _SIREN:
        return False
    return not key.isdecimal() or (12 + 3 * (int(siren) % 97)) % 97 == int(key)


def _britain(number: str) -> bool:
    total = _weighted(number[:7], (8, 7, 6, 5, 4, 3, 2)) + int(number[7:9])
    return total % 97 in (0, 42)


def _luxembourg(number: str) -> bool:
    return int(number[:6]) % 89 == int(number[6:])


def _netherlands(number: str) -> bool:
    """Modulo 11 of the nine digits; since 2020 a person's number is ISO 7064 modulo 97, 10 over all with NL before."""
    if _weighted(number[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11 == int(number[8]):
        return True
    return int("".join(str(int(character, 36)) for character in f"NL{number}")) % 97 == 1


def _norway(number: str) -> bool:
    return -_weighted(number[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(number[8])


def _poland(number: str) -> bool:
    return _weighted(number[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


def _portugal(number: str) -> bool:
    rest = 11 - _weighted(number[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest > 9 else rest) == int(number[8])


_RULES: dict[str, Callable[[str], bool]] = {
    "AT": _austria,
    "BE": _belgium,
    "CHE": _switzerland,
    "DE": _germany,
    "DK": _denmark,
    "FI": _finland,
    "FR": _france,
    "GB": _britain,
    "IT": luhn,
    "LU": _luxembourg,
    "NL": _netherlands,
    "NO": _norway,
    "PL": _poland,
    "PT": _portugal,
    "SE": lambda number: luhn(number[:10]),
}
