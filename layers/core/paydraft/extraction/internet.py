"""E-mail addresses and web sites on a page. A domain that ends in no known way was misread, and is none."""

import re
from collections.abc import Iterator

from paydraft.extraction.folding import folded
from paydraft.extraction.layout import Layout, Segment, Span

_MAX_READ = 400
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,4}[A-Za-z]{2,12}(?![\w-])"
)
_WEBSITE = re.compile(
    r"(?<![\w@.+-])(?:(?P<scheme>https?://)|(?P<www>www\.))?"
    r"(?P<host>(?:[A-Za-z0-9äöüéèà][A-Za-z0-9äöüéèà-]{0,62}\.){1,4}[A-Za-z]{2,12})"
    r"(?P<path>/[\w./%?=&#~-]*)?(?![\w@-])"
)
# Generic ends of domains, beside those of two letters (ISO 3166 countries, "eu", "uk").
_GENERIC = frozenset(
    "com net org info biz name pro coop int edu gov mil app dev shop store online site tech cloud digital agency "
    "company group gmbh ltd llc berlin hamburg bayern koeln cologne wien tirol swiss paris amsterdam london nyc "
    "cat eus gal bzh example test localhost local invalid services solutions systems studio design media "
    "consulting legal tax bank expert center energy email support world today life live team works academy "
    "education health care clinic dental restaurant cafe bar pizza hotel travel tours taxi auto cars bike fitness "
    "energy house immobilien immo haus garden photo photography photos art music film video games events wedding "
    "fashion jewelry software network hosting domains engineering construction builders plumbing repair tools "
    "supply supplies industries international global business enterprises management marketing finance financial "
    "capital fund money insurance accountants blog news press wiki page link click space fun club vip xyz top".split()
)
_COUNTRIES = frozenset(
    "ac ad ae af ag ai al am ao ar at au az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg "
    "ch ci cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg es et eu fi fj fo fr ga gd ge gg gh gi gl "
    "gm gn gp gr gt gy hk hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kr kw ky kz la "
    "lb lc li lk lr ls lt lu lv ly ma mc md me mg mk ml mm mn mo mq mr ms mt mu mv mw mx my mz na nc ne ng ni nl "
    "no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl "
    "sm sn so sr ss st sv sx sy sz tc td tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi "
    "vn vu wf ws ye yt za zm zw".split()
)
# Mail boxes that anybody can have: their domain says nothing of its owner.
_FREE_MAIL = frozenset(
    (
        "gmail googlemail yahoo hotmail outlook live msn icloud me aol gmx web t-online freenet mail posteo protonmail "
        "proton orange wanadoo free laposte sfr libero alice tiscali virgilio telefonica terra sapo ziggo kpn planet "
        "wp onet interia o2 seznam centrum bluewin email fake example localhost domain company"
    ).split()
)
_TWINS = frozenset({"ni", "ci", "sl", "ml", "corn", "con"})
_ONE_OFF = 5  # letters of a name that one wrong letter leaves recognisable
_SHORTEST = 3  # letters of a name
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "or", "ne"})


def _is_real(host: str) -> bool:
    """Whether a host ends as domains do, and no part of it is empty."""
    end = host.rsplit(".", 1)[-1].lower()
    return (end in _COUNTRIES or end in _GENERIC) and ".." not in host


def emails_in(segment: Segment) -> Iterator[Span]:
    """Every e-mail address of a line whose domain can exist."""
    text = segment.text[:_MAX_READ]
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if _is_real(match.group().rsplit("@", 1)[1]):
                yield segment.span(match.start(), match.end())


def websites_in(segment: Segment) -> Iterator[Span]:
    """Every web site of a line, as printed; without "www." or "https:" only a short, plain domain counts."""
    text = segment.text[:_MAX_READ]
    if "." in text:
        for match in _WEBSITE.finditer(text):
            marked = bool(match["scheme"] or match["www"])
            if _is_real(match["host"]) and (marked or _is_plain_domain(match["host"], text)):
                yield segment.span(match.start(), match.end())


def _is_plain_domain(host: str, text: str) -> bool:
    """Whether a name is a domain without "www": "muster.de" alone or behind its label, but not "z.B.in"."""
    name, _, end = host.rpartition(".")
    words = text.replace("|", " ").split()
    lower = host == host.lower() or host == host.upper()
    return lower and len(name) >= 4 and name.count(".") <= 1 and end.lower() != "local" and len(words) <= 6


def owner_of(address: str) -> str | None:
    """The folded name in a domain: "muster" of "info@muster.co.uk"; None for mail boxes that anybody can have."""
    host = re.sub(r"^.*@|^https?://|/.*$", "", address.lower())
    parts = host.removeprefix("www.").split(".")
    if len(parts) > 2 and parts[-2] in _SECOND_LEVEL:
        parts = parts[:-1]
    name = parts[-2] if len(parts) >= 2 else ""
    return folded(name) if len(name) >= _SHORTEST and name not in _FREE_MAIL else None


def may_be_misread(address: str) -> bool:
    """Whether the end of a domain is one that pixels make of a much commoner one: ".ni" of ".nl"."""
    return address.rsplit(".", 1)[-1].lower() in _TWINS


def _provider(address: str) -> str:
    return address.rsplit("@", 1)[-1].split(".")[0].lower()


def is_free_mail(address: str) -> bool:
    """Whether a mail address is one of a service that anybody can have a box at."""
    return _provider(address) in _FREE_MAIL


def is_nearly_free_mail(address: str) -> bool:
    """Whether a mail address looks like one at a known service, misread: "gmoil.com", "emall.com"."""
    name = _provider(address)
    return name not in _FREE_MAIL and any(
        len(known) == len(name) >= _ONE_OFF and sum(map(str.__ne__, known, name)) == 1 for known in _FREE_MAIL
    )


def owners_in(layout: Layout) -> Iterator[tuple[str, Segment]]:
    """The names in all domains of a document, or in mail boxes that anybody can have, and where they stand."""
    for segment in layout.segments:
        if "@" in segment.text or "." in segment.text:
            for span in (*emails_in(segment), *websites_in(segment)):
                box, at, _ = span.text.partition("@")
                owner = owner_of(span.text) or (folded("".join(filter(str.isalpha, box))) if at else None)
                if owner and len(owner) >= _SHORTEST:
                    yield owner, segment


def agrees(owner: str, key: str) -> bool:
    """Whether the name in a domain is made of a party's name: "stanfordplumbing" of "Stanford Plumbing & Heating"."""
    joined = key.replace(" ", "")
    return any(len(word) >= 4 and word in owner for word in key.split()) or (len(owner) >= 4 and owner in joined)
