"""Check digits of account numbers and payment references. They detect a wrong character; nothing here corrects one.

Every function takes digits only and says whether the last of them fits the others.
"""

_RECURSIVE = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def luhn(digits: str) -> bool:
    """Modulo 10 with every second digit doubled (ISO/IEC 7812): bankgiro, OCR numbers, FIK, KID."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mod10_recursive(digits: str) -> bool:
    """Modulo 10 recursive (Swiss QR-bill, post accounts)."""
    carry = 0
    for digit in digits[:-1]:
        carry = _RECURSIVE[(carry + int(digit)) % 10]
    return (10 - carry) % 10 == int(digits[-1])


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of the digits times the weights, from the right; the weights repeat."""
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(reversed(digits)))


def mod11(digits: str) -> bool:
    """Modulo 11 with the weights 2 to 7 (Norwegian accounts and KID); a check of 10 does not exist in digits."""
    return weighted(digits, (1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6, 7)) % 11 == 0 if digits else False


def finnish(digits: str) -> bool:
    """Weights 7, 3, 1 from the right (viitenumero, Estonian reference)."""
    return (weighted(digits[:-1], (7, 3, 1)) + int(digits[-1])) % 10 == 0


def aba(digits: str) -> bool:
    """Weights 3, 7, 1 over the nine digits of a US routing number."""
    return sum(int(digit) * (3, 7, 1)[place % 3] for place, digit in enumerate(digits)) % 10 == 0


def clabe(digits: str) -> bool:
    """Weights 3, 7, 1, each product modulo 10, over the 18 digits of a Mexican CLABE."""
    total = sum(int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(digits[:-1]))
    return (10 - total % 10) % 10 == int(digits[-1])


def czech(digits: str) -> bool:
    """Modulo 11 with the powers of two (prefix and number of a Czech or Slovak account)."""
    return weighted(digits, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 == 0


def hungarian(digits: str) -> bool:
    """Weights 9, 7, 3, 1 over a group of eight or sixteen digits of a Hungarian account."""
    return sum(int(digit) * (9, 7, 3, 1)[place % 4] for place, digit in enumerate(digits)) % 10 == 0


def mod11_open(digits: str) -> bool:
    """Modulo 11 with the weights 2, 3, 4 and on; a remainder of 0 or 1 gives 0 (Croatian HR01, Slovenian SI12)."""
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits[:-1]), 2))
    return (11 - total % 11) % 11 % 10 == int(digits[-1])


def serbian(digits: str) -> bool:
    """ISO 7064 modulo 97 over the 18 digits of a Serbian account."""
    return int(digits) % 97 == 1
