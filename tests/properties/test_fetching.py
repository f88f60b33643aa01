"""Whatever stands in an address: it is refused, or every reader of it sees the same public host."""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetch_document.link import Link
from fetch_document.public_address import is_public
from paydraft.model.errors import DocumentUrlUnreachableError

PIECES = r"""
    https:// http:// HTTPS:// https: // / \ @ : # ? & % [ ] .. . - _ 443 80 8080 0 127.0.0.1 0x7f 2130706433 ::1
    localhost example example.com EVIL.example xn--a user pass %40 %2f %00 ä ß ①②⑦ 。 ／ ＠ ： ℀
""".split()
PIECES += [" ", "\t", "\n", "\r", "\x00", "\u200d", "\ud800", "\xa0"]
pieces = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
texts = st.one_of(
    st.text(max_size=60),
    pieces,
    pieces.map(lambda text: f"https://{text}"),
    pieces.map(lambda text: f"https://example.com{text}"),
    pieces.map(lambda text: f"https://{text}.example.com/{text}"),
)


@given(texts)
def test_an_address_is_refused_or_names_a_public_host_that_every_reader_sees(text):
    try:
        link = Link.parse(text)
    except DocumentUrlUnreachableError:
        return
    seen = urlsplit(text)
    assert (link.scheme, link.port) == ("https", 443)
    assert seen.username is seen.password is None
    assert seen.port in (None, 443)
    assert (seen.hostname or "").encode("idna").decode().rstrip(".").lower() == link.host
    with pytest.raises(OSError):
        socket.inet_aton(link.host)
    assert "." in link.host
    assert (link.host + link.target).isascii()
    assert (link.host + link.target).isprintable()
    assert " " not in link.target


@given(texts, texts)
def test_a_redirect_is_refused_or_leads_to_a_public_host(first, then):
    with suppress(DocumentUrlUnreachableError):
        onward = Link.parse("https://example.com/" + first).follow(then)
        assert (onward.scheme, onward.port, onward.is_test_host) == ("https", 443, False)


BLOCKS = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3"
PRIVATE = [ip_network(block) for block in BLOCKS.split()]
private = st.sampled_from(PRIVATE).flatmap(
    lambda block: st.integers(int(block.network_address), int(block.broadcast_address)).map(IPv4Address)
)


@given(private, st.integers(0, 2**64 - 1))
def test_a_private_address_is_not_public_in_any_wrapping(address, rest):
    four, low = int(address), rest & 0xFFFFFFFF
    wrapped = {
        "plain": address,
        "mapped": IPv6Address((0xFFFF << 32) + four),
        "compatible": IPv6Address(four),
        "6to4": IPv6Address((0x2002 << 112) + (four << 80) + rest),
        "teredo server": IPv6Address((0x20010000 << 96) + (four << 64) + rest),
        "teredo client": IPv6Address((0x20010000 << 96) + (low << 64) + (four ^ 0xFFFFFFFF)),
        "NAT64": IPv6Address((0x64FF9B << 96) + four),
        "local NAT64": IPv6Address((0x64FF9B0001 << 80) + (low << 32) + four),
    }
    assert [name for name, one in wrapped.items() if is_public(str(one))] == []


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_only_what_is_given_out_as_unicast_is_public(address):
    if is_public(str(address)):
        assert address in ip_network("2000::/3") or address.ipv4_mapped
        assert not address.is_multicast
