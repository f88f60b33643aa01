"""Where a document lies, taken apart and judged before the network is asked for anything. Pure.

Nothing is mended: two readers of a dubious address may see two hosts in it, and one of them has checked the other's.
What is refused is named by a word for the log that quotes nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urljoin

from paydraft.model.errors import DocumentUrlUnreachableError

MAX_CHARACTERS = 8192  # addresses that are signed for a time are long
MAX_HOST = 253  # RFC 1035
_HTTPS_PORT = 443
_PORTS = {"https": _HTTPS_PORT, "http": 80}

# No "@": whoever stands before it is not the host. No "[", no "%", no "\": readers differ about what follows.
_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#:@\[\]\\%\s]+)(?::(?P<port>[0-9]{1,5}))?(?P<target>[/?][^#]*)?(?:#.*)?",
    re.IGNORECASE,
)
# A name of the public DNS. Its last label has letters only (or is an encoded one), so that it is no number in any
# spelling of an address: 127.1, 0x7f.1, 2130706433 and 0177.0.0.1 are all addresses to a resolver.
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])")
_TWO_NAMES = frozenset("ßẞς\u200c\u200d")  # IDNA 2003 and 2008 make two different hosts of these
_AS_THEY_ARE = "!#$%&'()*+,/:;=?@[]~"  # of a path and query that is already encoded


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """An address that may be asked. It has no repr: parts of it may be secret."""

    scheme: str
    host: str  # as it is resolved, sent and compared with the certificate: ASCII, lower case
    port: int
    target: str  # path and query, encoded
    is_test_host: bool = False  # named in FetchTestHosts: of any scheme, port and network

    @classmethod
    def parse(cls, text: str, test_hosts: Collection[str] = ()) -> Self:
        """The link of an address; raises DocumentUrlUnreachableError for one that is not to be asked.

        `test_hosts` are exact pairs `host:port`.
        """
        found = _LINK.fullmatch(text) if len(text) <= MAX_CHARACTERS and text.isprintable() else None
        if found is None:
            raise DocumentUrlUnreachableError("no plain web address")
        scheme = found["scheme"].lower()
        port = int(found["port"] or _PORTS[scheme])
        target = _encoded(found["target"] or "/")
        if f"{found['host'].lower()}:{port}" in test_hosts:
            return cls(scheme, found["host"].lower(), port, target, is_test_host=True)
        if (scheme, port) != ("https", _HTTPS_PORT):
            raise DocumentUrlUnreachableError("not https on its own port")
        return cls(scheme, _public_name(found["host"]), port, target)

    def follow(self, location: str, test_hosts: Collection[str] = ()) -> Self:
        """Where a redirect leads, relative or not, by the same rules; raises DocumentUrlUnreachableError."""
        try:
            onward = urljoin(f"{self.scheme}://{self.authority}{self.target}", location)
        except ValueError:
            raise DocumentUrlUnreachableError("no plain web address in a redirect") from None
        return self.parse(onward, test_hosts)

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def _public_name(host: str) -> str:
    if len(host) > MAX_HOST or not _TWO_NAMES.isdisjoint(host):
        raise DocumentUrlUnreachableError("no host name")
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise DocumentUrlUnreachableError("no host name") from None
    if len(name) > MAX_HOST or not _NAME.fullmatch(name):
        raise DocumentUrlUnreachableError("no public host name")
    return name


def _encoded(target: str) -> str:
    """Blanks and letters beyond ASCII as browsers send them."""
    return quote(target if target.startswith("/") else f"/{target}", safe=_AS_THEY_ARE)
