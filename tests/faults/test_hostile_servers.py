"""A server that a stranger chose can't hold us, fill us or fool us: every fetch ends by its deadline and its cap.

All over real sockets, with deadlines of a fraction of a second.
"""

import gzip
import socket
import threading
from datetime import timedelta

import pytest

from fetch_document.connection import Network
from fetch_document.safe_fetch import MAX_REDIRECTS, fetch
from paydraft.model.errors import DocumentTooLargeError, DocumentUrlFailedError, DocumentUrlUnreachableError
from tests.builders import A_PDF
from tests.certificates import serving, trusting
from tests.web import OK, PUBLIC, PUBLIC_TOO, PUBLIC_V6, Web, document, moved, saying, serving_web

HOST = "files.example.com"
SECONDS = 0.4
LIMIT = 200_000  # bytes
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def fetched(script, path="/", *, tls=False, seconds=SECONDS, limit=LIMIT):
    """What comes of asking such a server, and the server."""
    with serving_web(script, serving(HOST) if tls else None) as server:
        if tls:
            web = Web({HOST: [[PUBLIC]]}, {PUBLIC: server.port})
            return fetch(f"https://{HOST}{path}", network=web.network, seconds=seconds, limit=limit), server
        url = f"http://{server.place}{path}"
        return fetch(url, test_hosts=frozenset({server.place}), seconds=seconds, limit=limit), server


def dripping(piece, *, first=b""):
    """First this, then a piece every now and then, for ever."""

    def script(server, _request):
        yield first
        while not server.closing.wait(0.02):
            yield piece

    return script


def endless(piece, *, first):
    """First this, then pieces as fast as they are taken."""

    def script(server, _request):
        yield first
        while not server.closing.is_set():
            yield piece

    return script


def silent(server, _request):
    server.closing.wait()
    yield b""


# ── servers that hold on ──────────────────────────────────────────────────────────────────────────────────────────────

HOLDING = {
    "says nothing": silent,
    "drips its status": dripping(b"H"),
    "drips one header": dripping(b"x", first=OK + b"X-Long: "),
    "drips headers": dripping(b"X: y\r\n", first=OK),
    "drips 100 Continue": dripping(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips the document": dripping(b"x", first=OK + b"\r\n"),
    "drips a document of known length": dripping(b"x", first=OK + b"Content-Length: 100000\r\n\r\n"),
    "drips chunks": dripping(b"1\r\nx\r\n", first=CHUNKED),
    "drips one chunk": dripping(b"x", first=CHUNKED + b"ffff\r\n"),
    "drips the size of a chunk": dripping(b"0", first=CHUNKED),
    "drips trailers": dripping(b"X: y\r\n", first=CHUNKED + b"0\r\n"),
    "promises more than it sends": saying(OK + b"Content-Length: 1000\r\n\r\n", A_PDF),
}


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("script", HOLDING.values(), ids=HOLDING)
def test_a_server_that_holds_on_is_left_at_the_deadline(script, tls):
    with pytest.raises(DocumentUrlUnreachableError):
        fetched(script, tls=tls)


def test_a_handshake_that_never_ends_is_left_at_the_deadline():
    with serving_web() as server:
        web = Web({HOST: [[PUBLIC]]}, {PUBLIC: server.port})
        with pytest.raises(DocumentUrlUnreachableError):
            fetch(f"https://{HOST}/", network=web.network, seconds=SECONDS)
        assert server.accepted == 1


def test_a_resolver_that_never_answers_is_left_at_the_deadline(monkeypatch):
    released = threading.Event()

    def slow(*_, **__):
        released.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(DocumentUrlUnreachableError):
        fetch(f"https://{HOST}/", seconds=SECONDS)
    released.set()


def test_redirects_share_one_deadline():
    def script(server, _request):
        server.closing.wait(0.25)
        yield moved("/again")

    with pytest.raises(DocumentUrlUnreachableError):
        fetched(script)


# ── servers that send too much ────────────────────────────────────────────────────────────────────────────────────────

A_BLOCK = b"x" * 10_000
TOO_MUCH = {
    "without an end": endless(A_BLOCK, first=OK + b"\r\n"),
    "in chunks without an end": endless(b"2710\r\n" + A_BLOCK + b"\r\n", first=CHUNKED),
    "in one endless chunk": endless(A_BLOCK, first=CHUNKED + b"ffffffffffff\r\n"),
    "in a chunk of a negative size": endless(A_BLOCK, first=CHUNKED + b"-1\r\n"),  # http.client reads to the end then
    "hidden between chunks": endless(b"1;" + b"x" * 60_000 + b"\r\nx\r\n", first=CHUNKED),
    "in trailers": endless(b"X: " + A_BLOCK + b"\r\n", first=CHUNKED + b"0\r\n"),
    "by one byte that nobody announced": saying(OK + b"\r\n" + b"x" * (LIMIT + 1)),
    "by one byte in a chunk": saying(CHUNKED + f"{LIMIT + 1:x}\r\n".encode() + b"x" * (LIMIT + 1) + b"\r\n0\r\n\r\n"),
    "by one byte": document(b"x" * (LIMIT + 1)),
    "as it says itself": endless(b"", first=OK + f"Content-Length: {LIMIT + 1}\r\n\r\n".encode()),
    "by far, as it says": endless(A_BLOCK, first=OK + b"Content-Length: 99999999999999999999\r\n\r\n"),
}


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("script", TOO_MUCH.values(), ids=TOO_MUCH)
def test_no_more_is_taken_than_a_document_may_have(script, tls):
    with pytest.raises(DocumentTooLargeError):
        fetched(script, tls=tls, seconds=10)


@pytest.mark.parametrize("framed", [document, lambda data: saying(OK + b"\r\n" + data)], ids=["length", "to the end"])
def test_a_document_of_exactly_the_limit_is_taken(framed):
    data = b"x" * LIMIT
    assert fetched(framed(data), seconds=10)[0] == data


def test_headers_without_an_end_are_not_a_document():
    with pytest.raises(DocumentUrlUnreachableError):
        fetched(endless(b"X: y\r\n" * 1000, first=OK), seconds=10)


@pytest.mark.parametrize(
    "encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "gzip\r\nContent-Encoding: identity"]
)
def test_a_packed_answer_is_refused_before_it_is_read(encoding):
    """Ten megabytes of nothing in ten kilobytes."""
    bomb = gzip.compress(bytes(10_000_000))
    script = saying(OK + f"Content-Encoding: {encoding}\r\nContent-Length: {len(bomb)}\r\n\r\n".encode(), bomb)
    with pytest.raises(DocumentUrlFailedError):
        fetched(script, seconds=10)


def test_a_packed_answer_is_refused_when_the_transfer_is_said_to_be_packed():
    with pytest.raises(DocumentUrlFailedError):
        fetched(saying(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n"), seconds=10)


def test_identity_is_no_packing():
    script = saying(OK + b"Content-Encoding: Identity\r\n\r\n", A_PDF)
    assert fetched(script, seconds=10)[0] == A_PDF


# ── servers that break off or speak nonsense ──────────────────────────────────────────────────────────────────────────

NONSENSE = {
    "hangs up": saying(),
    "another protocol": saying(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "a status of letters": saying(b"HTTP/1.1 OK\r\n\r\n"),
    "HTTP/2": saying(b"HTTP/2 200\r\n\r\n"),
    "zeros": saying(bytes(100)),
    "a cut document": saying(OK + b"Content-Length: 1000\r\n\r\n" + A_PDF),
    "a cut chunk": saying(CHUNKED + b"ff\r\n" + A_PDF),
    "cut between chunks": saying(CHUNKED + b"3\r\nabc\r\n"),
    "a chunk of no size": saying(CHUNKED + b"zz\r\n" + A_PDF),
    "a line without an end": saying(b"HTTP/1.1 200 " + b"x" * 100_000),
}


@pytest.mark.parametrize("script", NONSENSE.values(), ids=NONSENSE)
def test_a_server_that_breaks_off_or_speaks_nonsense_gives_no_document(script):
    with pytest.raises(DocumentUrlUnreachableError):
        fetched(script, seconds=10)


def test_a_document_that_is_cut_where_only_tls_can_tell_is_refused():
    """Without a length the end of the connection is the end of the document: it must be a proper end."""

    def script(_server, _request):
        yield OK + b"\r\n" + A_PDF
        raise ConnectionResetError  # closes without TLS's farewell

    with pytest.raises(DocumentUrlUnreachableError):
        fetched(script, tls=True, seconds=10)


@pytest.mark.parametrize(
    "status",
    [
        "404 Not Found",
        "403 Forbidden",
        "401 Unauthorized",
        "500 Oops",
        "503 Later",
        "204 No Content",
        "206 Partial Content",
        "300 Choose",
        "304 Not Modified",
        "999 What",
    ],
)
def test_any_status_but_200_is_a_failure_of_that_server(status):
    with pytest.raises(DocumentUrlFailedError):
        fetched(saying(f"HTTP/1.1 {status}\r\nContent-Length: 3\r\n\r\nabc".encode()), seconds=10)


# ── redirects ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def hops(count):
    """That many redirects, then the document."""

    def script(_server, request):
        number = int(request.split()[1].rpartition("/")[2] or 0)
        yield from [moved(f"/{number + 1}")] if number < count else document(A_PDF)(_server, request)

    return script


def test_as_many_redirects_as_real_links_need_are_followed():
    data, server = fetched(hops(MAX_REDIRECTS), seconds=10)
    assert (data, len(server.requests)) == (A_PDF, MAX_REDIRECTS + 1)
    assert MAX_REDIRECTS == 3


def test_a_loop_of_redirects_is_left():
    with serving_web(saying(moved("/"))) as server:
        with pytest.raises(DocumentUrlFailedError):
            fetch(f"http://{server.place}/", test_hosts=frozenset({server.place}), seconds=10)
        assert len(server.requests) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_every_kind_of_redirect_is_followed_with_a_get(status):
    def script(server, request):
        yield from document(A_PDF)(server, request) if " /there " in request else iter([moved("/there", status)])

    data, server = fetched(script, "/here", seconds=10)
    assert data == A_PDF
    assert [request.split()[0] for request in server.requests] == ["GET", "GET"]


def test_a_redirect_from_one_public_host_to_another_is_followed():
    other = "cdn.example.org"
    with (
        serving_web(saying(moved(f"https://{other}/a.pdf")), serving(HOST)) as first,
        serving_web(document(A_PDF), serving(other)) as second,
    ):
        web = Web({HOST: [[PUBLIC]], other: [[PUBLIC_TOO]]}, {PUBLIC: first.port, PUBLIC_TOO: second.port})
        assert fetch(f"https://{HOST}/", network=web.network) == A_PDF
    assert (web.asked, web.tried) == ([HOST, other], [PUBLIC, PUBLIC_TOO])


@pytest.mark.parametrize("location", [b"", b"Location: \xff\xfe\r\n"], ids=["none", "no text"])
def test_a_redirect_to_nowhere_is_a_failure_of_that_server(location):
    with pytest.raises(DocumentUrlFailedError):
        fetched(saying(b"HTTP/1.1 302 Found\r\n" + location + b"\r\n"), seconds=10)


def test_a_redirect_that_names_its_path_in_letters_beyond_ascii_is_followed():
    def script(server, request):
        yield from document(A_PDF)(server, request) if "/M%C3%A4rz " in request else iter([moved("/März")])

    assert fetched(script, seconds=10)[0] == A_PDF


# ── who is asked, and what he is told ─────────────────────────────────────────────────────────────────────────────────


def test_a_server_is_told_nothing_but_what_is_asked_for():
    def script(server, request):
        cookie = moved("/second").replace(b"\r\nLocation", b"\r\nSet-Cookie: a=b\r\nLocation")
        yield from document(A_PDF)(server, request) if "/second " in request else iter([cookie])

    _, server = fetched(script, "/first?signature=s", seconds=10)
    told = "\r\n".join(
        [
            "GET {} HTTP/1.1",
            f"Host: {server.place}",
            "User-Agent: paydraft",
            "Accept: */*",
            "Accept-Encoding: identity",
            "Connection: close",
            "\r\n",
        ]
    )
    assert server.requests == [told.format("/first?signature=s"), told.format("/second")]


def test_proxies_and_password_files_of_the_environment_are_ignored(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("default login user password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving_web() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.place}")
        data, server = fetched(document(A_PDF), tls=True, seconds=10)
        assert (data, proxy.accepted) == (A_PDF, 0)
    assert "uthorization" not in server.requests[0]


def test_the_certificate_must_be_of_the_host_and_of_an_authority_and_valid():
    def ask(context, authorities=trusting):
        with serving_web(document(A_PDF), context) as server:
            web = Web({HOST: [[PUBLIC]]}, {PUBLIC: server.port})
            network = Network(web.look_up, web.connect, authorities)
            try:
                return fetch(f"https://{HOST}/secret", network=network), server
            except DocumentUrlUnreachableError as refused:
                return str(refused), server

    assert ask(serving(HOST))[0] == A_PDF
    assert ask(serving("*.example.com"))[0] == A_PDF
    default = Network().authorities
    for context, authorities in (
        (serving(HOST, self_signed=True), trusting),
        (serving("other.example.com"), trusting),
        (serving(HOST, lasts=-timedelta(days=1)), trusting),
        (serving(HOST), default),  # of an authority that only tests know
        (serving(HOST, self_signed=True), default),
    ):
        said, server = ask(context, authorities)
        assert said == "SSLCertVerificationError"
        assert server.requests == []


def test_the_server_is_named_in_the_handshake():
    context, named = serving(HOST, "named.example.com"), []
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    fetched(document(A_PDF), tls=True, seconds=10)
    assert named == []  # that was another context: each list of hosts has one of its own
    with serving_web(document(A_PDF), context) as server:
        web = Web({HOST: [[PUBLIC]]}, {PUBLIC: server.port})
        fetch(f"https://{HOST}/", network=web.network)
    assert named == [HOST]


def test_a_host_is_tried_at_each_of_its_addresses():
    with serving_web(document(A_PDF), serving(HOST)) as server:
        web = Web({HOST: [[PUBLIC_V6, PUBLIC_TOO, PUBLIC]]}, {PUBLIC_V6: None, PUBLIC_TOO: None, PUBLIC: server.port})
        assert fetch(f"https://{HOST}/", network=web.network) == A_PDF
    assert web.tried == [PUBLIC_V6, PUBLIC_TOO, PUBLIC]


@pytest.mark.parametrize("answers", [[], [PUBLIC], [PUBLIC, PUBLIC_TOO]])
def test_a_host_that_nobody_is_at_is_unreachable(answers):
    web = Web({HOST: [answers]}, {PUBLIC: None, PUBLIC_TOO: None})
    with pytest.raises(DocumentUrlUnreachableError):
        fetch(f"https://{HOST}/", network=web.network)


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DocumentUrlUnreachableError):
        fetch(f"https://{HOST}/")


def test_a_test_host_is_reached_by_the_systems_resolver():
    with serving_web(document(A_PDF)) as server:
        place = f"localhost:{server.port}"
        assert fetch(f"http://{place}/a", test_hosts=frozenset({place})) == A_PDF


def test_all_that_is_unreachable_reads_the_same():
    """Blocked, unknown, refused, silent, badly certified: nobody learns about a network from our words."""
    texts = set()
    with serving_web() as quiet:
        places = {
            "https://10.0.0.1/": Web(),
            "https://blocked.example.com/": Web({"blocked.example.com": [["10.0.0.1"]]}),
            "https://refused.example.com/": Web({"refused.example.com": [[PUBLIC]]}, {PUBLIC: None}),
            "https://silent.example.com/": Web({"silent.example.com": [[PUBLIC]]}, {PUBLIC: quiet.port}),
        }
        for url, web in places.items():
            with pytest.raises(DocumentUrlUnreachableError) as refused:
                fetch(url, network=web.network, seconds=0.3)
            texts.add((refused.value.failure.code, refused.value.failure.text))
    assert len(texts) == 1
