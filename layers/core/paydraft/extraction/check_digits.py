"""Check digits of VAT and company numbers, as their countries publish them.

Sources: the algorithms of the national tax offices as collected by the European Commission's VIES ("VAT algorithms")
and the national business registers. A number whose country has no public rule cannot be told wrong.
"""

from collections.abc import Callable, Sequence

_CIF_LETTERS = "JABCDEFGHI"
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_IRISH_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights, from the left."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: SIREN, SIRET, Partita IVA, Swedish organisation numbers."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _mod_11_10(digits: str) -> bool:
    """ISO 7064 MOD 11,10: Germany and Croatia."""
    product = 10
    for digit in digits[:-1]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[-1])


def _austria(number: str) -> bool:
    doubled = [int(digit) * weight for digit, weight in zip(number[1:8], (1, 2, 1, 2, 1, 2, 1), strict=True)]
    return (6 - sum(value // 10 + value % 10 for value in doubled)) % 10 == int(number[8])


def _czechia(number: str) -> bool:
    """Of companies, 8 digits; the numbers of persons have no general rule."""
    return len(number) != 8 or ((11 - weighted(number, range(8, 1, -1)) % 11) % 11 or 1) % 10 == int(number[7])


def _estonia(number: str) -> bool:
    return weighted(number, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0


def _france(number: str) -> bool:
    siren = number[2:]
    key = not number[:2].isdigit() or int(number[:2]) == (12 + 3 * (int(siren) % 97)) % 97
    return luhn(siren) and key


def _greece(number: str) -> bool:
    number = number.zfill(9)
    return weighted(number, [2**place for place in range(8, 0, -1)]) % 11 % 10 == int(number[8])


def _hungary(number: str) -> bool:
    return weighted(number, (9, 7, 3, 1, 9, 7, 3, 1)) % 10 == 0


def _ireland(number: str) -> bool:
    if not number[1].isdigit():
        return True  # numbers of the old kind
    total = weighted(number[:7], range(8, 1, -1))
    if len(number) == 9:
        total += 9 * (ord(number[8]) - ord("A") + 1)
    return _IRISH_LETTERS[total % 23] == number[7]


def _lithuania(number: str) -> bool:
    body, places = number[:-1], range(len(number) - 1)
    check = weighted(body, [1 + place % 9 for place in places]) % 11
    if check == 10:
        check = weighted(body, [1 + (place + 2) % 9 for place in places]) % 11 % 10
    return check == int(number[-1])


def _latvia(number: str) -> bool:
    legal = int(number[0]) > 3
    return not legal or weighted(number, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3


def _netherlands(number: str) -> bool:
    """The old rule (a weighted sum of the nine digits), or the one of sole traders since 2020 (97 over all)."""
    eleven = (weighted(number, range(9, 1, -1)) - int(number[8])) % 11 == 0
    return eleven or int("".join(str(int(char, 36)) for char in f"NL{number}")) % 97 == 1


def _poland(number: str) -> bool:
    return weighted(number, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


def _portugal(number: str) -> bool:
    return (11 - weighted(number, range(9, 1, -1)) % 11) % 11 % 10 == int(number[8])


def _romania(number: str) -> bool:
    padded = number.zfill(10)
    return weighted(padded, (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % 10 == int(padded[9])


def _slovenia(number: str) -> bool:
    check = 11 - weighted(number, range(8, 1, -1)) % 11
    return check != 11 and check % 10 == int(number[7])


def _spain(number: str) -> bool:
    """DNI and NIE of persons, CIF of companies."""
    if number[0].isdigit() or number[0] in "XYZ":
        digits = str("XYZ".find(number[0])) + number[1:8] if number[0] in "XYZ" else number[:8]
        return digits.isdigit() and _DNI_LETTERS[int(digits) % 23] == number[8]
    if not number[1:8].isdigit() or number[0] in "KLM":
        return True
    odd = sum(value // 10 + value % 10 for value in (2 * int(digit) for digit in number[1:8:2]))
    check = (10 - (odd + sum(int(digit) for digit in number[2:8:2])) % 10) % 10
    return number[8] in (str(check), _CIF_LETTERS[check])


def _switzerland(number: str) -> bool:
    check = (11 - weighted(number, (5, 4, 3, 2, 7, 6, 5, 4)) % 11) % 11
    return check == int(number[8])


def _united_kingdom(number: str) -> bool:
    total = weighted(number[:7], range(8, 1, -1)) + int(number[7:9])
    return total % 97 == 0 or (total + 55) % 97 == 0


def _finland(number: str) -> bool:
    return weighted(number, (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0


_RULES: dict[str, Callable[[str], bool]] = {
    "AT": _austria,
    "BE": lambda number: 97 - int(number[:8]) % 97 == int(number[8:]),
    "CHE": _switzerland,
    "CZ": _czechia,
    "DE": _mod_11_10,
    "DK": lambda number: weighted(number, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "EE": _estonia,
    "EL": _greece,
    "ES": _spain,
    "FI": _finland,
    "FR": _france,
    "GB": _united_kingdom,
    "GR": _greece,
    "HR": _mod_11_10,
    "HU": _hungary,
    "IE": _ireland,
    "IT": luhn,
    "LT": _lithuania,
    "LU": lambda number: int(number[:6]) % 89 == int(number[6:]),
    "LV": _latvia,
    "MT": lambda number: weighted(number, (3, 4, 6, 7, 8, 9, 10, 1)) % 37 == 0,
    "NL": _netherlands,
    "NO": lambda number: weighted(number, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "PL": _poland,
    "PT": _portugal,
    "RO": _romania,
    "SE": lambda number: luhn(number[:10]),
    "SI": _slovenia,
    "SK": lambda number: int(number) % 11 == 0,
    "XI": _united_kingdom,
}


def abn(digits: str) -> bool:
    """Australian Business Number: 11 digits, the first one less by 1."""
    return weighted(str(int(digits) - 10**10).zfill(11), (10, *range(1, 20, 2))) % 89 == 0


def gstin(number: str) -> bool:
    """India's GST number: 15 characters, the last one a check over the others in base 36."""
    values = [int(char, 36) * (2 if place % 2 else 1) for place, char in enumerate(number[:14])]
    total = sum(value // 36 + value % 36 for value in values)
    return (36 - total % 36) % 36 == int(number[14], 36)


def has_rule(prefix: str) -> bool:
    """Whether the check digits of a country's VAT numbers are known."""
    return prefix in _RULES


def vat_digits_hold(prefix: str, number: str) -> bool:
    """Whether a VAT number of the right structure (see tax_ids) has the right check digits, as far as that is known."""
    rule = _RULES.get(prefix)
    return rule is None or rule(number)
