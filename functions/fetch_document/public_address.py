"""Which network addresses are the public internet's. Pure."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Beyond what `is_global` refuses: relays, translators and other addresses inside which another one travels, and blocks
# that newer registries took out of use. IANA's registries of special-purpose addresses, as of November 2026.
_REFUSED = tuple(
    ip_network(block)
    for block in """
        100.64.0.0/10 192.0.0.0/24 192.88.99.0/24
        ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2002::/16 3fff::/20 5f00::/16
    """.split()
)
_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out


def is_public(address: str) -> bool:
    """Whether a resolver's answer may be connected to: global, unicast, and no wrapping of another address.

    An IPv4 address inside an IPv6 one (::ffff:a.b.c.d) is judged as itself. Those inside 6to4, Teredo and NAT64 are
    refused whatever they are: no public server is reached that way.
    """
    try:
        ip = _unwrapped(ip_address(address))
    except ValueError:
        return False
    if any(ip in block for block in _REFUSED) or (isinstance(ip, IPv6Address) and ip not in _UNICAST):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
