"""Names of companies and people: what can be one, and the words before it that are no part of it."""

import re

from paydraft.extraction.addresses import holds_town, is_street

_LEGAL_FORMS = (
    r"GmbH|GMBH|mbH|AG|KG|OHG|UG|SE|e\. ?[KV]\.|a\. ?G\.|Ltd\.?|LTD\.?|Limited|LIMITED|LLC|LLP|Inc\.?|INC\.?",
    r"Corp\.?|CORP\.?|Corporation|PLC|plc|Pty|Pvt\.?|S\.?A\.?S\.?|SASU|SARL|S\.?A\.?|EURL",
    r"B\.? ?V\.?|b\.v\.|N\.? ?V\.?|VOF",
    r"S\.? ?r\.? ?l\.?|S\.? ?p\.? ?A\.?|S\.? ?L\.?(?:U\.?)?|Lda\.?|Sp\. z o\.? ?o\.?|s\.r\.o\.|a\.s\.|Oy|AB|ApS|A/S|AS",
)
_LEGAL_FORM = re.compile(rf"(?<![\w.])(?:{'|'.join(_LEGAL_FORMS)})(?![\w])")
_SALUTATION = re.compile(
    r"^(?:herrn?|frau|firma|fa\.|mr\.?|mrs\.?|ms\.?|monsieur|madame|m\.|mme|dhr\.?|mevr\.?|sig\.?|an|attn:?|t\.a\.v\.)$",
    re.IGNORECASE,
)
_ATTENTION = re.compile(r"^(?:attn\.?|att\.|z\.? ?hd\.?|t\.a\.v\.|à l['’]attention de)\s?:?\s?", re.IGNORECASE)
_MAX_NAME = 90


def has_legal_form(text: str) -> bool:
    """Whether a text holds a company's legal form."""
    return bool(_LEGAL_FORM.search(text))


def is_salutation(text: str) -> bool:
    """Whether a line says no more than how to address somebody."""
    return bool(_SALUTATION.match(text))


def is_attention(text: str) -> bool:
    """Whether a line names the person at the addressee."""
    return bool(_ATTENTION.match(text))


def without_attention(text: str) -> str:
    """A name without "attn:" before it."""
    return _ATTENTION.sub("", text)


def can_be_name(text: str) -> bool:
    """Whether a line can be the name of a company or person: mostly letters, no sentence, no town, no street."""
    text = without_attention(text)
    letters = sum(map(str.isalpha, text))
    mostly = letters >= 0.6 * len(text.replace(" ", ""))
    full_stop = text.endswith(".") and len(text.split()) > 3 and not has_legal_form(text)
    if letters < 2 or not mostly or len(text) > _MAX_NAME or ":" in text or text.endswith(("!", "?")) or full_stop:
        return False
    return not holds_town(text) and not is_street(text)
