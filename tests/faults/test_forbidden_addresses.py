"""Nobody makes us connect to a network that is not public, however he spells it and whenever he says it.

Every way in which an address can be named, times every address: no connection. Connections are counted where they
arrive: all doors but that of the one public host lead into a trap, a real listener.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

import pytest

from fetch_document.public_address import is_public
from fetch_document.safe_fetch import fetch
from paydraft.model.errors import DocumentUrlUnreachableError
from tests.certificates import serving
from tests.web import PUBLIC, PUBLIC_TOO, Server, Web, moved, serving_web

ADDRESSES = """
    127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.170.2 100.64.0.1
    100.100.100.200 192.0.0.192 192.0.0.9 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255
    ::1 :: fe80::1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 3fff::1 5f00::1 100::1 2001:20::1 2001:2::1
    ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::169.254.169.254 ::127.0.0.1
    64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::a9fe:a9fe 2002:a9fe:a9fe::1 2002:808:808::1
    2001:0:a9fe:a9fe::1 2001:0:808:808:0:0:f5f5:fefe fe80::1%eth0
""".split()
SPELLINGS = """
    127.1 127.0.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 127.0.0.1. ①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 0
    localhost localhost. LOCALHOST [::1] [::ffff:7f00:1] [::] [fe80::1%25eth0] 0251.0376.0251.0376 0xa9fea9fe
""".split()
GOOD = "good.example.com"
EVIL = "evil.example.com"


@dataclass
class Lab:
    """The public host `GOOD`, which redirects as its query says, and a trap behind every other door."""

    server: Server
    trap: Server

    def web(self, **names: list[list[str]]) -> Web:
        known = {name.replace("_", "."): answers for name, answers in names.items()}
        return Web({GOOD: [[PUBLIC]]} | known, {PUBLIC: self.server.port}, self.trap.port)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    def redirect(_: Server, request: str) -> Iterator[bytes]:
        yield moved(unquote(request.split()[1].partition("?")[2]))

    with serving_web(redirect, serving(GOOD)) as server, serving_web() as trap:
        yield Lab(server, trap)


def by_redirect(to: str) -> str:
    return f"https://{GOOD}/?{quote(to, safe='')}"


def in_brackets(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def as_ipv6(address: str) -> str:
    return f"[{address}]" if ":" in address else f"[::ffff:{address}]"


# A way: the address to ask for, and what the resolver says of EVIL, question by question.
type Way = Callable[[str], tuple[str, list[list[str]]]]
OF_ADDRESSES: dict[str, Way] = {
    "direct": lambda it: (f"https://{in_brackets(it)}/a.pdf", []),
    "in an IPv6 literal": lambda it: (f"https://{as_ipv6(it)}/a.pdf", []),
    "after userinfo": lambda it: (f"https://{GOOD}@{in_brackets(it)}/a.pdf", []),
    "as the answer of the resolver": lambda it: (f"https://{EVIL}/a.pdf", [[it]]),
    "as the second answer": lambda it: (f"https://{EVIL}/a.pdf", [[PUBLIC_TOO, it]]),
    "as the first answer": lambda it: (f"https://{EVIL}/a.pdf", [[it, PUBLIC_TOO]]),
    "in a redirect": lambda it: (by_redirect(f"https://{in_brackets(it)}/a.pdf"), []),
    "in a redirect to a name": lambda it: (by_redirect(f"https://{EVIL}/a.pdf"), [[it]]),
}
OF_SPELLINGS: dict[str, Way] = {
    "direct": lambda it: (f"https://{it}/a.pdf", []),
    "over http": lambda it: (f"http://{it}/a.pdf", []),
    "after userinfo": lambda it: (f"https://{GOOD}@{it}/a.pdf", []),
    "behind a backslash": lambda it: (f"https://{it}\\@{GOOD}/a.pdf", []),
    "in a redirect": lambda it: (by_redirect(f"https://{it}/a.pdf"), []),
    "in a redirect without scheme": lambda it: (by_redirect(f"//{it}/a.pdf"), []),
}
CASES = [(way, it, name) for name, way in OF_ADDRESSES.items() for it in ADDRESSES]
CASES += [(way, it, name) for name, way in OF_SPELLINGS.items() for it in SPELLINGS]


def test_no_address_that_is_not_public_is_ever_connected_to(lab: Lab, capsys: pytest.CaptureFixture[str]):
    tried: list[str] = []
    for way, it, name in CASES:
        url, answers = way(it)
        web = lab.web(evil_example_com=answers or [["198.51.100.7"]])
        with pytest.raises(DocumentUrlUnreachableError) as refused:
            fetch(url, network=web.network)
        assert [at for at in web.tried if at != PUBLIC] == [], f"{it} {name}"
        assert it not in str(refused.value)
        tried += web.tried
    redirected = sum("redirect" in name for _, _, name in CASES)
    assert (len(tried), lab.server.accepted) == (redirected, redirected)  # the public host was asked, as it should be
    assert lab.trap.accepted == 0
    with capsys.disabled():
        print(f"\n{len(CASES)} ways to a network that is not public, {lab.trap.accepted} connections")
    assert len(CASES) >= 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_that_is_bound_to_another_address_after_the_check_is_not_asked_for_again(lab: Lab, address: str):
    """The check and the connection are of one answer; a second request of the same name is checked again."""
    web = lab.web(good_example_com=[[PUBLIC], [address]])
    with pytest.raises(DocumentUrlUnreachableError):
        fetch(by_redirect(f"https://{GOOD}/a.pdf"), network=web.network)
    assert (web.asked, web.tried) == ([GOOD, GOOD], [PUBLIC])
    assert lab.trap.accepted == 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_these_addresses_are_not_public(address: str):
    assert not is_public(address)


def test_the_trap_would_notice(lab: Lab):
    """The same resolver, with an address that is public: this is what the cases above are the absence of."""
    with serving_web() as trap:
        web = Web({EVIL: [[PUBLIC_TOO]]}, {}, trap.port)
        with pytest.raises(DocumentUrlUnreachableError):
            fetch(f"https://{EVIL}/a.pdf", network=web.network, seconds=0.3)
        assert (web.tried, trap.accepted) == ([PUBLIC_TOO], 1)


# What Python itself reports, in a process of its own because such a listener can't be taken away again.
_AUDITED = """
import sys
from fetch_document.safe_fetch import fetch
seen = []
sys.addaudithook(lambda event, of: seen.append(event) if event in ("socket.connect", "socket.sendto") else None)
for url in sys.argv[1:]:
    try:
        fetch(url, seconds=2)
    except Exception as refused:
        assert type(refused).__name__ == "DocumentUrlUnreachableError", refused
    else:
        raise SystemExit("an answer")
print(seen)
"""


def test_the_real_network_is_not_touched_for_them():
    urls = [f"https://{spelling}/" for spelling in (*SPELLINGS, *map(in_brackets, ADDRESSES))]
    ended = subprocess.run(
        [sys.executable, "-c", _AUDITED, *urls], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr
