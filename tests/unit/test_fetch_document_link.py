"""Which addresses may be asked at all, told from their text; and which answers of a resolver may be connected to."""

import pytest

from fetch_document.link import MAX_CHARACTERS, Link
from fetch_document.public_address import is_public
from paydraft.model.errors import DocumentUrlUnreachableError

HOSTS = {"127.0.0.1:9000", "devbox:80", "devbox:443", "devbox:8443"}


def parsed(text, hosts=HOSTS):
    link = Link.parse(text, hosts)
    return link.scheme, link.host, link.port, link.target


@pytest.mark.parametrize(
    ("text", "host", "target"),
    [
        ("https://storage.example.com/invoices/1.pdf", "storage.example.com", "/invoices/1.pdf"),
        ("HTTPS://Storage.Example.COM", "storage.example.com", "/"),
        ("https://example.com:443/a", "example.com", "/a"),
        ("https://example.com./a", "example.com", "/a"),
        ("https://example.com?id=7&sig=a%2Bb/c=", "example.com", "/?id=7&sig=a%2Bb/c="),
        ("https://example.com/a#page=2", "example.com", "/a"),
        ("https://example.com/Rechnung März 7.pdf", "example.com", "/Rechnung%20M%C3%A4rz%207.pdf"),
        ("https://example.com/a\\b|c", "example.com", "/a%5Cb%7Cc"),
        ("https://example.com/a@b:c", "example.com", "/a@b:c"),
        ("https://müller.example/a", "xn--mller-kva.example", "/a"),
        ("https://例え.テスト/a", "xn--r8jz45g.xn--zckzah", "/a"),
        ("https://my_bucket.s3.amazonaws.com/a", "my_bucket.s3.amazonaws.com", "/a"),
        ("https://10.0.0.1.nip.io/a", "10.0.0.1.nip.io", "/a"),  # a name; what it resolves to is another question
    ],
)
def test_a_public_https_address_is_taken_apart(text, host, target):
    assert parsed(text) == ("https", host, 443, target)


REFUSED = {
    "other schemes": "http://example.com/a ftp://example.com/a file:///etc/passwd gopher://example.com/ data:,x",
    "no address": "example.com/a //example.com/a https:/example.com/a https:///a https:// https://? https",
    "other ports": "https://example.com:80/ https://example.com:8443/ https://example.com:0/ https://example.com:99999/"
    " https://example.com:/ https://example.com:443x/ https://example.com:+443/",
    "somebody before the host": "https://user@example.com/ https://user:pass@example.com/ https://@example.com/"
    " https://example.com@10.0.0.1/ https://example.com%40evil.example/",
    "an IPv4 address in some spelling": "https://10.0.0.1/ https://127.1/ https://0x7f.1/ https://2130706433/"
    " https://0177.0.0.1/ https://127.0.0.0x1/ https://①②⑦.⓪.⓪.①/ https://127。0。0。1/ https://1.2.3.4./ https://0/"
    " https://8.8.8.8/ https://0x8.0x8.0x8.0x8/ https://134744072/",
    "an IPv6 address": "https://[::1]/ https://[::ffff:127.0.0.1]/ https://[fe80::1%25eth0]/ https://[2606:4700::1111]/"
    " https://::1/",
    "a name of no public zone": "https://localhost/ https://localhost./ https://metadata/ https://example.c/"
    " https://example.123/ https://example.0x1/",
    "no name": "https://.example.com/ https://example..com/ https://-a.example.com/ https://a-.example.com/"
    " https://exa%6dple.com/ https://example.com%2f.evil.example/ https://exa*mple.com/ https://example.com../",
    "readers differ": r"https://example.com\@evil.example/ https:\\example.com\a https://example.com\.evil.example/"
    " https://evil.example℀example.com/ https://faß.example/ https://FAẞ.example/",
}
REASONS = {"no plain web address", "not https on its own port", "no host name", "no public host name"}


@pytest.mark.parametrize(
    "text", [text for texts in REFUSED.values() for text in texts.split(" ") if text], ids=lambda text: ascii(text)
)
def test_any_other_address_is_refused_without_being_quoted(text):
    with pytest.raises(DocumentUrlUnreachableError) as refused:
        parsed(text)
    assert str(refused.value) in REASONS


@pytest.mark.parametrize(
    "text",
    [
        "\thttps://a.example/",
        "https://a.example/\r\nX: y",
        "https://a.exa\nmple/",
        " https://a.example/",
        "https://a.example/\x7f",
        "https://a.example/\ud800",
        "https://a\u200d.example/",
        "https://a .example/",
    ],
)
def test_blanks_and_control_characters_are_refused_where_readers_drop_them(text):
    with pytest.raises(DocumentUrlUnreachableError):
        parsed(text)


def test_lengths_are_bounded():
    stem = "https://example.com/"
    assert parsed(stem + "a" * (MAX_CHARACTERS - len(stem)))
    label = "a" * 63
    assert parsed(f"https://{label}.{label}.{label}.{'b' * 57}.com/")[1]
    for text in (
        stem + "a" * (MAX_CHARACTERS - len(stem) + 1),
        f"https://{'a' * 64}.com/",
        f"https://{label}.{label}.{label}.{'b' * 58}.com/",
        f"https://{'ä' * 60}.{'ä' * 60}.{'ä' * 60}.{'ä' * 60}.example/",  # 253 only once it is encoded
    ):
        with pytest.raises(DocumentUrlUnreachableError):
            parsed(text)


def test_a_test_host_is_free_of_scheme_port_and_network_and_only_the_exact_pair_is():
    assert parsed("http://127.0.0.1:9000/a") == ("http", "127.0.0.1", 9000, "/a")
    assert parsed("http://DevBox/a") == ("http", "devbox", 80, "/a")
    assert parsed("https://devbox:8443/a") == ("https", "devbox", 8443, "/a")
    assert Link.parse("http://devbox/a", HOSTS).is_test_host
    assert not Link.parse("https://example.com/a", HOSTS).is_test_host
    for text in (
        "http://127.0.0.1:9001/",
        "http://127.0.0.1/",
        "http://localhost:9000/",
        "http://127.1:9000/",
        "http://user@127.0.0.1:9000/",
        "http://devbox:8080/",
        "http://devbox.example/",
        "ftp://devbox:80/",
    ):
        with pytest.raises(DocumentUrlUnreachableError):
            parsed(text)


def test_without_test_hosts_there_are_none():
    with pytest.raises(DocumentUrlUnreachableError):
        parsed("http://127.0.0.1:9000/a", ())


@pytest.mark.parametrize(
    ("location", "onward"),
    [
        ("/b?c", "https://example.com/b?c"),
        ("b", "https://example.com/x/b"),
        ("?c", "https://example.com/x/y?c"),
        ("//other.example/b", "https://other.example/b"),
        ("https://other.example/b", "https://other.example/b"),
        ("", "https://example.com/x/y"),
    ],
)
def test_a_redirect_is_followed_from_where_it_was_met(location, onward):
    assert Link.parse("https://example.com/x/y").follow(location) == Link.parse(onward)


@pytest.mark.parametrize(
    "location",
    [
        "http://example.com/",
        "//10.0.0.1/",
        "https://[::1/",
        "https://[::1]/",
        "file:///etc/passwd",
        "https://a@b.example/",
        "//localhost/",
        "https://example.com:8443/",
        "javascript:1",
        "\\\\evil.example\\a\x00",
    ],
)
def test_a_redirect_is_judged_like_the_first_address(location):
    with pytest.raises(DocumentUrlUnreachableError):
        Link.parse("https://example.com/x/y").follow(location)


def test_a_link_tells_nothing_of_itself_when_printed():
    assert "secret" not in repr(Link.parse("https://secret.example/secret?secret"))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::200e"]
)
def test_addresses_of_the_public_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "10.0.0", "2606:4700::1111::", "1.2.3.4 "])
def test_what_is_no_address_is_not_public(address):
    assert not is_public(address)
