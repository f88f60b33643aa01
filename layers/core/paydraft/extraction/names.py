"""Names of companies and people: what can be one, and the words around it that are no part of it."""

import re
from functools import lru_cache

from paydraft.extraction.addresses import holds_town, is_street, is_unit
from paydraft.extraction.folding import fold, tokens

# Legal forms; the short ones count at the end of a name only, in the capitals of their law.
_LONG_FORMS = (
    r"g?GmbH|GMBH|mbB|GbR|PartG(?:mbB)?|GesmbH|mbH|KGaA|OHG|e\. ?[KVUG]\.|eG|eV|a\. ?G\.|Stiftung",
    r"Ltd\.?|LTD\.?|Limited|LIMITED|LLC|L\.L\.C\.|LLP|Incorporated",
    r"PLLC|Inc\.?|INC\.?|inc\.|Corp\.?|CORP\.?|Corporation|CORPORATION|PLC|plc|Pty|PTY|Pvt\.?|PVT\.?|Pte\.?|Bhd",
    r"S\.A\.S\.?|S\.A\.U\.?|SAU|SASU?|SARL|S\.A\.R\.L\.?|Sàrl|Sarl|EURL|SCOP|S\.A\.|S\.N\.C\.?|SNC",
    r"SPRL|BVBA|ASBL|VZW|S\.à r\.l\.",
    r"B\. ?V\.?|BV|b\.v\.|N\. ?V\.?|NV|VOF|V\.O\.F\.",
    r"S\. ?r\. ?l\.?s?|SRLS?|S\. ?p\. ?A\.?|SpA|SPA|S\. ?n\. ?c\.|S\. ?a\. ?s\.|S\. ?L\.?(?: ?U\.?)?|SLU?",
    r"Lda\.?|LDA|Ltda\.?|LTDA|Unipessoal",
    r"Sp\. ?z ?o\. ?o\.?|sp\. ?z ?o\. ?o\.?|Sp\. ?[jk]\.|s\. ?r\. ?o\.?|spol\. s r\. ?o\.|a\. ?s\.|v\. ?o\. ?s\.",
    r"Oyj?|ApS|APS|A/S|Aktiebolag|Handelsbolag|Kft\.?|Zrt\.?|Nyrt\.?|d\. ?o\. ?o\.?|d\. ?d\.",
    r"j\. ?d\. ?o\. ?o\.?|s\. ?p\.|obrt|MB(?= ?[„“])|OÜ|UAB|SIA",
)
_SHORT_FORMS = (
    r"AG|KG|UG|OG|SE|SA|AB|AS|ASA|HB|KB|Ky|Tmi|Bt\.?|LP|P\.C\."
    r"|E\. ?M\.|[ΑΟΕ]\. ?Ε\.|MB|Soc\. Coop\.?|Co\.|& Co|and Company"
    r"|& Cie\.?"
)
_LEGAL_FORM = re.compile(
    rf"(?<![\w.])(?:(?:{'|'.join(_LONG_FORMS)})(?![\w])"
    rf"|(?:{_SHORT_FORMS})(?=\s*(?:$|[,;(·|•\-–]|& ?Co|i\. ?L|in ?Liq)))"
)
_FORM_WORDS = frozenset(
    fold(word)
    for word in (
        "gmbh ggmbh gesmbh mbh mbb gbr partg partgmbb ag kg kgaa ohg og ug se eg ev ek eu e k v u a g ltd limited "
        "llc l c llp pllc inc p incorporated corp corporation plc pty pvt private pte bhd sdn sa sas sasu sarl eurl "
        "scop snc sprl bvba asbl vzw bv b nv n vof srl srls s r spa sl slu lda ltda unipessoal sp z o oo sro spol "
        "as oy oyj ab aps hb kb ky tmi kft zrt d doo dd ou uab sia co company cie und and et"
    ).split()
)
_SALUTATION = re.compile(
    r"^(?:herrn?|frau|eheleute|familie|firma|fa\.|mr\.?|mrs\.?|ms\.?|messrs\.?|monsieur|madame|m\.|mme|mlle|sr\.?"
    r"|sra\.?|d\.|dña\.|dhr\.?|mevr\.?|de heer|mevrouw|sig\.?(?:ra|na)?|spett\.?(?:le|abile)?(?: ditta)?|an|an die"
    r"|an den|egr\. sig\.|vážený pan|pan|paní|pan[ií]?|herr|fru|hr\.?|attn:?|t\.a\.v\.)[ :]*$",
    re.IGNORECASE,
)
_CARE_OF = re.compile(r"^(?:c/o|℅|p\.a\.|amm\.)[ :.]", re.IGNORECASE)
_ATTENTION = re.compile(
    r"^(?:(?:fao|f\.a\.o\.|attn?\b\.?|attention\b(?: of)?|z\. ?h(?:d|dn)?\b\.?|z\. ?h\.(?: v\.)?|zu händen(?: von)?"
    r"|t\.a\.v\.|ter attentie van|à l['’ ]attention de|alla c\.?a\.?|c\.a\.|alla cortese attenzione(?: di)?"
    r"|a la atención de|a/a|a/c|att\b)\.?\s?:?\s?)",
    re.IGNORECASE,
)
# What stands behind a company's name in a line of details.
_TRAILING = re.compile(
    r"\s+(?:iov|i\.o\.v\.|t/a|trading as|d/b/a|dba|doing business as|au capital|au capital de|società|soc\.|mit sitz"
    r"|registered (?:in|office)|inscrita|cap(?:\.|itale) soc|is (?:a|registered)|reg\. no|hereinafter)\b.*$",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"bank\b|banken\b|sparkasse|banque|\bbanco\b|\bbanca\b|\bcaixa\b|\bcaja\b|kasse\b.*\beg$|crédit (?:agricole|mutuel"
    r"|lyonnais)|société générale|bnp paribas|caisse d['’]épargne|barclays|hsbc|lloyds|natwest|santander|unicredit"
    r"|intesa|postfinance|raiffeisen|volksbank|wells fargo|\bchase\b|\bing\b|rabobank|abn amro|spořitelna|\bpko\b"
    r"|mbank|nordea|swedbank|\bseb\b|danske|handelsbanken|\bdnb\b|\bbic\b|\bswift\b",
    re.IGNORECASE,
)
_ENDS_AS_STREET = re.compile(
    r"(?:stra(?:ss|ß|B|R)e|str\.|\w(?:weg|gasse|platz|allee)|\bstreet|\broad|\bavenue|\blane|\bdrive|straat|gatan"
    r"|vägen|gade)$",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    ("de", "d'", "von", "van", "zu", "del", "della", "di", "da", "le", "la", "af", "av", "ten", "ter")
)
_PROFESSION = re.compile(
    r"(?:rechtsanw[aä]lt(?:e|in)?|steuerberater(?:in)?|notar(?:in|e)?|architekt(?:en|in)?|[aä]rzt(?:e|in)?|ingenieure?"
    r"|avocats?|notaires?|architectes?|avvocati|abogados?|advocaten|solicitors|accountants|architects)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s[-–—*:]\s|[●•·∙|]|,\s")
_CURRENCY = re.compile(r"^\W*(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|INR|AUD|CAD|NZD|JPY|CNY)\W*$")
_OFFICE = re.compile(
    r"\b(?:rcs|r\.c\.s|hr[ab]|siret|siren|kvk|krs|tva|vat|btw|ust|mwst|iban)\b"
    r"|amtsgericht|registergericht|handelsregister|finanzamt|tribunal|registro mercantil|kamer van koophandel"
    r"|bankverbindung|geschäftsf|vorstand|inhaber\b|öffnungszeiten|opening hours"
    r"|please|thank you|vielen dank|merci|gracias"
    r"|grazie|bedankt",
    re.IGNORECASE,
)
_MAX_NAME = 90
# Words that join the parts of names: "Comunidad de Propietarios de la Calle Mayor".
_JOINING = frozenset(
    fold(word)
    for word in (
        "de do da dos das del della dei di du des la le les el los las of the for and e y et und en van der den von "
        "voor het te am im in an aan og och ja a i na u z w"
    ).split()
)
_ABBREVIATION = 3  # characters of a word that a full stop shortens
_MOST_WORDS = 8  # of a name without a legal form
_SENTENCE_WORDS = 2  # words of everyday speech that make a sentence of a line


def has_legal_form(text: str) -> bool:
    """Whether a text holds a company's legal form beside other words."""
    match = _LEGAL_FORM.search(text)
    return match is not None and bool(name_key(text))


def up_to_legal_form(text: str) -> str | None:
    """The name at the start of a line of details: "Free SAS" of "Free SAS au capital de …"; None without legal form."""
    forms = list(_LEGAL_FORM.finditer(text[:_MAX_NAME]))
    if not forms:
        return None
    end = forms[0].end()
    for form in forms[1:]:  # "GmbH & Co. KG", "Pvt. Ltd."
        if form.start() - end > len(" & Co. "):
            break
        end = form.end()
    return text[:end]


def name_key(text: str) -> str:
    """A name's words without its legal form, folded: what two spellings of it have in common."""
    words = [token.text for token in tokens(text)]
    return " ".join(word for word in words if word not in _FORM_WORDS)


def is_salutation(text: str) -> bool:
    """Whether a line says no more than how to address somebody."""
    return bool(_SALUTATION.match(text))


def is_attention(text: str) -> bool:
    """Whether a line names the person at the addressee."""
    return bool(_ATTENTION.match(text))


def without_attention(text: str) -> str:
    """A name without "attn:" before it."""
    return _ATTENTION.sub("", text)


def bare_name(text: str) -> str:
    """A name without "attn:" before it and "trading as …" or "au capital de …" behind it."""
    return _TRAILING.sub("", without_attention(text)).strip(" ,;:-–|·•")


def is_bank(text: str) -> bool:
    """Whether a name is a bank's: beside an account number it is no party to the invoice."""
    return bool(_BANK.search(text))


def is_care_of(text: str) -> bool:
    """Whether a line names who takes the mail for the addressee."""
    return bool(_CARE_OF.match(text))


@lru_cache(maxsize=4_096)
def can_be_name(text: str, everyday: frozenset[str] = frozenset()) -> bool:
    """Whether a line can be the name of a company or person: mostly letters, no sentence, no town, no street.

    `everyday` are the folded words of common speech in the document's languages: two of them make a slogan.
    """
    text = bare_name(text).replace(" Co:", " Co.")
    letters = sum(map(str.isalpha, text))
    mostly = letters >= 0.6 * len(text.replace(" ", ""))
    if letters < 2 or not mostly or len(text) > _MAX_NAME or ":" in text or text.endswith(("!", "?")):
        return False
    key = name_key(text)
    if (
        key in everyday
        or not (key or "&" in text)
        or _CURRENCY.match(text)
        or _PROFESSION.fullmatch(text)
        or _starts_low(text)
        or (is_unit(text) and any(map(str.isdigit, text)) and not has_legal_form(text))
        or is_care_of(text)
        or _OFFICE.search(text)
        or _is_sentence(text, everyday)
    ):
        return False
    if holds_town(text) and _PARTS.search(text):
        return False  # the name is only its beginning
    return has_legal_form(text) or not (holds_town(text) or _is_numbered_street(text))


def _starts_low(text: str) -> bool:
    """Whether a text begins as no name does: with a small letter, but for "de", "van" and companies' spellings."""
    low = text[:1].islower() and text.split()[0].casefold() not in _PARTICLES
    return low and not has_legal_form(text) and "." not in text


def _is_numbered_street(text: str) -> bool:
    """Whether a text is a street: "Main Street 5" is no name, "Maple Street Dental Group" is one."""
    return bool(_ENDS_AS_STREET.search(text)) or (is_street(text) and any(map(str.isdigit, text)))


def _is_sentence(text: str, everyday: frozenset[str]) -> bool:
    if has_legal_form(text):
        return False
    if len(text.split()) > _MOST_WORDS:
        return True
    words = [token.text for token in tokens(text)]
    said = sum(word in everyday and word not in _JOINING for word in words)
    last = text.split()[-1]
    ends = (
        last.endswith(".")
        and len(words) > 1
        and len(last) > _ABBREVIATION
        and (last.islower() or sum(len(word) > 2 for word in words) > 5)
    )
    return said >= _SENTENCE_WORDS or (ends and "&" not in text)
