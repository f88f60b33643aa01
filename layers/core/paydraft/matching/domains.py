"""Internet domains of companies: what mail addresses and websites tell a party by."""

from collections.abc import Iterable

# At these anybody can have an address or a page: they say nothing of a company.
_PUBLIC = frozenset(
    """
    aol.com bluewin.ch bol.com.br facebook.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com
    hotmail.com hotmail.fr icloud.com instagram.com interia.pl laposte.net libero.it linkedin.com live.com mail.com
    mail.ru me.com msn.com o2.pl onet.pl orange.fr outlook.com outlook.de proton.me protonmail.com sapo.pt seznam.cz
    sfr.fr t-online.de telia.com wanadoo.fr web.de wp.pl xs4all.nl yahoo.com yahoo.de yahoo.fr ziggo.nl
    """.split()
)


def domain_of(text: str) -> str:
    """The domain of a mail address or a website's address, in lower case; "" where there is none."""
    host = text.strip().lower().partition("://")[2] or text.strip().lower()
    host = host.rpartition("@")[2].partition("/")[0].partition("?")[0].partition(":")[0].removeprefix("www.")
    return host.rstrip(".") if "." in host else ""


def telling_domains(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of some mail addresses and websites that belong to one company, each once."""
    found = dict.fromkeys(domain_of(text) for text in texts)
    return tuple(domain for domain in found if domain and domain not in _PUBLIC)
